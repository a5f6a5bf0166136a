//! The line protocol: the listener, and reading and writing lines.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use futures_util::StreamExt;
use otp::StartFn;
use otp::prelude::*;
use otp::{FromFn, process::SpawnOptions};
use rustix::net::sockopt;
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::bytes::{Bytes, BytesMut};
use tokio_util::codec::{Decoder, FramedRead, LinesCodec, LinesCodecError};

use crate::command::Command;
use crate::connection::{Connections, Incoming, Input, Outgoing, serve};
use crate::event::Event;
use crate::frame::{Format, Frame};
use crate::server::{FULL, Server, Slot};

/// The longest line, in bytes.
const LONGEST_LINE: usize = 8 << 10;

/// How much the system may hold for a client beside its outbox. Linux doubles it.
const SEND_BUFFER: usize = 64 << 10;

/// How long accepting rests when the program has no more file descriptors or the like.
const REST: Duration = Duration::from_secs(1);

/// Accepts clients of the line protocol.
#[derive(Debug)]
pub struct Listener;

/// Why the listener does not start.
#[derive(thiserror::Error)]
#[error("cannot listen on {address}: {error}")]
pub(crate) struct ListenError {
    address: String,
    #[source]
    error: io::Error,
}

// Exit reasons print it so.
impl std::fmt::Debug for ListenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Listener {
    /// The listener as a child. It listens when its start has returned, and at the same port again
    /// after a restart, also if the system has chosen that port.
    pub fn child_spec(server: Server) -> ChildSpec<FromFn<impl StartFn + Clone>> {
        ChildSpec::from_fn(ChildId::of::<Listener>(), move || {
            let server = server.clone();
            async move {
                let listener = listen(&server).await.map_err(|error| {
                    let address = server.config.tcp.clone();
                    StartError::Exit(ExitReason::error(ListenError { address, error }))
                })?;
                Ok(SpawnOptions::new().link().label("tcp").spawn(accept(listener, server)))
            }
        })
    }
}

async fn listen(server: &Server) -> io::Result<TcpListener> {
    let listener = match server.lines.get() {
        Some(address) => TcpListener::bind(address).await?,
        None => TcpListener::bind(&server.config.tcp).await?,
    };
    let _ = server.lines.set(listener.local_addr()?); // it may be there already, and is the same
    Ok(listener)
}

async fn accept(listener: TcpListener, server: Server) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => begin(stream, peer, &server).await,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                eprintln!("cannot accept connections for a moment: {error}");
                process::sleep(REST).await;
            }
        }
    }
}

async fn begin(stream: TcpStream, peer: SocketAddr, server: &Server) {
    if let Err(error) = prepare(&stream) {
        return eprintln!("the connection of {peer} was lost: {error}");
    }
    let Some(slot) = server.slot() else { return refuse(&stream) };
    if let Err(error) = Connections::start_child(client(stream, server.clone(), slot)).await {
        eprintln!("the connection of {peer} could not be served: {error}");
    }
}

/// A few bytes always fit into the buffer of a new socket; whoever is gone already misses them.
fn refuse(stream: &TcpStream) {
    if let Some(line) = Frame::from(Event::error(FULL)).text(Format::Lines) {
        let _ = stream.try_write(line.as_bytes());
    }
}

async fn client(stream: TcpStream, server: Server, slot: Slot) {
    let (read, socket) = stream.into_split();
    serve(LinesIn::new(read), LinesOut { socket, rest: Bytes::new() }, server, slot).await;
}

/// Sends at once; finds out within two minutes when the other side is gone without a word; and
/// keeps the system's part of what a client costs small.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, Duration::from_secs(60))?;
    sockopt::set_tcp_keepintvl(stream, Duration::from_secs(15))?;
    sockopt::set_tcp_keepcnt(stream, 4)?;
    sockopt::set_socket_send_buffer_size(stream, SEND_BUFFER)?;
    Ok(())
}

/// Lines from a socket.
struct LinesIn(FramedRead<OwnedReadHalf, Lines>);

impl LinesIn {
    fn new(read: OwnedReadHalf) -> LinesIn {
        let lines = Lines(LinesCodec::new_with_max_length(LONGEST_LINE));
        LinesIn(FramedRead::with_capacity(read, lines, 1 << 10)) // it grows when it must
    }
}

impl Incoming for LinesIn {
    const FORMAT: Format = Format::Lines;
    const PINGS: bool = false;

    async fn next(&mut self) -> Option<Input> {
        let line = self.0.next().await?.ok()?; // a connection that fails is at its end
        Some(match line.and_then(|line| Command::parse(&line)) {
            Ok(command) => Input::Command(command),
            Err(text) => Input::Refused(text),
        })
    }
}

/// Lines as [`LinesCodec`] finds them, but what is wrong with one line is no end of the stream.
struct Lines(LinesCodec);

impl Decoder for Lines {
    type Item = Result<String, String>;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        let decoded = self.0.decode(bytes);
        complain(decoded)
    }

    fn decode_eof(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        let decoded = self.0.decode_eof(bytes);
        complain(decoded)
    }
}

fn complain(
    decoded: Result<Option<String>, LinesCodecError>,
) -> io::Result<Option<Result<String, String>>> {
    match decoded {
        Ok(line) => Ok(line.map(Ok)),
        Err(LinesCodecError::MaxLineLengthExceeded) => {
            Ok(Some(Err(format!("a line has at most {LONGEST_LINE} bytes; this one is ignored"))))
        }
        Err(LinesCodecError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
            Ok(Some(Err("a line must be UTF-8; this one is ignored".to_owned())))
        }
        Err(LinesCodecError::Io(error)) => Err(error),
    }
}

/// Lines to a socket.
struct LinesOut {
    socket: OwnedWriteHalf,
    /// What is left of the text that is being sent, should somebody lose patience half-way.
    rest: Bytes,
}

impl Outgoing for LinesOut {
    async fn send(&mut self, text: Utf8Bytes) -> io::Result<()> {
        self.socket.write_all_buf(&mut self.rest).await?;
        self.rest = text.into();
        self.socket.write_all_buf(&mut self.rest).await
    }

    async fn ping(&mut self) -> io::Result<()> {
        Ok(()) // the system asks, see `prepare`
    }

    async fn close(&mut self) -> io::Result<()> {
        self.socket.write_all_buf(&mut self.rest).await?;
        self.socket.shutdown().await
    }
}
