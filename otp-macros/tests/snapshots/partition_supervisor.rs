/// Docs.
pub struct WorkerSups;
#[automatically_derived]
impl ::otp::PartitionSupervisorModule for WorkerSups
where
    [(); {
        ::otp::__private::child::<WorkerSup>();
        0
    }]: ::core::marker::Sized,
{
    type Child = <[(); {
        ::otp::__private::child::<WorkerSup>();
        0
    }] as ::otp::__private::Sound<WorkerSup>>::Type;
    fn init() -> ::otp::PartitionSupervisor<Self::Child> {
        ::otp::PartitionSupervisor::<
            Self::Child,
        >::new(<<Self as ::otp::PartitionSupervisorModule>::Child>::child_spec())
            .partitions(8)
            .strategy(::otp::Strategy::RestForOne)
            .max_restarts(0)
            .max_seconds(1)
    }
}
#[automatically_derived]
impl ::otp::Child for WorkerSups
where
    [(); {
        ::otp::__private::child::<WorkerSup>();
        0
    }]: ::core::marker::Sized,
{
    type Args = ::otp::PartitionSupervisor<WorkerSup>;
    type Client = ::otp::PartitionSupervisorRef<WorkerSup>;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::otp::Name>,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_partition_child::<Self>(args, name).await
    }
    async fn start_copy(
        args: Self::Args,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_partition_copy::<Self>(args).await
    }
}
#[automatically_derived]
impl ::otp::Named for WorkerSups
where
    [(); {
        ::otp::__private::child::<WorkerSup>();
        0
    }]: ::core::marker::Sized,
{
    fn named_client(name: ::otp::Name) -> Self::Client {
        ::otp::PartitionSupervisorRef::named(name)
    }
}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl WorkerSups
where
    [(); {
        ::otp::__private::child::<WorkerSup>();
        0
    }]: ::core::marker::Sized,
{
    /// Starts the supervisor, linked to the calling process.
    pub fn start_link() -> ::otp::StartPartitionSupervisor<WorkerSup> {
        ::otp::__private::partition_supervisor::<Self>().start_link()
    }
    /// Starts the supervisor with other options, linked to the calling process.
    pub fn start_link_with(
        options: impl ::core::ops::FnOnce(
            ::otp::PartitionSupervisor<WorkerSup>,
        ) -> ::otp::PartitionSupervisor<WorkerSup>,
    ) -> ::otp::StartPartitionSupervisor<WorkerSup> {
        let supervisor: ::otp::PartitionSupervisor<
            <Self as ::otp::PartitionSupervisorModule>::Child,
        > = options(::otp::__private::partition_supervisor::<Self>());
        supervisor.start_link()
    }
    /// Starts the supervisor without a link.
    pub fn start() -> ::otp::StartPartitionSupervisor<WorkerSup> {
        ::otp::__private::partition_supervisor::<Self>().start()
    }
    /// How to start this supervisor under another one.
    pub fn child_spec() -> ::otp::ChildSpec<Self> {
        ::otp::__private::supervisor_child_spec::<
            Self,
        >(::otp::__private::partition_supervisor::<Self>())
    }
    /// How to start this supervisor under another one, with other options.
    pub fn child_spec_with(
        options: impl ::core::ops::FnOnce(
            ::otp::PartitionSupervisor<WorkerSup>,
        ) -> ::otp::PartitionSupervisor<WorkerSup>,
    ) -> ::otp::ChildSpec<Self> {
        ::otp::__private::supervisor_child_spec::<
            Self,
        >(options(::otp::__private::partition_supervisor::<Self>()))
    }
    /// The running supervisor, found by its name at each use.
    pub fn client() -> ::otp::PartitionSupervisorRef<WorkerSup> {
        ::otp::__private::partition_client::<Self>()
    }
    /// The partition that a key leads to, found at each use.
    pub fn of(key: impl ::otp::PartitionKey) -> <WorkerSup as ::otp::Child>::Client {
        ::otp::__private::partition_client::<Self>().of(key)
    }
    /// The partition that a key leads to, when there is one now.
    pub fn try_of(
        key: impl ::otp::PartitionKey,
    ) -> ::core::result::Result<
        <WorkerSup as ::otp::Child>::Client,
        ::otp::PartitionError,
    > {
        ::otp::__private::partition_client::<Self>().try_of(key)
    }
    /// The name of the partition that a key leads to, for everything that takes a name.
    pub fn name_of(key: impl ::otp::PartitionKey) -> ::otp::Name {
        ::otp::__private::partition_client::<Self>().name_of(key)
    }
    /// How many partitions there are.
    pub fn partitions() -> ::core::result::Result<usize, ::otp::PartitionError> {
        ::otp::__private::partition_client::<Self>().partitions()
    }
    /// Changes the number of partitions, up to that of the start; returns the one before.
    pub async fn resize(
        partitions: usize,
    ) -> ::core::result::Result<usize, ::otp::PartitionError> {
        ::otp::__private::partition_client::<Self>().resize(partitions).await
    }
    /// The running children.
    pub async fn which_children() -> ::core::result::Result<
        ::std::vec::Vec<::otp::ChildInfo>,
        ::otp::CallError,
    > {
        Self::client().which_children().await
    }
    /// How many children there are.
    pub async fn count_children() -> ::core::result::Result<
        ::otp::ChildCounts,
        ::otp::CallError,
    > {
        Self::client().count_children().await
    }
    /// Stops the supervisor and its children and waits until they are gone.
    pub fn stop() -> ::otp::Stop {
        Self::client().stop()
    }
}
