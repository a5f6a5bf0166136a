//! What people and machines look at.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse};
use maud::{DOCTYPE, Markup, html};
use otp::http::{HttpError, HttpServer};
use otp::{ChildState, TreeNode};
use serde_json::{Value, json};

use super::Desk;
use super::error::ApiError;
use crate::account::Accounts;
use crate::application::BankSup;
use crate::ledger::Ledger;

/// How many children of one supervisor are shown; there may be one for each account.
const SHOWN: usize = 50;

const STYLE: &str = "body { font: 15px/1.6 system-ui, sans-serif; margin: 2rem; }
    li { list-style: none; } .restarts { color: #b45309; } .state { color: #666; }";

/// How it is tried.
pub(super) async fn home() -> Result<String, ApiError> {
    let address = HttpServer::client().local_addr().await.map_err(HttpError::from)?;
    Ok(usage(&address.to_string()))
}

/// Commands that show how it is used.
pub fn usage(address: &str) -> String {
    let accounts = format!("curl http://{address}/accounts");
    format!(
        "Amounts are whole cents. A change may have an Idempotency-Key. Try\n\
        \x20 {accounts} --json '{{\"account\":\"alice\"}}'\n\
        \x20 {accounts} --json '{{\"account\":\"bob\"}}'\n\
        \x20 {accounts}/alice/deposit --json '{{\"amount\":1000}}'\n\
        \x20 {accounts}/alice/transfer --json '{{\"to\":\"bob\",\"amount\":250}}' \
        -H 'Idempotency-Key: 1'\n\
        \x20 {accounts}/bob/withdraw --json '{{\"amount\":50}}'\n\
        \x20 {accounts}/bob\n\
        \x20 {accounts}/alice/history\n\
        and look at http://{address}/tree, /metrics and /health.\n"
    )
}

/// Whether the ledger answers.
pub(super) async fn health() -> Result<Json<Value>, ApiError> {
    Ledger::client().ping().await.map_err(HttpError::from)?;
    Ok(Json(json!({ "status": "ok" })))
}

/// Figures for Prometheus.
pub(super) async fn metrics(State(desk): State<Desk>) -> impl IntoResponse {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, kind)], desk.figures.render())
}

/// What runs.
pub(super) async fn tree() -> impl IntoResponse {
    let tree = BankSup::client().live_tree().await;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content="2";
                title { "The bank's processes" }
                style { (STYLE) }
            }
            body {
                h1 { "The bank's processes" }
                ul { (node(tree.root())) }
            }
        }
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    ([(CONTENT_SECURITY_POLICY, policy)], Html(page.into_string()))
}

/// The child's id, or the name of the account that it is.
fn title(shown: &TreeNode) -> String {
    let Some(ChildState::Running(pid)) = shown.state else { return shown.label.clone() };
    let names = Accounts::keys(pid).unwrap_or_default(); // none while the registry is not there
    names.first().map_or_else(|| shown.label.clone(), ToString::to_string)
}

fn node(shown: &TreeNode) -> Markup {
    let more = shown.children.len().saturating_sub(SHOWN);
    html! {
        li {
            (title(shown))
            @if let Some(state) = shown.state { " " span.state { (state) } }
            @if shown.restarts > 0 { " " span.restarts { "restarts: " (shown.restarts) } }
            @if !shown.children.is_empty() {
                ul {
                    @for child in shown.children.iter().take(SHOWN) { (node(child)) }
                    @if more > 0 { li { "and " (more) " more" } }
                }
            }
        }
    }
}
