//! The browser and `strace`, for real.
#![cfg(feature = "browser")]

use std::fs::File;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::process::Command;

use harness::browser::Driver;
use harness::strace::{self, Trace};
use harness::{Program, folder, needs};

#[test]
fn a_page_can_be_read_and_killed() {
    if !needs("chromium") || !needs("chromedriver") {
        return;
    }
    let driver = Driver::start(&folder(env!("CARGO_TARGET_TMPDIR"), "browser"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let [first, second] = [
            driver.page("first", "data:text/html,<title>one</title>").await,
            driver.page("second", "data:text/html,<title>two</title>").await,
        ];
        assert_eq!(first.client.title().await.unwrap(), "one");
        let dead = first.client.clone();
        first.kill();
        assert!(dead.title().await.is_err());
        assert_eq!(second.client.title().await.unwrap(), "two");
        let dead = second.client.clone();
        drop(second);
        assert!(dead.title().await.is_err(), "a browser ends with its page");
    });
}

/// The negative control of the order of syncs: a program that syncs, and one that does not.
#[test]
fn strace_sees_what_was_not_synced() {
    if !needs("strace") {
        return;
    }
    let below = folder(env!("CARGO_TARGET_TMPDIR"), "strace");
    let unsynced = |sync: &str| {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "traced_program", "--nocapture"]).env("TRACED", sync);
        program.current_dir(&below);
        let path = below.join("trace");
        let ended = Program::start(strace::command(&program, &path)).wait();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let trace = Trace::read(&path);
        assert_eq!(trace.answers(|text| text.contains("answer")), 1);
        trace.unsynced_answers("-wal", |text| text.contains("answer")).len()
    };
    assert_eq!(unsynced("yes"), 0);
    assert_eq!(unsynced("no"), 1);
}

/// The program that is traced, when this test runs itself as one.
#[test]
fn traced_program() {
    let Some(sync) = std::env::var_os("TRACED") else { return };
    let (mut near, _far) = UnixStream::pair().unwrap();
    let mut log = File::create("log-wal").unwrap();
    log.write_all(b"x").unwrap();
    if sync == "yes" {
        log.sync_data().unwrap();
    }
    near.write_all(b"answer").unwrap();
}
