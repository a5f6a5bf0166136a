//! The options of `#[gen_server(..)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::mailbox;
use super::model::{Registered, Settings};
use crate::diag::Diags;
use crate::literal::{self, Zero, compact};
use crate::options::{Given, Key, Options, Table, Value, read, read_pieces};
use crate::via;

const NAME: Key = Key { name: "name", value: Value::Optional, help: "" };
const RESTART: Key = Key {
    name: "restart",
    value: Value::Required,
    help: "`restart = permanent`, `transient` or `temporary`",
};
const SHUTDOWN: Key = Key {
    name: "shutdown",
    value: Value::Required,
    help: "`shutdown = 5s`, `infinity` or `brutal_kill`",
};
const SIGNIFICANT: Key = Key { name: "significant", value: Value::Optional, help: "" };
const TRAP_EXIT: Key = Key { name: "trap_exit", value: Value::Optional, help: "" };
const DEBUG: Key = Key { name: "debug", value: Value::Optional, help: "" };
const MAILBOX: Key = Key {
    name: "mailbox",
    value: Value::List,
    help: "`mailbox(capacity = 100)`; `full` and `calls` say what happens at the limit",
};
const HIBERNATE_AFTER: Key =
    Key { name: "hibernate_after", value: Value::Required, help: "`hibernate_after = 5s`" };
const HANDOFF: Key = Key { name: "handoff", value: Value::Optional, help: "" };
const CLIENT: Key = Key { name: "client", value: Value::Required, help: "`client = Name`" };
const REQUEST: Key = Key { name: "request", value: Value::Required, help: "`request = Name`" };
const CRATE: Key =
    Key { name: "crate", value: Value::Required, help: "`crate = ::my_reexport::otp`" };

const ATTRIBUTE: Table = table(
    "`#[gen_server]`",
    &[
        NAME,
        RESTART,
        SHUTDOWN,
        SIGNIFICANT,
        TRAP_EXIT,
        DEBUG,
        MAILBOX,
        HIBERNATE_AFTER,
        HANDOFF,
        CLIENT,
        REQUEST,
        CRATE,
    ],
);
const DERIVE: Table =
    table("`#[server]`", &[NAME, RESTART, SHUTDOWN, SIGNIFICANT, TRAP_EXIT, CRATE]);

const fn table(owner: &'static str, keys: &'static [Key]) -> Table {
    Table { owner, separator: '=', unknown: "OTP0301", twice: "OTP0302", keys }
}

/// The options as far as they can be read before the functions are known.
pub(crate) struct Arguments {
    options: Options,
    pub(crate) settings: Settings,
}

impl Arguments {
    pub(crate) fn read(args: TokenStream, diags: &mut Diags) -> Arguments {
        let options = read(args, &ATTRIBUTE, diags);
        let mut settings = shared(&options, diags);
        settings.debug = flag(options.get("debug"), false, diags)
            .and_then(|_| Some(options.get("debug")?.key.span()));
        settings.client = options.get("client").and_then(|given| type_name(given, diags));
        settings.request = options.get("request").and_then(|given| type_name(given, diags));
        settings.handoff = flag(options.get("handoff"), true, diags);
        settings.mailbox = options.get("mailbox").and_then(|given| mailbox::read(given, diags));
        settings.hibernate_after = options
            .value("hibernate_after")
            .and_then(|value| literal::duration(value, Zero::Refused, diags));
        Arguments { options, settings }
    }

    /// The path of the library.
    pub(crate) fn otp(&self) -> TokenStream {
        self.settings.otp()
    }

    /// Reads the name; `parameters` are those of `#[init]`.
    pub(crate) fn name(&mut self, parameters: &[String], diags: &mut Diags) {
        let Some(given) = self.options.get("name") else { return };
        self.settings.name = match &given.value {
            None => Some(Registered::Type),
            Some(value) => registered(value, Some(parameters), diags),
        };
    }
}

/// Reads the options of the `#[server(..)]` attributes beside a derive, cut at their commas.
pub(crate) fn derived(pieces: Vec<TokenStream>, diags: &mut Diags) -> Settings {
    let options = read_pieces(pieces, &DERIVE, diags);
    let mut settings = shared(&options, diags);
    settings.name = options.get("name").and_then(|given| match &given.value {
        None => Some(Registered::Type),
        Some(value) => registered(value, None, diags),
    });
    settings
}

/// Reports a `#[server]` that is not followed by a list.
pub(crate) fn no_list(meta: &syn::Meta, diags: &mut Diags) {
    let found = compact(&meta.to_token_stream());
    diags
        .error(meta, DERIVE.unknown, format!("expected `server(..)`, found `{found}`"))
        .help("write the options in parentheses: `#[server(restart = transient)]`");
}

/// The options that every server has, but for its name.
fn shared(options: &Options, diags: &mut Diags) -> Settings {
    Settings {
        otp: options.value("crate").and_then(|path| absolute(path, diags)),
        restart: options.value("restart").and_then(|value| literal::restart(value, '=', diags)),
        shutdown: options.value("shutdown").and_then(|value| literal::shutdown(value, '=', diags)),
        significant: flag(options.get("significant"), false, diags).is_some(),
        trap_exit: flag(options.get("trap_exit"), true, diags),
        ..Settings::default()
    }
}

impl Settings {
    /// The path of the library.
    pub(crate) fn otp(&self) -> TokenStream {
        self.otp.clone().unwrap_or_else(|| quote!(::otp))
    }

    /// The value of `OPTIONS`; `otp` is the path of the library.
    pub(crate) fn tokens(&self, otp: &TokenStream) -> TokenStream {
        let mut calls = TokenStream::new();
        if let Some(restart) = self.restart {
            let restart = restart.tokens(otp);
            calls.extend(quote!(.restart(#restart)));
        }
        if let Some(shutdown) = self.shutdown {
            let shutdown = shutdown.tokens(otp);
            calls.extend(quote!(.shutdown(#shutdown)));
        }
        if self.significant {
            calls.extend(quote!(.significant(true)));
        }
        if self.trap_exit == Some(true) {
            calls.extend(quote!(.trap_exit(true)));
        }
        if self.handoff == Some(false) {
            calls.extend(quote!(.handoff(false)));
        }
        if let Some(mailbox) = self.mailbox {
            let mailbox = mailbox.tokens(otp);
            calls.extend(quote!(.mailbox(#mailbox)));
        }
        if let Some(idle) = self.hibernate_after {
            let idle = literal::duration_tokens(idle);
            calls.extend(quote!(.hibernate_after(#idle)));
        }
        quote!(#otp::ServerOptions::new() #calls)
    }
}

impl Registered {
    /// The name as an expression in an `impl` of the server.
    pub(crate) fn tokens(&self, otp: &TokenStream) -> TokenStream {
        match self {
            Registered::Type => quote!(#otp::Name::of::<Self>()),
            Registered::Text(text) => {
                quote!(<#otp::Name as ::core::convert::From<&'static str>>::from(#text))
            }
            Registered::Via(via) => via.tokens(otp),
        }
    }
}

/// Reads the value of `name`; `parameters` are those of `#[init]`, if there is one.
fn registered(
    value: &TokenStream,
    parameters: Option<&[String]>,
    diags: &mut Diags,
) -> Option<Registered> {
    if let Ok(text) = syn::parse2::<syn::LitStr>(value.clone()) {
        return Some(Registered::Text(text));
    }
    let Some(parameters) = parameters else {
        let diag = diags.error(value, "OTP0309", "expected `name` or `name = \"text\"`");
        if via::read(value).is_some() {
            diag.help("a name in a registry is given where the server is started");
        } else {
            diag.help(name_help(value));
        }
        return None;
    };
    let Some(via) = via::read(value) else {
        let message = "expected `name`, `name = \"text\"` or `name = via(Registry, key)`";
        diags.error(value, "OTP0309", message).help(name_help(value));
        return None;
    };
    // A single word is a parameter, or a constant.
    let key = literal::word(&via.key).filter(|key| !is_constant(key));
    if let Some(key) = key.filter(|key| !parameters.contains(&key.to_string())) {
        let message = format!(
            "`{key}` is not a parameter of `#[init]`, so the name cannot be computed from it"
        );
        let list: Vec<String> = parameters.iter().map(|it| format!("`{it}`")).collect();
        let diag = diags.error(&key, "OTP0310", message);
        if !list.is_empty() {
            diag.help(format!("parameters are: {}", list.join(", ")));
        }
        return None;
    }
    Some(Registered::Via(via))
}

/// What to write instead of a value that is no name.
fn name_help(value: &TokenStream) -> String {
    let found = literal::word(value).filter(|word| word != "__MODULE__");
    let text = found.map_or_else(|| "text".to_owned(), |word| word.to_string());
    format!("write `name` alone for the name of the type, or `name = \"{text}\"`")
}

fn is_constant(word: &Ident) -> bool {
    word.to_string().chars().all(|letter| letter.is_uppercase() || !letter.is_alphabetic())
}

/// A word without a value; `Some(false)` when `= false` may say so and does.
pub(crate) fn flag(given: Option<&Given>, may_be_false: bool, diags: &mut Diags) -> Option<bool> {
    let given = given?;
    let Some(value) = &given.value else { return Some(true) };
    let is_false = literal::word(value).is_some_and(|word| word == "false");
    if is_false && may_be_false {
        return Some(false);
    }
    let key = &given.key;
    diags
        .error(value, "OTP0313", format!("`{key}` takes no value"))
        .help(format!("write `{key}` alone, or leave it out"));
    Some(!is_false)
}

fn type_name(given: &Given, diags: &mut Diags) -> Option<Ident> {
    let value = given.value.as_ref()?;
    let key = &given.key;
    if let Some(word) = literal::word(value) {
        return Some(word);
    }
    if let Ok(text) = syn::parse2::<syn::LitStr>(value.clone()) {
        diags
            .error(value, "OTP0311", "options are words, not strings")
            .help(format!("write `{key} = {}`", text.value()));
        return None;
    }
    let message = format!("`{key}` needs the name of a type, found `{}`", compact(value));
    diags.error(value, "OTP0303", message).help(format!("`{key} = Name`"));
    None
}

/// The path when it means the same wherever the generated code stands.
pub(crate) fn absolute(path: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
    let first = path.clone().into_iter().next().map(|token| token.to_string());
    let is_absolute = matches!(first.as_deref(), Some(":" | "crate" | "$"));
    if is_absolute && syn::parse2::<syn::Path>(path.clone()).is_ok() {
        return Some(path.clone());
    }
    diags
        .error(path, "OTP0312", "the path must be absolute")
        .help("write `crate = ::my_reexport::otp` or `crate = crate::otp`");
    None
}
