//! Looking at many entries.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::pid::Pid;
use crate::registry::Entry;
use crate::registry::error::RegistryError;
use crate::registry::handle::RegistryRef;
use crate::registry::kind::{Key, Kind, Value};
use crate::registry::store::in_order;

impl<K: Key, V: Value, D: Kind> RegistryRef<K, V, D> {
    /// The keys of a process in the order of registration, repeated when it has registered more
    /// than once under one.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.keys/2`.
    pub fn keys(&self, pid: Pid) -> Result<Vec<K>, RegistryError> {
        self.with(|store| store.keys(pid))
    }

    /// The values of a process under one key, in the order of registration.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.values/3`.
    pub fn values<Q>(&self, key: &Q, pid: Pid) -> Result<Vec<V>, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let entries = self.with(|store| store.entries(key, |holder, _| holder == pid))?;
        Ok(entries.into_iter().map(|entry| entry.value).collect())
    }

    /// How many entries there are.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.count/1`.
    pub fn count(&self) -> Result<usize, RegistryError> {
        self.with(|store| store.count())
    }

    /// The entries of a key that `wants` accepts, in the order of registration.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.match/4`; a closure takes the place of pattern and guards.
    pub fn matches<Q>(
        &self,
        key: &Q,
        wants: impl FnMut(Pid, &V) -> bool,
    ) -> Result<Vec<Entry<V>>, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.with(|store| store.entries(key, wants))
    }

    /// How many entries of a key `wants` accepts.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.count_match/4`.
    pub fn count_match<Q>(
        &self,
        key: &Q,
        mut wants: impl FnMut(Pid, &V) -> bool,
    ) -> Result<usize, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut count = 0;
        self.with(|store| {
            store.each(key, |held| count += usize::from(wants(held.pid(), &held.value)));
        })?;
        Ok(count)
    }

    /// What `choose` makes of all entries, in the order of registration; it leaves out those for
    /// which it returns `None`.
    ///
    /// ```
    /// # use otp_core::registry::Registry;
    /// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("d"), async {
    /// let stock = Registry::unique::<&str, u32>().start_link().await.unwrap();
    /// for (fruit, number) in [("apple", 1), ("pear", 2), ("plum", 3)] {
    ///     stock.register(fruit, number).unwrap();
    /// }
    /// let many = stock.select(|fruit, _pid, number| (*number > 1).then_some(*fruit));
    /// assert_eq!(many, Ok(vec!["pear", "plum"]));
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.select/2`; a closure takes the place of the match specification.
    pub fn select<T>(
        &self,
        mut choose: impl FnMut(&K, Pid, &V) -> Option<T>,
    ) -> Result<Vec<T>, RegistryError> {
        let mut found = Vec::new();
        self.with(|store| {
            store.all(|key, held| {
                let chosen = choose(key, held.pid(), &held.value);
                found.extend(chosen.map(|chosen| (held.seq, chosen)));
            });
        })?;
        Ok(in_order(found))
    }

    /// How many of all entries `wants` accepts.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.count_select/2`.
    pub fn count_select(
        &self,
        mut wants: impl FnMut(&K, Pid, &V) -> bool,
    ) -> Result<usize, RegistryError> {
        let mut count = 0;
        self.with(|store| {
            store.all(|key, held| count += usize::from(wants(key, held.pid(), &held.value)));
        })?;
        Ok(count)
    }
}
