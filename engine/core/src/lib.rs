//! The pure core of forloeb: everything that decides about a case.
//!
//! The core owns: the compiled plan, the state of a case, its history, date arithmetic, and the one step.
//! The caller owns: the clock, files, the database, the rule scripts' engine, and who is told what.

pub mod ground;
pub mod name;
pub mod text;
