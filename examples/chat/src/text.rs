//! What people say.

use std::sync::Arc;

/// The longest text, in bytes.
const LONGEST: usize = 4_000;

/// Characters that turn the direction of what follows, also outside the text.
const TURNING: [std::ops::RangeInclusive<char>; 2] =
    ['\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];

/// A text that is fit to be shown: one line, not too long, without anything that would move a
/// terminal's cursor or turn the lines around it. HTML is text like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Arc<str>);

/// Why a text cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing in it.
    #[error("there is nothing to say")]
    Empty,
    /// There is too much.
    #[error("a text has at most {LONGEST} bytes")]
    TooLong,
    /// There is something in it that cannot be shown.
    #[error("a text cannot have the control character U+{:04X}", u32::from(*.0))]
    Control(char),
}

impl Text {
    /// Checks a text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Text, TextError> {
        if text.len() > LONGEST {
            return Err(TextError::TooLong);
        }
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        let control = |c: &char| c.is_control() || TURNING.iter().any(|range| range.contains(c));
        match text.chars().find(control) {
            Some(control) => Err(TextError::Control(control)),
            None => Ok(Text(text.into())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Text> for Arc<str> {
    fn from(text: Text) -> Arc<str> {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_checked() {
        assert_eq!(Text::new("<b>שלום</b> 👋\u{200f}").unwrap().as_str(), "<b>שלום</b> 👋\u{200f}");
        assert!(Text::new(&"x".repeat(LONGEST)).is_ok());
        assert_eq!(Text::new(&"x".repeat(LONGEST + 1)), Err(TextError::TooLong));
        assert_eq!(Text::new(" \u{a0} "), Err(TextError::Empty));
        for control in ['\0', '\u{1b}', '\n', '\r', '\u{9b}', '\u{202e}', '\u{2066}'] {
            let refused = Text::new(&format!("a{control}b"));
            assert_eq!(refused, Err(TextError::Control(control)));
        }
        let text = TextError::Control('\u{1b}').to_string();
        assert_eq!(text, "a text cannot have the control character U+001B");
    }
}
