//! One description of servers and trees, written twice: with the macros, and by hand.
//!
//! Both versions have the same functions with the same bodies. The one by hand adds what
//! `otp/examples/by_hand.rs` adds: the request, the dispatch, the start functions and the client,
//! over public items only.

use std::fmt::Write as _;

/// How many of each are written.
pub(super) const SERVERS: usize = 100;
pub(super) const TREES: usize = 20;

/// What a function of a server is for.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Call,
    Cast,
    Info,
}

/// One handler, the same in every server.
struct Handler {
    kind: Kind,
    name: &'static str,
    /// The variant of the request.
    variant: &'static str,
    /// The words in front of `fn`.
    words: &'static str,
    receiver: &'static str,
    args: &'static [(&'static str, &'static str)],
    /// What a caller gets.
    reply: &'static str,
    /// What the function returns.
    returns: &'static str,
    body: &'static str,
}

const fn call(name: &'static str, variant: &'static str, reply: &'static str) -> Handler {
    let (words, receiver, args, body) = ("", "&mut self", &[], "");
    Handler { kind: Kind::Call, name, variant, words, receiver, args, reply, returns: reply, body }
}

const fn cast(name: &'static str, variant: &'static str) -> Handler {
    Handler { kind: Kind::Cast, ..call(name, variant, "()") }
}

const HANDLERS: [Handler; 8] = [
    Handler { receiver: "&self", body: "self.value", ..call("get", "Get", "i64") },
    Handler {
        args: &[("n", "i64"), ("factor", "i64")],
        body: "self.value += n * factor; self.value",
        ..call("add", "Add", "i64")
    },
    Handler {
        receiver: "&self",
        args: &[("key", "String")],
        body: "self.names.get(&key).copied()",
        ..call("find", "Find", "Option<i64>")
    },
    Handler {
        words: "async ",
        args: &[("from", "usize")],
        body: "std::future::ready(()).await; self.items.iter().skip(from).sum()",
        ..call("total", "Total", "u64")
    },
    Handler {
        returns: "Reply<Vec<u64>>",
        body: "reply(std::mem::take(&mut self.items)).stop(ExitReason::Normal)",
        ..call("close", "Close", "Vec<u64>")
    },
    Handler {
        args: &[("key", "String"), ("value", "i64")],
        body: "self.names.insert(key, value);",
        ..cast("put", "Put")
    },
    Handler { args: &[("item", "u64")], body: "self.items.push(item);", ..cast("push", "Push") },
    Handler {
        kind: Kind::Info,
        args: &[("_", "Reset")],
        body: "self.value = 0;",
        ..cast("reset", "")
    },
];

const HEAD: &str = "#![allow(dead_code, missing_docs)]\n\
    use otp::prelude::*;\n";
const HAND_HEAD: &str = "use std::ops::Deref;\n\
    use otp::{HandleInfo, InitResult, Never, Next, ServerOptions, Start};\n";

/// The crate that uses the macros.
pub(super) fn with_macros() -> String {
    let mut code = HEAD.to_owned();
    for server in 0..SERVERS {
        code += &module(server, "", &macro_server());
    }
    for tree in 0..TREES {
        let mut children = String::new();
        for child in children_of(tree) {
            let _ = write!(children, "server{child}::Server(initial + {child}), ");
        }
        let _ = writeln!(
            code,
            "supervisor! {{ pub Tree{tree}(initial: i64) {{ strategy: one_for_one, \
             max_restarts: 5, children: [{children}] }} }}"
        );
    }
    code
}

/// The crate without them.
pub(super) fn by_hand() -> String {
    let mut code = HEAD.to_owned() + "use otp::StartSupervisor;\n";
    for server in 0..SERVERS {
        code += &module(server, HAND_HEAD, &hand_server());
    }
    for tree in 0..TREES {
        code += &hand_tree(tree);
    }
    code
}

fn children_of(tree: usize) -> std::ops::Range<usize> {
    let each = SERVERS / TREES;
    tree * each..(tree + 1) * each
}

/// A server with its types, in a module as a user would have it in a file.
fn module(server: usize, imports: &str, items: &str) -> String {
    format!(
        "pub mod server{server} {{
            use std::collections::HashMap;
            use std::time::Duration;
            use otp::prelude::*;
            {imports}
            #[derive(Debug)]
            pub struct Reset;
            pub struct Server {{
                value: i64, items: Vec<u64>, names: HashMap<String, i64>, pause: Duration,
            }}
            {items}
        }}"
    )
}

const INIT: &str = "pub fn init(initial: i64) -> Self {
    Server {
        value: initial, items: Vec::new(), names: HashMap::new(), pause: Duration::from_secs(1),
    }
}\n";

/// The function of a handler, with the given attribute.
fn function(handler: &Handler, attribute: &str) -> String {
    let Handler { name, words, receiver, args, returns, body, .. } = handler;
    let args: String = args.iter().map(|(name, ty)| format!(", {name}: {ty}")).collect();
    format!("{attribute} pub {words}fn {name}({receiver}{args}) -> {returns} {{ {body} }}\n")
}

fn macro_server() -> String {
    let mut members = format!("#[init] {INIT}");
    for handler in &HANDLERS {
        members += &function(
            handler,
            match handler.kind {
                Kind::Call => "#[handle_call]",
                Kind::Cast => "#[handle_cast]",
                Kind::Info => "#[handle_info]",
            },
        );
    }
    format!("#[gen_server(name, restart = transient)] impl Server {{ {members} }}")
}

/// The parts of a server by hand that have an entry for each handler.
#[derive(Default)]
struct Parts {
    functions: String,
    variants: String,
    arms: String,
    methods: String,
    info: String,
}

fn hand_server() -> String {
    let mut parts = Parts { functions: INIT.to_owned(), ..Parts::default() };
    for handler in &HANDLERS {
        parts.add(handler);
    }
    let Parts { functions, variants, arms, methods, info } = parts;
    format!(
        "impl Server {{
            {functions}
            pub fn start_link(initial: i64) -> Start<Server> {{ Start::link(initial) }}
            pub fn start(initial: i64) -> Start<Server> {{ Start::alone(initial) }}
            pub fn child_spec(initial: i64) -> ChildSpec<Server> {{ ChildSpec::new(initial) }}
            pub fn client() -> Client {{ ServerRef::named(Name::of::<Server>()).into() }}
            pub fn named(name: impl Into<Name>) -> Client {{ ServerRef::named(name).into() }}
        }}
        pub enum Request {{ {variants} }}
        impl GenServer for Server {{
            type Args = i64;
            type Request = Request;
            type Continue = Never;
            type Client = Client;
            const OPTIONS: ServerOptions = ServerOptions::new().restart(Restart::Transient);
            fn name(_: &i64) -> Option<Name> {{ Some(Name::of::<Server>()) }}
            async fn init(initial: i64, _: &mut Context<Self>) -> InitResult<Self> {{
                InitResult::ok(Server::init(initial))
            }}
            async fn handle(&mut self, request: Request, _: &mut Context<Self>) -> Next<Self> {{
                match request {{ {arms} }}
            }}
            async fn handle_info(&mut self, message: Message, _: &mut Context<Self>)
                -> Next<Self> {{ {info} Next::wait() }}
        }}
        impl HandleInfo<Reset> for Server {{}}
        #[derive(Clone, Debug)]
        pub struct Client(ServerRef<Server>);
        impl From<ServerRef<Server>> for Client {{
            fn from(server: ServerRef<Server>) -> Client {{ Client(server) }}
        }}
        impl Deref for Client {{
            type Target = ServerRef<Server>;
            fn deref(&self) -> &ServerRef<Server> {{ &self.0 }}
        }}
        impl Client {{ {methods} }}"
    )
}

impl Parts {
    fn add(&mut self, handler: &Handler) {
        let Handler { kind, name, variant, words, args, reply, .. } = handler;
        self.functions += &function(handler, "");
        let fields: String = args.iter().map(|(name, ty)| format!("{name}: {ty}, ")).collect();
        let names: String = args.iter().map(|(name, _)| format!("{name}, ")).collect();
        let wait = if words.is_empty() { "" } else { ".await" };
        let _ = match kind {
            Kind::Info => {
                let (_, ty) = args[0];
                write!(
                    self.info,
                    "let message = match message.downcast::<{ty}>() {{
                        Ok(message) => {{ self.{name}(message); return Next::wait(); }}
                        Err(message) => message,
                    }};
                    drop(message);"
                )
            }
            Kind::Cast => {
                let _ = write!(self.variants, "{variant} {{ {fields} }}, ");
                let _ = write!(
                    self.arms,
                    "Request::{variant} {{ {names} }} => {{ self.{name}({names}); Next::wait() }}"
                );
                write!(
                    self.methods,
                    "pub fn {name}(&self, {fields}) {{
                        self.0.cast(Request::{variant} {{ {names} }});
                    }}"
                )
            }
            Kind::Call => {
                let _ =
                    write!(self.variants, "{variant} {{ {fields} caller: ReplyTo<{reply}> }}, ");
                let _ = write!(
                    self.arms,
                    "Request::{variant} {{ {names} caller }} =>
                        Next::answer(caller, self.{name}({names}){wait}),\n"
                );
                write!(
                    self.methods,
                    "pub fn {name}(&self, {fields}) -> Call<Server, {reply}> {{
                        self.0.call(|caller| Request::{variant} {{ {names} caller }})
                    }}"
                )
            }
        };
    }
}

fn hand_tree(tree: usize) -> String {
    let mut children = String::new();
    for child in children_of(tree) {
        let _ = write!(children, ".child(server{child}::Server::child_spec(initial + {child}))");
    }
    format!(
        "#[derive(Debug)]
        pub struct Tree{tree};
        impl otp::SupervisorModule for Tree{tree} {{
            type Args = (i64,);
            fn init((initial,): (i64,)) -> Supervisor {{
                Supervisor::one_for_one().max_restarts(5){children}
            }}
        }}
        impl Tree{tree} {{
            fn supervisor(initial: i64) -> Supervisor {{
                <Self as otp::SupervisorModule>::init((initial,)).name(Name::of::<Self>())
            }}
            pub fn start_link(initial: i64) -> StartSupervisor {{
                Self::supervisor(initial).start_link()
            }}
            pub fn start(initial: i64) -> StartSupervisor {{ Self::supervisor(initial).start() }}
            pub fn child_spec(initial: i64) -> ChildSpec<Supervisor> {{
                Self::supervisor(initial).child_spec(\"Tree{tree}\")
            }}
        }}"
    )
}
