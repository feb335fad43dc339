//! The shipped programme: what it promises to the people in it, at exact instants, on the real engine over a database.

mod anew;
mod linked;
mod many_to_many;
mod overlays;
mod power_shift;
mod stories;
mod town;
mod work_identity;
