//! How many small jobs a second are enqueued, run and completed, each step durable, beside how
//! often a second the disk can sync: `cargo bench -p job-queue --bench load`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use harness::{Program, Signal, until};

/// How often everything is measured; the median counts.
const ROUNDS: usize = 7;

/// How many clients enqueue at the same time.
const CLIENTS: usize = 32;

/// How many jobs each of them enqueues in a round.
const JOBS: usize = 200;

/// A connection that stays open.
struct Client(BufReader<TcpStream>);

impl Client {
    fn new(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("the program listens");
        stream.set_nodelay(true).expect("it is open");
        Client(BufReader::new(stream))
    }

    /// Sends a request and gives the body of the answer.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> String {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.0.get_mut().write_all(request.as_bytes()).expect("it is open");
        let mut line = String::new();
        self.0.read_line(&mut line).expect("it answers");
        assert!(line.starts_with("HTTP/1.1 20"), "{line}");
        let mut length = 0;
        while line.trim_end() != "" {
            line.clear();
            self.0.read_line(&mut line).expect("it answers");
            if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
                length = value.trim_end().parse().expect("a number");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("it answers");
        String::from_utf8(body).expect("it is JSON")
    }
}

/// How many jobs are completed.
fn completed(client: &mut Client) -> usize {
    let queues = client.ask("GET", "/api/queues", "");
    let (_, rest) = queues.split_once("\"completed\":").expect("it counts");
    let digits = rest.find(|c: char| !c.is_ascii_digit()).expect("it goes on");
    rest[..digits].parse().expect("a number")
}

/// The jobs a second of one round, with so many jobs in each request.
fn round(address: &str, in_request: usize) -> f64 {
    let mut watcher = Client::new(address);
    let before = completed(&mut watcher);
    let job = r#"{"kind":"echo","args":{"text":"hello"}}"#;
    let body = match in_request {
        1 => job.to_owned(),
        n => format!("[{}]", vec![job; n].join(",")),
    };
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut client = Client::new(address);
                for _ in 0..JOBS / in_request {
                    client.ask("POST", "/api/jobs", &body);
                }
            });
        }
    });
    let all = before + CLIENTS * JOBS;
    until("the end of all jobs", || (completed(&mut watcher) >= all).then_some(()));
    let time = start.elapsed();
    assert_eq!(completed(&mut watcher), all, "each job is completed, and none twice");
    (CLIENTS * JOBS) as f64 / time.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn start(folder: &Path) -> Program {
    let config = "[job-queue]\nport = 0\nqueues = { default = 64 }\n";
    std::fs::write(folder.join("config.toml"), config).expect("the folder can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_job-queue"));
    command.current_dir(folder).env("OTP_CONFIG", folder.join("config.toml"));
    Program::start(command)
}

fn main() {
    let folder = harness::folder(env!("CARGO_TARGET_TMPDIR"), "load");
    let program = start(&folder);
    let address = program.address();
    round(&address, 1); // everything is warm
    let (mut syncs, mut single, mut batched) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        syncs.push(harness::fsync_rate(&folder));
        single.push(round(&address, 1));
        syncs.push(harness::fsync_rate(&folder));
        batched.push(round(&address, 10));
    }
    let (syncs, single, batched) = (median(syncs), median(single), median(batched));
    println!("{CLIENTS} clients, {JOBS} jobs each, medians of {ROUNDS} rounds");
    println!("syncs of the disk              {syncs:>8.0} a second");
    println!("jobs, one in a request         {single:>8.0} a second, {:.2} x", single / syncs);
    println!("jobs, ten in a request         {batched:>8.0} a second, {:.2} x", batched / syncs);
    program.signal(Signal::Term);
    assert_eq!(program.wait().code, Some(0));
}
