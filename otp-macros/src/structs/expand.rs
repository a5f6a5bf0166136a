//! From the struct to the code. Nothing can fail here.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::item::Item;

/// The names in the library that differ between the attributes.
pub(super) struct Kind {
    /// The path of the library.
    otp: TokenStream,
    /// The type of what is supervised.
    child: TokenStream,
    /// The trait that the type gets.
    module: Ident,
    /// The builder.
    supervisor: Ident,
    /// The future of a start.
    starting: Ident,
    /// The handle.
    client: Ident,
    /// The word in the names of the functions of `__private`.
    word: &'static str,
    /// The functions beyond those that start it.
    requests: fn(&Kind, &Item) -> TokenStream,
}

impl Kind {
    pub(super) fn dynamic(otp: &TokenStream, child: &TokenStream) -> Kind {
        let any = child.to_string().ends_with("AnyChild");
        let requests = if any { any_child } else { typed_child };
        Kind::new(otp, child, "DynamicSupervisor", "dynamic", requests)
    }

    pub(super) fn partition(otp: &TokenStream, child: &TokenStream) -> Kind {
        Kind::new(otp, child, "PartitionSupervisor", "partition", routing)
    }

    fn new(
        otp: &TokenStream,
        child: &TokenStream,
        name: &str,
        word: &'static str,
        requests: fn(&Kind, &Item) -> TokenStream,
    ) -> Kind {
        Kind {
            otp: otp.clone(),
            child: child.clone(),
            module: format_ident!("{name}Module"),
            supervisor: format_ident!("{name}"),
            starting: format_ident!("Start{name}"),
            client: format_ident!("{name}Ref"),
            word,
            requests,
        }
    }
}

impl Kind {
    /// Asks whether the type of the children is one, for every block that is generated: when it is
    /// not, the compiler says so at the user's type and is silent about what follows from it.
    fn sound(&self) -> TokenStream {
        let asked = self.asked();
        quote!(where #asked: ::core::marker::Sized)
    }

    /// The type of the children; none at all when it is not one.
    fn sound_child(&self) -> TokenStream {
        let (Kind { otp, child, .. }, asked) = (self, self.asked());
        quote!(<#asked as #otp::__private::Sound<#child>>::Type)
    }

    fn asked(&self) -> TokenStream {
        let Kind { otp, child, .. } = self;
        // What is no type of the user's need not be asked.
        if child.to_string().starts_with(&otp.to_string()) {
            return quote!([(); 0]);
        }
        let at = child.clone().into_iter().next().map_or_else(Span::call_site, |it| it.span());
        let check = Ident::new("child", at.resolved_at(Span::call_site()));
        quote!([(); { #otp::__private::#check::<#child>(); 0 }])
    }
}

/// The type, its traits and its functions; `builder` is the supervisor with its options.
pub(super) fn expand(item: &Item, kind: &Kind, builder: &TokenStream) -> TokenStream {
    let Item { attrs, vis, keyword, name, kept, .. } = item;
    let cfgs: Vec<_> = item.cfgs().collect();
    let ty = match kept {
        Some(kept) => kept.clone(),
        None => quote!(#(#attrs)* #vis #keyword #name;),
    };
    let module = module(item, kind, builder);
    let child = child(item, kind);
    let sound = kind.sound();
    let (starts, requests) = (starts(item, kind), (kind.requests)(kind, item));
    quote! {
        #ty
        #module
        #child
        #(#cfgs)*
        #[allow(
            clippy::pedantic, dead_code, private_bounds, private_interfaces, unreachable_pub,
        )]
        impl #name #sound {
            #starts
            #requests
        }
    }
}

fn module(item: &Item, kind: &Kind, builder: &TokenStream) -> TokenStream {
    let (name, cfgs) = (&item.name, item.cfgs());
    let Kind { otp, module, supervisor, .. } = kind;
    let (sound, sound_child) = (kind.sound(), kind.sound_child());
    quote! {
        #(#cfgs)*
        #[automatically_derived]
        impl #otp::#module for #name #sound {
            type Child = #sound_child;
            fn init() -> #otp::#supervisor<Self::Child> {
                #builder
            }
        }
    }
}

fn child(item: &Item, kind: &Kind) -> TokenStream {
    let (name, cfgs) = (&item.name, item.cfgs().collect::<Vec<_>>());
    let Kind { otp, child, supervisor, client, word, .. } = kind;
    let sound = kind.sound();
    let (start, copy) = (format_ident!("start_{word}_child"), format_ident!("start_{word}_copy"));
    let started = quote! {
        ::core::result::Result<#otp::Started<Self>, #otp::StartError>
    };
    quote! {
        #(#cfgs)*
        #[automatically_derived]
        impl #otp::Child for #name #sound {
            type Args = #otp::#supervisor<#child>;
            type Client = #otp::#client<#child>;
            async fn start(
                args: Self::Args,
                name: ::core::option::Option<#otp::Name>,
            ) -> #started {
                #otp::__private::#start::<Self>(args, name).await
            }
            async fn start_copy(args: Self::Args) -> #started {
                #otp::__private::#copy::<Self>(args).await
            }
        }
        #(#cfgs)*
        #[automatically_derived]
        impl #otp::Named for #name #sound {
            fn named_client(name: #otp::Name) -> Self::Client {
                #otp::#client::named(name)
            }
        }
    }
}

/// The functions that start the supervisor and find it.
fn starts(item: &Item, kind: &Kind) -> TokenStream {
    let Item { vis, .. } = item;
    let Kind { otp, child, module, supervisor, starting, client, word, .. } = kind;
    let builder = quote!(#otp::#supervisor<#child>);
    let with = quote!(impl ::core::ops::FnOnce(#builder) -> #builder);
    let value = format_ident!("{word}_supervisor");
    let value = quote!(#otp::__private::#value::<Self>());
    let found = format_ident!("{word}_client");
    quote! {
        /// Starts the supervisor, linked to the calling process.
        #vis fn start_link() -> #otp::#starting<#child> {
            #value.start_link()
        }
        /// Starts the supervisor with other options, linked to the calling process.
        #vis fn start_link_with(options: #with) -> #otp::#starting<#child> {
            let supervisor: #otp::#supervisor<<Self as #otp::#module>::Child> = options(#value);
            supervisor.start_link()
        }
        /// Starts the supervisor without a link.
        #vis fn start() -> #otp::#starting<#child> {
            #value.start()
        }
        /// How to start this supervisor under another one.
        #vis fn child_spec() -> #otp::ChildSpec<Self> {
            #otp::__private::supervisor_child_spec::<Self>(#value)
        }
        /// How to start this supervisor under another one, with other options.
        #vis fn child_spec_with(options: #with) -> #otp::ChildSpec<Self> {
            #otp::__private::supervisor_child_spec::<Self>(options(#value))
        }
        /// The running supervisor, found by its name at each use.
        #vis fn client() -> #otp::#client<#child> {
            #otp::__private::#found::<Self>()
        }
    }
}

/// What both kinds can be asked.
fn requests(kind: &Kind, item: &Item) -> TokenStream {
    let (otp, vis) = (&kind.otp, &item.vis);
    let result = quote!(::core::result::Result);
    quote! {
        /// The running children.
        #vis async fn which_children(
        ) -> #result<::std::vec::Vec<#otp::ChildInfo>, #otp::CallError> {
            Self::client().which_children().await
        }
        /// How many children there are.
        #vis async fn count_children() -> #result<#otp::ChildCounts, #otp::CallError> {
            Self::client().count_children().await
        }
        /// Stops the supervisor and its children and waits until they are gone.
        #vis fn stop() -> #otp::Stop {
            Self::client().stop()
        }
    }
}

/// The functions of a dynamic supervisor with children of one type. What is wrong with the type is
/// reported at the type.
fn typed_child(kind: &Kind, item: &Item) -> TokenStream {
    let Kind { otp, child, .. } = kind;
    let vis = &item.vis;
    let rest = [terminate_child(kind, item), requests(kind, item)];
    let at = child.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let otp: TokenStream = otp.clone().into_iter().map(|token| moved(token, at)).collect();
    let function = quote_spanned! {at=>
        async fn start_child(
            spec: #otp::ChildSpec<#child>,
        ) -> ::core::result::Result<<#child as #otp::Child>::Client, #otp::ChildError> {
            #otp::__private::start_dynamic::<Self, #child>(spec).await
        }
    };
    quote! {
        /// Starts a child and returns its client.
        #vis #function
        #(#rest)*
    }
}

/// The token at another place; `$crate` means something only where it is.
fn moved(mut token: TokenTree, at: Span) -> TokenTree {
    if token.to_string() != "$crate" {
        token.set_span(at);
    }
    token
}

/// The functions of a dynamic supervisor with children of every type.
fn any_child(kind: &Kind, item: &Item) -> TokenStream {
    let (otp, vis) = (&kind.otp, &item.vis);
    let rest = [terminate_child(kind, item), requests(kind, item)];
    quote! {
        /// Starts a child of any type and returns its client.
        #vis async fn start_child<S>(
            spec: #otp::ChildSpec<S>,
        ) -> ::core::result::Result<S::Client, #otp::ChildError>
        where
            S: #otp::Child,
            S::Args: #otp::RestartArgs,
        {
            Self::client().start_child(spec).await
        }
        #(#rest)*
    }
}

fn terminate_child(kind: &Kind, item: &Item) -> TokenStream {
    let (otp, vis) = (&kind.otp, &item.vis);
    quote! {
        /// Ends a child, given by its pid or its client, and waits until it is gone.
        #vis async fn terminate_child(
            child: impl #otp::AsPid,
        ) -> ::core::result::Result<(), #otp::ChildError> {
            Self::client().terminate_child(child).await
        }
    }
}

/// The functions of a partition supervisor.
fn routing(kind: &Kind, item: &Item) -> TokenStream {
    let Kind { otp, child, .. } = kind;
    let vis = &item.vis;
    let result = quote!(::core::result::Result);
    let client = quote!(<#child as #otp::Child>::Client);
    let found = quote!(#otp::__private::partition_client::<Self>());
    let requests = requests(kind, item);
    quote! {
        /// The partition that a key leads to, found at each use.
        #vis fn of(key: impl #otp::PartitionKey) -> #client {
            #found.of(key)
        }
        /// The partition that a key leads to, when there is one now.
        #vis fn try_of(key: impl #otp::PartitionKey) -> #result<#client, #otp::PartitionError> {
            #found.try_of(key)
        }
        /// The name of the partition that a key leads to, for everything that takes a name.
        #vis fn name_of(key: impl #otp::PartitionKey) -> #otp::Name {
            #found.name_of(key)
        }
        /// How many partitions there are.
        #vis fn partitions() -> #result<usize, #otp::PartitionError> {
            #found.partitions()
        }
        /// Changes the number of partitions, up to that of the start; returns the one before.
        #vis async fn resize(partitions: usize) -> #result<usize, #otp::PartitionError> {
            #found.resize(partitions).await
        }
        #requests
    }
}
