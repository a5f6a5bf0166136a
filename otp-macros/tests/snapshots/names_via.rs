impl Worker {
    pub fn init(id: String, limit: u32) -> Self {
        Worker
    }
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
            ::otp::__private::State::<Worker>::MOVES
        };
        const SOUND: usize = { 0 };
    }
    #[automatically_derived]
    #[allow(deprecated, private_interfaces, unreachable_code, unused)]
    impl ::otp::GenServer for Worker {
        type Request = WorkerRequest where [(); __Checks::SOUND]: ::core::marker::Sized;
        type Continue = ::otp::Never;
        type Client = WorkerClient where [(); __Checks::SOUND]: ::core::marker::Sized;
        const OPTIONS: ::otp::ServerOptions = ::otp::ServerOptions::new();
        fn name((id, _): &Self::Args) -> ::core::option::Option<::otp::Name>
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            let id = ::core::clone::Clone::clone(id);
            ::core::option::Option::Some(
                ::otp::__private::via::<app::Users, _>(format!("user:{id}")),
            )
        }
        type Args = (String, u32) where [(); __Checks::SOUND]: ::core::marker::Sized;
        fn init(
            (id, limit): Self::Args,
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
                ::otp::__private::init::<Self, _>(Self::init(id, limit))
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
pub enum WorkerRequest {}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl Worker {
    ///Starts a `Worker` that is linked to the calling process.
    pub fn start_link(id: String, limit: u32) -> ::otp::Start<Self> {
        ::otp::__private::start_link::<Self>((id, limit))
    }
    ///Starts a `Worker` without a link to the caller.
    pub fn start(id: String, limit: u32) -> ::otp::Start<Self> {
        ::otp::__private::start::<Self>((id, limit))
    }
    ///The child specification of a `Worker`, for a supervisor.
    pub fn child_spec(id: String, limit: u32) -> ::otp::ChildSpec<Self> {
        ::otp::__private::child_spec::<Self>((id, limit))
    }
    ///The client of the `Worker` that is registered under this key.
    pub fn client<__Q>(key: &__Q) -> WorkerClient
    where
        __Q: ::otp::__private::FindBy<app::Users> + ?::core::marker::Sized,
    {
        ::otp::__private::client_via::<Self, app::Users, __Q>(key)
    }
    ///The client of the `Worker` that is registered under this name.
    pub fn named(name: impl ::core::convert::Into<::otp::Name>) -> WorkerClient {
        ::otp::__private::client_of::<Self>(name)
    }
}
///A client of `Worker`: its calls and casts as methods.
#[allow(
    dead_code,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct WorkerClient<__Server: ::otp::GenServer = Worker>(::otp::ServerRef<__Server>);
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::clone::Clone for WorkerClient<__Server> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::fmt::Debug for WorkerClient<__Server> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::ops::Deref for WorkerClient<__Server> {
    type Target = ::otp::ServerRef<__Server>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::convert::From<::otp::ServerRef<__Server>>
for WorkerClient<__Server> {
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
impl WorkerClient {}
