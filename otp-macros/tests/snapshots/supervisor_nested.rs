#[cfg(unix)]
#[allow(missing_docs)]
#[derive(::core::fmt::Debug)]
pub(crate) struct AppSup;
#[cfg(unix)]
impl ::otp::SupervisorModule for AppSup
where
    [(); {
        ::otp::__private::kept::<AppConfig>();
        ::otp::__private::kept::<HashMap<String, u16>>();
        0
    }]: ::core::marker::Sized,
{
    type Args = (AppConfig, HashMap<String, u16>);
    fn init((config, hosts): Self::Args) -> ::otp::Supervisor {
        let sup = ::otp::Supervisor::one_for_one()
            .child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild0 as _;
                Users::child_spec()
            })
            .child(
                ::otp::Supervisor::one_for_all()
                    .child({
                        #[allow(unused_imports)]
                        use ::otp::__private::NoChild0 as _;
                        Router::child_spec()
                    })
                    .child(
                        {
                            #[allow(unused_imports)]
                            use ::otp::__private::NoChild1 as _;
                            Endpoint::child_spec(config.port)
                        }
                            .shutdown(::otp::Shutdown::Infinity),
                    )
                    .child_spec("Web")
                    .restart(::otp::Restart::Transient),
            )
            .child(
                {
                    #[allow(unused_imports)]
                    use ::otp::__private::NoChild1 as _;
                    Bank::child_spec(config.clone())
                }
                    .restart(::otp::Restart::Temporary),
            );
        #[cfg(feature = "metrics")]
        let sup = if config.metrics {
            sup.child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild1 as _;
                Metrics::child_spec(hosts.len())
            })
        } else {
            sup
        };
        #[cfg(not(feature = "metrics"))]
        let sup = if config.metrics && hosts.len() < 3 && a > 2 {
            sup.child({
                #[allow(unused_imports)]
                use ::otp::__private::NoChild1 as _;
                Metrics::child_spec(0)
            })
        } else {
            sup
        };
        let sup = sup
            .child(
                {
                    let sup = ::otp::Supervisor::one_for_one();
                    #[cfg(windows)]
                    let sup = sup
                        .child({
                            #[allow(unused_imports)]
                            use ::otp::__private::NoChild0 as _;
                            Service::child_spec()
                        });
                    sup
                }
                    .child_spec("Later"),
            );
        sup
    }
}
#[cfg(unix)]
impl ::otp::Child for AppSup {
    type Args = (AppConfig, HashMap<String, u16>);
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
#[cfg(unix)]
impl ::otp::Named for AppSup {
    fn named_client(name: ::otp::Name) -> Self::Client {
        ::otp::SupervisorRef::named(name)
    }
}
#[cfg(unix)]
#[allow(dead_code)]
impl AppSup {
    /// Starts the supervisor and its children, linked to the calling process.
    pub(crate) fn start_link(
        config: AppConfig,
        hosts: HashMap<String, u16>,
    ) -> ::otp::StartSupervisor {
        ::otp::__private::start_link_supervisor::<Self>((config, hosts))
    }
    /// Starts the supervisor and its children without a link.
    pub(crate) fn start(
        config: AppConfig,
        hosts: HashMap<String, u16>,
    ) -> ::otp::StartSupervisor {
        ::otp::__private::start_supervisor::<Self>((config, hosts))
    }
    /// How to start this supervisor under another one.
    pub(crate) fn child_spec(
        config: AppConfig,
        hosts: HashMap<String, u16>,
    ) -> ::otp::ChildSpec<Self> {
        ::otp::__private::supervisor_child_spec::<Self>((config, hosts))
    }
    /// The running supervisor, found by its name at each use.
    pub(crate) fn client() -> ::otp::SupervisorRef {
        ::otp::__private::supervisor_client::<Self>()
    }
    /// The tree as it is declared for these parameters; nothing is started.
    pub(crate) fn tree(config: AppConfig, hosts: HashMap<String, u16>) -> ::otp::Tree {
        ::otp::__private::supervisor_tree::<Self>((config, hosts))
    }
    /// The declared tree as a graph for Graphviz.
    pub(crate) fn to_dot(
        config: AppConfig,
        hosts: HashMap<String, u16>,
    ) -> ::std::string::String {
        ::otp::__private::supervisor_tree::<Self>((config, hosts)).to_dot()
    }
    /// The declared tree as a flowchart for Mermaid.
    pub(crate) fn to_mermaid(
        config: AppConfig,
        hosts: HashMap<String, u16>,
    ) -> ::std::string::String {
        ::otp::__private::supervisor_tree::<Self>((config, hosts)).to_mermaid()
    }
}
