#![allow(unused)]

use otp::prelude::*;

struct Worker;
#[partition_supervisor]
struct WorkerSups(Worker); //~ SPAN: Worker

fn main() {}
