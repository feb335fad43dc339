//! A small journey, built by hand and stepped for real: what the pages of the golden files tell about. All persons are invented.

use forloeb_core::{
    case::{Case, CaseId},
    condition::{Compare, Condition, EventTest, Test},
    entry::{Actor, Entry},
    ground::Ground,
    input::{Given, Input, Moment, Raw, Step},
    judge::{Answer, Around, Found, Judge, Verdict, View},
    name::Name,
    plan::{
        Amount, Anchor, Deadline, Described, Event, Every, Exit, Fact, Field, Level, Link, Message,
        Missed, Offset, OnHold, Outcome, OutcomeResult, Plan, Recurring, Role, RuleUse, Rung,
        Setting, SettingPeriod, Stage, Target, Task, Track,
    },
    step::{Scene, start, step},
    text::Text,
    time::{
        Calendar, ClosedDay, DayKind, DayRule, Duration, EndOnClosed, OnClosed, Recurrence,
        Weekday, Zone,
    },
    value::{Kind, SealedKey, SettingValue, Value},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub const YAML: &str = include_str!("journey.yaml");
pub const RHAI: &str = include_str!("many_to_many.rhai");

pub fn name(text: &str) -> Name {
    Name::from(text)
}

pub fn text(da: &str, en: &str) -> Text {
    Text(BTreeMap::from([
        (name("da"), da.to_owned()),
        (name("en"), en.to_owned()),
    ]))
}

/// The place of `inner` behind the first `outer` in a file.
fn place(file: &str, source: &str, outer: &str, inner: &str) -> Ground {
    let start = source.find(outer).unwrap_or_else(|| panic!("no `{outer}`"));
    let found = start
        + source[start..]
            .find(inner)
            .unwrap_or_else(|| panic!("no `{inner}`"));
    let line_start = source[..found].rfind('\n').map_or(0, |at| at + 1);
    Ground {
        file: name(file),
        line: u32::try_from(source[..found].matches('\n').count() + 1).unwrap(),
        column: u32::try_from(source[line_start..found].chars().count() + 1).unwrap(),
    }
}

pub fn at(outer: &str, inner: &str) -> Ground {
    place("processes/journey.yaml", YAML, outer, inner)
}

fn here(key: &str) -> Ground {
    at(key, key)
}

fn lasting(length: &str) -> Amount<Duration> {
    Amount::Literal(Duration::parse(length).unwrap())
}

fn happened(event: &str, ground: Ground) -> Condition {
    let test = EventTest {
        event: name(event),
        by: Vec::new(),
        with: BTreeMap::new(),
        times: Amount::Literal(1),
        ever: false,
    };
    Condition {
        test: Test::Event(test),
        ground,
    }
}

fn fact(title: Text, kind: Kind, ground: Ground) -> Fact {
    Fact {
        title,
        kind,
        visible_to: Vec::new(),
        personal: false,
        ground,
    }
}

fn task(
    title: Text,
    role: &str,
    due: Option<&str>,
    done_when: Option<Condition>,
    ground: Ground,
) -> Task {
    Task {
        title,
        role: name(role),
        due: due.map(lasting),
        after: Vec::new(),
        optional: false,
        done_when,
        fills: Vec::new(),
        on_hold: OnHold::Stop,
        ground,
    }
}

fn calendar() -> Calendar {
    let autumn_day = ClosedDay {
        name: name("inventory"),
        title: text("Lukket for optælling", "Closed for inventory"),
        kind: DayKind::Closing,
        when: DayRule::Fixed { month: 10, day: 7 },
        from_year: None,
        until_year: None,
        closed_from: None,
        ground: place("processes/calendars/denmark.yaml", "x", "x", "x"),
    };
    let zone = Zone::find("Europe/Copenhagen").unwrap();
    Calendar::new(
        name("denmark"),
        zone,
        vec![Weekday::Saturday, Weekday::Sunday],
        vec![autumn_day],
    )
    .unwrap()
}

fn setting(key: &str, value: &str) -> (Name, Setting) {
    let ground = at(key, value);
    let value = SettingValue::Duration(Duration::parse(value).unwrap());
    let period = SettingPeriod {
        value,
        valid_from: None,
        valid_to: None,
        ground: ground.clone(),
    };
    (
        name(key),
        Setting {
            values: vec![period],
            because: None,
            ground,
        },
    )
}

fn facts() -> IndexMap<Name, Fact> {
    let number = Kind::Number {
        min: None,
        max: None,
    };
    let mut person = fact(text("Navn", "Name"), Kind::Text, here("name: "));
    person.personal = true;
    let mut notes = fact(
        text("Noter fra samtaler", "Notes of talks"),
        Kind::Text,
        here("talk_notes"),
    );
    notes.visible_to = vec![name("psychologist")];
    IndexMap::from([
        (name("name"), person),
        (
            name("weekly_hours"),
            fact(
                text("Timer om ugen", "Hours a week"),
                number,
                here("weekly_hours"),
            ),
        ),
        (name("talk_notes"), notes),
    ])
}

fn event(title: Text, with: IndexMap<Name, Field>, key: &str) -> (Name, Event) {
    let declared = Event {
        title,
        by: vec![name("participant"), name("consultant")],
        told_by: vec![name("company")],
        with,
        sets: IndexMap::new(),
        clears: Vec::new(),
        tell: IndexMap::new(),
        ground: here(&format!("  {key}:")),
    };
    (name(key), declared)
}

fn events() -> IndexMap<Name, Event> {
    let options = IndexMap::from([
        (name("welcome"), text("Velkommen", "Welcome")),
        (name("later"), text("Gerne senere", "Gladly later")),
    ]);
    let field = |title: Text, kind| Field {
        fact: fact(title, kind, here("company: { link")),
        optional: false,
    };
    let wish = IndexMap::from([
        (
            name("company"),
            field(
                text("Virksomhed", "Company"),
                Kind::Link {
                    to: name("company"),
                },
            ),
        ),
        (
            name("why"),
            field(text("Hvorfor netop her", "Why this one"), Kind::Text),
        ),
    ]);
    let answer = IndexMap::from([(
        name("answer"),
        field(text("Svar", "Answer"), Kind::Choice(options)),
    )]);
    IndexMap::from([
        event(
            text("Ønske om praktik", "Wish for a placement"),
            wish,
            "wish_stated",
        ),
        event(
            text("Virksomheden har svaret", "The company has answered"),
            answer,
            "company_answered",
        ),
        event(
            text("Praktikken er begyndt", "The placement has started"),
            IndexMap::new(),
            "placement_started",
        ),
        event(
            text("Vil ikke være med længere", "No longer wants to take part"),
            IndexMap::new(),
            "withdrew",
        ),
    ])
}

fn rung(level: Level, to: &str, offset: Offset, say: &str, ground: Ground) -> Rung {
    let raise = (say == "start_overdue" && to == "project_leader").then(|| name("unblock_start"));
    Rung {
        level,
        to: name(to),
        offset,
        say: name(say),
        raise,
        ground,
    }
}

fn deadlines() -> IndexMap<Name, Deadline> {
    let deadline = |title, key: &str, within: &str, until: &str, ladder| Deadline {
        title,
        from: Anchor::Event(name("wish_stated")),
        within: Amount::Setting(name(within)),
        until: happened(until, at(key, &format!("event: {until} }}"))),
        restart: false,
        on_closed: EndOnClosed::Keep,
        on_hold: OnHold::Stop,
        ladder,
        ground: here(key),
        within_ground: at(key, within),
    };
    let answer = vec![rung(
        Level::Nudge,
        "consultant",
        Offset::At,
        "not_answered",
        at("nudge: [{ to: consultant", "{ to"),
    )];
    let start = vec![
        rung(
            Level::Nudge,
            "consultant",
            Offset::Before(lasting("4 days")),
            "start_is_near",
            here("{ to: consultant, before"),
        ),
        rung(
            Level::Escalation,
            "project_leader",
            Offset::At,
            "start_overdue",
            here("{ to: project_leader"),
        ),
        rung(
            Level::Escalation,
            "municipal_manager",
            Offset::After(lasting("1 week")),
            "start_overdue",
            here("{ to: municipal_manager"),
        ),
    ];
    let answer_title = text(
        "Virksomhedens svar på ønsket",
        "The company's answer to the wish",
    );
    let begin = deadline(
        text("Start i praktik", "Start of the placement"),
        "placement_start:",
        "start_within",
        "placement_started",
        start,
    );
    IndexMap::from([
        (
            name("company_answer"),
            deadline(
                answer_title,
                "company_answer:",
                "answer_within",
                "company_answered",
                answer,
            ),
        ),
        (name("placement_start"), begin),
    ])
}

fn leave() -> Condition {
    let part = |test, inner: &str| Condition {
        test,
        ground: at("{ to: placement", inner),
    };
    let hours = Test::Fact {
        fact: name("weekly_hours"),
        compare: vec![Compare::AtLeast(Amount::Literal(15.into()))],
    };
    let met = Test::Link {
        link: name("companies_met"),
        at_least: Amount::Literal(3),
        at_most: None,
    };
    let any = Test::Any(vec![
        part(Test::TasksDone, "tasks: done"),
        part(met, "link:"),
    ]);
    let withdrew = happened("withdrew", at("not: {", "event: withdrew"));
    part(
        Test::All(vec![
            happened(
                "placement_started",
                at("{ to: placement", "event: placement"),
            ),
            part(hours, "fact:"),
            part(any, "any:"),
            part(Test::Not(Box::new(withdrew)), "not:"),
        ]),
        "{ event: placement_started",
    )
}

fn wishing() -> Stage {
    let wish = happened("wish_stated", at("state_wish:", "{ event"));
    let started = happened("placement_started", at("agree_start:", "{ event"));
    let mut agree = task(
        text(
            "Aftal praktikken med den unge og virksomheden",
            "Agree the placement with the young person and the company",
        ),
        "consultant",
        Some("10 working days"),
        Some(started),
        here("agree_start:"),
    );
    agree.after = vec![name("state_wish")];
    let mut visit = task(
        text("Besøg en virksomhed", "Visit a company"),
        "participant",
        None,
        None,
        here("visit:"),
    );
    visit.optional = true;
    let state = task(
        text(
            "Skriv hvor du gerne vil i praktik",
            "Write where you would like your placement",
        ),
        "participant",
        Some("1 week"),
        Some(wish),
        here("state_wish:"),
    );
    Stage {
        title: text("Du ønsker selv", "You wish for yourself"),
        tasks: IndexMap::from([
            (name("state_wish"), state),
            (name("agree_start"), agree),
            (name("visit"), visit),
        ]),
        deadlines: deadlines(),
        rules: vec![RuleUse {
            rule: name("many_to_many.met_enough_companies"),
            reads: Vec::new(),
            ground: here("many_to_many"),
        }],
        leave: vec![Exit {
            target: Target::Stage(name("placement")),
            when: leave(),
            ground: here("{ to: placement"),
        }],
        ground: here("wishing:"),
    }
}

fn stage(title: Text, ground: Ground) -> Stage {
    Stage {
        title,
        tasks: IndexMap::new(),
        deadlines: IndexMap::new(),
        rules: Vec::new(),
        leave: Vec::new(),
        ground,
    }
}

fn tracks() -> IndexMap<Name, Track> {
    let journey = Track {
        title: text("Forløb", "Journey"),
        starts_in: name("wishing"),
        stages: IndexMap::from([
            (name("wishing"), wishing()),
            (
                name("placement"),
                stage(
                    text("Du er i praktik", "You are in a placement"),
                    here("placement: {}"),
                ),
            ),
        ]),
        ground: here("  journey:"),
    };
    let support = Track {
        title: text("Støtte", "Support"),
        starts_in: name("available"),
        stages: IndexMap::from([(
            name("available"),
            stage(
                text("Du kan få en samtale", "You can have a talk"),
                here("available: {}"),
            ),
        )]),
        ground: here("support:"),
    };
    IndexMap::from([(name("journey"), journey), (name("support"), support)])
}

fn texts() -> IndexMap<Name, Message> {
    let messages = [
        (
            "start_overdue",
            "{name} ønskede {company} for {days} dage siden og er ikke begyndt. Find ud af, hvad der står i vejen, og aftal en startdag.",
            "{name} wished for {company} {days} days ago and has not started. Find out what is in the way and agree on a first day.",
        ),
        (
            "start_is_near",
            "{name} ønskede {company} for {days} dage siden. Praktikken skal begynde senest {due}. Aftal en startdag.",
            "{name} wished for {company} {days} days ago. The placement is to start by {due}. Agree on a first day.",
        ),
        (
            "few_companies",
            "{name} har mødt {met} virksomheder ({companies_met}). Spørg, om {name} vil møde flere.",
            "{name} has met {met} companies ({companies_met}). Ask whether {name} would like to meet more.",
        ),
        (
            "not_answered",
            "{company} har ikke svaret på ønsket fra {name}. Ring til virksomheden.",
            "{company} has not answered the wish of {name}. Call the company.",
        ),
    ];
    let message = |da: &str, en: &str| Message {
        text: text(da, en),
        ground: here("process:"),
    };
    messages
        .into_iter()
        .map(|(key, da, en)| (name(key), message(da, en)))
        .collect()
}

fn roles() -> IndexMap<Name, Role> {
    let roles = [
        ("participant", "Ung", "Young person"),
        ("consultant", "Konsulent", "Consultant"),
        ("project_leader", "Projektleder", "Project leader"),
        ("municipal_manager", "Leder i kommunen", "Municipal manager"),
        ("psychologist", "Psykolog", "Psychologist"),
    ];
    let role = |da: &str, en: &str| Role {
        title: text(da, en),
        ground: here("process:"),
    };
    roles
        .into_iter()
        .map(|(key, da, en)| (name(key), role(da, en)))
        .collect()
}

fn recurring() -> Recurring {
    let title = text("Fortæl hvordan ugen går", "Tell how the week is going");
    Recurring {
        every: Every::Calendar(Recurrence::every("wednesday 13:00", OnClosed::Keep).unwrap()),
        while_in: vec![name("wishing")],
        on_closed: OnClosed::Keep,
        missed: Missed::Once,
        task: task(
            title,
            "participant",
            Some("2 days"),
            None,
            here("weekly_checkin:"),
        ),
        ground: here("weekly_checkin:"),
    }
}

pub fn plan(process: &str) -> Plan {
    let unblock = task(
        text(
            "Få praktikken i gang: find ud af hvad der står i vejen",
            "Get the placement going: find out what is in the way",
        ),
        "project_leader",
        Some("2 working days"),
        Some(happened(
            "placement_started",
            at("unblock_start:", "{ event"),
        )),
        here("unblock_start:"),
    );
    let met = Link {
        title: text("Virksomheder jeg har mødt", "Companies that I have met"),
        to: name("company"),
        many: true,
        inverse: None,
        ground: here("process:"),
    };
    let described = Described {
        description: "Somebody who wishes has met several companies, so that there is a choice."
            .to_owned(),
        in_languages: Text(
            [(
                name("da"),
                "Den, der ønsker, har mødt flere virksomheder, så der er noget at vælge imellem."
                    .to_owned(),
            )]
            .into(),
        ),
        ground: place("rules/many_to_many.rhai", RHAI, "fn met", "met"),
    };
    let withdrew = Exit {
        target: Target::Outcome(name("discontinued")),
        when: happened("withdrew", at("end: discontinued", "{ event")),
        ground: here("{ end: discontinued"),
    };
    let discontinued = Outcome {
        title: text("Afbrudt", "Discontinued"),
        result: OutcomeResult::Left,
        ground: here("process:"),
    };
    Plan {
        id: name("4f2a91c07b5d"),
        process: name(process),
        overlay: None,
        title: text("Praktikforløb", "Placement journey"),
        languages: vec![name("da"), name("en")],
        calendar: calendar(),
        shown_as: Some(name("name")),
        faults_to: Some(name("project_leader")),
        roles: roles(),
        settings: IndexMap::from([
            setting("start_within", "2 weeks"),
            setting("answer_within", "3 working days"),
        ]),
        facts: facts(),
        links: IndexMap::from([(name("companies_met"), met)]),
        events: events(),
        tasks: IndexMap::from([(name("unblock_start"), unblock)]),
        tracks: tracks(),
        recurring: IndexMap::from([(name("weekly_checkin"), recurring())]),
        any_stage: vec![withdrew],
        outcomes: IndexMap::from([(name("discontinued"), discontinued)]),
        rules: Vec::new(),
        described: IndexMap::from([(name("many_to_many.met_enough_companies"), described)]),
        texts: texts(),
        renamed: Default::default(),
        adopt: Default::default(),
        reads_through: BTreeSet::new(),
        reads_of: BTreeMap::new(),
        reads_by: BTreeMap::new(),
    }
}

/// Judges as the rule file beside it would.
#[derive(Debug)]
struct Companies;

impl Judge for Companies {
    fn judge(&self, _: &RuleUse, view: &View) -> Verdict {
        let met = view.case.links.get("companies_met").map_or(0, Vec::len);
        let found = Found {
            level: Level::Nudge,
            to: name("consultant"),
            say: name("few_companies"),
            about: None,
            values: BTreeMap::from([(name("met"), Value::Number(met.into()))]),
            ground: place("rules/many_to_many.rhai", RHAI, "nudge(", "nudge("),
        };
        let found = if (1..3).contains(&met) {
            vec![found]
        } else {
            Vec::new()
        };
        Verdict {
            answer: Ok(Answer {
                found,
                ..Answer::default()
            }),
            horizon: None,
            because: None,
        }
    }
}

/// A case that is stepped, and everything that came of it.
#[derive(Debug)]
pub struct Journey {
    pub plan: Arc<Plan>,
    pub case: Arc<Case>,
    pub entries: Vec<Entry>,
    pub sealed: BTreeMap<SealedKey, Value>,
    around: Arc<Around>,
    wake_at: Option<Timestamp>,
}

pub fn instant(local: &str) -> Timestamp {
    local
        .parse::<jiff::civil::DateTime>()
        .unwrap()
        .in_tz("Europe/Copenhagen")
        .unwrap()
        .timestamp()
}

fn given(input: Input, role: &str, person: Option<&str>) -> Given {
    let by = Actor {
        role: name(role),
        person: person.map(name),
    };
    Given {
        input,
        by: Some(by),
        on_behalf_of: None,
        key: None,
    }
}

pub fn raw(values: &[(&str, &str)]) -> Raw {
    values
        .iter()
        .map(|(key, value)| (name(key), serde_json::Value::from(*value)))
        .collect()
}

impl Journey {
    pub fn begin(id: &str, facts: Raw, when: &str) -> Self {
        let plan = Arc::new(plan("journey"));
        let around = Arc::new(Around {
            cases: companies(),
            sealed: BTreeMap::new(),
        });
        let scene = Scene {
            plan: plan.clone(),
            around: around.clone(),
            judge: &Companies,
        };
        let moment = Moment {
            at: instant(when),
            recorded: instant(when),
        };
        let first = start(
            &scene,
            &name(id),
            &given(Input::Start { facts }, "consultant", Some("u-1")),
            moment,
        )
        .unwrap();
        let mut journey = Self {
            plan,
            case: first.case.clone(),
            entries: Vec::new(),
            sealed: BTreeMap::new(),
            around,
            wake_at: None,
        };
        journey.take(first);
        journey
    }

    fn take(&mut self, step: Step) {
        self.case = step.case;
        self.entries.extend(step.entries);
        self.sealed.extend(step.sealed);
        self.wake_at = step.wake_at;
    }

    fn give(&mut self, given: &Given, at: Timestamp, recorded: Timestamp) {
        let scene = Scene {
            plan: self.plan.clone(),
            around: self.around.clone(),
            judge: &Companies,
        };
        let next = step(&scene, &self.case, given, Moment { at, recorded }).unwrap();
        self.take(next);
    }

    /// Wakes it at each instant that it asks for, up to `until`; the last ones are recorded at `recorded`.
    pub fn sleep(&mut self, until: &str, recorded: Option<&str>) -> &mut Self {
        while let Some(at) = self.wake_at.filter(|at| *at <= instant(until)) {
            self.give(
                &Given::by_itself(Input::Wake),
                at,
                recorded.map_or(at, instant),
            );
        }
        self
    }

    pub fn input(
        &mut self,
        input: Input,
        role: &str,
        person: Option<&str>,
        when: &str,
    ) -> &mut Self {
        self.sleep(when, None);
        self.give(&given(input, role, person), instant(when), instant(when));
        self
    }

    pub fn report(&mut self, event: &str, with: Raw, happened: &str, when: &str) -> &mut Self {
        let input = Input::Report {
            event: name(event),
            with,
            happened: Some(instant(happened)),
            from: None,
        };
        self.input(input, "consultant", Some("u-1"), when)
    }
}

fn companies() -> BTreeMap<CaseId, (Arc<Plan>, Arc<Case>)> {
    let mut plan = plan("company");
    plan.tracks.clear();
    plan.any_stage.clear();
    plan.recurring.clear();
    plan.facts.clear();
    plan.shown_as = None;
    let plan = Arc::new(plan);
    let scene = Scene {
        plan: plan.clone(),
        around: Arc::default(),
        judge: &Companies,
    };
    let when = instant("2026-09-01T09:00");
    let begun = |id: &str| {
        let given = given(Input::Start { facts: Raw::new() }, "consultant", None);
        start(
            &scene,
            &name(id),
            &given,
            Moment {
                at: when,
                recorded: when,
            },
        )
        .unwrap()
        .case
    };
    ["c-3", "c-5"]
        .into_iter()
        .map(|id| (name(id), (plan.clone(), begun(id))))
        .collect()
}

/// Two weeks have passed since the wish, and the placement has not started.
pub fn overdue() -> Journey {
    let facts = raw(&[
        ("name", "Amina Holm"),
        ("weekly_hours", "12.5"),
        ("talk_notes", "sleeps badly"),
    ]);
    let mut journey = Journey::begin("p-7", facts, "2026-10-01T09:00");
    let link = |to: &str| Input::Link {
        link: name("companies_met"),
        to: name(to),
        from: None,
    };
    journey.input(link("c-3"), "consultant", Some("u-1"), "2026-10-02T11:00");
    journey.input(link("c-5"), "consultant", Some("u-1"), "2026-10-02T11:05");
    let wish = raw(&[
        ("company", "c-3"),
        (
            "why",
            "jeg kan lide at arbejde med hænderne, og der er ikke langt hjem",
        ),
    ]);
    journey.report("wish_stated", wish, "2026-10-05T10:12", "2026-10-05T13:30");
    journey.sleep("2026-10-19T12:00", None);
    journey.sleep("2026-10-22T08:00", Some("2026-10-22T08:00"));
    journey
}
