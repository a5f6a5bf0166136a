//! From a key to a partition.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::name::Name;
use crate::pid::Pid;

/// What [`PartitionSupervisorRef::of`](crate::PartitionSupervisorRef::of) takes: a key that says
/// which partition.
///
/// The partition of a key is the key's route modulo the number of partitions. The route of an
/// integer is its absolute value, whatever its width; that of all other keys is a hash. The hash is
/// FNV-1a of 64 bits over the bytes that [`Hash`] writes, in little-endian order, with the last
/// mixing step of MurmurHash3. It has no seed, so it is the same in every process and in every run
/// of a program.
///
/// ```
/// use otp_core::PartitionKey;
///
/// assert_eq!((-7_i8).route(), 7);
/// assert_eq!(i128::MIN.route(), 1 << 127);
/// assert_eq!("user:9".route(), String::from("user:9").route());
/// ```
///
/// A type of your own gets there by its `Hash`, through [`ByHash`]:
///
/// ```
/// use otp_core::{ByHash, PartitionKey};
///
/// #[derive(Hash)]
/// struct UserId(u64);
///
/// impl PartitionKey for UserId {
///     fn route(&self) -> u128 {
///         ByHash(self).route()
///     }
/// }
/// # assert_eq!(UserId(7).route(), ByHash(UserId(7)).route());
/// ```
///
/// Elixir: the key in `{:via, PartitionSupervisor, {name, key}}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a partition supervisor",
    label = "it does not say which partition",
    note = "a key that is `Hash` is taken as `ByHash(&key)`; or implement `PartitionKey` for it"
)]
pub trait PartitionKey {
    /// A number that does not change; modulo the number of partitions it is the partition.
    fn route(&self) -> u128;
}

/// A key of any type with a [`Hash`]: `Workers::of(ByHash(&key))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ByHash<K>(pub K);

impl<K: Hash> PartitionKey for ByHash<K> {
    fn route(&self) -> u128 {
        hashed(&self.0)
    }
}

macro_rules! signed {
    ($($ty:ty)*) => {
        $(impl PartitionKey for $ty {
            fn route(&self) -> u128 {
                u128::try_from(self.unsigned_abs()).unwrap_or_default() // it always fits
            }
        })*
    };
}

macro_rules! unsigned {
    ($($ty:ty)*) => {
        $(impl PartitionKey for $ty {
            fn route(&self) -> u128 {
                u128::try_from(*self).unwrap_or_default() // it always fits
            }
        })*
    };
}

macro_rules! hashed {
    ($($ty:ty)*) => {
        $(impl PartitionKey for $ty {
            fn route(&self) -> u128 {
                hashed(self)
            }
        })*
    };
}

macro_rules! tuples {
    ($($($name:ident)*;)*) => {
        $(impl<$($name: Hash),*> PartitionKey for ($($name,)*) {
            fn route(&self) -> u128 {
                hashed(self)
            }
        })*
    };
}

signed!(i8 i16 i32 i64 i128 isize);
unsigned!(u8 u16 u32 u64 u128 usize);
hashed!(str String bool char Pid Name Path PathBuf);
hashed!(IpAddr Ipv4Addr Ipv6Addr SocketAddr std::any::TypeId std::time::Duration);
tuples!(A; A B; A B C; A B C D; A B C D E; A B C D E F;);

impl PartitionKey for () {
    fn route(&self) -> u128 {
        hashed(self)
    }
}

impl<T: Hash> PartitionKey for [T] {
    fn route(&self) -> u128 {
        hashed(self)
    }
}

impl<T: Hash, const N: usize> PartitionKey for [T; N] {
    fn route(&self) -> u128 {
        self[..].route()
    }
}

impl<T: Hash> PartitionKey for Vec<T> {
    fn route(&self) -> u128 {
        self[..].route()
    }
}

impl<T: Hash> PartitionKey for Option<T> {
    fn route(&self) -> u128 {
        hashed(self)
    }
}

impl<T: PartitionKey + ?Sized> PartitionKey for &T {
    fn route(&self) -> u128 {
        T::route(self)
    }
}

impl<T: PartitionKey + ?Sized> PartitionKey for Box<T> {
    fn route(&self) -> u128 {
        T::route(self)
    }
}

impl<T: PartitionKey + ?Sized> PartitionKey for Rc<T> {
    fn route(&self) -> u128 {
        T::route(self)
    }
}

impl<T: PartitionKey + ?Sized> PartitionKey for Arc<T> {
    fn route(&self) -> u128 {
        T::route(self)
    }
}

impl<T: PartitionKey + ToOwned + ?Sized> PartitionKey for Cow<'_, T> {
    fn route(&self) -> u128 {
        T::route(self)
    }
}

fn hashed<K: Hash + ?Sized>(key: &K) -> u128 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    key.hash(&mut hasher);
    u128::from(hasher.finish())
}

/// FNV-1a, and at the end a step that spreads its bits.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64); // the same on machines of every width
    }

    fn finish(&self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ (hash >> 33)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_its_absolute_value_in_every_width() {
        assert_eq!((-4_i8).route(), 4);
        assert_eq!(i8::MIN.route(), 128);
        assert_eq!(i64::MIN.route(), 1 << 63);
        assert_eq!(i128::MIN.route(), 1 << 127);
        assert_eq!(isize::MAX.route(), 7_usize.route() + (isize::MAX as u128 - 7));
        assert_eq!(u128::MAX.route(), u128::MAX);
    }

    #[test]
    fn a_hash_never_changes() {
        // A change here sends every key of a running system to another partition.
        assert_eq!("user:9".route(), FIXED);
        assert_eq!(("user", 9_u64).route(), FIXED_TUPLE);
    }

    const FIXED: u128 = 14_348_134_159_694_312_537;
    const FIXED_TUPLE: u128 = 9_799_240_013_646_109_299;

    #[test]
    fn owned_and_borrowed_keys_are_the_same() {
        let text = String::from("user:9");
        assert_eq!(text.route(), "user:9".route());
        assert_eq!((&&text).route(), Cow::Borrowed("user:9").route());
        assert_eq!(Arc::<str>::from("user:9").route(), Box::<str>::from("user:9").route());
        assert_eq!(vec![1_u8, 2].route(), [1_u8, 2].route());
        assert_eq!(ByHash("user:9").route(), "user:9".route());
    }

    #[test]
    fn keys_that_differ_little_are_spread_evenly() {
        let mut found = [0_u32; 8];
        for number in 0..8_000_u32 {
            found[(("user", number).route() % 8) as usize] += 1;
        }
        assert!(found.iter().all(|count| (850..1_150).contains(count)), "{found:?}");
    }
}
