//! Every macro of the crate: the one place to add a new one.
//!
//! A macro that is missing here fails [`every_macro_is_listed`].

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{
    config, derive, entry, gen_server, receive, registry, structs, supervisor, task_supervisor,
    twins,
};

/// How a macro is called, and with what function.
#[derive(Clone, Copy)]
pub(super) enum Call {
    /// `#[name(args)] item`; the item is part of the expansion.
    Attribute(fn(TokenStream, TokenStream) -> TokenStream),
    /// `#[derive(Name)] item`; the expansion stands beside the item.
    Derive(fn(TokenStream) -> TokenStream),
    /// `name! { input }`.
    Bang(fn(TokenStream) -> TokenStream),
}

/// What an expansion must be when the item was sound.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Grammar {
    Items,
    Expression,
    ItemsOrExpression,
}

/// One macro.
#[derive(Clone, Copy)]
pub(super) struct Backend {
    /// The name as users write it; inputs are found by it in the files of the corpus.
    pub(super) name: &'static str,
    pub(super) call: Call,
    pub(super) grammar: Grammar,
    /// How often it is chosen, next to the others.
    pub(super) weight: u64,
    /// A word in the paths of its test files, whose texts become inputs.
    pub(super) tests: &'static str,
    /// Whether the fields of a struct are the macro's own, and gone from the expansion.
    pub(super) reads_fields: bool,
    /// Sound arguments.
    pub(super) args: &'static str,
    /// A sound item, or the input of a function-like macro.
    pub(super) item: &'static str,
}

const SERVER: &str = "impl Counter {
    #[init]
    fn init(cx: &mut Context<Self>, initial: i64) -> Self { Counter { value: initial } }
    #[handle_call]
    fn get(&self) -> i64 { self.value }
    #[handle_cast]
    fn add(&mut self, n: i64, m: Vec<(u8, String)>) { self.value += n; }
    #[handle_info]
    fn tick(&mut self, _: Tick) -> Noreply { noreply() }
}";
const TREE: &str = "pub Bank(config: Config) {
    strategy: rest_for_one, max_restarts: 3, max_seconds: 5,
    children: [Accounts, Ledger(config.path.clone()) { shutdown: 10s } if config.ledger],
}";
const ARMS: &str = "Ping { from } if from != me => answer(from).await?, other: Message => {},
    after 5s => 0";
const MEMBER: &str = "fn get(&self) -> i64 { self.value }";

/// All macros of the crate.
pub(super) const BACKENDS: &[Backend] = &[
    attribute("gen_server", gen_server::gen_server, 40, "gen_server", "name, debug", SERVER),
    attribute("main", entry::main, 6, "entry", "shutdown = 5s", "async fn main() { run().await }"),
    attribute("test", entry::test, 6, "entry", "start_paused", "async fn counts() {}"),
    twin("init", |_, item| twins::misplaced("init", item)),
    twin("handle_call", |_, item| twins::misplaced("handle_call", item)),
    twin("handle_cast", |_, item| twins::misplaced("handle_cast", item)),
    twin("handle_info", |_, item| twins::misplaced("handle_info", item)),
    twin("handle_continue", |_, item| twins::misplaced("handle_continue", item)),
    twin("hibernate", |_, item| twins::misplaced("hibernate", item)),
    twin("terminate", |_, item| twins::misplaced("terminate", item)),
    Backend {
        name: "GenServer",
        call: Call::Derive(derive::gen_server),
        grammar: Grammar::Items,
        weight: 10,
        tests: "derive",
        reads_fields: false,
        args: "",
        item: "#[server(name, restart = transient)] pub struct Session<T: Clone> { user: T }",
    },
    Backend {
        name: "Config",
        call: Call::Derive(config::config),
        grammar: Grammar::Items,
        weight: 8,
        tests: "config",
        reads_fields: false,
        args: "",
        item: "#[config(app = \"bank\")] pub struct Bank {
            #[config(env = \"PORT\", default = 4000)] port: u16,
            #[config(nested)] limits: Limits,
        }",
    },
    structure(
        "dynamic_supervisor",
        structs::dynamic_supervisor,
        6,
        "structs",
        "max_children = 10",
        "pub struct WorkerSup(Worker);",
    ),
    structure(
        "partition_supervisor",
        structs::partition_supervisor,
        6,
        "structs",
        "partitions = 8, strategy = one_for_one",
        "pub struct WorkerSups(WorkerSup);",
    ),
    attribute(
        "task_supervisor",
        task_supervisor::task_supervisor,
        4,
        "task_supervisor",
        "max_children = 100",
        "pub struct Mailer;",
    ),
    structure(
        "registry",
        registry::registry,
        6,
        "registry",
        "duplicate, partitions = 4",
        "pub struct Topics(String, Role);",
    ),
    bang("supervisor", supervisor::supervisor, Grammar::ItemsOrExpression, TREE),
    bang("receive", receive::receive, Grammar::Expression, ARMS),
];

const fn attribute(
    name: &'static str,
    call: fn(TokenStream, TokenStream) -> TokenStream,
    weight: u64,
    tests: &'static str,
    args: &'static str,
    item: &'static str,
) -> Backend {
    let call = Call::Attribute(call);
    let grammar = Grammar::Items;
    Backend { name, call, grammar, weight, tests, reads_fields: false, args, item }
}

/// An attribute on a struct whose fields are types for the macro.
const fn structure(
    name: &'static str,
    call: fn(TokenStream, TokenStream) -> TokenStream,
    weight: u64,
    tests: &'static str,
    args: &'static str,
    item: &'static str,
) -> Backend {
    Backend { reads_fields: true, ..attribute(name, call, weight, tests, args, item) }
}

/// An attribute that only means something inside of a `#[gen_server]` block.
const fn twin(name: &'static str, call: fn(TokenStream, TokenStream) -> TokenStream) -> Backend {
    attribute(name, call, 1, "no test file", "", MEMBER)
}

const fn bang(
    name: &'static str,
    call: fn(TokenStream) -> TokenStream,
    grammar: Grammar,
    item: &'static str,
) -> Backend {
    let call = Call::Bang(call);
    Backend { name, call, grammar, weight: 20, tests: name, reads_fields: false, args: "", item }
}

impl Backend {
    /// Runs the macro.
    pub(super) fn expand(&self, args: TokenStream, item: TokenStream) -> TokenStream {
        match self.call {
            Call::Attribute(call) => call(args, item),
            Call::Derive(call) | Call::Bang(call) => call(item),
        }
    }
}

/// The macros that `lib.rs` exports, by the names that users write.
fn exported() -> Vec<String> {
    let lib: TokenStream = include_str!("../../lib.rs").parse().expect("lib.rs is Rust");
    let tokens: Vec<TokenTree> = lib.into_iter().collect();
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let text = group.stream().to_string();
        if group.delimiter() != Delimiter::Bracket || !text.starts_with("proc_macro") {
            continue;
        }
        let derived = text.strip_prefix("proc_macro_derive");
        let derived = derived.and_then(|rest| rest.split(['(', ',', ')']).nth(1));
        let function = tokens[at..].iter().skip_while(|token| token.to_string() != "fn").nth(1);
        let function = function.expect("a function follows").to_string();
        names.push(derived.map_or(function, |name| name.trim().to_owned()));
    }
    names
}

#[test]
fn every_macro_is_listed() {
    let exported = exported();
    assert!(exported.len() >= 13, "{exported:?}");
    for name in exported {
        let listed = BACKENDS.iter().any(|backend| backend.name == name);
        assert!(listed, "add `{name}` to BACKENDS in src/tests/fuzz/backends.rs");
    }
}

#[test]
fn the_sound_inputs_have_no_errors() {
    for backend in BACKENDS.iter().filter(|backend| backend.item != MEMBER) {
        let (args, item) = (backend.args.parse().unwrap(), backend.item.parse().unwrap());
        let output = backend.expand(args, item);
        assert_eq!(crate::tests::error_count(&output), 0, "{}: {output}", backend.name);
    }
}
