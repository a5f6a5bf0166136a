//! `receive!`: snapshots, every error, and unfinished input.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::{error_count, snapshot};
use crate::receive::receive;

fn text(input: &str) -> TokenStream {
    receive(input.parse().expect("balanced tokens"))
}

/// The expansion as a whole item.
fn item(output: &TokenStream) -> TokenStream {
    quote!(async fn around() { let value = #output; })
}

/// The texts of the errors in an expansion, which must be one expression.
fn errors(input: &str) -> Vec<String> {
    let output = text(input);
    let expr = syn::parse2::<syn::Expr>(output.clone());
    assert!(expr.is_ok(), "{input}: the expansion cannot be parsed: {output}");
    let mut found = Vec::new();
    collect(output.clone(), &mut found);
    assert_eq!(found.len(), error_count(&output), "{input}");
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    let mut after_macro = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if after_macro => {
                found.push(syn::parse2::<syn::LitStr>(group.stream()).unwrap().value());
                after_macro = false;
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Ident(ident) => after_macro = ident == "compile_error",
            _ => {}
        }
    }
}

#[track_caller]
fn one(input: &str, code: &str, part: &str) {
    let errors = errors(input);
    let [error] = errors.as_slice() else { panic!("{input}: not one error: {errors:#?}") };
    assert!(error.ends_with(&format!("note: {code}")), "{input}: {error}");
    assert!(error.contains(part), "{input}: no `{part}` in: {error}");
    assert!(error.contains("\nhelp: "), "{input}: no help in: {error}");
}

#[test]
fn all_kinds_of_arms() {
    let output = receive(quote! {
        Urgent(job) => handle(job).await?,
        Down { monitor, reason, .. } if monitor == mine => return Err(reason.into()),
        ("ping", from): (&'static str, Pid) => { send(from, Pong) }
        other: Message => log(other),
        after 5s => Answer::None,
    });
    assert_eq!(error_count(&output), 0, "{output}");
    snapshot("receive_arms", &item(&output));
}

#[test]
fn one_arm_and_only_a_time_out() {
    snapshot("receive_one", &item(&text("Pong => ()")));
    snapshot("receive_after", &item(&text("after config.limit() => break")));
}

#[test]
fn forms_without_an_error() {
    for input in [
        "Ping { from } if from != me && set.contains::<u8, u16>(x) => {}, after 0ms => {}",
        "Either::<u8, u16>::Left(x) => x, Either::<A, B>::Right(y) => y",
        "map: HashMap<String, Vec<u8>> => map.len(), after limit => 0",
        "chat::Pong => if a < b { 1 } else { 2 } Ping { .. } => match x { _ => 3 }",
        "| Left(x) | Right(x) => |a, b| a + b + x",
        "5 => 1, 'a'..='z' => 2, \"text\" => 3, (1, \"b\") => 4, [a, b]: [u8; 2] => 5",
        "whole @ Ping { .. } => whole, after { pick() } => x",
        "after: Ping => 1, after Duration::from_secs(1) => 2",
        "_: Ping => 1, mut ping: Ping => 2, _: Message if now() => 3, _: Pong => 4",
        "mine: chat::Message => 1, other: Message => 2",
        "Ping => return, Pong => break 'outer, Stop => continue,",
        "Pong => a = b, Ping => a += 1, Job(x) => async move { x.await }.await",
    ] {
        assert_eq!(errors(input), [""; 0], "{input}");
    }
}

#[test]
fn otp0501_no_arms() {
    one("", "OTP0501", "`receive!` without arms would wait for ever");
}

#[test]
fn otp0502_after_is_not_last() {
    one("after 5s => 1, Pong => 2", "OTP0502", "`after` must be the last arm");
}

#[test]
fn otp0503_two_afters() {
    one("Pong => 1, after 5s => 2, after 6s => 3", "OTP0503", "there is one `after`");
    one("after 5s => 2, Pong => 1, after 6s => 3", "OTP0503", "there is one `after`");
}

#[test]
fn otp0504_never_reached() {
    let part = "this arm is never reached: `other: Message` above takes every message";
    one("other: Message => 1, Pong => 2, Ping => 3", "OTP0504", part);
    let part = "`_: otp::Message` above takes every message";
    one("_: otp::Message => 1, Pong => 2, after 1s => 3", "OTP0504", part);
}

#[test]
fn otp0505_a_name_without_a_type() {
    one("msg => 1", "OTP0505", "the type of `msg` is unknown");
    one("Pong => 1, mut msg => 2", "OTP0505", "write `msg: Ping`, or `msg: Message`");
    one("(msg) if x => 1", "OTP0505", "the type of `msg` is unknown");
}

#[test]
fn otp0506_what_is_expected() {
    let part = "expected `=>` after the pattern, found `->`";
    one("Ping { from } -> answer(from)", "OTP0506", part);
    one("Pong = 1, Ping => 2", "OTP0506", "expected `=>` after the pattern, found `=`");
    one("Pong => 1 Ping => 2", "OTP0506", "expected `,` after the body of an arm, found `Ping`");
    one("Pong => 1; Ping => 2", "OTP0506", "found `;`");
    one("#[cfg(a)] Pong => 1", "OTP0506", "expected a pattern, found `#`");
    one("after => 1", "OTP0506", "expected a duration after `after`, found `=>`");
    one("after 5 s => 1", "OTP0506", "expected a duration after `after`, found `5 s`");
    one("ping: => 1", "OTP0506", "expected a type after `:`, found nothing");
    one("ping: Ping if => 1", "OTP0506", "the condition after `if` is unfinished");
}

#[test]
fn otp0507_a_reference() {
    one("&Ping { from } => 1", "OTP0507", "so `&Ping { from }` cannot match it");
    one("&mut Ping { .. } => 1", "OTP0507", "write `Ping { .. }`");
    assert!(errors("&Ping { .. }: &'static Ping => 1").is_empty());
}

#[test]
fn otp0508_an_underscore() {
    one("_ => 1", "OTP0508", "`_` does not say which messages to throw away");
}

#[test]
fn durations_have_units() {
    one("after 5 => 1", "OTP0306", "`5` has no unit");
    one("after 5sec => 1", "OTP0305", "unknown unit `sec`");
    one("after \"5s\" => 1", "OTP0311", "write `5s`");
}

#[test]
fn all_faults_at_once() {
    let errors = errors("after 5 => 0, msg => 1, &Ping => 2, _ => 3, Pong -> 4, after 6s => 5");
    let mut codes: Vec<&str> = errors.iter().map(|error| &error[error.len() - 7..]).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["OTP0306", "OTP0503", "OTP0505", "OTP0506", "OTP0507", "OTP0508"]);
}

#[test]
fn unfinished_input_keeps_the_other_arms() {
    for (input, parts) in [
        ("Pi", vec![]),
        ("Ping {", vec![]),
        ("Ping { from }, Pong => 1", vec!["Pong => 1"]),
        ("Ping { from } =>", vec!["Ping { from } =>"]),
        ("Ping { from } =>, Pong => 1", vec!["Ping { from } =>", "Pong => 1"]),
        ("Ping { from } => from., Pong => 1", vec!["& from", "Pong => 1"]),
        ("Ping { from } => process::, Pong => 1", vec!["Ping { from } =>", "Pong => 1"]),
        ("Ping { from } if from. => 1, Pong => 1", vec!["Pong => 1"]),
        ("ping: Pi< => 1, Pong => 1", vec!["Pong => 1"]),
        ("Pong => 1, aft", vec!["Pong => 1"]),
        ("Pong => 1, after", vec!["Pong => 1"]),
        ("Pong => 1, after 5", vec!["Pong => 1"]),
        ("Pong => 1, after 5s =>", vec!["Pong => 1", "None =>"]),
    ] {
        let Ok(tokens) = input.parse::<TokenStream>() else { continue };
        let output = receive(tokens);
        assert!(error_count(&output) >= 1, "{input}: {output}");
        assert!(syn::parse2::<syn::Expr>(output.clone()).is_ok(), "{input}: {output}");
        for part in parts {
            assert!(output.to_string().contains(part), "{input}: no `{part}` in {output}");
        }
    }
}

#[test]
fn what_another_macro_passed_on_is_not_cut_in_two() {
    let invisible = |text: &str| Group::new(Delimiter::None, text.parse().unwrap());
    for arms in ["Pong => 1", "Pong", "after 5s =>", "Pong > 1", "\"ping\", from"] {
        let group = invisible(arms);
        for input in [quote!(#group), quote!(#group => 1), quote!(Pong => #group)] {
            let output = receive(input);
            assert!(syn::parse2::<syn::Expr>(output.clone()).is_ok(), "{arms}: {output}");
        }
    }
    let (pattern, ty, body) = (invisible("Left(x)"), invisible("Either<u8>"), invisible("a + b"));
    let output = receive(quote!(#pattern: #ty => #body * c, #pattern => #body));
    assert_eq!(error_count(&output), 0, "{output}");
    let nothing = invisible("");
    let output = receive(quote!(#nothing Ping => 1, after config.limit #nothing => 2 #nothing));
    assert_eq!(error_count(&output), 0, "{output}");
    assert!(syn::parse2::<syn::Expr>(output.clone()).is_ok(), "{output}");
}

#[test]
fn an_arm_is_made_only_of_what_can_be_one() {
    one("Pong = {} > 1", "OTP0506", "expected `=>` after the pattern, found `=`");
    one(".. => 1", "OTP0506", "expected a pattern, found `..`");
    one("'a'..=> 1", "OTP0506", "expected `=>` after the pattern");
}

#[test]
fn snapshot_of_unfinished_arms() {
    let output = text("Ping { from } => from., Pong -> 1, msg => msg.len(), after 5 => { 2 }");
    assert_eq!(error_count(&output), 4, "{output}");
    snapshot("receive_unfinished", &item(&output));
}

/// A call with a bit of everything.
const EVERYTHING: &str = r#"
    Urgent(job) => handle(job).await?,
    Down { monitor, reason, .. } if monitor == mine => return Err(reason.into()),
    ("ping", from): (&'static str, Map<u8, Pid>) => { send(from, Pong); }
    Pong => if a { 1 } else { 2 },
    other: Message => log(other),
    after 5s => Answer::None,
"#;

fn edit(
    tokens: TokenStream,
    at: &mut usize,
    change: &dyn Fn(usize, TokenTree, &mut Vec<TokenTree>),
) -> TokenStream {
    let mut edited = Vec::new();
    for token in tokens {
        let number = *at;
        *at += 1;
        let token = match token {
            TokenTree::Group(group) => {
                let content = edit(group.stream(), at, change);
                TokenTree::Group(Group::new(group.delimiter(), content))
            }
            token => token,
        };
        change(number, token, &mut edited);
    }
    edited.into_iter().collect()
}

#[test]
fn any_token_can_be_missing_or_be_followed_by_nonsense() {
    let tokens: TokenStream = EVERYTHING.parse().unwrap();
    let mut count = 0;
    edit(tokens.clone(), &mut count, &|_, token, edited| edited.push(token));
    assert_eq!(error_count(&receive(tokens.clone())), 0);
    for victim in 0..count {
        for nonsense in [None, Some('.'), Some(','), Some(':'), Some('<'), Some('='), Some('|')] {
            let input = edit(tokens.clone(), &mut 0, &|number, token, edited| {
                if number != victim || nonsense.is_some() {
                    edited.push(token);
                }
                if let (true, Some(nonsense)) = (number == victim, nonsense) {
                    edited.push(Punct::new(nonsense, Spacing::Alone).into());
                }
            });
            let text = input.to_string();
            let output = receive(input);
            let expr = syn::parse2::<syn::Expr>(output.clone());
            assert!(expr.is_ok(), "{text}\nbecomes\n{output}");
            let errors = error_count(&output);
            assert!(errors <= 3, "{errors} errors for one edit: {text}\nbecomes\n{output}");
        }
    }
}
