//! Names between angle brackets, of every kind.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash};
use std::marker::PhantomData;

use otp::prelude::*;

const SIZE: usize = 4;

#[derive(Clone, Debug, PartialEq)]
struct Ring<T, const N: usize, U>(Vec<T>, PhantomData<U>);

type Hasher = BuildHasherDefault<DefaultHasher>;
type Alias<T> = Option<T>;

struct Store {
    ring: Ring<u8, SIZE, u16>,
}

#[gen_server]
impl Store {
    #[init]
    fn init(ring: Ring<u8, SIZE, u16>) -> Self {
        Store { ring }
    }

    #[handle_call]
    fn ring(&self) -> Ring<u8, SIZE, u16> {
        self.ring.clone()
    }

    #[handle_cast]
    fn set(&mut self, ring: Ring<u8, { SIZE }, u16>, _size: [u8; SIZE]) {
        self.ring = ring;
    }

    #[handle_call]
    fn apply(&self, f: Box<dyn Fn(u8) -> Alias<u8> + Send>) -> Alias<u8> {
        f(self.ring.0[0])
    }

    #[handle_info]
    fn renewed(&mut self, ring: Ring<u8, SIZE, u32>) {
        self.ring.0 = ring.0;
    }
}

struct Cache<K, V, const N: usize>(HashMap<K, V, Hasher>);

#[gen_server]
impl<K, V, const N: usize> Cache<K, V, N>
where
    K: Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    #[init]
    fn init(entries: HashMap<K, V, Hasher>) -> Self {
        Cache(entries)
    }

    #[handle_call]
    fn get(&self, key: K) -> Option<V> {
        self.0.get(&key).cloned()
    }

    #[handle_call]
    fn first(&self, ring: Ring<K, N, V>, more: (K, V, Ring<V, N, K>)) -> Option<(V, Option<V>)> {
        let ring = ring.0.first().and_then(|key| self.0.get(key)).cloned();
        self.0.get(&more.0).cloned().map(|found| (found, ring))
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    let store = Store::start_link(Ring(vec![1], PhantomData)).await?;
    store.set(Ring(vec![2], PhantomData), [0; SIZE]);
    assert_eq!(store.ring().await?.0, [2]);
    process::send(store.pid().unwrap(), Ring::<u8, SIZE, u32>(vec![3], PhantomData));
    assert_eq!(store.apply(Box::new(Some)).await?, Some(3));
    let cache = Cache::<u8, u16, 2>::start_link([(1, 2)].into_iter().collect()).await?;
    assert_eq!(cache.get(1).await?, Some(2));
    let ring = Ring(vec![1], PhantomData);
    assert_eq!(cache.first(ring, (1, 0, Ring(vec![], PhantomData))).await?, Some((2, Some(2))));
    Ok(())
}
