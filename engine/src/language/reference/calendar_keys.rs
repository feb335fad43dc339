//! The keys of a calendar file.

use super::{Shape, default, optional, required};

/// A calendar file.
pub static CALENDAR: Shape = Shape {
    name: "a calendar",
    stands: "A file `processes/calendars/NAME.yaml`.",
    keys: &[
        required(
            "calendar",
            "name",
            "its name: the name of the file without `.yaml`",
        ),
        default("title", "text", "its name", "what people read"),
        optional(
            "extends",
            "calendar",
            "takes over its zone, weekend and days, and may add and remove days",
        ),
        optional(
            "zone",
            "IANA name such as `Europe/Copenhagen`",
            "the time zone in which dates are meant; required unless it extends another calendar",
        ),
        default(
            "weekend",
            "list of weekdays",
            "that of the calendar it extends, else `[saturday, sunday]`",
            "the weekdays that are never working days",
        ),
        optional("holidays", "days by name", "public holidays"),
        optional(
            "closing_days",
            "days by name",
            "days on which this office is closed",
        ),
        optional(
            "remove",
            "list of days",
            "days of the calendar that it extends which do not hold here; one of them may be declared anew, as a half day for instance",
        ),
    ],
};

/// A closed day.
pub static CLOSED_DAY: Shape = Shape {
    name: "a closed day",
    stands: "Under `holidays:` and `closing_days:` of a calendar, by name. It has `on` or `easter`.",
    keys: &[
        default("title", "text", "its name, with spaces", "what people read"),
        optional(
            "on",
            "`12-24` or `2026-11-30`",
            "month and day of every year, or one date",
        ),
        optional(
            "easter",
            "number of days",
            "so many days after Easter Sunday; negative is before",
        ),
        optional("from", "year", "the first year in which it is kept"),
        optional("until", "year", "the last year in which it is kept"),
        default(
            "closed_from",
            "time such as `\"12:00\"`",
            "the whole day",
            "a half day: closed from then on",
        ),
    ],
};
