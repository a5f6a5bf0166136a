//! The application: its tree, and how it starts.

use otp::http::HttpServer;
use otp::prelude::*;

use crate::account::{AccountOptions, AccountSups, Accounts};
use crate::config::BankConfig;
use crate::http;
use crate::ledger::Ledger;
use crate::metrics::{Figures, Upkeep};
use crate::store::StoreOptions;
use crate::teller::Teller;

supervisor! {
    /// Everything that runs, in start order; it stops in reverse: first no more requests, last the
    /// ledger.
    pub BankSup(config: BankConfig, figures: Figures) {
        strategy: one_for_one,
        children: [
            Upkeep(figures.clone()),
            // Accounts know what the ledger has told them, so they go when it goes. Requests that
            // come meanwhile are told to come again, so the listener stays.
            supervisor Money {
                strategy: rest_for_one,
                max_restarts: 10,
                max_seconds: 60,
                backoff: 50ms..5s,
                children: [Ledger(config.books()), Accounts, AccountSups],
            },
            HttpServer(server(&config, figures)),
        ],
    }
}

/// The bank as an application.
#[derive(Clone, Copy, Debug)]
pub struct Bank;

impl Application for Bank {
    fn spec(&self) -> AppSpec {
        otp::app_spec!()
    }

    async fn start(&self, _: &StartContext) -> otp::Result<SupervisorRef> {
        let config = BankConfig::load()?;
        Ok(BankSup::start_link(config, Figures::install()?).await?)
    }
}

impl BankConfig {
    fn books(&self) -> StoreOptions {
        StoreOptions { path: self.database.clone(), sync: self.sync }
    }
}

fn server(config: &BankConfig, figures: Figures) -> HttpServer {
    let teller = Teller::new(AccountOptions { idle: config.idle, underway: config.underway });
    HttpServer::bind(format!("127.0.0.1:{}", config.port))
        .router(move || http::router(teller, figures.clone()))
        .drain(config.drain)
}
