//! One server twice: with `#[gen_server]`, and with the trait by hand.
//!
//! The library has no power that only the macro can reach: [`by_hand`] is ordinary code over its
//! public items, about what `#[gen_server]` writes. `cargo run --example by_hand` puts both
//! versions through the same script and compares what they did.
//!
//! What the macro saves:
//!
//! - the request: one variant per handler, with a caller for those who wait;
//! - the dispatch: `handle` and `handle_info` that send each message to its function;
//! - the start functions, whose parameters are those of `init`;
//! - the client, whose methods have the signatures, the docs and the visibility of the handlers;
//! - keeping these four in step whenever a handler changes. By hand the compiler finds a variant
//!   that is not dispatched, but not a client method that sends the wrong one;
//! - messages about the handler itself when it cannot be one, such as an argument that borrows.
//!
//! By hand is right where the request is a type that exists already, and where the macro stands in
//! the way.

use otp::prelude::*;

/// Sets the counter to zero; a plain message that any process may send.
#[derive(Clone, Debug)]
pub(crate) struct Reset;

/// With the macro.
mod by_macro {
    use super::*;

    pub(crate) struct Counter {
        value: i64,
    }

    #[gen_server(name, restart = transient, mailbox(capacity = 100))]
    impl Counter {
        #[init]
        pub(crate) fn init(initial: i64) -> Self {
            Counter { value: initial }
        }

        /// Returns the value.
        #[handle_call]
        pub(crate) fn get(&self) -> i64 {
            self.value
        }

        /// Adds one and returns the new value.
        #[handle_call]
        pub(crate) fn increment(&mut self) -> i64 {
            self.value += 1;
            self.value
        }

        /// Answers with the last value, then stops.
        #[handle_call]
        pub(crate) fn close(&mut self) -> Reply<i64> {
            reply(self.value).stop(ExitReason::Normal)
        }

        /// Adds `n` later; the caller does not wait.
        #[handle_cast]
        pub(crate) fn add(&mut self, n: i64) {
            self.value += n;
        }

        #[handle_info]
        fn reset(&mut self, _: Reset) {
            self.value = 0;
        }
    }
}

/// By hand.
mod by_hand {
    use std::ops::Deref;

    use otp::{HandleInfo, InitResult, Mailbox, Never, Next, ServerOptions, Start};

    use super::*;

    pub(crate) struct Counter {
        value: i64,
    }

    /// What the counter can be asked: the calls bring their caller along.
    pub(crate) enum Request {
        Get(ReplyTo<i64>),
        Increment(ReplyTo<i64>),
        Close(ReplyTo<i64>),
        Add(i64),
    }

    impl GenServer for Counter {
        type Args = i64;
        type Request = Request;
        type Continue = Never;
        type Client = CounterClient;

        const OPTIONS: ServerOptions =
            ServerOptions::new().restart(Restart::Transient).mailbox(Mailbox::bounded(100));

        fn name(_: &i64) -> Option<Name> {
            Some(Name::of::<Counter>())
        }

        fn is_call(request: &Request) -> bool {
            !matches!(request, Request::Add(_))
        }

        async fn init(initial: i64, _: &mut Context<Self>) -> InitResult<Self> {
            InitResult::ok(Counter { value: initial })
        }

        async fn handle(&mut self, request: Request, _: &mut Context<Self>) -> Next<Self> {
            match request {
                Request::Get(caller) => Next::answer(caller, self.value),
                Request::Increment(caller) => {
                    self.value += 1;
                    Next::answer(caller, self.value)
                }
                Request::Close(caller) => {
                    Next::answer(caller, reply(self.value).stop(ExitReason::Normal))
                }
                Request::Add(n) => {
                    self.value += n;
                    Next::wait()
                }
            }
        }

        async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
            // Without a report of what else arrives; the macro keeps the one of the default.
            if message.is::<Reset>() {
                self.value = 0;
            }
            Next::wait()
        }
    }

    /// Lets `counter.send(Reset)` compile.
    impl HandleInfo<Reset> for Counter {}

    impl Counter {
        pub(crate) fn start_link(initial: i64) -> Start<Counter> {
            Start::link(initial)
        }

        pub(crate) fn start(initial: i64) -> Start<Counter> {
            Start::alone(initial)
        }

        pub(crate) fn child_spec(initial: i64) -> ChildSpec<Counter> {
            ChildSpec::new(initial)
        }

        pub(crate) fn client() -> CounterClient {
            ServerRef::named(Name::of::<Counter>()).into()
        }
    }

    /// The handlers as methods; everything else by the plain handle inside.
    #[derive(Clone, Debug)]
    pub(crate) struct CounterClient(ServerRef<Counter>);

    impl From<ServerRef<Counter>> for CounterClient {
        fn from(server: ServerRef<Counter>) -> CounterClient {
            CounterClient(server)
        }
    }

    impl Deref for CounterClient {
        type Target = ServerRef<Counter>;

        fn deref(&self) -> &ServerRef<Counter> {
            &self.0
        }
    }

    impl CounterClient {
        /// Returns the value.
        pub(crate) fn get(&self) -> Call<Counter, i64> {
            self.0.call(Request::Get)
        }

        /// Adds one and returns the new value.
        pub(crate) fn increment(&self) -> Call<Counter, i64> {
            self.0.call(Request::Increment)
        }

        /// Answers with the last value, then stops.
        pub(crate) fn close(&self) -> Call<Counter, i64> {
            self.0.call(Request::Close)
        }

        /// Adds `n` later; the caller does not wait.
        pub(crate) fn add(&self, n: i64) {
            self.0.cast(Request::Add(n));
        }
    }
}

/// Puts one version through the script and gives what it did, a line for each step.
macro_rules! script {
    ($version:ident) => {
        async {
            use $version::Counter;
            let mut did = Vec::new();
            let mut note = |step: &str, result: &dyn std::fmt::Debug| {
                did.push(format!("{step}: {result:?}"));
            };

            let counter = Counter::start_link(40).await.expect("the name is free");
            let is_found = Counter::client().pid() == counter.pid();
            note("found by its name", &is_found);
            note("increment", &counter.increment().await);
            counter.add(1);
            note("get", &counter.get().await);
            let second = Counter::start(0).await.map(|_| ());
            let is_taken = matches!(second, Err(StartError::AlreadyStarted(_)));
            note("a second one is refused", &is_taken);
            counter.send(Reset);
            note("get after a reset", &counter.get().await);
            note("close", &counter.close().await);
            note("get after its end", &counter.get().await);

            let bank = Supervisor::one_for_one().child(Counter::child_spec(7));
            let bank = bank.start_link().await.expect("the tree starts");
            let first = Counter::client().pid().expect("alive");
            process::send_exit(first, ExitReason::error("lost"));
            while Counter::client().pid().is_none_or(|pid| pid == first) {
                process::sleep(std::time::Duration::from_millis(1)).await;
            }
            note("get after a restart", &Counter::client().get().await);
            note("close", &Counter::client().close().await);
            note("not started again", &bank.count_children().await.map(|counts| counts.active));
            bank.stop().await.expect("stopped");

            note("options", &Counter::OPTIONS);
            did
        }
    };
}

/// Runs the script with both versions; panics unless they do the same.
async fn compare() -> Vec<String> {
    let with_macro = script!(by_macro).await;
    let without = script!(by_hand).await;
    assert_eq!(with_macro, without);
    with_macro
}

#[otp::main]
async fn main() {
    for line in compare().await {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    #[otp::test]
    async fn both_versions_behave_the_same() {
        let did = super::compare().await;
        assert_eq!(
            did[..10],
            [
                "found by its name: true",
                "increment: Ok(41)",
                "get: Ok(42)",
                "a second one is refused: true",
                "get after a reset: Ok(0)",
                "close: Ok(0)",
                "get after its end: Err(NoProc)",
                "get after a restart: Ok(7)",
                "close: Ok(7)",
                "not started again: Ok(0)",
            ]
        );
    }
}
