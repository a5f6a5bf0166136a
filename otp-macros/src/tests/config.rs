//! `#[derive(Config)]`: the expansion, and one input for each code.

use proc_macro2::TokenStream;

use super::{error_count, snapshot};

fn expand(item: &str) -> TokenStream {
    crate::config::config(item.parse().expect("tokens"))
}

fn fault(code: &str, message: &str, item: &str) {
    super::fault(&expand(item), code, message);
}

#[test]
fn a_struct_with_every_option() {
    let item = "
        /// Docs.
        #[config(app = \"bank\", deny_unknown)]
        pub(crate) struct Bank {
            #[config(env = \"BANK_DATA\", default = \"data\")] pub data: PathBuf,
            #[config(default = 5s)] timeout: Duration,
            #[config(default = 4000, key = \"net.port\")] port: u16,
            #[config(default)] tags: Vec<String>,
            #[config(env = \"BANK_KEY\", secret)] key: String,
            #[config(nested)] limits: Limits,
            r#type: Option<u8>,
        }";
    snapshot("config", &expand(item));
}

#[test]
fn a_generic_struct() {
    let item = "
        #[config(crate = crate::otp)]
        struct Pair<A: Copy, B = u8> where B: Default {
            left: A,
            #[config(nested)] right: Option<B>,
        }";
    snapshot("config_generic", &expand(item));
}

#[test]
fn the_item() {
    let needs = "needs a struct whose fields have names";
    fault("OTP0801", needs, "enum A { B }");
    fault("OTP0801", needs, "union A { b: u8 }");
    fault("OTP0801", needs, "struct A;");
    fault("OTP0801", needs, "struct A(u8);");
    fault("OTP0802", "cannot borrow for `'a`", "struct A<'a> { b: &'a str }");
    fault("OTP0105", "this type cannot be read", "struct A");
}

#[test]
fn options() {
    for (code, message, options) in [
        ("OTP0301", "unknown option `enf`; did you mean `env`?", "(enf = \"A\")"),
        ("OTP0301", "options of `#[config]` on a field: `env`, `default`", "(app = \"a\")"),
        ("OTP0301", "expected `config(..)`, found `config = 5`", " = 5"),
        ("OTP0301", "expected `config(..)`, found `config`", ""),
        ("OTP0302", "`env` is given twice", "(env = \"A\")] #[config(env = \"B\")"),
        ("OTP0303", "`env` needs a value", "(env)"),
        ("OTP0305", "`5sec` is not a duration", "(default = 5sec)"),
        ("OTP0313", "`secret` takes no value", "(secret = 5)"),
        ("OTP0803", "`env` and `nested` exclude each other", "(nested, env = \"A\")"),
        ("OTP0803", "`default` and `nested` exclude each other", "(default, nested)"),
        ("OTP0804", "`a` and `b` have the same key `a`", "(key = \"a\")"),
        ("OTP0805", "`env` cannot be `APP_PORT`", "(env = APP_PORT)"),
        ("OTP0805", "`env` cannot be `\\\"A=B\\\"`", "(env = \"A=B\")"),
        ("OTP0805", "`key` cannot be `\\\"a..b\\\"`", "(key = \"a..b\")"),
        ("OTP0808", "the default `40 00` is no expression", "(default = 40 00)"),
    ] {
        fault(code, message, &format!("struct A {{ a: u8, #[config{options}] b: u8 }}"));
    }
    for (code, message, options) in [
        ("OTP0301", "options of `#[config]` on a struct: `app`", "env = \"A\""),
        ("OTP0312", "the path must be absolute", "crate = my::otp"),
        ("OTP0805", "`app` cannot be `\\\"a.b\\\"`", "app = \"a.b\""),
        ("OTP0313", "`deny_unknown` takes no value", "deny_unknown = false"),
    ] {
        fault(code, message, &format!("#[config({options})] struct A {{ a: u8 }}"));
    }
}

#[test]
fn faults_are_reported_together_and_the_implementation_stays() {
    let output = expand("#[config(ap = \"a\")] struct A { #[config(env)] b: u8, c: u8 }");
    assert_eq!(error_count(&output), 2);
    assert!(output.to_string().contains("Config for A"));
}

#[test]
fn without_its_feature_it_says_which_one_is_missing() {
    let output = crate::config::unavailable();
    assert_eq!(error_count(&output), 1);
    assert!(output.to_string().contains("needs the feature `config` of the crate `otp`"));
}
