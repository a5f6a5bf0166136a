//! Collecting and printing compile errors.
//!
//! All faults of one item are reported together. Every error has a span on the user's token, one
//! sentence that says what is wrong there, at most one help that says what to type, and a code that
//! is an anchor of `docs/errors.md`.

use std::fmt::{Display, Write as _};
use std::mem;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The faults found in one item, in the order found.
///
/// It must be turned into tokens with [`Diags::finish`]; dropping it unread is a bug and panics, so
/// that no error can be lost.
#[derive(Debug)]
pub(crate) struct Diags {
    errors: Option<Vec<Diag>>,
    warnings: Vec<Warning>,
}

/// Something that compiles but is probably not meant.
#[derive(Debug)]
struct Warning {
    diag: Diag,
    /// Attributes that may silence it: the user's own `#[allow(deprecated)]`.
    allow: TokenStream,
}

/// One fault.
#[derive(Debug)]
pub(crate) struct Diag {
    code: &'static str,
    start: Span,
    end: Span,
    message: String,
    help: Option<String>,
}

impl Diags {
    /// Starts an empty collection.
    pub(crate) fn new() -> Diags {
        Diags { errors: Some(Vec::new()), warnings: Vec::new() }
    }

    /// Reports a fault on the tokens of `at`.
    ///
    /// `message` starts in lower case and ends without a full stop.
    pub(crate) fn error(
        &mut self,
        at: impl ToTokens,
        code: &'static str,
        message: impl Display,
    ) -> &mut Diag {
        self.push(Diag::new(at.into_token_stream(), code, message.to_string()))
    }

    /// Warns about the tokens of `at`; `allow` holds attributes that may silence the warning.
    pub(crate) fn warn(
        &mut self,
        at: impl ToTokens,
        code: &'static str,
        message: impl Display,
        allow: TokenStream,
    ) -> &mut Diag {
        let diag = Diag::new(at.into_token_stream(), code, message.to_string());
        self.warnings.push(Warning { diag, allow });
        &mut self.warnings.last_mut().expect("just pushed").diag
    }

    /// Reports a fault on one span.
    pub(crate) fn error_at(
        &mut self,
        span: Span,
        code: &'static str,
        message: impl Display,
    ) -> &mut Diag {
        self.push(Diag { code, start: span, end: span, message: message.to_string(), help: None })
    }

    fn push(&mut self, diag: Diag) -> &mut Diag {
        let errors = self.errors.get_or_insert_with(Vec::new);
        errors.push(diag);
        errors.last_mut().expect("just pushed")
    }

    /// How many errors have been reported so far.
    pub(crate) fn count(&self) -> usize {
        self.errors.as_ref().map_or(0, Vec::len)
    }

    /// The expansion: `item` first, then every error as a `compile_error!` at its span.
    pub(crate) fn finish(mut self, item: TokenStream) -> TokenStream {
        let mut output = item;
        for diag in self.errors.take().unwrap_or_default() {
            output.extend(diag.into_tokens());
        }
        for warning in mem::take(&mut self.warnings) {
            output.extend(warning.into_tokens());
        }
        output
    }
}

impl Drop for Diags {
    fn drop(&mut self) {
        if self.errors.is_some() && !std::thread::panicking() {
            panic!("compile errors were collected but never emitted");
        }
    }
}

impl Warning {
    /// The stable language has no warnings for macros; the use of a deprecated item is one.
    fn into_tokens(self) -> TokenStream {
        let Warning { diag, allow } = self;
        let (code, text) = (diag.code, diag.text());
        let item = Ident::new(code, Span::call_site());
        let usage = Ident::new(code, diag.start.resolved_at(Span::call_site()));
        quote! {
            #allow
            const _: () = {
                #[deprecated(note = #text)]
                const #item: () = ();
                #usage
            };
        }
    }
}

impl Diag {
    fn new(at: TokenStream, code: &'static str, message: String) -> Diag {
        let mut spans = at.into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        let end = spans.last().unwrap_or(start);
        Diag { code, start, end, message, help: None }
    }

    /// Says what to type instead.
    pub(crate) fn help(&mut self, help: impl Display) -> &mut Diag {
        self.help = Some(help.to_string());
        self
    }

    fn text(&self) -> String {
        let mut text = self.message.clone();
        text.push('\n');
        if let Some(help) = &self.help {
            let _ = write!(text, "\nhelp: {help}");
        }
        let _ = write!(text, "\nnote: {}", self.code);
        text
    }

    fn into_tokens(self) -> TokenStream {
        let text = self.text();
        // rustc underlines from the first token's span to the last one's.
        let start = quote_spanned!(self.start=> ::core::compile_error!);
        let end = quote_spanned!(self.end=> { #text });
        quote!(#start #end)
    }
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // `OneForOne` for `one_for_one`.
    let snake: String = word
        .char_indices()
        .flat_map(|(at, it)| {
            let gap = (at > 0 && it.is_uppercase()).then_some('_');
            gap.into_iter().chain(it.to_lowercase())
        })
        .collect();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .iter()
        .map(|candidate| (distance(word, candidate).min(distance(&snake, candidate)), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn suggests_the_nearest_word_only() {
        let options = ["restart", "shutdown", "name"];
        assert_eq!(did_you_mean("restrat", &options), Some("restart"));
        assert_eq!(did_you_mean("shutdwon", &options), Some("shutdown"));
        assert_eq!(did_you_mean("colour", &options), None);
        assert_eq!(did_you_mean("OneForOne", &["one_for_all", "one_for_one"]), Some("one_for_one"));
    }
}
