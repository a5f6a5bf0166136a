//! From the block as read to the model; every fault of a signature is found here.
//!
//! A function with a fault is not called by the expansion, but its client method stays, so that
//! other code that calls it has no second error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

use super::model::{Callback, Continue, Handler, Info, Init, Kind, Server, Stub};
use super::params::{self, Param, ParamKind};
use super::returns;
use super::roles::{Found, Role, Roles, attributes, has_cfg};
use super::types::{is_named, is_plain_value, is_unit, last_segment, without_self};
use crate::diag::Diags;
use crate::literal::compact;

/// Checks every function with a role and adds it to the server.
pub(crate) fn functions(server: &mut Server, roles: &Roles<'_>, diags: &mut Diags) {
    for found in &roles.found {
        let before = diags.count();
        let params = params::read(found, &server.self_ty, diags);
        let mut check = Check { server: &mut *server, found, params, diags: &mut *diags, before };
        match found.role {
            Role::Init => check.init(),
            Role::Call | Role::Cast => check.handler(),
            Role::Info => check.info(),
            Role::Continue => check.continuation(),
            Role::Hibernate => check.hibernate(),
            Role::Terminate => check.terminate(),
        }
    }
}

struct Check<'a, 'b> {
    server: &'a mut Server,
    found: &'a Found<'b>,
    params: Vec<Param<'b>>,
    diags: &'a mut Diags,
    /// How many faults there were before this function.
    before: usize,
}

impl<'b> Check<'_, 'b> {
    fn is_sound(&self) -> bool {
        self.diags.count() == self.before && !self.found.is_broken
    }

    fn output(&self) -> Option<&'b Type> {
        match &self.found.function.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }

    fn callback(&self, are_fields: bool) -> Callback {
        let sig = &self.found.function.sig;
        Callback {
            cfg: attributes(&self.found.function.attrs, &["cfg"]),
            name: sig.ident.clone(),
            is_async: sig.asyncness.map(|token| token.span),
            has_receiver: self.found.role != Role::Init,
            args: params::args(&self.params, are_fields),
            output: match &sig.output {
                ReturnType::Default => sig.ident.span(),
                ReturnType::Type(_, ty) => ty.span(),
            },
            diverges: matches!(self.output(), Some(Type::Never(_))),
        }
    }

    fn plain(&self) -> Vec<&'b syn::PatType> {
        let plain = self.params.iter().filter(|it| matches!(it.kind, ParamKind::Plain));
        plain.map(|it| it.input).collect()
    }

    fn init(&mut self) {
        let fields = params::fields(Role::Init, &self.params, &self.server.self_ty, self.diags);
        // A function that changes a state that is there already is one mistake, and is reported.
        let has_receiver = self.found.function.sig.receiver().is_some();
        if !has_receiver && self.output().is_none_or(is_unit) {
            self.diags
                .error(&self.found.function.sig.ident, "OTP0226", "`#[init]` must return the state")
                .help("add `-> Self`, `-> Result<Self, E>` or `-> Init<Self>`");
        }
        let vis = self.found.function.vis.to_token_stream();
        let init = Init { callback: self.callback(true), vis, fields, is_sound: self.is_sound() };
        self.server.inits.push(init);
    }

    fn handler(&mut self) {
        let role = self.found.role;
        let fields = params::fields(role, &self.params, &self.server.self_ty, self.diags);
        let is_half = self.found.function.body.is_empty() && self.output().is_none();
        let kind = match role {
            _ if is_half => None,
            _ if returns::tuple(self.output(), self.diags) => None,
            Role::Call => returns::call(self.output(), &self.params, self.server, self.diags),
            _ => returns::cast(self.output(), &self.found.function.sig, self.diags),
        };
        let function = self.found.function;
        let variant = variant(&function.sig.ident);
        if !self.is_new(&variant) {
            return;
        }
        let vis = function.vis.to_token_stream();
        match kind {
            Some(kind) if self.is_sound() => {
                let passed = ["doc", "deprecated", "must_use", "allow"];
                let handler = Handler {
                    callback: self.callback(true),
                    passed: attributes(&function.attrs, &passed),
                    vis,
                    variant,
                    fields,
                    kind,
                };
                self.server.handlers.push(handler);
            }
            kind => {
                let stub = self.stub(kind, vis);
                self.server.stubs.push(stub);
            }
        }
    }

    /// Reports two handlers with one request; false when this one must be left out.
    fn is_new(&mut self, variant: &Ident) -> bool {
        let name = &self.found.function.sig.ident;
        let same = self.server.handlers.iter().find(|it| it.variant == *variant);
        let Some(first) = same else {
            return !self.server.stubs.iter().any(|stub| stub.name == *name);
        };
        if !first.callback.cfg.is_empty() && has_cfg(self.found.function) {
            return true;
        }
        // Two functions with one name are an error of the language.
        if first.callback.name != *name {
            let message = format!(
                "handlers `{}` and `{name}` would both become the request `{variant}`",
                first.callback.name
            );
            self.diags.error(name, "OTP0113", message).help("rename one of them");
            let stub = self.stub(None, self.found.function.vis.to_token_stream());
            self.server.stubs.push(stub);
        }
        false
    }

    fn stub(&self, kind: Option<Kind>, vis: TokenStream) -> Stub {
        let sig = &self.found.function.sig;
        let types = self.plain();
        let types = types.iter().map(|input| without_self(&input.ty, &self.server.self_ty));
        Stub {
            cfg: attributes(&self.found.function.attrs, &["cfg"]),
            vis,
            name: sig.ident.clone(),
            generics: sig.generics.params.iter().map(ToTokens::to_token_stream).collect(),
            where_clause: sig.generics.where_clause.to_token_stream(),
            types: types.collect(),
            is_call: self.found.role == Role::Call,
            reply: match kind {
                Some(Kind::Call { reply, .. } | Kind::Deferred { reply }) => Some(reply),
                _ => None,
            },
        }
    }

    fn info(&mut self) {
        let plain = self.plain();
        let ty = match plain.as_slice() {
            [] => {
                let (at, name) = (self.parameters(), self.name());
                self.diags
                    .error(at, "OTP0222", "an info handler receives a message, found none")
                    .help(format!("write `fn {name}(&mut self, _: Tick)`"));
                return;
            }
            [input] => &*input.ty,
            [first, ..] => {
                let message = format!(
                    "an info handler receives one message, found {} parameters",
                    plain.len()
                );
                let at = self.parameters();
                self.diags.error(at, "OTP0221", message).help(
                    "one `#[handle_info]` function per message type; \
                     put both values into one struct",
                );
                &*first.ty
            }
        };
        params::owned(Role::Info, ty, self.diags);
        let is_any = is_any(ty, &self.server.otp);
        if self.is_second_of(ty) {
            return;
        }
        if is_any && self.is_second_catch_all() {
            return;
        }
        let ty = (!is_any).then(|| without_self(ty, &self.server.self_ty));
        let info = Info { callback: self.callback(false), ty, is_sound: self.is_sound() };
        self.server.infos.push(info);
    }

    /// Whether another handler takes messages of this type, as far as its spelling tells.
    fn is_second_of(&mut self, ty: &Type) -> bool {
        let text = without_self(ty, &self.server.self_ty).to_string();
        let same = |info: &&Info| info.ty.as_ref().is_some_and(|it| it.to_string() == text);
        let Some(first) = self.server.infos.iter().find(same) else { return false };
        if !first.callback.cfg.is_empty() && has_cfg(self.found.function) {
            return false;
        }
        let found = compact(&ty.to_token_stream());
        let message = format!("`{}` already handles every `{found}`", first.callback.name);
        let help = "remove one of the two, or send them as two types";
        self.diags.error(ty, "OTP0713", message).help(help);
        true
    }

    fn is_second_catch_all(&mut self) -> bool {
        let Some(first) = self.server.infos.iter().find(|info| info.ty.is_none()) else {
            return false;
        };
        if !first.callback.cfg.is_empty() && has_cfg(self.found.function) {
            return false;
        }
        let message = format!("`{}` already takes every other message", first.callback.name);
        self.diags
            .error(&self.found.function.sig.ident, "OTP0223", message)
            .help("remove one of the two `msg: Message` handlers");
        true
    }

    fn continuation(&mut self) {
        let plain = self.plain();
        if let [_, second, ..] = plain.as_slice() {
            let message = format!("`#[handle_continue]` receives one value, found {}", plain.len());
            self.diags
                .error(second, "OTP0224", message)
                .help("make an enum of the steps: `step: Boot`");
        }
        let ty = match plain.first() {
            Some(input) => {
                params::owned(Role::Continue, &input.ty, self.diags);
                without_self(&input.ty, &self.server.self_ty)
            }
            None => quote!(()),
        };
        let step = Continue { callback: self.callback(false), ty, is_sound: self.is_sound() };
        self.server.continues.push(step);
    }

    fn hibernate(&mut self) {
        let sig = &self.found.function.sig;
        let help = format!("write `fn {}(&mut self)`", sig.ident);
        let mut refuse = |at: TokenStream, message: &str| {
            self.diags.error(at, "OTP0230", message).help(&help);
        };
        if let Some(token) = &sig.asyncness {
            let message = "nothing can be awaited in `#[hibernate]`: it runs between two messages";
            refuse(token.to_token_stream(), message);
        }
        // A `#[from]` parameter has been reported.
        let is_new = |it: &&Param<'_>| !matches!(it.kind, ParamKind::Caller(_));
        if let Some(param) = self.params.iter().find(is_new) {
            refuse(param.input.to_token_stream(), "`#[hibernate]` receives nothing but the state");
        }
        match &sig.output {
            ReturnType::Type(_, ty) if !is_unit(ty) => {
                refuse(ty.to_token_stream(), "`#[hibernate]` returns nothing");
            }
            _ => {}
        }
        if self.is_sound() {
            let callback = self.callback(false);
            self.server.hibernates.push(callback);
        }
    }

    fn terminate(&mut self) {
        let is_reference = |input: &&syn::PatType| matches!(*input.ty, Type::Reference(_));
        let is_legal = match self.plain().as_slice() {
            [] => true,
            [reason] => is_reference(reason),
            _ => false,
        };
        if !is_legal {
            let (at, name) = (self.parameters(), self.name());
            self.diags
                .error(at, "OTP0225", "`#[terminate]` receives the exit reason by reference")
                .help(format!("write `fn {name}(&mut self, reason: &ExitReason)`"));
        }
        // Of a type that is a value for certain; `!` and aliases of `()` are fine.
        if let Some(output) = self.output().filter(|ty| is_plain_value(ty)) {
            let message = "nobody waits for what `#[terminate]` returns";
            self.diags.error(output, "OTP0225", message).help("return nothing");
        }
        if self.is_sound() {
            let callback = self.callback(false);
            self.server.terminates.push(callback);
        }
    }

    fn name(&self) -> &'b Ident {
        &self.found.function.sig.ident
    }

    /// The parameter list with its parentheses, to point at.
    fn parameters(&self) -> TokenStream {
        let sig = &self.found.function.sig;
        let mut list = TokenStream::new();
        sig.paren_token.surround(&mut list, |list| sig.inputs.to_tokens(list));
        list
    }
}

/// Whether the type is the message that can be anything.
fn is_any(ty: &Type, otp: &TokenStream) -> bool {
    if !is_named(ty, "Message") || last_segment(ty).is_some_and(|it| !it.arguments.is_empty()) {
        return false;
    }
    let path = compact(&ty.to_token_stream());
    let path = path.trim_start_matches("::");
    let otp = format!("{}::Message", compact(otp).trim_start_matches("::"));
    path == "Message" || path == "otp::Message" || path == otp
}

/// The request's name: `get_value` becomes `GetValue`.
pub(crate) fn variant(name: &Ident) -> Ident {
    let mut text = String::new();
    for word in name.unraw().to_string().split('_') {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            text.extend(first.to_uppercase());
            text.extend(letters);
        }
    }
    let is_name = text.chars().next().is_some_and(|it| !it.is_ascii_digit()) && text != "Self";
    match is_name {
        true => format_ident!("{text}", span = name.span()),
        false => format_ident!("_{text}_", span = name.span()),
    }
}

/// A name for a generated local that no argument has.
pub(crate) fn fresh<'a>(word: &str, taken: impl Iterator<Item = &'a Ident> + Clone) -> Ident {
    let mut word = word.to_owned();
    while taken.clone().any(|name| *name == word) {
        word.push('_');
    }
    Ident::new(&word, Span::mixed_site())
}
