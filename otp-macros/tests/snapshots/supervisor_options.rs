/// The bank.
#[derive(::core::fmt::Debug)]
pub struct Bank;
impl ::otp::SupervisorModule for Bank {
    type Args = (Config,);
    fn init((config,): Self::Args) -> ::otp::Supervisor {
        ::otp::Supervisor::rest_for_one()
            .max_restarts(3)
            .max_seconds(5)
            .auto_shutdown(::otp::AutoShutdown::AnySignificant)
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
}
