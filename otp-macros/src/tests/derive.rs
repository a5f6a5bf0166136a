//! `#[derive(GenServer)]`: the expansion, and one input for each code.

use proc_macro2::TokenStream;

use super::{error_count, snapshot};

fn expand(item: &str) -> TokenStream {
    crate::derive::gen_server(item.parse().expect("tokens"))
}

fn fault(code: &str, message: &str, item: &str) {
    super::fault(&expand(item), code, message);
}

#[test]
fn a_struct_with_options() {
    let item = "
        /// Docs.
        #[server(name, restart = transient, shutdown = 10s)]
        #[server(trap_exit, significant)]
        pub(crate) struct Session { user: String }";
    snapshot("derive", &expand(item));
}

#[test]
fn a_generic_enum() {
    let item = "
        #[server(name = \"one\", crate = crate::otp)]
        pub enum Cache<K: Hash = u8, V = String, const N: usize = 4>
        where V: Clone, { A(K), B(V) }";
    snapshot("derive_generic", &expand(item));
}

#[test]
fn placement() {
    let on_field = "struct A { #[server(name)] user: String }";
    fault("OTP0116", "`#[server]` belongs on the struct, not on a field", on_field);
    let on_variant = "enum A { #[server(name)] B }";
    fault("OTP0116", "`#[server]` belongs on the enum, not on a variant", on_variant);
    fault("OTP0116", "not on a field", "enum A { B(#[server] u8) }");
    fault("OTP0111", "needs a struct or an enum", "union A { b: u8 }");
    fault("OTP0105", "this type cannot be read", "struct A");
    fault("OTP0110", "cannot borrow for `'a`", "struct A<'a, T>(&'a T);");
}

#[test]
fn options() {
    for (code, message, options) in [
        ("OTP0301", "unknown option `restrat`; did you mean `restart`?", "(restrat = transient)"),
        ("OTP0301", "options of `#[server]`: `name`", "(client = Api)"),
        ("OTP0301", "expected `server(..)`, found `server`", ""),
        ("OTP0301", "expected `server(..)`, found `server = 5`", "= 5"),
        ("OTP0302", "`name` is given twice", "(name)] #[server(name)"),
        ("OTP0303", "`restart` needs a value", "(restart)"),
        ("OTP0304", "unknown restart value `permanant`", "(restart = permanant)"),
        ("OTP0308", "unknown shutdown value `infinty`", "(shutdown = infinty)"),
        ("OTP0309", "expected `name` or `name = \\\"text\\\"`", "(name = via(Users, id))"),
        ("OTP0312", "the path must be absolute", "(crate = my::otp)"),
        ("OTP0313", "`significant` takes no value", "(significant = yes)"),
    ] {
        fault(code, message, &format!("#[server{options}] struct A;"));
    }
}

#[test]
fn faults_are_reported_together_and_the_functions_stay() {
    let output = expand("#[server(nam, restart)] struct A { #[server] b: u8 }");
    assert_eq!(error_count(&output), 3);
    assert!(output.to_string().contains("fn start_link (state : Self)"));
}
