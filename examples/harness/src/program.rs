//! A program under test.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process};

use crate::wait::{DEADLINE, until};

/// A running program. It is killed when it is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    output: Arc<Output>,
    readers: Vec<JoinHandle<()>>,
}

/// How a program ended, and all that it has printed.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The lines of its standard output.
    pub stdout: Vec<String>,
    /// The lines of its standard error.
    pub stderr: Vec<String>,
}

/// A signal that asks a program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM, as a service manager sends it.
    Term,
    /// SIGINT, as Ctrl-C sends it.
    Int,
}

/// Where a line was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Stdout,
    Stderr,
}

#[derive(Debug, Default)]
struct Output {
    lines: Mutex<Vec<(Source, String)>>,
    more: Condvar,
}

impl Program {
    /// Starts a program without input and reads what it prints.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(mut command: Command) -> Program {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = Arc::<Output>::default();
        let stdout = child.stdout.take().map(|pipe| output.read(Source::Stdout, pipe));
        let stderr = child.stderr.take().map(|pipe| output.read(Source::Stderr, pipe));
        Program { child, output, readers: stdout.into_iter().chain(stderr).collect() }
    }

    /// The first line, of either kind, for which `look` has an answer.
    ///
    /// # Panics
    ///
    /// When there is none after [`DEADLINE`], or when the program has ended.
    pub fn wait_for<T>(&self, look: impl Fn(&str) -> Option<T>) -> T {
        let start = Instant::now();
        let mut lines = self.output.lock();
        loop {
            if let Some(found) = lines.iter().find_map(|(_, line)| look(line)) {
                return found;
            }
            let ended = self.readers.iter().all(JoinHandle::is_finished);
            assert!(!ended, "the program has ended: {lines:#?}");
            assert!(start.elapsed() < DEADLINE, "no such line: {lines:#?}");
            // An end wakes nobody, so it is looked for now and then.
            let pause = Duration::from_millis(50);
            let waited = self.output.more.wait_timeout(lines, pause);
            lines = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The `address:port` behind the first `http://` that it prints.
    ///
    /// # Panics
    ///
    /// As [`Program::wait_for`].
    pub fn address(&self) -> String {
        self.wait_for(|line| {
            let (_, rest) = line.split_once("http://")?;
            let end = rest.find(|c: char| !(c.is_alphanumeric() || ".:[]-".contains(c)));
            Some(rest[..end.unwrap_or(rest.len())].to_owned())
        })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// When it is not there any more.
    pub fn signal(&self, signal: Signal) {
        let signal = match signal {
            Signal::Term => rustix::process::Signal::TERM,
            Signal::Int => rustix::process::Signal::INT,
        };
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw).expect("it has a pid");
        kill_process(pid, signal).expect("it runs");
    }

    /// Kills it with SIGKILL, wherever it is, and waits for its end.
    pub fn kill(mut self) -> Ended {
        self.child.kill().expect("it can be killed");
        self.wait()
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// When it still runs after [`DEADLINE`].
    pub fn wait(mut self) -> Ended {
        let child = &mut self.child;
        let status = until("the end of the program", || child.try_wait().expect("it is a child"));
        for reader in self.readers.drain(..) {
            reader.join().expect("a reader does not panic");
        }
        let lines = self.output.lock();
        let of = |source| {
            lines.iter().filter(move |(from, _)| *from == source).map(|(_, line)| line.clone())
        };
        Ended {
            code: status.code(),
            stdout: of(Source::Stdout).collect(),
            stderr: of(Source::Stderr).collect(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended, and who drops it asks for no more than that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Output {
    fn lock(&self) -> MutexGuard<'_, Vec<(Source, String)>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a pipe to its end on a thread.
    fn read(self: &Arc<Self>, source: Source, pipe: impl Read + Send + 'static) -> JoinHandle<()> {
        let output = Arc::clone(self);
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
                output.lock().push((source, line));
                output.more.notify_all();
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Program, Signal};
    use std::process::Command;

    fn shell(script: &str) -> Program {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Program::start(command)
    }

    #[test]
    fn output_is_kept_by_its_kind() {
        let ended = shell("echo out; echo err >&2; exit 3").wait();
        assert_eq!(ended.code, Some(3));
        assert_eq!(ended.stdout, ["out"]);
        assert_eq!(ended.stderr, ["err"]);
    }

    #[test]
    fn an_address_is_read_from_a_line() {
        let program = shell("echo 'try curl http://127.0.0.1:4000/health'; exec sleep 60");
        assert_eq!(program.address(), "127.0.0.1:4000");
        assert_eq!(program.kill().code, None);
    }

    #[test]
    fn a_signal_arrives() {
        let script = "trap 'kill $!; exit 7' TERM; sleep 60 & echo ready; wait";
        let program = shell(script);
        program.wait_for(|line| (line == "ready").then_some(()));
        program.signal(Signal::Term);
        assert_eq!(program.wait().code, Some(7));
    }

    #[test]
    #[should_panic(expected = "the program has ended")]
    fn nobody_waits_for_a_program_that_has_ended() {
        shell("exit 0").wait_for(|line| line.contains("ready").then_some(()));
    }
}
