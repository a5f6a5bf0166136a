//! OTP for Rust.

pub use otp_core::*;
