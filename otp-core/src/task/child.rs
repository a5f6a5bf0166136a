//! Tasks as children of supervisors.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

use crate::child_spec::{
    Child, ChildId, ChildSettings, ChildSpec, ChildType, Restart, Shutdown, Started,
};
use crate::gen_server::StartError;
use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{Kind, ProcessRef};
use crate::process::spawn::{Never, abandon, create, link_new, run};
use crate::process::{current, lineage, signal};
use crate::sync::Arc;
use crate::task::Task;
use crate::task::work::{Nowhere, Work};

/// Stands for a task under a supervisor; see [`Task::child_spec`].
#[derive(Debug)]
pub struct TaskChild<F>(PhantomData<fn() -> F>);

/// What a supervisor keeps of a task: the function that makes its future.
pub struct TaskArgs<F> {
    make: Arc<F>,
    /// Who asked for it; by default only the supervisor.
    pub(super) callers: Option<Vec<Pid>>,
}

impl<F> Clone for TaskArgs<F> {
    fn clone(&self) -> TaskArgs<F> {
        TaskArgs { make: Arc::clone(&self.make), callers: self.callers.clone() }
    }
}

impl<F> fmt::Debug for TaskArgs<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskArgs").field("callers", &self.callers).finish_non_exhaustive()
    }
}

/// How a task is supervised, unless something else is said.
pub(crate) fn task_settings(id: ChildId) -> ChildSettings {
    ChildSettings {
        id,
        restart: Restart::Temporary,
        shutdown: Shutdown::After(Duration::from_secs(5)),
        significant: false,
        kind: ChildType::Worker,
    }
}

impl Task<()> {
    /// A task as the child of a supervisor: `make` is called in the task's own process, for each
    /// start, and returns the future that it runs.
    ///
    /// It is temporary, has five seconds to shut down and the id `Task`, unless said otherwise:
    /// `.restart(..)`, `.shutdown(..)`, `.id(..)`.
    ///
    /// ```
    /// use otp_core::{Restart, Supervisor, Task};
    ///
    /// # async fn warm_up() {}
    /// # fn main() { otp_core::private::run_test(
    /// #     otp_core::private::TestOptions::new("doc"), async {
    /// let spec = Task::child_spec(|| async { warm_up().await }).restart(Restart::Transient);
    /// let supervisor = Supervisor::one_for_one().child(spec).start_link().await.unwrap();
    /// # supervisor.stop().await.unwrap();
    /// # }) }
    /// ```
    ///
    /// Elixir: `Task.child_spec/1`.
    pub fn child_spec<F, Fut>(make: F) -> ChildSpec<TaskChild<F>>
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
    {
        let args = TaskArgs { make: Arc::new(make), callers: None };
        ChildSpec::with_settings(args, task_settings("Task".into()))
    }
}

impl<F, Fut> Child for TaskChild<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
{
    type Args = TaskArgs<F>;
    type Client = Pid;

    async fn start(
        args: TaskArgs<F>,
        name: Option<Name>,
    ) -> Result<Started<TaskChild<F>>, StartError> {
        let process: ProcessRef = create::<Never>(&Node::expect_current(), Kind::Plain, false);
        if let Some(name) = name {
            if let Err(error) = signal::register(&process, name) {
                abandon(process);
                return Err(error.into());
            }
        }
        let callers = args.callers.unwrap_or_else(lineage::callers_of_started);
        lineage::set_callers(&*process, callers);
        if let Some(supervisor) = current::get() {
            link_new(&*supervisor, &process);
        }
        let make = args.make;
        run(ProcessRef::clone(&process), Work::new(async move { make().await }, Nowhere));
        let pid = process.head().pid;
        Ok(Started::new(process, pid))
    }
}
