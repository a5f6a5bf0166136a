//! A supervised counter, driven by commands from standard input.

fn main() {}
