#[automatically_derived]
#[allow(deprecated)]
impl ::otp::GenServer for Session {
    type Args = (Self,);
    type Request = ::otp::Never;
    type Continue = ::otp::Never;
    type Client = ::otp::ServerRef<Self>;
    const OPTIONS: ::otp::ServerOptions = ::otp::ServerOptions::new()
        .restart(::otp::Restart::Transient)
        .shutdown(
            ::otp::Shutdown::After(::core::time::Duration::from_nanos(10000000000u64)),
        )
        .significant(true)
        .trap_exit(true);
    fn name(_: &Self::Args) -> ::core::option::Option<::otp::Name> {
        ::core::option::Option::Some(::otp::Name::of::<Self>())
    }
    async fn init(
        (state,): Self::Args,
        _: &mut ::otp::Context<Self>,
    ) -> ::otp::InitResult<Self> {
        ::otp::InitResult::ok(state)
    }
    async fn handle(
        &mut self,
        request: Self::Request,
        _: &mut ::otp::Context<Self>,
    ) -> ::otp::Next<Self> {
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
impl Session {
    ///Starts a `Session` with this state, linked to the calling process.
    pub(crate) fn start_link(state: Self) -> ::otp::Start<Self> {
        ::otp::__private::start_link::<Self>((state,))
    }
    ///Starts a `Session` with this state, without a link to the caller.
    pub(crate) fn start(state: Self) -> ::otp::Start<Self> {
        ::otp::__private::start::<Self>((state,))
    }
    ///The child specification of a `Session`, for a supervisor.
    pub(crate) fn child_spec(state: Self) -> ::otp::ChildSpec<Self> {
        ::otp::__private::child_spec::<Self>((state,))
    }
    ///The registered `Session`, whichever process it is.
    pub(crate) fn client() -> ::otp::ServerRef<Self> {
        ::otp::__private::client_of::<Self>(::otp::Name::of::<Self>())
    }
    ///The `Session` that is registered under this name.
    pub(crate) fn named(
        name: impl ::core::convert::Into<::otp::Name>,
    ) -> ::otp::ServerRef<Self> {
        ::otp::__private::client_of::<Self>(name)
    }
}
