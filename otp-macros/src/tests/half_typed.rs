//! Half-typed input: completion lives as long as the user's tokens are part of the expansion.
//!
//! Each state of the table names the words that an editor must find again, at their place in the
//! source, and the functions that must still be generated, so that calls elsewhere stay sound. The
//! snapshot has the whole picture of each state: what is given back, generated, lost and reported.
//! Attributes and derives see input that the editor has repaired; function-like macros do not.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::{derive, entry, gen_server, receive, supervisor};

/// One moment of typing: `input`, the words to keep, and the functions to generate.
type State = (&'static str, &'static str, &'static str);

const START: &str = "start_link start child_spec";

/// Members of an `impl Counter` with an `#[init]` and `get`.
const MEMBERS: &[State] = &[
    ("#[handle_call] fn sum(&self) -> i64 { self. }", "sum self i64", "sum"),
    ("#[handle_call] fn sum(&self) -> i64 { self.value.ab }", "sum self value ab", "sum"),
    ("#[handle_call] fn sum(&self) -> i64 { if self.value }", "self value", "sum"),
    ("#[handle_call] fn sum(&self) -> i64 { let x = self. }", "let x self", "sum"),
    ("#[handle_call] fn sum(&self) -> i64 { match self.value { A => } }", "self value A", "sum"),
    ("#[handle_call] fn sum(&self) -> i64 { for x in self.items", "x self items", "sum"),
    ("#[handle_call] fn sum(&self) -> i64;", "sum self i64", "sum"),
    ("#[handle_call] fn sum(&self) -> i64", "sum self i64", "sum"),
    ("#[handle_call] fn sum(&self) -> {}", "sum self", ""),
    ("#[handle_call] fn sum(&self, from: ) -> i64 {}", "sum self from i64", ""),
    ("#[handle_call] fn sum(&self, from: Vec<) -> i64 {}", "sum self from Vec i64", ""),
    ("#[handle_call] fn sum(&self, from) -> i64 {}", "sum self from i64", ""),
    ("#[handle_call] fn sum", "fn sum", ""),
    ("#[handle_call] fn", "fn", ""),
    ("#[handle_call]", "", ""),
    // The error says what the word should be, so the word itself is not left to rustc.
    ("#[handle_ca] fn sum(&self) -> i64 { self.value }", "sum self value", "get"),
    ("#[] fn sum(&self) -> i64 { self.value }", "sum self i64 value", ""),
    ("pub async", "pub async", ""),
    ("#[handle_cast] fn add(&mut self, n: i64) { self.value += }", "add n self value", "add"),
    ("#[handle_info] fn tick(&mut self, _: ) {}", "tick self", ""),
    ("#[handle_continue] async fn more(&mut self) { self.load(). }", "more self load", ""),
];

/// Arguments of `#[gen_server(..)]` on a sound block.
const OPTIONS: &[State] = &[
    ("na", "", "get"),
    ("name =", "", "get"),
    ("name = via(Users, )", "", "get"),
    ("restart", "", "get"),
    ("restart =", "", "get"),
    ("restart = per", "", "get"),
    ("shutdown = 5", "", "get"),
    ("name, mailbox(cap)", "", "get client"),
    ("client =", "", "get"),
];

/// Between the parentheses of a `children: [..]`, with a parameter `config`.
const CHILDREN: &[State] = &[
    ("Cou", "Cou", ""),
    ("shop::", "", ""),
    ("shop::Ca", "shop Ca", ""),
    ("Counter", "Counter", ""),
    ("Counter { restart: }", "Counter", ""),
    ("Counter { restart: per }", "Counter", ""),
    ("Counter { res }", "Counter", ""),
    ("Counter(config.)", "Counter config", ""),
    ("Counter(config.path., 5)", "Counter config path", ""),
    ("Counter if config.", "Counter config", ""),
    ("supervisor", "", ""),
    ("supervisor Web", "", ""),
    ("supervisor Web { strat }", "", ""),
    ("supervisor Web { strategy: one_for_one, children: [Rou] }", "Rou", ""),
];

/// Whole trees.
const TREES: &[State] = &[
    ("pub Bank", "Bank", START),
    ("pub Bank(config: Config)", "Bank config Config", START),
    ("pub Bank(config: ) { strategy: one_for_one, children: [Counter] }", "Bank Counter", START),
    ("pub Bank { strat }", "Bank", START),
    ("pub Bank { strategy: }", "Bank", START),
    ("pub Bank { strategy: one_for_one, children: [Counter], max_ }", "Bank Counter", START),
    ("pub Bank { strategy: one_for_one chil }", "Bank", START),
];

/// Arms of `receive!`.
const ARMS: &[State] = &[
    ("Ping", "Ping", ""),
    ("Ping { from }", "Ping from", ""),
    ("Ping { from } =>", "Ping from", ""),
    ("Ping { from } => from.", "Ping from", ""),
    ("Ping { from } => { let x = from. }", "Ping", ""),
    ("Ping { from } => { let x = from.marker }", "Ping from x marker", ""),
    ("Ping { from } if from. => 1", "Ping from", ""),
    ("chat::", "", ""),
    ("chat::Pi", "chat Pi", ""),
    ("msg: chat::Pi", "chat Pi", ""),
    ("Pong => 1, after", "Pong", ""),
    ("Pong => 1, after limit.", "Pong limit", ""),
    ("Pong => 1, after 5s => give_up(). ", "Pong", ""),
];

/// Functions under `#[otp::main]`, and its arguments.
const MAINS: &[State] = &[
    ("async fn main() { Counter:: }", "main Counter", "main"),
    ("async fn main() { if let Ok(x) = run().await }", "main x run", "main"),
    ("async fn main()", "main", "main"),
    ("async fn main", "main", ""),
    ("fn main() { run(). }", "main run", "main"),
];

/// What became of one state.
struct Outcome<'a> {
    input: &'a str,
    given: TokenStream,
    output: TokenStream,
}

/// The words of these tokens, each with its place in the source.
fn words(tokens: &TokenStream, found: &mut BTreeSet<(String, usize)>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => words(&group.stream(), found),
            TokenTree::Ident(word) => {
                found.insert((word.to_string(), word.span().byte_range().start));
            }
            _ => {}
        }
    }
}

/// The names of all functions, and the first lines of all errors.
fn functions_and_errors(
    tokens: &TokenStream,
    functions: &mut Vec<String>,
    errors: &mut Vec<String>,
) {
    let mut before = String::new();
    for token in tokens.clone() {
        let text = match &token {
            TokenTree::Group(group) => {
                if before == "compile_error" {
                    let text = syn::parse2::<syn::LitStr>(group.stream()).map(|it| it.value());
                    errors.extend(text.unwrap_or_default().lines().next().map(str::to_owned));
                }
                functions_and_errors(&group.stream(), functions, errors);
                String::new()
            }
            TokenTree::Punct(punct) if punct.as_char() == '!' => continue,
            token => token.to_string(),
        };
        if before == "fn" && !text.is_empty() {
            functions.push(text.clone());
        }
        before = text;
    }
}

/// What stands behind the user's `impl` block.
fn generated(output: &TokenStream) -> TokenStream {
    let is_block = |token: &TokenTree| matches!(token, TokenTree::Group(_));
    let mut tokens = output.clone().into_iter().peekable();
    if tokens.peek().is_some_and(|token| token.to_string() == "impl") {
        tokens.by_ref().find(is_block);
    }
    tokens.collect()
}

impl Outcome<'_> {
    /// Checks what must be kept, and gives the lines of the snapshot.
    fn check(&self, (_, keep, api): State) -> String {
        let (mut given, mut found) = (BTreeSet::new(), BTreeSet::new());
        words(&self.given, &mut given);
        words(&self.output, &mut found);
        let lost: Vec<&str> = given.difference(&found).map(|(word, _)| word.as_str()).collect();
        let Outcome { input, output, .. } = self;
        for word in keep.split(' ').filter(|word| !word.is_empty()) {
            let is_there =
                found.iter().any(|(it, at)| it == word && given.contains(&(it.clone(), *at)));
            assert!(is_there, "{input}: `{word}` is lost in\n{output}");
        }
        let (mut functions, mut errors) = (Vec::new(), Vec::new());
        functions_and_errors(&generated(output), &mut functions, &mut errors);
        for name in api.split(' ').filter(|name| !name.is_empty()) {
            assert!(functions.iter().any(|it| it == name), "{input}: no `fn {name}` in\n{output}");
        }
        let mut text = format!("{input}\n  functions: {}\n", functions.join(" "));
        for (what, list) in [("lost", lost.join(" ")), ("error", errors.join("\n  error: "))] {
            if !list.is_empty() {
                let _ = writeln!(text, "  {what}: {list}");
            }
        }
        text
    }
}

/// Runs all states and compares the digest; `expand` gives the input as read, and the expansion.
fn states(
    name: &str,
    states: &[State],
    expand: impl Fn(TokenStream) -> (TokenStream, TokenStream),
) {
    let mut text = String::new();
    for state in states {
        // The lexer has closed what the user has not.
        let open = |bracket| state.0.matches(bracket).count();
        let missing = "}".repeat(open('{') - open('}'));
        let input = format!("{}{missing}", state.0);
        let (given, output) = expand(input.parse().expect("tokens"));
        assert!(output.to_string().parse::<TokenStream>().is_ok(), "{input}");
        let outcome = Outcome { input: state.0, given, output };
        let _ = writeln!(text, "{}", outcome.check(*state));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &text).expect("the snapshot can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, text, "{name} changed; UPDATE_SNAPSHOTS=1 accepts it");
}

/// `impl Counter` with an `#[init]`, `get` and these members.
fn counter(members: TokenStream) -> TokenStream {
    quote::quote! {
        impl Counter {
            #[init]
            pub fn init(initial: i64) -> Self { Counter { value: initial } }
            #[handle_call]
            pub fn get(&self) -> i64 { self.value }
            #members
        }
    }
}

#[test]
fn members_of_a_server() {
    states("half_typed_members.txt", MEMBERS, |members| {
        let output = gen_server::gen_server(TokenStream::new(), counter(members.clone()));
        let text = output.to_string();
        for part in ["impl Counter {", "struct CounterClient", "fn start_link (initial : i64)"] {
            assert!(text.contains(part), "{members}: no `{part}` in\n{text}");
        }
        (members, output)
    });
}

#[test]
fn options_of_a_server() {
    states("half_typed_options.txt", OPTIONS, |options| {
        (options.clone(), gen_server::gen_server(options, counter(TokenStream::new())))
    });
}

#[test]
fn trees_and_children() {
    let parsed = |input: TokenStream, output: TokenStream| {
        assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{input}: {output}");
        (input, output)
    };
    states("half_typed_trees.txt", TREES, |tree| {
        parsed(tree.clone(), supervisor::supervisor(tree))
    });
    states("half_typed_children.txt", CHILDREN, |child| {
        let tree = quote::quote!(pub Bank(config: Config) {
            strategy: one_for_one, children: [First, #child, Last]
        });
        let output = supervisor::supervisor(tree);
        let text = output.to_string();
        for part in ["First :: child_spec ()", "Last :: child_spec ()", "fn start_link"] {
            assert!(text.contains(part), "{child}: no `{part}` in\n{text}");
        }
        parsed(child, output)
    });
}

#[test]
fn arms() {
    states("half_typed_arms.txt", ARMS, |arms| {
        let output = receive::receive(arms.clone());
        assert!(syn::parse2::<syn::Expr>(output.clone()).is_ok(), "{arms}: {output}");
        (arms, output)
    });
}

#[test]
fn entry_points_and_derives() {
    states("half_typed_main.txt", MAINS, |item| {
        (item.clone(), entry::main(TokenStream::new(), item))
    });
    for (options, run) in [
        ("flav", "run_main"),
        ("flavor =", "run_main"),
        ("shutdown = 5", "run_main"),
        ("Ap", "run_application"),
    ] {
        let item = "async fn main() { run().await }".parse().unwrap();
        let output = entry::main(options.parse().unwrap(), item).to_string();
        assert!(output.contains("run () . await") && output.contains(run), "{output}");
    }
    for options in ["na", "restart =", "restart = per", "name ="] {
        let item = format!("#[server({options})] pub struct Session {{ user: String }}");
        let output = derive::gen_server(item.parse().unwrap()).to_string();
        assert!(output.contains("fn start_link (state : Self)"), "{output}");
    }
}
