//! `#[task_supervisor]`: the expansion, and one input for each code.

use proc_macro2::TokenStream;

use super::{error_count, format, snapshot};

fn expand(args: &str, item: &str) -> TokenStream {
    let tokens = |text: &str| text.parse().expect("tokens");
    crate::task_supervisor::task_supervisor(tokens(args), tokens(item))
}

/// One fault, one error, and the item is still there.
fn fault(code: &str, message: &str, args: &str, item: &str) {
    let output = expand(args, item);
    let text = output.to_string();
    assert_eq!(error_count(&output), 1, "{code} in {args} {item}: {text}");
    assert!(text.contains(&format!("note: {code}")), "{code} in {args} {item}: {text}");
    assert!(text.contains(message), "{code}: `{message}` is missing in {text}");
    assert!(text.contains("Mailer"), "{text}");
}

#[test]
fn a_struct_with_options() {
    let item = "
        /// Sends emails.
        #[derive(Debug)]
        #[cfg(unix)]
        pub(crate) struct Mailer;";
    let output = expand("max_children = 1_000, crate = crate::otp", item);
    snapshot("task_supervisor", &output);
    assert_eq!(error_count(&expand("", "struct Mailer;")), 0);
}

#[test]
fn the_item_is_a_unit_struct() {
    let message = "needs a struct without fields or parameters";
    fault("OTP0911", message, "", "struct Mailer(Worker);");
    fault("OTP0911", message, "", "struct Mailer { limit: usize }");
    fault("OTP0911", message, "", "struct Mailer<const N: usize>;");
    fault("OTP0911", message, "", "enum Mailer { A }");
    fault("OTP0911", message, "", "fn Mailer() {}");
    fault("OTP0911", message, "", "struct Mailer");
}

#[test]
fn options() {
    let unknown = "unknown option `max_childs`; did you mean `max_children`?";
    for (code, message, args) in [
        ("OTP0301", unknown, "max_childs = 5"),
        ("OTP0302", "`max_children` is given twice", "max_children = 5, max_children = 6"),
        ("OTP0303", "`max_children` needs a value", "max_children"),
        ("OTP0312", "the path must be absolute", "crate = otp"),
        ("OTP0912", "`max_children` is a whole number from 1, found `0`", "max_children = 0"),
        ("OTP0912", "found `many`", "max_children = many"),
        ("OTP0912", "found `5u8`", "max_children = 5u8"),
        ("OTP0912", "found `-1`", "max_children = -1"),
    ] {
        fault(code, message, args, "pub struct Mailer;");
        format(&expand(args, "pub struct Mailer;"));
    }
}
