//! A disk for redb that loses what was not synced: what `kill -9` cannot show, because the system
//! still writes what a dead program had handed to it.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

/// Memory that remembers what it was at the last sync.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<Image>>);

#[derive(Debug, Default)]
struct Image {
    now: Vec<u8>,
    synced: Vec<u8>,
    /// Whether syncs are done, or only promised.
    honest: bool,
}

impl Disk {
    /// An empty one; a disk that is not honest only promises its syncs.
    pub fn new(honest: bool) -> Disk {
        Disk(Arc::new(Mutex::new(Image { honest, ..Image::default() })))
    }

    /// The disk after the power was cut.
    pub fn after_power_cut(&self) -> Disk {
        let image = self.image();
        let kept = image.synced.clone();
        Disk(Arc::new(Mutex::new(Image { now: kept.clone(), synced: kept, honest: true })))
    }

    fn image(&self) -> MutexGuard<'_, Image> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.image().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let image = self.image();
        let begin = usize::try_from(offset).map_err(io::Error::other)?;
        let from = image.now.get(begin..begin + out.len());
        out.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).map_err(io::Error::other)?;
        self.image().now.resize(len, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut image = self.image();
        if image.honest {
            image.synced = image.now.clone();
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut image = self.image();
        let begin = usize::try_from(offset).map_err(io::Error::other)?;
        let place = image.now.get_mut(begin..begin + data.len());
        place.ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        Ok(())
    }
}
