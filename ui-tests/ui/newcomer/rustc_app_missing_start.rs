//~ CODE: E0046
#![allow(unused)]

use otp::prelude::*;

struct App;
impl Application for App {} //~ SPAN: impl Application for App

fn main() {}
