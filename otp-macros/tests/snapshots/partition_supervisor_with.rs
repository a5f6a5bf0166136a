struct Counters;
#[automatically_derived]
impl ::deep::otp::PartitionSupervisorModule for Counters
where
    [(); {
        ::deep::otp::__private::child::<Counter>();
        0
    }]: ::core::marker::Sized,
{
    type Child = <[(); {
        ::deep::otp::__private::child::<Counter>();
        0
    }] as ::deep::otp::__private::Sound<Counter>>::Type;
    fn init() -> ::deep::otp::PartitionSupervisor<Self::Child> {
        ::deep::otp::PartitionSupervisor::<
            Self::Child,
        >::from_fn(|partition| Counter::child_spec(partition, 0))
    }
}
#[automatically_derived]
impl ::deep::otp::Child for Counters
where
    [(); {
        ::deep::otp::__private::child::<Counter>();
        0
    }]: ::core::marker::Sized,
{
    type Args = ::deep::otp::PartitionSupervisor<Counter>;
    type Client = ::deep::otp::PartitionSupervisorRef<Counter>;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::deep::otp::Name>,
    ) -> ::core::result::Result<::deep::otp::Started<Self>, ::deep::otp::StartError> {
        ::deep::otp::__private::start_partition_child::<Self>(args, name).await
    }
    async fn start_copy(
        args: Self::Args,
    ) -> ::core::result::Result<::deep::otp::Started<Self>, ::deep::otp::StartError> {
        ::deep::otp::__private::start_partition_copy::<Self>(args).await
    }
}
#[automatically_derived]
impl ::deep::otp::Named for Counters
where
    [(); {
        ::deep::otp::__private::child::<Counter>();
        0
    }]: ::core::marker::Sized,
{
    fn named_client(name: ::deep::otp::Name) -> Self::Client {
        ::deep::otp::PartitionSupervisorRef::named(name)
    }
}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl Counters
where
    [(); {
        ::deep::otp::__private::child::<Counter>();
        0
    }]: ::core::marker::Sized,
{
    /// Starts the supervisor, linked to the calling process.
    fn start_link() -> ::deep::otp::StartPartitionSupervisor<Counter> {
        ::deep::otp::__private::partition_supervisor::<Self>().start_link()
    }
    /// Starts the supervisor with other options, linked to the calling process.
    fn start_link_with(
        options: impl ::core::ops::FnOnce(
            ::deep::otp::PartitionSupervisor<Counter>,
        ) -> ::deep::otp::PartitionSupervisor<Counter>,
    ) -> ::deep::otp::StartPartitionSupervisor<Counter> {
        let supervisor: ::deep::otp::PartitionSupervisor<
            <Self as ::deep::otp::PartitionSupervisorModule>::Child,
        > = options(::deep::otp::__private::partition_supervisor::<Self>());
        supervisor.start_link()
    }
    /// Starts the supervisor without a link.
    fn start() -> ::deep::otp::StartPartitionSupervisor<Counter> {
        ::deep::otp::__private::partition_supervisor::<Self>().start()
    }
    /// How to start this supervisor under another one.
    fn child_spec() -> ::deep::otp::ChildSpec<Self> {
        ::deep::otp::__private::supervisor_child_spec::<
            Self,
        >(::deep::otp::__private::partition_supervisor::<Self>())
    }
    /// How to start this supervisor under another one, with other options.
    fn child_spec_with(
        options: impl ::core::ops::FnOnce(
            ::deep::otp::PartitionSupervisor<Counter>,
        ) -> ::deep::otp::PartitionSupervisor<Counter>,
    ) -> ::deep::otp::ChildSpec<Self> {
        ::deep::otp::__private::supervisor_child_spec::<
            Self,
        >(options(::deep::otp::__private::partition_supervisor::<Self>()))
    }
    /// The running supervisor, found by its name at each use.
    fn client() -> ::deep::otp::PartitionSupervisorRef<Counter> {
        ::deep::otp::__private::partition_client::<Self>()
    }
    /// The partition that a key leads to, found at each use.
    fn of(
        key: impl ::deep::otp::PartitionKey,
    ) -> <Counter as ::deep::otp::Child>::Client {
        ::deep::otp::__private::partition_client::<Self>().of(key)
    }
    /// The partition that a key leads to, when there is one now.
    fn try_of(
        key: impl ::deep::otp::PartitionKey,
    ) -> ::core::result::Result<
        <Counter as ::deep::otp::Child>::Client,
        ::deep::otp::PartitionError,
    > {
        ::deep::otp::__private::partition_client::<Self>().try_of(key)
    }
    /// The name of the partition that a key leads to, for everything that takes a name.
    fn name_of(key: impl ::deep::otp::PartitionKey) -> ::deep::otp::Name {
        ::deep::otp::__private::partition_client::<Self>().name_of(key)
    }
    /// How many partitions there are.
    fn partitions() -> ::core::result::Result<usize, ::deep::otp::PartitionError> {
        ::deep::otp::__private::partition_client::<Self>().partitions()
    }
    /// Changes the number of partitions, up to that of the start; returns the one before.
    async fn resize(
        partitions: usize,
    ) -> ::core::result::Result<usize, ::deep::otp::PartitionError> {
        ::deep::otp::__private::partition_client::<Self>().resize(partitions).await
    }
    /// The running children.
    async fn which_children() -> ::core::result::Result<
        ::std::vec::Vec<::deep::otp::ChildInfo>,
        ::deep::otp::CallError,
    > {
        Self::client().which_children().await
    }
    /// How many children there are.
    async fn count_children() -> ::core::result::Result<
        ::deep::otp::ChildCounts,
        ::deep::otp::CallError,
    > {
        Self::client().count_children().await
    }
    /// Stops the supervisor and its children and waits until they are gone.
    fn stop() -> ::deep::otp::Stop {
        Self::client().stop()
    }
}
