//! Names of people and of rooms.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest name, in characters.
const LONGEST: usize = 24;

/// Letters that show nothing, so that two names with and without them would look the same.
const INVISIBLE: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// The name of somebody or of a room.
///
/// It has 1 to 24 letters, digits, `-` and `_`, of any script, and is kept in lower case: `Ann` and
/// `ann` are one person. So there is nothing in it that a terminal or a page could take for
/// something else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Name(Arc<str>);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is nothing.
    #[error("a name has at least one letter")]
    Empty,
    /// There is too much.
    #[error("a name has at most {LONGEST} letters")]
    TooLong,
    /// There is something else in it.
    #[error("a name has letters, digits, `-` and `_` only, not {0:?}")]
    Character(char),
}

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Name, NameError> {
        // Looked at first, so that a hostile text is not copied.
        if text.chars().nth(LONGEST).is_some() {
            return Err(NameError::TooLong);
        }
        let text = text.to_lowercase();
        let allowed =
            |c: char| (c.is_alphanumeric() || "-_".contains(c)) && !INVISIBLE.contains(&c);
        match text.chars().find(|&c| !allowed(c)) {
            Some(other) => Err(NameError::Character(other)),
            None if text.is_empty() => Err(NameError::Empty),
            None => Ok(Name(text.into())),
        }
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Name, NameError> {
        text.parse()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_of_any_script_in_lower_case() {
        for (text, name) in [("Ann", "ann"), ("bob_2", "bob_2"), ("ÅSA", "åsa"), ("다리", "다리")]
        {
            assert_eq!(text.parse::<Name>().unwrap().as_str(), name);
        }
        assert!("a".repeat(24).parse::<Name>().is_ok());
    }

    #[test]
    fn everything_else_is_refused() {
        assert_eq!("".parse::<Name>(), Err(NameError::Empty));
        assert_eq!("a".repeat(25).parse::<Name>(), Err(NameError::TooLong));
        assert_eq!("x".repeat(1 << 20).parse::<Name>(), Err(NameError::TooLong));
        let hostile = [
            " ann",
            "a b",
            "a\tb",
            "\u{1b}[2J",
            "ann\0",
            "<b>ann</b>",
            "a&amp;",
            "\"ann\"",
            "a/b",
            "\u{202e}nna",
            "ann\u{200b}",
            "ann\u{200f}",
            "a\u{301}",
            "\u{3164}",
            "#lobby",
            "İ",
        ];
        for text in hostile {
            let refused = text.parse::<Name>();
            assert!(matches!(refused, Err(NameError::Character(_))), "{text:?} {refused:?}");
        }
    }

    #[test]
    fn json_names_are_checked_as_well() {
        assert_eq!(serde_json::from_str::<Name>("\"Ann\"").unwrap().as_str(), "ann");
        let refused = serde_json::from_str::<Name>("\"<b>\"").unwrap_err().to_string();
        assert!(refused.contains("letters, digits, `-` and `_` only, not '<'"), "{refused}");
    }
}
