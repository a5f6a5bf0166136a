//! The page: three files that are part of the program.

use axum::http::HeaderName;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};

/// Only what this program serves is loaded and run, whatever a job has in its arguments.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Served = ([(HeaderName, &'static str); 4], &'static str);

/// The page.
pub(crate) async fn html() -> Served {
    served("text/html; charset=utf-8", include_str!("page/page.html"))
}

/// Its looks.
pub(crate) async fn css() -> Served {
    served("text/css; charset=utf-8", include_str!("page/page.css"))
}

/// What moves it.
pub(crate) async fn js() -> Served {
    served("text/javascript; charset=utf-8", include_str!("page/page.js"))
}

/// Its mark in the browser's tabs.
pub(crate) async fn icon() -> Served {
    served("image/svg+xml", include_str!("page/icon.svg"))
}

fn served(kind: &'static str, text: &'static str) -> Served {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
