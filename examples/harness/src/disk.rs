//! Folders for tests, and how fast their disk is.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long the disk is measured.
const MEASURE: Duration = Duration::from_millis(500);

/// An empty folder of a test's own, below `env!("CARGO_TARGET_TMPDIR")`.
///
/// # Panics
///
/// When it cannot be emptied or made.
pub fn folder(below: &str, name: &str) -> PathBuf {
    let folder = Path::new(below).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the old folder can be removed");
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// How often in a second the disk below a folder can sync a page that was appended to a file, one
/// after the other. It takes half a second.
///
/// # Panics
///
/// When the folder cannot be written.
pub fn fsync_rate(folder: &Path) -> f64 {
    let path = folder.join("fsync-rate");
    let mut file = File::create(&path).expect("the folder can be written");
    let page = [7; 4096];
    let start = Instant::now();
    let mut syncs = 0_u32;
    while start.elapsed() < MEASURE {
        file.write_all(&page).expect("the file can be written");
        file.sync_data().expect("the file can be synced");
        syncs += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    fs::remove_file(&path).expect("the file can be removed");
    f64::from(syncs) / seconds
}

#[cfg(test)]
mod tests {
    use super::{folder, fsync_rate};

    #[test]
    fn a_folder_is_empty_and_can_be_measured() {
        let below = std::env::temp_dir().join(format!("harness-{}", std::process::id()));
        let below = below.to_str().expect("a name in UTF-8");
        std::fs::write(folder(below, "disk").join("old"), "").expect("it can be written");
        let folder = folder(below, "disk");
        assert!(fsync_rate(&folder) > 0.0);
        assert_eq!(folder.read_dir().expect("it is there").count(), 0);
        std::fs::remove_dir_all(below).expect("it can be removed");
    }
}
