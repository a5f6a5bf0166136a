//! Idempotency keys.

use thiserror::Error;

/// How many bytes a key may have.
pub const KEY_LIMIT: usize = 200;

/// What a client calls one request of its, so that it can send it again without doing it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an idempotency key has 1 to {KEY_LIMIT} visible ASCII characters")]
pub struct KeyError;

impl Key {
    /// Takes the value of a header.
    ///
    /// # Errors
    ///
    /// It is empty, too long, or has other characters than visible ones of ASCII.
    pub fn parse(bytes: &[u8]) -> Result<Key, KeyError> {
        let fits = (1..=KEY_LIMIT).contains(&bytes.len());
        if !fits || !bytes.iter().all(u8::is_ascii_graphic) {
            return Err(KeyError);
        }
        Ok(Key(bytes.iter().copied().map(char::from).collect()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{KEY_LIMIT, Key, KeyError};

    #[test]
    fn a_key_is_short_visible_ascii() {
        assert_eq!(Key::parse(b"7f-A_/").unwrap().as_str(), "7f-A_/");
        let longest = [b'k'; KEY_LIMIT];
        assert!(Key::parse(&longest).is_ok());
        for bad in [&b""[..], b" ", b"a b", b"\xff", b"a\n", &[b'k'; KEY_LIMIT + 1]] {
            assert_eq!(Key::parse(bad), Err(KeyError));
        }
    }
}
