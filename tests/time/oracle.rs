//! What is right, worked out day by day: no date library, no arithmetic shared with the module. Copenhagen only.

/// Easter Sundays from an almanac.
const EASTER: [(i32, u32, u32); 24] = [
    (2018, 4, 1),
    (2019, 4, 21),
    (2020, 4, 12),
    (2021, 4, 4),
    (2022, 4, 17),
    (2023, 4, 9),
    (2024, 3, 31),
    (2025, 4, 20),
    (2026, 4, 5),
    (2027, 3, 28),
    (2028, 4, 16),
    (2029, 4, 1),
    (2030, 4, 21),
    (2031, 4, 13),
    (2032, 3, 28),
    (2033, 4, 17),
    (2034, 4, 9),
    (2035, 3, 25),
    (2036, 4, 13),
    (2037, 4, 5),
    (2038, 4, 25),
    (2039, 4, 10),
    (2040, 4, 1),
    (2041, 4, 21),
];

const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// One date. `weekday` is 0 for Monday.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub weekday: u32,
    /// Days after the year's Easter Sunday.
    pub easter: i32,
    /// Unix seconds of 00:00 in Copenhagen.
    pub midnight: i64,
    /// The clock is put forward (1) or back (-1) on this date.
    pub change: i32,
}

/// The dates 1 January 2018 to 31 December 2041. A date is its place in here.
pub struct Days(pub Vec<Day>);

impl Days {
    pub fn new() -> Self {
        let mut days: Vec<Day> = Vec::new();
        let mut weekday = 0; // 1 January 2018 was a Monday.
        let mut midnight = 1_514_761_200; // `date -d 2018-01-01T00:00+01:00 +%s`
        for year in 2018..=2041 {
            let first = days.len();
            for month in 1..=12_u32 {
                let leap = month == 2 && year % 4 == 0;
                let length = MONTHS[month as usize - 1] + u32::from(leap);
                for day in 1..=length {
                    let last_sunday = weekday == 6 && day > length - 7;
                    let change = match month {
                        3 if last_sunday => 1,
                        10 if last_sunday => -1,
                        _ => 0,
                    };
                    days.push(Day {
                        year,
                        month,
                        day,
                        weekday,
                        easter: 0,
                        midnight,
                        change,
                    });
                    weekday = (weekday + 1) % 7;
                    midnight += 86_400 - i64::from(change) * 3600;
                }
            }
            let (_, month, day) = EASTER[(year - 2018) as usize];
            let sunday = (first..days.len())
                .find(|&i| days[i].month == month && days[i].day == day)
                .unwrap();
            for (i, day) in days.iter_mut().enumerate().skip(first) {
                day.easter = i as i32 - sunday as i32;
            }
        }
        Self(days)
    }

    pub fn place(&self, year: i32, month: u32, day: u32) -> usize {
        self.0
            .iter()
            .position(|d| (d.year, d.month, d.day) == (year, month, day))
            .unwrap()
    }

    /// The date on which an instant (Unix seconds) falls.
    pub fn at(&self, seconds: i64) -> usize {
        self.0.partition_point(|day| day.midnight <= seconds) - 1
    }

    pub fn months_on(&self, place: usize, months: i32) -> usize {
        let start = self.0[place];
        let month = start.year * 12 + start.month as i32 - 1 + months;
        let (year, month) = (month / 12, (month % 12 + 1) as u32);
        (place.saturating_sub(400)..place + 400)
            .rfind(|&i| {
                let day = self.0[i];
                (day.year, day.month) == (year, month) && day.day <= start.day
            })
            .unwrap()
    }
}

pub fn public_holiday(d: &Day) -> bool {
    [(1, 1), (12, 25), (12, 26)].contains(&(d.month, d.day))
        || [-3, -2, 0, 1, 39, 49, 50].contains(&d.easter)
        || d.easter == 26 && d.year < 2024
}

pub fn closed_in_denmark(d: &Day) -> bool {
    d.weekday >= 5 || public_holiday(d)
}

pub fn closed_in_municipality(d: &Day) -> bool {
    closed_in_denmark(d)
        || (d.month, d.day) == (12, 24)
        || (d.month, d.day) == (2, 29)
        || d.easter == 40 && d.year >= 2024
        || (d.month, d.day) == (7, 10) && (2025..=2030).contains(&d.year)
        || (d.year, d.month) == (2026, 10) && (d.day == 26 || d.day == 27)
}

/// The hour from which the municipality is closed on a day that is otherwise open.
pub fn half_in_municipality(d: &Day) -> Option<u32> {
    match (d.month, d.day) {
        (5, 1) | (6, 5) => Some(12),
        (12, 31) => Some(13),
        _ => None,
    }
}

pub fn closed_on_friday(d: &Day) -> bool {
    d.weekday == 4 || d.weekday == 5
}
