//! The process language: from the files of a programme to checked plans.
//!
//! The way is `yaml` (text to tree) -> `compile` (tree to plan, names resolved within the file) -> `checks` (what needs
//! the whole programme) -> `explore` (where a journey can get stuck) -> `programme` (plans with their sources). Everything that
//! is wrong is collected; nothing stops at the first error, and nothing panics on what people write.

mod amounts;
mod calendar;
mod checks;
mod compile;
mod conditions;
mod deadlines;
mod declared;
pub mod effective;
mod events;
mod explore;
pub mod folder;
mod identity;
mod kinds;
mod overlay;
pub(crate) mod problems;
pub mod programme;
mod read;
mod recurring;
pub mod reference;
mod rules;
mod stages;
mod tasks;
mod texts;
mod tree;
mod values;
mod versions;
mod vocabulary;
mod yaml;
mod yaml_errors;
