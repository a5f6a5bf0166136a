//! Every error of `supervisor!`: its code, its words, and that one fault is one error.

use super::{error_count, format};
use crate::supervisor::supervisor;

/// Expands `input` and gives the texts of its errors.
fn errors(input: &str) -> Vec<String> {
    let output = supervisor(input.parse().expect("balanced tokens"));
    let file: syn::File = syn::parse2(output.clone())
        .unwrap_or_else(|error| panic!("{input}: the expansion cannot be parsed: {error}"));
    assert!(format(&output).contains("struct Bank;"), "{input}: the type is missing");
    let errors: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Macro(item) => {
                Some(syn::parse2::<syn::LitStr>(item.mac.tokens.clone()).unwrap().value())
            }
            _ => None,
        })
        .collect();
    assert_eq!(errors.len(), error_count(&output), "{input}");
    errors
}

#[track_caller]
fn one(input: &str, code: &str, part: &str) {
    let errors = errors(input);
    let [error] = errors.as_slice() else { panic!("{input}: not one error: {errors:#?}") };
    assert!(error.ends_with(&format!("note: {code}")), "{input}: {error}");
    assert!(error.contains(part), "{input}: no `{part}` in: {error}");
    assert!(error.contains("\nhelp: "), "{input}: no help in: {error}");
}

/// Options instead of a whole supervisor.
#[track_caller]
fn option(options: &str, code: &str, part: &str) {
    one(&format!("Bank {{ {options} }}"), code, part);
}

/// Children instead of a whole supervisor.
#[track_caller]
fn children(children: &str, code: &str, part: &str) {
    option(
        &format!("strategy: one_for_one, auto_shutdown: any_significant, children: [{children}]"),
        code,
        part,
    );
}

#[test]
fn otp0401_unknown_strategy() {
    let part = "unknown strategy value `one_for_al`; did you mean `one_for_all`?";
    option("strategy: one_for_al, children: []", "OTP0401", part);
    option("strategy: 5, children: []", "OTP0401", "unknown strategy value `5`");
    option("strategy: \"one_for_all\", children: []", "OTP0311", "write `strategy: one_for_all`");
}

#[test]
fn otp0402_no_strategy() {
    option("children: []", "OTP0402", "`Bank` has no `strategy`");
    children("supervisor Web { children: [] }", "OTP0402", "`Web` has no `strategy`");
}

#[test]
fn otp0403_no_children() {
    option("strategy: one_for_one", "OTP0403", "`Bank` has no `children`");
    children("supervisor Web { strategy: one_for_all }", "OTP0403", "`Web` has no `children`");
}

#[test]
fn otp0404_duplicate_ids() {
    let part = "duplicate child id `Counter`";
    children("Counter(0), Users, Counter(5)", "OTP0404", part);
    children("Counter(0), Counter(5)", "OTP0404", "give this one an id: `Counter(5) { id:");
    children("KvStore::<u8>, KvStore<u8>", "OTP0404", "duplicate child id `KvStore<u8>`");
    children("A { id: \"x\" }, B { id: \"x\" }", "OTP0404", "duplicate child id `x`");
    let web = "supervisor Web { strategy: one_for_one, children: [] }";
    children(&format!("{web}, {web}"), "OTP0404", "duplicate child id `Web`");
    children("Counter(0), Counter(5) if more", "OTP0404", part);
}

#[test]
fn an_unfinished_child_is_not_a_duplicate_yet() {
    children("Counter(0), Counter(config.)", "OTP0407", "this argument of `Counter`");
}

#[test]
fn ids_that_differ() {
    for children in [
        "Counter(0), Counter(5) { id: \"second\" }",
        "KvStore::<u8>, KvStore::<u16>",
        "#[cfg(a)] Counter(0), #[cfg(not(a))] Counter(1)",
        "Counter(0) if a, Counter(1) if !a",
        "Web, supervisor Inner { strategy: one_for_one, children: [Web] }",
    ] {
        let errors = errors(&format!("Bank {{ strategy: one_for_one, children: [{children}] }}"));
        assert!(errors.is_empty(), "{children}: {errors:#?}");
    }
}

#[test]
fn otp0405_unknown_option() {
    let part = "unknown option `max_restart`; did you mean `max_restarts`?";
    option("strategy: one_for_one, max_restart: 3, children: []", "OTP0405", part);
    option("stratgy: one_for_one, children: []", "OTP0405", "did you mean `strategy`?");
    children("Counter(0) { restat: transient }", "OTP0405", "did you mean `restart`?");
    let part = "unknown auto_shutdown value `any`";
    option("strategy: one_for_one, auto_shutdown: any, children: []", "OTP0405", part);
}

#[test]
fn otp0406_given_twice() {
    let options = "strategy: one_for_one, strategy: one_for_all, children: []";
    option(options, "OTP0406", "`strategy` is given twice");
    children("A { id: \"a\", id: \"b\" }", "OTP0406", "`id` is given twice");
}

#[test]
fn otp0407_not_a_child() {
    children("A, => B, C", "OTP0407", "expected a child such as `Counter(0)`, found `=>`");
    children("A => 5, C", "OTP0407", "found `=>`");
    children("A, 5", "OTP0407", "found `5`");
    children("Counter(0).id(\"x\")", "OTP0407", "found `.`\n\nhelp: write options in braces");
    children("Counter::child_spec(0)", "OTP0407", "`child_spec` is called by the supervisor");
    children("Counter::start_link(0)", "OTP0407", "write the type and its arguments: `Counter(0)`");
    children("A, id: \"a\"", "OTP0407", "write `A { id: \"a\" }`");
    children("Counter(1 +)", "OTP0407", "this argument of `Counter` is unfinished");
    children("Counter(1) if", "OTP0407", "the condition after `if` is unfinished");
    children("#[allow(x)] Counter", "OTP0407", "a child takes no attribute but `#[cfg(..)]`");
    children("KvStore::<u8, B", "OTP0407", "the generic arguments of `KvStore` are not closed");
    children("KvStore::<u8", "OTP0407", "the generic arguments of `KvStore` are not closed");
    one("struct Bank { strategy: one_for_one, children: [] }", "OTP0407", "found `struct`");
    one("Bank<T> { strategy: one_for_one, children: [] }", "OTP0407", "cannot be generic");
    one("Bank", "OTP0407", "expected `{` after `Bank`, found nothing");
    one("Bank { strategy: one_for_one, children: [] } x", "OTP0407", "found `x`");
    option("strategy: one_for_one, children: (A, B)", "OTP0407", "one list in `[..]`");
}

#[test]
fn otp0408_missing_comma() {
    children("Users Counter(0), C", "OTP0408", "missing `,` between `Users` and `Counter`");
    let part = "between `Users` and `Web`";
    children("Users supervisor Web { strategy: one_for_one, children: [] }", "OTP0408", part);
    let part = "missing `,` between `strategy` and `children`";
    option("strategy: one_for_one children: []", "OTP0408", part);
}

#[test]
fn otp0409_tuple() {
    children("{Counter, 0}, B", "OTP0409", "help: write `Counter(0)`");
}

#[test]
fn otp0410_atom() {
    let part = "help: write `one_for_one` without the leading `:`";
    option("strategy: :one_for_one, children: []", "OTP0410", part);
    children("A { restart: :transient }", "OTP0410", "there are no atoms in Rust");
    children(":counter", "OTP0410", "instead of `:counter`");
}

#[test]
fn otp0411_significant_and_permanent() {
    let part = "a `permanent` child cannot be `significant`";
    children("A { significant: true, restart: permanent }", "OTP0411", part);
    let web = "supervisor Web { significant: true, strategy: one_for_one, children: [] }";
    children(web, "OTP0411", part);
}

#[test]
fn otp0412_significant_without_effect() {
    let input = "strategy: one_for_one, children: [A { significant: true, restart: transient }]";
    option(input, "OTP0412", "`significant` has no effect");
}

#[test]
fn otp0413_shutdown_of_a_supervisor() {
    let part = "a supervisor child needs `shutdown: infinity`";
    let web = "supervisor Web { shutdown: 5s, strategy: one_for_one, children: [] }";
    children(web, "OTP0413", part);
    children("supervisor Web(1) { shutdown: brutal_kill }", "OTP0413", part);
}

#[test]
fn otp0414_max_restarts() {
    let part = "`max_restarts` must be a whole number from 0, found `-1`";
    option("strategy: one_for_one, max_restarts: -1, children: []", "OTP0414", part);
    option("strategy: one_for_one, max_restarts: 1.5, children: []", "OTP0414", "`1.5`");
}

#[test]
fn otp0415_max_seconds() {
    let part = "`max_seconds` must be a whole number from 1, found `0`";
    option("strategy: one_for_one, max_seconds: 0, children: []", "OTP0415", part);
    option("strategy: one_for_one, max_seconds: 5s, children: []", "OTP0415", "found `5s`");
}

#[test]
fn otp0416_simple_one_for_one() {
    let part = "`simple_one_for_one` is not a strategy here";
    option("strategy: simple_one_for_one, children: []", "OTP0416", part);
}

#[test]
fn otp0417_parameters() {
    let part = "supervisor parameters need plain names and owned types";
    for params in ["text: &str", "(a, b): (u8, u8)", "mut a: u8", "_: u8", "&self", "a", "a:"] {
        let input = format!("Bank({params}) {{ strategy: one_for_one, children: [] }}");
        one(&input, "OTP0417", part);
    }
    let input = "Bank(a: &'static str, b: Vec<(u8, u8)>) { strategy: one_for_one, children: [] }";
    assert!(errors(input).is_empty());
}

#[test]
fn otp0418_await() {
    let part = "child arguments are computed before the child starts";
    children("Counter(load().await)", "OTP0418", part);
    children("Counter(f(x.await?))", "OTP0418", part);
    let input = "Bank { strategy: one_for_one, children: [Counter(async move { x.await })] }";
    assert!(errors(input).is_empty());
}

#[test]
fn otp0419_backoff() {
    let backoff = |value: &str, code, part: &str| {
        let options = format!("strategy: one_for_one, backoff: {value}, children: []");
        option(&options, code, part);
    };
    for value in ["5s", "\"5s\"", "100ms..", "..5s", "..", "100ms..=5s", "1s...5s"] {
        let part = format!("`backoff` is a range of times, found `{}", &value[..1]);
        backoff(value, "OTP0419", &part);
    }
    backoff("5s..100ms", "OTP0419", "the first wait, `5s`, exceeds the longest, `100ms`");
    backoff("100..5s", "OTP0306", "`100` has no unit");
    backoff("0s..5s", "OTP0307", "a duration must be at least 1 microsecond");
    backoff("1s..5sec", "OTP0305", "unknown unit `sec`");
    backoff("min..a b", "OTP0407", "unfinished");
    for value in ["min..max", "5s..max", "self::MIN..5s", "Backoff::exponential(min, max)"] {
        let input = format!("Bank {{ strategy: one_for_one, backoff: {value}, children: [] }}");
        assert_eq!(errors(&input), [] as [String; 0], "{value}");
    }
}

#[test]
fn other_codes() {
    option("strategy:, children: []", "OTP0303", "`strategy` needs a value");
    option("strategy: one_for_one, children: [], crate: kit", "OTP0312", "must be absolute");
    children("A { restart: permanant }", "OTP0304", "did you mean `permanent`?");
    children("A { shutdown: 5 }", "OTP0306", "`5` has no unit");
    children("A { shutdown: infinty }", "OTP0308", "did you mean `infinity`?");
    children("A { significant: yes }", "OTP0303", "`significant` is `true` or `false`");
}

#[test]
fn all_faults_at_once() {
    let errors = errors(
        "Bank { strategy: one_for_al, max_second: 5, children: [
            A B, {C, 1}, D { restart: never }, D,
            supervisor Web { children: [E, E] },
        ] }",
    );
    let codes: Vec<&str> = errors.iter().map(|error| &error[error.len() - 7..]).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    let expected =
        ["OTP0304", "OTP0401", "OTP0402", "OTP0404", "OTP0404", "OTP0405", "OTP0408", "OTP0409"];
    assert_eq!(sorted, expected, "{errors:#?}");
}

#[test]
fn nothing_to_name() {
    for input in ["", "pub", "{ strategy: one_for_one }", "5"] {
        let output = supervisor(input.parse().unwrap());
        assert_eq!(error_count(&output), 1, "{input}: {output}");
        format(&output);
    }
}

#[test]
fn otp0420_to_otp0423_the_order_of_children() {
    children("A, B { after: C }", "OTP0420", "the other children are: `A`");
    children("Users, B { after: Userz }", "OTP0420", "did you mean `Users`?");
    children("A { after: B }", "OTP0420", "remove the option: there is no other child");
    children("A, B { after: 5 }", "OTP0420", "expected a child of this supervisor, found `5`");
    children("A, B { after: \"a\" }", "OTP0420", "there is no child `a`");
    children("A { after: B }, B", "OTP0421", "move `B` above `A`");
    children("A { after: [B] }, x::B::<u8>", "OTP0421", "`A` is started before `x::B<u8>`");
    children("A { after: A }", "OTP0422", "`A` cannot be started after itself");
    children("A { after: C }, B { after: A }, C { after: B }", "OTP0423", "wait for each other");
    for fine in [
        "A, B { after: A }",
        "A { id: \"a\" }, A { id: \"b\", after: \"a\" }, B { after: [A, \"b\"] }",
        "supervisor W { strategy: one_for_one, children: [] }, B { after: W }",
        "A if x, B { after: A }",
    ] {
        let input = format!("Bank {{ strategy: one_for_one, children: [{fine}] }}");
        let output = crate::supervisor::supervisor(input.parse().unwrap()).to_string();
        assert!(!output.contains("compile_error"), "{fine}: {output}");
        assert!(!output.contains("after"), "nothing is left at run time: {output}");
    }
}
