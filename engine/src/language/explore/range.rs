//! Ranges of numbers, as comparisons of a fact describe them.

use forloeb_core::{
    condition::Compare,
    plan::{Amount, Plan},
    value::{SettingValue, Value},
};
use rust_decimal::Decimal;

/// The numbers between two ends; an end that is not there is infinite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Range {
    low: Option<End>,
    high: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct End {
    at: Decimal,
    included: bool,
}

impl Range {
    /// The numbers between two limits, both included.
    pub fn between(min: Option<Decimal>, max: Option<Decimal>) -> Self {
        let end = |at| End { at, included: true };
        Self {
            low: min.map(end),
            high: max.map(end),
        }
    }

    /// The numbers in both.
    pub fn and(&self, other: &Self) -> Self {
        let higher = |a: End, b: End| {
            if (a.at, !a.included) >= (b.at, !b.included) {
                a
            } else {
                b
            }
        };
        let lower = |a: End, b: End| {
            if (a.at, a.included) <= (b.at, b.included) {
                a
            } else {
                b
            }
        };
        Self {
            low: both(self.low, other.low, higher),
            high: both(self.high, other.high, lower),
        }
    }

    /// Whether there is no number in it.
    pub fn is_empty(&self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                low.at > high.at || (low.at == high.at && !(low.included && high.included))
            }
            _ => false,
        }
    }

    /// Whether all its numbers are in another.
    pub fn inside(&self, other: &Self) -> bool {
        self.and(other) == *self
    }
}

fn both(a: Option<End>, b: Option<End>, choose: impl Fn(End, End) -> End) -> Option<End> {
    match (a, b) {
        (Some(a), Some(b)) => Some(choose(a, b)),
        (a, b) => a.or(b),
    }
}

/// The range that comparisons describe, where each is of a number that is known now.
pub fn number_range(plan: &Plan, compare: &[Compare]) -> Option<Range> {
    let mut range = Range::default();
    for one in compare {
        let end = |at, included| Some(End { at, included });
        let next = match one {
            Compare::AtLeast(amount) => Range {
                low: end(known(plan, amount)?, true),
                high: None,
            },
            Compare::MoreThan(amount) => Range {
                low: end(known(plan, amount)?, false),
                high: None,
            },
            Compare::AtMost(amount) => Range {
                low: None,
                high: end(known(plan, amount)?, true),
            },
            Compare::LessThan(amount) => Range {
                low: None,
                high: end(known(plan, amount)?, false),
            },
            Compare::Is(Amount::Literal(Value::Number(number))) => {
                Range::between(Some(*number), Some(*number))
            }
            _ => return None,
        };
        range = range.and(&next);
    }
    (!compare.is_empty()).then_some(range)
}

/// A number that does not change with the date.
fn known(plan: &Plan, amount: &Amount<Decimal>) -> Option<Decimal> {
    let name = match amount {
        Amount::Literal(number) => return Some(*number),
        Amount::Setting(name) => name,
    };
    match plan.settings.get(name)?.values.as_slice() {
        [only] => match only.value {
            SettingValue::Number(number) => Some(number),
            _ => None,
        },
        _ => None,
    }
}
