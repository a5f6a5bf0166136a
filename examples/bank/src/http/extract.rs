//! What handlers take from a request. What is wrong with it is said in one form everywhere.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use axum::Json;
use axum::body::HttpBody;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use super::BODY_LIMIT;
use super::error::ApiError;
use crate::key::Key;
use crate::name::AccountName;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// The account in the path.
pub(super) struct Account(pub(super) AccountName);

/// The body, which is JSON.
pub(super) struct Body<T>(pub(super) T);

/// What follows the question mark.
pub(super) struct Parameters<T>(pub(super) T);

/// The header `Idempotency-Key`, if there is one.
pub(super) struct IdempotencyKey(pub(super) Option<Key>);

impl<S: Send + Sync> FromRequestParts<S> for Account {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Account, ApiError> {
        let bad = |message| ApiError::new(StatusCode::BAD_REQUEST, "bad_name", message);
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| bad("the name in the path is not UTF-8".to_owned()))?;
        name(text).map(Account)
    }
}

/// A name, as the client wrote it.
pub(super) fn name(text: String) -> Result<AccountName, ApiError> {
    let bad =
        |message: String| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_name", message);
    AccountName::try_from(text).map_err(|error| bad(error.to_string()))
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, ApiError> {
        if request.body().size_hint().lower() > BODY_LIMIT as u64 {
            return Err(too_large()); // before any of it arrives
        }
        let body =
            tokio::time::timeout(PATIENCE, Json::<Object<T>>::from_request(request, state)).await;
        match body {
            Ok(Ok(Json(Object(body)))) => Ok(Body(body)),
            Ok(Err(rejection)) => Err(fault(&rejection)),
            Err(_) => {
                let message = "the body did not arrive in time";
                Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "timeout", message))
            }
        }
    }
}

/// A value that was written with the names of its fields. Serde would take a list of values, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(Fields(PhantomData)).map(Object)
    }
}

fn too_large() -> ApiError {
    let message = format!("a body may have {BODY_LIMIT} bytes at the most");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

/// What is wrong with a body.
fn fault(rejection: &JsonRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status @ StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            let message = "the header `Content-Type: application/json` is missing";
            ApiError::new(status, "unsupported_media_type", message)
        }
        status => ApiError::new(status, "bad_request", rejection.body_text()),
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Parameters<T>, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Parameters(parameters)),
            Err(error) => {
                Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_request", error.body_text()))
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IdempotencyKey, ApiError> {
        let bad = |message| ApiError::new(StatusCode::BAD_REQUEST, "bad_key", message);
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else { return Ok(IdempotencyKey(None)) };
        if values.next().is_some() {
            return Err(bad("there must be one idempotency key only".to_owned()));
        }
        let key = Key::parse(value.as_bytes()).map_err(|error| bad(error.to_string()))?;
        Ok(IdempotencyKey(Some(key)))
    }
}
