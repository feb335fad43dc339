//! forloeb
fn main(){}
