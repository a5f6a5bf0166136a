//! The span in which a request was sent, for the one in which it is handled.
//!
//! It is empty, and all here does nothing, without the feature `trace-calls`.

/// Where a request comes from.
pub(crate) struct Origin {
    #[cfg(feature = "trace-calls")]
    span: tracing::Span,
}

#[cfg(not(feature = "trace-calls"))]
impl Origin {
    /// The place of the running code.
    #[inline(always)]
    pub(crate) fn here() -> Origin {
        Origin {}
    }

    /// The future of the handler.
    #[inline(always)]
    #[allow(clippy::extra_unused_type_parameters)] // called as the other one is
    pub(crate) fn follow<S, R, F>(self, future: F) -> F {
        future
    }
}

#[cfg(feature = "trace-calls")]
impl Origin {
    /// The span that the running code is in. It stays open until the request is handled.
    ///
    /// It calls the subscriber, so no lock may be held.
    pub(crate) fn here() -> Origin {
        Origin { span: tracing::Span::current() }
    }

    /// The future of the handler, in a span of its own below that of the sender. A request that was
    /// sent outside any span is handled outside any.
    pub(crate) fn follow<S, R, F>(self, future: F) -> tracing::instrument::Instrumented<F> {
        use crate::name::short_type_name;

        let span = if self.span.is_none() {
            tracing::Span::none()
        } else {
            tracing::info_span!(
                target: "otp::call",
                parent: &self.span,
                "otp::call",
                server = short_type_name(std::any::type_name::<S>()),
                request = short_type_name(std::any::type_name::<R>()),
            )
        };
        tracing::Instrument::instrument(future, span)
    }
}
