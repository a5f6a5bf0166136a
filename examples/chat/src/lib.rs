//! A chat server: the same rooms over a line protocol and over WebSockets, with presence, a history
//! that survives everything, and clients that cannot slow each other down.

mod command;
mod config;
mod connection;
mod event;
mod files;
mod frame;
mod history;
mod line;
mod name;
mod outbox;
mod pace;
mod presence;
mod rooms;
mod server;
mod session;
mod store;
mod tcp;
mod text;
mod web;

use otp::http::HttpServer;
use otp::prelude::*;

pub use config::ChatConfig;
pub use connection::Connections;
pub use event::{Event, Message, Page};
pub use files::raise_limit;
pub use frame::{Format, Frame};
pub use history::History;
pub use name::{Name, NameError};
pub use outbox::{Level, Limit, Outbox};
pub use presence::Presence;
pub use rooms::{Nicks, Rooms};
pub use server::Server;
pub use store::{Draft, Kept, Query, Store, StoreError};
pub use tcp::Listener;

supervisor! {
    /// Everything that runs, in start order: what is stopped first is started last.
    pub ChatSup(server: Server) {
        strategy: one_for_one,
        max_restarts: 10,
        max_seconds: 60,
        backoff: 50ms..5s,
        children: [
            Nicks,
            Rooms,
            History(server.config.database.clone(), server.config.retention),
            Presence,
            Connections,
            Listener(server.clone()),
            HttpServer(web::server(server)),
        ],
    }
}
