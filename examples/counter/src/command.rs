//! The commands, one a line.

use otp::prelude::*;

use crate::{AppSup, Counter, Texts};

/// What the program can be told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Increment,
    Add(i64),
    Get,
    Reset,
    Put { key: String, value: String },
    Fetch(String),
    CrashCounter,
    Tree,
    Help,
    Quit,
}

pub(crate) const HELP: &str = "\
increment        add one to the counter and print it
add NUMBER       add a number to the counter
get              print the counter
reset            set the counter to zero
put KEY VALUE    store a value
fetch KEY        print a stored value
crash counter    make the counter panic; its supervisor starts it again
tree             draw the running processes
quit             stop everything";

impl Command {
    /// Reads a line. The error is for the person who typed it.
    pub(crate) fn parse(line: &str) -> Result<Command, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["increment"] => Ok(Command::Increment),
            ["add", number] => match number.parse() {
                Ok(number) => Ok(Command::Add(number)),
                Err(_) => Err(format!("`{number}` is not a whole number")),
            },
            ["get"] => Ok(Command::Get),
            ["reset"] => Ok(Command::Reset),
            ["put", key, value @ ..] if !value.is_empty() => {
                Ok(Command::Put { key: (*key).to_owned(), value: value.join(" ") })
            }
            ["fetch", key] => Ok(Command::Fetch((*key).to_owned())),
            ["crash", "counter"] => Ok(Command::CrashCounter),
            ["tree"] => Ok(Command::Tree),
            ["help"] => Ok(Command::Help),
            ["quit"] => Ok(Command::Quit),
            _ => Err(format!("unknown command `{}`; try `help`", line.trim())),
        }
    }

    /// Does it, and says what is to be printed.
    pub(crate) async fn run(self) -> Result<Option<String>, CallError> {
        let (counter, texts) = (Counter::client(), Texts::client());
        Ok(match self {
            Command::Increment => Some(counter.increment().await?.to_string()),
            Command::Add(number) => {
                counter.add(number);
                None
            }
            Command::Get => Some(counter.get().await?.to_string()),
            Command::Reset => {
                counter.reset().await?;
                None
            }
            Command::Put { key, value } => {
                texts.put(key, value);
                None
            }
            Command::Fetch(key) => {
                Some(texts.fetch(key.clone()).await?.unwrap_or(format!("`{key}` is not stored")))
            }
            Command::CrashCounter => {
                // The caller gets the reason as an error; everybody else goes on.
                let _ = counter.crash().await;
                // Answered after the restart, since the exit lies before this in the mailbox.
                AppSup::client().count_children().await?;
                None
            }
            Command::Tree => Some(AppSup::client().live_tree().await.to_string()),
            Command::Help => Some(HELP.to_owned()),
            Command::Quit => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn lines_become_commands_or_a_sentence() {
        assert_eq!(Command::parse(" add  -10 "), Ok(Command::Add(-10)));
        let put = Command::Put { key: "k".into(), value: "two words".into() };
        assert_eq!(Command::parse("put k two words"), Ok(put));
        for (line, text) in [
            ("add ten", "`ten` is not a whole number"),
            ("put k", "unknown command `put k`; try `help`"),
            ("frobnicate", "unknown command `frobnicate`; try `help`"),
        ] {
            assert_eq!(Command::parse(line), Err(text.to_owned()));
        }
    }
}
