//! The ways in which counting time can fail although everything was written well.

use crate::name::Name;
use jiff::civil::Date;

/// Why a date or instant cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outside {
    /// The calendar is closed for longer than a working day is looked for (400 days).
    #[error("the calendar `{calendar}` has no working day within 400 days of {from}")]
    NoWorkingDay {
        /// The calendar's name.
        calendar: Name,
        /// The local date from which a working day was looked for.
        from: Date,
    },
    /// The result lies before the year -9999 or after the year 9999.
    #[error("counting from {from} leaves the years that can be written (-9999 to 9999)")]
    Years {
        /// The local date from which was counted.
        from: Date,
    },
}
