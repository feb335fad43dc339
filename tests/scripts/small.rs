//! A small plan and case, built by hand: enough of a process to ask every question of the rule language.

use forloeb::{
    diagnostic::Source,
    scripts::{Limits, Scripts},
};
use forloeb_core::{
    case::{Case, Known, Occurrence, Origin, Place, TaskState},
    ground::Ground,
    judge::{Around, Verdict, View},
    name::Name,
    plan::{
        Event, Fact, Field, Link, Message, OnHold, Plan, Role, RuleUse, Setting, SettingPeriod,
        Stage, Task, Track,
    },
    text::Text,
    time::{Calendar, ClosedDay, DayKind, DayRule, Duration, Weekday, Zone},
    value::{Kind, SealedKey, SettingValue, Value},
};
use indexmap::IndexMap;
use jiff::{Timestamp, civil::date};
use std::{collections::BTreeMap, sync::Arc};

/// An instant, written as Copenhagen's local time.
pub fn at(local: &str) -> Timestamp {
    let zone = Zone::find("Europe/Copenhagen").unwrap();
    zone.instant(local.parse().unwrap()).unwrap()
}

pub fn ground() -> Ground {
    Ground {
        file: "processes/journey.yaml".into(),
        line: 1,
        column: 1,
    }
}

pub fn text(words: &str) -> Text {
    Text(BTreeMap::from([(Name::from("en"), words.to_owned())]))
}

fn map<V>(entries: impl IntoIterator<Item = (&'static str, V)>) -> IndexMap<Name, V> {
    entries
        .into_iter()
        .map(|(name, value)| (Name::from(name), value))
        .collect()
}

fn fact(kind: Kind, visible_to: &[&str]) -> Fact {
    Fact {
        title: text(""),
        kind,
        visible_to: visible_to.iter().map(|role| Name::from(*role)).collect(),
        personal: false,
        ground: ground(),
    }
}

fn setting(value: SettingValue) -> Setting {
    Setting {
        values: vec![SettingPeriod {
            value,
            valid_from: None,
            valid_to: None,
            ground: ground(),
        }],
        because: None,
        ground: ground(),
    }
}

fn length(text: &str) -> SettingValue {
    SettingValue::Duration(Duration::parse(text).unwrap())
}

fn calendar() -> Calendar {
    let day = |name: &str, when| ClosedDay {
        name: name.into(),
        title: text(""),
        kind: DayKind::Holiday,
        when,
        from_year: None,
        until_year: None,
        closed_from: None,
        ground: ground(),
    };
    Calendar::new(
        "denmark".into(),
        Zone::find("Europe/Copenhagen").unwrap(),
        vec![Weekday::Saturday, Weekday::Sunday],
        vec![
            day("maundy_thursday", DayRule::Easter { offset: -3 }),
            day("good_friday", DayRule::Easter { offset: -2 }),
            day("easter_monday", DayRule::Easter { offset: 1 }),
        ],
    )
    .unwrap()
}

fn task() -> Task {
    Task {
        title: text(""),
        role: "consultant".into(),
        due: None,
        after: Vec::new(),
        optional: false,
        done_when: None,
        fills: Vec::new(),
        on_hold: OnHold::Stop,
        ground: ground(),
    }
}

fn stage(tasks: &[&'static str]) -> Stage {
    Stage {
        title: text(""),
        tasks: map(tasks.iter().map(|name| (*name, task()))),
        deadlines: IndexMap::new(),
        rules: Vec::new(),
        leave: Vec::new(),
        ground: ground(),
    }
}

fn track(starts_in: &str, stages: IndexMap<Name, Stage>) -> Track {
    Track {
        title: text(""),
        starts_in: starts_in.into(),
        stages,
        ground: ground(),
    }
}

fn event(with: IndexMap<Name, Field>) -> Event {
    Event {
        title: text(""),
        by: vec!["participant".into(), "consultant".into()],
        told_by: Vec::new(),
        with,
        sets: IndexMap::new(),
        clears: Vec::new(),
        tell: IndexMap::new(),
        ground: ground(),
    }
}

fn field(kind: Kind) -> Field {
    Field {
        fact: fact(kind, &[]),
        optional: true,
    }
}

fn link(to: &str, many: bool) -> Link {
    Link {
        title: text(""),
        to: to.into(),
        many,
        inverse: None,
        ground: ground(),
    }
}

fn choice(options: &[&'static str]) -> Kind {
    Kind::Choice(map(options.iter().map(|option| (*option, text("")))))
}

const NUMBER: Kind = Kind::Number {
    min: None,
    max: None,
};

fn plan(process: &str) -> Plan {
    let role = || Role {
        title: text(""),
        ground: ground(),
    };
    Plan {
        id: "p1".into(),
        process: process.into(),
        overlay: None,
        title: text(""),
        languages: vec!["en".into()],
        calendar: calendar(),
        shown_as: None,
        faults_to: Some("project_leader".into()),
        roles: map([
            ("participant", role()),
            ("consultant", role()),
            ("project_leader", role()),
            ("psychologist", role()),
        ]),
        settings: IndexMap::new(),
        facts: IndexMap::new(),
        links: IndexMap::new(),
        events: IndexMap::new(),
        tasks: IndexMap::new(),
        tracks: IndexMap::new(),
        recurring: IndexMap::new(),
        any_stage: Vec::new(),
        outcomes: IndexMap::new(),
        rules: Vec::new(),
        described: IndexMap::new(),
        texts: IndexMap::new(),
        renamed: Default::default(),
        adopt: Default::default(),
        reads_through: std::collections::BTreeSet::new(),
        reads_of: BTreeMap::new(),
        reads_by: BTreeMap::new(),
    }
}

/// The plan of a young person's journey.
pub fn journey() -> Plan {
    let message = |words| Message {
        text: text(words),
        ground: ground(),
    };
    let period = |value, from, to| SettingPeriod {
        value: SettingValue::Number(rust_decimal::Decimal::from(value)),
        valid_from: from,
        valid_to: to,
        ground: ground(),
    };
    let mut plan = plan("journey");
    plan.settings = map([
        ("confirmed_within", setting(length("3 working days"))),
        ("lately", setting(length("14 days"))),
        (
            "companies_before_wish",
            setting(SettingValue::Number(3.into())),
        ),
        ("strict", setting(SettingValue::YesNo(true))),
        (
            "weeks",
            Setting {
                values: vec![
                    period(4, None, Some(date(2026, 3, 31))),
                    period(13, Some(date(2026, 4, 1)), None),
                ],
                because: None,
                ground: ground(),
            },
        ),
    ]);
    plan.facts = map([
        ("hours", fact(NUMBER, &[])),
        (
            "wellbeing",
            fact(Kind::Scale { min: 0, max: 10 }, &["psychologist"]),
        ),
        ("consents", fact(Kind::YesNo, &[])),
        ("mood", fact(choice(&["glad", "low"]), &[])),
        ("born", fact(Kind::Date, &[])),
        ("note", fact(Kind::Text, &[])),
    ]);
    plan.links = map([
        ("group", link("peer_group", false)),
        ("companies_met", link("company", true)),
    ]);
    plan.events = map([
        (
            "wish_stated",
            event(map([
                (
                    "company",
                    field(Kind::Link {
                        to: "company".into(),
                    }),
                ),
                ("why", field(Kind::Text)),
            ])),
        ),
        ("wish_confirmed", event(IndexMap::new())),
        (
            "attendance",
            event(map([
                ("how", field(choice(&["present", "absent"]))),
                ("explained", field(Kind::YesNo)),
                ("hours", field(NUMBER)),
            ])),
        ),
    ]);
    plan.tasks = map([("unblock", task())]);
    plan.tracks = map([
        (
            "journey",
            track(
                "wishing",
                map([
                    ("wishing", stage(&["state_wish"])),
                    ("placement", stage(&[])),
                ]),
            ),
        ),
        (
            "support",
            track("available", map([("available", stage(&[]))])),
        ),
    ]);
    plan.texts = map([
        ("confirm_wish", message("{name}, is this your own wish?")),
        (
            "not_confirmed",
            message("{name} has not confirmed the wish for {days} days"),
        ),
        ("few_companies", message("{name} has met {met} companies")),
        (
            "hours_low",
            message("{name} works {hours} hours with {group}"),
        ),
    ]);
    plan
}

/// The plan of a group.
pub fn peer_group() -> Plan {
    let mut plan = plan("peer_group");
    plan.facts = map([
        ("size", fact(NUMBER, &[])),
        ("secret", fact(Kind::Text, &["psychologist"])),
    ]);
    plan.links = map([("members", link("journey", true))]);
    plan.events = map([("meeting_held", event(IndexMap::new()))]);
    plan.tracks = map([(
        "life",
        track("meeting", map([("meeting", stage(&["book"]))])),
    )]);
    plan
}

/// The plans that belong together, by process.
pub fn plans() -> BTreeMap<Name, Plan> {
    BTreeMap::from([
        (Name::from("journey"), journey()),
        (Name::from("peer_group"), peer_group()),
        (Name::from("company"), plan("company")),
    ])
}

/// A case that has just started, on Monday 2 March 2026 at 09:00.
pub fn case(id: &str, plan: &Plan) -> Case {
    let started = at("2026-03-02T09:00:00");
    let place = |track: &Track| Place {
        stage: track.starts_in.clone(),
        since: started,
        seq: 2,
        cause: None,
    };
    Case {
        id: id.into(),
        process: plan.process.clone(),
        plan: plan.id.clone(),
        seq: 2,
        now: started,
        started,
        ended: None,
        facts: BTreeMap::new(),
        links: BTreeMap::new(),
        events: BTreeMap::new(),
        tracks: plan
            .tracks
            .iter()
            .map(|(name, track)| (name.clone(), place(track)))
            .collect(),
        visits: BTreeMap::new(),
        tasks: BTreeMap::new(),
        deadlines: BTreeMap::new(),
        recurring: BTreeMap::new(),
        findings: BTreeMap::new(),
        raised: std::collections::BTreeSet::new(),
        hold: None,
        circled: Vec::new(),
    }
}

/// A world around one case, changed step by step and then asked.
pub struct World {
    pub plan: Plan,
    pub case: Case,
    pub around: Around,
}

impl World {
    pub fn new() -> Self {
        let plan = journey();
        let case = case("p-1", &plan);
        Self {
            plan,
            case,
            around: Around::default(),
        }
    }

    pub fn fact(mut self, name: &str, value: Value) -> Self {
        self.case.seq += 1;
        let known = Known {
            value,
            seq: self.case.seq,
            at: self.case.started,
        };
        self.case.facts.insert(name.into(), known);
        self
    }

    /// A confidential fact, whose value lies beside the case.
    pub fn sealed(mut self, name: &str, value: Value) -> Self {
        let key = SealedKey {
            seq: self.case.seq + 1,
            field: name.into(),
        };
        self.around.sealed.insert(key.clone(), value);
        self.fact(name, Value::Sealed(key))
    }

    pub fn event(mut self, name: &str, local: &str, by: &str, with: &[(&str, Value)]) -> Self {
        self.case.seq += 1;
        let one = Occurrence {
            seq: self.case.seq,
            at: at(local),
            by: Some(by.into()),
            from: None,
            with: with
                .iter()
                .map(|(name, value)| (Name::from(*name), value.clone()))
                .collect::<BTreeMap<_, _>>()
                .into(),
        };
        let events = self.case.events.entry(name.into()).or_default();
        events.push(Arc::new(one));
        self
    }

    pub fn linked(mut self, link: &str, plan: Plan, case: Case) -> Self {
        self.case
            .links
            .entry(link.into())
            .or_default()
            .push(case.id.clone());
        self.around
            .cases
            .insert(case.id.clone(), (Arc::new(plan), Arc::new(case)));
        self
    }

    pub fn open_task(mut self, name: &str) -> Self {
        self.case.seq += 1;
        let state = TaskState {
            name: name.into(),
            origin: Origin::Stage {
                track: "journey".into(),
                stage: "wishing".into(),
            },
            role: "participant".into(),
            opened: self.case.started,
            due: None,
            overdue: false,
            done: None,
        };
        self.case.tasks.insert(self.case.seq, state);
        self
    }

    pub fn view(&self, local: &str) -> View {
        self.view_at(at(local))
    }

    pub fn view_at(&self, now: Timestamp) -> View {
        View {
            plan: Arc::new(self.plan.clone()),
            case: Arc::new(self.case.clone()),
            around: Arc::new(Around {
                cases: self.around.cases.clone(),
                sealed: self.around.sealed.clone(),
            }),
            now,
        }
    }
}

pub fn source(path: &str, text: &str) -> Arc<Source> {
    Arc::new(Source {
        path: path.into(),
        text: text.to_owned(),
    })
}

pub fn rule(name: &str) -> RuleUse {
    RuleUse {
        rule: name.into(),
        reads: Vec::new(),
        ground: ground(),
    }
}

/// No limit on the wall: a test machine may be slow, and the steps are what counts.
pub fn limits() -> Limits {
    Limits {
        wall: None,
        ..Limits::default()
    }
}

/// Compiles `rules/r.rhai`, which must be right by itself.
pub fn scripts(text: &str) -> Scripts {
    let (scripts, diagnostics) = Scripts::compile(&[source("rules/r.rhai", text)]);
    assert_eq!(diagnostics, [], "{text}");
    scripts
}

/// What the function `r` answers, given only its body.
pub fn answer(body: &str, world: &World, local: &str) -> Verdict {
    let text = format!("/// What it says.\nfn r(it) {{\n{body}\n}}");
    let scripts = scripts(&text);
    scripts
        .measure(&rule("r.r"), &world.view(local), limits())
        .0
}

/// What a condition rule with this body says: `yes`, `no`, `yes: reason`, or how it fails.
pub fn says(body: &str, world: &World, local: &str) -> String {
    match answer(body, world, local).answer {
        Err(fault) => format!(
            "{} ({}:{})",
            fault.message, fault.ground.line, fault.ground.column
        ),
        Ok(answer) => {
            let holds = match answer.holds {
                Some(true) => "yes",
                Some(false) => "no",
                None => "nothing",
            };
            match answer.reason {
                Some(reason) => format!("{holds}: {reason}"),
                None => holds.to_owned(),
            }
        }
    }
}
