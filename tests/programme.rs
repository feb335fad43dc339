//! The shipped programme: what it promises to the people in it, at exact instants, on the real engine over a database.

mod anew;
mod town;
