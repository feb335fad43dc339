//! Reading a time of day, on the 24-hour clock.

use super::misread::Misread;
use jiff::civil::Time;

const TIME_FORM: &str = "write a time of day on the 24-hour clock, such as `13:00`";

/// Reads a time of day written `13:00` or `9:05`, optionally with seconds.
///
/// # Errors
/// When it is written otherwise. `24:00` is refused: it belongs to the next day.
pub fn parse_time(text: &str) -> Result<Time, Misread> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(':').collect();
    let sizes: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    if text.starts_with("24:") && parts[1..].iter().all(|part| number(part) == Some(0)) {
        return Err(Misread::new(
            format!("`{text}` is not a time of day"),
            "write `00:00` of the next day",
        ));
    }
    let numbers: Option<Vec<i16>> = parts.iter().map(|part| number(part)).collect();
    let time = match (sizes.as_slice(), numbers.as_deref()) {
        ([1 | 2, 2], Some(&[hour, minute])) => clock(hour, minute, 0),
        ([1 | 2, 2, 2], Some(&[hour, minute, second])) => clock(hour, minute, second),
        _ => None,
    };
    time.ok_or_else(|| {
        let help =
            meant_time(text).map_or_else(|| TIME_FORM.to_owned(), |time| format!("write `{time}`"));
        Misread::new(format!("`{text}` is not a time of day"), help)
    })
}

/// A number in digits alone, at most four.
pub(super) fn number(text: &str) -> Option<i16> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn clock(hour: i16, minute: i16, second: i16) -> Option<Time> {
    let part = |value: i16| i8::try_from(value).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

/// `13.00`, `kl. 13`, `1pm` and `9` are all understood well enough to say what to write.
fn meant_time(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let lower = lower
        .trim_start_matches("kl")
        .trim_start_matches(['.', ' ']);
    let (body, later) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(body), _) => (body, Some(0)),
        (_, Some(body)) => (body, Some(12)),
        _ => (lower, None),
    };
    let (hour, minute) = body
        .trim()
        .split_once(['.', ':'])
        .unwrap_or((body.trim(), "00"));
    let hour = match (number(hour)?, later) {
        (hour @ 1..=12, Some(later)) => hour % 12 + later,
        (_, Some(_)) => return None,
        (hour, None) => hour,
    };
    let time = clock(hour, number(minute)?, 0)?;
    Some(time.strftime("%H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_slips_are_answered() {
        assert_eq!(parse_time("9:05"), Ok(Time::constant(9, 5, 0, 0)));
        assert_eq!(parse_time("13:00:30"), Ok(Time::constant(13, 0, 30, 0)));
        for (text, help) in [
            ("24:00", "write `00:00` of the next day"),
            ("13.00", "write `13:00`"),
            ("9", "write `09:00`"),
            ("12am", "write `00:00`"),
            ("12:30 pm", "write `12:30`"),
            ("25:00", TIME_FORM),
            ("noon", TIME_FORM),
        ] {
            assert_eq!(parse_time(text).unwrap_err().help, help, "{text}");
        }
    }
}
