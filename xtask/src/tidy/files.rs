//! The text files of the repository.

use std::fs;
use std::io;
use std::path::Path;

/// A text file and its path from the root, with `/` on every platform.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether the name ends in `.<extension>`.
    pub(crate) fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// Whether one of the folders above the file has this name.
    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path
            .rsplit_once('/')
            .is_some_and(|(folders, _)| folders.split('/').any(|f| f == folder))
    }

    pub(crate) fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&self.path, |(_, name)| name)
    }

    /// The lines, numbered from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Reads every text file below `root`, in the order of the paths.
///
/// Build folders and hidden files are left out, except for the hidden folders that are part of the
/// project.
pub(crate) fn load(root: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    walk(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !is_left_out(&name, &entry.path()) {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() && is_text(&name) {
            files.push(File::new(&path, &fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

fn is_left_out(name: &str, folder: &Path) -> bool {
    let hidden = name.starts_with('.') && !matches!(name, ".cargo" | ".ci" | ".github");
    hidden || name == "target" || folder.join("CACHEDIR.TAG").exists()
}

fn is_text(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((_, extension)) => {
            matches!(extension, "rs" | "md" | "toml" | "sh" | "stderr" | "yml" | "txt")
        }
        None => name == "run",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_names_are_told_apart() {
        let file = File::new("ui-tests/ui/gen_server/e0101_no_init.rs", "");
        assert!(file.is("rs") && !file.is("s"));
        assert!(file.is_in("ui") && file.is_in("gen_server"));
        assert!(!file.is_in("e0101_no_init.rs") && !file.is_in("gen"));
        assert_eq!(file.name(), "e0101_no_init.rs");
        assert_eq!(File::new("README.md", "").name(), "README.md");
    }

    #[test]
    fn lines_are_numbered_from_one() {
        let file = File::new("a.rs", "a\n\nb");
        assert_eq!(file.lines().collect::<Vec<_>>(), [(1, "a"), (2, ""), (3, "b")]);
    }

    #[test]
    fn build_folders_and_hidden_folders_are_left_out() {
        let nowhere = Path::new("nowhere");
        assert!(is_left_out("target", nowhere) && is_left_out(".git", nowhere));
        assert!(!is_left_out(".ci", nowhere) && !is_left_out("src", nowhere));
    }

    #[test]
    fn licences_and_the_lock_file_are_not_ours_to_check() {
        assert!(is_text("lib.rs") && is_text("README.md") && is_text("run"));
        assert!(!is_text("LICENSE-MIT") && !is_text("Cargo.lock"));
    }
}
