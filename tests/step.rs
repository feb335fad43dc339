//! What a step does: the order matters, and each line of it is a test. A programme in a few lines, what is done to it, and every entry
//! that follows, in order and nothing more.

mod deadlines;
mod findings;
mod holds;
mod linked;
mod recurring;
mod settling;
mod tale;
mod waking;
