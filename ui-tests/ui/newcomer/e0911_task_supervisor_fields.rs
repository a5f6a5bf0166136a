#![allow(unused)]

use otp::prelude::*;

#[task_supervisor]
struct Mailer(Counter); //~ SPAN: (Counter)

fn main() {}
