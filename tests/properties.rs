//! Properties that hold on every journey: random journeys over the shipped programme, and over a dense one that uses every feature of
//! the language in short times.
//!
//! Journeys come from numbered seeds, so that a run is repeatable: `FORLOEB_SEEDS=5000 cargo test --release --test tests properties`
//! tries more of them, and a failure names its seed and the shortest journey that still fails. `FORLOEB_FIRST_SEED` says where to begin.

mod carried;
mod corrected;
mod engine;
mod journeys;
mod migrated;
mod reads;
mod steps;
mod versions;
