//! The words and literals of options: durations, restart and shutdown values, flags.
//!
//! Every reader takes the tokens of one value, reports what is wrong with it, and gives `None` when
//! there is nothing to go on with.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Lit;
use syn::ext::IdentExt;
use syn::parse::Parser;

use crate::diag::{Diags, did_you_mean};

const UNITS: [(&str, u64); 5] = [
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];
const SMALLEST: u64 = 1_000;
const RESTART_HELP: &str =
    "`permanent` always restarts, `transient` after a crash only, `temporary` never";
const SHUTDOWN_HELP: &str = "a duration (`5s`), `infinity`, or `brutal_kill`";

/// Whether a duration of zero means something where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zero {
    /// Zero is "at once".
    Allowed,
    /// Zero is a mistake.
    Refused,
}

/// When a supervisor starts a child again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restart {
    /// Always.
    Permanent,
    /// After a crash.
    Transient,
    /// Never.
    Temporary,
}

/// How a supervisor stops a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shutdown {
    /// Kill it at once.
    BrutalKill,
    /// Ask, wait this long, then kill.
    After(Duration),
    /// Ask and wait.
    Infinity,
}

impl Restart {
    /// The value as an expression; `otp` is the path of the library.
    pub(crate) fn tokens(self, otp: &TokenStream) -> TokenStream {
        match self {
            Restart::Permanent => quote!(#otp::Restart::Permanent),
            Restart::Transient => quote!(#otp::Restart::Transient),
            Restart::Temporary => quote!(#otp::Restart::Temporary),
        }
    }
}

impl Shutdown {
    /// The value as an expression; `otp` is the path of the library.
    pub(crate) fn tokens(self, otp: &TokenStream) -> TokenStream {
        match self {
            Shutdown::BrutalKill => quote!(#otp::Shutdown::BrutalKill),
            Shutdown::Infinity => quote!(#otp::Shutdown::Infinity),
            Shutdown::After(duration) => {
                let duration = duration_tokens(duration);
                quote!(#otp::Shutdown::After(#duration))
            }
        }
    }
}

/// A duration as an expression.
pub(crate) fn duration_tokens(duration: Duration) -> TokenStream {
    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    quote!(::core::time::Duration::from_nanos(#nanos))
}

/// The value when it is exactly one word.
pub(crate) fn word(value: &TokenStream) -> Option<Ident> {
    Ident::parse_any.parse2(value.clone()).ok() // `true` and `false` too
}

/// The only literal of the value.
fn literal(value: &TokenStream) -> Option<Lit> {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(literal)), None) => Some(Lit::new(literal)),
        _ => None,
    }
}

/// Whether the value begins with a number, so that a duration was probably meant.
pub(crate) fn is_numeric(value: &TokenStream) -> bool {
    value.clone().into_iter().find_map(|token| match token {
        TokenTree::Punct(punct) if punct.as_char() == '-' => None,
        TokenTree::Literal(literal) => {
            Some(matches!(Lit::new(literal), Lit::Int(_) | Lit::Float(_)))
        }
        _ => Some(false),
    }) == Some(true)
}

/// Reads a duration such as `5s`, `1_000ms` or `1.5h`.
pub(crate) fn duration(value: &TokenStream, zero: Zero, diags: &mut Diags) -> Option<Duration> {
    let (digits, unit) = match literal(value) {
        Some(Lit::Int(int)) => (int.base10_digits().to_owned(), int.suffix().to_owned()),
        Some(Lit::Float(float)) => (float.base10_digits().to_owned(), float.suffix().to_owned()),
        Some(Lit::Str(text)) => {
            let message = "options are words, not strings";
            diags.error(value, "OTP0311", message).help(format!("write `{}`", text.value()));
            return None;
        }
        _ => {
            let message = format!("expected a duration, found `{}`", compact(value));
            diags.error(value, "OTP0305", message).help("write a number and its unit: `5s`");
            return None;
        }
    };
    if unit.is_empty() {
        diags.error(value, "OTP0306", format!("`{digits}` has no unit")).help(format!(
            "write `{digits}ms` or `{digits}s`; Elixir's plain milliseconds are easy to misread"
        ));
        return None;
    }
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        let meant = UNITS.iter().find(|(name, _)| unit.starts_with(name)).map_or("s", |it| it.0);
        diags
            .error(
                value,
                "OTP0305",
                format!("`{digits}{unit}` is not a duration: unknown unit `{unit}`"),
            )
            .help(format!("units are `us`, `ms`, `s`, `m`, `h`: write `{digits}{meant}`"));
        return None;
    };
    let Some(nanos) = scale(&digits, *factor) else {
        diags
            .error(value, "OTP0305", format!("`{digits}{unit}` is not a duration that fits"))
            .help("write a shorter one, such as `24h`");
        return None;
    };
    let allowed = nanos >= SMALLEST || (nanos == 0 && zero == Zero::Allowed);
    if !allowed {
        diags
            .error(value, "OTP0307", "a duration must be at least 1 microsecond")
            .help("for \"at once\" use `brutal_kill` (shutdown) or `after 0ms` (receive)");
        return None;
    }
    Some(Duration::from_nanos(nanos))
}

/// `digits` times `factor`, exact to the nanosecond; `None` for exponents and for too much.
fn scale(digits: &str, factor: u64) -> Option<u64> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut nanos = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    let mut unit = u128::from(factor) * 1_000_000;
    let mut rest = 0;
    for digit in fraction.chars() {
        unit /= 10;
        rest += u128::from(digit.to_digit(10)?) * unit;
    }
    nanos = nanos.checked_add(u64::try_from(rest / 1_000_000).ok()?)?;
    Some(nanos)
}

/// Reads `permanent`, `transient` or `temporary`; `separator` is the one of the place's table.
pub(crate) fn restart(value: &TokenStream, separator: char, diags: &mut Diags) -> Option<Restart> {
    const WORDS: [&str; 3] = ["permanent", "transient", "temporary"];
    let found = choice(value, ("restart", separator), &WORDS, ("OTP0304", RESTART_HELP), diags)?;
    Some([Restart::Permanent, Restart::Transient, Restart::Temporary][found])
}

/// Reads `10s`, `infinity` or `brutal_kill`; `separator` is the one of the place's table.
pub(crate) fn shutdown(
    value: &TokenStream,
    separator: char,
    diags: &mut Diags,
) -> Option<Shutdown> {
    const WORDS: [&str; 2] = ["infinity", "brutal_kill"];
    if is_numeric(value) {
        return duration(value, Zero::Allowed, diags).map(Shutdown::After);
    }
    let found = choice(value, ("shutdown", separator), &WORDS, ("OTP0308", SHUTDOWN_HELP), diags)?;
    Some([Shutdown::Infinity, Shutdown::BrutalKill][found])
}

/// Reads one of `words` and gives its position.
///
/// `key` is the name of the option and the separator behind it, `error` is the code and the help
/// for any other word.
pub(crate) fn choice(
    value: &TokenStream,
    key: (&str, char),
    words: &[&str],
    error: (&'static str, &str),
    diags: &mut Diags,
) -> Option<usize> {
    let (key, separator) = key;
    let found = word(value).map(|word| word.to_string());
    if let Some(index) = words.iter().position(|word| found.as_deref() == Some(*word)) {
        return Some(index);
    }
    if let Some(Lit::Str(text)) = literal(value) {
        let text = text.value();
        let meant = did_you_mean(&text, words).unwrap_or(words[0]);
        diags.error(value, "OTP0311", "options are words, not strings").help(match separator {
            '=' => format!("write `{key} = {meant}`"),
            _ => format!("write `{key}{separator} {meant}`"),
        });
        return None;
    }
    let text = found.unwrap_or_else(|| compact(value));
    let mut message = format!("unknown {key} value `{text}`");
    if let Some(meant) = did_you_mean(&text, words) {
        message.push_str(&format!("; did you mean `{meant}`?"));
    }
    diags.error(value, error.0, message).help(error.1);
    None
}

/// Reads `true` or `false`; `key` is the name of the option.
pub(crate) fn boolean(value: &TokenStream, key: &str, diags: &mut Diags) -> Option<bool> {
    match word(value).map(|word| word.to_string()).as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => {
            let message = format!("`{key}` is `true` or `false`, found `{}`", compact(value));
            diags.error(value, "OTP0303", message).help("write `true` or `false`");
            None
        }
    }
}

/// Tokens as the user would write them, without the spaces that printing puts between them.
pub(crate) fn compact(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (wide, narrow) in [
        (" ::", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        ("- ", "-"),
        (" (", "("),
        ("' ", "'"),
        (" [", "["),
        (" ;", ";"),
    ] {
        text = text.replace(wide, narrow);
    }
    text.replace("->", " -> ").replace("  ", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, reader: impl Fn(&TokenStream, &mut Diags) -> T) -> (T, String) {
        let mut diags = Diags::new();
        let value = reader(&text.parse().unwrap(), &mut diags);
        (value, diags.finish(TokenStream::new()).to_string())
    }

    fn time(text: &str) -> (Option<Duration>, String) {
        read(text, |tokens, diags| duration(tokens, Zero::Refused, diags))
    }

    #[test]
    fn durations() {
        for (text, nanos) in [
            ("5s", 5_000_000_000),
            ("500ms", 500_000_000),
            ("1_000ms", 1_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0.000_001s", 1_000),
            ("1us", 1_000),
            ("2m", 120_000_000_000),
            ("1.25h", 4_500_000_000_000),
        ] {
            let (value, errors) = time(text);
            assert_eq!(value, Some(Duration::from_nanos(nanos)), "{text}: {errors}");
            assert!(errors.is_empty(), "{text}: {errors}");
        }
    }

    #[test]
    fn bad_durations() {
        for (text, code, part) in [
            ("5sec", "OTP0305", "`5sec` is not a duration: unknown unit `sec`"),
            ("5000", "OTP0306", "`5000` has no unit"),
            ("0s", "OTP0307", "a duration must be at least 1 microsecond"),
            ("0.1us", "OTP0307", "at least 1 microsecond"),
            ("-5s", "OTP0305", "expected a duration, found `-5s`"),
            ("\"5s\"", "OTP0311", "options are words, not strings"),
            ("99999999999h", "OTP0305", "not a duration that fits"),
        ] {
            let (value, errors) = time(text);
            assert_eq!(value, None, "{text}");
            assert!(errors.contains(code) && errors.contains(part), "{text}: {errors}");
            assert_eq!(errors.matches("compile_error").count(), 1, "{text}");
        }
    }

    #[test]
    fn flags() {
        assert_eq!(read("true", |v, d| boolean(v, "significant", d)).0, Some(true));
        assert_eq!(read("false", |v, d| boolean(v, "significant", d)).0, Some(false));
        assert!(read("yes", |v, d| boolean(v, "significant", d)).1.contains("found `yes`"));
    }

    #[test]
    fn restart_and_shutdown_words() {
        assert_eq!(read("transient", |v, d| restart(v, '=', d)).0, Some(Restart::Transient));
        assert!(
            read("permanant", |v, d| restart(v, '=', d)).1.contains("did you mean `permanent`?")
        );
        assert!(
            read("\"transient\"", |v, d| restart(v, '=', d))
                .1
                .contains("write `restart = transient`")
        );
        assert_eq!(read("infinity", |v, d| shutdown(v, ':', d)).0, Some(Shutdown::Infinity));
        assert_eq!(read("brutal_kill", |v, d| shutdown(v, ':', d)).0, Some(Shutdown::BrutalKill));
        assert_eq!(read("0s", |v, d| shutdown(v, ':', d)).0, Some(Shutdown::After(Duration::ZERO)));
        assert!(read("infinty", |v, d| shutdown(v, ':', d)).1.contains("did you mean `infinity`?"));
        assert!(read("5sec", |v, d| shutdown(v, ':', d)).1.contains("OTP0305"));
    }
}
