#[otp::main]
fn main() {} //~ SPAN: fn
