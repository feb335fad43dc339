//! forloeb: a workflow and rules engine for the journeys that people take.

pub mod diagnostic;
pub mod language;
pub mod scripts;
pub mod store;
pub mod words;
