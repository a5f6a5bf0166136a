//! `#[dynamic_supervisor]` and `#[partition_supervisor]`: expansions, and one input for each code.

use proc_macro2::TokenStream;

use super::{error_count, fault, snapshot};

fn dynamic(args: &str, item: &str) -> TokenStream {
    let (args, item) = (args.parse().expect("tokens"), item.parse().expect("tokens"));
    crate::structs::dynamic_supervisor(args, item)
}

fn partition(args: &str, item: &str) -> TokenStream {
    let (args, item) = (args.parse().expect("tokens"), item.parse().expect("tokens"));
    crate::structs::partition_supervisor(args, item)
}

#[test]
fn a_dynamic_supervisor_with_options() {
    let args = "max_children = 10_000, max_restarts = LIMIT, max_seconds = 60";
    let item = "
        /// All workers.
        #[cfg(unix)]
        #[derive(Debug)]
        pub(crate) struct WorkerSup(/** Each. */ pub workers::Worker<u8>);";
    snapshot("dynamic_supervisor", &dynamic(args, item));
}

#[test]
fn a_dynamic_supervisor_for_every_type() {
    snapshot("dynamic_supervisor_any", &dynamic("crate = crate::otp", "pub struct Pool;"));
}

#[test]
fn a_partition_supervisor_with_options() {
    let args = "partitions = 8, strategy = rest_for_one, max_restarts = 0, max_seconds = 1";
    let item = "/// Docs.\n pub struct WorkerSups(WorkerSup);";
    snapshot("partition_supervisor", &partition(args, item));
}

#[test]
fn a_partition_supervisor_with_a_function() {
    let args = "with = |partition| Counter::child_spec(partition, 0), crate = ::deep::otp";
    snapshot("partition_supervisor_with", &partition(args, "struct Counters(Counter);"));
}

#[test]
fn placement() {
    for (item, message) in [
        ("enum A { B }", "`#[dynamic_supervisor]` goes on a struct, not on an enum"),
        ("enum A<T> { B(T) }", "not on an enum"),
        ("union A { b: u8 }", "not on a union"),
        ("fn a() {}", "not on a function"),
        ("impl A { fn b() {} }", "not on an `impl` block"),
        ("type A = B;", "not on a type alias"),
        ("mod a {}", "not on this"),
        ("const A: u8 = 0;", "not on this"),
        ("pub struct A", "this struct cannot be read"),
        ("", "this struct cannot be read"),
    ] {
        let output = dynamic("", item);
        if item == "pub struct A" {
            assert!(output.to_string().starts_with("pub struct A"), "{output}");
            assert!(output.to_string().contains("note: OTP0901"), "{output}");
            assert!(output.to_string().contains(message), "{output}");
            continue;
        }
        fault(&output, "OTP0901", message);
    }
}

#[test]
fn fields() {
    for (code, message, item) in [
        ("OTP0902", "`A` supervises one type, found 2", "struct A(B, C);"),
        ("OTP0903", "`A` has no fields to name", "struct A { b: B }"),
        ("OTP0903", "`A` has no fields to name", "struct A { b: B, c: C }"),
        ("OTP0903", "`A` has no fields to name", "struct A {}"),
        ("OTP0904", "`A` cannot be generic", "struct A<T>(B<T>);"),
        ("OTP0904", "`A` cannot be generic", "struct A<'a>(B<'a>);"),
        ("OTP0904", "`A` cannot be generic", "struct A(B) where B: C;"),
        ("OTP0907", "an attribute has no effect on the type", "struct A(#[cfg(unix)] B);"),
    ] {
        fault(&dynamic("", item), code, message);
    }
    assert_eq!(error_count(&dynamic("", "struct A();")), 0);
    let without = "`A` does not say what runs in its partitions";
    fault(&partition("", "struct A;"), "OTP0905", without);
    fault(&partition("", "enum A { B }"), "OTP0901", "goes on a struct, not on an enum");
    fault(&partition("", "struct A(B, C);"), "OTP0902", "a `#[dynamic_supervisor]` without one");
}

#[test]
fn options_of_both() {
    for (code, message, args) in [
        (
            "OTP0301",
            "unknown option `max_restart`; did you mean `max_restarts`?",
            "max_restart = 1",
        ),
        ("OTP0301", "expected an option of", "5"),
        ("OTP0302", "`max_restarts` is given twice", "max_restarts = 1, max_restarts = 1"),
        ("OTP0303", "`max_seconds` needs a value", "max_seconds"),
        ("OTP0303", "`max_restarts` needs a whole number, found `1 +`", "max_restarts = 1 +"),
        ("OTP0312", "the path must be absolute", "crate = my::otp"),
        (
            "OTP0414",
            "`max_restarts` must be a whole number from 0, found `-1`",
            "max_restarts = -1",
        ),
        ("OTP0415", "`max_seconds` must be a whole number from 1, found `0`", "max_seconds = 0"),
    ] {
        fault(&dynamic(args, "struct A(B);"), code, message);
        fault(&partition(args, "struct A(B);"), code, message);
    }
}

#[test]
fn options_of_one() {
    for (code, message, args) in [
        ("OTP0301", "options of `#[dynamic_supervisor]`: `max_children`", "strategy = one_for_one"),
        ("OTP0906", "`max_children` must be a whole number from 1, found `0`", "max_children = 0"),
        ("OTP0906", "found `\\\"9\\\"`", "max_children = \"9\""),
        ("OTP0906", "found `5usize`", "max_children = 5usize"),
    ] {
        fault(&dynamic(args, "struct A(B);"), code, message);
    }
    for (code, message, args) in [
        ("OTP0301", "unknown option `partition`; did you mean `partitions`?", "partition = 1"),
        ("OTP0303", "`with` needs a function from the number", "with = |partition"),
        ("OTP0311", "options are words, not strings", "strategy = \"one_for_all\""),
        ("OTP0401", "unknown strategy value `one_for_al`", "strategy = one_for_al"),
        ("OTP0906", "`partitions` must be a whole number from 1, found `0`", "partitions = 0"),
    ] {
        fault(&partition(args, "struct A(B);"), code, message);
    }
}

#[test]
fn faults_are_reported_together_and_the_functions_stay() {
    let output = dynamic("max_children = 0, nam", "enum A { B }");
    assert_eq!(error_count(&output), 3);
    assert!(output.to_string().starts_with("enum A { B }"));
    assert!(output.to_string().contains("fn start_link ()"));
    let output = dynamic("max_seconds", "pub struct A { b: B, #[cfg(c)] d: D }");
    assert_eq!(error_count(&output), 3);
    assert!(output.to_string().contains("spec : :: otp :: ChildSpec < B >"));
    let output = partition("partitions = 0", "pub struct A;");
    assert_eq!(error_count(&output), 2);
    assert!(output.to_string().contains("fn of (key"));
}
