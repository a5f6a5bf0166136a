#[derive(::core::fmt::Debug)]
struct Chat;
impl ::kit::otp::SupervisorModule for Chat {
    type Args = ();
    fn init((): Self::Args) -> ::kit::otp::Supervisor {
        ::kit::otp::Supervisor::one_for_all()
            .child({
                #[allow(unused_imports)]
                use ::kit::otp::__private::NoChild0 as _;
                Nicks::child_spec()
            })
            .child({
                #[allow(unused_imports)]
                use ::kit::otp::__private::NoChild0 as _;
                Rooms::child_spec()
            })
            .child({
                #[allow(unused_imports)]
                use ::kit::otp::__private::NoChild0 as _;
                UserSup::child_spec()
            })
    }
}
impl ::kit::otp::Child for Chat {
    type Args = ();
    type Client = ::kit::otp::SupervisorRef;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::kit::otp::Name>,
    ) -> ::core::result::Result<::kit::otp::Started<Self>, ::kit::otp::StartError> {
        ::kit::otp::__private::start_supervisor_child::<Self>(args, name).await
    }
}
#[allow(dead_code)]
impl Chat {
    /// Starts the supervisor and its children, linked to the calling process.
    fn start_link() -> ::kit::otp::StartSupervisor {
        ::kit::otp::__private::start_link_supervisor::<Self>(())
    }
    /// Starts the supervisor and its children without a link.
    fn start() -> ::kit::otp::StartSupervisor {
        ::kit::otp::__private::start_supervisor::<Self>(())
    }
    /// How to start this supervisor under another one.
    fn child_spec() -> ::kit::otp::ChildSpec<Self> {
        ::kit::otp::__private::supervisor_child_spec::<Self>(())
    }
    /// The running supervisor, found by its name at each use.
    fn client() -> ::kit::otp::SupervisorRef {
        ::kit::otp::__private::supervisor_client::<Self>()
    }
}
