//! Reading lists of options: `key`, `key = value` and `key: value`, separated by commas.
//!
//! One [`Table`] describes the options of one place. Reading never stops: an option that cannot be
//! read is reported and left out, the next one is read after the next comma.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use crate::diag::{Diags, did_you_mean};
use crate::literal::compact;

/// The options of one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    /// Where the options stand, for the messages: "`#[gen_server]`".
    pub(crate) owner: &'static str,
    /// What stands between key and value: `=` in attributes, `:` in the braces of `supervisor!`.
    pub(crate) separator: char,
    /// The code for a key that is not in the table.
    pub(crate) unknown: &'static str,
    /// The code for a key that is given twice.
    pub(crate) twice: &'static str,
    /// The options.
    pub(crate) keys: &'static [Key],
}

/// One option of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// The word.
    pub(crate) name: &'static str,
    /// Whether a value follows.
    pub(crate) value: Value,
    /// What to type as a value, for the message about a missing one.
    pub(crate) help: &'static str,
}

/// Whether an option has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// It must have one.
    Required,
    /// It may have one; the reader of the option decides.
    Optional,
    /// A list of options of its own, in parentheses: `mailbox(capacity = 100)`.
    List,
}

/// An option as the user wrote it.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// The key's token.
    pub(crate) key: Ident,
    /// The tokens after the separator, never empty; of a list, those between its parentheses.
    pub(crate) value: Option<TokenStream>,
}

/// The options found in one place; each key occurs once.
#[derive(Debug)]
pub(crate) struct Options {
    given: Vec<Given>,
}

impl Options {
    /// The option with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.key == name)
    }

    /// The tokens of the value of the option with this name.
    pub(crate) fn value(&self, name: &str) -> Option<&TokenStream> {
        self.get(name).and_then(|given| given.value.as_ref())
    }
}

impl Table {
    /// The option that was probably meant by `word` with this value: one with nearly the same
    /// letters, one that begins in the same way, as `children` does for `childs`, or one whose help
    /// shows such a value.
    pub(crate) fn meant(&self, word: &str, value: Option<&TokenTree>) -> Option<&'static str> {
        let names: Vec<&'static str> = self.keys.iter().map(|key| key.name).collect();
        let same = |name: &str| name.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        let begins = |name: &&&str| same(name) >= 4 && same(name) * 2 > name.len();
        let shows = |key: &&Key| value.is_some_and(|value| shows(key, value));
        did_you_mean(word, &names)
            .or_else(|| names.iter().find(begins).copied())
            .or_else(|| self.keys.iter().find(shows).map(|key| key.name))
    }
}

/// Whether the help of an option shows such a value. `true` and `false` say nothing.
fn shows(key: &Key, value: &TokenTree) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    match value {
        TokenTree::Group(list) => list.delimiter() == Delimiter::Bracket && key.help.contains('['),
        TokenTree::Ident(word) if word == "true" || word == "false" => false,
        TokenTree::Ident(word) => key.help.split(|it| !is_word(it)).any(|it| word == it),
        _ => false,
    }
}

/// Cuts tokens at the commas outside of all brackets; empty pieces are left out.
pub(crate) fn split_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![Vec::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => pieces.push(Vec::new()),
            // Tokens that came out of another macro can be wrapped in invisible groups.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                pieces.last_mut().expect("never empty").extend(group.stream());
            }
            token => pieces.last_mut().expect("never empty").push(token),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.into_iter().map(|piece| piece.into_iter().collect()).collect()
}

/// Reads all options.
pub(crate) fn read(tokens: TokenStream, table: &Table, diags: &mut Diags) -> Options {
    let pieces = split_commas(tokens);
    read_pieces(pieces, table, diags)
}

/// Reads options that were cut at their commas already.
pub(crate) fn read_pieces(
    pieces: impl IntoIterator<Item = TokenStream>,
    table: &Table,
    diags: &mut Diags,
) -> Options {
    let mut options = Options { given: Vec::new() };
    for piece in pieces {
        let Some((key, given)) = read_one(piece, table, diags) else { continue };
        if options.get(key.name).is_some() {
            diags
                .error(&given.key, table.twice, format!("`{}` is given twice", key.name))
                .help("remove one");
        } else {
            options.given.push(given);
        }
    }
    options
}

fn read_one(piece: TokenStream, table: &Table, diags: &mut Diags) -> Option<(&'static Key, Given)> {
    let mut tokens = piece.clone().into_iter();
    let Some(TokenTree::Ident(ident)) = tokens.next() else {
        let message = format!("expected an option of {}, found `{}`", table.owner, compact(&piece));
        diags.error(&piece, table.unknown, message).help(list(table));
        return None;
    };
    let name = ident.to_string();
    let Some(key) = table.keys.iter().find(|key| key.name == name) else {
        let mut message = format!("unknown option `{name}`");
        let value = tokens.nth(1);
        let is_value = |key: &&Key| value.as_ref().is_some_and(|it| it.to_string() == key.name);
        let flag = table.keys.iter().filter(|key| key.value == Value::Optional).find(is_value);
        let meant = flag.map(|key| key.name).or_else(|| table.meant(&name, value.as_ref()));
        if let Some(meant) = meant {
            message.push_str(&format!("; did you mean `{meant}`?"));
        }
        let help = match flag {
            Some(key) => format!("write `{}` without `{name} {}`", key.name, table.separator),
            None => list(table),
        };
        diags.error(&ident, table.unknown, message).help(help);
        return None;
    };
    let value = match (tokens.next(), key.value) {
        (None, _) => None,
        (Some(TokenTree::Group(list)), Value::List)
            if list.delimiter() == Delimiter::Parenthesis =>
        {
            if let Some(other) = tokens.next() {
                let message = format!("expected `,` after `{name}(..)`, found `{other}`");
                diags.error(&other, table.unknown, message).help(format!("write `{name}(..),`"));
                return None;
            }
            Some(list.stream())
        }
        (Some(_), Value::List) => None,
        (Some(TokenTree::Punct(punct)), _) if punct.as_char() == table.separator => {
            Some(tokens.collect::<TokenStream>()).filter(|value| !value.is_empty())
        }
        (Some(other), _) => {
            let message =
                format!("expected `{}` or `,` after `{name}`, found `{other}`", table.separator);
            let value = TokenStream::from_iter(tokens).to_string();
            let value = value.trim_start_matches([':', '=', ' ']);
            let gap = if table.separator == '=' { " " } else { "" };
            let is_other =
                matches!(&other, TokenTree::Punct(it) if matches!(it.as_char(), ':' | '='));
            let help = match is_other && !value.is_empty() {
                true => format!("write `{name}{gap}{} {value}`", table.separator),
                false => key.help.to_owned(),
            };
            diags.error(&other, table.unknown, message).help(help);
            return None;
        }
    };
    if value.is_none() && key.value != Value::Optional {
        let what = if key.value == Value::List { "options in parentheses" } else { "a value" };
        diags.error(&ident, "OTP0303", format!("`{name}` needs {what}")).help(key.help);
        return None;
    }
    Some((key, Given { key: ident, value }))
}

fn list(table: &Table) -> String {
    let names: Vec<String> = table.keys.iter().map(|key| format!("`{}`", key.name)).collect();
    format!("options of {}: {}", table.owner, names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table = Table {
        owner: "`#[gen_server]`",
        separator: '=',
        unknown: "OTP0301",
        twice: "OTP0302",
        keys: &[
            Key { name: "restart", value: Value::Required, help: "`restart = permanent`" },
            Key { name: "name", value: Value::Optional, help: "" },
            Key { name: "mailbox", value: Value::List, help: "`mailbox(capacity = 100)`" },
        ],
    };

    fn run(text: &str) -> (Options, String) {
        let mut diags = Diags::new();
        let options = read(text.parse().unwrap(), &TABLE, &mut diags);
        (options, diags.finish(TokenStream::new()).to_string())
    }

    #[test]
    fn reads_keys_and_values() {
        let (options, errors) = run("name, restart = transient,");
        assert!(errors.is_empty());
        assert!(options.get("name").is_some_and(|given| given.value.is_none()));
        assert_eq!(options.value("restart").unwrap().to_string(), "transient");
        assert_eq!(run("mailbox(a, b)").0.value("mailbox").unwrap().to_string(), "a , b");
        assert!(run("mailbox()").0.value("mailbox").unwrap().is_empty());
    }

    #[test]
    fn reports_each_fault_and_reads_on() {
        for (text, code, part) in [
            (
                "restrat = transient, name",
                "OTP0301",
                "unknown option `restrat`; did you mean `restart`?",
            ),
            ("name, name = \"x\"", "OTP0302", "`name` is given twice"),
            ("restart, name", "OTP0303", "`restart` needs a value"),
            ("restart =, name", "OTP0303", "`restart` needs a value"),
            ("5, name", "OTP0301", "expected an option of `#[gen_server]`, found `5`"),
            ("restart transient, name", "OTP0301", "expected `=` or `,` after `restart`"),
            ("mailbox, name", "OTP0303", "`mailbox` needs options in parentheses"),
            ("mailbox = 100, name", "OTP0303", "`mailbox` needs options in parentheses"),
            ("mailbox(a) b, name", "OTP0301", "expected `,` after `mailbox(..)`, found `b`"),
        ] {
            let (options, errors) = run(text);
            assert!(options.get("name").is_some(), "{text}");
            assert!(errors.contains(code) && errors.contains(part), "{text}: {errors}");
            assert_eq!(errors.matches("compile_error").count(), 1, "{text}");
        }
    }
}
