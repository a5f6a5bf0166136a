impl Persistent {
    pub async fn init(cx: &mut Context<Self>, path: PathBuf) -> io::Result<Init<Self>> {}
    async fn boot(&mut self, step: Boot) -> std::io::Result<()> {}
    async fn tick(&mut self, _: Tick) -> std::io::Result<()> {}
    fn unknown(&mut self, message: Message, cx: &mut Context<Self>) {}
    fn exited(&mut self, exit: Exit) -> Noreply {}
    async fn terminate(&mut self, reason: &ExitReason) {}
}
#[allow(clippy::all, clippy::pedantic, deprecated, unused)]
const _: () = {
    fn first()
    where
        [(); __Checks::SOUND]: ::core::marker::Sized,
    {}
    struct __Checks;
    impl __Checks {
        const MOVES: bool = {
            use ::otp::__private::CannotMove as _;
            ::otp::__private::State::<Persistent>::MOVES
        };
        const SOUND: usize = {
            ::otp::__private::field::<PathBuf>();
            ::otp::__private::field::<Tick>();
            ::otp::__private::field::<Exit>();
            ::otp::__private::field::<Boot>();
            0
        };
    }
    #[automatically_derived]
    #[allow(deprecated, private_interfaces, unreachable_code, unused)]
    impl ::otp::GenServer for Persistent {
        type Request = PersistentRequest
        where
            [(); __Checks::SOUND]: ::core::marker::Sized;
        type Continue = PersistentContinue
        where
            [(); __Checks::SOUND]: ::core::marker::Sized;
        type Client = PersistentClient
        where
            [(); __Checks::SOUND]: ::core::marker::Sized;
        const OPTIONS: ::otp::ServerOptions = ::otp::ServerOptions::new()
            .shutdown(
                ::otp::Shutdown::After(
                    ::core::time::Duration::from_nanos(10000000000u64),
                ),
            )
            .significant(true)
            .trap_exit(true);
        type Args = (PathBuf,) where [(); __Checks::SOUND]: ::core::marker::Sized;
        fn init(
            (path,): Self::Args,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::otp::InitResult<Self>,
        > + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move {
                ::otp::__private::init::<
                    Self,
                    _,
                >(
                    ::otp::__private::Moves::<
                        { __Checks::MOVES },
                    >::handler(Self::init(cx, path))
                        .await,
                )
            })
        }
        fn handle(
            &mut self,
            request: Self::Request,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::otp::Next<Self>,
        > + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move { match request {} })
        }
        fn handle_info(
            &mut self,
            message: ::otp::Message,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::otp::Next<Self>,
        > + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move {
                let message = match message.downcast::<Tick>() {
                    ::core::result::Result::Ok(message) => {
                        return ::otp::__private::proceed::<
                            Self,
                            _,
                        >(
                            ::otp::__private::Moves::<
                                { __Checks::MOVES },
                            >::handler(Self::tick(self, message))
                                .await,
                        );
                    }
                    ::core::result::Result::Err(message) => message,
                };
                let message = match message.downcast::<Exit>() {
                    ::core::result::Result::Ok(message) => {
                        return ::otp::__private::proceed::<
                            Self,
                            _,
                        >(Self::exited(self, message));
                    }
                    ::core::result::Result::Err(message) => message,
                };
                {
                    return ::otp::__private::proceed::<
                        Self,
                        _,
                    >(Self::unknown(self, message, cx));
                }
                ::otp::__private::unhandled::<Self>(message, cx)
            })
        }
        fn handle_continue(
            &mut self,
            step: Self::Continue,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::otp::Next<Self>,
        > + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move {
                let step = step.0;
                ::otp::__private::proceed::<
                    Self,
                    _,
                >(
                    ::otp::__private::Moves::<
                        { __Checks::MOVES },
                    >::handler(Self::boot(self, step))
                        .await,
                )
            })
        }
        fn terminate(
            &mut self,
            reason: &::otp::ExitReason,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                { __Checks::MOVES },
            >::callback(async move {
                ::otp::__private::Moves::<
                    { __Checks::MOVES },
                >::handler(Self::terminate(self, reason))
                    .await
            })
        }
    }
};
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
pub enum PersistentRequest {}
#[doc(hidden)]
#[allow(
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct PersistentContinue(Boot);
#[automatically_derived]
impl ::core::convert::From<Boot> for PersistentContinue {
    fn from(step: Boot) -> Self {
        Self(step)
    }
}
#[automatically_derived]
impl ::otp::HandleInfo<Tick> for Persistent {}
#[automatically_derived]
impl ::otp::HandleInfo<Exit> for Persistent {}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl Persistent {
    ///Starts a `Persistent` that is linked to the calling process.
    pub fn start_link(path: PathBuf) -> ::otp::Start<Self> {
        ::otp::__private::start_link::<Self>((path,))
    }
    ///Starts a `Persistent` without a link to the caller.
    pub fn start(path: PathBuf) -> ::otp::Start<Self> {
        ::otp::__private::start::<Self>((path,))
    }
    ///The child specification of a `Persistent`, for a supervisor.
    pub fn child_spec(path: PathBuf) -> ::otp::ChildSpec<Self> {
        ::otp::__private::child_spec::<Self>((path,))
    }
    ///The client of the `Persistent` that is registered under this name.
    pub fn named(name: impl ::core::convert::Into<::otp::Name>) -> PersistentClient {
        ::otp::__private::client_of::<Self>(name)
    }
}
///A client of `Persistent`: its calls and casts as methods.
#[allow(
    dead_code,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct PersistentClient<__Server: ::otp::GenServer = Persistent>(
    ::otp::ServerRef<__Server>,
);
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::clone::Clone for PersistentClient<__Server> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::fmt::Debug for PersistentClient<__Server> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::ops::Deref for PersistentClient<__Server> {
    type Target = ::otp::ServerRef<__Server>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::convert::From<::otp::ServerRef<__Server>>
for PersistentClient<__Server> {
    fn from(server: ::otp::ServerRef<__Server>) -> Self {
        Self(server)
    }
}
#[allow(
    clippy::pedantic,
    clippy::should_implement_trait,
    clippy::double_must_use,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl PersistentClient {}
