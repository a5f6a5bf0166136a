//! From the model to the code. Nothing can fail here.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::model::{Child, Entry, Item, Model, Params, Settings, Start, Tree};
use crate::tokens::split_commas;
use crate::via;

/// The code of the item form.
pub(super) fn item(model: &Model, item: &Item) -> TokenStream {
    let Item { attrs, cfgs, vis, name, .. } = item;
    let debug = (!item.has_debug).then(|| quote!(#[derive(::core::fmt::Debug)]));
    let impls = impls(model, item);
    let api = api(&model.otp, item);
    quote! {
        #attrs
        #debug
        #vis struct #name;

        #impls

        #cfgs
        #[allow(dead_code)]
        impl #name {
            #api
        }
    }
}

/// The traits of the type: what it supervises, and that it can be supervised.
fn impls(model: &Model, item: &Item) -> TokenStream {
    let Model { otp, tree, .. } = model;
    let Item { cfgs, name, params, .. } = item;
    let (pattern, types) = match params {
        Params::Good(params) => tuple(params),
        Params::Faulty(_) => (quote!(()), quote!(())),
    };
    let (statements, value) = body(tree, otp);
    let sound = sound(otp, params);
    let child = child(otp, item, &types);
    quote! {
        #cfgs
        impl #otp::SupervisorModule for #name #sound {
            type Args = #types;
            fn init(#pattern: Self::Args) -> #otp::Supervisor {
                #statements
                #value
            }
        }

        #child
    }
}

/// Asks whether the parameters can be kept for restarts: when one cannot, the compiler says so at
/// its type, and not again for the children that are given it.
fn sound(otp: &TokenStream, params: &Params) -> Option<TokenStream> {
    let Params::Good(params) = params else { return None };
    let checks: Vec<TokenStream> = params
        .iter()
        .map(|(_, ty)| {
            let at = ty.clone().into_iter().next().map_or_else(Span::call_site, |it| it.span());
            let check = Ident::new("kept", at.resolved_at(Span::call_site()));
            quote!(#otp::__private::#check::<#ty>();)
        })
        .collect();
    (!checks.is_empty()).then(|| quote!(where [(); { #(#checks)* 0 }]: ::core::marker::Sized))
}

/// That the type can be a child itself, also one of several copies.
fn child(otp: &TokenStream, item: &Item, types: &TokenStream) -> TokenStream {
    let Item { cfgs, name, .. } = item;
    let started = quote!(::core::result::Result<#otp::Started<Self>, #otp::StartError>);
    quote! {
        #cfgs
        impl #otp::Child for #name {
            type Args = #types;
            type Client = #otp::SupervisorRef;
            fn declared(args: Self::Args) -> ::core::option::Option<#otp::Supervisor> {
                #otp::__private::declared_supervisor::<Self>(args)
            }
            async fn start(
                args: Self::Args,
                name: ::core::option::Option<#otp::Name>,
            ) -> #started {
                #otp::__private::start_supervisor_child::<Self>(args, name).await
            }
            async fn start_copy(args: Self::Args) -> #started {
                #otp::__private::start_supervisor_copy::<Self>(args).await
            }
        }

        #cfgs
        impl #otp::Named for #name {
            fn named_client(name: #otp::Name) -> Self::Client {
                #otp::SupervisorRef::named(name)
            }
        }
    }
}

/// The parameters as a pattern and as a type.
fn tuple(params: &[(Ident, TokenStream)]) -> (TokenStream, TokenStream) {
    let names = params.iter().map(|(name, _)| name);
    let types = params.iter().map(|(_, ty)| ty);
    (quote!((#(#names,)*)), quote!((#(#types,)*)))
}

/// The functions of the type.
fn api(otp: &TokenStream, item: &Item) -> TokenStream {
    let vis = &item.vis;
    let (params, args, ignore) = match &item.params {
        Params::Good(params) => {
            let (args, _) = tuple(params);
            let params: TokenStream = params.iter().map(|(name, ty)| quote!(#name: #ty,)).collect();
            (params, args, None)
        }
        Params::Faulty(params) => {
            let names = params.iter().map(|(name, _)| name);
            let ignore = quote!(let _ = (#(#names,)*););
            let params = params.iter().map(|(name, ty)| match ty {
                Some(ty) => quote!(#name: #ty,),
                None => quote!(#name: impl ::core::marker::Sized,),
            });
            (params.collect(), quote!(()), Some(ignore))
        }
    };
    let trees = trees(otp, vis, (&params, &args, ignore.as_ref()));
    quote! {
        /// Starts the supervisor and its children, linked to the calling process.
        #vis fn start_link(#params) -> #otp::StartSupervisor {
            #ignore
            #otp::__private::start_link_supervisor::<Self>(#args)
        }
        /// Starts the supervisor and its children without a link.
        #vis fn start(#params) -> #otp::StartSupervisor {
            #ignore
            #otp::__private::start_supervisor::<Self>(#args)
        }
        /// How to start this supervisor under another one.
        #vis fn child_spec(#params) -> #otp::ChildSpec<Self> {
            #ignore
            #otp::__private::supervisor_child_spec::<Self>(#args)
        }
        /// The running supervisor, found by its name at each use.
        #vis fn client() -> #otp::SupervisorRef {
            #otp::__private::supervisor_client::<Self>()
        }
        #trees
    }
}

/// The functions that draw the tree.
fn trees(
    otp: &TokenStream,
    vis: &TokenStream,
    (params, args, ignore): (&TokenStream, &TokenStream, Option<&TokenStream>),
) -> TokenStream {
    quote! {
        /// The tree as it is declared for these parameters; nothing is started.
        #vis fn tree(#params) -> #otp::Tree {
            #ignore
            #otp::__private::supervisor_tree::<Self>(#args)
        }
        /// The declared tree as a graph for Graphviz.
        #vis fn to_dot(#params) -> ::std::string::String {
            #ignore
            #otp::__private::supervisor_tree::<Self>(#args).to_dot()
        }
        /// The declared tree as a flowchart for Mermaid.
        #vis fn to_mermaid(#params) -> ::std::string::String {
            #ignore
            #otp::__private::supervisor_tree::<Self>(#args).to_mermaid()
        }
    }
}

/// A supervisor as an expression.
pub(super) fn value(tree: &Tree, otp: &TokenStream) -> TokenStream {
    let (statements, value) = body(tree, otp);
    if statements.is_empty() { value } else { quote!({ #statements #value }) }
}

/// Statements that come first, and the value. One chain of calls, unless an entry needs statements.
fn body(tree: &Tree, otp: &TokenStream) -> (TokenStream, TokenStream) {
    let Tree { strategy, max_restarts, max_seconds, auto_shutdown, backoff, entries } = tree;
    let mut head = quote!(#otp::Supervisor::#strategy());
    head.extend(max_restarts.as_ref().map(|value| quote!(.max_restarts(#value))));
    head.extend(max_seconds.as_ref().map(|value| quote!(.max_seconds(#value))));
    let auto = auto_shutdown.as_ref();
    head.extend(auto.map(|variant| quote!(.auto_shutdown(#otp::AutoShutdown::#variant))));
    head.extend(backoff.as_ref().map(|value| quote!(.backoff(#value))));
    let mut rest = entries.iter().peekable();
    while let Some(spec) = rest.peek().and_then(|entry| always(entry, otp)) {
        head.extend(quote!(.child(#spec)));
        rest.next();
    }
    if rest.peek().is_none() {
        return (TokenStream::new(), head);
    }
    // A name that cannot meet a name of the user.
    let sup = Ident::new("sup", Span::mixed_site());
    let mut statements = quote!(let #sup = #head;);
    statements.extend(rest.map(|entry| statement(entry, &sup, otp)));
    (statements, quote!(#sup))
}

/// The child that needs no statement of its own.
fn always(entry: &Entry, otp: &TokenStream) -> Option<TokenStream> {
    match entry {
        Entry::Child(child) if child.cfgs.is_empty() && child.condition.is_none() => {
            Some(spec(child, otp))
        }
        _ => None,
    }
}

fn statement(entry: &Entry, sup: &Ident, otp: &TokenStream) -> TokenStream {
    let child = match entry {
        Entry::Child(child) => child,
        Entry::Probe(parts) if parts.is_empty() => return TokenStream::new(),
        Entry::Probe(parts) => return quote!(let _ = || { #(let _ = &#parts;)* };),
    };
    let (cfgs, spec) = (&child.cfgs, spec(child, otp));
    match &child.condition {
        Some(condition) => quote! {
            #cfgs
            let #sup = if #condition { #sup.child(#spec) } else { #sup };
        },
        None => quote! {
            #cfgs
            let #sup = #sup.child(#spec);
        },
    }
}

/// The trait whose `child_spec` takes so many arguments: a type that has none of its own gets it,
/// and with it the error that it is no child.
fn no_child(args: &Group) -> Option<Ident> {
    let count = split_commas(args.stream()).len();
    (count <= 4).then(|| format_ident!("NoChild{count}"))
}

/// The specification of a child.
fn spec(child: &Child, otp: &TokenStream) -> TokenStream {
    let mut spec = match &child.start {
        Start::Path { path, args } => {
            let end = path.clone().into_iter().last().map_or_else(Span::call_site, |it| it.span());
            let call = quote_spanned!(end=> ::child_spec);
            match no_child(args) {
                None => quote!(#path #call #args),
                Some(trait_name) => {
                    let content = quote! {
                        #[allow(unused_imports)]
                        use #otp::__private::#trait_name as _;
                        #path #call #args
                    };
                    // The compiler underlines the block where it would underline the call.
                    let mut block = Group::new(Delimiter::Brace, content);
                    block.set_span(path.clone().into_iter().next().map_or(end, |it| it.span()));
                    block.into_token_stream()
                }
            }
        }
        Start::Nested { name, tree } => {
            let (value, text) = (value(tree, otp), name.unraw().to_string());
            quote!(#value.child_spec(#text))
        }
    };
    let Settings { id, restart, shutdown, significant, name } = &child.settings;
    spec.extend(id.as_ref().map(|id| quote!(.id(#id))));
    let restart = restart.map(|restart| restart.tokens(otp));
    spec.extend(restart.map(|restart| quote!(.restart(#restart))));
    let shutdown = shutdown.map(|shutdown| shutdown.tokens(otp));
    spec.extend(shutdown.map(|shutdown| quote!(.shutdown(#shutdown))));
    spec.extend(significant.map(|significant| quote!(.significant(#significant))));
    if let Some(name) = name {
        let name = via::read(name).map_or_else(|| name.clone(), |via| via.tokens(otp));
        spec.extend(quote!(.name(#name)));
    }
    spec
}
