#[automatically_derived]
#[allow(deprecated)]
impl<K: Hash, V, const N: usize> crate::otp::GenServer for Cache<K, V, N>
where
    V: Clone,
    Cache<K, V, N>: ::core::marker::Send + 'static,
{
    type Args = (Self,);
    type Request = crate::otp::Never;
    type Continue = crate::otp::Never;
    type Client = crate::otp::ServerRef<Self>;
    const OPTIONS: crate::otp::ServerOptions = crate::otp::ServerOptions::new();
    fn name(_: &Self::Args) -> ::core::option::Option<crate::otp::Name> {
        ::core::option::Option::Some(
            <crate::otp::Name as ::core::convert::From<&'static str>>::from("one"),
        )
    }
    async fn init(
        (state,): Self::Args,
        _: &mut crate::otp::Context<Self>,
    ) -> crate::otp::InitResult<Self> {
        crate::otp::InitResult::ok(state)
    }
    async fn handle(
        &mut self,
        request: Self::Request,
        _: &mut crate::otp::Context<Self>,
    ) -> crate::otp::Next<Self> {
        match request {}
    }
}
#[allow(
    clippy::pedantic,
    dead_code,
    deprecated,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl<K: Hash, V, const N: usize> Cache<K, V, N>
where
    V: Clone,
    Cache<K, V, N>: ::core::marker::Send + 'static,
{
    ///Starts a `Cache` with this state, linked to the calling process.
    pub fn start_link(state: Self) -> crate::otp::Start<Self> {
        crate::otp::__private::start_link::<Self>((state,))
    }
    ///Starts a `Cache` with this state, without a link to the caller.
    pub fn start(state: Self) -> crate::otp::Start<Self> {
        crate::otp::__private::start::<Self>((state,))
    }
    ///The child specification of a `Cache`, for a supervisor.
    pub fn child_spec(state: Self) -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::child_spec::<Self>((state,))
    }
    ///The registered `Cache`, whichever process it is.
    pub fn client() -> crate::otp::ServerRef<Self> {
        crate::otp::__private::client_of::<
            Self,
        >(<crate::otp::Name as ::core::convert::From<&'static str>>::from("one"))
    }
    ///The `Cache` that is registered under this name.
    pub fn named(
        name: impl ::core::convert::Into<crate::otp::Name>,
    ) -> crate::otp::ServerRef<Self> {
        crate::otp::__private::client_of::<Self>(name)
    }
}
