//! The pure core of forloeb: everything that decides about a case.
//!
//! The core owns: the compiled plan, the state of a case, its history, date arithmetic, and the one step.
//! The caller owns: the clock, files, the database, the rule scripts' engine, and who is told what.

pub mod accept;
mod accept_each;
mod again;
pub mod ahead;
pub mod carried;
pub mod case;
pub mod condition;
pub mod condition_trace;
pub mod entry;
pub mod fold;
pub mod ground;
pub mod holds;
pub mod horizon;
pub mod in_effect;
pub mod input;
pub mod judge;
pub mod name;
pub mod plan;
mod plan_lookup;
pub mod question;
pub mod reads;
pub mod step;
pub mod text;
pub mod time;
pub mod trace;
pub mod value;
pub mod versions;
pub mod view;
