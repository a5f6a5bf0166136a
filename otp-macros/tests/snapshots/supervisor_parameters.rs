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
    fn declared(args: Self::Args) -> ::core::option::Option<::otp::Supervisor> {
        ::otp::__private::declared_supervisor::<Self>(args)
    }
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::otp::Name>,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_supervisor_child::<Self>(args, name).await
    }
    async fn start_copy(
        args: Self::Args,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_supervisor_copy::<Self>(args).await
    }
}
impl ::otp::Named for Bank {
    fn named_client(name: ::otp::Name) -> Self::Client {
        ::otp::SupervisorRef::named(name)
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
    /// The tree as it is declared for these parameters; nothing is started.
    pub fn tree(
        config: Config,
        arg1: impl ::core::marker::Sized,
        arg2: impl ::core::marker::Sized,
    ) -> ::otp::Tree {
        let _ = (config, arg1, arg2);
        ::otp::__private::supervisor_tree::<Self>(())
    }
    /// The declared tree as a graph for Graphviz.
    pub fn to_dot(
        config: Config,
        arg1: impl ::core::marker::Sized,
        arg2: impl ::core::marker::Sized,
    ) -> ::std::string::String {
        let _ = (config, arg1, arg2);
        ::otp::__private::supervisor_tree::<Self>(()).to_dot()
    }
    /// The declared tree as a flowchart for Mermaid.
    pub fn to_mermaid(
        config: Config,
        arg1: impl ::core::marker::Sized,
        arg2: impl ::core::marker::Sized,
    ) -> ::std::string::String {
        let _ = (config, arg1, arg2);
        ::otp::__private::supervisor_tree::<Self>(()).to_mermaid()
    }
}
::core::compile_error! {
    "supervisor parameters need plain names and owned types\n\nhelp: write `text: Config` with a type that owns its data\nnote: OTP0417"
}
::core::compile_error! {
    "supervisor parameters need plain names and owned types\n\nhelp: write `config: Config`\nnote: OTP0417"
}
