#![allow(unused)]

#[otp::main]
async fn main(arguments: Vec<String>) { //~ SPAN: arguments: Vec<String>
    println!("{arguments:?}");
}
