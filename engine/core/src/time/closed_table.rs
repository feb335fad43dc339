//! The wholly closed days of 150 years, worked out once, because working days are counted millions of times.

use super::closed_day::ClosedDay;
use super::weekday::Weekday;
use jiff::civil::Date;
use std::{fmt, sync::Arc};

const FIRST_YEAR: i16 = 2000;
const LAST_YEAR: i16 = 2149;

/// One bit a day, one number a month. Years outside the table are worked out when asked for.
#[derive(Clone, PartialEq)]
pub(super) struct ClosedTable(Arc<[[u32; 12]]>);

impl ClosedTable {
    pub(super) fn new(weekend: &[Weekday], closed: &[ClosedDay]) -> Self {
        let year = |year: i16| {
            let mut bits = [0_u32; 12];
            let mut date = Date::new(year, 1, 1).ok();
            while let Some(day) = date.filter(|day| day.year() == year) {
                if weekend.contains(&Weekday::of(day)) {
                    close(&mut bits, day);
                }
                date = day.tomorrow().ok();
            }
            for day in closed.iter().filter(|day| day.is_whole()) {
                if let Some(date) = day.date_in(year) {
                    close(&mut bits, date);
                }
            }
            bits
        };
        Self((FIRST_YEAR..=LAST_YEAR).map(year).collect())
    }

    /// Whether the whole of `date` is closed; nothing when the table does not reach that year.
    pub(super) fn is_closed(&self, date: Date) -> Option<bool> {
        let year = usize::try_from(date.year().checked_sub(FIRST_YEAR)?).ok()?;
        let (month, bit) = place(date);
        Some(self.0.get(year)?[month] & bit != 0)
    }
}

fn close(bits: &mut [u32; 12], date: Date) {
    let (month, bit) = place(date);
    bits[month] |= bit;
}

fn place(date: Date) -> (usize, u32) {
    (
        usize::from(date.month().unsigned_abs()) - 1,
        1 << (date.day() - 1),
    )
}

impl fmt::Debug for ClosedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClosedTable({FIRST_YEAR}..={LAST_YEAR})")
    }
}
