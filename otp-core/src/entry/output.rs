//! What the body of a program or a test may return.

use std::fmt::Debug;
use std::process::ExitCode;

/// The return type of a `main` or test body.
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

impl<T: MainOutput, E: Debug> MainOutput for Result<T, E> {
    fn into_code(self) -> Result<ExitCode, String> {
        self.map_err(|error| format!("{error:?}"))?.into_code()
    }
}
