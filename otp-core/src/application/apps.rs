//! The applications that a node knows, by name.

use super::registry::Entry;

/// Entries in the order of their names. A node has few, and their order is what people see.
#[derive(Default)]
pub(super) struct Apps(Vec<(String, Entry)>);

impl Apps {
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.place(name).ok().map(|at| &self.0[at].1)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Entry> {
        self.place(name).ok().map(|at| &mut self.0[at].1)
    }

    /// Enters an application, in place of the one with its name if there is one.
    pub(super) fn insert(&mut self, name: String, entry: Entry) {
        match self.place(&name) {
            Ok(at) => self.0[at].1 = entry,
            Err(at) => self.0.insert(at, (name, entry)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Entry> {
        self.place(name).ok().map(|at| self.0.remove(at).1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().map(|(_, entry)| entry)
    }
}
