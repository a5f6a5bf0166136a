//! `app_spec!`, and applications through the prelude.

use otp::prelude::*;

struct Bank;

impl Application for Bank {
    fn spec(&self) -> AppSpec {
        otp::app_spec!()
    }

    async fn start(&self, _: &StartContext) -> otp::Result<SupervisorRef> {
        Ok(Supervisor::one_for_one().start_link().await?)
    }
}

/// APP-INFO-02: the macro is expanded in the crate whose application it is.
#[otp::test]
async fn an_application_is_called_as_its_crate() {
    Applications::start(Bank, StartMode::Temporary).await.unwrap();
    let running = &Applications::running()[0];
    assert_eq!(running.name, "otp");
    assert_eq!(running.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(running.description, env!("CARGO_PKG_DESCRIPTION"));
}
