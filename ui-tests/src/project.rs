//! A throw-away cargo project with one program a UI file.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::case::Case;

/// What a cargo run printed.
#[derive(Debug)]
pub struct Output {
    /// The JSON messages.
    pub messages: String,
    /// What else cargo said, worth reading when a message is missing.
    pub log: String,
}

/// Checks all `cases` with one cargo run.
///
/// The project is made in `folder` and depends on the crate `otp` of `workspace`, with the versions
/// of the workspace's lock file and without asking any registry.
///
/// # Errors
///
/// Those of writing the project and of running cargo.
pub fn check(folder: &Path, workspace: &Path, cases: &[Case]) -> io::Result<Output> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("Cargo.toml"), manifest(workspace, cases))?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format=json"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .stdin(Stdio::null())
        .output()?;
    Ok(Output {
        messages: String::from_utf8_lossy(&output.stdout).into_owned(),
        log: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// The programs are the UI files themselves, so that errors name the files to mend.
fn manifest(workspace: &Path, cases: &[Case]) -> String {
    let mut text = String::from(
        "[package]\nname = \"ui-project\"\nedition = \"2024\"\npublish = false\nautobins = false\n\
         \n[workspace]\n\n[profile.dev]\ndebug = false\n\n[dependencies]\n",
    );
    let _ = writeln!(text, "otp = {{ path = {:?} }}", workspace.join("otp"));
    for case in cases {
        let (name, path) = (&case.name, &case.path);
        let _ = write!(text, "\n[[bin]]\nname = {name:?}\npath = {path:?}\n");
    }
    text
}

/// Whether the compiler is the one that the texts were written with.
///
/// `recorded` is the content of the file `rustc-version`.
pub fn is_recorded_compiler(recorded: &str) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == recorded.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case;

    #[test]
    fn every_case_is_a_program_of_the_project() {
        let one = case::parse(Path::new("ui/a/e0101_one.rs"), "//~ SPAN").unwrap();
        let two = case::parse(Path::new("ui/b/e0401_two.rs"), "//~ SPAN").unwrap();
        let text = manifest(Path::new("root"), &[one, two]);
        assert_eq!(text.matches("[[bin]]").count(), 2);
        assert!(text.contains("name = \"a-e0101_one\"\npath = \"ui/a/e0101_one.rs\""), "{text}");
        assert!(text.contains("name = \"b-e0401_two\""), "{text}");
        assert!(text.contains("otp = { path = "), "{text}");
    }
}
