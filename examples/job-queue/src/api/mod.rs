//! The HTTP API.

mod error;
mod events;
mod handlers;
mod input;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use otp::http::HttpServer;

use crate::config::Settings;
use crate::page;
use error::ApiError;

/// How large a request may be.
const MAX_BODY: usize = 1 << 20;

/// How long requests may take when the program stops.
const DRAIN: Duration = Duration::from_secs(5);

/// The HTTP server, on this machine only.
pub(crate) fn server(settings: &Settings) -> HttpServer {
    let port = settings.config.port;
    let settings = settings.clone();
    HttpServer::bind(format!("127.0.0.1:{port}")).drain(DRAIN).router(move || router(&settings))
}

fn router(settings: &Settings) -> Router {
    Router::new()
        .route("/", get(page::html))
        .route("/page.css", get(page::css))
        .route("/page.js", get(page::js))
        .route("/icon.svg", get(page::icon))
        .route("/api/jobs", post(handlers::enqueue).get(handlers::list))
        .route("/api/jobs/{id}", get(handlers::show))
        .route("/api/jobs/{id}/cancel", post(handlers::cancel))
        .route("/api/jobs/{id}/retry", post(handlers::retry))
        .route("/api/queues", get(handlers::queues))
        .route("/api/queues/{name}/pause", post(handlers::pause))
        .route("/api/queues/{name}/resume", post(handlers::resume))
        .route("/api/queues/{name}/scale", post(handlers::scale))
        .route("/api/cron", get(handlers::cron))
        .route("/api/picture", get(handlers::picture))
        .route("/api/events", get(events::events))
        .fallback(async || ApiError::not_found("there is nothing at this address"))
        .method_not_allowed_fallback(async || ApiError::method())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(same_origin))
        .with_state(settings.clone())
}

/// Refuses what a page of another site sends: a browser does so for whoever visits that site.
async fn same_origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(HOST).map_or(&b""[..], |host| host.as_bytes());
    match headers.get(ORIGIN) {
        Some(origin) if origin.as_bytes().strip_prefix(b"http://") != Some(host) => {
            ApiError::foreign_origin().into_response()
        }
        _ => next.run(request).await,
    }
}
