//! Compile-time errors, one file each, checked by the tests of this crate.
//!
//! `ui/<area>/pass_<what>.rs` must compile and run. `ui/<area>/e<code>_<what>.rs` must not compile,
//! and says in comments what is expected; nor must `ui/<area>/rustc_<what>.rs`, a mistake that the
//! compiler itself words well enough:
//!
//! ```text
//! //~ ERRORS: 2          the number of errors; 1 without this line, 0 for a warning
//! //~ CODE: E0599        in `rustc_<what>.rs`: the compiler's code, or words of its message
//! impl Counter { //~ SPAN: Counter
//! ```
//!
//! The line with `//~ SPAN` is where the first error starts; what follows the colon is the source
//! text it underlines, and may be left out together with the colon. Code, number and place are
//! checked on every toolchain. The printed text in the `.stderr` file beside is compared only where
//! `rustc --version` equals the line in the file `rustc-version`; it may be left out when there are
//! more errors than one. `TRYBUILD=overwrite` writes the texts anew.
//!
//! Both snippets of every section of `docs/errors.md` are compiled, too: the wrong one prints its
//! code and no other, the right one compiles.
//!
//! `UI=newcomer cargo test -p ui-tests` runs only the files whose path contains the word.

pub mod case;
pub mod check;
pub mod diagnostic;
pub mod docs;
pub mod project;

/// The code that a newcomer reads first is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
