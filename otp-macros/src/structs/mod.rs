//! Attributes on structs that stand for a supervisor: `#[dynamic_supervisor]` and
//! `#[partition_supervisor]`.
//!
//! The struct says what is supervised: `pub struct WorkerSup(Worker);`. It becomes a type without a
//! value, with the functions of the supervisor that has its name.

mod expand;
mod item;
mod options;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use self::expand::Kind;
use self::item::{Item, Read};
use crate::diag::Diags;
use crate::gen_server::types::located;

/// `#[dynamic_supervisor]`.
pub(crate) fn dynamic_supervisor(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let settings = options::dynamic(args, &mut diags);
    let item = match item::read(item, "dynamic_supervisor", "WorkerSup(Worker)", &mut diags) {
        Read::Item(item) => item,
        Read::Other(tokens) => return diags.finish(tokens),
    };
    let (otp, calls) = (settings.otp, settings.calls);
    let (child, builder) = match &item.inner {
        Some(inner) => {
            (inner.to_token_stream(), quote!(#otp::DynamicSupervisor::of::<Self::Child>() #calls))
        }
        None => (quote!(#otp::AnyChild), quote!(#otp::DynamicSupervisor::new() #calls)),
    };
    let output = expand::expand(&item, &Kind::dynamic(&otp, &child), &builder);
    diags.finish(output)
}

/// `#[partition_supervisor]`.
pub(crate) fn partition_supervisor(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let settings = options::partition(args, &mut diags);
    let item = match item::read(item, "partition_supervisor", "WorkerSups(WorkerSup)", &mut diags) {
        Read::Item(item) => item,
        Read::Other(tokens) => return diags.finish(tokens),
    };
    let (otp, calls) = (settings.otp, settings.calls);
    let Some(inner) = &item.inner else {
        if item.kept.is_none() {
            no_child(&item, &mut diags);
        }
        // Any child does, so that the functions are there.
        let child = quote!(#otp::DynamicSupervisor);
        let spec = quote!(#child::new().child_spec("unknown"));
        let builder = quote!(#otp::PartitionSupervisor::new(#spec));
        let output = expand::expand(&item, &Kind::partition(&otp, &child), &builder);
        return diags.finish(output);
    };
    let make = match &settings.with {
        Some(with) => quote!(from_fn(#with)),
        None => {
            // When it needs arguments, that is reported at the user's type.
            let end = inner.to_token_stream().into_iter().last();
            let span = end.map_or_else(Span::call_site, |token| token.span());
            let otp = located(&otp, span);
            let spec = quote_spanned! {span=>
                <<Self as #otp::PartitionSupervisorModule>::Child>::child_spec()
            };
            match diags.count() {
                0 => quote!(new(#spec)),
                _ => quote!(from_fn(|_| ::core::unreachable!())),
            }
        }
    };
    let builder = quote!(#otp::PartitionSupervisor::<Self::Child>::#make #calls);
    let child = inner.to_token_stream();
    let output = expand::expand(&item, &Kind::partition(&otp, &child), &builder);
    diags.finish(output)
}

fn no_child(item: &Item, diags: &mut Diags) {
    let name = &item.name;
    let message = format!("`{name}` does not say what runs in its partitions");
    diags
        .error(name, "OTP0905", message)
        .help(format!("write `struct {name}(WorkerSup);` with the type that is to be copied"));
}
