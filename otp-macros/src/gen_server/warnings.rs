//! What compiles but is probably not meant.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;

use super::model::{Handler, Server};
use super::roles::{Found, Role, Roles, attributes};
use crate::diag::Diags;
use crate::sig::ImplBlock;

/// The methods of every client and how many arguments they take.
const METHODS: [(&str, usize); 11] = [
    ("pid", 0),
    ("is_alive", 0),
    ("server", 0),
    ("send", 1),
    ("stop", 0),
    ("call", 1),
    ("cast", 1),
    ("try_cast", 1),
    ("cast_wait", 1),
    ("recipient", 0),
    ("monitor", 0),
];

/// Adds the warnings of a server without faults.
pub(crate) fn warn(server: &Server, block: &ImplBlock, roles: &Roles<'_>, diags: &mut Diags) {
    for handler in &server.handlers {
        hidden_method(handler, block, diags);
    }
    for found in &roles.found {
        receives(found, diags);
    }
    let terminate = roles.found.iter().find(|found| found.role == Role::Terminate);
    let Some(terminate) = terminate else { return };
    let traps = |function: &crate::sig::ImplFn| function.body.to_string().contains("trap_exit");
    if server.options.trap_exit.is_some() || block.functions().any(traps) {
        return;
    }
    let name = &terminate.function.sig.ident;
    let message = format!(
        "`{name}` does not run when a supervisor stops this server: it does not trap exits"
    );
    let allow = attributes(&terminate.function.attrs, &["allow"]);
    diags
        .warn(name, "OTP0229", message, allow)
        .help("write `#[gen_server(trap_exit)]`, or `trap_exit = false` if that is meant");
}

/// Warns about a `receive!` that runs in the server's own process.
fn receives(found: &Found<'_>, diags: &mut Diags) {
    let Some(word) = receive(found.function.body.clone()) else { return };
    let allow = attributes(&found.function.attrs, &["allow"]);
    let message = "`receive!` panics in a server, whose messages go to its handlers";
    diags
        .warn(word, "OTP0232", message, allow)
        .help("write `#[handle_info] fn ping(&mut self, message: Ping)` and receive it there");
}

/// The word of a `receive!` outside of blocks that may run in another process.
fn receive(tokens: TokenStream) -> Option<Ident> {
    let mut elsewhere = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "async" || word == "move" => elsewhere = true,
            TokenTree::Ident(word) if word == "receive" && !elsewhere => {
                let next = tokens.peek();
                if matches!(next, Some(TokenTree::Punct(it)) if it.as_char() == '!') {
                    return Some(word);
                }
            }
            TokenTree::Punct(bar) if bar.as_char() == '|' => elsewhere = true,
            TokenTree::Punct(end) if end.as_char() == ';' => elsewhere = false,
            TokenTree::Group(group) if !elsewhere => {
                let found = receive(group.stream());
                if found.is_some() {
                    return found;
                }
            }
            _ => {}
        }
    }
    None
}

fn hidden_method(handler: &Handler, block: &ImplBlock, diags: &mut Diags) {
    let name = &handler.callback.name;
    let is_same =
        |(method, count): &&(&str, usize)| name == method && *count == handler.fields.len();
    if METHODS.iter().find(is_same).is_none() {
        return;
    }
    let function = block.functions().find(|function| function.sig.ident == *name);
    let allow = function.map(|function| attributes(&function.attrs, &["allow"]));
    diags
        .warn(
            name,
            "OTP0228",
            format!("`{name}` hides `ServerRef::{name}` on the client"),
            allow.to_token_stream(),
        )
        .help(format!("rename, or keep it and call `client.server().{name}(..)`"));
}
