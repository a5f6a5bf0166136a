//! The entries of one registry, and the indices to them.
//!
//! Nothing here waits, and readers write nothing that others read: they go through concurrent maps,
//! and see from a bit in the holder's block whether it lives. User code, such as the `Hash` of a
//! key, runs under no lock.

use std::any::Any;
use std::borrow::{Borrow, Cow};
use std::hash::Hash;

use crate::message::{Dest, Message};
use crate::name::Name;
use crate::pid::Pid;
use crate::process;
use crate::process::block::ProcessRef;
use crate::process::control::Departure;
use crate::process::signal;
use crate::registry::error::RegistryError;
use crate::registry::kind::{Key, Value};
use crate::registry::lock::Locks;
use crate::registry::owned::Owned;
use crate::registry::partition::Parts;
use crate::registry::topic::{Held, Slot, Topic};
use crate::registry::{Entry, Registered, Unregistered};
use crate::sync::{Arc, AtomicU64, Ordering, Weak, fence};

/// The values that a registry keeps beside its entries.
pub(super) type Meta = papaya::HashMap<Cow<'static, str>, Arc<dyn Any + Send + Sync>>;

/// Everything of one registry.
pub(super) struct Store<K, V> {
    pub(super) name: Option<Name>,
    unique: bool,
    pub(super) parts: Parts,
    slots: papaya::HashMap<K, Slot<V>>,
    owned: papaya::HashMap<Pid, Arc<Owned<K>>>,
    listeners: Vec<Dest>,
    pub(super) meta: Meta,
    pub(super) locks: Locks<K>,
    next: Next,
    this: Weak<Store<K, V>>,
}

/// The place of the next entry, alone on its cache lines: whoever registers writes it.
#[derive(Default)]
#[repr(align(128))]
struct Next(AtomicU64);

impl<K: Key, V: Value> Store<K, V> {
    pub(super) fn new(
        name: Option<Name>,
        unique: bool,
        partitions: usize,
        listeners: Vec<Dest>,
        meta: Meta,
    ) -> Arc<Store<K, V>> {
        Arc::new_cyclic(|this| Store {
            name,
            unique,
            parts: Parts::new(partitions),
            slots: papaya::HashMap::new(),
            owned: papaya::HashMap::new(),
            listeners,
            meta,
            locks: Locks::default(),
            next: Next::default(),
            this: this.clone(),
        })
    }

    /// The store as something to be kept.
    pub(super) fn shared(&self) -> Option<Arc<Store<K, V>>> {
        self.this.upgrade()
    }

    /// Enters a process under a key.
    pub(super) fn register(
        &self,
        process: &ProcessRef,
        key: K,
        value: V,
    ) -> Result<(), RegistryError> {
        let pid = process.head().pid;
        let owned = self.owned_by(process)?;
        let partition = self.parts.of(pid).ok_or(RegistryError::NotRunning)?;
        let key = Arc::new(key);
        let seq = self.next.0.fetch_add(1, Ordering::Relaxed);
        if !owned.add(seq, Arc::clone(&key), &partition) {
            return Err(RegistryError::NotRunning);
        }
        let told = (!self.listeners.is_empty()).then(|| value.clone());
        let held = Held { seq, process: ProcessRef::clone(process), value };
        if let Err(holder) = self.enter(&key, held) {
            owned.remove(seq, Some(&partition));
            return Err(RegistryError::AlreadyRegistered { pid: holder });
        }
        // Either may have ended, and its entries been removed, just before this one was entered.
        // Whoever removes them has a fence as well: one of the two sees what the other has done.
        fence(Ordering::SeqCst);
        for (end, error) in
            [(process, RegistryError::NoProcess), (&partition, RegistryError::NotRunning)]
        {
            if end.head().is_closed() {
                owned.remove(seq, Some(&partition));
                self.remove(&key, seq);
                return Err(error);
            }
        }
        if let Some(value) = told {
            for listener in &self.listeners {
                let (registry, key, value) = (self.name.clone(), K::clone(&key), value.clone());
                let message = Registered { registry, key, pid, value };
                process::send_message(listener.clone(), Message::new(message));
            }
        }
        Ok(())
    }

    /// What a process has here. From its first time on, the process tells when it ends.
    fn owned_by(&self, process: &ProcessRef) -> Result<Arc<Owned<K>>, RegistryError> {
        let pid = process.head().pid;
        let all = self.owned.pin();
        if let Some(owned) = all.get(&pid) {
            return Ok(Arc::clone(owned));
        }
        let owned = Arc::new(Owned::new(ProcessRef::clone(process)));
        let owned = match all.try_insert(pid, owned) {
            Ok(owned) => owned,
            Err(taken) => return Ok(Arc::clone(taken.current)),
        };
        let this = self.shared().ok_or(RegistryError::NotRunning)?;
        if !signal::tell_departure(&**process, this) {
            all.remove(&pid);
            return Err(RegistryError::NoProcess);
        }
        Ok(Arc::clone(owned))
    }

    /// Enters an entry into the map of keys, or says who has the key.
    fn enter(&self, key: &K, mut held: Held<V>) -> Result<(), Pid> {
        let slots = self.slots.pin();
        if !self.unique {
            loop {
                let slot = match slots.get(key) {
                    Some(slot) => slot,
                    None => slots.get_or_insert_with(key.clone(), || Slot::Many(Topic::new())),
                };
                let Slot::Many(topic) = slot else { unreachable!("the keys are not unique") };
                if topic.tally.enter() {
                    topic.entries.pin().insert(held.seq, held);
                    return Ok(());
                }
                let _ = slots.remove_if(key, |_, slot| slot.is_over());
            }
        }
        loop {
            let Err(taken) = slots.try_insert(key.clone(), Slot::One(held)) else {
                return Ok(());
            };
            let (Slot::One(holder), Slot::One(refused)) = (taken.current, taken.not_inserted)
            else {
                unreachable!("the keys are unique")
            };
            if holder.is_alive() {
                return Err(holder.pid());
            }
            // It has ended and is about to be removed: the key is free.
            let _ = slots.remove_if(key, |_, slot| slot.is_one(holder.seq));
            held = refused;
        }
    }

    /// Takes an entry out of the map of keys.
    fn remove(&self, key: &K, seq: u64) {
        let slots = self.slots.pin();
        if self.unique {
            let _ = slots.remove_if(key, |_, slot| slot.is_one(seq));
            return;
        }
        let Some(Slot::Many(topic)) = slots.get(key) else { return };
        if topic.entries.pin().remove(&seq).is_some() && topic.tally.leave() {
            let _ = slots.remove_if(key, |_, slot| slot.is_over());
        }
    }

    /// Takes out the entries of a process under a key for which `leaves` says so.
    pub(super) fn unregister<Q>(&self, pid: Pid, key: &Q, mut leaves: impl FnMut(&V) -> bool)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let Some(owned) = self.owned.pin().get(&pid).cloned() else { return };
        let partition = self.parts.of(pid);
        for (seq, own) in self.own_entries(&owned, key) {
            if self.value(&own, seq, &mut leaves) != Some(true) {
                continue;
            }
            self.remove(&own, seq);
            owned.remove(seq, partition.as_ref());
            for listener in &self.listeners {
                let message =
                    Unregistered { registry: self.name.clone(), key: K::clone(&own), pid };
                process::send_message(listener.clone(), Message::new(message));
            }
        }
    }

    /// The entries of a process under one key.
    fn own_entries<Q>(&self, owned: &Owned<K>, key: &Q) -> Vec<(u64, Arc<K>)>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let pid = owned.process.head().pid;
        let slots = self.slots.pin();
        let Some((own, slot)) = slots.get_key_value(key) else { return Vec::new() };
        // Whichever is shorter: the entries of the key, or those of the process.
        let of_key = |seq: u64| (seq, Arc::new(own.clone()));
        match slot {
            Slot::One(held) if held.pid() == pid => return vec![of_key(held.seq)],
            Slot::One(_) => return Vec::new(),
            Slot::Many(topic) if topic.entries.len() < owned.len() => {
                let entries = topic.entries.pin();
                let own = entries.values().filter(|held| held.pid() == pid);
                return own.map(|held| of_key(held.seq)).collect();
            }
            Slot::Many(_) => {}
        }
        let mut keys = owned.list();
        keys.retain(|(_, own)| K::borrow(own) == key);
        keys
    }

    /// Looks at the value of one entry.
    fn value<T>(&self, key: &K, seq: u64, look: impl FnOnce(&V) -> T) -> Option<T> {
        match self.slots.pin().get(key)? {
            Slot::One(held) if held.seq == seq => Some(look(&held.value)),
            Slot::One(_) => None,
            Slot::Many(topic) => topic.entries.pin().get(&seq).map(|held| look(&held.value)),
        }
    }

    /// Removes all entries of a process that has ended.
    fn forget(&self, pid: Pid) {
        fence(Ordering::SeqCst); // see `register`
        let Some(owned) = self.owned.pin().remove(&pid).cloned() else { return };
        // Without the link the partition is not woken for each end.
        for (seq, key) in owned.take(self.parts.of(pid).as_ref()) {
            self.remove(&key, seq);
        }
    }

    /// Removes all entries of one partition, whose process has ended. The links stay: through them
    /// the end reaches those who were registered.
    pub(super) fn clear(&self, partition: usize) {
        fence(Ordering::SeqCst); // see `register`
        let all: Vec<Arc<Owned<K>>> = self.owned.pin().values().cloned().collect();
        for owned in all {
            if self.parts.index_of(owned.process.head().pid) == partition {
                for (seq, key) in owned.take(None) {
                    self.remove(&key, seq);
                }
            }
        }
    }

    /// The live holder of a unique key, seen by `look`.
    pub(super) fn one<Q, T>(&self, key: &Q, look: impl FnOnce(&Held<V>) -> T) -> Option<T>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        match self.slots.pin().get(key) {
            Some(Slot::One(held)) if held.is_alive() => Some(look(held)),
            _ => None,
        }
    }

    /// Shows the live entries of a key, in no order.
    pub(super) fn each<Q>(&self, key: &Q, mut look: impl FnMut(&Held<V>))
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.each_or_ended(key, |held| {
            if held.is_alive() {
                look(held);
            }
        });
    }

    /// As [`Store::each`], with those that have ended and are about to be removed.
    pub(super) fn each_or_ended<Q>(&self, key: &Q, mut look: impl FnMut(&Held<V>))
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(slot) = self.slots.pin().get(key) {
            slot.each(&mut look);
        }
    }

    /// Shows all live entries, in no order.
    pub(super) fn all(&self, mut look: impl FnMut(&K, &Held<V>)) {
        for (key, slot) in &self.slots.pin() {
            slot.each(&mut |held| {
                if held.is_alive() {
                    look(key, held);
                }
            });
        }
    }

    /// How many entries there are.
    pub(super) fn count(&self) -> usize {
        let slots = self.slots.pin();
        if self.unique {
            return slots.len();
        }
        let many = slots.values().map(|slot| match slot {
            Slot::One(_) => 1,
            Slot::Many(topic) => topic.entries.len(),
        });
        many.sum()
    }

    /// The live entries of a key that `wants` accepts, in the order of registrations.
    pub(super) fn entries<Q>(
        &self,
        key: &Q,
        mut wants: impl FnMut(Pid, &V) -> bool,
    ) -> Vec<Entry<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut found = Vec::new();
        self.each(key, |held| {
            let pid = held.pid();
            if wants(pid, &held.value) {
                found.push((held.seq, Entry { pid, value: held.value.clone() }));
            }
        });
        in_order(found)
    }

    /// The keys of a process, in the order of registrations.
    pub(super) fn keys(&self, pid: Pid) -> Vec<K> {
        let Some(owned) = self.owned.pin().get(&pid).cloned() else { return Vec::new() };
        owned.list().iter().map(|(_, key)| K::clone(key)).collect()
    }

    /// Puts another value into the caller's entry; gives the new and the old one.
    pub(super) fn update<Q>(
        &self,
        pid: Pid,
        key: &Q,
        change: impl FnOnce(&V) -> V,
    ) -> Result<(V, V), RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let slots = self.slots.pin();
        let Some((key, Slot::One(held))) = slots.get_key_value(key) else {
            return Err(RegistryError::NotOwner);
        };
        if held.pid() != pid {
            return Err(RegistryError::NotOwner);
        }
        let (seq, old) = (held.seq, held.value.clone());
        let new = change(&old);
        let updated = slots.compute(key.clone(), |found| match found {
            Some((_, slot)) if slot.is_one(seq) => papaya::Operation::Insert(Slot::One(Held {
                seq,
                process: ProcessRef::clone(&held.process),
                value: new.clone(),
            })),
            _ => papaya::Operation::Abort(()),
        });
        match updated {
            papaya::Compute::Updated { .. } => Ok((new, old)),
            _ => Err(RegistryError::NotOwner),
        }
    }
}

impl<V> Slot<V> {
    /// Shows the entries, in no order.
    fn each(&self, look: &mut impl FnMut(&Held<V>)) {
        match self {
            Slot::One(held) => look(held),
            Slot::Many(topic) => topic.entries.pin().values().for_each(look),
        }
    }
}

/// What was found, in the order of registrations.
pub(super) fn in_order<T>(mut found: Vec<(u64, T)>) -> Vec<T> {
    found.sort_unstable_by_key(|(seq, _)| *seq);
    found.into_iter().map(|(_, value)| value).collect()
}

impl<K: Key, V: Value> Departure for Store<K, V> {
    fn departed(&self, pid: Pid) {
        self.forget(pid);
    }
}
