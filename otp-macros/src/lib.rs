//! The macros of `otp`.

mod diag;
mod literal;
mod options;
