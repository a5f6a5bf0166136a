//! What a client costs, and what one that is stuck costs the others. Prints figures.

#[path = "../tests/support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::net::sockopt;
use support::{Chat, Lines, Socket, command, database};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const IDLE: usize = 5_000;
const ROOM: usize = 1_000;
const ROUNDS: usize = 5;
const MESSAGES: usize = 40;
const PAUSE: Duration = Duration::from_millis(50);

#[otp::main]
async fn main() -> otp::Result<()> {
    chat::raise_limit()?;
    idle("lines", |chat| Box::new(chat.lines()));
    idle("WebSockets", |chat| Box::new(chat.socket()));
    room().await
}

/// The resident memory of a program, in kB.
fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

trait Idle {
    fn greeted(&mut self);
}

impl Idle for Lines {
    fn greeted(&mut self) {
        self.until("welcome");
    }
}

impl Idle for Socket {
    fn greeted(&mut self) {
        self.until("notice");
    }
}

fn idle(what: &str, connect: impl Fn(&Chat) -> Box<dyn Idle>) {
    let chat = Chat::start(command(&database("bench-idle")));
    connect(&chat).greeted();
    let before = memory(chat.pid());
    let mut clients: Vec<_> = (0..IDLE).map(|_| connect(&chat)).collect();
    clients.iter_mut().for_each(|client| client.greeted());
    let after = memory(chat.pid());
    let each = (after - before) as f64 / IDLE as f64;
    println!("{IDLE} idle {what}: {before} kB before, {after} kB after, {each:.1} kB each");
    drop(clients);
    chat.stop();
}

/// A room full of people, and a stuck one among them in every other round.
async fn room() -> otp::Result<()> {
    let mut program = command(&database("bench-room"));
    program.env("CHAT_PATIENCE", "1h");
    let chat = Chat::start(program);
    let address: SocketAddr = chat.tcp.parse()?;
    let room = Room::fill(address).await?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    room.measure().await?; // warms up
    let mut grown = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // The same words without a stuck client, whose memory is the history's and the others'.
        let base = memory(chat.pid());
        room.flood().await?;
        grown.0.push(memory(chat.pid()).saturating_sub(base));
        without.push(room.measure().await?);
        let base = memory(chat.pid());
        let stuck = stuck(address, &room).await?;
        grown.1.push(memory(chat.pid()).saturating_sub(base));
        with.push(room.measure().await?);
        drop(stuck);
    }
    println!("room of {ROOM}, {ROUNDS} rounds of {MESSAGES} messages, medians of the rounds:");
    let (quiet, busy) = (medians(without), medians(with));
    println!("  without a stuck client: p50 {:.2?}, p99 {:.2?}", quiet.0, quiet.1);
    println!("  with one:               p50 {:.2?}, p99 {:.2?}", busy.0, busy.1);
    let factor = busy.1.as_secs_f64() / quiet.1.as_secs_f64();
    println!("  p99 is {factor:.2} times as long");
    println!("  memory grew in the rounds without one by {:?} kB", grown.0);
    println!("  memory grew in the rounds with one by    {:?} kB", grown.1);
    drop(room);
    chat.stop();
    Ok(())
}

fn medians(mut rounds: Vec<(Duration, Duration)>) -> (Duration, Duration) {
    let middle = rounds.len() / 2;
    rounds.sort_by_key(|round| round.0);
    let p50 = rounds[middle].0;
    rounds.sort_by_key(|round| round.1);
    (p50, rounds[middle].1)
}

struct Room {
    begun: Instant,
    sender: mpsc::Sender<String>,
    latencies: tokio::sync::Mutex<mpsc::Receiver<Duration>>,
    heard: Arc<AtomicUsize>,
    tasks: Vec<JoinHandle<()>>,
}

async fn join(address: SocketAddr, nick: String) -> otp::Result<BufReader<TcpStream>> {
    let mut client = BufReader::new(TcpStream::connect(address).await?);
    client.get_ref().set_nodelay(true)?;
    client.write_all(format!("/nick {nick}\n/join lobby\n").as_bytes()).await?;
    let mut line = String::new();
    while !line.contains("in the room") {
        line.clear();
        client.read_line(&mut line).await?;
    }
    Ok(client)
}

impl Room {
    async fn fill(address: SocketAddr) -> otp::Result<Room> {
        let begun = Instant::now();
        let (told, latencies) = mpsc::channel(ROOM * 1_000);
        let (sender, mut texts) = mpsc::channel::<String>(1);
        let heard = Arc::<AtomicUsize>::default();
        let mut tasks = Vec::new();
        for number in 0..ROOM {
            let client = join(address, format!("p{number}")).await?;
            let (told, heard) = (told.clone(), Arc::clone(&heard));
            tasks.push(tokio::spawn(listen(client, begun, told, heard)));
        }
        let mut speaker = join(address, "speaker".to_owned()).await?;
        tasks.push(tokio::spawn(async move {
            let mut answer = vec![0; 1 << 16];
            loop {
                tokio::select! {
                    Some(text) = texts.recv() => speaker.write_all(text.as_bytes()).await.unwrap(),
                    Ok(1..) = tokio::io::AsyncReadExt::read(&mut speaker, &mut answer) => {}
                    else => return,
                }
            }
        }));
        let latencies = tokio::sync::Mutex::new(latencies);
        Ok(Room { begun, sender, latencies, heard, tasks })
    }

    /// Says something that everybody measures, and gives the median and the 99th percentile.
    async fn measure(&self) -> otp::Result<(Duration, Duration)> {
        for _ in 0..MESSAGES {
            let now = self.begun.elapsed().as_nanos();
            self.sender.send(format!("at {now} {}\n", "x".repeat(200))).await?;
            tokio::time::sleep(PAUSE).await;
        }
        let mut latencies = self.latencies.lock().await;
        let mut all = Vec::with_capacity(MESSAGES * ROOM);
        while all.len() < MESSAGES * ROOM {
            all.push(latencies.recv().await.ok_or("the room is gone")?);
        }
        all.sort();
        Ok((all[all.len() / 2], all[all.len() * 99 / 100]))
    }

    /// Says so much that a client which does not read has a full outbox.
    async fn flood(&self) -> otp::Result<()> {
        let messages = 150;
        let wanted = self.heard.load(Ordering::Relaxed) + messages * ROOM;
        for _ in 0..messages {
            self.sender.send(format!("{}\n", "x".repeat(3_900))).await?;
            tokio::time::sleep(PAUSE / 5).await;
        }
        while self.heard.load(Ordering::Relaxed) < wanted {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn listen(
    mut client: BufReader<TcpStream>,
    begun: Instant,
    told: mpsc::Sender<Duration>,
    heard: Arc<AtomicUsize>,
) {
    let mut line = String::new();
    while client.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        if let Some((_, text)) = line.split_once("<speaker> ") {
            match text.strip_prefix("at ").and_then(|rest| rest.split(' ').next()?.parse().ok()) {
                Some(sent) => {
                    let latency = begun.elapsed().saturating_sub(Duration::from_nanos(sent));
                    if told.send(latency).await.is_err() {
                        return;
                    }
                }
                None => drop(heard.fetch_add(1, Ordering::Relaxed)),
            }
        }
        line.clear();
    }
}

/// A client that does not read, with a full outbox.
async fn stuck(address: SocketAddr, room: &Room) -> otp::Result<BufReader<TcpStream>> {
    let client = join(address, "stuck".to_owned()).await?;
    sockopt::set_socket_recv_buffer_size(client.get_ref(), 4 << 10)?;
    room.flood().await?;
    Ok(client)
}
