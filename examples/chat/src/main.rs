//! The program: it starts the tree, says how to come in, and runs until it is asked to stop.

use chat::{ChatConfig, ChatSup, Server, raise_limit};
use otp::http::HttpServer;
use otp::prelude::*;

/// How many files the program needs for itself.
const OWN_FILES: u64 = 50;

#[otp::main]
async fn main() -> otp::Result<()> {
    let config = ChatConfig::load()?;
    let files = raise_limit()?;
    if files.is_some_and(|files| files < config.connections as u64 + OWN_FILES) {
        let files = files.unwrap_or_default();
        eprintln!("at most {files} files may be open, so not all connections will find a place");
    }
    let server = Server::new(config);
    ChatSup::start_link(server.clone()).await?;
    println!("page: http://{}", HttpServer::client().local_addr().await?);
    if let Some(address) = server.lines.get() {
        println!("lines: nc {} {}", address.ip(), address.port());
    }
    otp::shutdown_signal().await; // then the tree stops, the last child first
    Ok(())
}
