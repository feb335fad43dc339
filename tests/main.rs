//! tests

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and clippy knows only functions marked as tests"
)]

mod broken_input;
mod changes;
mod commands;
mod daemon;
mod golden;
mod help;
mod language;
mod layers;
mod programme;
mod properties;
mod readme;
mod scripts;
mod step;
mod store;
mod time;
mod versions;
mod words;
mod world;
