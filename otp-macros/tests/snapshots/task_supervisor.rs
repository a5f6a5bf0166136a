/// Sends emails.
#[derive(Debug)]
#[cfg(unix)]
pub(crate) struct Mailer;
#[cfg(unix)]
#[automatically_derived]
impl crate::otp::Child for Mailer {
    type Args = ();
    type Client = crate::otp::TaskSupervisorRef;
    async fn start(
        (): (),
        name: ::core::option::Option<crate::otp::Name>,
    ) -> ::core::result::Result<crate::otp::Started<Self>, crate::otp::StartError> {
        crate::otp::__private::start_task_supervisor_child::<
            Self,
        >(crate::otp::TaskSupervisor::new().max_children(1000), name)
            .await
    }
    async fn start_copy(
        (): (),
    ) -> ::core::result::Result<crate::otp::Started<Self>, crate::otp::StartError> {
        crate::otp::__private::start_task_supervisor_copy::<
            Self,
        >(crate::otp::TaskSupervisor::new().max_children(1000))
            .await
    }
}
#[cfg(unix)]
#[automatically_derived]
impl crate::otp::Named for Mailer {
    fn named_client(name: crate::otp::Name) -> crate::otp::TaskSupervisorRef {
        crate::otp::TaskSupervisorRef::named(name)
    }
}
#[cfg(unix)]
#[allow(clippy::pedantic, dead_code, unreachable_pub)]
impl Mailer {
    ///Starts `Mailer`, linked to the calling process.
    pub(crate) fn start_link() -> crate::otp::StartTaskSupervisor {
        crate::otp::__private::start_link_task_supervisor::<
            Self,
        >(crate::otp::TaskSupervisor::new().max_children(1000))
    }
    ///The child specification of `Mailer`, for a supervisor.
    pub(crate) fn child_spec() -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::task_supervisor_child_spec::<Self>()
    }
    ///The running `Mailer`, whichever process it is.
    pub(crate) fn client() -> crate::otp::TaskSupervisorRef {
        crate::otp::__private::task_supervisor_client::<Self>()
    }
}
#[cfg(unix)]
#[allow(clippy::pedantic, dead_code, unreachable_pub)]
impl Mailer {
    /// Starts a task that nobody waits for, and returns its pid.
    pub(crate) async fn start_child(
        future: impl ::core::future::Future + ::core::marker::Send + 'static,
    ) -> ::core::result::Result<crate::otp::Pid, crate::otp::ChildError> {
        Self::client().start_child(future).await
    }
    /// As `start_child`, for a task that may be restarted.
    pub(crate) async fn start_child_with<F, Fut>(
        spec: crate::otp::ChildSpec<crate::otp::TaskChild<F>>,
    ) -> ::core::result::Result<crate::otp::Pid, crate::otp::ChildError>
    where
        F: ::core::ops::Fn() -> Fut + ::core::marker::Send + ::core::marker::Sync
            + 'static,
        Fut: ::core::future::Future + ::core::marker::Send + 'static,
    {
        Self::client().start_child_with(spec).await
    }
    /// Starts a task that is linked to the running process, too.
    pub(crate) fn spawn<T: ::core::marker::Send + 'static>(
        future: impl ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
    ) -> crate::otp::Task<T> {
        Self::client().spawn(future)
    }
    /// Starts a task that is linked to its supervisor only.
    pub(crate) fn spawn_nolink<T: ::core::marker::Send + 'static>(
        future: impl ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
    ) -> crate::otp::Task<T> {
        Self::client().spawn_nolink(future)
    }
    /// Starts a task whose result the running server gets as a `TaskDone` message.
    pub(crate) fn start_nolink<S, T>(
        cx: &crate::otp::Context<S>,
        future: impl ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
    ) -> crate::otp::MonitorRef
    where
        S: crate::otp::HandleInfo<crate::otp::TaskDone<T>>,
        T: ::core::marker::Send + 'static,
    {
        Self::client().start_nolink(cx, future)
    }
}
#[cfg(unix)]
#[allow(clippy::pedantic, dead_code, unreachable_pub)]
impl Mailer {
    ///Runs a function on each element of an iterator, in a task for each: a stream of results.
    pub(crate) fn stream<I, F, Fut>(
        items: I,
        f: F,
    ) -> crate::otp::TaskStream<I::IntoIter, F, Fut::Output>
    where
        I: ::core::iter::IntoIterator,
        F: ::core::ops::Fn(I::Item) -> Fut + ::core::marker::Send + ::core::marker::Sync
            + 'static,
        Fut: ::core::future::Future<Output: ::core::marker::Send + 'static>
            + ::core::marker::Send + 'static,
    {
        Self::client().stream(items, f)
    }
    ///As `stream`, but a task that fails never ends the consumer.
    pub(crate) fn stream_nolink<I, F, Fut>(
        items: I,
        f: F,
    ) -> crate::otp::TaskStream<I::IntoIter, F, Fut::Output>
    where
        I: ::core::iter::IntoIterator,
        F: ::core::ops::Fn(I::Item) -> Fut + ::core::marker::Send + ::core::marker::Sync
            + 'static,
        Fut: ::core::future::Future<Output: ::core::marker::Send + 'static>
            + ::core::marker::Send + 'static,
    {
        Self::client().stream_nolink(items, f)
    }
}
#[cfg(unix)]
#[allow(clippy::pedantic, dead_code, unreachable_pub)]
impl Mailer {
    /// The tasks that run.
    pub(crate) async fn children() -> ::core::result::Result<
        ::std::vec::Vec<crate::otp::Pid>,
        crate::otp::CallError,
    > {
        Self::client().children().await
    }
    /// Ends a task and waits until it is gone.
    pub(crate) async fn terminate_child(
        child: impl crate::otp::AsPid,
    ) -> ::core::result::Result<(), crate::otp::ChildError> {
        Self::client().terminate_child(child).await
    }
    /// How many tasks there are.
    pub(crate) async fn count_children() -> ::core::result::Result<
        crate::otp::ChildCounts,
        crate::otp::CallError,
    > {
        Self::client().count_children().await
    }
    /// Stops the supervisor and its tasks, and waits until they are gone.
    pub(crate) fn stop() -> crate::otp::Stop {
        Self::client().stop()
    }
}
