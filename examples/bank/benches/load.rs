//! How many transfers in a second the bank acknowledges, and how long each takes: with the disk
//! synced before each answer, and without. `cargo bench -p bank --bench load`
//!
//! The three figures that are compared are taken one after the other in each round, so that
//! whatever else the machine does meets all of them.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::{Program, Signal, folder, fsync_rate};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

const CLIENTS: usize = 64;
const ROUNDS: usize = 5;
const WARM_UP: Duration = Duration::from_millis(500);
const MEASURE: Duration = Duration::from_secs(2);

/// What one run has shown.
struct Run {
    /// Transfers in a second.
    rate: f64,
    /// How long each took.
    latencies: Vec<Duration>,
    /// How many orders were committed together on average.
    batch: f64,
}

fn main() -> Result<()> {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "load");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut disk, mut on, mut off) = (Vec::new(), Vec::new(), Vec::new());
    let (mut latencies, mut batches) = (Vec::new(), Vec::new());
    println!("{CLIENTS} clients, {ROUNDS} rounds of {MEASURE:?}; rates are in a second");
    println!("round     syncs  transfers  per batch  p50 ms  p99 ms  transfers without syncs");
    for round in 1..=ROUNDS {
        disk.push(fsync_rate(&folder));
        let mut synced = run(&runtime, &folder, true)?;
        let unsynced = run(&runtime, &folder, false)?;
        synced.latencies.sort_unstable();
        println!(
            "{round:>5} {:>9.0} {:>10.0} {:>10.1} {:>7.2} {:>7.2} {:>24.0}",
            disk[round - 1],
            synced.rate,
            synced.batch,
            milliseconds(share(&synced.latencies, 50)),
            milliseconds(share(&synced.latencies, 99)),
            unsynced.rate
        );
        on.push(synced.rate);
        off.push(unsynced.rate);
        batches.push(synced.batch);
        latencies.extend(synced.latencies);
    }
    latencies.sort_unstable();
    let (p50, p99) = (milliseconds(share(&latencies, 50)), milliseconds(share(&latencies, 99)));
    let (disk, on, off) = (median(disk), median(on), median(off));
    println!("medians: {disk:.0} syncs, {on:.0} transfers, {off:.0} without syncs");
    println!("all rounds: p50 {p50:.2} ms, p99 {p99:.2} ms, {:.1} a batch", median(batches));
    let least = (3.0 * disk).min(off / 2.0);
    let word = |met| if met { "met" } else { "MISSED" };
    println!("goal: {on:.0} transfers, at least {least:.0}: {}", word(on >= least));
    let most = 10.0 * p50;
    println!("goal: p99 {p99:.2} ms, at most {most:.2} ms: {}", word(p99 <= most));
    Ok(())
}

/// One life of a bank under load.
fn run(runtime: &tokio::runtime::Runtime, folder: &Path, sync: bool) -> Result<Run> {
    let books = folder.join("bank.db");
    if books.exists() {
        std::fs::remove_file(&books)?;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_bank"));
    command.current_dir(folder).env("BANK_PORT", "0").env("BANK_SYNC", sync.to_string());
    let program = Program::start(command);
    let address = program.address();
    let run = runtime.block_on(load(&address))?;
    program.signal(Signal::Term);
    let ended = program.wait();
    if ended.code != Some(0) {
        return Err(format!("{ended:?}").into());
    }
    Ok(run)
}

async fn load(address: &str) -> Result<Run> {
    let mut first = Connection::open(address).await?;
    for client in 0..CLIENTS {
        first.post("/accounts", "", &format!(r#"{{"account":"{client}"}}"#)).await?;
        let path = format!("/accounts/{client}/deposit");
        first.post(&path, "", r#"{"amount":1000000000}"#).await?;
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let measured = Arc::new(AtomicBool::new(false));
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let connection = Connection::open(address).await?;
        let (is_over, measured) = (Arc::clone(&is_over), Arc::clone(&measured));
        clients.push(tokio::spawn(transfers(connection, client, is_over, measured)));
    }
    tokio::time::sleep(WARM_UP).await;
    let before = first.batches().await?;
    measured.store(true, Ordering::Relaxed);
    let start = Instant::now();
    tokio::time::sleep(MEASURE).await;
    measured.store(false, Ordering::Relaxed);
    let seconds = start.elapsed().as_secs_f64();
    let after = first.batches().await?;
    is_over.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for client in clients {
        latencies.extend(client.await??);
    }
    let rate = f64::from(u32::try_from(latencies.len())?) / seconds;
    Ok(Run { rate, latencies, batch: (after.0 - before.0) / (after.1 - before.1) })
}

/// Transfers until it is over, and gives how long those took that were measured.
async fn transfers(
    mut connection: Connection,
    client: usize,
    is_over: Arc<AtomicBool>,
    measured: Arc<AtomicBool>,
) -> Result<Vec<Duration>> {
    let path = format!("/accounts/{client}/transfer");
    let body = format!(r#"{{"to":"{}","amount":1}}"#, (client + 1) % CLIENTS);
    let mut latencies = Vec::new();
    for number in 0_u64.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let start = Instant::now();
        let key = format!("Idempotency-Key: {client}-{number}\r\n");
        connection.post(&path, &key, &body).await?;
        if measured.load(Ordering::Relaxed) {
            latencies.push(start.elapsed());
        }
    }
    Ok(latencies)
}

/// A connection that is kept, and reads no more of HTTP than it needs.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::new() })
    }

    async fn post(&mut self, path: &str, header: &str, body: &str) -> Result<()> {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: bank\r\nContent-Type: application/json\r\n\
            {header}Content-Length: {length}\r\n\r\n{body}"
        );
        let answer = self.exchange(&request).await?;
        if answer.starts_with("HTTP/1.1 20") { Ok(()) } else { Err(answer.into()) }
    }

    /// How many orders were committed so far, and in how many batches.
    async fn batches(&mut self) -> Result<(f64, f64)> {
        let figures = self.exchange("GET /metrics HTTP/1.1\r\nHost: bank\r\n\r\n").await?;
        let figure = |name: &str| -> Result<f64> {
            let line = figures.lines().find_map(|line| line.strip_prefix(name));
            Ok(line.ok_or("a figure is missing")?.trim().parse()?)
        };
        Ok((figure("bank_batch_orders_sum ")?, figure("bank_batch_orders_count ")?))
    }

    async fn exchange(&mut self, request: &str) -> Result<String> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
            let text = std::str::from_utf8(&self.buffer)?;
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.ok_or("an answer has a length")?.parse()? {
                return Ok(text.to_owned());
            }
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// What so many of a hundred do not exceed; the values are sorted.
fn share(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
