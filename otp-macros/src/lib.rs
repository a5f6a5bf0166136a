//! The macros of `otp`.

mod diag;
mod entry;
mod literal;
mod options;
mod supervisor;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

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
/// | `crate` | an absolute path of this library | `::otp` |
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
///     const NAME: &'static str = "Bank";
///     fn init((config,): Self::Args) -> ::otp::Supervisor {
///         ::otp::Supervisor::rest_for_one()
///             .max_restarts(3)
///             .max_seconds(5)
///             .child(Accounts::child_spec())
///             .child(Ledger::child_spec(config.path.clone()).shutdown(/* 10 s */))
///         // and so on
///     }
/// }
/// impl Bank {
///     pub fn start_link(config: Config) -> ::otp::StartSupervisor { /* .. */ }
///     pub fn start(config: Config) -> ::otp::StartSupervisor { /* .. */ }
///     pub fn child_spec(config: Config) -> ::otp::ChildSpec<Self> { /* .. */ }
///     pub fn client() -> ::otp::SupervisorRef { /* .. */ }
/// }
/// ```
#[proc_macro]
pub fn supervisor(input: TokenStream) -> TokenStream {
    supervisor::supervisor(input.into()).into()
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
