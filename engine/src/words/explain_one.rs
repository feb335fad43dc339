//! Why one thing of a case is as it is: a track, stage, task, deadline, finding, rule, recurring work, event, fact or link, by name or number.

use super::{
    chain::chain,
    dates::Nearness,
    explain::{Explanation, Thing, coming, described_way},
    history::line,
    quote::Place,
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    case::{Raised, Source},
    entry::{Entry, What},
    ground::Ground,
    input::Refusal,
    name::Name,
    plan::Plan,
    text::Text,
};
use std::collections::BTreeMap;

/// Names as far apart as this are no slips of one another.
const CLOSE: f64 = 0.7;

/// Why the thing with this name or number is as it is; the latest one where there are several.
///
/// # Errors
/// When the process has nothing of this name and the case no entry of this number.
pub fn explain_one(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    name: &str,
) -> Result<Explanation, Refusal> {
    let name = name.trim_start_matches('#');
    if let Some(entry) = name.parse().ok().and_then(|seq| subject.entry(seq)) {
        let title = reader.sentence(subject, entry);
        return Ok(explanation(
            reader,
            subject,
            &format!("#{name}"),
            vec![thing(reader, subject, entry, title)],
        ));
    }
    let known = known(reader, subject.plan);
    let Some(elements) = known.get(name) else {
        return Err(unknown(reader, subject, name, &known));
    };
    let title = elements
        .first()
        .map_or(name, |element| element.title.as_str());
    let things: Vec<Thing> = latest(reader, subject, name)
        .into_iter()
        .map(|entry| thing(reader, subject, entry, reader.sentence(subject, entry)))
        .collect();
    let mut answer = explanation(reader, subject, &reader.tongue().quoted(title), things);
    for element in elements {
        if answer.things.is_empty() {
            let title = reader.tongue().quoted(&element.title);
            let kind = reader.label(element.kind);
            answer
                .notes
                .push(match element.may_be_withheld(reader, subject, name) {
                    true => reader.tongue().none_for_you(kind, &title),
                    false => reader.tongue().never_yet(kind, &title),
                });
            answer.declared.push(element.ground.to_string());
            answer.places.push(Place {
                plan: subject.plan.id.clone(),
                ground: element.ground.clone(),
            });
        }
        answer.notes.extend(element.description.iter().cloned());
    }
    Ok(answer)
}

fn explanation(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    title: &str,
    things: Vec<Thing>,
) -> Explanation {
    let heading = reader
        .tongue()
        .why(title, &reader.case_with_id(&subject.case.id));
    let (notes, declared, places) = (Vec::new(), Vec::new(), Vec::new());
    Explanation {
        case: subject.case.id.clone(),
        heading,
        notes,
        declared,
        things,
        places,
    }
}

/// Something that a process declares.
struct Element<'a> {
    kind: Label,
    title: String,
    ground: &'a Ground,
    description: Option<String>,
}

impl Element<'_> {
    /// Whether the reader may not be told if there has been something of it. It goes by the plan alone: an answer that went by what
    /// the case holds would give it away.
    fn may_be_withheld(&self, reader: &Reader<'_>, subject: Subject<'_>, name: &str) -> bool {
        match self.kind {
            Label::Rule => reader.withholds_rule(subject, &self.title),
            Label::Finding => reader.withholds_text(subject, name),
            _ => false,
        }
    }
}

/// All that can be asked about, by name. A rule goes by its function's name too.
type Known<'a> = BTreeMap<String, Vec<Element<'a>>>;

fn known<'a>(reader: &Reader<'_>, plan: &'a Plan) -> Known<'a> {
    let mut known = Known::new();
    let mut add = |name: &Name, kind, title: &Text, ground| {
        let (title, description) = (reader.text(title, name), None);
        let element = Element {
            kind,
            title,
            ground,
            description,
        };
        known.entry(name.to_string()).or_default().push(element);
    };
    plan.facts
        .iter()
        .for_each(|(name, fact)| add(name, Label::Fact, &fact.title, &fact.ground));
    plan.links
        .iter()
        .for_each(|(name, link)| add(name, Label::Link, &link.title, &link.ground));
    plan.events
        .iter()
        .for_each(|(name, event)| add(name, Label::Event, &event.title, &event.ground));
    plan.tasks
        .iter()
        .for_each(|(name, task)| add(name, Label::Task, &task.title, &task.ground));
    plan.outcomes
        .iter()
        .for_each(|(name, end)| add(name, Label::Outcome, &end.title, &end.ground));
    for (name, work) in &plan.recurring {
        add(name, Label::Recurring, &work.task.title, &work.ground);
    }
    for (name, track) in &plan.tracks {
        add(name, Label::Track, &track.title, &track.ground);
    }
    for (name, text) in &plan.texts {
        add(name, Label::Finding, &Text::default(), &text.ground);
    }
    for (name, stage) in plan.tracks.values().flat_map(|track| &track.stages) {
        add(name, Label::Stage, &stage.title, &stage.ground);
        let deadlines = stage.deadlines.iter();
        deadlines.for_each(|(name, deadline)| {
            add(name, Label::Deadline, &deadline.title, &deadline.ground)
        });
        stage
            .tasks
            .iter()
            .for_each(|(name, task)| add(name, Label::Task, &task.title, &task.ground));
    }
    add_rules(reader, &mut known, plan);
    known
}

fn add_rules<'a>(reader: &Reader<'_>, known: &mut Known<'a>, plan: &'a Plan) {
    for (name, rule) in &plan.described {
        let function = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(_, function)| function);
        for asked in [name.as_str(), function] {
            known.entry(asked.to_owned()).or_default().push(Element {
                kind: Label::Rule,
                title: name.to_string(),
                ground: &rule.ground,
                description: Some(reader.rule_is_for(rule)),
            });
        }
    }
}

/// The latest entry that began something of this name and that the reader may read; of findings, the latest of each text.
fn latest<'a>(reader: &Reader<'_>, subject: Subject<'a>, name: &str) -> Vec<&'a Entry> {
    let entries = subject.entries.iter().rev();
    let readable = |entry: &&Entry| reader.withheld_entry(subject, entry).is_none();
    let began = entries
        .clone()
        .filter(|entry| begins(&entry.what, name))
        .find(readable);
    let mut found: Vec<&Entry> = Vec::new();
    for entry in entries {
        let What::FindingOpened { source, say, .. } = &entry.what else {
            continue;
        };
        let same = |other: &&Entry| matches!(&other.what, What::FindingOpened { say: other, .. } if other == say);
        let asked = say == name || from_rule(source, name);
        if asked && !found.iter().any(same) && readable(&entry) {
            found.push(entry);
        }
    }
    began.into_iter().chain(found).collect()
}

fn rule_is(rule: &Name, name: &str) -> bool {
    rule == name
        || rule
            .rsplit_once('.')
            .is_some_and(|(_, function)| function == name)
}

fn from_rule(source: &Source, name: &str) -> bool {
    matches!(source, Source::Rule(rule) | Source::Fault(rule) if rule_is(rule, name))
}

fn begins(what: &What, name: &str) -> bool {
    match what {
        What::StageEntered { track, stage, .. } => track == name || stage == name,
        What::TaskOpened { task: began, .. }
        | What::DeadlineStarted {
            deadline: began, ..
        }
        | What::Recurred {
            recurring: began, ..
        }
        | What::RecurringBegan { recurring: began }
        | What::RecurringMissed {
            recurring: began, ..
        }
        | What::Reported { event: began, .. }
        | What::FactSet { fact: began, .. }
        | What::FactCleared { fact: began }
        | What::Linked { link: began, .. }
        | What::Unlinked { link: began, .. }
        | What::Ended { outcome: began } => began == name,
        What::RuleFailed { rule, .. } => rule_is(rule, name),
        What::RaiseBegan(Raised { source, .. }) => from_rule(source, name),
        _ => false,
    }
}

/// The thing that an entry began, how it stands, and what became of it.
fn thing(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry, title: String) -> Thing {
    let state = state(reader, subject, entry);
    let mut thing = Thing::new(
        kind(&entry.what),
        title,
        state,
        chain(reader, subject, entry.seq),
    );
    thing.description = described_way(reader, subject, entry);
    let about = |later: &&Entry| concerns(&later.what) == Some(entry.seq);
    thing.since = subject
        .entries
        .iter()
        .filter(about)
        .map(|later| line(reader, subject, later))
        .collect();
    if let Some(running) = subject.case.deadlines.get(&entry.seq) {
        thing.next = coming(reader, subject, entry.seq, running);
    }
    thing
}

fn kind(what: &What) -> &'static str {
    match what {
        What::StageEntered { .. } => "stage",
        What::TaskOpened { .. } => "task",
        What::DeadlineStarted { .. } => "deadline",
        What::FindingOpened { .. } => "finding",
        What::Recurred { .. } | What::RecurringBegan { .. } | What::RecurringMissed { .. } => {
            "recurring"
        }
        What::Ended { .. } => "outcome",
        _ => "entry",
    }
}

/// How a thing stands now: when it began, and if it is still open, how near or since when overdue it is.
fn state(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> String {
    let case = subject.case;
    let at = reader.moment(entry.at);
    let due = match (case.tasks.get(&entry.seq), case.deadlines.get(&entry.seq)) {
        (Some(task), _) if task.done.is_none() => task.due.as_ref(),
        (_, Some(deadline)) if deadline.met.is_none() => Some(&deadline.due),
        _ => None,
    };
    let Some(due) = due else { return at };
    let told = reader.due(due, subject.held_since());
    let words = reader.limit_words(&told);
    if told.nearness != Nearness::Overdue {
        return format!("{at} · {words}");
    }
    let since = reader.tongue().since(&reader.moment(due.limit.runs_out));
    format!("{at} · {words}, {since}")
}

/// The number of the task, deadline or finding that an entry is about.
fn concerns(what: &What) -> Option<u64> {
    match what {
        What::TaskDone { task }
        | What::TaskEnded { task, .. }
        | What::TaskOverdue { task }
        | What::TaskMoved { task, .. }
        | What::TaskCarried { task, .. } => Some(*task),
        What::DeadlineMet { deadline }
        | What::DeadlineEnded { deadline, .. }
        | What::DeadlineOverdue { deadline }
        | What::DeadlineMoved { deadline, .. }
        | What::DeadlineCarried { deadline, .. }
        | What::RungReached { deadline, .. } => Some(*deadline),
        What::FindingChanged { finding, .. }
        | What::FindingClosed { finding }
        | What::FindingAcknowledged { finding, .. }
        | What::FindingSnoozed { finding, .. } => Some(*finding),
        _ => None,
    }
}

fn unknown(reader: &Reader<'_>, subject: Subject<'_>, name: &str, known: &Known<'_>) -> Refusal {
    Refusal {
        message: reader.tongue().unknown_name(name, &subject.case.id),
        help: Some(near(reader, name, known.keys().map(String::as_str))),
    }
}

/// The name that was probably meant, or all that there are.
pub(super) fn near<'n>(
    reader: &Reader<'_>,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> String {
    let closeness = |other: &&str| strsim::jaro_winkler(name, other);
    let nearest = known
        .clone()
        .max_by(|a, b| closeness(a).total_cmp(&closeness(b)));
    match nearest.filter(|other| closeness(other) > CLOSE) {
        Some(other) => reader.tongue().did_you_mean(other),
        None => reader
            .tongue()
            .names_known(&known.collect::<Vec<_>>().join(", ")),
    }
}
