#![allow(unused)]

use otp::prelude::*;

struct Worker;
#[dynamic_supervisor]
struct WorkerSup(Worker); //~ SPAN: Worker

fn main() {}
