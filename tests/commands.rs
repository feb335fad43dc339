//! The commands of the real program. Each `tests/golden/commands/NAME.txt` is what somebody types, and all that is answered: standard
//! output, standard error and the exit code. `tests/golden/README.md` says how to read and to change them.

mod bench;
mod config;
mod diff;
mod migrating;
mod pages;
mod secrets;
mod tenants;
mod transcripts;
mod typed;
