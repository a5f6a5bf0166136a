#![allow(unused)]

use otp::prelude::*;

struct App;
#[otp::main(App)] //~ SPAN: App
async fn main() {}
