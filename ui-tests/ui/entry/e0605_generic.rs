#![allow(unused)]

#[otp::main]
async fn main<T>() {} //~ SPAN: T
