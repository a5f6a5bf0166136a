//! The messages on disk: numbers, ids, retention, pages; and a disk that loses what was not synced,
//! which `kill -9` cannot show, because the operating system still writes what it was handed.

use std::sync::Arc;

use chat::{Draft, Kept, Name, Page, Query, Store};
use harness::lossy::Disk;
use redb::backends::InMemoryBackend;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn draft(room: &str, text: &str, id: Option<&str>) -> Draft {
    let id = id.map(Arc::from);
    Draft { room: name(room), nick: name("ann"), action: false, text: text.into(), id }
}

fn page(store: &Store, room: &str, after: Option<u64>, limit: usize) -> Page {
    store.read(&Query { room: name(room), after, limit }).unwrap()
}

fn numbers(page: &Page) -> Vec<u64> {
    page.messages.iter().map(|message| message.number).collect()
}

fn memory(retention: u64) -> Store {
    Store::on(InMemoryBackend::new(), retention).unwrap()
}

#[test]
fn each_room_has_numbers_of_its_own() {
    let store = memory(10);
    let drafts = ["a", "b", "a", "a"].map(|room| draft(room, "hi", None));
    let kept = store.keep(&drafts).unwrap();
    let numbers = kept.iter().map(|kept| match kept {
        Kept::New(message) => (message.room.as_str(), message.number),
        Kept::Known(_) => panic!("there was no id"),
    });
    assert_eq!(numbers.collect::<Vec<_>>(), [("a", 1), ("b", 1), ("a", 2), ("a", 3)]);
    // A name that begins with another's is not mixed up with it.
    store.keep(&[draft("ab", "hi", None)]).unwrap();
    assert_eq!((page(&store, "a", None, 9).last, page(&store, "ab", None, 9).last), (3, 1));
    let empty = Page { room: name("c"), first: 1, messages: Vec::new(), last: 0 };
    assert_eq!(page(&store, "c", None, 9), empty);
}

#[test]
fn an_id_counts_for_its_room_and_sender() {
    let store = memory(2);
    let twice = [draft("a", "first", Some("x")), draft("a", "again", Some("x"))];
    let kept = store.keep(&twice).unwrap();
    assert!(matches!(kept[..], [Kept::New(_), Kept::Known(1)]), "{kept:?}");
    assert_eq!(store.keep(&twice[..1]).unwrap(), [Kept::Known(1)]);
    let other = Draft { nick: name("bob"), ..draft("a", "other", Some("x")) };
    assert!(matches!(store.keep(&[other]).unwrap()[..], [Kept::New(_)]));
    assert!(matches!(store.keep(&[draft("b", "x", Some("x"))]).unwrap()[..], [Kept::New(_)]));
    // It is forgotten with its message, so what is kept has a limit.
    store.keep(&[draft("a", "three", None)]).unwrap();
    assert_eq!(numbers(&page(&store, "a", None, 9)), [2, 3]);
    assert!(matches!(store.keep(&twice[..1]).unwrap()[..], [Kept::New(_)]));
}

#[test]
fn pages_begin_where_they_are_asked_to() {
    let store = memory(1_000);
    let drafts: Vec<Draft> = (1..=250).map(|n: u32| draft("a", &n.to_string(), None)).collect();
    store.keep(&drafts).unwrap();
    assert_eq!(numbers(&page(&store, "a", None, 3)), [248, 249, 250]);
    assert_eq!(numbers(&page(&store, "a", Some(10), 3)), [11, 12, 13]);
    assert_eq!(numbers(&page(&store, "a", Some(0), 1_000)).len(), 100);
    assert_eq!(numbers(&page(&store, "a", Some(249), 9)), [250]);
    assert_eq!(numbers(&page(&store, "a", Some(250), 9)), Vec::<u64>::new());
    assert_eq!(numbers(&page(&store, "a", Some(u64::MAX), 9)), Vec::<u64>::new());
    assert_eq!(numbers(&page(&store, "a", None, 0)), Vec::<u64>::new());
    // Long messages make pages of fewer.
    let long: Vec<Draft> = (0..40).map(|_| draft("b", &"x".repeat(4_000), None)).collect();
    store.keep(&long).unwrap();
    assert_eq!(numbers(&page(&store, "b", Some(0), 100)), (1..=16).collect::<Vec<_>>());
    assert_eq!(numbers(&page(&store, "b", None, 100)), (25..=40).collect::<Vec<_>>());
}

#[test]
fn what_was_kept_is_there_after_a_power_cut() {
    let disk = Disk::new(true);
    let store = Store::on(disk.clone(), 8).unwrap();
    for round in 1..=10 {
        let batch = [draft("a", "one", Some(&format!("id {round}"))), draft("a", "two", None)];
        store.keep(&batch).unwrap();
        let after = Store::on(disk.after_power_cut(), 8).unwrap();
        let page = page(&after, "a", None, 100);
        assert_eq!((page.last, page.messages.len() as u64), (2 * round, (2 * round).min(8)));
        let known = after.keep(&batch[..1]).unwrap();
        assert_eq!(known, [Kept::Known(2 * round - 1)], "an id survives as well");
    }
}

/// The negative control: on a disk that only promises to sync, the same test finds a loss.
#[test]
fn a_disk_that_lies_loses() {
    let disk = Disk::new(false);
    let store = Store::on(disk.clone(), 8).unwrap();
    store.keep(&[draft("a", "one", None)]).unwrap();
    let after = Store::on(disk.after_power_cut(), 8);
    assert_ne!(after.map(|store| page(&store, "a", None, 9).last).ok(), Some(1));
}
