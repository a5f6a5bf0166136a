//! The macros of `otp`.

mod config;
mod derive;
mod diag;
mod entry;
mod gen_server;
mod literal;
mod options;
mod receive;
mod registry;
mod sig;
mod structs;
mod supervisor;
mod task_supervisor;
#[cfg(test)]
mod tests;
mod tokens;
mod twins;
mod via;

use proc_macro::TokenStream;

/// Makes a server out of an inherent `impl` block, as `use GenServer` does in Elixir.
///
/// The functions of the block stay ordinary functions, so they can be called and tested without a
/// runtime. Attributes give them their roles:
///
/// | attribute | function | its result |
/// |---|---|---|
/// | [`#[init]`](macro@init) | makes the state | `Self`, `Init<Self>`, or a `Result` of one |
/// | [`#[handle_call]`](macro@handle_call) | answers a waiting caller | the answer, or `Reply<T>` |
/// | [`#[handle_cast]`](macro@handle_cast) | a request nobody waits for | nothing, or `Noreply` |
/// | [`#[handle_info]`](macro@handle_info) | any other message, by type | as for a cast |
/// | [`#[handle_continue]`](macro@handle_continue) | goes on later | as for a cast |
/// | [`#[hibernate]`](macro@hibernate) | runs before a long wait | nothing |
/// | [`#[terminate]`](macro@terminate) | runs before the end | nothing |
///
/// Where a cast may return something, it may also return a `Result` of it, whose error stops the
/// server.
///
/// One rule holds for all parameters: what is owned is part of the message, what is borrowed is
/// lent by the runtime. So every function may take `cx: &mut Context<Self>`, in any place.
/// Functions may be `async`.
///
/// ```ignore
/// use otp::prelude::*;
///
/// pub struct Counter {
///     value: i64,
/// }
///
/// #[gen_server(name)]
/// impl Counter {
///     #[init]
///     pub fn init(initial: i64) -> Self {
///         Counter { value: initial }
///     }
///
///     /// Adds one and returns the new value.
///     #[handle_call]
///     pub fn increment(&mut self) -> i64 {
///         self.value += 1;
///         self.value
///     }
///
///     /// Adds `n` later; the caller does not wait.
///     #[handle_cast]
///     pub fn add(&mut self, n: i64) {
///         self.value += n;
///     }
/// }
/// ```
///
/// # Options
///
/// - `name`: registers the process under the type, and makes `Counter::client()`.
/// - `name = "text"`: the same under a text.
/// - `name = via(Users, id)`: the same under a key of a [registry](macro@registry), made of the
///   parameters of `#[init]`; then it is `Counter::client(key)`.
/// - `restart = permanent`, `transient` or `temporary`: when a supervisor starts it again.
/// - `shutdown = 10s`, `infinity` or `brutal_kill`: how a supervisor stops it.
/// - `significant`: its end can end its supervisor.
/// - `trap_exit`: exit signals arrive as `Exit` messages, and `#[terminate]` runs when a supervisor
///   stops the server. `trap_exit = false` says that the server with a `#[terminate]` means not to.
/// - `debug`: crash reports, `sys::get_status` and traces show the state as its `Debug` prints it.
///   What must stay secret is left out by an `impl Debug` written by hand.
/// - `mailbox(capacity = 100)`: how many requests may wait. `full = drop_newest` or `drop_oldest`
///   says which cast is dropped at the limit, `calls = overload` or `wait` what a call does.
/// - `hibernate_after = 5s`: hibernates after so long without a message.
/// - `handoff = false`: callers never run the server on their own thread, which they otherwise do
///   for short calls while it waits. For handlers that read tokio task-locals.
/// - `client = Name`, `request = Name`: other names for the generated types.
/// - `crate = ::path`: where the library is, when not at `::otp`.
///
/// # Visibility
///
/// The start functions have the visibility of the `#[init]` function, a client method has that of
/// its handler. The types of the parameters of `#[init]` must be as visible as the server's type;
/// all other types may be private.
///
/// # Imports
///
/// Inside of the block the attributes need no import: `use otp::gen_server;` is enough. They may be
/// spelled `#[otp::handle_call]`.
///
/// # Errors
///
/// All faults of a block are reported at once, each with a code such as `OTP0207` that
/// `docs/errors.md` explains.
///
/// <details><summary>What this expands to</summary>
///
/// ```ignore
/// impl Counter { .. }                               // the block, without the attributes above
/// pub enum CounterRequest {                         // one variant per call or cast
///     Increment { reply_to: ReplyTo<i64> },
///     Add { n: i64 },
/// }
/// impl GenServer for Counter { .. }                 // calls the functions of the block
/// impl Counter {
///     pub fn start_link(initial: i64) -> Start<Self> { .. }
///     pub fn start(initial: i64) -> Start<Self> { .. }
///     pub fn child_spec(initial: i64) -> ChildSpec<Self> { .. }
///     pub fn client() -> CounterClient { .. }       // with `name`
///     pub fn named(name: impl Into<Name>) -> CounterClient { .. }
/// }
/// pub struct CounterClient(ServerRef<Counter>);     // Clone, Debug, Deref to the ServerRef
/// impl CounterClient {
///     pub fn increment(&self) -> Call<Counter, i64> { .. }
///     pub fn add(&self, n: i64) { .. }
/// }
/// ```
///
/// A function `start_link`, `start`, `child_spec`, `client` or `named` in the block replaces the
/// generated one.
/// </details>
#[proc_macro_attribute]
pub fn gen_server(args: TokenStream, item: TokenStream) -> TokenStream {
    gen_server::gen_server(args.into(), item.into()).into()
}

/// Makes a server out of a type whose value is the whole of its start: no `#[init]`, no handlers.
///
/// For processes that only hold something, such as a connection that closes when it is dropped.
/// Messages are logged and dropped.
///
/// ```ignore
/// use otp::prelude::*;
///
/// #[derive(Clone, GenServer)]
/// #[server(name, restart = transient)]
/// pub struct Session {
///     user: String,
/// }
///
/// let session: ServerRef<Session> = Session::start_link(Session { user }).await?;
/// ```
///
/// It writes `start_link(state)`, `start(state)`, `child_spec(state)` and `named(name)`, and with
/// the option `name` also `client()`, as visible as the type. A generic type is a server wherever
/// it is `Send + 'static`. The options of `#[server(..)]` are `name`, `restart`, `shutdown`,
/// `significant`, `trap_exit` and `crate`, as of [`#[gen_server]`](macro@gen_server).
#[proc_macro_derive(GenServer, attributes(server))]
pub fn derive_gen_server(item: TokenStream) -> TokenStream {
    derive::gen_server(item.into()).into()
}

/// Reads a struct from the configuration: defaults, a TOML file, the environment, and what was put.
///
/// ```ignore
/// use std::path::PathBuf;
/// use std::time::Duration;
///
/// use otp::prelude::*;
///
/// #[derive(Clone, Config)]
/// #[config(app = "bank")]
/// pub struct BankConfig {
///     #[config(env = "BANK_DATA", default = "data")]
///     data: PathBuf,
///     #[config(env = "BANK_PORT", default = 4000)]
///     port: u16,
///     #[config(default = 5s)]
///     timeout: Duration,
///     #[config(env = "BANK_KEY", secret)]
///     api_key: String,
///     #[config(nested)]
///     limits: Limits,
/// }
///
/// #[derive(Clone, Config)]
/// pub struct Limits {
///     #[config(default)]
///     requests: Option<u32>,
/// }
///
/// BankSup::start_link(BankConfig::load()?).await?;
/// ```
///
/// `load()` gives all that is wrong at once: each key with what was found, where, and what should
/// be there. `load_from(&Sources::new().toml_text(".."))` is for tests. The sources and their
/// order, and how values are written in them, stand at the module `otp::config`.
///
/// A field without a default must be given somewhere, unless it is an `Option`. Its type implements
/// serde's `Deserialize`, as numbers, texts, paths, durations, lists and maps do.
///
/// # Options of a field
///
/// | option | meaning |
/// |---|---|
/// | `default = value` | an expression of the field's type, a text, or a duration such as `5s` |
/// | `default` | the type's own default |
/// | `env = "NAME"` | an environment variable that wins over the file |
/// | `key = "limits.requests"` | another key than the name of the field; dots lead into tables |
/// | `secret` | its value never appears in a message |
/// | `nested` | another struct with `#[derive(Config)]`, in a table of its own |
///
/// # Options of the struct
///
/// | option | meaning |
/// |---|---|
/// | `app = "bank"` | the table that it is read from, and its application in `otp::env` |
/// | `deny_unknown` | a key of the file's table that no field has is a fault |
/// | `crate = ::path` | where the library is, when not at `::otp` |
///
/// Without `app` the fields are read from the root of the file, and `deny_unknown` is about the
/// whole file.
///
/// # What this expands to
///
/// ```ignore
/// impl Config for BankConfig {
///     const APP: Option<&'static str> = Some("bank");
///     fn read(from: &mut Reader<'_>) -> Option<Self> {
///         let data = from.field::<PathBuf>("data").env("BANK_DATA").or_else(|| "data".into());
///         let port = from.field::<u16>("port").env("BANK_PORT").or_else(|| 4000);
///         // and so on
///         Some(Self { data: data?, port: port?, .. })
///     }
/// }
/// ```
///
/// It needs the feature `config` of the crate `otp`, which is on by default.
#[proc_macro_derive(Config, attributes(config))]
pub fn derive_config(item: TokenStream) -> TokenStream {
    if cfg!(feature = "config") {
        config::config(item.into()).into()
    } else {
        config::unavailable().into()
    }
}

/// The function of a [`#[gen_server]`](macro@gen_server) block that makes the state.
///
/// Its parameters become those of `start_link`, `start` and `child_spec`. It returns `Self`;
/// `Init<Self>` for more than the state (`Init::ok(state).continue_with(..)`, `Init::ignore()`,
/// `Init::stop(reason)`); or a `Result` of either, whose error is the reason the start fails with.
#[proc_macro_attribute]
pub fn init(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("init", item.into()).into()
}

/// A function of a [`#[gen_server]`](macro@gen_server) block that answers a caller who waits.
///
/// It returns the answer, or `Reply<T>` to say more (`reply(value).stop(reason)`), or it takes
/// `#[from] caller: ReplyTo<T>`, returns nothing, and answers when it can. A `Result` is an answer
/// like any other: its error does not stop the server.
#[proc_macro_attribute]
pub fn handle_call(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("handle_call", item.into()).into()
}

/// A function of a [`#[gen_server]`](macro@gen_server) block for a request nobody waits for.
///
/// It returns nothing, `Noreply` to say more (`noreply().stop(reason)`), or a `Result` of either,
/// whose error stops the server.
#[proc_macro_attribute]
pub fn handle_cast(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("handle_cast", item.into()).into()
}

/// A function of a [`#[gen_server]`](macro@gen_server) block for messages of one type.
///
/// Its one owned parameter says which. A parameter of the type `Message` takes every message that
/// no other function takes; without one they are logged and dropped. It returns what a cast may
/// return.
#[proc_macro_attribute]
pub fn handle_info(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("handle_info", item.into()).into()
}

/// The function of a [`#[gen_server]`](macro@gen_server) block that goes on after another one.
///
/// It runs before the next message, when a callback has said `.continue_with(step)`. It takes the
/// step, or nothing when there is only one. It returns what a cast may return.
#[proc_macro_attribute]
pub fn handle_continue(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("handle_continue", item.into()).into()
}

/// The function of a [`#[gen_server]`](macro@gen_server) block that gives back what the state can
/// do without, before a long wait.
///
/// It runs after a callback said `.hibernate()`, and after `hibernate_after` without a message. It
/// takes `&mut self` only, returns nothing and is not `async`.
#[proc_macro_attribute]
pub fn hibernate(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("hibernate", item.into()).into()
}

/// The function of a [`#[gen_server]`](macro@gen_server) block that runs before the end.
///
/// It may take `reason: &ExitReason` and returns nothing. It does not run when the process is
/// killed, nor when a supervisor stops a server that does not trap exits.
#[proc_macro_attribute]
pub fn terminate(_: TokenStream, item: TokenStream) -> TokenStream {
    twins::misplaced("terminate", item.into()).into()
}

/// Declares a supervision tree.
///
/// With a name it makes a type; children are written like calls of their `#[init]` function:
///
/// ```ignore
/// use otp::prelude::*;
///
/// supervisor! {
///     /// Everything the bank runs, in start order.
///     pub Bank(config: Config) {
///         strategy: rest_for_one,
///         max_restarts: 3,
///         max_seconds: 5,
///         children: [
///             Accounts,
///             Ledger(config.path.clone()) { shutdown: 10s },
///             Counter(100) { id: "second", restart: transient },
///             KvStore::<String, u32>,
///             supervisor Web {
///                 strategy: one_for_all,
///                 children: [Router, Endpoint(config.port)],
///             },
///             #[cfg(feature = "metrics")]
///             Metrics if config.metrics,
///         ],
///     }
/// }
///
/// let bank = Bank::start_link(config).await?;
/// ```
///
/// Without a name, when it begins with an option, it is a `Supervisor` value:
///
/// ```ignore
/// let tree = supervisor! { strategy: one_for_one, children: [Counter(0)] };
/// ```
///
/// # Options
///
/// | option | value | default |
/// |---|---|---|
/// | `strategy` | `one_for_one`, `one_for_all`, `rest_for_one` | required |
/// | `children` | a list, in start order | required |
/// | `max_restarts` | whole number from 0 | 3 |
/// | `max_seconds` | whole number from 1 | 5 |
/// | `auto_shutdown` | `never`, `any_significant`, `all_significant` | `never` |
/// | `backoff` | the first and the longest wait before a restart: `100ms..5s` | no wait |
/// | `crate` | an absolute path of this library | `::otp` |
///
/// Either end of `backoff` may be an expression, and so may the whole, of a `Backoff`.
///
/// # Children
///
/// `Path(arguments) { options } if condition`; everything but the path may be left out.
///
/// | option | value |
/// |---|---|
/// | `id` | a text that tells this child from another one of the same type |
/// | `restart` | `permanent`, `transient`, `temporary` |
/// | `shutdown` | a duration such as `5s`, `infinity`, `brutal_kill` |
/// | `significant` | `true`, `false` |
/// | `name` | the name to register |
/// | `after` | the child that this one needs, or a list of them: `Users`, `[Users, "second"]` |
///
/// The options replace those of the child's `#[gen_server(..)]`. `supervisor Name { .. }` is a
/// supervisor written in place, with the options of both tables; its id is its name.
/// `#[cfg(..)]` before a child removes it when the tree is compiled, `if` when it starts.
///
/// Arguments and conditions are ordinary expressions over the supervisor's parameters. They are
/// evaluated each time the supervisor starts, top to bottom, so a parameter that is used twice is
/// borrowed or cloned. They cannot `.await`.
///
/// # What this expands to
///
/// ```ignore
/// pub struct Bank;
/// impl ::otp::SupervisorModule for Bank {
///     type Args = (Config,);
///     fn init((config,): Self::Args) -> ::otp::Supervisor {
///         ::otp::Supervisor::rest_for_one()
///             .max_restarts(3)
///             .max_seconds(5)
///             .child(Accounts::child_spec())
///             .child(Ledger::child_spec(config.path.clone()).shutdown(/* 10 s */))
///         // and so on
///     }
/// }
/// impl ::otp::Child for Bank { /* so that it can be a child itself */ }
/// impl Bank {
///     pub fn start_link(config: Config) -> ::otp::StartSupervisor { /* .. */ }
///     pub fn start(config: Config) -> ::otp::StartSupervisor { /* .. */ }
///     pub fn child_spec(config: Config) -> ::otp::ChildSpec<Self> { /* .. */ }
///     pub fn client() -> ::otp::SupervisorRef { /* .. */ }
///     pub fn tree(config: Config) -> ::otp::Tree { /* as declared; nothing is started */ }
///     pub fn to_dot(config: Config) -> String { /* .. */ }
///     pub fn to_mermaid(config: Config) -> String { /* .. */ }
/// }
/// ```
///
/// The shape of a tree may hang on its parameters, so `tree` takes them like a start. What runs is
/// shown by `Bank::client().live_tree().await`, without any.
#[proc_macro]
pub fn supervisor(input: TokenStream) -> TokenStream {
    supervisor::supervisor(input.into()).into()
}

#[doc = include_str!("../docs/dynamic_supervisor.md")]
#[proc_macro_attribute]
pub fn dynamic_supervisor(args: TokenStream, item: TokenStream) -> TokenStream {
    structs::dynamic_supervisor(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/partition_supervisor.md")]
#[proc_macro_attribute]
pub fn partition_supervisor(args: TokenStream, item: TokenStream) -> TokenStream {
    structs::partition_supervisor(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/task_supervisor.md")]
#[proc_macro_attribute]
pub fn task_supervisor(args: TokenStream, item: TokenStream) -> TokenStream {
    task_supervisor::task_supervisor(args.into(), item.into()).into()
}

/// Waits for a message that one of the patterns matches.
///
/// ```ignore
/// use otp::prelude::*;
///
/// let answer = receive! {
///     Urgent(job) => handle(job).await?,
///     Down { monitor, reason, .. } if monitor == mine => return Err(reason.into()),
///     ("ping", from): (&'static str, Pid) => process::send(from, Pong),
///     other: Message => log(other),
///     after 5s => give_up(),
/// };
/// ```
///
/// Messages are looked at in the order they came, each one once, arms from top to bottom. A message
/// that no arm wants stays in the mailbox, in its place. Bodies are ordinary code of the function
/// around: `?`, `return`, `break` and `.await` work in them. The value of the body is the value of
/// the macro.
///
/// # Arms
///
/// | arm | takes |
/// |---|---|
/// | `Ping { from } => ..` | messages of the pattern's type that it matches |
/// | `PATTERN if condition => ..` | those for which the condition holds, too |
/// | `ping: Ping => ..` | every message of the type |
/// | `("ping", from): (&'static str, Pid) => ..` | a pattern that does not tell its type |
/// | `other: Message => ..` | every message |
/// | `after 5s => ..` | nothing; it runs when no message came in time |
///
/// A name alone in lower case needs a type; one in upper case is a constant or a unit struct. A
/// number without a suffix is an `i32`.
///
/// `after` is the last arm. Its time is a literal (`5s`, `500ms`) or an expression of the type
/// `Duration`, evaluated once before the wait. It counts from the beginning and is not restarted by
/// messages that nobody wants. `after 0ms` looks at every message that is there and does not wait.
/// Without `after` it waits for ever.
///
/// # Panics
///
/// Outside a process, and inside a server, whose messages belong to its handlers.
///
/// # Cancel safety
///
/// A wait that is dropped loses no message.
///
/// Elixir: `receive do .. after .. end`.
///
/// # What this expands to
///
/// ```ignore
/// {
///     let received = ::otp::__private::receive_within(
///         |message| { /* each arm tests its pattern and guard on the boxed message */ },
///         Duration::from_nanos(5_000_000_000),
///     )
///     .await;
///     match received {
///         Some(Received::This(message)) => match *message {
///             Urgent(job) => handle(job).await?,
///             _ => unreachable,
///         },
///         /* the other arms */
///         None => give_up(),
///     }
/// }
/// ```
#[proc_macro]
pub fn receive(input: TokenStream) -> TokenStream {
    receive::receive(input.into()).into()
}

/// Runs an async `main` as the root process of a runtime.
///
/// ```ignore
/// #[otp::main]
/// async fn main() -> otp::Result<()> {
///     Counter::start_link(0).await?;
///     otp::shutdown_signal().await;
///     Ok(())
/// }
/// ```
///
/// The function takes no arguments and returns `()`, `ExitCode`, or a `Result` of one of them whose
/// error is `Debug`. The program ends with code 0 after a clean stop and with 1 otherwise.
///
/// # Options
///
/// | option | value |
/// |---|---|
/// | `flavor` | `multi_thread` or `current_thread` |
/// | `worker_threads` | whole number from 1, of a `multi_thread` runtime |
/// | `shutdown` | how long the body may run on after a signal: `10s` |
/// | `stop_limit` | how long everything may take to stop before it is killed: `30s` |
///
/// # An application
///
/// `#[otp::main(App)]`, where `App` is any expression of an `Application`, also before options,
/// starts that application with all that it needs before the body, as permanent ones. If one of
/// them does not start, the error names it and the child at fault, what was started is stopped
/// again, the body never runs and the exit code is 1.
///
/// ```ignore
/// #[otp::main(App, stop_limit = 30s)]
/// async fn main() {
///     otp::shutdown_signal().await;
/// }
/// ```
///
/// When the body has ended, all applications stop in reverse start order, then what the body has
/// started. So a body that is empty ends the program right after the start: one that has nothing
/// else to do awaits `otp::shutdown_signal()`. The body is also asked to end when one of the
/// applications ends by itself; the exit code is 1 then.
///
/// # What this expands to
///
/// ```ignore
/// fn main() -> ::std::process::ExitCode {
///     async fn main() -> otp::Result<()> { /* the body */ }
///     ::otp::__private::run_main(::otp::__private::MainOptions::new(), main())
/// }
/// ```
#[proc_macro_attribute]
pub fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    entry::main(args.into(), item.into()).into()
}

/// Makes an async function a test with processes of its own.
///
/// ```ignore
/// #[otp::test(start_paused, timeout = 5s)]
/// async fn counts() {
///     let counter = otp::test::start_supervised(Counter::child_spec(7)).await;
///     assert_eq!(counter.get().or_exit().await, 7);
/// }
/// ```
///
/// Every test has its own processes and names, so tests run side by side and may all start
/// `Counter`. The test fails when its body panics, returns an error or takes too long, and when a
/// process linked to it crashes. `#[should_panic]`, `#[ignore]`, docs and `#[cfg(..)]` work as on
/// every test; `#[test]` itself is added.
///
/// # Options
///
/// | option | value |
/// |---|---|
/// | `start_paused` | alone or `= true`: time stands still and jumps to the next timer |
/// | `timeout` | the limit of the whole test: `5s` |
/// | `flavor` | `current_thread` or `multi_thread` |
/// | `worker_threads` | whole number from 1, of a `multi_thread` runtime |
///
/// # What this expands to
///
/// ```ignore
/// #[::core::prelude::v1::test]
/// fn counts() {
///     async fn counts() { /* the body */ }
///     ::otp::__private::run_test(
///         ::otp::__private::TestOptions::new("counts").start_paused(true),
///         counts(),
///     );
/// }
/// ```
#[proc_macro_attribute]
pub fn test(args: TokenStream, item: TokenStream) -> TokenStream {
    entry::test(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/registry.md")]
#[proc_macro_attribute]
pub fn registry(args: TokenStream, item: TokenStream) -> TokenStream {
    registry::registry(args.into(), item.into()).into()
}
