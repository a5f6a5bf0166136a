//! Two applications, one of which needs the other: a ledger, and a shop with a tree inside a tree.
//!
//! It runs until it is asked to stop, with Ctrl-C or SIGTERM. `SHOP_CLIENTS=100` lets that many
//! clients make deposits all the time; `SHOP_FAULT` makes something go wrong.

use otp::prelude::*;

mod fault;
mod ledger;
mod load;
mod shop;

use shop::Shop;

#[otp::main(Shop, stop_limit = 2s)]
async fn main() {
    println!("up: {}", names().join(" "));
    load::start();
    otp::shutdown_signal().await; // then the applications stop, the shop first
}

/// The applications that run, the one started last first.
fn names() -> Vec<String> {
    Applications::running().into_iter().map(|info| info.name).collect()
}
