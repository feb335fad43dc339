//! How much a rule may use: every limit and why it has its value. Never enforces them; that is `host` and `session`.

use std::time::Duration;

/// How much one evaluation of a rule may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most steps: operations of the script, in callbacks too, and what each question costs. This is the limit that
    /// ends a rule which never ends, on every machine at the same step, so that the same inputs give the same history.
    pub steps: u64,
    /// Time on the wall after which its thread's own time is looked at; none: as long as it takes.
    pub wall: Option<Duration>,
    /// Most time of the processor from then on. It is the last resort, for a script whose single steps are slow (long
    /// texts copied again and again), since where it strikes depends on the machine. That a busy machine lets a rule wait
    /// is not the rule's fault and never ends it.
    pub processor: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: STEPS,
            wall: Some(WALL),
            processor: PROCESSOR,
        }
    }
}

/// A rule takes some fifty steps, one that goes through a thousand occurrences some ten thousand. This many take 10 ms.
pub const STEPS: u64 = 100_000;

/// A hostile script stays within 250 ms of a machine that is free: this, the time of the processor after it, and the one step
/// during which it is noticed.
pub const WALL: Duration = Duration::from_millis(100);

/// A thousand times what a rule takes.
pub const PROCESSOR: Duration = Duration::from_millis(50);

/// Functions that may have called each other; a callback counts as two. Rules need six. With the depth below this stays
/// within the stack of an ordinary thread (2 MB) even when unoptimised, which a test sees to.
pub const CALL_LEVELS: usize = 8;

/// Expressions and blocks that may stand inside each other in a function. An `if` counts
/// as three, a sign with its brackets as two.
pub const EXPRESSION_DEPTH: usize = 28;

/// Variables of one function. With the sizes below and the call levels this bounds the memory of a rule: 8 x 32
/// values of some 100 KB.
pub const VARIABLES: usize = 32;

/// Elements of a list, those of lists in it included.
pub const LIST: usize = 1_000;

/// Entries of a map, those of maps in it included.
pub const MAP: usize = 200;

/// Bytes of a text. A longer fact cannot be read by a rule.
pub const TEXT: usize = 16 * 1024;

/// Bytes of a key that is computed. Keys are copied with their map, texts are not.
pub const KEY: usize = 100;

/// Findings and raised tasks of one evaluation. A person can act on fewer.
pub const FOUND: usize = 100;

/// Values that go into one text, and the bytes of each: they are stored with the finding.
pub const VALUES: usize = 20;
/// Bytes of a value that goes into a text.
pub const VALUE: usize = 1_000;

/// Bytes of a rule file.
pub const FILE: usize = 64 * 1024;

/// Functions of a rule file.
pub const FUNCTIONS: usize = 200;
