//! Rules about Rust syntax: the length of functions, ignored tests, and where `unsafe` may stand.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::{File, Finding};

const FUNCTION_LINES_MAX: usize = 70;

/// The folders that may contain `unsafe`. At the moment there is none.
const UNSAFE_FOLDERS: [&str; 0] = [];

pub(super) fn check(file: &File, found: &mut Vec<Finding>) {
    // A UI file need not be Rust, and a snapshot is not written by hand.
    if !file.is("rs") || file.is_in("ui") || file.is_in("snapshots") {
        return;
    }
    match syn::parse_file(&file.text) {
        Ok(syntax) => Visitor { file, found: &mut *found }.visit_file(&syntax),
        Err(error) => {
            let line = error.span().start().line;
            found.push(Finding::new(file, line, format!("the file does not parse: {error}")));
            return;
        }
    }
    if !UNSAFE_FOLDERS.iter().any(|folder| file.path.starts_with(folder)) {
        // Errors were reported above; the tokens are those of the same text.
        let tokens = file.text.parse().unwrap_or_else(|_| TokenStream::new());
        let quoted_is_data = file.path.starts_with("otp-macros/");
        unsafe_tokens(tokens, quoted_is_data, &mut |span| {
            let why = "`unsafe` stands outside of the folders that may contain it";
            found.push(Finding::new(file, span.start().line, why));
        });
    }
}

/// Measures every function, from its signature to its closing brace, and looks at its attributes.
struct Visitor<'a> {
    file: &'a File,
    found: &'a mut Vec<Finding>,
}

impl Visitor<'_> {
    fn measure(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.span().start().line;
        let lines = body.span().end().line + 1 - first;
        if lines > FUNCTION_LINES_MAX {
            let name = &signature.ident;
            let why = format!("`{name}` has {lines} lines, the limit is {FUNCTION_LINES_MAX}");
            self.found.push(Finding::new(self.file, first, why));
        }
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.measure(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.measure(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("ignore") {
            let line = attribute.span().start().line;
            let why = "an ignored test tests nothing: mend it or remove it";
            self.found.push(Finding::new(self.file, line, why));
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.measure(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

/// Finds `unsafe` in front of a block, an item or an attribute, also inside of macros.
///
/// With `quoted_is_data` the arguments of `quote!` and its like are skipped: there they are the
/// input or the output of a macro, not code of this repository.
fn unsafe_tokens(tokens: TokenStream, quoted_is_data: bool, report: &mut impl FnMut(Span)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if word == "unsafe" && opens_code(tokens.get(index + 1)) => {
                report(word.span());
            }
            TokenTree::Group(group) if !(quoted_is_data && is_quote(&tokens[..index])) => {
                unsafe_tokens(group.stream(), quoted_is_data, report);
            }
            _ => {}
        }
    }
}

fn opens_code(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Group(group)) => {
            matches!(group.delimiter(), Delimiter::Brace | Delimiter::Parenthesis)
        }
        Some(TokenTree::Ident(word)) => {
            ["fn", "impl", "trait", "extern", "mod", "async"].iter().any(|keyword| word == keyword)
        }
        _ => false,
    }
}

/// Whether the tokens end in `quote!`, `quote_spanned!`, `parse_quote!` or the like.
fn is_quote(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(bang)] => {
            bang.as_char() == '!' && name.to_string().contains("quote")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        check(&File::new(path, text), &mut found);
        found.into_iter().map(|finding| finding.line).collect()
    }

    /// A function of `lines` lines, without the indentation.
    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_may_have_70_lines() {
        assert_eq!(lines("src/a.rs", &function(70)), []);
        assert_eq!(lines("src/a.rs", &format!("\n{}", function(71))), [2]);
    }

    #[test]
    fn documentation_is_not_part_of_the_length() {
        let text = format!("{}#[inline]\n{}", "/// why\n".repeat(20), function(70));
        assert_eq!(lines("src/a.rs", &text), []);
    }

    #[test]
    fn methods_and_nested_functions_are_measured_too() {
        let long = function(71);
        assert_eq!(lines("src/a.rs", &format!("impl A {{\n{long}}}")), [2]);
        assert_eq!(lines("src/a.rs", &format!("trait A {{\nfn short();\n{long}}}")), [3]);
        assert_eq!(lines("src/a.rs", &format!("mod a {{\n{long}}}")), [2]);
        assert_eq!(lines("src/a.rs", &format!("fn outer() {{\n{long}}}")), [1, 2]);
    }

    #[test]
    fn ignored_tests_are_found_and_the_word_in_text_is_not() {
        assert_eq!(lines("tests/a.rs", "#[test]\n#[ignore]\nfn a() {}"), [2]);
        assert_eq!(lines("tests/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}"), [2]);
        assert_eq!(lines("src/a.rs", "/// Not `#[ignore]`.\nfn a() {}"), []);
    }

    #[test]
    fn a_file_that_does_not_parse_is_a_finding_except_in_ui() {
        assert_eq!(lines("src/a.rs", "fn a() {}\nfn fn b() {}"), [2]);
        assert_eq!(lines("ui-tests/ui/a.rs", "fn a() {}\nfn"), []);
    }

    #[test]
    fn unsafe_code_is_found_in_every_form() {
        let forms = [
            "fn a() { unsafe { b() } }",
            "unsafe fn a() {}",
            "unsafe impl Send for A {}",
            "unsafe trait A {}",
            "unsafe extern \"C\" { }",
            "#[unsafe(no_mangle)] fn a() {}",
            "macro_rules! a { () => { unsafe { b() } } }",
        ];
        for form in forms {
            assert_eq!(lines("otp-core/src/a.rs", form), [1], "{form}");
        }
    }

    #[test]
    fn the_word_unsafe_in_text_is_not_code() {
        let text = "/// A handler cannot be `unsafe`.\nfn a() -> &'static str { \"unsafe {\" }";
        assert_eq!(lines("otp-core/src/a.rs", text), []);
        assert_eq!(lines("otp-macros/src/a.rs", "type A = Token![unsafe];"), []);
    }

    #[test]
    fn what_a_macro_reads_is_data_in_the_macro_crate_only() {
        let text = "fn a() { check(quote! { unsafe fn get(&self) {} }) }";
        assert_eq!(lines("otp-macros/src/a.rs", text), []);
        assert_eq!(lines("otp-core/src/a.rs", text), [1]);
    }
}
