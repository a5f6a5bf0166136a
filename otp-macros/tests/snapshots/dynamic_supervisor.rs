/// All workers.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct WorkerSup;
#[cfg(unix)]
#[automatically_derived]
impl ::otp::DynamicSupervisorModule for WorkerSup
where
    [(); {
        ::otp::__private::child::<workers::Worker<u8>>();
        0
    }]: ::core::marker::Sized,
{
    type Child = <[(); {
        ::otp::__private::child::<workers::Worker<u8>>();
        0
    }] as ::otp::__private::Sound<workers::Worker<u8>>>::Type;
    fn init() -> ::otp::DynamicSupervisor<Self::Child> {
        ::otp::DynamicSupervisor::of::<Self::Child>()
            .max_children(10_000)
            .max_restarts(LIMIT)
            .max_seconds(60)
    }
}
#[cfg(unix)]
#[automatically_derived]
impl ::otp::Child for WorkerSup
where
    [(); {
        ::otp::__private::child::<workers::Worker<u8>>();
        0
    }]: ::core::marker::Sized,
{
    type Args = ::otp::DynamicSupervisor<workers::Worker<u8>>;
    type Client = ::otp::DynamicSupervisorRef<workers::Worker<u8>>;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::otp::Name>,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_dynamic_child::<Self>(args, name).await
    }
    async fn start_copy(
        args: Self::Args,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_dynamic_copy::<Self>(args).await
    }
}
#[cfg(unix)]
#[automatically_derived]
impl ::otp::Named for WorkerSup
where
    [(); {
        ::otp::__private::child::<workers::Worker<u8>>();
        0
    }]: ::core::marker::Sized,
{
    fn named_client(name: ::otp::Name) -> Self::Client {
        ::otp::DynamicSupervisorRef::named(name)
    }
}
#[cfg(unix)]
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl WorkerSup
where
    [(); {
        ::otp::__private::child::<workers::Worker<u8>>();
        0
    }]: ::core::marker::Sized,
{
    /// Starts the supervisor, linked to the calling process.
    pub(crate) fn start_link() -> ::otp::StartDynamicSupervisor<workers::Worker<u8>> {
        ::otp::__private::dynamic_supervisor::<Self>().start_link()
    }
    /// Starts the supervisor with other options, linked to the calling process.
    pub(crate) fn start_link_with(
        options: impl ::core::ops::FnOnce(
            ::otp::DynamicSupervisor<workers::Worker<u8>>,
        ) -> ::otp::DynamicSupervisor<workers::Worker<u8>>,
    ) -> ::otp::StartDynamicSupervisor<workers::Worker<u8>> {
        let supervisor: ::otp::DynamicSupervisor<
            <Self as ::otp::DynamicSupervisorModule>::Child,
        > = options(::otp::__private::dynamic_supervisor::<Self>());
        supervisor.start_link()
    }
    /// Starts the supervisor without a link.
    pub(crate) fn start() -> ::otp::StartDynamicSupervisor<workers::Worker<u8>> {
        ::otp::__private::dynamic_supervisor::<Self>().start()
    }
    /// How to start this supervisor under another one.
    pub(crate) fn child_spec() -> ::otp::ChildSpec<Self> {
        ::otp::__private::supervisor_child_spec::<
            Self,
        >(::otp::__private::dynamic_supervisor::<Self>())
    }
    /// How to start this supervisor under another one, with other options.
    pub(crate) fn child_spec_with(
        options: impl ::core::ops::FnOnce(
            ::otp::DynamicSupervisor<workers::Worker<u8>>,
        ) -> ::otp::DynamicSupervisor<workers::Worker<u8>>,
    ) -> ::otp::ChildSpec<Self> {
        ::otp::__private::supervisor_child_spec::<
            Self,
        >(options(::otp::__private::dynamic_supervisor::<Self>()))
    }
    /// The running supervisor, found by its name at each use.
    pub(crate) fn client() -> ::otp::DynamicSupervisorRef<workers::Worker<u8>> {
        ::otp::__private::dynamic_client::<Self>()
    }
    /// Starts a child and returns its client.
    pub(crate) async fn start_child(
        spec: ::otp::ChildSpec<workers::Worker<u8>>,
    ) -> ::core::result::Result<
        <workers::Worker<u8> as ::otp::Child>::Client,
        ::otp::ChildError,
    > {
        ::otp::__private::start_dynamic::<Self, workers::Worker<u8>>(spec).await
    }
    /// Ends a child, given by its pid or its client, and waits until it is gone.
    pub(crate) async fn terminate_child(
        child: impl ::otp::AsPid,
    ) -> ::core::result::Result<(), ::otp::ChildError> {
        Self::client().terminate_child(child).await
    }
    /// The running children.
    pub(crate) async fn which_children() -> ::core::result::Result<
        ::std::vec::Vec<::otp::ChildInfo>,
        ::otp::CallError,
    > {
        Self::client().which_children().await
    }
    /// How many children there are.
    pub(crate) async fn count_children() -> ::core::result::Result<
        ::otp::ChildCounts,
        ::otp::CallError,
    > {
        Self::client().count_children().await
    }
    /// Stops the supervisor and its children and waits until they are gone.
    pub(crate) fn stop() -> ::otp::Stop {
        Self::client().stop()
    }
}
