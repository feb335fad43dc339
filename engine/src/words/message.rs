//! What a finding says: the text of the process with its placeholders filled in for one case, as of now.

use super::{
    reader::{Reader, Subject},
    rich::GLUE,
};
use forloeb_core::{
    case::{DeadlineState, Finding, Source},
    plan::{Anchor, Deadline},
    value::Value,
};
use jiff::{Timestamp, civil::Date};

/// The sentence that a finding says, or for whom it is where the reader may not read it.
#[must_use]
pub fn message(reader: &Reader<'_>, subject: Subject<'_>, finding: &Finding) -> String {
    glued_message(reader, subject, finding).replace(GLUE, " ")
}

/// The sentence with its dates held together, for a page.
pub(super) fn glued_message(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    finding: &Finding,
) -> String {
    if let Some(withheld) = reader.withheld_finding(subject, finding) {
        return withheld;
    }
    if let Source::Fault(rule) = &finding.source {
        let value = |name: &str| {
            finding
                .values
                .get(name)
                .map_or_else(String::new, ToString::to_string)
        };
        let message = value("message");
        // It may end in a question, with a mark of its own.
        let stop = if message.ends_with(['.', '?', '!']) {
            ""
        } else {
            "."
        };
        return reader
            .tongue()
            .fault(rule, &format!("{message}{stop}"), &value("place"));
    }
    let Some(text) = subject.plan.texts.get(&finding.say) else {
        return finding.say.to_string();
    };
    let filling = Filling {
        reader,
        subject,
        finding,
        running: running(subject, finding),
    };
    fill(&reader.text(&text.text, &finding.say), |name| {
        filling.placeholder(name)
    })
}

/// Replaces each `{name}` for which there is a value; others stay as they are, so that a slip shows.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after
            .split_once('}')
            .and_then(|(name, next)| Some((value(name.trim())?, next)));
        match found {
            Some((words, next)) => {
                out.push_str(&words);
                rest = next;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// The deadline that says it.
struct Running<'a> {
    plan: &'a Deadline,
    from: Timestamp,
    anchor: Option<u64>,
    last_day: Date,
}

fn running<'a>(subject: Subject<'a>, finding: &Finding) -> Option<Running<'a>> {
    let Source::Deadline {
        track,
        stage,
        deadline,
    } = &finding.source
    else {
        return None;
    };
    let plan = subject.deadline(track, stage, deadline)?;
    let same = |state: &&DeadlineState| {
        &state.name == deadline && &state.stage == stage && &state.track == track
    };
    let state = subject.case.deadlines.values().rev().find(same)?;
    Some(Running {
        plan,
        from: state.from,
        anchor: state.anchor,
        last_day: state.due.limit.last_day,
    })
}

struct Filling<'a> {
    reader: &'a Reader<'a>,
    subject: Subject<'a>,
    finding: &'a Finding,
    running: Option<Running<'a>>,
}

impl Filling<'_> {
    /// What the finding itself passes comes first, then the words of the language, then what is known of the case.
    fn placeholder(&self, name: &str) -> Option<String> {
        self.passed(name)
            .or_else(|| self.word(name))
            .or_else(|| self.field(name))
            .or_else(|| self.known(name))
            .or_else(|| self.linked(name))
    }

    fn passed(&self, name: &str) -> Option<String> {
        let value = self.finding.values.get(name)?;
        let anchor = self
            .running
            .as_ref()
            .and_then(|running| match &running.plan.from {
                Anchor::Event(event) => self.subject.plan.events.get(event)?.with.get(name),
                _ => None,
            });
        let fact = anchor
            .map(|field| &field.fact)
            .or_else(|| self.subject.plan.facts.get(name));
        Some(self.reader.value(self.subject, fact, value))
    }

    fn word(&self, name: &str) -> Option<String> {
        let (reader, case) = (self.reader, self.subject.case);
        match name {
            "name" => Some(reader.case_name(&case.id)),
            "case" => Some(case.id.to_string()),
            "days" => Some(self.days().to_string()),
            "due" => Some(reader.spoken_date(self.running.as_ref()?.last_day)),
            "to" => Some(reader.roles(self.subject.plan, &self.finding.to)),
            "stage" => self.stage(),
            "task" => self.task(),
            _ => None,
        }
    }

    /// Local days since the deadline began, since what the finding names as its `since`, or since it was found.
    fn days(&self) -> i64 {
        let today = self.reader.today();
        let since = match self.finding.values.get("since") {
            Some(Value::Date(date)) => Some(*date),
            Some(Value::Text(text)) => text
                .parse::<Timestamp>()
                .ok()
                .map(|at| self.reader.day_of(at)),
            _ => None,
        };
        let started = self
            .running
            .as_ref()
            .map_or(self.finding.since, |running| running.from);
        super::dates::days_between(since.unwrap_or_else(|| self.reader.day_of(started)), today)
    }

    fn stage(&self) -> Option<String> {
        let plan = self.subject.plan;
        match &self.finding.source {
            Source::Deadline { track, stage, .. } => Some(self.reader.stage(plan, track, stage)),
            _ => {
                let mut tracks = plan.tracks.keys();
                let (track, place) =
                    tracks.find_map(|track| Some((track, self.subject.case.tracks.get(track)?)))?;
                Some(self.reader.stage(plan, track, &place.stage))
            }
        }
    }

    /// The task that is raised together with what is said.
    fn task(&self) -> Option<String> {
        let rungs = &self.running.as_ref()?.plan.ladder;
        let name = rungs
            .iter()
            .filter(|rung| rung.say == self.finding.say)
            .find_map(|rung| rung.raise.as_ref())?;
        let task = self.subject.plan.tasks.get(name)?;
        Some(self.reader.text(&task.title, name))
    }

    /// A field of the event that the deadline runs from.
    fn field(&self, name: &str) -> Option<String> {
        let running = self.running.as_ref()?;
        let Anchor::Event(event) = &running.plan.from else {
            return None;
        };
        let mut occurrences = self.subject.case.events.get(event)?.iter();
        let value = occurrences
            .find(|occurrence| Some(occurrence.seq) == running.anchor)?
            .with
            .get(name)?;
        let fact = self
            .subject
            .plan
            .events
            .get(event)?
            .with
            .get(name)
            .map(|field| &field.fact);
        Some(self.reader.value(self.subject, fact, value))
    }

    fn known(&self, name: &str) -> Option<String> {
        let fact = self
            .subject
            .plan
            .facts
            .get(name)
            .filter(|fact| fact.visible_to.is_empty())?;
        let known = self.subject.case.facts.get(name)?;
        Some(self.reader.value(self.subject, Some(fact), &known.value))
    }

    fn linked(&self, name: &str) -> Option<String> {
        self.subject.plan.links.get(name)?;
        let cases = self
            .subject
            .case
            .links
            .get(name)
            .map_or(&[][..], Vec::as_slice);
        let names: Vec<String> = cases.iter().map(|id| self.reader.case_name(id)).collect();
        Some(names.join(", "))
    }
}
