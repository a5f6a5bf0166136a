//! The program as its user meets it: a file, the environment, one line or all the faults.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A new folder to run in, with this `config.toml` if there is one.
fn folder(name: &str, config: Option<&str>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    if let Some(config) = config {
        fs::write(folder.join("config.toml"), config).unwrap();
    }
    folder
}

/// Runs the program with these variables, and gives its exit code, output and errors.
fn run(folder: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_configured"));
    for name in ["OTP_CONFIG", "SHOP_DATA", "SHOP_PORT", "SHOP_KEY", "SHOP_HOSTS"] {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).envs(variables.iter().copied()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn without_a_file_there_are_defaults_and_the_environment() {
    let folder = folder("no-file", None);
    let (code, output, errors) = run(&folder, &[("SHOP_KEY", "sesame"), ("SHOP_HOSTS", "a, b")]);
    let expected = "port 4000, data data, timeout 5s, hosts [\"a\", \"b\"], key of 6\n";
    assert_eq!((code, &*output, &*errors), (Some(0), expected, ""));
}

#[test]
fn the_file_wins_over_defaults_and_the_environment_over_the_file() {
    let config = "[shop]\nport = 80\ndata = 'here'\ntimeout = '250ms'\nkey = 'abc'\n";
    let folder = folder("file", Some(config));
    let (code, output, errors) = run(&folder, &[("SHOP_PORT", "81")]);
    let expected = "port 81, data here, timeout 250ms, hosts [], key of 3\n";
    assert_eq!((code, &*output, &*errors), (Some(0), expected, ""));
    fs::write(folder.join("other.toml"), "[shop]\nkey = 'abcd'\n").unwrap();
    let (code, output, _) = run(&folder, &[("OTP_CONFIG", "other.toml")]);
    assert!(output.starts_with("port 4000, data data,") && output.ends_with("key of 4\n"));
    assert_eq!(code, Some(0));
}

#[test]
fn all_faults_are_printed_and_the_exit_code_says_so() {
    let folder = folder("faults", Some("[shop]\ntimeout = 5\nprot = 80\nkey = 123456\n"));
    let (code, output, errors) = run(&folder, &[("SHOP_PORT", "many")]);
    assert_eq!((code, &*output), (Some(1), ""));
    for line in [
        "shop.port: expected u16, found string \"many\" in the environment variable `SHOP_PORT`",
        "shop.timeout: expected a duration with its unit, such as \"5s\" or \"250ms\", found \
         integer `5` in config.toml",
        "shop.key: is no `String` in config.toml",
        "shop.prot: unknown key in config.toml; did you mean `shop.port`?",
    ] {
        assert!(errors.lines().any(|found| found.ends_with(line)), "{line}\n{errors}");
    }
    assert!(!errors.contains("123456"), "{errors}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_fault() {
    let folder = folder("unreadable", Some("[shop]\nkey = \n"));
    let (code, _, errors) = run(&folder, &[]);
    assert_eq!(code, Some(1));
    assert!(errors.contains("config.toml:2: "), "{errors}");
    let (code, _, errors) = run(&folder, &[("OTP_CONFIG", "absent.toml"), ("SHOP_KEY", "x")]);
    assert_eq!(code, Some(1));
    assert!(errors.contains("absent.toml cannot be read: "), "{errors}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_a_fault() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("no-text", Some("[shop]\nkey = 'abc'\n"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_configured"));
    command.env_remove("OTP_CONFIG").env("SHOP_DATA", std::ffi::OsStr::from_bytes(b"\xff"));
    let output = command.current_dir(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let expected =
        "shop.data: the environment variable `SHOP_DATA` cannot be read: it is not UTF-8";
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains(expected), "{errors}");
}
