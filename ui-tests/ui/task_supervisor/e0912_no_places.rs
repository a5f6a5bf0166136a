#![allow(unused)]

use otp::prelude::*;

#[task_supervisor(max_children = 0)] //~ SPAN: 0
struct Mailer;

fn main() {}
