//! The configuration of an application, next to its tree.

#![deny(warnings)]

use std::path::PathBuf;

use otp::prelude::*;

#[derive(Config, Clone)]
pub struct AppConfig {
    #[config(env = "UI_APP_DATA", default = "data")]
    pub data: PathBuf,
    #[config(env = "UI_APP_PORT", default = 4000)]
    pub port: u16,
    #[config(default = false)]
    pub metrics: bool,
}

fn main() -> Result<(), otp::ConfigError> {
    let config = AppConfig::load_from(&otp::Sources::new())?;
    assert_eq!((config.data, config.port, config.metrics), ("data".into(), 4000, false));
    Ok(())
}
