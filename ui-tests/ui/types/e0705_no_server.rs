#![allow(unused)]

use otp::prelude::*;

struct Metrics;

struct Page {
    metrics: ServerRef<Metrics>, //~ SPAN: ServerRef<Metrics>
}

fn main() {}
