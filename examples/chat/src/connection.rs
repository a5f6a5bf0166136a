//! One client: the process that reads what it wants and writes what it is told.

use std::fmt;
use std::future::Future;
use std::io;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use futures_util::FutureExt;
use otp::prelude::*;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::command::Command;
use crate::event::Event;
use crate::frame::Format;
use crate::outbox::Outbox;
use crate::pace::Pace;
use crate::server::{Server, Slot};
use crate::session::Session;

/// The clients. One that crashes or is killed takes nobody with it.
#[task_supervisor]
#[derive(Debug)]
pub struct Connections;

/// How long a client that goes may take to read what is left for it, and to close its side.
const FAREWELL: Duration = Duration::from_secs(1);

/// The shortest time between two pings.
const SHORTEST: Duration = Duration::from_millis(10);

/// What arrives from a client.
#[derive(Debug)]
pub(crate) enum Input {
    /// A wish.
    Command(Command),
    /// Something that cannot be understood; what follows can.
    Refused(String),
    /// Something that cannot be understood, and nothing can after it.
    Broken(String),
    /// A sign of life.
    Alive,
}

/// The half of a transport that reads.
pub(crate) trait Incoming: Send + 'static {
    /// How clients of this transport read.
    const FORMAT: Format;
    /// Whether clients answer pings, so that one that is quiet for long is lost.
    const PINGS: bool;

    /// Waits for the next input; `None` at the end. Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Option<Input>> + Send;
}

/// The half of a transport that writes.
pub(crate) trait Outgoing: Send + 'static {
    /// Hands a text over to the system, which may take until the client has read others.
    fn send(&mut self, text: Utf8Bytes) -> impl Future<Output = io::Result<()>> + Send;
    /// Asks the client for a sign of life, where that is possible.
    fn ping(&mut self) -> impl Future<Output = io::Result<()>> + Send;
    /// Says that nothing follows.
    fn close(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}

/// Why a client is gone; part of its exit reason, where those who watch it find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It said goodbye.
    Quit,
    /// It closed the connection, or the network did.
    Closed,
    /// It gave no sign of life.
    Silent,
    /// It did not read.
    Slow,
    /// It sent something that nobody can read.
    Broken,
    /// The server stops.
    Stopped,
}

impl End {
    /// What an exit reason says about a client; nothing when it was killed or has crashed.
    pub(crate) fn of(reason: &ExitReason) -> Option<End> {
        match reason {
            ExitReason::ShutdownWith(term) => term.downcast_ref::<End>().copied(),
            _ => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            End::Quit => "said goodbye",
            End::Closed => "closed the connection",
            End::Silent => "gave no sign of life",
            End::Slow => "read too slowly",
            End::Broken => "sent something unreadable",
            End::Stopped => "the server stops",
        })
    }
}

/// Serves a client until it goes. Everything that belongs to it lives in this future, so it is gone
/// before anybody hears of its end.
pub(crate) async fn serve<I: Incoming, O: Outgoing>(
    mut incoming: I,
    mut outgoing: O,
    server: Server,
    _slot: Slot,
) {
    process::trap_exit(true);
    let outbox = Outbox::new(I::FORMAT, server.config.outbox());
    let end = tokio::select! {
        end = read(&mut incoming, &outbox, &server) => end,
        end = write(&mut outgoing, &outbox, &server, I::PINGS) => end,
    };
    if let Some(text) = end.farewell() {
        outbox.tell(Event::Notice { text });
    }
    let rest = async {
        while let Some(text) = outbox.take() {
            outgoing.send(text).await?;
        }
        outgoing.close().await?;
        // A socket that is closed while something unread lies in it takes back what was sent.
        while incoming.next().await.is_some() {}
        io::Result::Ok(())
    };
    // Who does not read it, or is not there any more, misses it.
    let _ = timeout(FAREWELL, rest).await;
    process::exit(ExitReason::shutdown_with(end));
}

impl End {
    fn farewell(self) -> Option<String> {
        match self {
            End::Quit => Some("goodbye".to_owned()),
            End::Stopped => Some("the server stops; what was not acknowledged, send again".into()),
            End::Slow | End::Silent => Some(format!("disconnected: this client {self}")),
            End::Closed | End::Broken => None,
        }
    }
}

/// Does one command after the other. A command that has begun is finished, also when the server
/// stops meanwhile; so each is either done and answered, or not begun.
async fn read(incoming: &mut impl Incoming, outbox: &Outbox, server: &Server) -> End {
    outbox.tell(Event::Notice { text: "welcome; /help lists the commands".to_owned() });
    let mut session = Session::new(outbox.clone());
    let mut pace = Pace::new(server.config.rate, server.config.burst);
    loop {
        let input = tokio::select! {
            biased;
            () = told_to_end() => return refuse_rest(incoming, outbox).await,
            input = next(incoming, &mut pace, server.config.ping) => input,
        };
        match input {
            Ok(Input::Command(Command::Quit)) => return End::Quit,
            Ok(Input::Command(command)) => session.run(command).await,
            Ok(Input::Refused(text)) => outbox.tell(Event::error(text)),
            Ok(Input::Broken(text)) => {
                outbox.tell(Event::error(text));
                return End::Broken;
            }
            Ok(Input::Alive) => {}
            Err(end) => return end,
        }
    }
}

async fn next<I: Incoming>(
    incoming: &mut I,
    pace: &mut Pace,
    ping: Duration,
) -> Result<Input, End> {
    pace.turn().await;
    let input = async { incoming.next().await.ok_or(End::Closed) };
    match I::PINGS {
        true => timeout(ping.max(SHORTEST) * 3, input).await.unwrap_or(Err(End::Silent)),
        false => input.await,
    }
}

/// Waits for an exit signal: of the supervisor, or of a registry that forgets everybody.
async fn told_to_end() {
    process::receive_type::<Exit>().await;
}

/// Answers what has arrived and will not be done.
async fn refuse_rest(incoming: &mut impl Incoming, outbox: &Outbox) -> End {
    while let Some(Some(input)) = incoming.next().now_or_never() {
        let Input::Command(command) = input else { continue };
        let id = match command {
            Command::Say(speech) | Command::Me(speech) => speech.id.map(Into::into),
            _ => None,
        };
        outbox.tell(Event::Error { text: "the server stops".to_owned(), id, again: true });
    }
    End::Stopped
}

/// Writes what waits. It also pings, however much there is to write: a client may only listen, and
/// has no other reason to give a sign of life.
async fn write<O: Outgoing>(
    outgoing: &mut O,
    outbox: &Outbox,
    server: &Server,
    pings: bool,
) -> End {
    let mut due = interval(server.config.ping.max(SHORTEST));
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let text = tokio::select! {
            biased;
            _ = due.tick(), if pings => None,
            text = outbox.next() => Some(text),
        };
        let sent = match text {
            Some(text) => timeout(server.config.patience, outgoing.send(text)).await,
            None => timeout(server.config.patience, outgoing.ping()).await,
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return End::Closed, // the network's reasons are of no use here
            Err(_) => return End::Slow,
        }
    }
}
