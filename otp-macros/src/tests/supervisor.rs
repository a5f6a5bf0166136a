//! `supervisor!`: snapshots and unfinished input.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::{error_count, format, snapshot};
use crate::supervisor::supervisor;

fn text(input: &str) -> TokenStream {
    supervisor(input.parse().expect("balanced tokens"))
}

#[test]
fn options_and_children() {
    let output = supervisor(quote! {
        /// The bank.
        pub Bank(config: Config) {
            strategy: rest_for_one,
            max_restarts: 3,
            max_seconds: 5,
            auto_shutdown: any_significant,
            backoff: 100ms..5s,
            children: [
                Accounts,
                Ledger(config.path.clone()) { shutdown: 10s },
                Counter(100) {
                    id: "second", name: "second", restart: transient, significant: true,
                },
                KvStore::<String, u32>,
                KvStore<String, Vec<Vec<u8>>>(1),
                shop::Cart { shutdown: 0s },
            ],
        }
    });
    assert_eq!(error_count(&output), 0);
    snapshot("supervisor_options", &output);
}

#[test]
fn nested_and_conditional_children() {
    let output = text(
        r#"
        #[cfg(unix)]
        #[allow(missing_docs)]
        pub(crate) AppSup(config: AppConfig, hosts: HashMap<String, u16>) {
            strategy: one_for_one,
            children: [
                Users,
                supervisor Web {
                    strategy: one_for_all,
                    restart: transient,
                    children: [Router, Endpoint(config.port) { shutdown: infinity }],
                },
                supervisor Bank(config.clone()) { restart: temporary },
                /// Numbers for the operators.
                #[cfg(feature = "metrics")]
                Metrics(hosts.len()) if config.metrics,
                #[cfg(not(feature = "metrics"))]
                Metrics(0) if config.metrics && hosts.len() < 3 && a > 2,
                supervisor Later {
                    strategy: one_for_one,
                    children: [#[cfg(windows)] Service],
                },
            ],
        }
        "#,
    );
    assert_eq!(error_count(&output), 0, "{output}");
    snapshot("supervisor_nested", &output);
}

#[test]
fn without_parameters_and_with_another_path() {
    let output = text(
        "Chat { children: [Nicks, Rooms(), UserSup], strategy: one_for_all, crate: ::kit::otp }",
    );
    assert_eq!(error_count(&output), 0, "{output}");
    snapshot("supervisor_crate", &output);
}

#[test]
fn a_value() {
    let output = text("strategy: one_for_one, children: [Counter(0), Extra if more]");
    let output = quote!(
        const TREE: T = #output;
    );
    snapshot("supervisor_value", &output);
    let output = text("strategy: one_for_one, children: []");
    assert_eq!(output.to_string(), ":: otp :: Supervisor :: one_for_one ()");
}

/// Tokens as a `macro_rules!` macro passes on what its `:expr`, `:path` and `:literal` stand for.
fn invisible(tokens: TokenStream) -> TokenTree {
    Group::new(Delimiter::None, tokens).into()
}

#[test]
fn the_path_of_the_library_may_come_from_another_macro() {
    let (colons, path) = (invisible(quote!(::)), invisible(quote!(::kit::otp)));
    for given in [quote!(#colons kit::otp), quote!(#path)] {
        let tree = quote!(Bank { crate: #given, strategy: one_for_one, children: [] });
        let output = supervisor(tree);
        assert_eq!(error_count(&output), 0, "{output}");
        assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{output}");
    }
}

/// How often an invisible group with this content occurs.
fn count_invisible(tokens: TokenStream, content: &str) -> usize {
    let groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    groups
        .map(|group| {
            let invisible = group.delimiter() == Delimiter::None;
            let same = invisible && group.stream().to_string() == content;
            usize::from(same) + count_invisible(group.stream(), content)
        })
        .sum()
}

#[test]
fn tokens_out_of_another_macro() {
    let path = invisible(quote!(shop::Cart::<u8, u16>));
    let either = invisible(quote!(a || b));
    let (three, id) = (invisible(quote!(3)), invisible(quote!("x")));
    let output = supervisor(quote! {
        strategy: one_for_one, max_restarts: #three,
        children: [#path(#either) { id: #id }, Other if #either && c, Other { id: "x" } if c],
    });
    assert_eq!(error_count(&output), 1, "{output}"); // two ids "x"
    assert_eq!(count_invisible(output, "a || b"), 2); // still one operand of `&&`
}

#[test]
fn the_users_debug_is_enough() {
    let output = text("#[derive(Clone, Debug)] Bank { strategy: one_for_one, children: [] }");
    assert_eq!(output.to_string().matches("Debug").count(), 1);
}

#[test]
fn a_faulty_value_is_one_expression() {
    let output = text("strategy: one_for_al, children: [Counter(0)]");
    assert_eq!(error_count(&output), 1);
    syn::parse2::<syn::Expr>(output).unwrap();
}

#[test]
fn unfinished_input_keeps_the_type_and_the_other_children() {
    for (input, parts) in [
        ("pub Bank", vec![]),
        ("pub Bank {}", vec![]),
        ("pub Bank { strat }", vec![]),
        ("pub Bank { strategy: children: [Users] }", vec!["Users :: child_spec ()"]),
        ("pub Bank { strategy: one_f children: [Users] }", vec!["Users :: child_spec ()"]),
        ("pub Bank { strategy, children: [Users,] }", vec!["Users :: child_spec ()"]),
        ("pub Bank { strategy: one_for_one, children: }", vec![]),
        (
            "pub Bank { strategy: one_for_one, children: [Users, Cou Ledger(1)] }",
            vec!["Users ::", "Cou :: child_spec", "Ledger :: child_spec (1)"],
        ),
        (
            "pub Bank(c: C) { strategy: one_for_one, children: [Users, Ledger(c.path.)] }",
            vec!["Users :: child_spec ()", "& Ledger :: child_spec", "& c . path"],
        ),
        (
            "pub Bank { strategy: one_for_one, children: [KvStore::<String, Users, bank::] }",
            vec!["Users :: child_spec ()"],
        ),
        (
            "pub Bank { strategy: one_for_one, children: [Users, Metrics if config., Last] }",
            vec!["Users ::", "& Metrics :: child_spec", "& config", "Last :: child_spec ()"],
        ),
        (
            "pub Bank { strategy: one_for_one, children: [Users { rest }, Ledger { restart: }] }",
            vec!["Users :: child_spec ()", "Ledger :: child_spec ()"],
        ),
        (
            "pub Bank { strategy: one_for_one, children: [supervisor Web { stra }, supervisor] }",
            vec![". child_spec (\"Web\")"],
        ),
        ("pub Bank(config:) { strategy: one_for_one, children: [Users(config)] }", vec![]),
        ("pub Bank(con) { strategy: one_for_one, children: [] }", vec![]),
    ] {
        let output = text(input);
        let code = format(&output);
        for part in ["pub struct Bank;", "pub fn start_link(", "pub fn client()"] {
            assert!(code.contains(part), "{input}: no `{part}` in\n{code}");
        }
        for part in parts {
            assert!(output.to_string().contains(part), "{input}: no `{part}` in\n{code}");
        }
    }
}

#[test]
fn snapshot_of_unfinished_children() {
    let output = text(
        "pub Bank(config: Config) { strategy: one_for_one, children: [
            Users => 5, Ledger(config.path., 3), {Counter, 0}, Last(future.await),
            Metrics if config.
        ] }",
    );
    assert_eq!(error_count(&output), 5, "{output}");
    snapshot("supervisor_unfinished", &output);
}

#[test]
fn snapshot_of_faulty_parameters() {
    let output = text(
        "pub Bank(config: Config, text: &str, (a, b): (u8, u8)) {
            strategy: one_for_one, children: [Users(a)]
        }",
    );
    assert_eq!(error_count(&output), 2, "{output}");
    snapshot("supervisor_parameters", &output);
}

/// A supervisor with a bit of everything.
const EVERYTHING: &str = r#"
    /// Docs.
    pub(crate) Bank(config: Config, hosts: HashMap<String, u16>) {
        strategy: rest_for_one,
        max_restarts: 3,
        auto_shutdown: any_significant,
        backoff: 1.5s..config.longest,
        children: [
            Users,
            shop::Cart(config.path.join("x"), |a| a + 1) { id: "cart", shutdown: 10s },
            KvStore::<String, Vec<u8>>(hosts.len()) { significant: true, restart: transient },
            supervisor Web { strategy: one_for_all, children: [Router, Endpoint(config.port)] },
            #[cfg(feature = "metrics")]
            Metrics(&config) if config.metrics && hosts.len() < 3,
        ],
    }
"#;

/// Hands each token with its number to `edit`, inside of groups too.
fn edit(
    tokens: TokenStream,
    at: &mut usize,
    edit: &dyn Fn(usize, TokenTree, &mut Vec<TokenTree>),
) -> TokenStream {
    let mut edited = Vec::new();
    for token in tokens {
        let number = *at;
        *at += 1;
        let token = match token {
            TokenTree::Group(group) => {
                let content = self::edit(group.stream(), at, edit);
                TokenTree::Group(Group::new(group.delimiter(), content))
            }
            token => token,
        };
        edit(number, token, &mut edited);
    }
    edited.into_iter().collect()
}

#[test]
fn any_token_can_be_missing_or_be_followed_by_nonsense() {
    let tokens: TokenStream = EVERYTHING.parse().unwrap();
    let mut count = 0;
    edit(tokens.clone(), &mut count, &|_, token, edited| edited.push(token));
    assert_eq!(error_count(&supervisor(tokens.clone())), 0);
    for victim in 0..count {
        for nonsense in [None, Some('.'), Some(','), Some(':'), Some('<'), Some('=')] {
            let input = edit(tokens.clone(), &mut 0, &|number, token, edited| {
                if number != victim || nonsense.is_some() {
                    edited.push(token);
                }
                if let (true, Some(nonsense)) = (number == victim, nonsense) {
                    edited.push(Punct::new(nonsense, Spacing::Alone).into());
                }
            });
            let text = input.to_string();
            let output = supervisor(input);
            let code = syn::parse2::<syn::File>(output.clone());
            assert!(code.is_ok(), "{text}\nbecomes\n{output}");
            let name = 8; // docs, visibility and what is inside of them come before it
            let kept = output.to_string().contains("struct Bank ;");
            assert!(kept || victim <= name, "{text}\nbecomes\n{output}");
            let errors = error_count(&output);
            assert!(errors <= 3, "{errors} errors for one edit: {text}\nbecomes\n{output}");
        }
    }
}
