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
    fn declared(args: Self::Args) -> ::core::option::Option<::kit::otp::Supervisor> {
        ::kit::otp::__private::declared_supervisor::<Self>(args)
    }
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::kit::otp::Name>,
    ) -> ::core::result::Result<::kit::otp::Started<Self>, ::kit::otp::StartError> {
        ::kit::otp::__private::start_supervisor_child::<Self>(args, name).await
    }
    async fn start_copy(
        args: Self::Args,
    ) -> ::core::result::Result<::kit::otp::Started<Self>, ::kit::otp::StartError> {
        ::kit::otp::__private::start_supervisor_copy::<Self>(args).await
    }
}
impl ::kit::otp::Named for Chat {
    fn named_client(name: ::kit::otp::Name) -> Self::Client {
        ::kit::otp::SupervisorRef::named(name)
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
    /// The tree as it is declared for these parameters; nothing is started.
    fn tree() -> ::kit::otp::Tree {
        ::kit::otp::__private::supervisor_tree::<Self>(())
    }
    /// The declared tree as a graph for Graphviz.
    fn to_dot() -> ::std::string::String {
        ::kit::otp::__private::supervisor_tree::<Self>(()).to_dot()
    }
    /// The declared tree as a flowchart for Mermaid.
    fn to_mermaid() -> ::std::string::String {
        ::kit::otp::__private::supervisor_tree::<Self>(()).to_mermaid()
    }
}
