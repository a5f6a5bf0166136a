//! The page, and WebSockets.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use otp::http::HttpServer;

use crate::connection::{Connections, Incoming, Input, Outgoing, serve};
use crate::frame::Format;
use crate::server::{FULL, Server};

/// The longest message from a client, in bytes.
const LONGEST_MESSAGE: usize = 16 << 10;

/// What the page may load: nothing from elsewhere, and no script but its own.
const POLICY: &str = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// How long requests in flight are waited for at the end. Pages are small, and WebSockets, which
/// have been handed over, are not waited for here.
const DRAIN: Duration = Duration::from_secs(1);

/// How many connections may be open beside the WebSockets, which have a limit of their own.
const PAGES: usize = 1000;

/// The server of the page and of WebSockets, as a child.
pub(crate) fn server(server: Server) -> HttpServer {
    let address = server.config.http.clone();
    HttpServer::bind(address)
        .router(move || router(server.clone()))
        .drain(DRAIN)
        .max_connections(PAGES)
}

/// Everything that is served over HTTP.
fn router(server: Server) -> Router {
    Router::new()
        .route("/", file("text/html; charset=utf-8", include_str!("../page/index.html")))
        .route("/chat.css", file("text/css; charset=utf-8", include_str!("../page/chat.css")))
        .route("/chat.js", file("text/javascript; charset=utf-8", include_str!("../page/chat.js")))
        .route("/socket", get(socket))
        .with_state(server)
}

fn file(kind: &'static str, text: &'static str) -> MethodRouter<Server> {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    get(move || async move { (headers, text) })
}

async fn socket(
    State(server): State<Server>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_own_page(&headers) {
        return (StatusCode::FORBIDDEN, "this page is not from here\n").into_response();
    }
    let Some(slot) = server.slot() else {
        let later = [(header::RETRY_AFTER, HeaderValue::from_static("10"))];
        return (StatusCode::SERVICE_UNAVAILABLE, later, format!("{FULL}\n")).into_response();
    };
    let small = upgrade.read_buffer_size(4 << 10).write_buffer_size(0);
    let limited = small.max_message_size(LONGEST_MESSAGE).max_frame_size(LONGEST_MESSAGE);
    limited.on_upgrade(async move |socket| {
        let (outgoing, incoming) = socket.split();
        let client = serve(MessagesIn(incoming), MessagesOut(outgoing), server, slot);
        if let Err(error) = Connections::start_child(client).await {
            eprintln!("a WebSocket could not be served: {error}");
        }
    })
}

/// Whether a WebSocket comes from this server's own page, or from no page at all. Otherwise any
/// page in the world could talk here in the name of whoever looks at it.
fn is_own_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    origin.map(|(_, host)| host) == host
}

/// Commands as JSON.
struct MessagesIn(SplitStream<WebSocket>);

impl Incoming for MessagesIn {
    const FORMAT: Format = Format::Json;
    const PINGS: bool = true;

    async fn next(&mut self) -> Option<Input> {
        match self.0.next().await? {
            Ok(Message::Text(text)) => Some(match serde_json::from_str(&text) {
                Ok(command) => Input::Command(command),
                Err(error) => Input::Refused(format!("this is no command: {error}")),
            }),
            Ok(Message::Binary(_)) => Some(Input::Refused("commands are text".to_owned())),
            Ok(Message::Ping(_) | Message::Pong(_)) => Some(Input::Alive),
            Ok(Message::Close(_)) => None,
            Err(error) => Some(Input::Broken(format!("this cannot be read: {error}"))),
        }
    }
}

/// Events as JSON.
struct MessagesOut(SplitSink<WebSocket, Message>);

impl Outgoing for MessagesOut {
    async fn send(&mut self, text: Utf8Bytes) -> io::Result<()> {
        self.0.send(Message::Text(text)).await.map_err(io::Error::other)
    }

    async fn ping(&mut self) -> io::Result<()> {
        self.0.send(Message::Ping(Default::default())).await.map_err(io::Error::other)
    }

    async fn close(&mut self) -> io::Result<()> {
        let frame = CloseFrame { code: close_code::NORMAL, reason: Utf8Bytes::default() };
        self.0.send(Message::Close(Some(frame))).await.map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_pages_may_not_connect() {
        let asked = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:4002"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            is_own_page(&headers)
        };
        assert!(asked(None) && asked(Some("http://localhost:4002")));
        assert!(!asked(Some("http://evil.example")) && !asked(Some("null")));
    }
}
