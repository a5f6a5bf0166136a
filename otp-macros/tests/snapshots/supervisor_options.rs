/// The bank.
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
        ::otp::Supervisor::rest_for_one()
            .max_restarts(3)
            .max_seconds(5)
            .auto_shutdown(::otp::AutoShutdown::AnySignificant)
            .backoff(
                ::core::time::Duration::from_nanos(
                    100000000u64,
                )..::core::time::Duration::from_nanos(5000000000u64),
            )
            .child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild0 as _;
                Accounts::child_spec()
            })
            .child(
                {
                    #[allow(unused_imports)]
                    use ::otp::__private::NoChild1 as _;
                    Ledger::child_spec(config.path.clone())
                }
                    .shutdown(
                        ::otp::Shutdown::After(
                            ::core::time::Duration::from_nanos(10000000000u64),
                        ),
                    ),
            )
            .child(
                {
                    #[allow(unused_imports)]
                    use ::otp::__private::NoChild1 as _;
                    Counter::child_spec(100)
                }
                    .id("second")
                    .restart(::otp::Restart::Transient)
                    .significant(true)
                    .name("second"),
            )
            .child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild0 as _;
                KvStore::<String, u32>::child_spec()
            })
            .child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild1 as _;
                KvStore::<String, Vec<Vec<u8>>>::child_spec(1)
            })
            .child(
                {
                    #[allow(unused_imports)]
                    use ::otp::__private::NoChild0 as _;
                    shop::Cart::child_spec()
                }
                    .shutdown(
                        ::otp::Shutdown::After(::core::time::Duration::from_nanos(0u64)),
                    ),
            )
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
