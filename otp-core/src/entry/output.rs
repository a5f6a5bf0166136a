//! What the body of a program or a test may return.

use std::any::Any;
use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::process::ExitCode;

use crate::gen_server::{CallError, StartError};
use crate::supervisor::ChildError;

/// The return type of a `main` or test body.
///
/// An error in a box, as in `otp::Result`, and an error of this library print as sentences; others
/// print as their `Debug` does.
#[diagnostic::on_unimplemented(
    message = "the body of `main` or of a test cannot return `{Self}`",
    label = "return `()`, `ExitCode`, or a `Result` of one of them",
    note = "OTP0718"
)]
pub trait MainOutput {
    /// The exit code, or what went wrong.
    fn into_code(self) -> Result<ExitCode, String>;
}

impl MainOutput for () {
    fn into_code(self) -> Result<ExitCode, String> {
        Ok(ExitCode::SUCCESS)
    }
}

impl MainOutput for ExitCode {
    fn into_code(self) -> Result<ExitCode, String> {
        Ok(self)
    }
}

impl<T: MainOutput, E: Debug + 'static> MainOutput for Result<T, E> {
    fn into_code(self) -> Result<ExitCode, String> {
        self.map_err(|error| text(&error))?.into_code()
    }
}

type SendableError = Box<dyn Error + Send + Sync>;

/// An error as its reader wants it.
fn text<E: Debug + 'static>(error: &E) -> String {
    let any: &dyn Any = error;
    let known: Option<&dyn Error> = if let Some(error) = any.downcast_ref::<SendableError>() {
        Some(&**error)
    } else if let Some(error) = any.downcast_ref::<Box<dyn Error>>() {
        Some(&**error)
    } else if let Some(error) = any.downcast_ref::<StartError>() {
        Some(error)
    } else if let Some(error) = any.downcast_ref::<ChildError>() {
        Some(error)
    } else if let Some(error) = any.downcast_ref::<CallError>() {
        Some(error)
    } else {
        None
    };
    known.map_or_else(|| format!("{error:?}"), sentence)
}

/// An error and its causes, but for those that it tells itself.
fn sentence(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            let _ = write!(text, ": {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxed_errors_print_with_their_causes() {
        let number: Box<dyn Error + Send + Sync> = "x".parse::<u8>().unwrap_err().into();
        assert_eq!(text(&number), "invalid digit found in string");
        let outer = std::io::Error::other(number);
        assert_eq!(text::<Box<dyn Error>>(&outer.into()), "invalid digit found in string");
        assert_eq!(text(&StartError::Ignore), "`init` chose not to run");
        assert_eq!(text(&"any other"), "\"any other\"");
    }
}
