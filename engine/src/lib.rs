//! forloeb
