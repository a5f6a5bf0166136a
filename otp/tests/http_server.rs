//! The HTTP server as a supervised child, over real sockets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use otp::http::{BindError, CallErrorLayer, HttpError, HttpServer, HttpServerRef};
use otp::prelude::*;
use otp::test::start_supervised;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};

const LONG: Duration = Duration::from_secs(600);

struct Counter {
    value: u64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    fn init(value: u64) -> Self {
        Counter { value }
    }

    #[handle_call]
    fn increment(&mut self) -> u64 {
        self.value += 1;
        self.value
    }

    #[handle_call]
    fn crash(&mut self) {
        panic!("told to");
    }
}

async fn increment() -> Result<String, HttpError> {
    Ok(Counter::client().increment().await?.to_string())
}

async fn crash() -> Result<(), HttpError> {
    Ok(Counter::client().crash().await?)
}

async fn panics() {
    panic!("a handler may panic");
}

async fn peer(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
    peer.to_string()
}

fn router() -> Router {
    Router::new()
        .route("/", get(increment))
        .route("/crash", post(crash))
        .route("/panic", get(panics))
        .route("/peer", get(peer))
        .layer(CallErrorLayer::new().retry_after(Duration::from_secs(9)))
}

fn local() -> HttpServer {
    HttpServer::bind("127.0.0.1:0").router(router)
}

/// Sends a request on a connection of its own; the connection closes behind the answer.
async fn ask(address: SocketAddr, what: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{what} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// All that comes until the connection is closed, or `None` when nothing does.
async fn answer(mut stream: TcpStream) -> Option<String> {
    let mut text = String::new();
    match stream.read_to_string(&mut text).await {
        Ok(_) if !text.is_empty() => Some(text),
        _ => None,
    }
}

async fn request(address: SocketAddr, what: &str) -> (u16, String) {
    let text = answer(ask(address, what).await).await.unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let retry = head.lines().find(|line| line.starts_with("retry-after"));
    (status, format!("{}{body}", retry.map(|line| format!("{line} ")).unwrap_or_default()))
}

async fn address_of(server: &HttpServerRef) -> SocketAddr {
    server.local_addr().await.unwrap()
}

#[otp::test]
async fn it_serves_handlers_that_call_servers() {
    start_supervised(Counter::child_spec(6)).await;
    let server = start_supervised(local().child_spec()).await;
    let address = address_of(&server).await;
    assert_ne!(address.port(), 0);
    assert_eq!(HttpServer::client().local_addr().await, Ok(address));
    assert_eq!(request(address, "GET /").await, (200, "7".to_owned()));
    assert_eq!(request(address, "GET /nowhere").await.0, 404);
    let stream = ask(address, "GET /peer").await;
    let mine = stream.local_addr().unwrap().to_string();
    assert!(answer(stream).await.unwrap().ends_with(&mine));
}

#[otp::test]
async fn errors_of_calls_are_answers() {
    let server = start_supervised(local().child_spec()).await;
    let address = address_of(&server).await;
    let (status, text) = request(address, "GET /").await;
    assert_eq!((status, &*text), (503, r#"retry-after: 9 {"error":"unavailable"}"#));
    start_supervised(Counter::child_spec(0)).await;
    let (status, text) = request(address, "POST /crash").await;
    assert_eq!((status, &*text), (500, r#"{"error":"internal"}"#));
}

#[otp::test]
async fn a_handler_that_panics_costs_its_own_request_only() {
    start_supervised(Counter::child_spec(0)).await;
    let server = start_supervised(local().child_spec()).await;
    let (address, pid) = (address_of(&server).await, server.pid());
    let (status, text) = request(address, "GET /panic").await;
    assert_eq!((status, &*text), (500, r#"{"error":"internal"}"#));
    assert_eq!(request(address, "GET /").await, (200, "1".to_owned()));
    assert_eq!(HttpServer::client().pid(), pid);
}

#[otp::test]
async fn a_port_in_use_is_a_start_error_that_names_the_address() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = HttpServer::bind(address).start_link().await.unwrap_err();
    let StartError::Exit(ExitReason::Error(term)) = &error else { panic!("{error:?}") };
    let fault = term.downcast_ref::<BindError>().unwrap();
    assert_eq!(fault.address, address.to_string());
    assert_eq!(fault.error.kind(), std::io::ErrorKind::AddrInUse);
    // And so does the supervisor's error.
    let spec = HttpServer::bind(address).child_spec();
    let error = Supervisor::one_for_one().child(spec).start_link().await.unwrap_err();
    let text = error.to_string();
    let wanted = format!("HttpServer` failed to start: `init` failed: cannot listen on {address}");
    assert!(text.contains(&wanted), "{text}");
}

#[otp::test]
async fn an_address_that_makes_no_sense_is_a_start_error() {
    let error = HttpServer::bind("no address").start_link().await.unwrap_err();
    assert!(error.to_string().contains("cannot listen on no address: "), "{error}");
}

#[otp::test]
async fn a_name_is_held_by_one_server() {
    let first = HttpServer::bind("127.0.0.1:0").start_link().await.unwrap();
    let error = HttpServer::bind("127.0.0.1:0").start_link().await.unwrap_err();
    assert_eq!(error, StartError::AlreadyStarted(first.pid().unwrap()));
    let admin = HttpServer::bind("127.0.0.1:0").name("admin").start_link().await.unwrap();
    assert_eq!(HttpServer::named("admin").pid(), admin.pid());
    assert_ne!(address_of(&admin).await, address_of(&first).await);
    admin.stop().await;
    first.stop().await;
    assert_eq!(HttpServer::client().pid(), None);
    assert_eq!(HttpServer::client().local_addr().await, Err(CallError::NoProc));
}

#[otp::test]
async fn a_restart_serves_at_the_same_address_at_once() {
    start_supervised(Counter::child_spec(0)).await;
    let server = start_supervised(local().child_spec()).await;
    let address = address_of(&server).await;
    // A connection that stays open must not hold the port.
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n").await.unwrap();
    idle.readable().await.unwrap();
    for round in 2..5 {
        let pid = HttpServer::client().pid().unwrap();
        process::send_exit(pid, ExitReason::Kill);
        process::join(pid).await;
        // The supervisor is an ordinary server: its answer comes behind the restart.
        start_supervised(Counter::child_spec(0).id(format!("{round}")).name(format!("{round}")))
            .await;
        assert_ne!(HttpServer::client().pid(), Some(pid));
        assert_eq!(request(address, "GET /").await, (200, round.to_string()));
    }
}

#[otp::test]
async fn a_server_takes_an_open_socket() {
    start_supervised(Counter::child_spec(0)).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    start_supervised(HttpServer::listener(listener).router(router).child_spec()).await;
    let stream = ask(address, "GET /").await;
    assert!(answer(stream).await.unwrap().ends_with('1'));
    let pid = HttpServer::client().pid().unwrap();
    process::send_exit(pid, ExitReason::Kill);
    process::join(pid).await;
    // Nobody is refused in between.
    assert_eq!(request(address, "GET /").await, (200, "2".to_owned()));
}

/// Requests that wait until the test lets them go.
struct Gate {
    entered: mpsc::UnboundedReceiver<()>,
    open: Arc<Semaphore>,
    router: Router,
}

fn gate() -> Gate {
    let (enter, entered) = mpsc::unbounded_channel();
    let open = Arc::new(Semaphore::new(0));
    let wait = Arc::clone(&open);
    let handler = move || async move {
        enter.send(()).unwrap();
        wait.acquire().await.unwrap().forget();
        "done"
    };
    Gate { entered, open, router: Router::new().route("/", get(handler)) }
}

/// Waits until nobody listens any more.
async fn refused(address: SocketAddr) {
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[otp::test]
async fn requests_in_flight_are_answered_and_new_connections_refused() {
    let Gate { mut entered, open, router } = gate();
    let server = HttpServer::bind("127.0.0.1:0").router(move || router.clone()).drain(LONG);
    let supervisor =
        Supervisor::one_for_one().child(server.child_spec()).start_link().await.unwrap();
    let address = HttpServer::client().local_addr().await.unwrap();
    let idle = TcpStream::connect(address).await.unwrap();
    let mut asked = Vec::new();
    for _ in 0..20 {
        asked.push(ask(address, "GET /").await);
        entered.recv().await.unwrap();
    }
    let stopped = tokio::spawn(async move { supervisor.stop().await });
    refused(address).await;
    assert_eq!(answer(idle).await, None); // it had no request, and is closed
    assert!(!stopped.is_finished());
    open.add_permits(20);
    for stream in asked {
        assert!(answer(stream).await.unwrap().ends_with("done"));
    }
    stopped.await.unwrap().unwrap();
}

/// They were made while the server was told to end, and before it has looked again.
#[otp::test]
async fn connections_that_wait_to_be_accepted_are_answered() {
    let server = HttpServer::bind("127.0.0.1:0").router(router).drain(LONG);
    Counter::start_link(0).await.unwrap();
    let supervisor =
        Supervisor::one_for_one().child(server.child_spec()).start_link().await.unwrap();
    let address = HttpServer::client().local_addr().await.unwrap();
    assert_eq!(request(address, "GET /").await.0, 200);
    let stopped = tokio::spawn(async move { supervisor.stop().await });
    let mut waiting = Vec::new();
    for _ in 0..10 {
        use std::io::Write;
        // Not asynchronous: the runtime is not to hear of it yet.
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").unwrap();
        stream.set_nonblocking(true).unwrap();
        waiting.push(TcpStream::from_std(stream).unwrap());
    }
    for stream in waiting {
        assert!(answer(stream).await.unwrap().starts_with("HTTP/1.1 200"));
    }
    stopped.await.unwrap().unwrap();
}

/// Its client could not know that the server is about to end.
#[otp::test(start_paused)]
async fn a_request_that_was_on_its_way_is_answered() {
    let server = HttpServer::bind("127.0.0.1:0").router(router).drain(LONG);
    Counter::start_link(0).await.unwrap();
    let supervisor =
        Supervisor::one_for_one().child(server.child_spec()).start_link().await.unwrap();
    let address = HttpServer::client().local_addr().await.unwrap();
    let mut new = TcpStream::connect(address).await.unwrap();
    let mut kept = TcpStream::connect(address).await.unwrap();
    let get = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    kept.write_all(get).await.unwrap();
    let mut head = [0; 15];
    kept.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    // Time stands still while something blocks.
    let (release, released) = std::sync::mpsc::channel::<()>();
    let blocking = tokio::task::spawn_blocking(move || released.recv());
    let stopped = tokio::spawn(async move { supervisor.stop().await });
    refused(address).await;
    for stream in [&mut new, &mut kept] {
        stream.write_all(get).await.unwrap();
    }
    for stream in [new, kept] {
        let answer = answer(stream).await.unwrap();
        assert!(answer.contains("connection: close\r\n"), "{answer}");
    }
    assert_eq!(Counter::client().increment().await, Ok(4));
    drop(release);
    assert!(blocking.await.unwrap().is_err());
    stopped.await.unwrap().unwrap();
}

#[otp::test(start_paused)]
async fn a_client_that_never_finishes_its_request_is_cut() {
    let server = HttpServer::bind("127.0.0.1:0").router(router).start_link().await.unwrap();
    let address = address_of(&server).await;
    let begun = otp::Instant::now();
    for head in ["", "GET / HTT", "GET / HTTP/1.1\r\nHost: here\r\nX-Slow"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(answer(stream).await, None);
    }
    // Nor one that has finished another.
    let mut kept = TcpStream::connect(address).await.unwrap();
    kept.write_all(b"GET /none HTTP/1.1\r\nHost: here\r\n\r\nGET / HTT").await.unwrap();
    assert_eq!(answer(kept).await.unwrap().matches("HTTP/1.1").count(), 1);
    assert!(begun.elapsed() >= Duration::from_secs(30), "they had some time");
    server.stop().await;
}

#[otp::test(start_paused)]
async fn one_connection_more_than_the_limit_waits() {
    let server = HttpServer::bind("127.0.0.1:0").router(router).max_connections(1);
    let server = server.start_link().await.unwrap();
    let address = address_of(&server).await;
    start_supervised(Counter::child_spec(0)).await;
    // A connection that was answered and stays open.
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(b"GET /peer HTTP/1.1\r\nhost: here\r\n\r\n").await.unwrap();
    assert!(first.read(&mut [0; 1024]).await.unwrap() > 0);
    let mut second = ask(address, "GET /").await;
    let early = tokio::time::timeout(Duration::from_secs(1), second.read(&mut [0; 1])).await;
    assert!(early.is_err(), "nobody serves it: {early:?}");
    drop(first);
    assert!(answer(second).await.is_some_and(|text| text.starts_with("HTTP/1.1 200")));
    server.stop().await;
}

#[otp::test]
async fn a_request_that_is_slower_than_the_drain_limit_is_cut() {
    let Gate { mut entered, open, router } = gate();
    let server =
        HttpServer::bind("127.0.0.1:0").router(move || router.clone()).drain(Duration::ZERO);
    let supervisor =
        Supervisor::one_for_one().child(server.child_spec()).start_link().await.unwrap();
    let address = HttpServer::client().local_addr().await.unwrap();
    let asked = ask(address, "GET /").await;
    entered.recv().await.unwrap();
    supervisor.stop().await.unwrap();
    // Its handler is gone, too: nobody is left to take the permit.
    open.add_permits(1);
    assert_eq!(answer(asked).await, None);
    assert_eq!(open.available_permits(), 1);
    assert!(TcpStream::connect(address).await.is_err());
}

#[otp::test]
async fn a_kill_cuts_the_connections_as_well() {
    let Gate { mut entered, open, router } = gate();
    let server = HttpServer::bind("127.0.0.1:0").router(move || router.clone()).drain(LONG);
    start_supervised(server.child_spec().restart(Restart::Temporary)).await;
    let client = HttpServer::client();
    let (address, pid) = (address_of(&client).await, client.pid().unwrap());
    let asked = ask(address, "GET /").await;
    entered.recv().await.unwrap();
    process::send_exit(pid, ExitReason::Kill);
    process::join(pid).await;
    assert!(TcpStream::connect(address).await.is_err()); // before anybody hears of the end
    assert_eq!(answer(asked).await, None);
    open.add_permits(1);
    assert_eq!(open.available_permits(), 1);
}

#[otp::test]
async fn the_spec_gives_the_server_time_to_drain() {
    let spec = HttpServer::bind("127.0.0.1:0").drain(Duration::from_secs(20)).child_spec();
    let supervisor = Supervisor::one_for_one().child(spec).start_link().await.unwrap();
    let settings = supervisor.get_childspec(ChildId::of::<HttpServer>()).await.unwrap();
    assert_eq!(settings.to_string(), "HttpServer: permanent worker, shutdown 21s");
    supervisor.stop().await.unwrap();
}

mod tree {
    use super::*;

    supervisor! {
        pub(super) Web {
            strategy: rest_for_one,
            children: [
                Counter(0),
                HttpServer(local()),
                HttpServer(local()) { id: "admin", name: "admin", shutdown: 30s },
            ],
        }
    }
}

#[otp::test]
async fn it_is_a_child_in_a_declared_tree() {
    start_supervised(tree::Web::child_spec()).await;
    for server in [HttpServer::client(), HttpServer::named("admin")] {
        assert_eq!(request(address_of(&server).await, "GET /").await.0, 200);
    }
}

#[tokio::test]
async fn a_plain_program_starts_and_stops_it() {
    let server = HttpServer::bind("127.0.0.1:0").router(router).start_link().await.unwrap();
    let address = address_of(&server).await;
    assert_eq!(request(address, "GET /").await.0, 503);
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!(server.local_addr().await, Err(CallError::NoProc));
}

/// Switches to a protocol that sends back whatever comes.
async fn echo(mut request: axum::extract::Request) -> axum::response::Response {
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut stream = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
        let mut byte = [0];
        while stream.read_exact(&mut byte).await.is_ok() {
            stream.write_all(&byte).await.unwrap();
        }
    });
    let response = axum::response::Response::builder()
        .status(101)
        .header("connection", "upgrade")
        .header("upgrade", "echo");
    response.body(axum::body::Body::empty()).unwrap()
}

#[otp::test]
async fn an_upgraded_connection_is_no_longer_the_servers() {
    let server = HttpServer::bind("127.0.0.1:0")
        .router(|| Router::new().route("/echo", get(echo)))
        .drain(LONG)
        .start_link()
        .await
        .unwrap();
    let mut stream = TcpStream::connect(address_of(&server).await).await.unwrap();
    let head = "GET /echo HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"));
    server.stop().await; // does not wait for it, however long the drain limit
    stream.write_u8(7).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), 7);
}
