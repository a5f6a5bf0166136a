//! The stream of pictures for open pages.

use std::convert::Infallible;

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;

use super::error::ApiError;
use crate::feed::Feed;

/// One event for each picture; it ends when the program stops.
pub(super) async fn events() -> Result<impl IntoResponse, ApiError> {
    let pictures = Feed::client().subscribe().await?;
    let events = stream::unfold(pictures, async |mut pictures| {
        loop {
            pictures.changed().await.ok()?;
            let picture = pictures.borrow_and_update().clone();
            if let Some(picture) = picture {
                let event = Event::default().data(picture);
                return Some((Ok::<_, Infallible>(event), pictures));
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
