//! Names of accounts.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How many characters a name may have.
pub const NAME_LIMIT: usize = 100;

/// The name of an account: any text without control characters. It is never empty.
///
/// Whoever shows it escapes it: it may look like HTML.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(Arc<str>);

/// Why a text is no name of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// It has no characters.
    #[error("the name of an account must not be empty")]
    Empty,
    /// It has too many.
    #[error("the name of an account may have {NAME_LIMIT} characters at the most")]
    TooLong,
    /// One of them is a control character.
    #[error("the name of an account must not contain control characters")]
    Control,
}

impl AccountName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountName {
    type Error = NameError;

    fn try_from(text: String) -> Result<AccountName, NameError> {
        if text.is_empty() {
            Err(NameError::Empty)
        } else if text.chars().count() > NAME_LIMIT {
            Err(NameError::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(NameError::Control)
        } else {
            Ok(AccountName(text.into()))
        }
    }
}

impl From<AccountName> for String {
    fn from(name: AccountName) -> String {
        name.0.to_string()
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountName, NAME_LIMIT, NameError};

    #[test]
    fn any_text_is_a_name_within_limits() {
        let name = |text: &str| AccountName::try_from(text.to_owned());
        for text in ["alice", "<b>&\"'", "Zoë 🦀", " ", "a/b?c#d%", &"é".repeat(NAME_LIMIT)] {
            assert_eq!(name(text).unwrap().as_str(), text);
        }
        assert_eq!(name(""), Err(NameError::Empty));
        assert_eq!(name(&"é".repeat(NAME_LIMIT + 1)), Err(NameError::TooLong));
        for text in ["a\n", "\0", "\u{1b}[2J", "\u{7f}", "\u{85}"] {
            assert_eq!(name(text), Err(NameError::Control));
        }
    }
}
