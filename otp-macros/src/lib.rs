//! The macros of `otp`.

mod diag;
