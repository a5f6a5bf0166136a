//! `supervisor!`, `#[otp::main]` and `#[otp::test]` on the real runtime.

use std::process::ExitCode;
use std::time::Duration;

use otp::{gen_server, process, supervisor};

#[derive(Clone)]
struct Config {
    start: i64,
    extra: bool,
}

struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    fn get(&self) -> i64 {
        self.value
    }

    #[handle_cast]
    fn add(&mut self, n: i64) {
        self.value += n;
    }

    #[handle_cast]
    fn crash(&mut self) {
        panic!("told to");
    }
}

struct Cell<T> {
    value: T,
}

#[gen_server]
impl<T: Clone + Send + Sync + 'static> Cell<T> {
    #[init]
    fn init(value: T) -> Self {
        Cell { value }
    }

    #[handle_call]
    fn read(&self) -> T {
        self.value.clone()
    }
}

supervisor! {
    /// Another supervisor, made from a parameter, and a child without parameters.
    House(start: i64) {
        strategy: one_for_one,
        children: [
            supervisor Bank(Config { start, extra: false }) { restart: transient },
            Cell::<u8>(1) { name: "outer" },
        ],
    }
}

supervisor! {
    /// Two counters, a generic cell, a supervisor inside, and one that is there on request.
    Bank(config: Config) {
        strategy: rest_for_one,
        max_restarts: 3,
        max_seconds: 5,
        children: [
            Counter(config.start),
            Counter(100) { id: "second", name: "second", restart: transient, shutdown: 1s },
            Cell::<String>(String::from("text")) { name: "cell" },
            supervisor Web {
                strategy: one_for_all,
                backoff: 100ms..2s,
                children: [Counter(7) { name: "seven" }],
            },
            #[cfg(any())]
            Missing,
            Counter(config.start + 1) { id: "extra", name: "extra" } if config.extra,
        ],
    }
}

fn config(extra: bool) -> Config {
    Config { start: 1, extra }
}

/// SUP-SPEC-07: a type alone, a type with arguments, and one with options of its own.
#[otp::test(timeout = 20s)]
async fn starts_the_children_in_order_with_their_arguments() {
    let bank = Bank::start_link(config(true)).await.expect("the tree starts");
    assert_eq!(Counter::client().get().await, Ok(1));
    assert_eq!(Counter::named("second").get().await, Ok(100));
    assert_eq!(Cell::<String>::named("cell").read().await, Ok("text".to_owned()));
    assert_eq!(Counter::named("seven").get().await, Ok(7));
    assert_eq!(Counter::named("extra").get().await, Ok(2));
    let counts = bank.count_children().await.expect("the supervisor answers");
    assert_eq!((counts.specs, counts.active, counts.supervisors, counts.workers), (5, 5, 1, 4));
    let second = bank.get_childspec("second").await.expect("it is there");
    assert_eq!(second.to_string(), "second: transient worker, shutdown 1s");
}

#[otp::test(timeout = 20s)]
async fn leaves_out_a_child_whose_condition_is_false() {
    let bank = Bank::start_link(config(false)).await.expect("the tree starts");
    assert_eq!(Counter::named("extra").pid(), None);
    assert_eq!(bank.count_children().await.expect("counts").specs, 4);
    assert_eq!(Bank::client().pid(), bank.pid());
}

/// SUP-SPEC-10.
#[otp::test(timeout = 20s)]
async fn restarts_with_the_same_arguments() {
    Bank::start_link(config(false)).await.expect("the tree starts");
    let counter = Counter::client();
    counter.add(5);
    assert_eq!(counter.get().await, Ok(6));
    let (old, old_second) = (counter.pid(), Counter::named("second").pid());
    counter.crash();
    while counter.pid() == old || Counter::named("seven").pid().is_none() {
        process::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(counter.get().await, Ok(1));
    // rest_for_one: the children after it are started again too.
    assert_ne!(Counter::named("second").pid(), old_second);
}

#[otp::test(timeout = 20s)]
async fn a_supervisor_is_a_child_of_another_one() {
    let house = otp::test::start_supervised(House::child_spec(40)).await;
    assert_eq!(Counter::client().get().await, Ok(40));
    assert_eq!(Cell::<u8>::named("outer").read().await, Ok(1));
    let counts = house.count_children().await.expect("counts");
    assert_eq!((counts.supervisors, counts.workers), (1, 1));
    assert_eq!(Bank::client().count_children().await.expect("counts").specs, 4);
}

#[otp::test(timeout = 20s)]
async fn the_value_form_takes_variables_of_the_function() {
    let (sup, more) = (3, true);
    let tree = supervisor! {
        strategy: one_for_all,
        max_seconds: 1,
        children: [
            Counter(sup),
            Counter(sup + 1) { id: "more", name: "more" } if more,
            Cell::<u8>(0) { id: "none" } if !more,
        ],
    };
    let supervisor = tree.start_link().await.expect("the tree starts");
    assert_eq!(Counter::client().get().await, Ok(3));
    assert_eq!(Counter::named("more").get().await, Ok(4));
    assert_eq!(supervisor.count_children().await.expect("counts").specs, 2);
}

/// What is drawn depends on the parameters, and a supervisor below is drawn with its children.
#[test]
fn the_declared_tree_needs_no_runtime() {
    let expected = "\
House: one_for_one, 3 restarts in 5s
├── Bank: transient supervisor, shutdown infinity; rest_for_one, 3 restarts in 5s
│   ├── Counter: permanent worker, shutdown 5s
│   ├── second: transient worker, shutdown 1s
│   ├── Cell<String>: permanent worker, shutdown 5s
│   └── Web: permanent supervisor, shutdown infinity; one_for_all, 3 restarts in 5s, \
backoff 100ms..2s
│       └── Counter: permanent worker, shutdown 5s
└── Cell<u8>: permanent worker, shutdown 5s";
    assert_eq!(House::tree(40).to_string(), expected);
    assert!(
        Bank::tree(config(true)).to_string().ends_with("└── extra: permanent worker, shutdown 5s")
    );
    assert_eq!(Bank::to_dot(config(true)), Bank::tree(config(true)).to_dot());
    assert_eq!(Bank::to_mermaid(config(false)), Bank::tree(config(false)).to_mermaid());
}

#[otp::test(timeout = 20s)]
async fn children_without_names_are_found_through_their_supervisors() {
    Bank::start_link(config(false)).await.expect("the tree starts");
    let bank = Bank::client();
    assert_eq!(bank.child_of::<Counter>().get().await, Ok(1));
    let second = bank.child::<Counter>("second");
    assert_eq!(second.get().await, Ok(100));
    let web = bank.supervisor("Web");
    let seven = web.child_of::<Counter>();
    let old = seven.pid();
    second.add(5);
    second.crash(); // rest_for_one: `Web` behind it goes with it
    while seven.pid() == old || seven.pid().is_none() {
        process::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!((seven.get().await, second.get().await), (Ok(7), Ok(100)));
    assert_eq!(web.count_children().await.expect("it runs").active, 1);
}

#[otp::test]
async fn names_of_one_test_are_not_those_of_another() {
    assert_eq!(Bank::client().pid(), None);
    Counter::start_link(0).await.expect("the name is free");
}

#[otp::test(start_paused, timeout = 90s)]
async fn paused_time_jumps() {
    process::sleep(Duration::from_secs(60)).await;
}

#[otp::test]
#[should_panic]
async fn an_error_fails_the_test() -> Result<(), std::num::ParseIntError> {
    let _: u8 = "x".parse()?;
    Ok(())
}

#[otp::test(timeout = 50ms)]
#[should_panic]
async fn a_test_that_takes_too_long_fails() {
    process::sleep(Duration::from_secs(600)).await;
}

#[otp::test(flavor = multi_thread, worker_threads = 2, timeout = 20s)]
async fn several_threads() {
    let counter = Counter::start_link(1).await.expect("the server starts");
    assert_eq!(counter.get().await, Ok(1));
}

mod program {
    use super::{Counter, ExitCode};

    #[otp::main(flavor = current_thread, shutdown = 1s)]
    pub(super) async fn main() -> otp::Result<()> {
        Counter::start_link(0).await?;
        let _: u8 = "7".parse()?;
        assert_eq!(Counter::client().get().await?, 0);
        Ok(())
    }

    pub(super) mod failing {
        #[otp::main]
        pub(in super::super) async fn main() -> Result<(), std::num::ParseIntError> {
            let _: u8 = "x".parse()?;
            Ok(())
        }
    }

    pub(super) mod code {
        #[otp::main(worker_threads = 1)]
        pub(in super::super) async fn main() -> super::ExitCode {
            if otp::process::current().is_some() {
                return super::ExitCode::from(7);
            }
            super::ExitCode::SUCCESS
        }
    }
}

#[test]
fn main_gives_the_exit_code() {
    assert_eq!(program::main(), ExitCode::SUCCESS);
    assert_eq!(program::failing::main(), ExitCode::FAILURE);
    assert_eq!(program::code::main(), ExitCode::from(7));
}
