//! Compiles calendar files. A calendar that extends another takes over all of it.

use super::{
    compile::{ground, stem_name},
    declared::{Sort, resolve},
    problems::suggestion,
    read::{Fields, Problems, misread, whole, word},
    reference::{CALENDAR, CLOSED_DAY},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::{Diagnostic, Span};
use forloeb_core::{
    name::Name,
    text::Text,
    time::{Calendar, ClosedDay, DayKind, DayRule, Misread, Weekday, Zone, parse_date, parse_time},
};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The calendars of a programme, by name. One with errors is known, but has no value.
#[derive(Debug, Default)]
pub struct Calendars {
    compiled: IndexMap<Name, Option<Calendar>>,
    /// For each calendar, the one that it extends.
    extends: BTreeMap<Name, Name>,
}

impl Calendars {
    /// A calendar that has no errors.
    pub fn get(&self, name: &Name) -> Option<&Calendar> {
        self.compiled.get(name).and_then(Option::as_ref)
    }

    /// The calendars that have no errors.
    pub fn into_good(self) -> IndexMap<Name, Calendar> {
        let good = self
            .compiled
            .into_iter()
            .filter_map(|(name, calendar)| Some((name, calendar?)));
        good.collect()
    }

    /// The names of all calendar files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.compiled.keys().map(Name::as_str)
    }

    /// A calendar and those that it extends.
    pub fn chain(&self, name: &Name) -> Vec<Name> {
        let mut chain = vec![name.clone()];
        while let Some(next) = chain.last().and_then(|last| self.extends.get(last)) {
            if chain.contains(next) {
                break;
            }
            chain.push(next.clone());
        }
        chain
    }
}

/// Compiles the calendar files of a programme, by the names of their files.
pub fn compile_all(files: &IndexMap<Name, Option<Node>>, problems: &mut Problems) -> Calendars {
    let mut extends = BTreeMap::new();
    for (name, root) in files {
        if let Some(Content::Scalar(base)) = root
            .as_ref()
            .and_then(|root| root.get("extends"))
            .map(|node| &node.content)
        {
            extends.insert(name.clone(), Name::from(base.text.as_str()));
        }
    }
    let mut calendars = Calendars {
        compiled: files.keys().map(|name| (name.clone(), None)).collect(),
        extends,
    };
    let mut order: Vec<&Name> = files.keys().collect();
    // What is extended comes first: its chain is shorter.
    order.sort_by_key(|name| calendars.chain(name).len());
    for name in order {
        let Some(Some(root)) = files.get(name) else {
            continue;
        };
        let compiled = Reader {
            problems,
            calendars: &calendars,
        }
        .calendar(name, root);
        calendars.compiled.insert(name.clone(), compiled);
    }
    calendars
}

struct Reader<'a> {
    problems: &'a mut Problems,
    calendars: &'a Calendars,
}

impl<'a> Reader<'a> {
    fn calendar(&mut self, name: &Name, root: &Node) -> Option<Calendar> {
        let before = self.problems.len();
        let fields = Fields::read(root, &root.span.start_point(), &CALENDAR, self.problems)?;
        if let Some(node) = fields.get("calendar") {
            stem_name(node, self.problems);
        }
        if let Some(node) = fields.get("title") {
            self.text(node);
        }
        let base = fields.get("extends").and_then(|node| self.base(name, node));
        let zone = self.zone(root, fields, base);
        let weekend = self.weekend(fields, base);
        let mut closed: Vec<ClosedDay> = base
            .map(|base| base.closed_days().to_vec())
            .unwrap_or_default();
        self.remove(fields, base, &mut closed);
        for (key, kind) in [
            ("holidays", DayKind::Holiday),
            ("closing_days", DayKind::Closing),
        ] {
            for entry in fields.named(key, self.problems) {
                let Some(day) = self.day(entry, kind) else {
                    continue;
                };
                if let Some(first) = closed.iter().find(|known| known.name == day.name) {
                    self.problems.push(
                        Diagnostic::error(
                            "duplicate-day",
                            &entry.key_span,
                            format!("there is a closed day `{}` already", day.name),
                        )
                        .help(format!(
                            "it stands in {}, line {}",
                            first.ground.file, first.ground.line
                        )),
                    );
                } else {
                    closed.push(day);
                }
            }
        }
        let clean = !self.problems.iter().skip(before).any(Diagnostic::is_error);
        match Calendar::new(name.clone(), zone?, weekend, closed) {
            Ok(calendar) => clean.then_some(calendar),
            Err(error) => {
                let span = fields
                    .entry("weekend")
                    .map_or(&root.span, |entry| &entry.key_span);
                self.problems.push(at("bad-calendar", span, &error));
                None
            }
        }
    }

    /// Takes out the days of the base that do not hold here.
    fn remove(&mut self, fields: Fields<'_>, base: Option<&Calendar>, closed: &mut Vec<ClosedDay>) {
        for node in fields.list("remove", self.problems) {
            let Some(scalar) = word(node, "the name of a closed day", self.problems) else {
                continue;
            };
            if let Some(at) = closed.iter().position(|day| day.name == *scalar.text) {
                closed.remove(at);
            } else if base.is_some() || fields.get("extends").is_none() {
                let known = closed.iter().map(|day| day.name.as_str());
                self.problems.push(
                    Diagnostic::error(
                        "unknown-day",
                        &node.span,
                        format!("there is no closed day `{}` to remove", scalar.text),
                    )
                    .help(suggestion(
                        &scalar.text,
                        known,
                        "only days of the calendar that this one `extends` can be removed",
                    )),
                );
            }
        }
    }

    /// The calendar that this one extends.
    fn base(&mut self, name: &Name, node: &Node) -> Option<&'a Calendar> {
        let calendars = self.calendars;
        let base = resolve(node, Sort::Calendar, calendars.names(), self.problems)?;
        if let Some(calendar) = calendars.get(&base) {
            return Some(calendar);
        }
        let circle = calendars.chain(&base).contains(name);
        self.problems.push(if circle {
            Diagnostic::error(
                "calendars-in-circle",
                &node.span,
                "these calendars extend each other",
            )
            .help("one of them must stand on its own")
        } else {
            Diagnostic::error(
                "broken-calendar",
                &node.span,
                format!("the calendar `{base}` has errors"),
            )
        });
        None
    }

    fn zone(&mut self, root: &Node, fields: Fields<'_>, base: Option<&Calendar>) -> Option<Zone> {
        let Some(node) = fields.get("zone") else {
            if base.is_none() && fields.get("extends").is_none() {
                self.problems.push(
                    Diagnostic::error("missing-key", &root.span.start_point(), "a calendar needs `zone`")
                        .help("add `zone: Europe/Copenhagen`, or `extends: ANOTHER` to take over its zone"),
                );
            }
            return base.map(|base| base.zone().clone());
        };
        let scalar = word(
            node,
            "a time zone such as `Europe/Copenhagen`",
            self.problems,
        )?;
        Zone::find(&scalar.text)
            .map_err(|error| self.problems.push(misread("unknown-zone", node, &error)))
            .ok()
    }

    fn weekend(&mut self, fields: Fields<'_>, base: Option<&Calendar>) -> Vec<Weekday> {
        let Some(node) = fields.get("weekend") else {
            return match base {
                Some(base) => base.weekend().to_vec(),
                None => vec![Weekday::Saturday, Weekday::Sunday],
            };
        };
        let mut weekend = Vec::new();
        for item in super::read::list(node, self.problems) {
            let Some(scalar) = word(item, "a weekday", self.problems) else {
                continue;
            };
            match Weekday::parse(&scalar.text) {
                Ok(day) if !weekend.contains(&day) => weekend.push(day),
                Ok(_) => {}
                Err(error) => self.problems.push(misread("unknown-weekday", item, &error)),
            }
        }
        weekend
    }

    fn day(&mut self, entry: &Entry, kind: DayKind) -> Option<ClosedDay> {
        let fields = Fields::read(&entry.value, &entry.key_span, &CLOSED_DAY, self.problems)?;
        let title = match fields.get("title") {
            Some(node) => self.text(node),
            None => one_text(&entry.key.replace('_', " ")),
        };
        let from_year = self.year(fields, "from");
        let until_year = self.year(fields, "until");
        let closed_from = match fields.get("closed_from") {
            Some(node) => {
                let scalar = word(node, "a time such as `\"12:00\"`", self.problems)?;
                match parse_time(&scalar.text) {
                    Ok(time) => Some(time),
                    Err(error) => {
                        self.problems.push(misread("bad-time", node, &error));
                        return None;
                    }
                }
            }
            None => None,
        };
        let day = ClosedDay {
            name: entry.key.as_str().into(),
            title,
            kind,
            when: self.when(entry, fields)?,
            from_year,
            until_year,
            closed_from,
            ground: ground(entry),
        };
        if let Err(error) = day.check() {
            let node = ["on", "easter", "until"]
                .iter()
                .find_map(|key| fields.get(key));
            let span = node.map_or(&entry.key_span, |node| &node.span);
            self.problems.push(at("never-falls", span, &error));
            return None;
        }
        Some(day)
    }

    fn when(&mut self, entry: &Entry, fields: Fields<'_>) -> Option<DayRule> {
        match (fields.get("on"), fields.get("easter")) {
            (Some(on), None) => self.on(on),
            (None, Some(easter)) => {
                let offset = whole(easter, self.problems)?;
                // What no year can hold is refused by the day's own check.
                Some(DayRule::Easter {
                    offset: i16::try_from(offset).unwrap_or(i16::MAX),
                })
            }
            (on, _) => {
                let message = match on {
                    Some(_) => {
                        "a closed day falls `on` a date or so many days from `easter`, not both"
                    }
                    None => "it is not said when this day falls",
                };
                self.problems.push(
                    Diagnostic::error("missing-key", &entry.key_span, message)
                        .help("write `on: 12-24`, `on: 2026-11-30` or `easter: 39`"),
                );
                None
            }
        }
    }

    fn on(&mut self, node: &Node) -> Option<DayRule> {
        let scalar = word(node, "a date", self.problems)?;
        let parts: Vec<&str> = scalar.text.split('-').collect();
        if let [month, day] = parts.as_slice()
            && month.len() == 2
            && day.len() == 2
            && let (Ok(month), Ok(day)) = (month.parse(), day.parse())
        {
            return Some(DayRule::Fixed { month, day });
        }
        match parse_date(&scalar.text) {
            Ok(date) => Some(DayRule::Once(date)),
            Err(error) => {
                let mut problem = misread("bad-date", node, &error);
                if parts.len() != 3 {
                    problem = problem.help("write month and day with two digits each (`12-24`), or a whole date (`2026-11-30`)");
                }
                self.problems.push(problem);
                None
            }
        }
    }

    fn year(&mut self, fields: Fields<'_>, key: &str) -> Option<i16> {
        let node = fields.get(key)?;
        let year = whole(node, self.problems)?;
        match i16::try_from(year)
            .ok()
            .filter(|year| (1583..=9999).contains(year))
        {
            Some(year) => Some(year),
            None => {
                self.problems.push(
                    Diagnostic::error(
                        "bad-year",
                        &node.span,
                        format!("`{year}` is not a year of the calendar"),
                    )
                    .label("expected four digits, such as `2026`"),
                );
                None
            }
        }
    }

    /// A calendar serves processes of any languages, so its texts may be in any, or in none in particular.
    fn text(&mut self, node: &Node) -> Text {
        if let Content::Scalar(scalar) = &node.content {
            return one_text(&scalar.text);
        }
        let entries = super::read::named(node, "a text", self.problems);
        let mut texts = BTreeMap::new();
        for entry in entries {
            if let Some(said) = word(&entry.value, "a text", self.problems) {
                texts.insert(Name::from(entry.key.as_str()), said.text.clone());
            }
        }
        Text(texts)
    }
}

fn one_text(text: &str) -> Text {
    Text([("any".into(), text.to_owned())].into())
}

fn at(code: &'static str, span: &Span, error: &Misread) -> Diagnostic {
    Diagnostic::error(code, span, error.message.as_str()).help(error.help.as_str())
}
