//! The functions of a registry, as functions of the type that stands for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Registry;

/// One function that does the same as the method of the handle.
struct Function {
    name: &'static str,
    doc: &'static str,
    /// Whether the first parameter is a key in a borrowed form.
    by_key: bool,
    generics: TokenStream,
    params: TokenStream,
    args: TokenStream,
    output: TokenStream,
    waits: bool,
}

impl Function {
    fn new(name: &'static str, doc: &'static str, output: TokenStream) -> Function {
        let none = TokenStream::new;
        let (generics, params, args) = (none(), none(), none());
        Function { name, doc, by_key: false, generics, params, args, output, waits: false }
    }

    fn by_key(self) -> Function {
        Function { by_key: true, ..self }
    }

    fn generic(self, generics: TokenStream) -> Function {
        Function { generics, ..self }
    }

    fn given(self, params: TokenStream, args: TokenStream) -> Function {
        Function { params, args, ..self }
    }

    fn waits(self) -> Function {
        Function { waits: true, ..self }
    }
}

/// All functions.
pub(super) fn expand(registry: &Registry) -> TokenStream {
    let name = &registry.name;
    let (starting, sound) = (starting(registry), registry.sound());
    let mut all = writing(registry);
    all.extend(reading(registry));
    all.extend(publishing(registry));
    all.extend(beside(registry));
    let functions = all.iter().map(|function| forward(registry, function));
    quote! {
        #[allow(
            clippy::pedantic, dead_code, deprecated, private_bounds, private_interfaces,
            unreachable_pub,
        )]
        impl #name #sound {
            #starting
            #(#functions)*
        }
    }
}

fn starting(registry: &Registry) -> TokenStream {
    let Registry { otp, vis, .. } = registry;
    let types = registry.types();
    quote! {
        /// The options with which it starts, to be changed.
        #vis fn options() -> #otp::Registry<#types> {
            <Self as #otp::registry::RegistryModule>::options()
        }
        /// Starts the registry, linked to the calling process.
        #vis fn start_link() -> #otp::registry::StartRegistry<#types> {
            #otp::__private::start_link_registry::<Self>(Self::options())
        }
        /// Starts the registry with other options, linked to the calling process.
        #vis fn start_link_with(
            options: #otp::Registry<#types>,
        ) -> #otp::registry::StartRegistry<#types> {
            #otp::__private::start_link_registry::<Self>(options)
        }
        /// The child specification of the registry, for a supervisor.
        #vis fn child_spec() -> #otp::ChildSpec<Self> {
            #otp::__private::registry_child_spec::<Self>(Self::options())
        }
        /// The child specification of the registry with other options.
        #vis fn child_spec_with(options: #otp::Registry<#types>) -> #otp::ChildSpec<Self> {
            #otp::__private::registry_child_spec::<Self>(options)
        }
        /// The handle of the registry, which finds it at each use.
        #vis fn client() -> #otp::RegistryRef<#types> {
            <Self as #otp::registry::RegistryModule>::registry()
        }
    }
}

fn forward(registry: &Registry, function: &Function) -> TokenStream {
    let Registry { otp, vis, key, .. } = registry;
    let Function { doc, by_key, generics, params, args, output, waits, .. } = function;
    let name = format_ident!("{}", function.name);
    let (keyed, key_param, key_arg, bounds) = match by_key {
        false => (None, None, None, None),
        true => (
            Some(quote!(__Q: ?::core::marker::Sized,)),
            Some(quote!(key: &__Q,)),
            Some(quote!(key,)),
            Some(quote! {
                where
                    #key: ::core::borrow::Borrow<__Q>,
                    __Q: ::core::cmp::Eq + ::core::hash::Hash,
            }),
        ),
    };
    let (is_async, wait) = match waits {
        true => (Some(quote!(async)), Some(quote!(.await))),
        false => (None, None),
    };
    let doc = format!("{doc} See `RegistryRef::{name}`.");
    quote! {
        #[doc = #doc]
        #vis #is_async fn #name<#keyed #generics>(
            #key_param #params
        ) -> ::core::result::Result<#output, #otp::RegistryError> #bounds {
            #otp::__private::registry::<Self>().#name(#key_arg #args)#wait
        }
    }
}

fn writing(registry: &Registry) -> Vec<Function> {
    let key = &registry.key;
    let value = registry.value_type();
    let (params, args) = match &registry.value {
        Some(value) => (quote!(key: #key, value: #value), quote!(key, value)),
        None => (quote!(key: #key), quote!(key, ())),
    };
    let mut all = vec![
        Function::new("register", "Registers the calling process under a key.", quote!(()))
            .given(params, args),
        Function::new("unregister", "Takes back the calling process's entries.", quote!(()))
            .by_key(),
        Function::new(
            "unregister_match",
            "Takes back those of the calling process's entries that are chosen.",
            quote!(()),
        )
        .by_key()
        .given(
            quote!(leaves: impl ::core::ops::FnMut(&#value) -> ::core::primitive::bool),
            quote!(leaves),
        ),
    ];
    if registry.unique {
        let doc = "Changes the value of the calling process's entry; the new and the old value.";
        let change = quote!(change: impl ::core::ops::FnOnce(&#value) -> #value);
        let update = Function::new("update_value", doc, quote!((#value, #value)));
        all.push(update.by_key().given(change, quote!(change)));
    }
    all
}

fn reading(registry: &Registry) -> Vec<Function> {
    let (otp, key, value) = (&registry.otp, &registry.key, registry.value_type());
    let entry = quote!(#otp::registry::Entry<#value>);
    let entries = quote!(::std::vec::Vec<#entry>);
    let (doc, found) = match registry.unique {
        true => ("The entry of a key.", quote!(::core::option::Option<#entry>)),
        false => ("The entries of a key.", entries.clone()),
    };
    let bool = quote!(::core::primitive::bool);
    let of_key = quote!(wants: impl ::core::ops::FnMut(#otp::Pid, &#value) -> #bool);
    let of_all = quote!(wants: impl ::core::ops::FnMut(&#key, #otp::Pid, &#value) -> #bool);
    let choose = quote! {
        choose: impl ::core::ops::FnMut(&#key, #otp::Pid, &#value) -> ::core::option::Option<__T>
    };
    let (usize, wants) = (quote!(::core::primitive::usize), || quote!(wants));
    vec![
        Function::new("lookup", doc, found).by_key(),
        Function::new("keys", "The keys of a process.", quote!(::std::vec::Vec<#key>))
            .given(quote!(pid: #otp::Pid), quote!(pid)),
        Function::new(
            "values",
            "The values of a process under a key.",
            quote!(::std::vec::Vec<#value>),
        )
        .by_key()
        .given(quote!(pid: #otp::Pid), quote!(pid)),
        Function::new("count", "How many entries there are.", usize.clone()),
        Function::new("matches", "The entries of a key that are wanted.", entries)
            .by_key()
            .given(of_key.clone(), wants()),
        Function::new("count_match", "How many entries of a key are wanted.", usize.clone())
            .by_key()
            .given(of_key, wants()),
        Function::new("select", "What is made of all entries.", quote!(::std::vec::Vec<__T>))
            .generic(quote!(__T))
            .given(choose, quote!(choose)),
        Function::new("count_select", "How many of all entries are wanted.", usize)
            .given(of_all, wants()),
    ]
}

fn publishing(registry: &Registry) -> Vec<Function> {
    let (otp, value) = (&registry.otp, registry.value_type());
    let entries = quote!(&[#otp::registry::Entry<#value>]);
    let each = quote! {
        each: impl ::core::ops::Fn(#entries) + ::core::marker::Send + ::core::marker::Sync + 'static
    };
    let message = quote!(__M: ::core::clone::Clone + ::core::marker::Send + 'static);
    vec![
        Function::new(
            "broadcast",
            "Sends a message to all entries of a key; how many there were.",
            quote!(::core::primitive::usize),
        )
        .by_key()
        .generic(message)
        .given(quote!(message: __M), quote!(message)),
        Function::new("dispatch", "Calls a function with the entries of a key.", quote!(()))
            .by_key()
            .given(quote!(each: impl ::core::ops::FnMut(#entries)), quote!(each)),
        Function::new(
            "dispatch_parallel",
            "Calls a function with the entries of a key, in other processes.",
            quote!(()),
        )
        .by_key()
        .given(each, quote!(each))
        .waits(),
    ]
}

/// What a registry has beside its entries.
fn beside(registry: &Registry) -> Vec<Function> {
    let (otp, key) = (&registry.otp, &registry.key);
    let any = quote!(__T: #otp::registry::Value);
    let text = quote! {
        ::core::convert::Into<::std::borrow::Cow<'static, ::core::primitive::str>>
    };
    let by_text = || quote!(key: &::core::primitive::str);
    vec![
        Function::new(
            "meta",
            "A value that is kept beside the entries.",
            quote!(::core::option::Option<__T>),
        )
        .generic(any.clone())
        .given(by_text(), quote!(key)),
        Function::new("put_meta", "Keeps a value beside the entries.", quote!(()))
            .generic(any)
            .given(quote!(key: impl #text, value: __T), quote!(key, value)),
        Function::new("delete_meta", "Drops a value that is kept beside the entries.", quote!(()))
            .given(by_text(), quote!(key)),
        Function::new(
            "lock",
            "Does work while nobody else does it under this key.",
            quote!(__F::Output),
        )
        .generic(quote!(__F: ::core::future::Future))
        .given(quote!(key: #key, work: __F), quote!(key, work))
        .waits(),
    ]
}
