//! A plan as elements, section by section. Stages and events have files of their own.

use super::{
    element::{Element, List, Part},
    names::{Aspect, Section, Thing},
    said::{Teller, spoken},
    touch::Touch,
};
use forloeb_core::{
    ground::Ground,
    name::Name,
    plan::{Fact, RuleUse},
    text::Text,
    value::Kind,
    versions::Adopt,
};
use serde_json::json;

/// An element that is recognised by its name.
pub fn named(thing: Thing, teller: &Teller<'_>, name: &Name, title: &Text) -> Element {
    let title = teller.titled(title, name);
    bare(
        thing,
        name,
        format!("{} {title}", thing.word(teller.language())),
    )
}

/// The same where people do not read a title of it.
pub fn bare(thing: Thing, name: &str, called: String) -> Element {
    Element {
        thing,
        name: name.to_owned(),
        whole: called.clone(),
        called,
        ground: nowhere(),
        touch: Touch::All,
        parts: Vec::new(),
        lists: Vec::new(),
        alike: vec![json!(name)],
        heads: false,
    }
}

/// What is nowhere in particular has no place.
fn nowhere() -> Ground {
    Ground {
        file: Name::from(""),
        line: 0,
        column: 0,
    }
}

impl Element {
    pub fn at(mut self, ground: &Ground) -> Self {
        self.ground = ground.clone();
        self
    }

    pub fn touching(mut self, touch: Touch) -> Self {
        self.touch = touch;
        self
    }

    pub fn parts(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.parts.extend(parts);
        self
    }

    pub fn list(mut self, key: &'static str, together: Thing, elements: Vec<Element>) -> Self {
        self.lists.push(List {
            key,
            elements,
            together,
        });
        self
    }

    /// With what it is, for one that comes or goes.
    pub fn also(mut self, what: &str) -> Self {
        if !what.is_empty() {
            self.whole = format!("{}{what}", self.called);
        }
        self
    }
}

/// The sections of a version in the order in which they are told.
pub fn sections(teller: &Teller<'_>) -> Vec<(Section, Element)> {
    let plan = teller.plan;
    let section = || bare(Thing::Process, "", String::new());
    vec![
        (Section::Process, process(teller)),
        (
            Section::Settings,
            section().list("settings", Thing::Setting, settings(teller)),
        ),
        (
            Section::Roles,
            section().list("roles", Thing::Role, roles(teller)),
        ),
        (
            Section::Facts,
            section().list("facts", Thing::Fact, facts(teller)),
        ),
        (
            Section::Links,
            section().list("links", Thing::Link, links(teller)),
        ),
        (
            Section::Events,
            section().list("events", Thing::Event, teller.events()),
        ),
        (
            Section::Tasks,
            section().list("tasks", Thing::Raised, teller.raised()),
        ),
        (
            Section::Tracks,
            section().list("tracks", Thing::Track, teller.tracks()),
        ),
        (
            Section::Recurring,
            section().list("recurring", Thing::Recurring, teller.recurring()),
        ),
        (
            Section::AnyStage,
            section().list(
                "any_stage.leave",
                Thing::Exit,
                teller.exits(&plan.any_stage, &Touch::All),
            ),
        ),
        (
            Section::Outcomes,
            section().list("outcomes", Thing::Outcome, outcomes(teller)),
        ),
        (
            Section::Rules,
            section().list(
                "rules",
                Thing::Rule,
                rules(teller, &plan.rules, &Touch::All),
            ),
        ),
        (
            Section::Texts,
            section().list("texts", Thing::Text, texts(teller)),
        ),
        (Section::Calendar, calendar(teller)),
    ]
}

fn process(teller: &Teller<'_>) -> Element {
    let plan = teller.plan;
    let fact = plan.shown_as.as_ref().map(|fact| {
        let title = teller.reader.fact(plan, fact);
        teller.quoted(&title)
    });
    let faults = plan
        .faults_to
        .as_ref()
        .map(|role| teller.reader.role(plan, role));
    let languages: Vec<String> = plan.languages.iter().map(ToString::to_string).collect();
    let calendar = plan.calendar.name();
    bare(Thing::Process, "", String::new()).parts([
        Part::text(Aspect::Title, "title", &plan.title),
        Part::words(
            Aspect::Languages,
            "languages",
            &plan.languages,
            languages.join(", "),
        ),
        Part::words(Aspect::Calendar, "calendar", calendar, calendar.to_string()),
        Part::words(
            Aspect::ShownAs,
            "shown_as",
            &plan.shown_as,
            fact.unwrap_or_default(),
        ),
        Part::words(
            Aspect::FaultsTo,
            "faults_to",
            &plan.faults_to,
            faults.unwrap_or_default(),
        ),
        Part::words(
            Aspect::Adopt,
            "adopt",
            &plan.adopt,
            match plan.adopt {
                Adopt::Never => teller.say("never", "aldrig"),
                Adopt::WhenSafe => teller.say("when safe", "når det er sikkert"),
            }
            .to_owned(),
        ),
    ])
}

fn settings(teller: &Teller<'_>) -> Vec<Element> {
    let each = teller.plan.settings.iter().map(|(name, setting)| {
        let value = teller.setting(setting);
        let because = setting.because.clone().unwrap_or_default();
        let stands = setting.values.first().map(|first| &first.ground);
        bare(Thing::Setting, name, spoken(name))
            .also(&format!(": {value}"))
            .at(stands.unwrap_or(&setting.ground))
            .parts([
                Part::words(Aspect::Value, "", &setting.values, value)
                    .at(stands.unwrap_or(&setting.ground)),
                Part::words(Aspect::Because, "because", &setting.because, because),
            ])
    });
    each.collect()
}

fn roles(teller: &Teller<'_>) -> Vec<Element> {
    let each = teller.plan.roles.iter().map(|(name, role)| {
        named(Thing::Role, teller, name, &role.title)
            .at(&role.ground)
            .parts([Part::text(Aspect::Title, "title", &role.title)])
    });
    each.collect()
}

fn facts(teller: &Teller<'_>) -> Vec<Element> {
    let each = teller
        .plan
        .facts
        .iter()
        .map(|(name, fact)| of_fact(Thing::Fact, teller, name, fact));
    each.collect()
}

/// A fact, or a field of an event, which is a fact of one moment.
pub fn of_fact(thing: Thing, teller: &Teller<'_>, name: &Name, fact: &Fact) -> Element {
    let kind = teller.kind(&fact.kind);
    let (meant, options) = apart(&fact.kind);
    let options = options.iter().map(|(name, title)| {
        named(Thing::Option, teller, name, title)
            .at(&fact.ground)
            .parts([Part::text(Aspect::Title, "", title)])
    });
    let options: Vec<Element> = options.collect();
    named(thing, teller, name, &fact.title)
        .also(&format!(": {kind}"))
        .at(&fact.ground)
        .parts([
            Part::text(Aspect::Title, "title", &fact.title),
            Part::words(Aspect::Kind, "type", &meant, kind),
            Part::words(
                Aspect::VisibleTo,
                "visible_to",
                &fact.visible_to,
                teller.roles(&fact.visible_to),
            ),
            Part::words(
                Aspect::Personal,
                "personal",
                &fact.personal,
                teller.yes_no(fact.personal),
            ),
        ])
        .list("options", Thing::Option, options)
}

/// A kind without its options, and these.
fn apart(kind: &Kind) -> (Kind, indexmap::IndexMap<Name, Text>) {
    match kind {
        Kind::Choice(options) => (Kind::Choice(indexmap::IndexMap::new()), options.clone()),
        Kind::Each { link, kind } => {
            let (inner, options) = apart(kind);
            let kind = Kind::Each {
                link: link.clone(),
                kind: Box::new(inner),
            };
            (kind, options)
        }
        other => (other.clone(), indexmap::IndexMap::new()),
    }
}

fn links(teller: &Teller<'_>) -> Vec<Element> {
    let each = teller.plan.links.iter().map(|(name, link)| {
        let inverse = link.inverse.as_ref().map(|inverse| spoken(inverse));
        named(Thing::Link, teller, name, &link.title)
            .at(&link.ground)
            .parts([
                Part::text(Aspect::Title, "title", &link.title),
                Part::words(Aspect::LeadsTo, "to", &link.to, link.to.to_string()),
                Part::words(Aspect::Many, "many", &link.many, teller.yes_no(link.many)),
                Part::words(
                    Aspect::Inverse,
                    "inverse",
                    &link.inverse,
                    inverse.unwrap_or_default(),
                ),
            ])
    });
    each.collect()
}

fn outcomes(teller: &Teller<'_>) -> Vec<Element> {
    let each = teller.plan.outcomes.iter().map(|(name, outcome)| {
        let result = teller.result(outcome.result);
        named(Thing::Outcome, teller, name, &outcome.title)
            .at(&outcome.ground)
            .parts([
                Part::text(Aspect::Title, "title", &outcome.title),
                Part::words(Aspect::Result, "result", &outcome.result, result),
            ])
    });
    each.collect()
}

/// Rules that are attached at one place.
pub fn rules(teller: &Teller<'_>, uses: &[RuleUse], touch: &Touch) -> Vec<Element> {
    let each = uses.iter().map(|one| {
        let titles = one.reads.iter().map(|fact| {
            let title = teller.reader.fact(teller.plan, fact);
            teller.quoted(&title)
        });
        let reads = teller.reader.list(&titles.collect::<Vec<_>>());
        let called = format!("{} {}", Thing::Rule.word(teller.language()), one.rule);
        bare(Thing::Rule, &one.rule, called)
            .at(&one.ground)
            .touching(touch.clone())
            .parts([Part::words(Aspect::Reads, "reads", &one.reads, reads)])
    });
    each.collect()
}

fn texts(teller: &Teller<'_>) -> Vec<Element> {
    let each = teller.plan.texts.iter().map(|(name, message)| {
        let text = teller.titled(&message.text, name);
        bare(Thing::Text, name, spoken(name))
            .also(&format!(": {text}"))
            .at(&message.ground)
            .touching(Touch::Says(name.clone()))
            .parts([Part::text(Aspect::Words, "", &message.text)])
    });
    each.collect()
}

fn calendar(teller: &Teller<'_>) -> Element {
    let calendar = &teller.plan.calendar;
    let days = calendar.closed_days().iter().map(|day| {
        let falls = teller.falls(day);
        let from = day.closed_from.map(|time| teller.time(time));
        let half = from.as_ref().map(|time| {
            let word = Aspect::ClosedFrom.word(teller.language());
            format!(", {word} {time}")
        });
        named(Thing::ClosedDay, teller, &day.name, &day.title)
            .also(&format!(", {falls}{}", half.unwrap_or_default()))
            .at(&day.ground)
            .parts([
                Part::text(Aspect::Title, "title", &day.title),
                Part::words(Aspect::Falls, "on", &day.when, falls),
                Part::words(Aspect::Closed, "kind", &day.kind, teller.day_kind(day.kind)),
                Part::words(
                    Aspect::Years,
                    "from",
                    &(day.from_year, day.until_year),
                    teller.years(day.from_year, day.until_year),
                ),
                Part::words(
                    Aspect::ClosedFrom,
                    "closed_from",
                    &day.closed_from,
                    from.unwrap_or_default(),
                ),
            ])
    });
    let days: Vec<Element> = days.collect();
    bare(Thing::Process, "", String::new())
        .parts([
            Part::words(
                Aspect::Zone,
                "calendar.zone",
                calendar.zone(),
                calendar.zone().name().to_string(),
            ),
            Part::words(
                Aspect::Weekend,
                "calendar.weekend",
                &calendar.weekend(),
                teller.weekdays(calendar.weekend()),
            ),
        ])
        .list("calendar", Thing::ClosedDay, days)
}
