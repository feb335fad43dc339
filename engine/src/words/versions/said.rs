//! Values of a plan in words: lengths, settings, kinds, days.

use super::names::either;
use crate::words::{Language, reader::Reader};
use forloeb_core::{
    name::Name,
    plan::{Amount, Every, Missed, OnHold, OutcomeResult, Plan, Setting, SettingPeriod},
    text::Text,
    time::{ClosedDay, DayKind, DayRule, Duration, EndOnClosed, OnClosed, Rule, Weekday},
    value::{Kind, SettingValue, Value},
};
use jiff::civil::Time;
use rust_decimal::Decimal;
use std::fmt::Display;

/// Tells of one plan.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    pub reader: &'a Reader<'a>,
    pub plan: &'a Plan,
}

/// A name as a person would say it: `answer_within` is `answer within`.
pub fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

impl Teller<'_> {
    pub fn language(&self) -> Language {
        self.reader.language
    }

    /// One of two words for what the tables of the languages do not hold.
    pub fn say(&self, english: &'static str, danish: &'static str) -> &'static str {
        either(self.reader.language, english, danish)
    }

    pub fn quoted(&self, text: &str) -> String {
        self.reader.tongue().quoted(text)
    }

    pub fn titled(&self, title: &Text, name: &Name) -> String {
        self.quoted(&self.reader.text(title, name))
    }

    pub fn yes_no(&self, yes: bool) -> String {
        self.reader.tongue().yes_no(yes).to_owned()
    }

    pub fn roles(&self, roles: &[Name]) -> String {
        match roles.is_empty() {
            true => self.say("everybody", "alle").to_owned(),
            false => self.reader.roles(self.plan, roles),
        }
    }

    /// Those who report an event or tell it; nobody where none is named.
    pub fn named(&self, roles: &[Name]) -> String {
        self.reader.roles(self.plan, roles)
    }

    pub fn duration(&self, duration: Duration) -> String {
        duration.in_language(self.reader.language.code())
    }

    pub fn decimal(&self, number: &Decimal) -> String {
        self.reader.open_value(None, &Value::Number(*number))
    }

    /// A value, or the setting that holds it with what that is.
    pub fn amount<T>(&self, amount: &Amount<T>, words: impl Fn(&T) -> String) -> String {
        match amount {
            Amount::Literal(value) => words(value),
            Amount::Setting(name) => match self.plan.settings.get(name) {
                Some(setting) => format!("{} ({})", spoken(name), self.setting(setting)),
                None => spoken(name),
            },
        }
    }

    pub fn length(&self, amount: &Amount<Duration>) -> String {
        self.amount(amount, |length| self.duration(*length))
    }

    pub fn count(&self, amount: &Amount<u32>) -> String {
        self.amount(amount, ToString::to_string)
    }

    /// A setting: its value, or its values with their days.
    pub fn setting(&self, setting: &Setting) -> String {
        let periods = setting.values.iter().map(|period| self.period(period));
        periods.collect::<Vec<_>>().join(", ")
    }

    fn period(&self, period: &SettingPeriod) -> String {
        let value = match &period.value {
            SettingValue::Duration(length) => self.duration(*length),
            SettingValue::Number(number) => self.decimal(number),
            SettingValue::YesNo(yes) => self.yes_no(*yes),
            SettingValue::Text(text) => self.quoted(text),
        };
        let from = period.valid_from.map(|day| {
            let word = self.say("from", "fra");
            format!(" {word} {}", self.reader.full_date(day))
        });
        let to = period.valid_to.map(|day| {
            let word = self.say("to", "til og med");
            format!(" {word} {}", self.reader.full_date(day))
        });
        format!(
            "{value}{}{}",
            from.unwrap_or_default(),
            to.unwrap_or_default()
        )
    }

    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Text => self.say("text", "tekst").to_owned(),
            Kind::Number { min, max } => {
                self.range(self.say("number", "tal"), min.as_ref(), max.as_ref())
            }
            Kind::Whole { min, max } => {
                let word = self.say("whole number", "helt tal");
                self.range(word, min.as_ref(), max.as_ref())
            }
            Kind::YesNo => self.say("yes or no", "ja eller nej").to_owned(),
            Kind::Date => self.say("date", "dato").to_owned(),
            Kind::Choice(_) => self.say("one of several", "en af flere").to_owned(),
            Kind::Scale { min, max } => {
                self.range(self.say("scale", "skala"), Some(min), Some(max))
            }
            Kind::Link { to } => format!("{} {to}", self.say("a case of", "et forløb af")),
            Kind::Each { link, kind } => format!(
                "{} {}: {}",
                self.say("for each of", "for hver af"),
                self.quoted(&self.reader.link(self.plan, link)),
                self.kind(kind)
            ),
        }
    }

    fn range<T: Display>(&self, word: &str, min: Option<&T>, max: Option<&T>) -> String {
        let from = min.map(|min| format!(" {} {min}", self.say("from", "fra")));
        let to = max.map(|max| format!(" {} {max}", self.say("to", "til")));
        format!(
            "{word}{}{}",
            from.unwrap_or_default(),
            to.unwrap_or_default()
        )
    }

    pub fn on_hold(&self, on_hold: OnHold) -> String {
        match on_hold {
            OnHold::Stop => self.say("stands still", "står stille"),
            OnHold::Run => self.say("runs on", "løber videre"),
        }
        .to_owned()
    }

    pub fn end_on_closed(&self, on_closed: EndOnClosed) -> String {
        match on_closed {
            EndOnClosed::Keep => self.say("ends there", "slutter dér"),
            EndOnClosed::NextWorkingDay => {
                self.say("ends on the next working day", "slutter næste hverdag")
            }
        }
        .to_owned()
    }

    pub fn on_closed(&self, on_closed: OnClosed) -> String {
        match on_closed {
            OnClosed::Keep => self.say("comes all the same", "kommer alligevel"),
            OnClosed::Skip => self.say("is left out", "springes over"),
            OnClosed::NextWorkingDay => {
                self.say("comes on the next working day", "kommer næste hverdag")
            }
        }
        .to_owned()
    }

    pub fn missed(&self, missed: Missed) -> String {
        match missed {
            Missed::Once => self.say("made up for once", "indhentes én gang"),
            Missed::All => self.say("each is made up for", "hver enkelt indhentes"),
            Missed::Skip => self.say("not made up for", "indhentes ikke"),
        }
        .to_owned()
    }

    pub fn result(&self, result: OutcomeResult) -> String {
        match result {
            OutcomeResult::Success => self.say("success", "lykkedes"),
            OutcomeResult::Other => {
                self.say("something else that is agreed", "andet, der er aftalt")
            }
            OutcomeResult::Left => self.say("left", "stoppet"),
        }
        .to_owned()
    }

    pub fn every(&self, every: &Every) -> String {
        match every {
            Every::Interval(length) => {
                format!("{} {}", self.say("every", "hver"), self.length(length))
            }
            Every::Calendar(recurrence) => match &recurrence.rule {
                Rule::Weekly { weekdays, time } => {
                    format!("{} {}", self.weekdays(weekdays), self.time(*time))
                }
                Rule::Monthly { day, time } => {
                    let day = match day {
                        Some(day) => {
                            format!("{} {day}", self.say("each month on day", "hver måned den"))
                        }
                        None => self
                            .say("on the last day of each month", "den sidste dag i måneden")
                            .to_owned(),
                    };
                    format!("{day} {}", self.time(*time))
                }
                Rule::Cron(line) => format!("{} `{line}`", self.say("by the line", "efter linjen")),
            },
        }
    }

    pub fn weekdays(&self, days: &[Weekday]) -> String {
        let name = |day: &Weekday| {
            let place = Weekday::ALL.iter().position(|one| one == day).unwrap_or(0);
            let place = i8::try_from(place).unwrap_or(0);
            let day = jiff::civil::Weekday::from_monday_zero_offset(place);
            day.map_or("", |day| self.reader.tongue().weekday(day).1)
                .to_owned()
        };
        self.reader.list(&days.iter().map(name).collect::<Vec<_>>())
    }

    pub fn time(&self, time: Time) -> String {
        self.reader.tongue().time(time.hour(), time.minute())
    }

    pub fn falls(&self, day: &ClosedDay) -> String {
        match day.when {
            DayRule::Fixed { month, day } => {
                let month = self.reader.tongue().month(month).1;
                match self.reader.language {
                    Language::English => format!("{day} {month}"),
                    Language::Danish => format!("{day}. {month}"),
                }
            }
            DayRule::Easter { offset: 0 } => self.say("Easter Sunday", "påskedag").to_owned(),
            DayRule::Easter { offset } => {
                let days = self.reader.tongue().days(i64::from(offset.abs()));
                let word = match offset > 0 {
                    true => self.say("after Easter Sunday", "efter påskedag"),
                    false => self.say("before Easter Sunday", "før påskedag"),
                };
                format!("{days} {word}")
            }
            DayRule::Once(date) => self.reader.full_date(date),
        }
    }

    pub fn day_kind(&self, kind: DayKind) -> String {
        match kind {
            DayKind::Holiday => self.say("a public holiday", "en helligdag"),
            DayKind::Closing => self.say("the office's own closing day", "kontorets egen lukkedag"),
        }
        .to_owned()
    }

    pub fn years(&self, from: Option<i16>, until: Option<i16>) -> String {
        let from = from.map(|year| format!("{} {year}", self.say("from", "fra")));
        let until = until.map(|year| format!("{} {year}", self.say("until", "til")));
        let both: Vec<String> = from.into_iter().chain(until).collect();
        both.join(" ")
    }
}
