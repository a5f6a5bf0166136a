//! Resident memory of an idle server, measured in a process that does nothing else.

use tokio::runtime::Builder;

use crate::variant::Variant;

/// The name of the row.
pub(crate) const NAME: &str = "memory_idle";

const SERVERS: usize = 100_000;

/// How much resident memory one of many idle servers takes, with the client that is kept of it.
///
/// `None` where the system does not tell.
pub(crate) fn bytes_per_server<V: Variant>() -> Option<f64> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async {
        let mut clients = Vec::with_capacity(SERVERS);
        clients.push(V::start(None).await);
        settle().await;
        let before = resident_bytes()?;
        while clients.len() < SERVERS {
            clients.push(V::start(None).await);
        }
        settle().await;
        let after = resident_bytes()?;
        drop(clients);
        Some(after.saturating_sub(before) as f64 / (SERVERS - 1) as f64)
    })
}

/// Lets every server run until it waits for its first request.
async fn settle() {
    for _ in 0..SERVERS / 10 {
        tokio::task::yield_now().await;
    }
}

/// `VmRSS`, which the system gives in kibibytes.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
