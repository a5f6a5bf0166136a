//! `#[otp::main]` and `#[otp::test]`: snapshots and errors.

use proc_macro2::TokenStream;
use quote::quote;

use super::{error_count, format, snapshot};
use crate::entry::{main, test};

#[test]
fn main_with_options() {
    let output = main(
        quote!(flavor = multi_thread, worker_threads = 4, shutdown = 10s),
        quote! {
            /// Runs everything.
            #[allow(unused)]
            pub async fn main() -> otp::Result<()> { Counter::start_link(0).await?; Ok(()) }
        },
    );
    assert_eq!(error_count(&output), 0);
    snapshot("main_options", &output);
}

#[test]
fn main_with_an_application() {
    let body = quote!(
        async fn main() {}
    );
    let output = main(quote!(App, stop_limit = 30s), body.clone());
    assert_eq!(error_count(&output), 0);
    snapshot("main_application", &output);
    for app in [quote!(app::App), quote!(App::new(1, 2)), quote!(App { a: 1 }), quote!(app())] {
        let output = main(quote!(flavor = current_thread, #app), body.clone());
        assert_eq!(error_count(&output), 0, "{app}");
        assert!(output.to_string().contains(&app.to_string()), "{app}");
    }
}

#[test]
fn test_with_options() {
    let output = test(
        quote!(start_paused, timeout = 1.5s, flavor = current_thread),
        quote! {
            #[should_panic]
            #[cfg(unix)]
            async fn counts() { assert_eq!(counter().await, 7); }
        },
    );
    assert_eq!(error_count(&output), 0);
    snapshot("test_options", &output);
}

#[test]
fn plain() {
    snapshot(
        "main_plain",
        &main(
            quote!(),
            quote!(
                async fn main() {}
            ),
        ),
    );
    let output = test(
        quote!(start_paused = false),
        quote!(
            async fn r#type() {}
        ),
    );
    snapshot("test_plain", &output);
}

#[test]
fn a_faulty_function_is_kept_without_running_it() {
    let output = main(
        quote!(),
        quote!(
            async fn main(args: Vec<String>) {
                run(args).await
            }
        ),
    );
    snapshot("main_arguments", &output);
}

#[test]
fn what_another_macro_leaves_behind_a_function_is_nothing() {
    let nothing = proc_macro2::Group::new(proc_macro2::Delimiter::None, TokenStream::new());
    let output = main(TokenStream::new(), quote!(#nothing async fn main() {} #nothing));
    let file = syn::parse2::<syn::File>(output.clone());
    assert!(file.is_ok_and(|file| file.items.len() == 1), "{output}");
}

#[test]
fn unfinished_bodies_are_passed_on() {
    let body = quote!({
        let x = counter.;
        if
    });
    let output = test(quote!(), quote!(async fn t() #body)).to_string();
    assert!(output.contains(&body.to_string()) && !output.contains("compile_error"), "{output}");
}

#[track_caller]
fn one(output: TokenStream, code: &str, part: &str) {
    let text = output.to_string();
    assert_eq!(error_count(&output), 1, "{text}");
    assert!(text.contains(&format!("note: {code}\"")), "{text}");
    assert!(text.contains(part), "no `{part}` in {text}");
    assert!(text.contains("fn "), "the function is missing in {text}");
    format(&output);
}

#[test]
fn errors_of_the_function() {
    one(
        main(
            quote!(),
            quote!(
                fn main() {}
            ),
        ),
        "OTP0601",
        "the `async` keyword is missing",
    );
    one(test(quote!(), quote!(impl A { fn x() {} })), "OTP0601", "goes on an async function");
    let output = main(
        quote!(),
        quote!(
            async fn main(a: u8) {}
        ),
    );
    one(output, "OTP0602", "`main` takes no arguments");
    one(
        test(
            quote!(),
            quote!(
                async fn t(a: u8) {}
            ),
        ),
        "OTP0602",
        "a test takes no arguments",
    );
    for attr in [quote!(#[test]), quote!(#[tokio::test]), quote!(#[tokio::test(flavor = "x")])] {
        one(test(quote!(), quote!(#attr async fn t() {})), "OTP0603", "this is already a test");
    }
    let output = main(
        quote!(),
        quote!(
            #[tokio::main]
            async fn main() {}
        ),
    );
    one(output, "OTP0603", "remove `#[tokio::main]`, `#[otp::main]` is enough");
    one(
        test(
            quote!(),
            quote!(
                async fn t<T>() {}
            ),
        ),
        "OTP0605",
        "a test cannot be generic",
    );
}

#[test]
fn errors_of_the_options() {
    for (options, code, part) in [
        (quote!(flavor = multi), "OTP0604", "unknown flavor `multi`; did you mean `multi_thread`?"),
        (quote!(flavor = single), "OTP0604", "unknown flavor value `single`"),
        (quote!(flavor = "multi_thread"), "OTP0311", "options are words, not strings"),
        (quote!(flavor), "OTP0303", "`flavor` needs a value"),
        (quote!(worker_thread = 2), "OTP0301", "did you mean `worker_threads`?"),
        (quote!(worker_threads = 0), "OTP0303", "a whole number from 1, found `0`"),
        (quote!(worker_threads = 2, worker_threads = 3), "OTP0302", "is given twice"),
        (quote!(flavor = current_thread, worker_threads = 2), "OTP0604", "no worker threads"),
        (quote!(shutdown = 10), "OTP0306", "`10` has no unit"),
        (quote!(stop_limit = 0s), "OTP0307", "at least 1 microsecond"),
        (quote!(Flavor), "OTP0301", "did you mean `flavor`?"),
        (quote!(App, Other::new()), "OTP0302", "starts one application, `App`"),
        (quote!(timeout = 5s), "OTP0301", "unknown option `timeout`"),
    ] {
        one(
            main(
                options,
                quote!(
                    async fn main() {}
                ),
            ),
            code,
            part,
        );
    }
    for (options, code, part) in [
        (quote!(timeout = 0s), "OTP0307", "at least 1 microsecond"),
        (quote!(start_paused = yes), "OTP0303", "`start_paused` is `true` or `false`"),
        (quote!(start_paused, flavor = multi_thread), "OTP0604", "time cannot be paused"),
        (quote!(shutdown = 5s), "OTP0301", "unknown option `shutdown`"),
        (quote!(App), "OTP0301", "`#[otp::test]` takes options, found `App`"),
        (quote!(app::App), "OTP0301", "found `app::App`"),
    ] {
        one(
            test(
                options,
                quote!(
                    async fn t() {}
                ),
            ),
            code,
            part,
        );
    }
}

#[test]
fn two_faults_are_two_errors() {
    let output = test(
        quote!(flavour = x, timeout = 5),
        quote!(
            fn t() {}
        ),
    );
    assert_eq!(error_count(&output), 3);
}
