//! `#[registry(..)]`, and `via(..)`.

use proc_macro2::TokenStream;

use super::{error_count, snapshot};

fn expand(args: &str, item: &str) -> TokenStream {
    crate::registry::registry(args.parse().unwrap(), item.parse().unwrap())
}

fn fault(code: &str, message: &str, args: &str, item: &str) {
    let output = expand(args, item);
    assert_eq!(error_count(&output), 1, "{args} {item}: {output}");
    let text = output.to_string();
    assert!(text.contains(code) && text.contains(message), "{code}: {message}: {text}");
}

#[test]
fn unique_keys() {
    snapshot("registry_unique", &expand("unique", "/// Docs.\npub struct Users(String);"));
}

#[test]
fn duplicate_keys_with_values() {
    let args = "duplicate, partitions = 4, crate = crate::otp";
    snapshot("registry_duplicate", &expand(args, "#[derive(Debug)] struct Topics(u8, Vec<u8>);"));
}

#[test]
fn kinds() {
    let item = "struct Users(String);";
    fault("OTP0607", "`Users` does not say whether a key may have many entries", "", item);
    fault("OTP0607", "either `unique` or `duplicate`", "unique, duplicate", item);
    fault("OTP0301", "unknown option `uniqe`; did you mean `unique`?", "uniqe, duplicate", item);
    fault("OTP0302", "`unique` is given twice", "unique, unique", item);
    fault("OTP0313", "`unique` takes no value", "unique = true", item);
    fault("OTP0312", "the path must be absolute", "unique, crate = my::otp", item);
    fault("OTP0303", "`partitions` needs a value", "unique, partitions", item);
    for number in ["0", "-1", "\"4\"", "4.5"] {
        let args = format!("unique, partitions = {number}");
        fault("OTP0609", "must be a whole number from 1", &args, item);
    }
}

#[test]
fn types() {
    for (item, message) in [
        ("struct Users;", "reads the types of keys and values from the struct"),
        ("struct Users();", "reads the types of keys and values from the struct"),
        ("struct Users(A, B, C);", "reads the types of keys and values from the struct"),
        ("struct Users { key: A }", "reads the types of keys and values from the struct"),
        ("struct Users(pub A);", "is no field"),
        ("struct Users(#[key] A);", "is no field"),
        ("struct Users<K>(K);", "`Users` cannot be generic"),
        ("enum Users { A }", "needs a struct"),
    ] {
        fault("OTP0608", message, "unique", item);
    }
    fault("OTP0105", "this type cannot be read", "unique", "struct Users");
}

#[test]
fn faults_are_reported_together_and_the_functions_stay() {
    // The misspelt `unique` is not missed a second time.
    let output = expand("uniqe, partitions = 0", "struct Users;");
    assert_eq!(error_count(&output), 3);
    assert!(output.to_string().contains("fn register"));
}

#[test]
fn names_in_a_registry() {
    let block = "
        impl Worker {
            #[init]
            pub fn init(id: String, limit: u32) -> Self { Worker }
        }";
    let args = "name = via(app::Users, format!(\"user:{id}\"))";
    let output = crate::gen_server::gen_server(args.parse().unwrap(), block.parse().unwrap());
    snapshot("names_via", &output);
}
