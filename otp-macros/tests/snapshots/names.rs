#[cfg(unix)]
impl m::Server {
    pub const LIMIT: usize = 5;
    pub(crate) fn init() -> Result<Self, E> {}
    /// Docs.
    #[cfg(feature = "a")]
    #[deprecated]
    #[must_use]
    fn r#type(
        &self,
        cx: u8,
        reply_to: u8,
        context: &mut Context<Self>,
    ) -> Reply<Vec<Self>> {}
    fn crash(&self) -> ! {
        panic()
    }
    fn helper(&self) {}
    pub fn start_link() -> Start<Self> {
        todo()
    }
}
#[cfg(unix)]
#[allow(clippy::all, clippy::pedantic, deprecated, unused)]
const _: () = {
    fn first()
    where
        [(); __Checks::SOUND]: ::core::marker::Sized,
    {}
    struct __Checks;
    impl __Checks {
        const MOVES: bool = {
            use crate::otp::__private::CannotMove as _;
            crate::otp::__private::State::<m::Server>::MOVES
        };
        const SOUND: usize = {
            #[cfg(feature = "a")]
            crate::otp::__private::answer_value::<Vec<m::Server>>();
            crate::otp::__private::answer_value::<crate::otp::Never>();
            0
        };
    }
    #[cfg(unix)]
    #[automatically_derived]
    #[allow(deprecated, private_interfaces, unreachable_code, unused)]
    impl crate::otp::GenServer for m::Server {
        type Request = Ask where [(); __Checks::SOUND]: ::core::marker::Sized;
        type Continue = crate::otp::Never;
        type Client = Api where [(); __Checks::SOUND]: ::core::marker::Sized;
        const OPTIONS: crate::otp::ServerOptions = crate::otp::ServerOptions::new();
        fn name(_: &Self::Args) -> ::core::option::Option<crate::otp::Name>
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::core::option::Option::Some(
                <crate::otp::Name as ::core::convert::From<
                    &'static str,
                >>::from("the one"),
            )
        }
        type Args = () where [(); __Checks::SOUND]: ::core::marker::Sized;
        fn init(
            (): Self::Args,
            cx: &mut crate::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = crate::otp::InitResult<Self>,
        > + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            crate::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move {
                crate::otp::__private::init::<Self, _>(Self::init())
            })
        }
        fn handle(
            &mut self,
            request: Self::Request,
            cx_: &mut crate::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = crate::otp::Next<Self>,
        > + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            crate::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move {
                match request {
                    #[cfg(feature = "a")]
                    Ask::Type { cx, reply_to, reply_to_ } => {
                        crate::otp::__private::answer::<
                            Self,
                            Vec<m::Server>,
                            _,
                        >(reply_to_, Self::r#type(self, cx, reply_to, cx_))
                    }
                    Ask::Crash { reply_to } => {
                        crate::otp::__private::answer::<
                            Self,
                            crate::otp::Never,
                            crate::otp::Never,
                        >(reply_to, Self::crash(self))
                    }
                }
            })
        }
    }
};
#[cfg(unix)]
#[doc(hidden)]
#[allow(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub enum Ask {
    #[cfg(feature = "a")]
    Type { cx: u8, reply_to: u8, reply_to_: crate::otp::ReplyTo<Vec<m::Server>> },
    Crash { reply_to: crate::otp::ReplyTo<crate::otp::Never> },
}
#[cfg(unix)]
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl m::Server {
    ///Starts a `Server` without a link to the caller.
    pub(crate) fn start() -> crate::otp::Start<Self> {
        crate::otp::__private::start::<Self>(())
    }
    ///The child specification of a `Server`, for a supervisor.
    pub(crate) fn child_spec() -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::child_spec::<Self>(())
    }
    ///The client of the registered `Server`, whichever process it is.
    pub(crate) fn client() -> Api {
        crate::otp::__private::client_of::<
            Self,
        >(<crate::otp::Name as ::core::convert::From<&'static str>>::from("the one"))
    }
    ///The client of the `Server` that is registered under this name.
    pub(crate) fn named(name: impl ::core::convert::Into<crate::otp::Name>) -> Api {
        crate::otp::__private::client_of::<Self>(name)
    }
}
#[cfg(unix)]
///A client of `Server`: its calls and casts as methods.
#[doc(hidden)]
#[allow(
    dead_code,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct Api<__Server: crate::otp::GenServer = m::Server>(
    crate::otp::ServerRef<__Server>,
);
#[cfg(unix)]
#[automatically_derived]
impl<__Server: crate::otp::GenServer> ::core::clone::Clone for Api<__Server> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[cfg(unix)]
#[automatically_derived]
impl<__Server: crate::otp::GenServer> ::core::fmt::Debug for Api<__Server> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
#[cfg(unix)]
#[automatically_derived]
impl<__Server: crate::otp::GenServer> ::core::ops::Deref for Api<__Server> {
    type Target = crate::otp::ServerRef<__Server>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[cfg(unix)]
#[automatically_derived]
impl<
    __Server: crate::otp::GenServer,
> ::core::convert::From<crate::otp::ServerRef<__Server>> for Api<__Server> {
    fn from(server: crate::otp::ServerRef<__Server>) -> Self {
        Self(server)
    }
}
#[cfg(unix)]
#[allow(
    clippy::pedantic,
    clippy::should_implement_trait,
    clippy::double_must_use,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl Api {
    #[cfg(feature = "a")]
    /// Docs.
    #[deprecated]
    #[must_use]
    ///
    ///Calls the server; awaiting the result waits for its answer, 5 seconds by default.
    fn r#type(
        &self,
        cx: u8,
        reply_to: u8,
    ) -> crate::otp::Call<m::Server, Vec<m::Server>> {
        crate::otp::__private::call::<
            _,
            Vec<m::Server>,
        >(
            &self.0,
            |reply_to_| Ask::Type {
                cx,
                reply_to,
                reply_to_,
            },
        )
    }
    ///Calls the server; awaiting the result waits for its answer, 5 seconds by default.
    fn crash(&self) -> crate::otp::Call<m::Server, crate::otp::Never> {
        crate::otp::__private::call::<
            _,
            crate::otp::Never,
        >(&self.0, |reply_to| Ask::Crash { reply_to })
    }
}
