//! Compiles deadlines and their ladders.

use super::{
    compile::{Compiler, ground},
    conditions::Place,
    declared::Sort,
    read::{Fields, word},
    reference::{ANCHOR, DEADLINE, RUNG},
    tasks::ON_HOLD,
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{Amount, Anchor, Deadline, Level, Offset, Rung},
    time::{Duration, EndOnClosed, Unit},
    value::{Kind, SettingValue},
};
use indexmap::IndexMap;

impl<'n> Compiler<'n> {
    pub(super) fn deadlines(
        &mut self,
        stage: Fields<'n>,
        place: Place<'n>,
    ) -> IndexMap<Name, Deadline> {
        let mut deadlines = IndexMap::new();
        for entry in stage.named("deadlines", &mut self.problems) {
            if let Some(deadline) = self.deadline(entry, place) {
                deadlines.insert(Name::from(entry.key.as_str()), deadline);
            }
        }
        deadlines
    }

    fn deadline(&mut self, entry: &'n Entry, place: Place<'n>) -> Option<Deadline> {
        let fields = self.fields(entry, &DEADLINE)?;
        let title = self.title(fields, entry);
        let from = match fields.get("from") {
            Some(node) => self.anchor(node),
            None => Some(Anchor::Entered),
        };
        let within = fields.get("within").and_then(|node| self.duration(node));
        let until = self.condition_at(fields, "until", place);
        let restart = fields.yes_no("restart", &mut self.problems);
        if restart
            && let Some(Anchor::Entered) = from
            && let Some(entry) = fields.entry("restart")
        {
            self.problems.push(
                Diagnostic::error(
                    "misplaced-key",
                    &entry.key_span,
                    "a stage is entered only once, so this deadline cannot start anew",
                )
                .help("leave `restart` out, or say `from: { event: … }`"),
            );
        }
        let closed = [
            ("keep", EndOnClosed::Keep),
            ("next_working_day", EndOnClosed::NextWorkingDay),
        ];
        let on_closed = fields.choice("on_closed", &closed, &mut self.problems);
        let on_hold = fields.choice("on_hold", &ON_HOLD, &mut self.problems);
        // A fact may hold a day that is far ahead: a rung may then lie before the day itself.
        let counted = within
            .as_ref()
            .filter(|_| !matches!(from, Some(Anchor::Fact(_))));
        let ladder = self.ladder(entry, fields, counted);
        Some(Deadline {
            title,
            from: from?,
            within: within?,
            until: until?,
            restart,
            on_closed: on_closed.unwrap_or(EndOnClosed::Keep),
            on_hold: on_hold.unwrap_or_default(),
            ladder,
            ground: ground(entry),
            within_ground: fields.get("within")?.span.ground(),
        })
    }

    fn anchor(&mut self, node: &'n Node) -> Option<Anchor> {
        if let Content::Scalar(scalar) = &node.content {
            if scalar.text == "entered" {
                return Some(Anchor::Entered);
            }
            let help = if self.declared.events.contains_key(scalar.text.as_str()) {
                format!("write `{{ event: {} }}`", scalar.text)
            } else {
                "write `entered`, `{ event: … }` or `{ fact: … }`".to_owned()
            };
            self.problems.push(
                Diagnostic::error(
                    "unknown-word",
                    &node.span,
                    format!("a deadline cannot run from `{}`", scalar.text),
                )
                .help(help),
            );
            return None;
        }
        let fields = Fields::read(node, &node.span, &ANCHOR, &mut self.problems)?;
        match (fields.get("event"), fields.get("fact")) {
            (Some(event), None) => self.known(event, Sort::Event).map(Anchor::Event),
            (None, Some(fact)) => self.date_fact(fact).map(Anchor::Fact),
            _ => {
                self.problems.push(
                    Diagnostic::error(
                        "missing-key",
                        &node.span,
                        "a deadline runs from one event or one fact",
                    )
                    .help("write `from: { event: … }`, `from: { fact: … }` or `from: entered`"),
                );
                None
            }
        }
    }

    fn date_fact(&mut self, node: &Node) -> Option<Name> {
        let name = self.known(node, Sort::Fact)?;
        let fact = self.facts.get(&name)?;
        let wrong = if fact.kind != Kind::Date {
            Some(format!(
                "the fact `{name}` is {}",
                super::kinds::described(&fact.kind)
            ))
        } else if fact.sealed() {
            Some(format!("the fact `{name}` is confidential or personal"))
        } else {
            None
        };
        if let Some(message) = wrong {
            self.problems.push(
                Diagnostic::error("not-a-date-fact", &node.span, message)
                    .label("expected a fact of type `date` that everybody may see"),
            );
            return None;
        }
        Some(name)
    }

    fn ladder(
        &mut self,
        entry: &Entry,
        fields: Fields<'n>,
        within: Option<&Amount<Duration>>,
    ) -> Vec<Rung> {
        let nudges = fields.list("nudge", &mut self.problems);
        let escalations = fields.list("escalate", &mut self.problems);
        if nudges.is_empty() && escalations.is_empty() {
            self.problems.push(
                Diagnostic::error(
                    "silent-deadline",
                    &entry.key_span,
                    format!("nobody hears about the deadline `{}`", entry.key),
                )
                .help("add `nudge: [{ to: ROLE, before: 2 days, say: TEXT }]` or `escalate: [{ to: ROLE, say: TEXT }]`"),
            );
        }
        self.check_names(nudges);
        self.check_names(escalations);
        let levels = nudges
            .iter()
            .map(|node| (Level::Nudge, node))
            .chain(escalations.iter().map(|node| (Level::Escalation, node)));
        levels
            .filter_map(|(level, node)| self.rung(level, node, within))
            .collect()
    }

    fn rung(
        &mut self,
        level: Level,
        node: &'n Node,
        within: Option<&Amount<Duration>>,
    ) -> Option<Rung> {
        let fields = Fields::read(node, &node.span, &RUNG, &mut self.problems)?;
        let to = self.named_in(fields, "to", Sort::Role);
        let say = self.named_in(fields, "say", Sort::Text);
        let raise = fields
            .get("raise")
            .map(|task| self.known(task, Sort::RaisedTask));
        let offset = match (fields.get("before"), fields.entry("after")) {
            (None, None) => Some(Offset::At),
            (Some(before), None) => {
                let length = self.duration(before);
                if let (Some(length), Some(within)) = (&length, within) {
                    self.refuse_too_early(before, length, within);
                }
                length.map(Offset::Before)
            }
            (None, Some(after)) => self.duration(&after.value).map(Offset::After),
            (Some(_), Some(after)) => {
                self.problems.push(
                    Diagnostic::error(
                        "before-and-after",
                        &after.key_span,
                        "a rung is before the limit or after it, not both",
                    )
                    .help("write two rungs"),
                );
                None
            }
        };
        Some(Rung {
            level,
            to: to?,
            offset: offset?,
            say: say?,
            raise: match raise {
                None => None,
                Some(task) => Some(task?),
            },
            ground: node.span.ground(),
        })
    }

    /// A rung that lies before the deadline's own start can never be reached.
    fn refuse_too_early(
        &mut self,
        node: &Node,
        before: &Amount<Duration>,
        within: &Amount<Duration>,
    ) {
        let shortest = self
            .lengths(before)
            .into_iter()
            .map(|one| span_of(one).0)
            .min();
        let longest = self
            .lengths(within)
            .into_iter()
            .map(|one| span_of(one).1)
            .max();
        if let (Some(shortest), Some(longest)) = (shortest, longest)
            && shortest > longest
        {
            let said =
                word(node, "a duration", &mut self.problems).map(|scalar| scalar.text.clone());
            self.problems.push(
                Diagnostic::error(
                    "never-reached",
                    &node.span,
                    format!(
                        "`{}` before the limit is before the deadline begins",
                        said.unwrap_or_default()
                    ),
                )
                .help("write a length shorter than `within`"),
            );
        }
    }

    /// The lengths that an amount can have.
    pub(super) fn lengths(&self, amount: &Amount<Duration>) -> Vec<Duration> {
        match amount {
            Amount::Literal(duration) => vec![*duration],
            Amount::Setting(name) => {
                let periods = self
                    .settings
                    .get(name)
                    .map(|setting| setting.values.as_slice());
                periods
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|period| match &period.value {
                        SettingValue::Duration(duration) => Some(*duration),
                        _ => None,
                    })
                    .collect()
            }
        }
    }
}

/// The shortest and the longest that a duration can be, in minutes, whatever the calendar.
fn span_of(duration: Duration) -> (u64, u64) {
    const DAY: u64 = 24 * 60;
    let count = u64::from(duration.count());
    match duration.unit() {
        Unit::Minutes => (count, count),
        Unit::Hours => (count * 60, count * 60),
        Unit::Days => (count * DAY, (count + 1) * DAY),
        Unit::Weeks => (count * 7 * DAY, (count * 7 + 1) * DAY),
        Unit::Months => (count * 28 * DAY, (count * 31 + 1) * DAY),
        // Two weeks of closed days are more than any office has beside its weekends.
        Unit::WorkingDays => (count * DAY, (count * 7 + 15) * DAY),
    }
}
