#![allow(unused)]

#[otp::test]
#[test] //~ SPAN: #[test]
async fn counts() {}

fn main() {}
