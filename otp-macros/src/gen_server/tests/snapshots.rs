//! Expansions as files under `tests/snapshots`; `UPDATE_SNAPSHOTS=1` writes them.

use super::{counter, errors, expand};

/// Compares the expansion with the file of this name.
fn snapshot(name: &str, args: &str, item: &str) {
    let output = expand(args, item);
    assert_eq!(errors(&output), 0, "{output}");
    crate::tests::snapshot(name, &output);
}

#[test]
fn a_counter() {
    snapshot(
        "counter",
        "name, restart = transient",
        "impl Counter {
            #[init]
            pub fn init(initial: i64) -> Self { Counter { value: initial } }
            /// Returns the current value.
            #[handle_call]
            pub fn get(&self) -> i64 { self.value }
            #[handle_cast]
            pub fn add(&mut self, n: i64) { self.value += n; }
        }",
    );
}

#[test]
fn a_generic_store() {
    snapshot(
        "generic",
        "",
        "impl<K, V: Clone + Send + 'static> KvStore<K, V> where K: Hash + Send + 'static {
            #[init]
            pub fn init() -> Self { todo() }
            #[handle_call]
            pub fn wait_for(&mut self, key: K, #[from] caller: ReplyTo<V>) {}
            #[handle_cast]
            pub async fn put(&mut self, key: K, value: V) {}
        }",
    );
}

#[test]
fn all_callbacks() {
    snapshot(
        "callbacks",
        "trap_exit, shutdown = 10s, significant",
        "impl Persistent {
            #[init]
            pub async fn init(cx: &mut Context<Self>, path: PathBuf) -> io::Result<Init<Self>> {}
            #[handle_continue]
            async fn boot(&mut self, step: Boot) -> std::io::Result<()> {}
            #[handle_info]
            async fn tick(&mut self, _: Tick) -> std::io::Result<()> {}
            #[handle_info]
            fn unknown(&mut self, message: Message, cx: &mut Context<Self>) {}
            #[handle_info]
            fn exited(&mut self, exit: Exit) -> Noreply {}
            #[terminate]
            async fn terminate(&mut self, reason: &ExitReason) {}
        }",
    );
}

#[test]
fn a_bounded_mailbox() {
    snapshot(
        "bounded",
        "mailbox(capacity = 1_000, full = drop_oldest, calls = wait), hibernate_after = 5s",
        "impl<T: Send + 'static> Queue<T> {
            #[init]
            fn init() -> Self { todo() }
            #[handle_call]
            fn pop(&mut self) -> Option<T> {}
            #[handle_cast]
            fn push(&mut self, item: T) {}
            #[hibernate]
            fn shrink(&mut self) {}
        }",
    );
    let text = |members| expand("mailbox(capacity = 5)", &counter(members)).to_string();
    assert!(text("").contains("match * request { }"));
    assert!(text("").contains(". mailbox (:: otp :: Mailbox :: bounded (5))"));
    let absent = text("#[cfg(a)] #[handle_cast] fn add(&mut self) {}");
    assert!(absent.contains("# [cfg (a)] CounterRequest :: Add { .. } => false , _ =>"));
    assert!(!expand("", &counter("")).to_string().contains("is_call"));
}

#[test]
fn names_and_attributes() {
    snapshot(
        "names",
        "name = \"the one\", client = Api, request = Ask, crate = crate::otp",
        "#[cfg(unix)]
        impl m::Server {
            pub const LIMIT: usize = 5;
            #[otp::init]
            pub(crate) fn init() -> Result<Self, E> {}
            /// Docs.
            #[cfg(feature = \"a\")]
            #[deprecated]
            #[must_use]
            #[handle_call]
            fn r#type(&self, cx: u8, reply_to: u8, context: &mut Context<Self>)
                -> Reply<Vec<Self>> {}
            #[handle_call]
            fn crash(&self) -> ! { panic() }
            fn helper(&self) {}
            pub fn start_link() -> Start<Self> { todo() }
        }",
    );
}

/// Half-typed members: the item must stand first and whole, and what follows must parse.
#[test]
fn half_typed_members_survive() {
    for (members, kept) in [
        ("#[handle_call] fn get(&self) -> i64 { self. }", "fn get (& self) -> i64 { self . }"),
        ("#[handle_call] fn get(&self) -> i64 { if self.x }", "{ if self . x }"),
        ("#[handle_call] fn get(&self) -> i64 { let x = }", "{ let x = }"),
        ("#[handle_call] fn get(&self) -> i64", "fn get (& self) -> i64"),
        ("#[handle_call] fn get(&self, ) -> {}", "fn get (& self ,) -> { }"),
        ("#[handle_call] fn get(&self, key: ) -> i64 {}", "fn get (& self , key :) -> i64 { }"),
        ("#[handle_call] fn", "fn"),
        ("#[handle_call]", ""),
        ("# fn get(&self) {}", "# fn get (& self) { }"),
        ("#[] fn get(&self) {}", "fn get (& self) { }"),
        ("pub async", "pub async"),
        ("#[handle_call] fn get(&self) -> i64 { match self { A => } } fn b() {}", "fn b () { }"),
    ] {
        let output = expand("", &counter(members));
        let mut tokens = output.clone().into_iter();
        let head: Vec<String> = tokens.by_ref().take(3).map(|token| token.to_string()).collect();
        assert_eq!(&head[..2], ["impl", "Counter"], "{members}");
        assert!(head[2].contains("fn init () -> Self"), "{members}: {}", head[2]);
        assert!(head[2].contains(kept), "{members}: {}", head[2]);
        assert!(!head[2].contains("handle_call"), "{members}: {}", head[2]);
        let rest = tokens.collect::<proc_macro2::TokenStream>();
        let text = rest.to_string();
        syn::parse2::<syn::File>(rest).unwrap_or_else(|error| panic!("{members}: {error}\n{text}"));
        assert!(text.contains("struct CounterClient"), "{members}");
    }
}

/// A parameter without a name is not given one, which would make a function of it that compiles.
#[test]
fn a_parameter_without_a_name_stays_so() {
    let output = expand("", &counter("fn helper(Vec<u8>, n: u8) {}"));
    assert!(output.to_string().contains("fn helper (Vec < u8 >, n : u8)"), "{output}");
}

#[test]
fn a_half_typed_header_gives_the_item_back() {
    for item in ["impl", "impl Counter", "impl<K Counter {}", "impl {}", "impl Counter where {}"] {
        let output = expand("", item).to_string();
        let tokens = item.parse::<proc_macro2::TokenStream>().unwrap().to_string();
        assert!(output.starts_with(&tokens), "{output}");
    }
}
