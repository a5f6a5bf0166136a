//! `#[otp::main]` and `#[otp::test]`: an async body inside a runtime and a root process.
//!
//! The user's function is kept as it is, body unread, as an inner function: its return type gives
//! `?` and `return` their meaning, and an unfinished body survives.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Visibility};

use crate::diag::{Diags, did_you_mean};
use crate::literal::{self, Zero, compact};
use crate::options::{self, Key, Options, Table, Value};
use crate::tokens::is_nothing;

const FLAVORS: [&str; 2] = ["multi_thread", "current_thread"];
const FLAVOR_HELP: &str = "`multi_thread` or `current_thread`";
const FLAVOR: Key =
    Key { name: "flavor", value: Value::Required, help: "`flavor = current_thread`" };
const WORKERS: Key =
    Key { name: "worker_threads", value: Value::Required, help: "`worker_threads = 4`" };
const SHUTDOWN: Key = Key { name: "shutdown", value: Value::Required, help: "`shutdown = 10s`" };
const STOP_LIMIT: Key =
    Key { name: "stop_limit", value: Value::Required, help: "`stop_limit = 30s`" };
const PAUSED: Key = Key { name: "start_paused", value: Value::Optional, help: "" };
const TIMEOUT: Key = Key { name: "timeout", value: Value::Required, help: "`timeout = 5s`" };

const MAIN: Table = table("`#[otp::main]`", &[FLAVOR, WORKERS, SHUTDOWN, STOP_LIMIT]);
const TEST: Table = table("`#[otp::test]`", &[PAUSED, TIMEOUT, FLAVOR, WORKERS]);

const fn table(owner: &'static str, keys: &'static [Key]) -> Table {
    Table { owner, separator: '=', unknown: "OTP0301", twice: "OTP0302", keys }
}

/// A function whose body was not read.
struct Function {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Function {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input
                .parse::<TokenStream>()?
                .into_iter()
                .filter(|token| !is_nothing(token))
                .collect(),
        })
    }
}

/// The expansion of `#[otp::main]`.
pub(crate) fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    expand(args, item, Kind::Main)
}

/// The expansion of `#[otp::test]`.
pub(crate) fn test(args: TokenStream, item: TokenStream) -> TokenStream {
    expand(args, item, Kind::Test)
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Main,
    Test,
}

impl Kind {
    fn table(self) -> &'static Table {
        match self {
            Kind::Main => &MAIN,
            Kind::Test => &TEST,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Kind::Main => "`main`",
            Kind::Test => "a test",
        }
    }
}

fn expand(args: TokenStream, item: TokenStream, kind: Kind) -> TokenStream {
    let mut diags = Diags::new();
    let Ok(mut function) = syn::parse2::<Function>(item.clone()) else {
        let at = item.clone().into_iter().next();
        let message = format!("{} goes on an async function", kind.table().owner);
        diags.error(at, "OTP0601", message).help("write it above `async fn`");
        return diags.finish(item);
    };
    let runs = check_signature(&function.sig, kind, &mut diags);
    remove_second_attribute(&mut function.attrs, kind, &mut diags);
    let (app, args) = application(args, kind, &mut diags);
    let options = builder_calls(args, kind, &mut diags);
    let output = output(function, Run { options, app, kind, runs });
    diags.finish(output)
}

/// Reports what is wrong with the signature; `false` when the function cannot be called.
fn check_signature(sig: &Signature, kind: Kind, diags: &mut Diags) -> bool {
    if sig.asyncness.is_none() {
        let name = &sig.ident;
        diags
            .error(sig.fn_token, "OTP0601", "the `async` keyword is missing")
            .help(format!("write `async fn {name}()`"));
    }
    if !sig.inputs.is_empty() {
        let help = match kind {
            Kind::Main => "read arguments with `std::env::args()`",
            Kind::Test => "make the values inside the test",
        };
        let message = format!("{} takes no arguments", kind.noun());
        diags.error(&sig.inputs, "OTP0602", message).help(help);
    }
    if !sig.generics.params.is_empty() {
        diags
            .error(&sig.generics.params, "OTP0605", format!("{} cannot be generic", kind.noun()))
            .help("write a generic function beside it and call that with each type");
    }
    sig.inputs.is_empty() && sig.generics.params.is_empty()
}

/// Reports and removes attributes that would also run the function.
fn remove_second_attribute(attrs: &mut Vec<Attribute>, kind: Kind, diags: &mut Diags) {
    let word = match kind {
        Kind::Main => "main",
        Kind::Test => "test",
    };
    attrs.retain(|attr| {
        let same = attr.path().segments.last().is_some_and(|last| last.ident == word);
        if same {
            let (path, owner) = (compact(&attr.path().to_token_stream()), kind.table().owner);
            let message = format!("this is already a {word}: `#[{path}]` would run it twice");
            diags
                .error(attr, "OTP0603", message)
                .help(format!("remove `#[{path}]`, {owner} is enough"));
        }
        !same
    });
}

/// The options as calls on the options builder.
fn builder_calls(pieces: Vec<TokenStream>, kind: Kind, diags: &mut Diags) -> TokenStream {
    let options = options::read_pieces(pieces, kind.table(), diags);
    let mut calls = TokenStream::new();
    if let Some(flavor) = flavor(&options, diags) {
        calls.extend(quote!(.flavor(::otp::__private::Flavor::#flavor)));
    }
    if let Some(count) = workers(&options, diags) {
        calls.extend(quote!(.worker_threads(#count)));
    }
    if let Some(value) = options.value("shutdown") {
        let duration = literal::duration(value, Zero::Allowed, diags);
        let duration = duration.map(literal::duration_tokens);
        calls.extend(duration.map(|duration| quote!(.shutdown(#duration))));
    }
    if let Some(value) = options.value("stop_limit") {
        let duration = literal::duration(value, Zero::Refused, diags);
        let duration = duration.map(literal::duration_tokens);
        calls.extend(duration.map(|duration| quote!(.stop_limit(#duration))));
    }
    if let Some(paused) = paused(&options, diags) {
        calls.extend(quote!(.start_paused(#paused)));
    }
    if let Some(value) = options.value("timeout") {
        let duration = literal::duration(value, Zero::Refused, diags);
        let duration = duration.map(literal::duration_tokens);
        calls.extend(duration.map(|duration| quote!(.timeout(#duration))));
    }
    calls
}

/// Takes the application out of the arguments; a test has none, and `main` has one.
fn application(
    args: TokenStream,
    kind: Kind,
    diags: &mut Diags,
) -> (Option<TokenStream>, Vec<TokenStream>) {
    let (apps, options): (Vec<TokenStream>, Vec<TokenStream>) = options::split_commas(args)
        .into_iter()
        .partition(|piece| is_application(piece, kind.table()));
    let mut apps = apps.into_iter();
    let first = apps.next();
    match (kind, &first) {
        (Kind::Test, Some(app)) => report_path(app, kind.table(), diags),
        (Kind::Main, Some(app)) => {
            let first = compact(app);
            for more in apps {
                let more_text = compact(&more);
                let message = format!("`#[otp::main]` starts one application, `{first}`");
                diags.error(&more, "OTP0302", message).help(format!(
                    "make `{more_text}` a dependency of `{first}` with `AppSpec::depends_on`"
                ));
            }
        }
        (_, None) => {}
    }
    (first.filter(|_| kind == Kind::Main), options)
}

/// Whether an argument is a value, such as `App` or `App::new()`, and not an option.
fn is_application(piece: &TokenStream, table: &Table) -> bool {
    let first = piece.clone().into_iter().next();
    let names: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
    let is_alone = syn::parse2::<Ident>(piece.clone()).is_ok();
    if let Some(TokenTree::Ident(ident)) = first {
        let word = ident.to_string();
        let lower_case = !word.starts_with(char::is_uppercase);
        let is_option = names.contains(&word.as_str());
        let mistyped = is_alone && (lower_case || did_you_mean(&word, &names).is_some());
        if is_option || mistyped {
            return false;
        }
    }
    let expression = syn::parse2::<syn::Expr>(piece.clone());
    expression.is_ok_and(|it| !matches!(it, syn::Expr::Assign(_) | syn::Expr::Lit(_)))
}

/// Reports `#[otp::test(App)]`.
fn report_path(piece: &TokenStream, table: &Table, diags: &mut Diags) {
    let shown = compact(piece);
    let names: Vec<String> = table.keys.iter().map(|key| format!("`{}`", key.name)).collect();
    let message = format!("{} takes options, found `{shown}`", table.owner);
    diags
        .error(piece, "OTP0301", message)
        .help(format!("options are {}; start `{shown}` in the body", names.join(", ")));
}

fn flavor(options: &Options, diags: &mut Diags) -> Option<Ident> {
    let value = options.value("flavor")?;
    let word = literal::word(value).map(|word| word.to_string()).unwrap_or_default();
    let meant = FLAVORS.iter().find(|flavor| !word.is_empty() && flavor.starts_with(&word));
    let index = match meant {
        Some(meant) if *meant != word => {
            let message = format!("unknown flavor `{word}`; did you mean `{meant}`?");
            diags.error(value, "OTP0604", message).help(FLAVOR_HELP);
            return None;
        }
        _ => literal::choice(value, ("flavor", '='), &FLAVORS, ("OTP0604", FLAVOR_HELP), diags)?,
    };
    let variant = ["MultiThread", "CurrentThread"][index];
    Some(quote::format_ident!("{variant}"))
}

fn is_flavor(options: &Options, flavor: &str) -> bool {
    let word = options.value("flavor").and_then(literal::word);
    word.is_some_and(|word| word == flavor)
}

fn workers(options: &Options, diags: &mut Diags) -> Option<usize> {
    let given = options.get("worker_threads")?;
    let value = given.value.as_ref()?;
    if is_flavor(options, "current_thread") {
        diags
            .error(&given.key, "OTP0604", "the flavor `current_thread` has no worker threads")
            .help("remove `worker_threads`, or write `flavor = multi_thread`");
        return None;
    }
    let number = syn::parse2::<syn::LitInt>(value.clone());
    let count = number.ok().and_then(|number| number.base10_parse::<usize>().ok());
    let count = count.filter(|count| *count > 0);
    if count.is_none() {
        let found = compact(value);
        let message = format!("`worker_threads` is a whole number from 1, found `{found}`");
        diags.error(value, "OTP0303", message).help(WORKERS.help);
    }
    count
}

fn paused(options: &Options, diags: &mut Diags) -> Option<bool> {
    let given = options.get("start_paused")?;
    let paused = match &given.value {
        Some(value) => literal::boolean(value, "start_paused", diags)?,
        None => true,
    };
    if paused && is_flavor(options, "multi_thread") {
        diags
            .error(&given.key, "OTP0604", "time cannot be paused in the flavor `multi_thread`")
            .help("remove `start_paused`, or write `flavor = current_thread`");
        return None;
    }
    Some(paused)
}

/// What is known of how the function is run.
struct Run {
    options: TokenStream,
    app: Option<TokenStream>,
    kind: Kind,
    /// Whether it can be called at all.
    runs: bool,
}

/// The function that rustc runs, with the user's function inside.
fn output(function: Function, run: Run) -> TokenStream {
    let Run { options, app, kind, runs } = run;
    let Function { attrs, vis, mut sig, body } = function;
    sig.asyncness.get_or_insert_with(Default::default);
    let name = &sig.ident;
    if !runs {
        let test = (kind == Kind::Test).then(|| quote!(#[::core::prelude::v1::test]));
        return quote! {
            #test
            #(#attrs)*
            #vis fn #name() {
                #[allow(dead_code, clippy::unused_async)]
                #sig #body
            }
        };
    }
    // The user's span: a body that is not `Send` is reported at the user's function.
    let call = quote_spanned!(name.span()=> #name());
    let at = match &sig.output {
        syn::ReturnType::Type(_, ty) => ty.to_token_stream().into_iter().next(),
        syn::ReturnType::Default => None,
    };
    let at = at.map_or_else(Span::call_site, |token| token.span().resolved_at(Span::call_site()));
    let returned = quote_spanned!(at=> _);
    match kind {
        Kind::Main => {
            let options = quote!(::otp::__private::MainOptions::new()#options);
            let run = match app {
                Some(app) => {
                    // The user's span: what is no application is reported there.
                    let first = app.to_token_stream().into_iter().next();
                    let at = first.map_or_else(Span::call_site, |token| token.span());
                    let ty = quote_spanned!(at.resolved_at(Span::call_site())=> _);
                    let types = quote!(#ty, _, #returned);
                    quote!(::otp::__private::run_application::<#types>(#options, #app, #call))
                }
                None => quote!(::otp::__private::run_main::<_, #returned>(#options, #call)),
            };
            quote! {
                #(#attrs)*
                #vis fn #name() -> ::std::process::ExitCode {
                    #[allow(clippy::unused_async)]
                    #sig #body
                    #run
                }
            }
        }
        Kind::Test => {
            let text = syn::ext::IdentExt::unraw(name).to_string();
            quote! {
                #[::core::prelude::v1::test]
                #(#attrs)*
                #vis fn #name() {
                    #[allow(clippy::unused_async)]
                    #sig #body
                    ::otp::__private::run_test::<_, #returned>(
                        ::otp::__private::TestOptions::new(#text)#options,
                        #call,
                    );
                }
            }
        }
    }
}
