#![allow(unused)]

struct NotAnApp;

#[otp::main(NotAnApp)] //~ SPAN: NotAnApp
async fn main() {}
