//! `#[gen_server]`: parse, check, model, expand.
//!
//! The user's block is always the first thing printed. Reading and checking never stop at a fault;
//! the expansion cannot fail.

mod assertions;
mod bounds;
mod callbacks;
mod check;
mod client;
pub(crate) mod expand;
mod mailbox;
pub(crate) mod model;
mod params;
mod returns;
pub(crate) mod roles;
pub(crate) mod settings;
mod start;
#[cfg(test)]
mod tests;
pub(crate) mod types;
mod warnings;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Type};

use self::model::{Generics, Server};
use self::roles::{Found, Role, Roles, attributes};
use self::settings::Arguments;
use crate::diag::Diags;
use crate::literal::compact;
use crate::sig::{ImplBlock, ImplFn, Member, inside, is_word};

/// The attribute: the item, what is generated for it, and the errors.
pub(crate) fn gen_server(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let mut arguments = Arguments::read(args, &mut diags);
    if !is_impl(&item) {
        misplaced(&item, &mut diags);
        return diags.finish(item);
    }
    let block = match ImplBlock::read(&item) {
        Ok(block) => block,
        Err(error) => {
            let message = format!("this `impl` block cannot be read: {error}");
            diags.error_at(error.span(), "OTP0105", message);
            return diags.finish(item);
        }
    };
    if let Some(second) = block.attrs.iter().find(|attr| is_word(attr, "gen_server")) {
        let message = "this block is a gen_server already";
        diags.error(inside(second), "OTP0119", message).help("remove one `#[gen_server]`");
        return diags.finish(item);
    }
    let otp = arguments.otp();
    let server = server(&block, &mut arguments, &mut diags);
    let generated = server.map(|server| expand::expand(&server));
    let mut output = stripped(block, &otp);
    output.extend(generated);
    diags.finish(output)
}

/// Whether the item is an `impl` block, whatever attributes it has.
fn is_impl(item: &TokenStream) -> bool {
    let mut words = item.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    words.find(|word| word != "unsafe" && word != "default").is_some_and(|word| word == "impl")
}

fn misplaced(item: &TokenStream, diags: &mut Diags) {
    let kind = roles::describe(item);
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(it) if it != "pub");
    let at = item.clone().into_iter().find(is_word);
    match kind {
        "a struct" | "an enum" | "a union" => {
            let is_kind = |token: &TokenTree| kind.ends_with(&token.to_string());
            let at: Vec<TokenTree> =
                item.clone().into_iter().skip_while(|token| !is_kind(token)).take(2).collect();
            let name = at.last().map(ToString::to_string).unwrap_or_default();
            let word = kind.trim_start_matches("an ").trim_start_matches("a ");
            let message = format!("`#[gen_server]` goes on the `impl` block, not on the {word}");
            diags
                .error(at.into_iter().collect::<TokenStream>(), "OTP0103", message)
                .help(format!("move it to `impl {name} {{ .. }}`"));
        }
        _ => {
            let message = format!("`#[gen_server]` expects an `impl` block, found {kind}");
            diags
                .error(at.to_token_stream(), "OTP0105", message)
                .help("write it above `impl Counter { .. }`");
        }
    }
}

/// The user's block without what belongs to the macro.
fn stripped(mut block: ImplBlock, otp: &TokenStream) -> TokenStream {
    // The compiler has reported these, and would again.
    block.members.retain(|it| !matches!(it, Member::Other(other) if other.is_unreadable()));
    let is_own =
        |attr: &syn::Attribute| Role::of(attr, otp).is_some() || Role::hidden(attr).is_some();
    let is_meant = |attr: &syn::Attribute| is_own(attr) || Role::meant(attr).is_some();
    for member in &mut block.members {
        match member {
            Member::Fn(function) => function.strip(is_meant, "from"),
            Member::Other(other) => other.attrs.retain(|attr| !is_own(attr)),
        }
    }
    block.to_token_stream()
}

/// The model; `None` when there is nothing to hang the generated code on.
fn server(block: &ImplBlock, arguments: &mut Arguments, diags: &mut Diags) -> Option<Server> {
    let otp = arguments.otp();
    let self_ty = &block.self_ty;
    let mut roles = roles::assign(block, &otp, diags);
    if let Some(path) = &block.trait_path {
        let help = format!("put it on the inherent `impl {}`", compact(&self_ty.to_token_stream()));
        diags.error(path, "OTP0104", "`#[gen_server]` cannot be put on a trait impl").help(help);
        return None;
    }
    let Some(name) = type_name(self_ty) else {
        let found = compact(&self_ty.to_token_stream());
        let message =
            format!("`#[gen_server]` needs a struct or enum of this crate, found `{found}`");
        diags
            .error(self_ty, "OTP0111", message)
            .help("write `struct Server { .. }` with what it holds, and `impl Server`");
        return None;
    };
    if borrows(block, diags) {
        return None;
    }
    if !roles.has_init {
        let constructor = constructor(block, &roles);
        no_init(block, constructor, diags);
        let function = constructor?;
        // What starts the server is there all the same.
        let at = TokenStream::new();
        roles.found.push(Found { role: Role::Init, at, function, is_broken: true });
    }
    bounds::check(block, diags);
    arguments.name(&parameters(&roles), diags);
    let mut server = skeleton(block, name, otp, arguments);
    check::functions(&mut server, &roles, diags);
    assertions::assume(&mut server);
    if diags.count() == 0 {
        warnings::warn(&server, block, &roles, diags);
    }
    Some(server)
}

fn skeleton(block: &ImplBlock, name: Ident, otp: TokenStream, arguments: &mut Arguments) -> Server {
    let settings = std::mem::take(&mut arguments.settings);
    let named = |suffix: &str| format_ident!("{name}{suffix}", span = name.span());
    let self_ty = block.self_ty.to_token_stream();
    let has_nested_names = has_nested_names(block);
    let keyword = if has_nested_names { block.keyword } else { Span::call_site() };
    Server {
        otp,
        cfg: attributes(&block.attrs, &["cfg"]),
        keyword: Ident::new("impl", keyword),
        has_nested_names,
        generics: generics(&block.generics, &self_ty),
        self_ty,
        request: settings.request.clone().unwrap_or_else(|| named("Request")),
        client: settings.client.clone().unwrap_or_else(|| named("Client")),
        name,
        options: settings,
        inits: Vec::new(),
        handlers: Vec::new(),
        stubs: Vec::new(),
        infos: Vec::new(),
        continues: Vec::new(),
        hibernates: Vec::new(),
        terminates: Vec::new(),
        written: block.functions().map(|function| function.sig.ident.to_string()).collect(),
    }
}

/// Whether some type of the block, or in its signatures, has a name between angle brackets.
fn has_nested_names(block: &ImplBlock) -> bool {
    // Type parameters are the user's own tokens, and so is the place that is suggested.
    let is_generic = !block.generics.params.is_empty();
    is_generic
        || types::has_nested_name(&block.self_ty.to_token_stream())
        || block.functions().any(|function| {
            let inputs = function.sig.inputs.iter().any(|input| match input {
                syn::FnArg::Typed(input) => types::has_nested_name(&input.ty.to_token_stream()),
                syn::FnArg::Receiver(_) => false,
            });
            inputs
                || match &function.sig.output {
                    syn::ReturnType::Type(_, ty) => types::has_nested_name(&ty.to_token_stream()),
                    syn::ReturnType::Default => false,
                }
        })
}

fn generics(generics: &syn::Generics, self_ty: &TokenStream) -> Generics {
    let mut output = Generics::default();
    for param in &generics.params {
        output.declared.push(types::without_self(param, self_ty));
        match param {
            GenericParam::Type(param) => {
                output.used.push(param.ident.to_token_stream());
                output.types.push(param.ident.to_token_stream());
            }
            GenericParam::Const(param) => output.used.push(param.ident.to_token_stream()),
            GenericParam::Lifetime(param) => output.used.push(param.lifetime.to_token_stream()),
        }
    }
    output.where_clause = types::without_self(&generics.where_clause, self_ty);
    output.written_where = output.where_clause.clone();
    let doubtful = bounds::doubtful(generics);
    output.doubtful = doubtful.iter().map(|param| param.ident.clone()).collect();
    let unsure: Vec<_> = bounds::missing(generics).into_iter().chain(doubtful).collect();
    if let Some(more) = bounds::predicates(&unsure) {
        let written = generics.where_clause.iter().flat_map(|it| &it.predicates);
        let written = written.map(|it| types::without_self(it, self_ty));
        output.where_clause = quote!(where #(#written,)* #more);
    }
    output
}

fn type_name(self_ty: &Type) -> Option<Ident> {
    match self_ty {
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().map(|segment| segment.ident.clone())
        }
        _ => None,
    }
}

/// Reports state that borrows.
fn borrows(block: &ImplBlock, diags: &mut Diags) -> bool {
    let parameter = block.generics.params.iter().find_map(|param| match param {
        GenericParam::Lifetime(param) => Some(&param.lifetime),
        _ => None,
    });
    let argument = types::last_segment(&block.self_ty).and_then(types::lifetime_argument);
    let Some(lifetime) = parameter.or(argument) else { return false };
    borrowed(lifetime, diags);
    true
}

/// Reports a lifetime parameter of a server.
pub(crate) fn borrowed(lifetime: &syn::Lifetime, diags: &mut Diags) {
    let message =
        format!("a gen_server outlives its creator, so its state cannot borrow for `{lifetime}`");
    diags
        .error(lifetime, "OTP0110", message)
        .help("own the data (`String`, `Arc<T>`), or use `'static`");
}

/// The names of the parameters of `#[init]`.
fn parameters(roles: &Roles<'_>) -> Vec<String> {
    let inits = roles.found.iter().filter(|found| found.role == Role::Init);
    let inputs = inits.flat_map(|found| &found.function.sig.inputs);
    let names = inputs.filter_map(|input| match input {
        syn::FnArg::Typed(input) => params::plain_name(input).map(ToString::to_string),
        syn::FnArg::Receiver(_) => None,
    });
    names.collect()
}

/// The function that `#[init]` was probably forgotten on.
fn constructor<'a>(block: &'a ImplBlock, roles: &Roles<'_>) -> Option<&'a ImplFn> {
    let has_role = |it: &ImplFn| roles.found.iter().any(|found| std::ptr::eq(found.function, it));
    block.functions().find(|it| {
        let is_named = it.sig.ident == "init" || it.sig.ident == "new";
        is_named && it.sig.receiver().is_none() && !has_role(it)
    })
}

/// Reports a block without `#[init]`. One without any constructor is probably the second one of its
/// server, for which nothing is generated: everything would be there twice.
fn no_init(block: &ImplBlock, constructor: Option<&ImplFn>, diags: &mut Diags) {
    let is_unreadable =
        |member: &Member| matches!(member, Member::Other(other) if other.is_unreadable());
    // It may be the `#[init]`, and the compiler has reported it.
    if block.members.iter().any(is_unreadable) {
        return;
    }
    let name = compact(&block.self_ty.to_token_stream());
    let help = match constructor {
        Some(function) => format!(
            "add `#[init]` above `fn {}`; its parameters become the parameters of `start_link`",
            function.sig.ident
        ),
        None => {
            "add `#[init] fn init() -> Self { .. }`, or move these functions to the block that \
                 has it: a gen_server is one block"
                .to_owned()
        }
    };
    let message = format!("`{name}` has no `#[init]` function");
    diags.error(&block.self_ty, "OTP0101", message).help(help);
}

/// `<K: Hash, V>` from its parts; nothing when there are none.
pub(crate) fn angles(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [] => TokenStream::new(),
        parts => quote!(<#(#parts),*>),
    }
}
