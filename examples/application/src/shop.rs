//! The shop: an application that needs the ledger, with a supervisor inside a supervisor.

use otp::prelude::*;

use crate::fault::Fault;
use crate::ledger::Ledger;

/// What is for sale.
pub(crate) struct Catalog;

#[gen_server(name)]
impl Catalog {
    #[init]
    fn init() -> Self {
        Catalog
    }
}

/// Where customers come in.
pub(crate) struct Endpoint;

/// It crashes.
struct Crash;

#[gen_server(name)]
impl Endpoint {
    #[init]
    async fn init(fault: Fault) -> Result<Init<Self>, String> {
        match fault {
            Fault::InitError => Err("port 80 is in use".to_owned()),
            Fault::InitPanic => panic!("no such interface"),
            Fault::InitHang => {
                println!("hanging");
                std::future::pending().await
            }
            Fault::Storm => Ok(Init::ok(Endpoint).continue_with(Crash)),
            _ => Ok(Init::ok(Endpoint)),
        }
    }

    #[handle_continue]
    fn crash(&mut self, _: Crash) {
        panic!("the endpoint broke");
    }
}

supervisor! {
    /// Everything that the shop runs, in start order.
    ShopSup(fault: Fault) {
        strategy: rest_for_one,
        children: [
            Catalog,
            supervisor Web {
                strategy: one_for_all,
                max_restarts: 500,
                children: [Endpoint(fault)],
            },
        ],
    }
}

/// The application that the program is.
pub(crate) struct Shop;

impl Application for Shop {
    fn spec(&self) -> AppSpec {
        otp::app_spec!().depends_on(Ledger)
    }

    async fn start(&self, _: &StartContext) -> otp::Result<SupervisorRef> {
        let fault = Fault::chosen();
        if fault == Fault::NameClash {
            Endpoint::start(Fault::None).await?;
        }
        Ok(ShopSup::start_link(fault).await?)
    }

    async fn stop(&self) {
        println!("shop stopping");
        match Fault::chosen() {
            Fault::SlowStop => process::sleep(std::time::Duration::from_millis(300)).await,
            Fault::HangingStop => std::future::pending().await,
            _ => {}
        }
    }
}
