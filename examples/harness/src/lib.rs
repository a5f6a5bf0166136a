//! What the end-to-end tests of the examples share.
