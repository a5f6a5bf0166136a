#![allow(unused)]

#[otp::main(flavor = multi)] //~ SPAN: multi
async fn main() {}
