//! forloeb
fn main() {}
