//! How much one transaction takes in hand, and how much is kept between two: what memory takes does not depend on how many cases there
//! are, and others get their turn.

/// The bounds of an engine. What a case takes in memory is told in entries: it grows with its history, in the shipped programme by some
/// hundred bytes for each.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many due cases one transaction wakes, at most: enough to share its commit.
    pub wakes: u32,
    /// After how many wakes or inputs of a transaction their changes are written while the next ones are stepped.
    pub write_every: u64,
    /// How many entries the cases in hand may have, all together, before a transaction wakes no more.
    pub heavy: u64,
    /// How many due cases are loaded at a time, at most; while they are stepped, the next are read.
    pub page: u32,
    /// How many entries those have together, with those that they look at.
    pub page_weighs: u64,
    /// How many are loaded before it is known what they weigh.
    pub first_page: u32,
    /// How many entries the cases have that are kept for the next transaction at least, when there are so many; at most twice as many.
    pub kept: u64,
    /// How many inputs one transaction takes in, at most, and at least, before it is full.
    pub inputs: [usize; 2],
    /// How many cases go over to another plan in one transaction.
    pub migrated: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            wakes: 2_000,
            write_every: 250,
            heavy: 200_000,
            page: 500,
            page_weighs: 25_000,
            first_page: 100,
            kept: 250_000,
            inputs: [4_000, 250],
            migrated: 200,
        }
    }
}
