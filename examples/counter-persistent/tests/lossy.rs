//! A disk that loses what was not synced: what `kill -9` cannot show, because the operating system
//! still writes what a dead program had handed to it.

use counter_persistent::Store;
use harness::lossy::Disk;

#[test]
fn what_was_saved_is_there_after_a_power_cut() {
    let disk = Disk::new(true);
    let store = Store::on(disk.clone()).unwrap();
    for value in 1..=20 {
        store.save(value).unwrap();
        let after = Store::on(disk.after_power_cut()).unwrap();
        assert_eq!(after.load().unwrap(), value);
    }
}

/// The negative control: on a disk that only promises to sync, the same test finds a loss.
#[test]
fn a_disk_that_lies_loses() {
    let disk = Disk::new(false);
    let store = Store::on(disk.clone()).unwrap();
    store.save(7).unwrap();
    let after = Store::on(disk.after_power_cut());
    assert_ne!(after.and_then(|store| store.load()).ok(), Some(7));
}
