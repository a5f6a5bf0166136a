impl Counter {
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
    /// Returns the current value.
    pub fn get(&self) -> i64 {
        self.value
    }
    pub fn add(&mut self, n: i64) {
        self.value += n;
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
            ::otp::__private::State::<Counter>::MOVES
        };
        const SOUND: usize = { 0 };
    }
    #[automatically_derived]
    #[allow(deprecated, private_interfaces, unreachable_code, unused)]
    impl ::otp::GenServer for Counter {
        type Request = CounterRequest where [(); __Checks::SOUND]: ::core::marker::Sized;
        type Continue = ::otp::Never;
        type Client = CounterClient where [(); __Checks::SOUND]: ::core::marker::Sized;
        const OPTIONS: ::otp::ServerOptions = ::otp::ServerOptions::new()
            .restart(::otp::Restart::Transient);
        fn name(_: &Self::Args) -> ::core::option::Option<::otp::Name>
        where
            [(); __Checks::SOUND]: ::core::marker::Sized,
        {
            ::core::option::Option::Some(::otp::Name::of::<Self>())
        }
        type Args = (i64,) where [(); __Checks::SOUND]: ::core::marker::Sized;
        fn init(
            (initial,): Self::Args,
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
                ::otp::__private::init::<Self, _>(Self::init(initial))
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
            >::callback(async move {
                match request {
                    CounterRequest::Get { reply_to } => {
                        ::otp::__private::answer::<
                            Self,
                            i64,
                            _,
                        >(reply_to, Self::get(self))
                    }
                    CounterRequest::Add { n } => {
                        ::otp::__private::proceed::<Self, _>(Self::add(self, n))
                    }
                }
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
pub enum CounterRequest {
    Get { reply_to: ::otp::ReplyTo<i64> },
    Add { n: i64 },
}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl Counter {
    ///Starts a `Counter` that is linked to the calling process.
    pub fn start_link(initial: i64) -> ::otp::Start<Self> {
        ::otp::__private::start_link::<Self>((initial,))
    }
    ///Starts a `Counter` without a link to the caller.
    pub fn start(initial: i64) -> ::otp::Start<Self> {
        ::otp::__private::start::<Self>((initial,))
    }
    ///The child specification of a `Counter`, for a supervisor.
    pub fn child_spec(initial: i64) -> ::otp::ChildSpec<Self> {
        ::otp::__private::child_spec::<Self>((initial,))
    }
    ///The client of the registered `Counter`, whichever process it is.
    pub fn client() -> CounterClient {
        ::otp::__private::client_of::<Self>(::otp::Name::of::<Self>())
    }
    ///The client of the `Counter` that is registered under this name.
    pub fn named(name: impl ::core::convert::Into<::otp::Name>) -> CounterClient {
        ::otp::__private::client_of::<Self>(name)
    }
}
///A client of `Counter`: its calls and casts as methods.
#[allow(
    dead_code,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct CounterClient<__Server: ::otp::GenServer = Counter>(
    ::otp::ServerRef<__Server>,
);
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::clone::Clone for CounterClient<__Server> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::fmt::Debug for CounterClient<__Server> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::ops::Deref for CounterClient<__Server> {
    type Target = ::otp::ServerRef<__Server>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[automatically_derived]
impl<__Server: ::otp::GenServer> ::core::convert::From<::otp::ServerRef<__Server>>
for CounterClient<__Server> {
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
impl CounterClient {
    /// Returns the current value.
    ///
    ///Calls the server; awaiting the result waits for its answer, 5 seconds by default.
    pub fn get(&self) -> ::otp::Call<Counter, i64> {
        ::otp::__private::call::<
            _,
            i64,
        >(&self.0, |reply_to| CounterRequest::Get { reply_to })
    }
    ///Sends the request to the server and does not wait.
    pub fn add(&self, n: i64) {
        ::otp::__private::cast(&self.0, CounterRequest::Add { n })
    }
}
