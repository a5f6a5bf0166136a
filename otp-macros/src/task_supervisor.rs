//! `#[task_supervisor]`: a supervisor of tasks, known by its type.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Fields, Item, Visibility};

use crate::diag::Diags;
use crate::gen_server::settings::absolute;
use crate::literal::compact;
use crate::options::{Key, Table, Value, read};

const TABLE: Table = Table {
    owner: "`#[task_supervisor]`",
    separator: '=',
    unknown: "OTP0301",
    twice: "OTP0302",
    keys: &[
        Key { name: "max_children", value: Value::Required, help: MAX_CHILDREN_HELP },
        Key { name: "crate", value: Value::Required, help: "`crate = ::my_reexport::otp`" },
    ],
};
const MAX_CHILDREN_HELP: &str = "`max_children = 100`: how many tasks may run at a time";

/// The struct under the attribute, as far as it matters.
struct Model {
    cfgs: TokenStream,
    vis: Visibility,
    name: Ident,
    otp: TokenStream,
    max_children: Option<usize>,
}

/// The attribute: the item, what is generated for it, and the errors.
pub(crate) fn task_supervisor(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let options = read(args, &TABLE, &mut diags);
    let otp = options.value("crate").and_then(|path| absolute(path, &mut diags));
    let max_children = options.value("max_children").and_then(|it| count(it, &mut diags));
    let mut output = item.clone();
    if let Some((cfgs, vis, name)) = unit_struct(item, &mut diags) {
        let otp = otp.unwrap_or_else(|| quote!(::otp));
        let model = Model { cfgs, vis, name, otp, max_children };
        output.extend(child(&model));
        output.extend(starts(&model));
        output.extend(tasks(&model));
        output.extend(streams(&model));
        output.extend(administration(&model));
    }
    diags.finish(output)
}

/// A whole number from 1.
fn count(value: &TokenStream, diags: &mut Diags) -> Option<usize> {
    let number = syn::parse2::<syn::LitInt>(value.clone()).ok();
    let number = number.filter(|number| number.suffix().is_empty());
    let number = number.and_then(|number| number.base10_parse::<usize>().ok());
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        let found = compact(value);
        let message = format!("`max_children` is a whole number from 1, found `{found}`");
        diags.error(value, "OTP0912", message).help(MAX_CHILDREN_HELP);
    }
    number
}

/// The item's `#[cfg]`s, visibility and name, when it is a struct without anything in it.
fn unit_struct(item: TokenStream, diags: &mut Diags) -> Option<(TokenStream, Visibility, Ident)> {
    let help = "write `#[task_supervisor] pub struct Mailer;`";
    let message = "`#[task_supervisor]` needs a struct without fields or parameters";
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(it)) => {
            let fault = match &it.fields {
                Fields::Unit if it.generics.params.is_empty() => None,
                Fields::Unit => Some(it.generics.to_token_stream()),
                fields => Some(fields.to_token_stream()),
            };
            if let Some(fault) = fault {
                diags.error(fault, "OTP0911", message).help(help);
                return None;
            }
            let is_cfg = |attr: &&Attribute| attr.path().is_ident("cfg");
            let cfgs = it.attrs.iter().filter(is_cfg).map(ToTokens::to_token_stream).collect();
            Some((cfgs, it.vis, it.ident))
        }
        Ok(other) => {
            diags.error(other, "OTP0911", message).help(help);
            None
        }
        Err(error) => {
            diags.error_at(error.span(), "OTP0911", message).help(help);
            None
        }
    }
}

/// The builder of the supervisor, as an expression.
fn builder(model: &Model) -> TokenStream {
    let otp = &model.otp;
    let most = model.max_children.map(|most| {
        let most = Literal::usize_unsuffixed(most);
        quote!(.max_children(#most))
    });
    quote!(#otp::TaskSupervisor::new() #most)
}

/// The trait by which it is a child of supervisors.
fn child(model: &Model) -> TokenStream {
    let Model { cfgs, name, otp, .. } = model;
    let builder = builder(model);
    quote! {
        #cfgs
        #[automatically_derived]
        impl #otp::Child for #name {
            type Args = ();
            type Client = #otp::TaskSupervisorRef;
            async fn start(
                (): (),
                name: ::core::option::Option<#otp::Name>,
            ) -> ::core::result::Result<#otp::Started<Self>, #otp::StartError> {
                #otp::__private::start_task_supervisor_child::<Self>(#builder, name).await
            }
            async fn start_copy(
                (): (),
            ) -> ::core::result::Result<#otp::Started<Self>, #otp::StartError> {
                #otp::__private::start_task_supervisor_copy::<Self>(#builder).await
            }
        }

        #cfgs
        #[automatically_derived]
        impl #otp::Named for #name {
            fn named_client(name: #otp::Name) -> #otp::TaskSupervisorRef {
                #otp::TaskSupervisorRef::named(name)
            }
        }
    }
}

/// An `impl` block of the type.
fn block(model: &Model, functions: &TokenStream) -> TokenStream {
    let Model { cfgs, name, .. } = model;
    quote! {
        #cfgs
        #[allow(clippy::pedantic, dead_code, unreachable_pub)]
        impl #name {
            #functions
        }
    }
}

/// The functions that start it and find it.
fn starts(model: &Model) -> TokenStream {
    let Model { vis, name, otp, .. } = model;
    let builder = builder(model);
    let linked = format!("Starts `{name}`, linked to the calling process.");
    let child = format!("The child specification of `{name}`, for a supervisor.");
    let client = format!("The running `{name}`, whichever process it is.");
    let functions = quote! {
        #[doc = #linked]
        #vis fn start_link() -> #otp::StartTaskSupervisor {
            #otp::__private::start_link_task_supervisor::<Self>(#builder)
        }
        #[doc = #child]
        #vis fn child_spec() -> #otp::ChildSpec<Self> {
            #otp::__private::task_supervisor_child_spec::<Self>()
        }
        #[doc = #client]
        #vis fn client() -> #otp::TaskSupervisorRef {
            #otp::__private::task_supervisor_client::<Self>()
        }
    };
    block(model, &functions)
}

/// The functions that start tasks.
fn tasks(model: &Model) -> TokenStream {
    let mut functions = unawaited(model);
    functions.extend(awaited(model));
    block(model, &functions)
}

/// Tasks that nobody waits for.
fn unawaited(model: &Model) -> TokenStream {
    let Model { vis, otp, .. } = model;
    quote! {
        /// Starts a task that nobody waits for, and returns its pid.
        #vis async fn start_child(
            future: impl ::core::future::Future + ::core::marker::Send + 'static,
        ) -> ::core::result::Result<#otp::Pid, #otp::ChildError> {
            Self::client().start_child(future).await
        }
        /// As `start_child`, for a task that may be restarted.
        #vis async fn start_child_with<F, Fut>(
            spec: #otp::ChildSpec<#otp::TaskChild<F>>,
        ) -> ::core::result::Result<#otp::Pid, #otp::ChildError>
        where
            F: ::core::ops::Fn() -> Fut
                + ::core::marker::Send + ::core::marker::Sync + 'static,
            Fut: ::core::future::Future + ::core::marker::Send + 'static,
        {
            Self::client().start_child_with(spec).await
        }
    }
}

/// Tasks whose result somebody gets.
fn awaited(model: &Model) -> TokenStream {
    let Model { vis, otp, .. } = model;
    quote! {
        /// Starts a task that is linked to the running process, too.
        #vis fn spawn<T: ::core::marker::Send + 'static>(
            future: impl ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
        ) -> #otp::Task<T> {
            Self::client().spawn(future)
        }
        /// Starts a task that is linked to its supervisor only.
        #vis fn spawn_nolink<T: ::core::marker::Send + 'static>(
            future: impl ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
        ) -> #otp::Task<T> {
            Self::client().spawn_nolink(future)
        }
        /// Starts a task whose result the running server gets as a `TaskDone` message.
        #vis fn start_nolink<S, T>(
            cx: &#otp::Context<S>,
            future: impl ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
        ) -> #otp::MonitorRef
        where
            S: #otp::HandleInfo<#otp::TaskDone<T>>,
            T: ::core::marker::Send + 'static,
        {
            Self::client().start_nolink(cx, future)
        }
    }
}

/// The functions that start a task for each element of an iterator.
fn streams(model: &Model) -> TokenStream {
    let Model { vis, otp, .. } = model;
    let docs = [
        "Runs a function on each element of an iterator, in a task for each: a stream of results.",
        "As `stream`, but a task that fails never ends the consumer.",
    ];
    let names = [quote!(stream), quote!(stream_nolink)];
    let functions: TokenStream = names
        .iter()
        .zip(docs)
        .map(|(name, doc)| {
            quote! {
                #[doc = #doc]
                #vis fn #name<I, F, Fut>(
                    items: I,
                    f: F,
                ) -> #otp::TaskStream<I::IntoIter, F, Fut::Output>
                where
                    I: ::core::iter::IntoIterator,
                    F: ::core::ops::Fn(I::Item) -> Fut
                        + ::core::marker::Send + ::core::marker::Sync + 'static,
                    Fut: ::core::future::Future<Output: ::core::marker::Send + 'static>
                        + ::core::marker::Send + 'static,
                {
                    Self::client().#name(items, f)
                }
            }
        })
        .collect();
    block(model, &functions)
}

/// The functions that look at the tasks and end them.
fn administration(model: &Model) -> TokenStream {
    let Model { vis, otp, .. } = model;
    let functions = quote! {
        /// The tasks that run.
        #vis async fn children()
        -> ::core::result::Result<::std::vec::Vec<#otp::Pid>, #otp::CallError> {
            Self::client().children().await
        }
        /// Ends a task and waits until it is gone.
        #vis async fn terminate_child(
            child: impl #otp::AsPid,
        ) -> ::core::result::Result<(), #otp::ChildError> {
            Self::client().terminate_child(child).await
        }
        /// How many tasks there are.
        #vis async fn count_children()
        -> ::core::result::Result<#otp::ChildCounts, #otp::CallError> {
            Self::client().count_children().await
        }
        /// Stops the supervisor and its tasks, and waits until they are gone.
        #vis fn stop() -> #otp::Stop {
            Self::client().stop()
        }
    };
    block(model, &functions)
}
