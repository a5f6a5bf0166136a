//! The options of `#[gen_server(..)]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::model::{Registered, Settings};
use crate::diag::Diags;
use crate::literal::{self, compact};
use crate::options::{Given, Key, Options, Table, Value, read, split_commas};

const TABLE: Table = Table {
    owner: "`#[gen_server]`",
    separator: '=',
    unknown: "OTP0301",
    twice: "OTP0302",
    keys: &[
        Key { name: "name", value: Value::Optional, help: "" },
        Key {
            name: "restart",
            value: Value::Required,
            help: "`restart = permanent`, `transient` or `temporary`",
        },
        Key {
            name: "shutdown",
            value: Value::Required,
            help: "`shutdown = 5s`, `infinity` or `brutal_kill`",
        },
        Key { name: "significant", value: Value::Optional, help: "" },
        Key { name: "trap_exit", value: Value::Optional, help: "" },
        Key { name: "debug", value: Value::Optional, help: "" },
        Key { name: "client", value: Value::Required, help: "`client = Name`" },
        Key { name: "request", value: Value::Required, help: "`request = Name`" },
        Key { name: "crate", value: Value::Required, help: "`crate = ::my_reexport::otp`" },
    ],
};

/// The options as far as they can be read before the functions are known.
pub(crate) struct Arguments {
    options: Options,
    pub(crate) settings: Settings,
}

impl Arguments {
    pub(crate) fn read(args: TokenStream, diags: &mut Diags) -> Arguments {
        let options = read(args, &TABLE, diags);
        let mut settings = Settings {
            otp: options.value("crate").and_then(|path| absolute(path, diags)),
            significant: flag(options.get("significant"), false, diags).is_some(),
            trap_exit: flag(options.get("trap_exit"), true, diags),
            debug: flag(options.get("debug"), false, diags)
                .and_then(|_| Some(options.get("debug")?.key.span())),
            client: options.get("client").and_then(|given| type_name(given, diags)),
            request: options.get("request").and_then(|given| type_name(given, diags)),
            ..Settings::default()
        };
        settings.restart =
            options.value("restart").and_then(|value| literal::restart(value, '=', diags));
        settings.shutdown =
            options.value("shutdown").and_then(|value| literal::shutdown(value, '=', diags));
        Arguments { options, settings }
    }

    /// The path of the library.
    pub(crate) fn otp(&self) -> TokenStream {
        self.settings.otp.clone().unwrap_or_else(|| quote!(::otp))
    }

    /// Reads the name; `parameters` are those of `#[init]`.
    pub(crate) fn name(&mut self, parameters: &[String], diags: &mut Diags) {
        let Some(given) = self.options.get("name") else { return };
        self.settings.name = match &given.value {
            None => Some(Registered::Type),
            Some(value) => registered(value, parameters, diags),
        };
    }
}

fn registered(value: &TokenStream, parameters: &[String], diags: &mut Diags) -> Option<Registered> {
    if let Ok(text) = syn::parse2::<syn::LitStr>(value.clone()) {
        return Some(Registered::Text(text));
    }
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    if let [TokenTree::Ident(via), TokenTree::Group(group)] = tokens.as_slice() {
        let key = split_commas(group.stream()).into_iter().nth(1);
        let key = key.and_then(|key| literal::word(&key));
        if let Some(key) = key.filter(|key| via == "via" && *key != "self") {
            if parameters.contains(&key.to_string()) {
                diags
                    .error(value, "OTP0309", "expected `name` or `name = \"text\"`")
                    .help("a name in a registry is given where the server is started");
            } else {
                let message = format!(
                    "`{key}` is not a parameter of `#[init]`, so the name cannot be computed \
                     from it"
                );
                let list: Vec<String> = parameters.iter().map(|it| format!("`{it}`")).collect();
                let help = format!("parameters are: {}", list.join(", "));
                diags.error(&key, "OTP0310", message).help(help);
            }
            return None;
        }
    }
    diags.error(value, "OTP0309", "expected `name` or `name = \"text\"`");
    None
}

/// A word without a value; `Some(false)` when `= false` may say so and does.
fn flag(given: Option<&Given>, may_be_false: bool, diags: &mut Diags) -> Option<bool> {
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
fn absolute(path: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
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
