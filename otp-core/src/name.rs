//! Registered names.

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::process::block::ProcessRef;
use crate::process::via::{Via, ViaName};
use crate::sync::Arc;

/// The name of a process on its node: a type or a text, or what a registry keeps.
///
/// `#[gen_server(name)]` registers a server under its own type, so that no text has to be invented
/// and no text can be mistyped. One table holds both kinds.
///
/// ```
/// use otp_core::Name;
///
/// struct Counter;
/// assert_eq!(Name::of::<Counter>(), Name::of::<Counter>());
/// assert_eq!(Name::from("ticker").to_string(), "ticker");
/// ```
///
/// Elixir: the atom given as `name:`, usually `__MODULE__`.
#[derive(Clone)]
#[non_exhaustive]
pub enum Name {
    /// The name is a type, whatever its value.
    #[non_exhaustive]
    Type {
        /// Identifies the type.
        id: TypeId,
        /// How the type prints.
        text: &'static str,
    },
    /// The name is a text.
    Text(Cow<'static, str>),
    /// The name is kept by a registry.
    Via(Via),
}

impl Name {
    /// The name that the type `T` stands for.
    pub fn of<T: 'static>() -> Name {
        Name::Type { id: TypeId::of::<T>(), text: std::any::type_name::<T>() }
    }

    /// A name that is kept somewhere else than in the node's own table.
    ///
    /// Elixir: `{:via, module, name}`.
    pub fn via(name: impl ViaName + Eq + Hash) -> Name {
        Name::Via(Via::new(name))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        match (self, other) {
            (Name::Type { id: a, .. }, Name::Type { id: b, .. }) => a == b,
            (Name::Text(a), Name::Text(b)) => a == b,
            (Name::Via(a), Name::Via(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Name::Type { id, .. } => id.hash(state),
            Name::Text(text) => text.hash(state),
            Name::Via(via) => via.hash(state),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Type { text, .. } => f.write_str(&short_type_name(text)),
            Name::Text(text) => f.write_str(text),
            Name::Via(via) => write!(f, "{via:?}"),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Type { text, .. } => write!(f, "Name({text})"),
            Name::Text(text) => write!(f, "Name({text:?})"),
            Name::Via(via) => write!(f, "Name({via:?})"),
        }
    }
}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Name {
        Name::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name::Text(Cow::Owned(text))
    }
}

/// A type's name without the paths: `KvStore<String, u32>` for
/// `shop::KvStore<alloc::string::String, u32>`.
pub(crate) fn short_type_name(full: &str) -> String {
    let mut short = String::with_capacity(full.len());
    let mut segment = 0; // where the identifier that is being copied begins
    let mut rest = full;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::") {
            short.truncate(segment);
            rest = after;
            continue;
        }
        short.push(next);
        if !next.is_alphanumeric() && next != '_' {
            segment = short.len();
        }
        rest = &rest[next.len_utf8()..];
    }
    short
}

/// Which process holds which name.
#[derive(Default)]
pub(crate) struct Names(papaya::HashMap<Name, ProcessRef>);

impl Names {
    /// Enters a name, or says who holds it.
    pub(crate) fn claim(&self, name: &Name, process: &ProcessRef) -> Result<(), ProcessRef> {
        match self.0.pin().try_insert(name.clone(), Arc::clone(process)) {
            Ok(_) => Ok(()),
            Err(taken) => Err(Arc::clone(taken.current)),
        }
    }

    /// The holder of a name.
    pub(crate) fn get(&self, name: &Name) -> Option<ProcessRef> {
        self.0.pin().get(name).cloned()
    }

    /// Frees a name; only its holder calls this.
    pub(crate) fn release(&self, name: &Name) {
        self.0.pin().remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::short_type_name;

    #[test]
    fn all_paths_are_cut() {
        assert_eq!(short_type_name("shop::kv::KvStore"), "KvStore");
        assert_eq!(short_type_name("a::Kv<b::c::K, (u32, d::V)>"), "Kv<K, (u32, V)>");
        assert_eq!(short_type_name("u32"), "u32");
    }
}
