//! A disk that loses what was not synced: what `kill -9` cannot show, because the operating system
//! still writes what a dead program had handed to it.

use std::io;
use std::sync::{Arc, Mutex};

use counter_persistent::Store;
use redb::StorageBackend;

/// Memory that remembers what it was at the last sync.
#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<Image>>);

#[derive(Debug, Default)]
struct Image {
    now: Vec<u8>,
    synced: Vec<u8>,
    /// Whether syncs are done, or only promised.
    honest: bool,
}

impl Disk {
    fn new(honest: bool) -> Disk {
        Disk(Arc::new(Mutex::new(Image { honest, ..Image::default() })))
    }

    /// The disk after the power was cut.
    fn after_power_cut(&self) -> Disk {
        let image = self.0.lock().unwrap();
        let kept = image.synced.clone();
        Disk(Arc::new(Mutex::new(Image { now: kept.clone(), synced: kept, honest: true })))
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let image = self.0.lock().unwrap();
        let begin = usize::try_from(offset).map_err(io::Error::other)?;
        let from = image.now.get(begin..begin + out.len());
        out.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).map_err(io::Error::other)?;
        self.0.lock().unwrap().now.resize(len, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut image = self.0.lock().unwrap();
        if image.honest {
            image.synced = image.now.clone();
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut image = self.0.lock().unwrap();
        let begin = usize::try_from(offset).map_err(io::Error::other)?;
        let place = image.now.get_mut(begin..begin + data.len());
        place.ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        Ok(())
    }
}

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
