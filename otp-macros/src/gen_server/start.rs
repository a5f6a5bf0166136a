//! The functions that start a server and find it: an `impl` of the user's type.

use proc_macro2::TokenStream;
use quote::quote;

use super::angles;
use super::check::fresh;
use super::expand::registered;
use super::model::{Init, Registered, Server};
use crate::via::Via;

/// `start_link`, `start`, `child_spec`, `client` and `named`, except those the user has written.
pub(super) fn expand(server: &Server) -> TokenStream {
    let Server { cfg, keyword, self_ty, generics, .. } = server;
    let parameters = angles(&generics.declared);
    let where_clause = &generics.where_clause;
    let starts = server.inits.iter().map(|init| starts(server, init));
    let clients = clients(server);
    quote! {
        #cfg
        #[allow(clippy::pedantic, dead_code, private_bounds, private_interfaces, unreachable_pub)]
        #keyword #parameters #self_ty #where_clause {
            #(#starts)*
            #clients
        }
    }
}

fn is_free(server: &Server, name: &str) -> bool {
    !server.written.iter().any(|written| written == name)
}

fn starts(server: &Server, init: &Init) -> TokenStream {
    let Server { otp, name, .. } = server;
    let all = [
        (
            "start_link",
            quote!(Start),
            format!("Starts a `{name}` that is linked to the calling process."),
        ),
        ("start", quote!(Start), format!("Starts a `{name}` without a link to the caller.")),
        (
            "child_spec",
            quote!(ChildSpec),
            format!("The child specification of a `{name}`, for a supervisor."),
        ),
    ];
    let free = all.into_iter().filter(|(function, ..)| is_free(server, function));
    let one = free.map(|(function, output, doc)| {
        let function = quote::format_ident!("{function}");
        let (vis, cfg) = (&init.vis, &init.callback.cfg);
        let names: Vec<_> = init.fields.iter().map(|field| &field.name).collect();
        let types = init.fields.iter().map(|field| &field.ty);
        let body = match init.is_sound {
            true => quote!(#otp::__private::#function::<Self>((#(#names,)*))),
            false => quote!(::core::unreachable!()),
        };
        quote! {
            #cfg
            #[doc = #doc]
            #vis fn #function(#(#names: #types),*) -> #otp::#output<Self> {
                #body
            }
        }
    });
    one.collect()
}

fn clients(server: &Server) -> TokenStream {
    let Server { otp, name, client, generics, .. } = server;
    let used = angles(&generics.used);
    let vis = server.inits.first().map(|init| &init.vis);
    let mut output = TokenStream::new();
    if let Some(registered) = registered(server).filter(|_| is_free(server, "client")) {
        if let Some(Registered::Via(via)) = &server.options.name {
            output.extend(client_of_key(server, via));
        } else {
            let doc = format!("The client of the registered `{name}`, whichever process it is.");
            output.extend(quote! {
                #[doc = #doc]
                #vis fn client() -> #client #used {
                    #otp::__private::client_of::<Self>(#registered)
                }
            });
        }
    }
    if is_free(server, "named") {
        let doc = format!("The client of the `{name}` that is registered under this name.");
        let text = fresh("name", [].iter());
        output.extend(quote! {
            #[doc = #doc]
            #vis fn named(#text: impl ::core::convert::Into<#otp::Name>) -> #client #used {
                #otp::__private::client_of::<Self>(#text)
            }
        });
    }
    output
}

/// `client` of a server that has its name from a registry.
fn client_of_key(server: &Server, via: &Via) -> TokenStream {
    let Server { otp, name, client, generics, .. } = server;
    let used = angles(&generics.used);
    let vis = server.inits.first().map(|init| &init.vis);
    let registry = &via.registry;
    let doc = format!("The client of the `{name}` that is registered under this key.");
    quote! {
        #[doc = #doc]
        #vis fn client<__Q>(key: &__Q) -> #client #used
        where
            __Q: #otp::__private::FindBy<#registry> + ?::core::marker::Sized,
        {
            #otp::__private::client_via::<Self, #registry, __Q>(key)
        }
    }
}
