//! The HTTP server as a child, and its client.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::serve::{Serve, Stop, Where};
use crate::process::{self, SpawnOptions};
use crate::{CallError, Child, ChildSpec, ExitReason, Name, Pid, StartError, Started};

/// How long requests in flight are waited for when nothing is said.
const DRAIN: Duration = Duration::from_secs(5);

/// How much longer a supervisor waits than the server itself.
const MARGIN: Duration = Duration::from_secs(1);

/// An HTTP server as a child: it serves an `axum::Router` and drains when it is ended.
///
/// ```no_run
/// use std::time::Duration;
///
/// use axum::Router;
/// use axum::routing::get;
/// use otp::http::HttpServer;
/// use otp::prelude::*;
///
/// fn router(greeting: &'static str) -> Router {
///     Router::new().route("/", get(move || async move { greeting }))
/// }
///
/// supervisor! {
///     pub AppSup(port: u16) {
///         strategy: one_for_one,
///         children: [
///             HttpServer(
///                 HttpServer::bind(format!("0.0.0.0:{port}"))
///                     .router(|| router("hello"))
///                     .drain(Duration::from_secs(20)),
///             ),
///         ],
///     }
/// }
/// ```
///
/// The listener is bound while the supervisor waits, so a port in use fails the start with a
/// [`BindError`], and whatever starts behind it can connect. It is closed before anybody hears of
/// the server's end, so a restart binds the same port again; this holds for port 0, too, where the
/// system chooses one at the first start.
///
/// Handlers run in plain tasks: they call servers, but have no pid and no links of their own. They
/// find the client's address in `axum::extract::ConnectInfo<SocketAddr>`.
///
/// Elixir: the child `{Bandit, plug: .., port: ..}`.
#[derive(Clone)]
pub struct HttpServer {
    place: Place,
    router: Arc<dyn Fn() -> Router + Send + Sync>,
    drain: Duration,
    max_connections: usize,
    name: Option<Name>,
}

/// Where a server listens.
#[derive(Clone)]
enum Place {
    /// At an address, which is looked up at each start until one was bound.
    Address { text: String, bound: Arc<OnceLock<SocketAddr>> },
    /// At a socket that somebody else has opened.
    Open(Arc<std::net::TcpListener>),
}

impl HttpServer {
    /// A server that listens at `address`: a text such as `127.0.0.1:4000` or `localhost:4000`, or
    /// a [`SocketAddr`].
    ///
    /// With port 0 the system chooses a free one, and [`HttpServerRef::local_addr`] tells which.
    pub fn bind(address: impl fmt::Display) -> HttpServer {
        HttpServer::at(Place::Address { text: address.to_string(), bound: Arc::default() })
    }

    /// A server that listens at a socket that is open already, such as one from systemd.
    ///
    /// The socket stays open while the spec is kept: between two starts, connections wait.
    pub fn listener(listener: std::net::TcpListener) -> HttpServer {
        HttpServer::at(Place::Open(Arc::new(listener)))
    }

    fn at(place: Place) -> HttpServer {
        let (router, max_connections) = (Arc::new(Router::new), usize::MAX);
        HttpServer { place, router, drain: DRAIN, max_connections, name: None }
    }

    /// Says what is served. The function is called at each start, so that a restart begins anew.
    ///
    /// Without it every request gets a 404.
    pub fn router(mut self, router: impl Fn() -> Router + Send + Sync + 'static) -> HttpServer {
        self.router = Arc::new(router);
        self
    }

    /// Says how long requests in flight may take when the server is to end; five seconds by
    /// default. What takes longer is cut.
    pub fn drain(mut self, limit: Duration) -> HttpServer {
        self.drain = limit;
        self
    }

    /// Says how many connections may be open; without it, as many as the system allows. More of
    /// them wait in the system's queue until one ends. What a handler has upgraded, such as a
    /// WebSocket, is the handler's and does not count.
    ///
    /// Elixir: `num_connections` of `ThousandIsland`.
    ///
    /// # Panics
    ///
    /// When it is 0: such a server would never answer.
    pub fn max_connections(mut self, connections: usize) -> HttpServer {
        assert!(connections > 0, "a server with 0 connections would never answer");
        self.max_connections = connections;
        self
    }

    /// Registers the server under another name than its type.
    pub fn name(mut self, name: impl Into<Name>) -> HttpServer {
        self.name = Some(name.into());
        self
    }

    /// The server as a permanent child, with a shutdown limit of the drain limit and one second
    /// more.
    ///
    /// `supervisor!` calls it for `HttpServer(HttpServer::bind(..))`.
    pub fn child_spec(mut self) -> ChildSpec<HttpServer> {
        if let Place::Address { bound, .. } = &mut self.place {
            *bound = Arc::default(); // each child has a port of its own
        }
        let shutdown = self.drain.saturating_add(MARGIN);
        ChildSpec::worker(self).shutdown(shutdown)
    }

    /// Starts the server linked to the running process; in a plain task, unlinked.
    ///
    /// # Errors
    ///
    /// [`StartError::AlreadyStarted`] when the name is taken; [`StartError::Exit`] with a
    /// [`BindError`] inside when it cannot listen.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O.
    pub async fn start_link(self) -> Result<HttpServerRef, StartError> {
        let name = self.name.unwrap_or_else(Name::of::<HttpServer>);
        if let Some(holder) = process::whereis(name.clone()) {
            return Err(StartError::AlreadyStarted(holder));
        }
        let listener = self.place.open().await?;
        let address = listener.local_addr().map_err(|error| self.place.fault(error))?;
        let parent = process::current();
        let router = (self.router)();
        let HttpServer { drain, max_connections, .. } = self;
        let serve = Serve { listener, address, router, drain, max_connections, parent };
        let mut options = SpawnOptions::new().name(name).label(format!("http://{address}"));
        if parent.is_some() {
            options = options.link();
        }
        let pid = options.try_spawn(serve.run())?;
        Ok(HttpServerRef(Target::Process(pid)))
    }

    /// The client of the server that has its type as its name.
    pub fn client() -> HttpServerRef {
        HttpServerRef(Target::Named(Name::of::<HttpServer>()))
    }

    /// The client of the server with this name.
    pub fn named(name: impl Into<Name>) -> HttpServerRef {
        HttpServerRef(Target::Named(name.into()))
    }
}

impl Place {
    /// Begins to listen.
    async fn open(&self) -> Result<TcpListener, BindError> {
        let opened = match self {
            Place::Open(listener) => adopt(listener),
            Place::Address { text, bound } => match bound.get() {
                Some(address) => TcpListener::bind(address).await,
                None => TcpListener::bind(text).await,
            },
        };
        let listener = opened.map_err(|error| self.fault(error))?;
        if let (Place::Address { bound, .. }, Ok(address)) = (self, listener.local_addr()) {
            let _ = bound.set(address); // it may be there already, and is the same then
        }
        Ok(listener)
    }

    fn fault(&self, error: io::Error) -> BindError {
        BindError { address: self.to_string(), error }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Address { text, bound } => match bound.get() {
                Some(address) => write!(f, "{address}"),
                None => f.write_str(text),
            },
            Place::Open(listener) => match listener.local_addr() {
                Ok(address) => write!(f, "{address}"),
                Err(_) => f.write_str("the given socket"),
            },
        }
    }
}

/// A handle of the same socket for tokio.
fn adopt(listener: &std::net::TcpListener) -> io::Result<TcpListener> {
    let copy = listener.try_clone()?;
    copy.set_nonblocking(true)?;
    TcpListener::from_std(copy)
}

impl Child for HttpServer {
    type Args = HttpServer;
    type Client = HttpServerRef;

    async fn start(
        args: HttpServer,
        name: Option<Name>,
    ) -> Result<Started<HttpServer>, StartError> {
        let server = match name {
            Some(name) => args.name(name),
            None => args,
        };
        let client = server.start_link().await?;
        match client.pid() {
            Some(pid) => Started::find(pid, client),
            None => Err(StartError::Exit(ExitReason::NoProc)),
        }
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer")
            .field("address", &self.place.to_string())
            .field("drain", &self.drain)
            .field("max_connections", &self.max_connections)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The client of an [`HttpServer`].
#[derive(Clone, Debug)]
pub struct HttpServerRef(Target);

#[derive(Clone, Debug)]
enum Target {
    Process(Pid),
    Named(Name),
}

impl HttpServerRef {
    /// The server's pid; `None` when the name has no holder.
    ///
    /// # Panics
    ///
    /// When it is by name, outside a tokio runtime.
    pub fn pid(&self) -> Option<Pid> {
        match &self.0 {
            Target::Process(pid) => Some(*pid),
            Target::Named(name) => process::whereis(name.clone()),
        }
    }

    /// The address at which the server listens.
    ///
    /// # Errors
    ///
    /// [`CallError::NoProc`] when there is no such server, or it ends.
    ///
    /// # Panics
    ///
    /// When it is by name, outside a tokio runtime.
    pub async fn local_addr(&self) -> Result<SocketAddr, CallError> {
        let pid = self.pid().ok_or(CallError::NoProc)?;
        let (caller, answer) = oneshot::channel();
        process::send(pid, Where(caller));
        answer.await.map_err(|_| CallError::NoProc)
    }

    /// Drains the server and waits until it is gone. Its reason is normal, so a supervisor starts a
    /// permanent one again.
    ///
    /// # Panics
    ///
    /// When it is by name, outside a tokio runtime.
    pub async fn stop(&self) {
        if let Some(pid) = self.pid() {
            process::send(pid, Stop);
            process::join(pid).await;
        }
    }
}

/// Why an HTTP server cannot listen.
///
/// It is inside the reason of the failed start.
#[non_exhaustive]
pub struct BindError {
    /// Where it was to listen.
    pub address: String,
    /// What the system says.
    pub error: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot listen on {}: {}", self.address, self.error)
    }
}

// Exit reasons print it so.
impl fmt::Debug for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl From<BindError> for StartError {
    fn from(error: BindError) -> StartError {
        StartError::Exit(ExitReason::error(error))
    }
}
