//! A supervised tree that is configured by a file and the environment.
//!
//! Every value has a default or must be given in `config.toml`, in the file that `OTP_CONFIG`
//! names, or in the environment. All that is wrong is printed at once.

use std::path::PathBuf;
use std::time::Duration;

use otp::prelude::*;

/// What can be configured, in the table `[shop]`.
#[derive(Clone, Config)]
#[config(app = "shop", deny_unknown)]
struct ShopConfig {
    #[config(env = "SHOP_DATA", default = "data")]
    data: PathBuf,
    #[config(env = "SHOP_PORT", default = 4000)]
    port: u16,
    #[config(default = 5s)]
    timeout: Duration,
    #[config(env = "SHOP_KEY", secret)]
    key: String,
    #[config(env = "SHOP_HOSTS", default)]
    hosts: Vec<String>,
}

/// Where the shop listens.
struct Endpoint {
    config: ShopConfig,
}

#[gen_server(name)]
impl Endpoint {
    #[init]
    fn init(config: ShopConfig) -> Self {
        Endpoint { config }
    }

    /// What somebody may know of the configuration.
    #[handle_call]
    fn describe(&self) -> String {
        let ShopConfig { data, port, timeout, key, hosts } = &self.config;
        let (data, length) = (data.display(), key.len());
        format!("port {port}, data {data}, timeout {timeout:?}, hosts {hosts:?}, key of {length}")
    }
}

supervisor! {
    /// Everything that runs.
    AppSup(config: ShopConfig) {
        strategy: one_for_one,
        children: [Endpoint(config)],
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    AppSup::start_link(ShopConfig::load()?).await?;
    println!("{}", Endpoint::client().describe().await?);
    Ok(())
}
