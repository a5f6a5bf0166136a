//! The order of what a program asks of the system: whether a file was synced before an answer
//! went out. A `kill -9` cannot show that, as the system still writes what a dead program had
//! handed to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The calls that are traced.
const CALLS: &str = "trace=write,writev,pwrite64,pwritev,fsync,fdatasync,sendto,sendmsg";

/// The same program under `strace`, which writes to the file at `trace`.
///
/// The process that is started is the program's own, so it can be killed as ever. `strace` itself
/// runs beside it and keeps its pipes open, so whoever has waited for the program
/// ([`Program::wait`](crate::Program::wait)) finds the file complete.
pub fn command(program: &Command, trace: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args(["-D", "-f", "-y", "-s", "256", "-e", CALLS, "-o"]).arg(trace);
    command.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// What a program did, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    events: Vec<Event>,
}

/// One step of a system call. A write and a send count from their begin, a sync from its end.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    Written { path: String },
    SyncBegun { thread: u32, path: String },
    Synced { thread: u32 },
    Sent { text: String },
}

impl Trace {
    /// Reads what `strace` has written.
    ///
    /// # Panics
    ///
    /// When the file cannot be read.
    pub fn read(path: &Path) -> Trace {
        let bytes = fs::read(path).expect("strace has written its file");
        Trace::parse(&String::from_utf8_lossy(&bytes))
    }

    fn parse(text: &str) -> Trace {
        Trace { events: text.lines().flat_map(events).collect() }
    }

    /// How many syncs of a file whose name ends so have come to their end.
    pub fn syncs(&self, suffix: &str) -> usize {
        let mut begun = BTreeMap::new();
        let mut syncs = 0;
        for event in &self.events {
            match event {
                Event::SyncBegun { thread, path } => {
                    begun.insert(thread, path.ends_with(suffix));
                }
                Event::Synced { thread } => {
                    syncs += usize::from(begun.remove(thread) == Some(true));
                }
                Event::Written { .. } | Event::Sent { .. } => {}
            }
        }
        syncs
    }

    /// What was sent, as far as `is_answer` says that it is an answer.
    pub fn answers(&self, is_answer: impl Fn(&str) -> bool) -> usize {
        let sent = |event: &Event| matches!(event, Event::Sent { text } if is_answer(text));
        self.events.iter().filter(|event| sent(event)).count()
    }

    /// The answers that went out while something that was written to a file whose name ends with
    /// `suffix` was not synced yet. This says something when one request is sent at a time.
    pub fn unsynced_answers(&self, suffix: &str, is_answer: impl Fn(&str) -> bool) -> Vec<String> {
        let (mut written, mut synced) = (0_u64, 0_u64);
        let mut begun = BTreeMap::new();
        let mut unsynced = Vec::new();
        for event in &self.events {
            match event {
                Event::Written { path } => written += u64::from(path.ends_with(suffix)),
                Event::SyncBegun { thread, path } => {
                    if path.ends_with(suffix) {
                        begun.insert(*thread, written);
                    }
                }
                Event::Synced { thread } => {
                    synced = synced.max(begun.remove(thread).unwrap_or_default());
                }
                Event::Sent { text } => {
                    if is_answer(text) && synced < written {
                        unsynced.push(text.clone());
                    }
                }
            }
        }
        unsynced
    }
}

/// The events of one line, such as `12 fdatasync(5</tmp/a.db-wal>) = 0`.
fn events(line: &str) -> Vec<Event> {
    let Some((thread, call)) = line.split_once(' ') else { return Vec::new() };
    let Ok(thread) = thread.parse::<u32>() else { return Vec::new() };
    let call = call.trim_start();
    let is_ok = call.trim_end().ends_with("= 0");
    if call.starts_with("<... fsync resumed>") || call.starts_with("<... fdatasync resumed>") {
        return if is_ok { vec![Event::Synced { thread }] } else { Vec::new() };
    }
    let Some((name, arguments)) = call.split_once('(') else { return Vec::new() };
    let Some((descriptor, rest)) = arguments.split_once('>') else { return Vec::new() };
    let Some((_, target)) = descriptor.split_once('<') else { return Vec::new() };
    let path = target.to_owned();
    match name {
        "fsync" | "fdatasync" => {
            let mut events = vec![Event::SyncBegun { thread, path }];
            if is_ok {
                events.push(Event::Synced { thread });
            }
            events
        }
        _ if target.starts_with('/') => vec![Event::Written { path }],
        _ => vec![Event::Sent { text: rest.to_owned() }],
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Trace, events};

    const SYNCED: &str = "\
7 pwrite64(5</tmp/a.db-wal>, \"..\"..., 4096, 0) = 4096
7 fdatasync(5</tmp/a.db-wal> <unfinished ...>
9 sendto(8<socket:[44]>, \"HTTP/1.1 200 OK early\", 20, MSG_NOSIGNAL, NULL, 0) = 20
7 <... fdatasync resumed>) = 0
9 sendto(8<socket:[44]>, \"HTTP/1.1 200 OK late\", 20, MSG_NOSIGNAL, NULL, 0) = 20
";

    #[test]
    fn an_answer_counts_as_synced_when_the_sync_has_ended() {
        let trace = Trace::parse(SYNCED);
        let unsynced = trace.unsynced_answers("-wal", |text| text.contains("200 OK"));
        assert_eq!(unsynced.len(), 1);
        assert!(unsynced[0].contains("early"));
        assert_eq!((trace.syncs("-wal"), trace.answers(|_| true)), (1, 2));
        assert!(trace.unsynced_answers("-journal", |_| true).is_empty());
    }

    #[test]
    fn what_is_written_during_a_sync_is_not_covered_by_it() {
        let during = "8 pwrite64(5</tmp/a.db-wal>, \"\", 1, 0) = 1\n";
        let text = SYNCED.replacen("9 sendto", &format!("{during}9 sendto"), 1);
        assert_eq!(Trace::parse(&text).unsynced_answers("-wal", |_| true).len(), 2);
    }

    #[test]
    fn a_sync_that_failed_does_not_count() {
        let failed = "7 fdatasync(5</tmp/a.db-wal>) = -1 EIO (Input/output error)";
        assert_eq!(events(failed).len(), 1);
        assert_eq!(events("7 fsync(5</tmp/a.db-wal>) = 0")[1], Event::Synced { thread: 7 });
        assert_eq!(events("7 <... fdatasync resumed>) = -1 EIO (Input/output error)"), []);
    }

    #[test]
    fn other_lines_are_passed_over() {
        for line in ["", "7 +++ exited with 0 +++", "7 --- SIGTERM {si_signo=SIGTERM} ---", "x"] {
            assert_eq!(events(line), []);
        }
    }
}
