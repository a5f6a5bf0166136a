//! Publish and subscribe: doing something with all entries of a key.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::message::Message;
use crate::node::Node;
use crate::process::block::{self, Kind as ProcessKind, ProcessRef};
use crate::process::spawn::{Never, Plain, create, run};
use crate::process::wait::exited;
use crate::reason::ExitReason;
use crate::registry::Entry;
use crate::registry::error::RegistryError;
use crate::registry::handle::RegistryRef;
use crate::registry::kind::{Key, Kind, Value};
use crate::sync::Arc;

impl<K: Key, V: Value, D: Kind> RegistryRef<K, V, D> {
    /// Sends a message to each process that is registered under a key, once for each entry; returns
    /// how many it was sent to.
    ///
    /// It never waits: the message lies in the mailboxes when it returns. A process that has ended
    /// gets none and is not counted.
    ///
    /// ```
    /// # use otp_core::registry::Registry;
    /// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("d"), async {
    /// let topics = Registry::duplicate::<&str, ()>().start_link().await.unwrap();
    /// assert_eq!(topics.broadcast("news", "nobody hears it"), Ok(0));
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.dispatch/3` with a loop of `send/2`.
    pub fn broadcast<Q, M>(&self, key: &Q, message: M) -> Result<usize, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
        M: Clone + Send + 'static,
    {
        let mut sent = 0;
        self.with(|store| {
            store.each_or_ended(key, |held| {
                let taken = block::send(&*held.process, Message::new(message.clone()));
                sent += usize::from(taken);
            });
        })?;
        Ok(sent)
    }

    /// Calls `each` in the running process with the entries of a key: once for each partition that
    /// has any, so once in a registry with one partition, and not at all when there are none.
    ///
    /// A panic of the function is the caller's, and ends the dispatch.
    ///
    /// ```
    /// # use otp_core::{process, registry::Registry};
    /// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("d"), async {
    /// let topics = Registry::duplicate::<&str, u32>().start_link().await.unwrap();
    /// topics.register("news", 1).unwrap();
    /// topics.register("news", 2).unwrap();
    /// let told = topics.dispatch("news", |entries| {
    ///     let best = entries.iter().max_by_key(|entry| entry.value);
    ///     best.unwrap().send("for the best");
    /// });
    /// assert_eq!(told, Ok(()));
    /// # assert_eq!(process::receive_type::<&str>().await, "for the best");
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.dispatch/3`.
    pub fn dispatch<Q>(
        &self,
        key: &Q,
        mut each: impl FnMut(&[Entry<V>]),
    ) -> Result<(), RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.by_partition(key)?.iter().for_each(|entries| each(entries));
        Ok(())
    }

    /// As [`RegistryRef::dispatch`], but each call of the function runs in a process of its own, at
    /// the same time as the others; it waits for all of them.
    ///
    /// With one partition that is one process: it pays only with several.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`]; [`RegistryError::Failed`] when the function has panicked or
    /// exited, with the first such reason. The other calls are done all the same.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, the calls that have begun go on.
    ///
    /// Elixir: `Registry.dispatch/4` with `parallel: true`.
    pub async fn dispatch_parallel<Q, F>(&self, key: &Q, each: F) -> Result<(), RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
        F: Fn(&[Entry<V>]) + Send + Sync + 'static,
    {
        let each = Arc::new(each);
        let running: Vec<ProcessRef> = self
            .by_partition(key)?
            .into_iter()
            .map(|entries| {
                let each = Arc::clone(&each);
                let node = Node::expect_current();
                let process: ProcessRef = create::<Never>(&node, ProcessKind::Plain, false);
                let future = async move { each(&entries) };
                run(ProcessRef::clone(&process), Plain { future });
                process
            })
            .collect();
        let mut failed = None;
        for process in running {
            let reason = exited(process).await;
            if reason != ExitReason::Normal {
                failed.get_or_insert(reason);
            }
        }
        failed.map_or(Ok(()), |reason| Err(RegistryError::Failed(reason)))
    }

    /// The entries of a key, those of each partition that has any.
    fn by_partition<Q>(&self, key: &Q) -> Result<Vec<Vec<Entry<V>>>, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.with(|store| {
            let mut partitions = Vec::new();
            partitions.resize_with(store.parts.len(), Vec::new);
            for entry in store.entries(key, |_, _| true) {
                partitions[store.parts.index_of(entry.pid)].push(entry);
            }
            partitions.retain(|entries| !entries.is_empty());
            partitions
        })
    }
}
