//! The process dictionary: values that belong to the running process and to nobody else.
//!
//! A key is identified by its type and its value, so two modules with key types of their own never
//! meet, while `&'static str` keys are shared by all. An entry's value may be of any type that can
//! be cloned; asked for under another type, it counts as absent.
//!
//! The dictionary works in servers, too. It is dropped with everything else that the process owns
//! when the process ends, and nobody else can read it.
//!
//! ```
//! use otp_core::process::{self, dict};
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! assert_eq!(dict::put("depth", 1_u32), None);
//! assert_eq!(dict::put("depth", 2_u32), Some(1));
//! assert_eq!(dict::get::<u32, _>(&"depth"), Some(2));
//! assert_eq!(dict::get::<String, _>(&"depth"), None);
//! assert_eq!(dict::get_or(&"width", 80_u32), 80);
//! assert_eq!(dict::delete::<u32, _>(&"depth"), Some(2));
//! # }) }
//! ```
//!
//! # When not to use it
//!
//! For the state of a server: that is a struct. For values that several processes read: use a
//! server, or share an `Arc`.
//!
//! Elixir: `Process.put/2`, `Process.get/2`, `Process.delete/1`, `Process.get_keys/1`.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;

use crate::process::block::{Process, ProcessRef, with_control};
use crate::process::current;

/// The dictionary of a process: for each type of keys a [`Table`] of it.
#[derive(Default)]
pub(crate) struct Dict(HashMap<TypeId, Box<dyn Any + Send>>);

/// Where a process keeps its dictionary.
#[derive(Default)]
pub(crate) enum Slot {
    /// Nothing was ever put.
    #[default]
    Empty,
    /// Here it is.
    Kept(Dict),
    /// It is in use: user code, such as the comparison of two keys, may be running.
    Lent,
}

type Table<K> = HashMap<K, Box<dyn Any + Send>>;

/// The dictionary, taken out of its process so that no user code runs under the process's lock.
struct Lent {
    process: ProcessRef,
    dict: Dict,
}

impl Lent {
    #[track_caller]
    fn take(what: &str) -> Lent {
        let process = current::expect(what);
        let slot = with_control(&*process, |control, _| {
            std::mem::replace(&mut control.rare().dict, Slot::Lent)
        });
        match slot {
            Slot::Empty => Lent { process, dict: Dict::default() },
            Slot::Kept(dict) => Lent { process, dict },
            Slot::Lent => panic!(
                "`{what}` inside the comparison, the hash or the clone of something in the process \
                 dictionary"
            ),
        }
    }

    fn table<K: Send + 'static>(&mut self) -> Option<&mut Table<K>> {
        self.dict.0.get_mut(&TypeId::of::<K>())?.downcast_mut()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let dict = std::mem::take(&mut self.dict);
        with_control(&*self.process, |control, _| control.rare().dict = Slot::Kept(dict));
    }
}

/// Takes the dictionary out of a process that ends.
pub(crate) fn remove(process: &dyn Process) -> Option<Dict> {
    with_control(process, |control, _| {
        let rare = control.get_rare_mut()?;
        match std::mem::take(&mut rare.dict) {
            Slot::Kept(dict) => Some(dict),
            Slot::Empty | Slot::Lent => None,
        }
    })
}

/// Stores a value under a key; returns the one that was there, if it had the same type.
///
/// # Panics
///
/// Outside a process, and inside the comparison, the hash or the clone of something in the
/// dictionary. So do all functions of this module.
///
/// Elixir: `Process.put/2`.
#[track_caller]
pub fn put<K, V>(key: K, value: V) -> Option<V>
where
    K: Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    let mut lent = Lent::take("dict::put");
    let table = lent.dict.0.entry(TypeId::of::<K>());
    let table = table.or_insert_with(|| Box::new(Table::<K>::new()));
    let table = table.downcast_mut::<Table<K>>()?;
    let old = table.insert(key, Box::new(value));
    drop(lent); // the old value's destructor may use the dictionary
    old.and_then(|old| old.downcast().ok()).map(|old| *old)
}

/// A clone of the value under a key; `None` when there is none of this type.
///
/// # Panics
///
/// As [`put`].
///
/// Elixir: `Process.get/1`.
#[track_caller]
pub fn get<V, K>(key: &K) -> Option<V>
where
    K: Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    let mut lent = Lent::take("dict::get");
    lent.table::<K>()?.get(key)?.downcast_ref::<V>().cloned()
}

/// A clone of the value under a key, or `default` when there is none of this type.
///
/// # Panics
///
/// As [`put`].
///
/// Elixir: `Process.get/2`.
#[track_caller]
pub fn get_or<V, K>(key: &K, default: V) -> V
where
    K: Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    get(key).unwrap_or(default)
}

/// Removes a key; returns its value, if that has this type. The key is removed in any case.
///
/// # Panics
///
/// As [`put`].
///
/// Elixir: `Process.delete/1`.
#[track_caller]
pub fn delete<V, K>(key: &K) -> Option<V>
where
    K: Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    let mut lent = Lent::take("dict::delete");
    let old = lent.table::<K>().and_then(|table| table.remove(key));
    drop(lent);
    old.and_then(|old| old.downcast().ok()).map(|old| *old)
}

/// All keys of one type, in no order that means anything.
///
/// # Panics
///
/// As [`put`].
///
/// Elixir: `Process.get_keys/0`.
#[track_caller]
pub fn keys<K>() -> Vec<K>
where
    K: Clone + Send + 'static,
{
    let mut lent = Lent::take("dict::keys");
    lent.table::<K>().map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

/// The keys of one type under which a value equal to `value` is stored, in no order that means
/// anything.
///
/// # Panics
///
/// As [`put`].
///
/// Elixir: `Process.get_keys/1`.
#[track_caller]
pub fn keys_of<K, V>(value: &V) -> Vec<K>
where
    K: Clone + Send + 'static,
    V: PartialEq + Send + 'static,
{
    let mut lent = Lent::take("dict::keys_of");
    let Some(table) = lent.table::<K>() else { return Vec::new() };
    let same = |stored: &Box<dyn Any + Send>| (**stored).downcast_ref::<V>() == Some(value);
    let keys = table.iter().filter(|(_, stored)| same(stored));
    keys.map(|(key, _)| key.clone()).collect()
}
