//! What can be typed.

use otp::CallError;

use crate::counter::PersistentCounter;

/// All commands.
pub const HELP: &str = "increment, add <n>, get, reset, quit";

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Adds one.
    Increment,
    /// Adds a number.
    Add(i64),
    /// Shows the value.
    Get,
    /// Begins again at 0.
    Reset,
    /// Ends the program.
    Quit,
}

impl Command {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a text for whoever typed it.
    pub fn parse(line: &str) -> Result<Command, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["increment"] => Ok(Command::Increment),
            ["get"] => Ok(Command::Get),
            ["reset"] => Ok(Command::Reset),
            ["quit"] => Ok(Command::Quit),
            ["add", n] => match n.parse() {
                Ok(n) => Ok(Command::Add(n)),
                Err(_) => Err(format!("{n:?} is not a whole number")),
            },
            _ => Err(format!("commands: {HELP}")),
        }
    }

    /// Does it; `None` for [`Command::Quit`].
    ///
    /// # Errors
    ///
    /// The counter did not answer.
    pub async fn run(self) -> Result<Option<i64>, CallError> {
        let counter = PersistentCounter::client();
        match self {
            Command::Increment => counter.increment().await.map(Some),
            Command::Add(n) => counter.add(n).await.map(Some),
            Command::Get => counter.get().await.map(Some),
            Command::Reset => counter.reset().await.map(Some),
            Command::Quit => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn lines_are_read() {
        assert_eq!(Command::parse(" add  -3 "), Ok(Command::Add(-3)));
        assert_eq!(Command::parse("get"), Ok(Command::Get));
        assert_eq!(Command::parse("add x"), Err("\"x\" is not a whole number".to_owned()));
        assert!(Command::parse("add 1 2").is_err());
        assert!(Command::parse("\u{1b}[2J").is_err());
    }
}
