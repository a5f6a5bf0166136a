pub struct Pool;
#[automatically_derived]
impl crate::otp::DynamicSupervisorModule for Pool
where
    [(); 0]: ::core::marker::Sized,
{
    type Child = <[(); 0] as crate::otp::__private::Sound<crate::otp::AnyChild>>::Type;
    fn init() -> crate::otp::DynamicSupervisor<Self::Child> {
        crate::otp::DynamicSupervisor::new()
    }
}
#[automatically_derived]
impl crate::otp::Child for Pool
where
    [(); 0]: ::core::marker::Sized,
{
    type Args = crate::otp::DynamicSupervisor<crate::otp::AnyChild>;
    type Client = crate::otp::DynamicSupervisorRef<crate::otp::AnyChild>;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<crate::otp::Name>,
    ) -> ::core::result::Result<crate::otp::Started<Self>, crate::otp::StartError> {
        crate::otp::__private::start_dynamic_child::<Self>(args, name).await
    }
    async fn start_copy(
        args: Self::Args,
    ) -> ::core::result::Result<crate::otp::Started<Self>, crate::otp::StartError> {
        crate::otp::__private::start_dynamic_copy::<Self>(args).await
    }
}
#[automatically_derived]
impl crate::otp::Named for Pool
where
    [(); 0]: ::core::marker::Sized,
{
    fn named_client(name: crate::otp::Name) -> Self::Client {
        crate::otp::DynamicSupervisorRef::named(name)
    }
}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl Pool
where
    [(); 0]: ::core::marker::Sized,
{
    /// Starts the supervisor, linked to the calling process.
    pub fn start_link() -> crate::otp::StartDynamicSupervisor<crate::otp::AnyChild> {
        crate::otp::__private::dynamic_supervisor::<Self>().start_link()
    }
    /// Starts the supervisor with other options, linked to the calling process.
    pub fn start_link_with(
        options: impl ::core::ops::FnOnce(
            crate::otp::DynamicSupervisor<crate::otp::AnyChild>,
        ) -> crate::otp::DynamicSupervisor<crate::otp::AnyChild>,
    ) -> crate::otp::StartDynamicSupervisor<crate::otp::AnyChild> {
        let supervisor: crate::otp::DynamicSupervisor<
            <Self as crate::otp::DynamicSupervisorModule>::Child,
        > = options(crate::otp::__private::dynamic_supervisor::<Self>());
        supervisor.start_link()
    }
    /// Starts the supervisor without a link.
    pub fn start() -> crate::otp::StartDynamicSupervisor<crate::otp::AnyChild> {
        crate::otp::__private::dynamic_supervisor::<Self>().start()
    }
    /// How to start this supervisor under another one.
    pub fn child_spec() -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::supervisor_child_spec::<
            Self,
        >(crate::otp::__private::dynamic_supervisor::<Self>())
    }
    /// How to start this supervisor under another one, with other options.
    pub fn child_spec_with(
        options: impl ::core::ops::FnOnce(
            crate::otp::DynamicSupervisor<crate::otp::AnyChild>,
        ) -> crate::otp::DynamicSupervisor<crate::otp::AnyChild>,
    ) -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::supervisor_child_spec::<
            Self,
        >(options(crate::otp::__private::dynamic_supervisor::<Self>()))
    }
    /// The running supervisor, found by its name at each use.
    pub fn client() -> crate::otp::DynamicSupervisorRef<crate::otp::AnyChild> {
        crate::otp::__private::dynamic_client::<Self>()
    }
    /// Starts a child of any type and returns its client.
    pub async fn start_child<S>(
        spec: crate::otp::ChildSpec<S>,
    ) -> ::core::result::Result<S::Client, crate::otp::ChildError>
    where
        S: crate::otp::Child,
        S::Args: crate::otp::RestartArgs,
    {
        Self::client().start_child(spec).await
    }
    /// Ends a child, given by its pid or its client, and waits until it is gone.
    pub async fn terminate_child(
        child: impl crate::otp::AsPid,
    ) -> ::core::result::Result<(), crate::otp::ChildError> {
        Self::client().terminate_child(child).await
    }
    /// The running children.
    pub async fn which_children() -> ::core::result::Result<
        ::std::vec::Vec<crate::otp::ChildInfo>,
        crate::otp::CallError,
    > {
        Self::client().which_children().await
    }
    /// How many children there are.
    pub async fn count_children() -> ::core::result::Result<
        crate::otp::ChildCounts,
        crate::otp::CallError,
    > {
        Self::client().count_children().await
    }
    /// Stops the supervisor and its children and waits until they are gone.
    pub fn stop() -> crate::otp::Stop {
        Self::client().stop()
    }
}
