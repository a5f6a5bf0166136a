//! Checking the entries of `children`.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, PathArguments, Token};

use super::check::{self, CHILD, Given, NESTED, attribute_name, is_cfg};
use super::model::{Child, Entry, Settings, Start};
use super::order::{self, Node};
use super::parse::{self, RawChild, RawEntry};
use crate::diag::Diags;
use crate::literal::{self, Restart, Shutdown, compact};
use crate::tokens::{find_await, is_punct, leading_place, split_commas, stream};

/// What tells the children of one supervisor apart.
#[derive(PartialEq)]
enum Id {
    /// The type's path.
    Type(String),
    /// A text.
    Text(String),
}

/// The ids given so far, and whether the child is there only sometimes.
type Ids = Vec<(Id, bool)>;

/// Checks the content of `children`; `stops_itself` is whether `significant` has an effect.
pub(super) fn check(list: TokenStream, stops_itself: bool, diags: &mut Diags) -> Vec<Entry> {
    let (mut ids, mut nodes) = (Ids::new(), Vec::new());
    let before = diags.count();
    let raw = parse::entries(list, diags).into_iter();
    let entries = raw
        .map(|entry| match entry {
            RawEntry::Broken(path) => probe(Some(path), Vec::new()),
            RawEntry::Child(raw) => child(raw, stops_itself, (&mut ids, &mut nodes), diags),
        })
        .collect();
    // A child that could not be read may be the one that is needed.
    if diags.count() == before {
        order::check(&nodes, diags);
    }
    entries
}

/// Keeps the readable parts of an entry that was reported.
fn probe(path: Option<TokenStream>, places: Vec<TokenStream>) -> Entry {
    let path = path.filter(|path| !path.is_empty()).map(|path| quote!(#path::child_spec));
    Entry::Probe(path.into_iter().chain(places).collect())
}

fn child(
    mut raw: RawChild,
    stops_itself: bool,
    (ids, nodes): (&mut Ids, &mut Vec<Node>),
    diags: &mut Diags,
) -> Entry {
    let cfgs = cfgs(&raw, diags);
    without_start_function(&mut raw, diags);
    let sometimes = raw.condition.is_some() || !cfgs.is_empty();
    let mut places = Vec::new();
    let condition =
        raw.condition.take().and_then(|condition| self::condition(condition, &mut places, diags));
    let nested = nested_name(&raw);
    let table = if nested.is_some() { &NESTED } else { &CHILD };
    let braces = raw.braces.as_ref().map(Group::stream).unwrap_or_default();
    let before = diags.count();
    let given = Given::read(braces, table, diags);
    // `Counter { value: 0 }`: what is wrong with the braces says it all.
    let is_literal = diags.count() > before && raw.supervisor.is_none() && is_struct_literal(&raw);
    let is_supervisor = raw.supervisor.is_some();
    let settings = settings(&given, (is_supervisor, nested.is_some(), stops_itself), diags);
    let start = match nested {
        Some(name) => {
            let owner = format!("`{name}`");
            let tree = check::tree(&given, (&owner, name.span()), diags);
            Some(Start::Nested { name, tree })
        }
        None => path_start(&raw, &mut places, diags),
    };
    nodes.push(order::node(&raw, start.as_ref(), &given, diags));
    report_duplicate(&raw, start.as_ref(), &given, sometimes, ids, diags);
    match start {
        Some(Start::Path { path, .. }) if is_literal => probe(Some(path), places),
        Some(start) if places.is_empty() => {
            Entry::Child(Box::new(Child { cfgs, start, settings, condition }))
        }
        Some(Start::Path { path, .. }) => probe(Some(path), places),
        Some(Start::Nested { .. }) => probe(None, places),
        None => probe(expression_path(&raw.path), places),
    }
}

/// The `#[cfg(..)]` of an entry; docs are left out, anything else is reported.
fn cfgs(raw: &RawChild, diags: &mut Diags) -> TokenStream {
    let mut cfgs = TokenStream::new();
    for attr in &raw.attrs {
        if is_cfg(attr) {
            cfgs.extend(attr.clone());
        } else if attribute_name(attr).is_none_or(|name| name != "doc") {
            diags
                .error(attr, "OTP0407", "a child takes no attribute but `#[cfg(..)]`")
                .help("write options in braces: `Counter(0) { restart: transient }`");
        }
    }
    cfgs
}

/// The expression after `if`. What is readable of an unfinished one goes to `places`.
fn condition(
    (word, tokens): (Ident, TokenStream),
    places: &mut Vec<TokenStream>,
    diags: &mut Diags,
) -> Option<TokenStream> {
    if let Some(found) = find_await(tokens.clone()) {
        report_await(&found, diags);
        places.push(quote!(()));
        return None;
    }
    if Expr::parse_without_eager_brace.parse2(tokens.clone()).is_ok() {
        // `return` would take the block behind it.
        let stands_alone = syn::parse2::<Expr>(quote!(if #tokens {})).is_ok();
        return Some(if stands_alone { tokens } else { quote!((#tokens)) });
    }
    let at = if tokens.is_empty() { word.into_token_stream() } else { tokens.clone() };
    let message = "the condition after `if` is unfinished or not an expression";
    diags.error(at, "OTP0407", message).help("write `Metrics if config.metrics`");
    let tokens: Vec<_> = tokens.into_iter().collect();
    places.extend(leading_place(&tokens).or(Some(quote!(()))));
    None
}

/// The name of a supervisor written in place: `supervisor Web { children: [..] }`.
///
/// `supervisor Web(1) { .. }` and `supervisor Web { restart: transient }` name a supervisor that is
/// written elsewhere.
fn nested_name(raw: &RawChild) -> Option<Ident> {
    raw.supervisor.as_ref()?;
    let braces = raw.braces.as_ref()?;
    if raw.args.is_some() {
        return None;
    }
    let name = syn::parse2::<Ident>(raw.path.clone()).ok()?;
    let pieces = split_commas(braces.stream());
    let is_child_option = |piece: &Vec<proc_macro2::TokenTree>| {
        CHILD.keys.iter().any(|key| piece[0].to_string() == key.name)
    };
    let elsewhere = !pieces.is_empty() && pieces.iter().all(is_child_option);
    (!elsewhere).then_some(name)
}

/// Whether the child is written like a value of its type, with fields that are no options.
fn is_struct_literal(raw: &RawChild) -> bool {
    let Some(braces) = raw.braces.as_ref().filter(|_| raw.args.is_none()) else { return false };
    let is_field = |piece: &Vec<proc_macro2::TokenTree>| {
        let is_option = CHILD.keys.iter().any(|key| piece[0].to_string() == key.name);
        !is_option && is_punct(piece.get(1), ':')
    };
    split_commas(braces.stream()).iter().all(is_field)
}

/// Reports `Counter::start_link(0)` and goes on with `Counter(0)`.
fn without_start_function(raw: &mut RawChild, diags: &mut Diags) {
    const WORDS: [&str; 5] = ["child_spec", "start_link", "start", "new", "init"];
    let tokens: Vec<proc_macro2::TokenTree> = raw.path.clone().into_iter().collect();
    let [before @ .., _, _, last] = tokens.as_slice() else { return };
    if before.is_empty() || WORDS.iter().all(|word| last.to_string() != *word) {
        return;
    }
    raw.path = stream(before);
    let args = raw.args.as_ref().map(|args| args.to_string()).unwrap_or_default();
    let help = format!("write the type and its arguments: `{}{args}`", compact(&raw.path));
    diags.error(last, "OTP0407", format!("`{last}` is called by the supervisor")).help(help);
}

/// `Path::child_spec(args)`; `None` when the arguments cannot be used.
fn path_start(raw: &RawChild, places: &mut Vec<TokenStream>, diags: &mut Diags) -> Option<Start> {
    let path = expression_path(&raw.path)?;
    let shown = compact(&raw.path);
    let Some(args) = &raw.args else {
        let span = raw.path.clone().into_iter().last().map_or_else(Span::call_site, |it| it.span());
        let mut args = Group::new(Delimiter::Parenthesis, TokenStream::new());
        args.set_span(span);
        return Some(Start::Path { path, args });
    };
    if let Some(found) = find_await(args.stream()) {
        report_await(&found, diags);
        return None;
    }
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let Err(error) = parser.parse2(args.stream()) else {
        return Some(Start::Path { path, args: args.clone() });
    };
    let mut reported = false;
    for piece in split_commas(args.stream()) {
        if syn::parse2::<Expr>(stream(&piece)).is_err() {
            let message = format!("this argument of `{shown}` is unfinished or not an expression");
            diags
                .error(stream(&piece), "OTP0407", message)
                .help("complete it, or remove it with its `,`");
            places.extend(leading_place(&piece));
            reported = true;
        }
    }
    if !reported {
        let message = format!("the arguments of `{shown}` cannot be read: {error}");
        diags.error(args, "OTP0407", message).help(format!("write `{shown}(first, second)`"));
    }
    None
}

/// The path as it is written in an expression: `KvStore<u32>` becomes `KvStore::<u32>`.
fn expression_path(path: &TokenStream) -> Option<TokenStream> {
    let mut path = syn::parse2::<syn::Path>(path.clone()).ok()?;
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            arguments.colon2_token.get_or_insert_with(Default::default);
        }
    }
    Some(path.into_token_stream())
}

fn report_await(found: &Ident, diags: &mut Diags) {
    let message = "child arguments are computed before the child starts, so they cannot wait";
    diags
        .error(found, "OTP0418", message)
        .help("do the waiting before the supervisor starts or in the child's `#[handle_continue]`");
}

/// Reads the child's options; the flags are: is a supervisor, is written in place, and whether
/// the supervisor above stops itself after a significant child.
fn settings(given: &Given, flags: (bool, bool, bool), diags: &mut Diags) -> Settings {
    let (is_supervisor, nested, stops_itself) = flags;
    let mut settings = Settings::default();
    for (name, slot) in [("id", &mut settings.id), ("name", &mut settings.name)] {
        *slot = given.tokens(name).and_then(|(_, value)| check::expression(value, name, diags));
    }
    let restart = given.word("restart", diags);
    if let Some((_, value)) = &restart {
        settings.restart = literal::restart(value, ':', diags);
    }
    if let Some((_, value)) = given.word("shutdown", diags) {
        settings.shutdown = literal::shutdown(&value, ':', diags);
        if is_supervisor && !matches!(settings.shutdown, None | Some(Shutdown::Infinity)) {
            let message = "a supervisor child needs `shutdown: infinity`, otherwise it can be \
                           killed while its own children still run";
            diags
                .error(value, "OTP0413", message)
                .help("remove the option, `infinity` is the default here");
        }
    }
    if let Some((key, value)) = given.word("significant", diags) {
        settings.significant = literal::boolean(&value, "significant", diags);
        let significant = settings.significant == Some(true);
        let permanent = match &restart {
            Some((_, at)) => (settings.restart == Some(Restart::Permanent)).then(|| at.clone()),
            None => (nested && !given.tried("restart")).then(|| value.clone()),
        };
        if let Some(at) = permanent.filter(|_| significant) {
            let message = "a `permanent` child cannot be `significant`: it never ends for good";
            diags
                .error(at, "OTP0411", message)
                .help("use `restart: transient` or `restart: temporary`");
        }
        if significant && !stops_itself {
            let message = "`significant` has no effect while `auto_shutdown` is `never`";
            diags
                .error(key, "OTP0412", message)
                .help("add `auto_shutdown: any_significant` to the supervisor");
        }
    }
    settings
}

/// Reports a child that cannot be told from an earlier one. Two children that are both there only
/// sometimes may exclude each other; that is found when the supervisor starts.
fn report_duplicate(
    raw: &RawChild,
    start: Option<&Start>,
    given: &Given,
    sometimes: bool,
    ids: &mut Ids,
    diags: &mut Diags,
) {
    let path = compact(&raw.path);
    let (id, at) = match (given.tokens("id"), start) {
        (Some((_, value)), _) => match syn::parse2::<syn::LitStr>(value.clone()) {
            Ok(text) => (Id::Text(text.value()), value.clone()),
            Err(_) => return,
        },
        (None, _) if given.tried("id") => return,
        (None, Some(Start::Nested { name, .. })) => (Id::Text(name.to_string()), raw.path.clone()),
        (None, _) => (Id::Type(path.replace("::<", "<")), raw.path.clone()),
    };
    let twice = ids.iter().any(|(other, conditional)| *other == id && !(*conditional && sometimes));
    // An unfinished child has a report already, and its id may be what comes next.
    if twice && start.is_some() {
        let (Id::Type(shown) | Id::Text(shown)) = &id;
        let message = format!(
            "duplicate child id `{shown}`: two children of one supervisor need different ids"
        );
        let args = raw.args.as_ref().map(|args| compact(&args.to_token_stream()));
        let args = args.unwrap_or_default();
        let kind = if matches!(start, Some(Start::Nested { .. })) { "supervisor " } else { "" };
        diags
            .error(at, "OTP0404", message)
            .help(format!("give this one an id: `{kind}{path}{args} {{ id: \"second\" }}`"));
        return;
    }
    ids.push((id, sometimes));
}
