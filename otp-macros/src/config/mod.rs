//! `#[derive(Config)]`: reading a struct from defaults, a file and the environment.

mod expand;
mod parse;

use proc_macro2::{Ident, TokenStream};
use syn::{Generics, Type};

use crate::diag::Diags;

/// A struct that is read from the configuration.
struct Model {
    name: Ident,
    generics: Generics,
    /// The path of the library.
    otp: TokenStream,
    /// The application whose table it is.
    app: Option<String>,
    deny_unknown: bool,
    fields: Vec<Field>,
}

/// One field of it.
struct Field {
    name: Ident,
    ty: Type,
    key: String,
    env: Option<String>,
    secret: bool,
    source: Source,
}

/// What a field is when no source has a value, or that it is a struct of its own.
enum Source {
    Required,
    /// The type's own default.
    Default,
    /// An expression.
    Value(TokenStream),
    Nested,
}

/// The derive: what is generated for the item, and the errors.
pub(crate) fn config(item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let output = match syn::parse2::<syn::Item>(item) {
        Ok(item) => parse::model(&item, &mut diags).map(|model| expand::expand(&model)),
        Err(error) => {
            let message = format!("this type cannot be read: {error}");
            diags.error_at(error.span(), "OTP0105", message);
            None
        }
    };
    diags.finish(output.unwrap_or_default())
}

/// What the derive is while the crate is built without what it needs.
pub(crate) fn unavailable() -> TokenStream {
    quote::quote! {
        ::core::compile_error! {
            "`#[derive(Config)]` needs the feature `config` of the crate `otp`\n\n\
             help: write `otp = { version = \"..\", features = [\"config\"] }` in `Cargo.toml`"
        }
    }
}
