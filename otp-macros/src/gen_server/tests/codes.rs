//! Every code: one fault, one error, its code and its words.

use super::{counter, errors, expand};

/// Checks one fault in the members of a sound server.
fn member(code: &str, message: &str, members: &str) {
    item(code, message, "", &counter(members));
}

/// Checks one fault in the arguments of the attribute.
fn argument(code: &str, message: &str, args: &str) {
    item(code, message, args, &counter("#[handle_call] fn get(&self) -> i64 { 1 }"));
}

fn item(code: &str, message: &str, args: &str, item: &str) {
    let output = expand(args, item);
    let text = output.to_string();
    assert_eq!(errors(&output), 1, "{code} in {item}: {text}");
    assert!(text.contains(&format!("note: {code}")), "{code} in {item}: {text}");
    assert!(text.contains(message), "{code}: `{message}` is missing in {text}");
    let message = message.chars().next();
    assert!(message.is_some_and(|it| !it.is_uppercase()), "{code}");
    syn::parse2::<syn::File>(output).unwrap_or_else(|error| panic!("{code}: {error}\n{text}"));
}

#[test]
fn placement() {
    item("OTP0101", "`Counter` has no `#[init]` function", "", "impl Counter {}");
    item("OTP0101", "add `#[init]` above `fn new`", "", "impl Counter { fn new() -> Self {} }");
    item("OTP0119", "remove one", "", "#[gen_server] impl Counter { #[init] fn i() -> Self {} }");
    member(
        "OTP0102",
        "duplicate `#[init]`: a gen_server is initialised by exactly one function",
        "#[init] fn again() -> Self { Counter }",
    );
    item(
        "OTP0103",
        "`#[gen_server]` goes on the `impl` block, not on the struct",
        "",
        "/// Docs.\npub struct Counter { value: i64 }",
    );
    item("OTP0103", "not on the enum", "", "enum Counter { A }");
    item(
        "OTP0104",
        "`#[gen_server]` cannot be put on a trait impl",
        "",
        "impl Default for Counter { fn default() -> Self { Counter } }",
    );
    item("OTP0105", "expects an `impl` block, found a function", "", "pub async fn f() {}");
    item("OTP0105", "expects an `impl` block, found a module", "", "mod m {}");
    member(
        "OTP0107",
        "`#[handle_call]` belongs on a function, not on a constant",
        "#[handle_call] const X: [u8; { 1 }] = [1];",
    );
    member(
        "OTP0108",
        "`#[handle_call]` cannot be hidden in `#[cfg_attr]`: `#[gen_server]` sees it too early",
        "#[cfg_attr(test, handle_call)] fn get(&self) -> i64 { 1 }",
    );
    member(
        "OTP0109",
        "`reset` is already `#[handle_call]`; a function has one role",
        "#[handle_call] #[handle_cast] fn reset(&mut self) {}",
    );
}

#[test]
fn shape() {
    item(
        "OTP0110",
        "a gen_server outlives its creator, so its state cannot borrow for `'a`",
        "",
        "impl<'a> Counter<'a> { #[init] fn init() -> Self { Counter } }",
    );
    item("OTP0110", "cannot borrow for `'_`", "", "impl Counter<'_> {}");
    item(
        "OTP0111",
        "`#[gen_server]` needs a struct or enum of this crate, found `[T]`",
        "",
        "impl<T> [T] { #[init] fn init() -> Self {} }",
    );
    for word in ["terminate", "hibernate", "handle_continue"] {
        member(
            "OTP0112",
            &format!("duplicate `#[{word}]`: there is one per gen_server"),
            &format!("#[{word}] fn a(&mut self) {{}} #[{word}] fn b(&mut self) {{}}"),
        );
    }
    member(
        "OTP0113",
        "handlers `getValue` and `get_value` would both become the request `GetValue`",
        "#[handle_call] fn getValue(&self) {} #[handle_call] fn get_value(&self) {}",
    );
    member(
        "OTP0114",
        "macros are not expanded before `#[gen_server]` sees this block",
        "make::handlers! { a, b }",
    );
    // A warning only: the compiler has reported it before it calls the macro.
    for parameter in ["key", "key String", ":get", "key: u8, Vec<u8>", "a::B"] {
        let handler = format!("#[handle_call] fn get(&self, {parameter}) -> i64 {{ 1 }}");
        let output = expand("", &counter(&handler));
        assert_eq!(errors(&output), 0, "{parameter}: {output}");
        assert!(output.to_string().contains("this signature cannot be read"), "{parameter}");
        assert!(output.to_string().contains("note: OTP0115"), "{parameter}");
    }
    for member in [
        "def get(&self) -> i64 { 1 }",
        "#[handle_call] func get(&self) -> i64 { 1 }",
        "#[handle_call] fn get(&self) : i64 { 1 }",
    ] {
        let output = expand("", &counter(member));
        assert_eq!(errors(&output), 0, "{member}: {output}");
    }
}

#[test]
fn twins() {
    let output = crate::twins::misplaced("handle_call", "fn get(&self) {}".parse().unwrap());
    let text = output.to_string();
    assert!(text.starts_with("fn get"));
    assert_eq!(errors(&output), 1);
    assert!(
        text.contains("`#[handle_call]` only means something inside a `#[gen_server] impl` block")
    );
    assert!(text.contains("the `impl` that contains `get`"));
    assert!(text.contains("OTP0106"));
}

#[test]
fn receivers() {
    member(
        "OTP0201",
        "a `#[handle_call]` function works on the server's state",
        "#[handle_call] fn get() -> i64 { 1 }",
    );
    member(
        "OTP0202",
        "a handler borrows the state, it cannot consume it",
        "#[handle_call] fn close(mut self) -> i64 { 1 }",
    );
    member(
        "OTP0203",
        "`self: Box<Self>` is not a handler receiver",
        "#[handle_cast] fn close(self: Box<Self>) {}",
    );
    item(
        "OTP0204",
        "there is no state before `#[init]` has returned it",
        "",
        "impl Counter { #[init] fn init(&self) -> Self { Counter } }",
    );
    for (word, qualifier) in [("unsafe", "unsafe"), ("const", "const"), ("extern", "extern \"C\"")]
    {
        member(
            "OTP0220",
            &format!("a handler is called by the runtime, so it cannot be `{word}`"),
            &format!("#[handle_cast] {qualifier} fn add(&mut self) {{}}"),
        );
    }
}

#[test]
fn arguments() {
    member(
        "OTP0205",
        "message arguments need a plain name: it becomes the client's parameter name",
        "#[handle_cast] fn go(&mut self, (x, y): (i64, i64)) {}",
    );
    member(
        "OTP0206",
        "message arguments need a name: it becomes the client's parameter name",
        "#[handle_cast] fn go(&mut self, _: i64) {}",
    );
    for (ty, part) in [
        ("&str", "&str"),
        ("&mut Vec<u8>", "&mut Vec<u8>"),
        ("Option<&Path>", "&Path"),
        ("Cow<'_, str>", "Cow<'_, str>"),
    ] {
        member(
            "OTP0207",
            &format!("`{part}` cannot be part of a message: messages are owned"),
            &format!("#[handle_cast] fn go(&mut self, x: {ty}) {{}}"),
        );
    }
    item(
        "OTP0207",
        "`&str` cannot be a start argument",
        "",
        "impl Counter { #[init] fn init(x: &str) -> Self { Counter } }",
    );
    member(
        "OTP0208",
        "a message field needs a named type, found `impl Into<String>`",
        "#[handle_cast] fn go(&mut self, x: impl Into<String>) {}",
    );
    member(
        "OTP0209",
        "a handler cannot be generic: every request has one concrete type",
        "#[handle_cast] fn go<T: Job>(&mut self, x: T) {}",
    );
    member(
        "OTP0227",
        "a single argument cannot be switched off: the request would change shape",
        "#[handle_cast] fn go(&mut self, #[cfg(test)] x: i64) {}",
    );
}

#[test]
fn answers() {
    member(
        "OTP0210",
        "the reply type must be named, found `impl Iterator`",
        "#[handle_call] fn all(&self) -> impl Iterator { x }",
    );
    for ty in ["&str", "Option<&i64>", "Reply<&str>"] {
        member(
            "OTP0211",
            "the reply travels to another process, so it cannot borrow from the state",
            &format!("#[handle_call] fn get(&self) -> {ty} {{ x }}"),
        );
    }
    member(
        "OTP0212",
        "nobody waits for the answer of a cast, but `add` returns `i64`",
        "#[handle_cast] fn add(&mut self) -> i64 { 1 }",
    );
    member("OTP0212", "returns `Reply<i64>`", "#[handle_cast] fn add(&self) -> Reply<i64> { 1 }");
    member(
        "OTP0213",
        "this call would never be answered: it returns `Noreply` and has no caller",
        "#[handle_call] fn get(&self) -> Noreply { noreply() }",
    );
}

#[test]
fn callers_and_contexts() {
    member(
        "OTP0214",
        "only a `#[handle_call]` has a caller to answer",
        "#[handle_cast] fn add(&mut self, #[from] caller: ReplyTo<i64>) {}",
    );
    member(
        "OTP0215",
        "a call has one caller",
        "#[handle_call] fn get(&self, #[from] a: ReplyTo<i64>, #[from] b: ReplyTo<i64>) {}",
    );
    member(
        "OTP0216",
        "`#[from]` gives a `ReplyTo<T>`, found `Caller`",
        "#[handle_call] fn get(&self, #[from] caller: Caller) {}",
    );
    member(
        "OTP0233",
        "write `#[from] caller: ReplyTo<i64>`",
        "#[handle_call] fn get(&self, caller: ReplyTo<i64>) {}",
    );
    member(
        "OTP0233",
        "remove `from`: what this function returns is the answer",
        "#[handle_call] fn get(&self, from: ReplyTo<i64>) -> i64 { 1 }",
    );
    member(
        "OTP0217",
        "`caller` answers this call, so returning `i64` as well would answer twice",
        "#[handle_call] fn get(&self, #[from] caller: ReplyTo<i64>) -> i64 { 1 }",
    );
    member(
        "OTP0218",
        "`cx` is already the context",
        "#[handle_cast] fn go(&mut self, cx: &mut Context<Self>, b: &mut Context<Self>) {}",
    );
    member(
        "OTP0219",
        "`Context<Self>` is lent to the handler, not given",
        "#[handle_cast] fn go(&mut self, cx: Context<Self>) {}",
    );
}

#[test]
fn other_callbacks() {
    member(
        "OTP0221",
        "an info handler receives one message, found 2 parameters",
        "#[handle_info] fn tick(&mut self, a: Tick, b: Tock) {}",
    );
    member(
        "OTP0222",
        "an info handler receives a message, found none",
        "#[handle_info] fn tick(&mut self, cx: &mut Context<Self>) {}",
    );
    member(
        "OTP0223",
        "`unknown` already takes every other message",
        "#[handle_info] fn unknown(&mut self, m: Message) {}
         #[handle_info] fn other(&mut self, m: otp::Message) {}",
    );
    member(
        "OTP0224",
        "`#[handle_continue]` receives one value, found 2",
        "#[handle_continue] fn go(&mut self, a: A, b: B) {}",
    );
    for parameters in ["reason: ExitReason", "a: &ExitReason, b: &ExitReason"] {
        member(
            "OTP0225",
            "`#[terminate]` receives the exit reason by reference",
            &format!("#[terminate] fn terminate(&mut self, {parameters}) {{}}"),
        );
    }
    for (message, function) in [
        ("receives nothing but the state", "fn rest(&mut self, cx: &mut Context<Self>)"),
        ("receives nothing but the state", "fn rest(&mut self, level: u8, other: u8)"),
        ("nothing can be awaited in `#[hibernate]`", "async fn rest(&mut self)"),
        ("`#[hibernate]` returns nothing", "fn rest(&mut self) -> usize"),
    ] {
        member("OTP0230", message, &format!("#[hibernate] {function} {{}}"));
    }
    item(
        "OTP0226",
        "`#[init]` must return the state",
        "",
        "impl Counter { #[init] fn init(n: i64) {} }",
    );
}

#[test]
fn habits_from_elsewhere() {
    for (code, message, text) in [
        ("OTP0117", "did you mean `#[handle_call]`?", "#[handle_cal] fn get(&self) -> i64 { 0 }"),
        ("OTP0117", "did you mean `#[handle_cast]`?", "#[cast] fn add(&mut self) {}"),
        ("OTP0231", "write `-> Reply<u8>`", "#[handle_call] fn get(&self) -> (Reply<u8>, Self) {}"),
        ("OTP0231", "write `-> Noreply`", "#[handle_cast] fn add(&mut self) -> (Noreply, Self) {}"),
        ("OTP0201", "instead of `state: ..`", "#[handle_cast] fn add(state: &mut Self, n: u8) {}"),
        (
            "OTP0713",
            "`a` already handles every `T`",
            "#[handle_info] fn a(&mut self, _: T) {} #[handle_info] fn b(&mut self, _: T) {}",
        ),
    ] {
        member(code, message, text);
    }
    for fine in [
        "#[inline] #[must_use] #[my::unit] #[instrument] fn get(&self) {}",
        "#[handle_call] fn pair(&self) -> (u8, Vec<Self>) {}",
        "#[cfg(a)] #[handle_info] fn a(&mut self, _: T) {} \
         #[cfg(b)] #[handle_info] fn b(&mut self, _: T) {}",
    ] {
        let output = expand("", &counter(fine));
        assert_eq!(errors(&output), 0, "{fine}: {output}");
    }
}

#[test]
fn warnings() {
    for (code, message, args, members) in [
        ("OTP0228", "`stop` hides `ServerRef::stop`", "", "#[handle_cast] fn stop(&mut self) {}"),
        ("OTP0229", "does not trap exits", "", "#[terminate] fn bye(&mut self) {}"),
        (
            "OTP0232",
            "`receive!` panics",
            "",
            "#[handle_cast] async fn go(&mut self) { if x { otp::receive! { _: T => {} } } }",
        ),
    ] {
        let output = expand(args, &counter(members));
        let text = output.to_string();
        assert_eq!(errors(&output), 0);
        assert!(text.contains(code) && text.contains(message) && text.contains("deprecated"));
    }
    for (args, members) in [
        ("", "#[handle_cast] fn stop(&mut self, why: String) {}"),
        ("trap_exit", "#[terminate] fn bye(&mut self) {}"),
        ("trap_exit = false", "#[terminate] fn bye(&mut self) {}"),
        ("", "#[handle_cast] fn go(&mut self) { spawn(async move { receive! { _: T => {} } }); }"),
        ("", "#[handle_cast] fn go(&mut self) { let receive = 1; f(|| receive!()); }"),
        ("", "#[terminate] fn bye(&mut self) {} fn go(cx: &mut C) { cx.trap_exit(true); }"),
    ] {
        let text = expand(args, &counter(members)).to_string();
        assert!(!text.contains("OTP02"), "{args} {members}: {text}");
    }
}

#[test]
fn options() {
    argument("OTP0301", "unknown option `restrat`; did you mean `restart`?", "restrat = transient");
    argument("OTP0302", "`restart` is given twice", "restart = transient, restart = permanent");
    argument("OTP0303", "`restart` needs a value", "restart");
    argument(
        "OTP0304",
        "unknown restart value `permanant`; did you mean `permanent`?",
        "restart = permanant",
    );
    argument("OTP0305", "`5sec` is not a duration: unknown unit `sec`", "shutdown = 5sec");
    argument("OTP0306", "`5000` has no unit", "shutdown = 5000");
    argument("OTP0307", "a duration must be at least 1 microsecond", "shutdown = 0.1us");
    argument(
        "OTP0308",
        "unknown shutdown value `infinty`; did you mean `infinity`?",
        "shutdown = infinty",
    );
    argument("OTP0309", "or `name = via(Registry, key)`", "name = Counter");
    argument("OTP0309", "expected `name`", "name = via(Users)");
    argument("OTP0309", "expected `name`", "name = via(Users, id, value, 5)");
    argument("OTP0310", "`idd` is not a parameter of `#[init]`", "name = via(Users, idd)");
    argument("OTP0311", "options are words, not strings", "restart = \"transient\"");
    argument("OTP0312", "the path must be absolute", "crate = my::otp");
    argument("OTP0313", "`trap_exit` takes no value", "trap_exit = true");
    argument("OTP0313", "`significant` takes no value", "significant = yes");
    argument("OTP0307", "at least 1 microsecond", "hibernate_after = 0s");
    member("OTP0301", "`#[handle_call]` has no options", "#[handle_call(5)] fn get(&self) {}");
}

#[test]
fn mailboxes() {
    for (code, message, args) in [
        ("OTP0301", "unknown option `capacty`; did you mean `capacity`?", "mailbox(capacty = 5)"),
        ("OTP0301", "`calls`", "mailbox(capacity = 5, size = 5)"),
        ("OTP0302", "`full` is given twice", "mailbox(capacity = 5, full = drop_oldest, full = x)"),
        ("OTP0303", "`mailbox` needs options in parentheses", "mailbox"),
        ("OTP0303", "`mailbox` needs options in parentheses", "mailbox = 100"),
        ("OTP0303", "a mailbox with a limit needs its `capacity`", "mailbox()"),
        ("OTP0303", "needs its `capacity`", "mailbox(full = drop_oldest)"),
        ("OTP0303", "`capacity` needs a value", "mailbox(capacity)"),
        ("OTP0311", "options are words, not strings", "mailbox(capacity = 5, calls = \"wait\")"),
        ("OTP0314", "`capacity` is a whole number from 1, found `0`", "mailbox(capacity = 0)"),
        ("OTP0314", "found `-5`", "mailbox(capacity = -5)"),
        ("OTP0314", "found `5000000000`", "mailbox(capacity = 5000000000)"),
        (
            "OTP0315",
            "unknown full value `drop_oldst`; did you mean `drop_oldest`?",
            "mailbox(capacity = 5, full = drop_oldst)",
        ),
        (
            "OTP0315",
            "unknown calls value `waits`; did you mean `wait`?",
            "mailbox(capacity = 5, calls = waits)",
        ),
    ] {
        argument(code, message, args);
    }
}

#[test]
fn faults_of_one_block_are_reported_together() {
    let members = "#[handle_call] fn a(&self, x: &str) {} #[handle_cast] fn b(self) {}
        #[handle_info] fn c(&mut self) {}";
    let output = expand("restrat = transient", &counter(members));
    assert_eq!(errors(&output), 4);
}

#[test]
fn a_handler_with_a_fault_keeps_its_client_method() {
    let members = "#[handle_call] pub fn get(&self, key: &str) -> i64 { 1 }";
    let text = expand("", &counter(members)).to_string();
    assert!(text.contains("pub fn get (& self , _ : & str) -> :: otp :: Call < Counter , i64 >"));
    assert!(!text.contains("CounterRequest :: Get"));
}

#[test]
fn versions_under_cfg_are_no_duplicates() {
    let members = "#[cfg(a)] #[handle_call] fn get(&self) -> i64 { 1 }
        #[cfg(not(a))] #[handle_call] fn get(&self) -> i64 { 2 }
        #[cfg(a)] #[handle_continue] fn go(&mut self) {}
        #[cfg(a)] #[terminate] fn bye(&mut self) {}
        #[cfg(not(a))] #[terminate] fn bye(&mut self) {}";
    let item = format!(
        "impl Counter {{ #[cfg(a)] #[init] fn init() -> Self {{}}
            #[cfg(not(a))] #[init] fn init(n: i64) -> Self {{}} {members} }}"
    );
    let output = expand("trap_exit", &item);
    assert_eq!(errors(&output), 0, "{output}");
    let text = output.to_string();
    assert!(text.contains("# [cfg (not (any (all (a))))] type Continue = :: otp :: Never ;"));
    syn::parse2::<syn::File>(output).expect("output");
}
