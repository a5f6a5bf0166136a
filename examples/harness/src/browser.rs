//! Headless Chromium, driven through ChromeDriver.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::program::Program;

/// What makes Chromium quiet, and able to run as root.
const OPTIONS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// A running ChromeDriver. It ends when it is dropped.
#[derive(Debug)]
pub struct Driver {
    program: Program,
    address: String,
    folder: PathBuf,
}

/// A page in a browser of its own, which ends when this is dropped.
#[derive(Debug)]
pub struct Page {
    /// What drives it.
    pub client: Client,
    profile: PathBuf,
}

impl Driver {
    /// Starts ChromeDriver; profiles of browsers go below `folder`.
    ///
    /// # Panics
    ///
    /// When it does not start; [`needs`](crate::needs) tells whether it is installed.
    pub fn start(folder: &Path) -> Driver {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0");
        let program = Program::start(command);
        let port: u16 = program.wait_for(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let address = format!("http://127.0.0.1:{port}");
        Driver { program, address, folder: folder.to_owned() }
    }

    /// Opens an address in a browser of its own.
    ///
    /// # Panics
    ///
    /// When the browser does not start or the address cannot be opened.
    pub async fn page(&self, name: &str, url: &str) -> Page {
        let profile = self.folder.join(name);
        fs::create_dir_all(&profile).expect("the folder can be written");
        let mut options: Vec<String> = OPTIONS.map(str::to_owned).into();
        options.push(format!("--user-data-dir={}", profile.display()));
        options.push("--window-size=1100,760".to_owned());
        let wanted = json!({ "goog:chromeOptions": { "args": options } });
        let wanted = wanted.as_object().cloned().unwrap_or_default();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&self.address)
            .await
            .unwrap_or_else(|error| panic!("no browser: {error}; {:?}", self.program));
        client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        Page { client, profile }
    }
}

impl Page {
    /// Kills the page's browser, in whatever it is doing.
    ///
    /// # Panics
    ///
    /// When it is not running.
    pub fn kill(self) {
        assert!(self.end() > 0, "the browser is not running");
    }

    /// Kills all processes of the browser, and says how many there were.
    fn end(&self) -> usize {
        let profile = format!("--user-data-dir={}", self.profile.display());
        let mut killed = 0;
        for entry in fs::read_dir("/proc").expect("this is Linux").flatten() {
            let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let mut words = command.split(|byte| *byte == 0);
            if !words.any(|word| word == profile.as_bytes()) {
                continue;
            }
            let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let pid = pid.and_then(Pid::from_raw).expect("a process is a number");
            // A process of the browser may be gone by now.
            killed += usize::from(kill_process(pid, Signal::KILL).is_ok());
        }
        killed
    }
}

/// A browser outlives a driver that is killed, so nobody else would end it.
impl Drop for Page {
    fn drop(&mut self) {
        self.end();
    }
}
