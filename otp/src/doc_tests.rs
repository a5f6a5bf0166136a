//! The examples of the macros' documentation, run. The crate of the macros cannot run them itself,
//! as what they expand to names this crate.

/// ```
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
///
/// #[otp::main]
/// async fn main() -> otp::Result<()> {
///     Counter::start_link(0).await?;
///     Counter::client().add(1);
///     assert_eq!(Counter::client().increment().await?, 2);
///     Ok(())
/// }
/// ```
struct GenServer;

/// ```
/// # use otp::prelude::*;
/// # macro_rules! server {
/// #     ($name:ident($($argument:ident: $ty:ty),*)) => {
/// #         pub struct $name;
/// #         #[gen_server]
/// #         impl $name {
/// #             #[init]
/// #             pub fn init($($argument: $ty),*) -> Self { $(drop($argument);)* $name }
/// #         }
/// #     };
/// # }
/// # #[derive(Clone)] pub struct Config { path: String, port: u16, metrics: bool }
/// # server!(Accounts());
/// # server!(Ledger(path: String));
/// # server!(Counter(initial: i64));
/// # server!(Router());
/// # server!(Endpoint(port: u16));
/// # server!(Metrics());
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
///             supervisor Web {
///                 strategy: one_for_all,
///                 children: [Router, Endpoint(config.port)],
///             },
///             Metrics if config.metrics,
///         ],
///     }
/// }
///
/// # #[otp::main]
/// # async fn main() -> otp::Result<()> {
/// # let config = Config { path: "ledger".into(), port: 4000, metrics: false };
/// let bank = Bank::start_link(config).await?;
/// assert_eq!(bank.count_children().await?.active, 4);
///
/// let tree = supervisor! { strategy: one_for_one, children: [Counter(0)] };
/// assert_eq!(tree.start_link().await?.count_children().await?.active, 1);
/// # Ok(())
/// # }
/// ```
struct Supervisor;

/// ```
/// # use otp::prelude::*;
/// # pub struct Counter(i64);
/// # #[gen_server]
/// # impl Counter {
/// #     #[init] pub fn init(initial: i64) -> Self { Counter(initial) }
/// #     #[handle_call] pub fn get(&self) -> i64 { self.0 }
/// # }
/// #[otp::main]
/// async fn main() -> otp::Result<()> {
///     Counter::start_link(0).await?;
/// #   return Ok(()); // nobody sends a signal here
///     otp::shutdown_signal().await;
///     Ok(())
/// }
///
/// #[otp::test(start_paused, timeout = 5s)]
/// async fn counts() {
///     let counter = otp::test::start_supervised(Counter::child_spec(7)).await;
///     assert_eq!(counter.get().or_exit().await, 7);
/// }
/// ```
struct Entry;

/// ```
/// # #[cfg(feature = "config")] mod example {
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
/// # pub fn run() {
/// let sources = otp::Sources::new().var("BANK_KEY", "sesame").toml_text("bank.port = 80");
/// let config = BankConfig::load_from(&sources).unwrap();
/// assert_eq!((config.port, config.timeout), (80, Duration::from_secs(5)));
/// assert_eq!((config.data, config.limits.requests), (PathBuf::from("data"), None));
/// assert_eq!(config.api_key, "sesame");
/// # }
/// # }
/// # fn main() { #[cfg(feature = "config")] example::run(); }
/// ```
struct Config;

#[doc = include_str!("../../otp-macros/docs/dynamic_supervisor.md")]
struct DynamicSupervisor;

#[doc = include_str!("../../otp-macros/docs/partition_supervisor.md")]
struct PartitionSupervisor;

#[doc = include_str!("../../otp-macros/docs/task_supervisor.md")]
struct TaskSupervisor;

/// ```
/// # use otp::prelude::*;
/// # #[derive(Clone)] pub enum Role { Reader }
/// #[registry(unique)]
/// pub struct Users(String);                     // a key has at most one entry
///
/// #[registry(duplicate, partitions = 4)]
/// pub struct Topics(String, Role);              // a key may have many, each with a value
///
/// # pub struct Worker { id: String }
/// #[gen_server(name = via(Users, id))]          // `id` is a parameter of `#[init]`
/// impl Worker {
/// #   #[init] pub fn init(id: String) -> Self { Worker { id } }
/// #   #[handle_call] pub fn get(&self) -> String { self.id.clone() }
/// # /*
///     ..
/// # */
/// }
/// # pub struct Other;
/// # #[gen_server] impl Other { #[init] pub fn init() -> Self { Other } }
///
/// # #[otp::main]
/// # async fn main() -> otp::Result<()> {
/// Users::start_link().await?;
/// Topics::start_link().await?;
/// Users::register("me".to_owned())?;            // the calling process
/// let me = Users::lookup("me")?.map(|entry| entry.pid);
/// assert_eq!(me, Some(process::self_pid()));
/// Topics::register("news".to_owned(), Role::Reader)?;
/// Topics::broadcast("news", "it rains")?;
///
/// Worker::start_link("ann".to_owned()).await?;  // is registered before its `init` runs
/// assert_eq!(Worker::client("ann").get().await?, "ann");
/// Other::start_link().via::<Users>("bob".to_owned()).await?;
/// let tree = supervisor! {
///     strategy: one_for_one,
///     children: [Other { name: via(Users, "carol".to_owned()) }],
/// };
/// tree.start_link().await?;
/// assert_eq!(Users::count()?, 4);
/// # Ok(())
/// # }
/// ```
struct Registry;
