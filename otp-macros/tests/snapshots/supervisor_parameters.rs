#[derive(::core::fmt::Debug)]
pub struct Bank;
impl ::otp::SupervisorModule for Bank {
    type Args = ();
    fn init((): Self::Args) -> ::otp::Supervisor {
        let sup = ::otp::Supervisor::one_for_one();
        let _ = || {
            let _ = &Users::child_spec;
        };
        sup
    }
}
impl ::otp::Child for Bank {
    type Args = ();
    type Client = ::otp::SupervisorRef;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::otp::Name>,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_supervisor_child::<Self>(args, name).await
    }
}
#[allow(dead_code)]
impl Bank {
    /// Starts the supervisor and its children, linked to the calling process.
    pub fn start_link(
        config: Config,
        arg1: impl ::core::marker::Sized,
        arg2: impl ::core::marker::Sized,
    ) -> ::otp::StartSupervisor {
        let _ = (config, arg1, arg2);
        ::otp::__private::start_link_supervisor::<Self>(())
    }
    /// Starts the supervisor and its children without a link.
    pub fn start(
        config: Config,
        arg1: impl ::core::marker::Sized,
        arg2: impl ::core::marker::Sized,
    ) -> ::otp::StartSupervisor {
        let _ = (config, arg1, arg2);
        ::otp::__private::start_supervisor::<Self>(())
    }
    /// How to start this supervisor under another one.
    pub fn child_spec(
        config: Config,
        arg1: impl ::core::marker::Sized,
        arg2: impl ::core::marker::Sized,
    ) -> ::otp::ChildSpec<Self> {
        let _ = (config, arg1, arg2);
        ::otp::__private::supervisor_child_spec::<Self>(())
    }
    /// The running supervisor, found by its name at each use.
    pub fn client() -> ::otp::SupervisorRef {
        ::otp::__private::supervisor_client::<Self>()
    }
}
::core::compile_error! {
    "supervisor parameters need plain names and owned types\n\nhelp: write `text: Config` with a type that owns its data\nnote: OTP0417"
}
::core::compile_error! {
    "supervisor parameters need plain names and owned types\n\nhelp: write `config: Config`\nnote: OTP0417"
}
