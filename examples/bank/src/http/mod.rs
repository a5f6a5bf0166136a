//! The bank over HTTP.

mod accounts;
mod error;
mod extract;
mod pages;

pub use pages::usage;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::metrics::Figures;
use crate::teller::Teller;
use error::ApiError;

/// How large a body may be, in bytes. The largest that makes sense has one name.
const BODY_LIMIT: usize = 4096;

/// What all handlers share.
#[derive(Clone, Debug)]
struct Desk {
    teller: Teller,
    figures: Figures,
}

/// Everything that can be asked for.
pub fn router(teller: Teller, figures: Figures) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/health", get(pages::health))
        .route("/metrics", get(pages::metrics))
        .route("/tree", get(pages::tree))
        .route("/accounts", post(accounts::open))
        .route("/accounts/{account}", get(accounts::balance))
        .route("/accounts/{account}/deposit", post(accounts::deposit))
        .route("/accounts/{account}/withdraw", post(accounts::withdraw))
        .route("/accounts/{account}/transfer", post(accounts::transfer))
        .route("/accounts/{account}/history", get(accounts::history))
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Desk { teller, figures })
}
