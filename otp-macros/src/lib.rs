//! The macros of `otp`.
