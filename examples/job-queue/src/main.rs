//! A job queue with an HTTP API and a page. It runs until Ctrl-C or SIGTERM, and lets running jobs
//! finish then.

use job_queue::{AppSup, QueueConfig, Settings, workers};
use otp::http::HttpServer;
use otp::prelude::*;

#[otp::main]
async fn main() -> otp::Result<()> {
    let settings = Settings::new(QueueConfig::load()?, workers())?;
    let database = settings.config.database.display().to_string();
    AppSup::start_link(settings).await?;
    let url = format!("http://{}", HttpServer::client().local_addr().await?);
    println!("The job queue is at {url}, its jobs are kept in {database}. Try:");
    println!("  curl {url}/api/jobs -d '{{\"kind\":\"echo\",\"args\":{{\"text\":\"hello\"}}}}'");
    println!("  curl {url}/api/jobs/1");
    println!("  curl {url}/api/queues");
    otp::shutdown_signal().await; // then the tree stops, last child first
    Ok(())
}
