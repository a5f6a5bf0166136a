//! What `#[gen_server]` makes, at run time: the examples of the documentation and the corners of
//! the expansion.

// The examples are written as in a library, where others see them.
#![allow(unreachable_pub)]

use otp::__private::{TestOptions, run_test};

/// Runs the body of one test as a process.
fn run(name: &'static str, body: impl Future<Output = otp::Result<()>> + Send) {
    run_test(TestOptions::new(name), async move {
        body.await.expect("the body succeeds");
    });
}

mod counter {
    use otp::prelude::*;

    /// A counter that any process can read and bump.
    pub struct Counter {
        value: i64,
    }

    #[gen_server(name)]
    impl Counter {
        #[init]
        pub fn init(initial: i64) -> Self {
            Counter { value: initial }
        }

        /// Returns the current value.
        #[handle_call]
        pub fn get(&self) -> i64 {
            self.value
        }

        /// Adds one and returns the new value.
        #[handle_call]
        pub fn increment(&mut self) -> i64 {
            self.value += 1;
            self.value
        }

        #[handle_call]
        pub fn reset(&mut self) {
            self.value = 0;
        }

        /// Adds `n` later; the caller does not wait.
        #[handle_cast]
        pub fn add(&mut self, n: i64) {
            self.value += n;
        }
    }

    #[test]
    fn is_reached_by_its_name() {
        super::run("counter", async {
            Counter::start_link(0).await?;
            let counter = Counter::client();
            assert_eq!(counter.get().await?, 0);
            assert_eq!(counter.increment().await?, 1);
            counter.add(10);
            assert_eq!(counter.get().await?, 11);
            counter.reset().await?;
            assert_eq!(counter.get().await?, 0);
            Ok(())
        });
    }

    #[test]
    fn handlers_are_plain_functions() {
        let mut counter = Counter::init(40);
        counter.add(1);
        assert_eq!(counter.increment(), 42);
    }

    /// GS-START-07.
    #[test]
    fn a_second_name_is_another_server() {
        super::run("names", async {
            let first = Counter::start_link(1).await?;
            let second = Counter::start_link(2).name("second").await?;
            assert_ne!(first.pid(), second.pid());
            assert_eq!(Counter::named("second").get().await?, 2);
            assert_eq!(Counter::client().clone().get().await?, 1);
            Ok(())
        });
    }
}

mod store {
    use std::{collections::HashMap, hash::Hash};

    use otp::prelude::*;

    pub struct KvStore<K, V> {
        entries: HashMap<K, V>,
        waiting: Vec<(K, ReplyTo<V>)>,
    }

    #[gen_server]
    impl<K, V> KvStore<K, V>
    where
        K: Hash + Eq + Clone + Send + 'static,
        V: Clone + Send + 'static,
    {
        #[init]
        pub fn init() -> Self {
            KvStore { entries: HashMap::new(), waiting: Vec::new() }
        }

        #[handle_call]
        pub fn get(&self, key: K) -> Option<V> {
            self.entries.get(&key).cloned()
        }

        /// Waits until `key` has a value. The server stays free: it answers from `put`.
        #[handle_call]
        pub fn wait_for(&mut self, key: K, #[from] caller: ReplyTo<V>) {
            match self.entries.get(&key) {
                Some(value) => caller.reply(value.clone()),
                None => self.waiting.push((key, caller)),
            }
        }

        #[handle_cast]
        pub fn put(&mut self, key: K, value: V) {
            let waiting = std::mem::take(&mut self.waiting);
            let (ready, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| w.0 == key);
            self.waiting = waiting;
            for (_, caller) in ready {
                caller.reply(value.clone());
            }
            self.entries.insert(key, value);
        }

        #[handle_call]
        pub fn delete(&mut self, key: K) -> Option<V> {
            self.entries.remove(&key)
        }
    }

    struct Waited(u32);

    /// GS-CALL-02.
    #[test]
    fn answers_when_it_can() {
        super::run("store", async {
            let kv = KvStore::<String, u32>::start_link().await?;
            let (me, waiter) = (process::self_pid(), kv.clone());
            process::spawn(async move {
                let value = waiter.wait_for("a".into()).await;
                process::send(me, Waited(value.expect("an answer")));
            });
            assert_eq!(kv.get("a".into()).await?, None);
            kv.put("a".into(), 1);
            let Waited(value) =
                process::receive().await.downcast::<Waited>().expect("the waiter's message");
            assert_eq!(value, 1);
            assert_eq!(kv.delete("a".into()).await?, Some(1));
            Ok(())
        });
    }
}

mod persistent {
    use std::{path::PathBuf, time::Duration};

    use otp::prelude::*;

    // Private, although the server is public.
    enum Boot {
        Load,
    }
    #[derive(Clone)]
    struct Tick;

    pub struct PersistentCounter {
        path: PathBuf,
        value: i64,
        dirty: bool,
        saved: Pid,
    }

    async fn load(path: &std::path::Path) -> std::io::Result<Option<i64>> {
        match path.to_str() {
            Some("broken") => Err(std::io::ErrorKind::InvalidData.into()),
            _ => Ok(Some(41)),
        }
    }

    struct Saved(i64);

    #[gen_server(trap_exit, shutdown = 10s)]
    impl PersistentCounter {
        /// Answers its supervisor at once and loads afterwards.
        #[init]
        pub fn init(path: PathBuf, saved: Pid, cx: &mut Context<Self>) -> Init<Self> {
            cx.send_interval(Duration::from_secs(1), Tick);
            let state = PersistentCounter { path, value: 0, dirty: false, saved };
            Init::ok(state).continue_with(Boot::Load)
        }

        #[handle_continue]
        async fn boot(&mut self, step: Boot) -> std::io::Result<()> {
            match step {
                Boot::Load => self.value = load(&self.path).await?.unwrap_or(0),
            }
            Ok(())
        }

        #[handle_call]
        pub fn increment(&mut self) -> i64 {
            self.value += 1;
            self.dirty = true;
            self.value
        }

        #[handle_info]
        async fn tick(&mut self, _: Tick) -> std::io::Result<()> {
            self.dirty = false;
            Ok(())
        }

        #[handle_info]
        fn linked_process_died(&mut self, exit: Exit) -> Noreply {
            noreply().stop(exit.reason)
        }

        #[handle_info]
        fn unknown(&mut self, message: Message) {
            assert!(message.is::<u8>());
            self.value = 100;
        }

        #[terminate]
        async fn terminate(&mut self, reason: &ExitReason) {
            assert_eq!(*reason, ExitReason::Normal);
            process::send(self.saved, Saved(self.value));
        }
    }

    #[test]
    fn continues_and_terminates() {
        super::run("persistent", async {
            let me = process::self_pid();
            let counter = PersistentCounter::start_link("fine".into(), me).await?;
            assert_eq!(counter.increment().await?, 42);
            counter.send(Tick);
            process::send(counter.pid().expect("alive"), 7_u8);
            assert_eq!(counter.increment().await?, 101);
            counter.stop().await?;
            let Saved(value) = process::receive().await.downcast::<Saved>().expect("saved");
            assert_eq!(value, 101);
            Ok(())
        });
    }

    /// GS-TERM-10.
    #[test]
    fn an_error_stops_it() {
        super::run("broken", async {
            let me = process::self_pid();
            let counter = PersistentCounter::start("broken".into(), me).await?;
            let error = counter.increment().await.expect_err("stopped");
            assert!(matches!(error, CallError::Exited(ExitReason::Error(_)) | CallError::NoProc));
            Ok(())
        });
    }
}

mod account {
    use otp::prelude::*;

    #[derive(Clone, Debug, PartialEq)]
    pub enum BankError {
        InsufficientFunds { missing: u64 },
        ZeroAmount,
    }

    pub struct Account {
        balance: u64,
    }

    #[gen_server(restart = transient)]
    impl Account {
        #[init]
        pub fn init(opening: u64) -> Result<Self, BankError> {
            if opening == 0 {
                return Err(BankError::ZeroAmount);
            }
            Ok(Account { balance: opening })
        }

        #[handle_call]
        pub fn balance(&self) -> u64 {
            self.balance
        }

        #[handle_call]
        pub fn withdraw(&mut self, amount: u64) -> Result<u64, BankError> {
            let missing = amount.saturating_sub(self.balance);
            if missing > 0 {
                return Err(BankError::InsufficientFunds { missing });
            }
            self.balance -= amount;
            Ok(self.balance)
        }

        /// Pays out, answers, then stops normally.
        #[handle_call]
        pub fn close(&mut self) -> Reply<u64> {
            reply(std::mem::take(&mut self.balance)).stop(ExitReason::Normal)
        }
    }

    /// GS-INIT-09, GS-CALL-16.
    #[test]
    fn errors_are_answers() {
        super::run("account", async {
            let account = Account::start_link(100).await?;
            assert_eq!(account.withdraw(30).await?, Ok(70));
            let missing = BankError::InsufficientFunds { missing: 10 };
            assert_eq!(account.withdraw(80).await?, Err(missing));
            assert_eq!(account.close().await?, 70);
            assert!(matches!(account.balance().await, Err(CallError::NoProc)));
            let refused = Account::start(0).await.expect_err("refused");
            assert_eq!(refused, StartError::Exit(ExitReason::error(BankError::ZeroAmount)));
            Ok(())
        });
    }

    /// GS-START-09.
    #[test]
    fn options_reach_the_specification() {
        assert_eq!(Account::OPTIONS.restart, Restart::Transient);
        let _: ChildSpec<Account> = Account::child_spec(1);
    }
}

mod corners {
    use otp::prelude::*;

    // A private type with a public `init`, and the other way round.
    struct Hidden;

    #[otp::gen_server]
    impl Hidden {
        #[otp::init]
        pub async fn init() -> Self {
            Hidden
        }

        #[otp::handle_call]
        #[deprecated]
        pub fn r#type(&self, r#match: u8, cx: u8, reply_to: u8, context: &Context<Self>) -> u8 {
            assert_eq!(context.pid(), process::self_pid());
            r#match + cx + reply_to
        }

        #[cfg(any())]
        #[handle_call]
        fn absent(&self) -> Missing {}

        #[handle_call]
        fn itself(&self) -> Option<Self> {
            None
        }

        #[handle_call]
        fn never(&self) -> ! {
            panic!("as asked")
        }
    }

    pub struct Shown(Vec<u8>);

    #[gen_server(name = "shown", client = Shower, request = Ask)]
    impl Shown {
        #[init]
        fn start_with(bytes: Vec<u8>) -> Self {
            Shown(bytes)
        }

        #[handle_call]
        fn first(&self) -> Reply<Option<u8>> {
            reply(self.0.first().copied())
        }

        #[handle_cast]
        fn push(&mut self, byte: u8) -> Result<(), std::num::TryFromIntError> {
            self.0.push(byte);
            Ok(())
        }
    }

    #[test]
    #[allow(deprecated)]
    fn names_do_not_clash() {
        super::run("clash", async {
            let hidden = Hidden::start().await?;
            assert_eq!(hidden.r#type(1, 2, 3).await?, 6);
            assert!(hidden.itself().await?.is_none());
            let crash = hidden.never().await;
            assert!(matches!(crash, Err(CallError::Exited(reason)) if reason.is_crash()));
            Ok(())
        });
    }

    #[test]
    fn types_can_be_renamed() {
        super::run("renamed", async {
            let _: Shower = Shown::start_link(Vec::new()).await?;
            let shown = Shown::client();
            assert_eq!(shown.first().await?, None);
            shown.push(5);
            assert_eq!(shown.first().await?, Some(5));
            Ok(())
        });
    }
}
