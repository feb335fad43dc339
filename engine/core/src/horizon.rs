//! The horizon: the earliest instant at which an answer may change by itself.

use jiff::Timestamp;

/// The earliest of the instants that were noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon(pub Option<Timestamp>);

impl Horizon {
    /// Notes an instant at which something may change.
    pub fn note(&mut self, at: Option<Timestamp>) {
        self.0 = match (self.0, at) {
            (Some(known), Some(new)) => Some(known.min(new)),
            (known, new) => known.or(new),
        };
    }
}
