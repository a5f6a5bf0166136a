//! Compile-time errors, one file each, checked by the tests of this crate.
