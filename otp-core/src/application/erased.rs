//! Applications without their types, and what stands for one.

use std::any::TypeId;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use crate::application::{AppSpec, Application, StartContext};
use crate::supervisor::SupervisorRef;
use crate::sync::Arc;

pub(super) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a start callback returns.
pub(super) type Outcome = Result<SupervisorRef, Box<dyn Error + Send + Sync>>;

/// An application of any type.
pub(crate) trait Erased: Send + Sync {
    fn app_type(&self) -> TypeId;
    fn spec(&self) -> AppSpec;
    fn start<'a>(&'a self, cx: &'a StartContext) -> BoxFuture<'a, Outcome>;
    fn prep_stop(&self) -> BoxFuture<'_, ()>;
    fn stop(&self) -> BoxFuture<'_, ()>;
}

impl<A: Application> Erased for A {
    fn app_type(&self) -> TypeId {
        TypeId::of::<A>()
    }

    fn spec(&self) -> AppSpec {
        Application::spec(self)
    }

    fn start<'a>(&'a self, cx: &'a StartContext) -> BoxFuture<'a, Outcome> {
        Box::pin(Application::start(self, cx))
    }

    fn prep_stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(Application::prep_stop(self))
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(Application::stop(self))
    }
}

/// What can be started: an application, which is loaded first, or the name of one that is loaded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an application nor the name of one",
    label = "no `impl Application for {Self}` was found",
    note = "OTP0717"
)]
pub trait IntoApplication: sealed::IntoWanted {}

impl<A: Application> IntoApplication for A {}
impl IntoApplication for &str {}
impl IntoApplication for String {}

/// An application, or the name of one.
pub(super) enum Source {
    Value(Arc<dyn Erased>),
    Named(String),
}

/// Keeps [`IntoApplication`] to the types of this crate.
pub(super) mod sealed {
    use std::fmt;

    use super::{Application, Arc, Source};

    pub struct Wanted(pub(in crate::application) Source);

    impl fmt::Debug for Wanted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Wanted")
        }
    }

    pub trait IntoWanted {
        #[doc(hidden)]
        fn into_wanted(self) -> Wanted;
    }

    impl<A: Application> IntoWanted for A {
        fn into_wanted(self) -> Wanted {
            Wanted(Source::Value(Arc::new(self)))
        }
    }

    impl IntoWanted for &str {
        fn into_wanted(self) -> Wanted {
            Wanted(Source::Named(self.to_owned()))
        }
    }

    impl IntoWanted for String {
        fn into_wanted(self) -> Wanted {
            Wanted(Source::Named(self))
        }
    }
}
