#![allow(unused)]

use otp::prelude::*;

#[task_supervisor]
struct Mailer { limit: usize } //~ SPAN: { limit: usize }

fn main() {}
