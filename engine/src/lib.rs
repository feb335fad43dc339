//! forloeb: a workflow and rules engine for the journeys that people take.

pub mod commands;
pub mod config;
pub mod diagnostic;
pub mod language;
pub mod scripts;
pub mod store;
pub mod turn;
pub mod words;
