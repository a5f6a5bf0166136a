#[derive(::core::fmt::Debug)]
pub struct Bank;
impl ::otp::SupervisorModule for Bank
where
    [(); {
        ::otp::__private::kept::<Config>();
        0
    }]: ::core::marker::Sized,
{
    type Args = (Config,);
    fn init((config,): Self::Args) -> ::otp::Supervisor {
        let sup = ::otp::Supervisor::one_for_one()
            .child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild0 as _;
                Users::child_spec()
            });
        let _ = || {
            let _ = &Ledger::child_spec;
            let _ = &config.path;
        };
        let _ = || {
            let _ = &Last::child_spec;
        };
        let _ = || {
            let _ = &Metrics::child_spec;
            let _ = &config;
        };
        sup
    }
}
impl ::otp::Child for Bank {
    type Args = (Config,);
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
    pub fn start_link(config: Config) -> ::otp::StartSupervisor {
        ::otp::__private::start_link_supervisor::<Self>((config,))
    }
    /// Starts the supervisor and its children without a link.
    pub fn start(config: Config) -> ::otp::StartSupervisor {
        ::otp::__private::start_supervisor::<Self>((config,))
    }
    /// How to start this supervisor under another one.
    pub fn child_spec(config: Config) -> ::otp::ChildSpec<Self> {
        ::otp::__private::supervisor_child_spec::<Self>((config,))
    }
    /// The running supervisor, found by its name at each use.
    pub fn client() -> ::otp::SupervisorRef {
        ::otp::__private::supervisor_client::<Self>()
    }
    /// The tree as it is declared for these parameters; nothing is started.
    pub fn tree(config: Config) -> ::otp::Tree {
        ::otp::__private::supervisor_tree::<Self>((config,))
    }
    /// The declared tree as a graph for Graphviz.
    pub fn to_dot(config: Config) -> ::std::string::String {
        ::otp::__private::supervisor_tree::<Self>((config,)).to_dot()
    }
    /// The declared tree as a flowchart for Mermaid.
    pub fn to_mermaid(config: Config) -> ::std::string::String {
        ::otp::__private::supervisor_tree::<Self>((config,)).to_mermaid()
    }
}
::core::compile_error! {
    "expected a child such as `Counter(0)`, found `=>`\n\nhelp: children are separated by `,`\nnote: OTP0407"
}
::core::compile_error! {
    "a child is written like a call, not like an Elixir tuple\n\nhelp: write `Counter(0)`\nnote: OTP0409"
}
::core::compile_error! {
    "this argument of `Ledger` is unfinished or not an expression\n\nhelp: complete it, or remove it with its `,`\nnote: OTP0407"
}
::core::compile_error! {
    "child arguments are computed before the child starts, so they cannot wait\n\nhelp: do the waiting before the supervisor starts or in the child's `#[handle_continue]`\nnote: OTP0418"
}
::core::compile_error! {
    "the condition after `if` is unfinished or not an expression\n\nhelp: write `Metrics if config.metrics`\nnote: OTP0407"
}
