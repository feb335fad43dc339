//! A compact way to tell what is done to a case and to read what follows, entry by entry.

use crate::world::{Deed, Pace, World, programme};
use forloeb_core::{
    case::{CaseId, Due, Origin, Source},
    entry::{Actor, EndedBecause, Entry, What},
    input::{Given, Input, Raw, Refusal, Which},
    plan::Level,
    time::Zone,
    value::Value,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, fmt::Write, sync::Arc};

const CALENDAR: &str = "calendar: town\nzone: Europe/Copenhagen\nholidays: { good_friday: { easter: -2 }, easter_monday: { easter: 1 } }\n";

/// The head of the process `walk`, up to its events: what each test needs and none is about.
const HEAD: &str = r#"
process: walk
title: Walk
languages: [en]
calendar: town
faults_to: boss
roles: { walker: {}, guide: {}, boss: {} }
outcomes: { home: { result: success } }
any_stage: { leave: [{ end: home, when: { event: arrived } }] }
texts: { near: "near", late: "late", worry: "worry", heavy: "{weight}" }
events:
  arrived: { by: [walker] }
"#;

/// The case that a test is about. It starts on a Monday morning, 2 March 2026 at 09:00.
pub(super) const WALKER: &str = "w";

/// A world in which things are done, one after the other, and read.
#[derive(Debug)]
pub(super) struct Tale {
    pub(super) world: World,
    read: BTreeMap<CaseId, usize>,
    by: Option<Actor>,
    on_behalf_of: Option<Actor>,
    key: Option<String>,
}

/// Somebody in a role.
pub(super) fn in_role(role: &str) -> Actor {
    Actor {
        role: role.into(),
        person: None,
    }
}

/// Local time, as `03-02 09:00` of 2026 or with the year.
pub(super) fn local(text: &str) -> Timestamp {
    let text = match text.len() {
        11 => format!("2026-{text}"),
        _ => text.to_owned(),
    };
    let zone = Zone::find("Europe/Copenhagen").unwrap();
    zone.instant(text.replace(' ', "T").parse().unwrap())
        .unwrap()
}

/// A journey `walk`, from its events on, in which `w` has just started.
pub(super) fn walk(rest: &str) -> Tale {
    walk_with(rest, &[])
}

/// The same with other files, of rules or of other processes.
pub(super) fn walk_with(rest: &str, others: &[(&str, &str)]) -> Tale {
    let mut tale = nobody_walks(rest, others);
    tale.start(WALKER, "walk");
    tale
}

/// The same before anybody has started.
pub(super) fn nobody_walks(rest: &str, others: &[(&str, &str)]) -> Tale {
    let process = format!("{HEAD}{rest}");
    let mut files = vec![
        ("processes/calendars/town.yaml", CALENDAR),
        ("processes/walk.yaml", &process),
    ];
    files.extend(others);
    Tale {
        world: World::new(&programme(&files), local("03-02 09:00")),
        read: BTreeMap::new(),
        by: None,
        on_behalf_of: None,
        key: None,
    }
}

impl Tale {
    pub(super) fn start(&mut self, id: &str, process: &str) -> &mut Self {
        let deed = Deed {
            case: id.into(),
            process: Some(process.into()),
            given: Given::by_itself(Input::Start { facts: Raw::new() }),
        };
        self.world.give(&deed).unwrap();
        self
    }

    /// Time passes, and what is due is gone through at its own instant.
    pub(super) fn at(&mut self, time: &str) -> &mut Self {
        self.world.go_to(local(time), Pace::Timely);
        self
    }

    /// Time passes and nobody looks until then.
    pub(super) fn late_at(&mut self, time: &str) -> &mut Self {
        self.world.go_to(local(time), Pace::Late);
        self
    }

    /// The next input comes from this role instead of the walker.
    pub(super) fn by(&mut self, role: &str) -> &mut Self {
        self.by = Some(in_role(role));
        self
    }

    /// The next input is given on behalf of this role.
    pub(super) fn on_behalf_of(&mut self, role: &str) -> &mut Self {
        self.on_behalf_of = Some(in_role(role));
        self
    }

    /// The next input has this key.
    pub(super) fn key(&mut self, key: &str) -> &mut Self {
        self.key = Some(key.to_owned());
        self
    }

    pub(super) fn try_to(&mut self, case: &str, input: Input) -> Result<bool, Refusal> {
        let given = Given {
            input,
            by: Some(self.by.take().unwrap_or_else(|| in_role("walker"))),
            on_behalf_of: self.on_behalf_of.take(),
            key: self.key.take(),
        };
        self.world.give(&Deed {
            case: case.into(),
            process: None,
            given,
        })
    }

    pub(super) fn give(&mut self, case: &str, input: Input) -> &mut Self {
        let answer = self.try_to(case, input.clone());
        assert!(answer.is_ok(), "{input:?} was refused: {answer:?}");
        self
    }

    /// The refusal of an input, which must leave no trace.
    pub(super) fn refused(&mut self, case: &str, input: Input) -> String {
        let before = self.world.histories();
        let refusal = self.try_to(case, input).unwrap_err();
        assert!(
            before == self.world.histories(),
            "what is refused left a trace"
        );
        refusal.message
    }

    pub(super) fn event(&mut self, event: &str) -> &mut Self {
        self.give(WALKER, report(event, &[], None))
    }

    pub(super) fn event_with(&mut self, event: &str, with: &[(&str, &str)]) -> &mut Self {
        self.give(WALKER, report(event, with, None))
    }

    pub(super) fn event_of(&mut self, event: &str, happened: &str) -> &mut Self {
        self.give(WALKER, report(event, &[], Some(happened)))
    }

    pub(super) fn done(&mut self, task: &str, set: &[(&str, &str)]) -> &mut Self {
        let set = raw(set);
        let task = Which::Named(task.into());
        self.give(WALKER, Input::Finish { task, set })
    }

    pub(super) fn hold(&mut self, until: Option<&str>) -> &mut Self {
        let until = until.map(local);
        let because = "away".to_owned();
        self.give(WALKER, Input::Hold { until, because })
    }

    pub(super) fn resume(&mut self) -> &mut Self {
        self.give(WALKER, Input::Resume)
    }

    pub(super) fn link(&mut self, case: &str, link: &str, to: &str) -> &mut Self {
        let (link, to) = (link.into(), to.into());
        self.give(
            case,
            Input::Link {
                link,
                to,
                from: None,
            },
        )
    }

    pub(super) fn unlink(&mut self, case: &str, link: &str, to: &str) -> &mut Self {
        let (link, to) = (link.into(), to.into());
        self.give(
            case,
            Input::Unlink {
                link,
                to,
                from: None,
            },
        )
    }

    /// Leaves what has been written so far unread.
    pub(super) fn skip(&mut self) -> &mut Self {
        for (id, known) in &self.world.cases {
            self.read.insert(id.clone(), known.history.len());
        }
        self
    }

    /// Reads what was written for the walker since the last reading: these lines, and nothing more.
    #[track_caller]
    pub(super) fn reads(&mut self, lines: &str) -> &mut Self {
        self.case_reads(WALKER, lines)
    }

    #[track_caller]
    pub(super) fn case_reads(&mut self, case: &str, lines: &str) -> &mut Self {
        let wanted: Vec<&str> = lines
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let known = &self.world.cases[case];
        let from = self
            .read
            .insert(case.into(), known.history.len())
            .unwrap_or(0);
        let written: Vec<String> = known.history[from..]
            .iter()
            .map(|entry| line(entry, &known.history))
            .collect();
        assert!(
            written == wanted,
            "`{case}` wrote\n    {}\nand not\n    {}",
            written.join("\n    "),
            wanted.join("\n    ")
        );
        self
    }

    /// Reads the first lines of what was written for the walker since the last reading.
    #[track_caller]
    pub(super) fn reads_first(&mut self, lines: &str) -> &mut Self {
        let from = self.read.get(WALKER).copied().unwrap_or(0);
        let many = lines.lines().filter(|line| !line.trim().is_empty()).count();
        let history = self.world.cases[WALKER].history.clone();
        let written: Vec<String> = history[from..]
            .iter()
            .take(many)
            .map(|entry| line(entry, &history))
            .collect();
        let wanted: Vec<&str> = lines.lines().map(str::trim).collect();
        assert_eq!(written, wanted);
        self.read.insert(WALKER.into(), from + many);
        self
    }

    /// The newest entry of the walker that reads so.
    #[track_caller]
    pub(super) fn entry(&self, reads: &str) -> Arc<Entry> {
        let history = &self.world.cases[WALKER].history;
        let found = history
            .iter()
            .rev()
            .find(|entry| line(entry, history) == reads);
        found
            .unwrap_or_else(|| panic!("no entry reads `{reads}`"))
            .clone()
    }

    pub(super) fn wakes_at(&self) -> Option<String> {
        self.world.cases[WALKER].wake_at.map(when)
    }

    /// The number of the open finding that says this.
    pub(super) fn finding(&self, say: &str) -> Which {
        let findings = &self.world.cases[WALKER].case.findings;
        let found = findings.iter().find(|(_, finding)| finding.say == *say);
        Which::Number(*found.unwrap().0)
    }
}

fn raw(values: &[(&str, &str)]) -> Raw {
    let values = values.iter();
    values
        .map(|(field, value)| ((*field).into(), (*value).into()))
        .collect()
}

pub(super) fn report(event: &str, with: &[(&str, &str)], happened: Option<&str>) -> Input {
    Input::Report {
        event: event.into(),
        with: raw(with),
        happened: happened.map(local),
        from: None,
    }
}

fn when(at: Timestamp) -> String {
    let local = Zone::find("Europe/Copenhagen").unwrap().local(at);
    local.strftime("%m-%d %H:%M").to_string()
}

/// An entry as a line. Numbers of tasks, deadlines and findings are given as their names.
fn line(entry: &Entry, history: &[Arc<Entry>]) -> String {
    let named = |number: &u64| match &history[*number as usize - 1].what {
        What::TaskOpened { task, .. } => task.to_string(),
        What::DeadlineStarted { deadline, .. } => deadline.to_string(),
        What::FindingOpened { say, about, .. } => about
            .iter()
            .fold(say.to_string(), |say, about| format!("{say}/{about}")),
        other => other.kind().to_owned(),
    };
    let mut words = format!("{} {}", when(entry.at), entry.what.kind());
    let mut say = |more: String| write!(words, " {more}").unwrap();
    match &entry.what {
        What::Started { .. } | What::Resumed => {}
        What::Reported {
            event,
            happened,
            with,
            from,
        } => {
            say(event.to_string());
            for (field, value) in with {
                say(format!("{field}={value}"));
            }
            if let Some((case, _)) = from {
                say(format!("from {case}"));
            }
            if *happened != entry.at {
                say(format!("of {}", when(*happened)));
            }
        }
        What::FactSet { fact, value } => say(format!("{fact}={value}")),
        What::FactCleared { fact } => say(fact.to_string()),
        What::Linked { link, to } | What::Unlinked { link, to } => say(format!("{link} {to}")),
        What::StageEntered { stage, visit, .. } => say(match visit {
            1 => stage.to_string(),
            visit => format!("{stage} #{visit}"),
        }),
        What::TaskOpened {
            task, origin, due, ..
        } => say(format!("{task}{}{}", opener(origin), until(due.as_ref()))),
        What::TaskDone { task } | What::TaskOverdue { task } => say(named(task)),
        What::TaskEnded { task, why } => say(format!("{} {}", named(task), reason(*why))),
        What::TaskMoved { task, due } => say(format!("{}{}", named(task), until(Some(due)))),
        What::DeadlineStarted { deadline, due, .. } => {
            say(format!("{deadline}{}", until(Some(due))));
        }
        What::DeadlineMet { deadline } | What::DeadlineOverdue { deadline } => say(named(deadline)),
        What::DeadlineEnded { deadline, why } => {
            say(format!("{} {}", named(deadline), reason(*why)))
        }
        What::DeadlineMoved { deadline, due } => {
            say(format!("{}{}", named(deadline), until(Some(due))))
        }
        What::RungReached { deadline, rung } => say(format!("{} {rung}", named(deadline))),
        What::FindingOpened {
            level, to, values, ..
        } => {
            say(format!("{} {}", named(&entry.seq), loudness(*level, to)));
            say_values(&mut say, values);
        }
        What::FindingChanged {
            finding,
            level,
            to,
            values,
            ..
        } => {
            say(format!("{} {}", named(finding), loudness(*level, to)));
            say_values(&mut say, values);
        }
        What::FindingClosed { finding } | What::FindingAcknowledged { finding, .. } => {
            say(named(finding))
        }
        What::FindingSnoozed { finding, until, .. } => {
            say(format!("{} until {}", named(finding), when(*until)))
        }
        What::RaiseBegan(raised) | What::RaiseEnded(raised) => {
            say(format!("{} for {}", raised.task, source(&raised.source)))
        }
        What::RecurringBegan { recurring } | What::RecurringStopped { recurring } => {
            say(recurring.to_string())
        }
        What::Recurred {
            recurring,
            occurrence,
        }
        | What::RecurringMissed {
            recurring,
            occurrence,
        } => {
            say(format!("{recurring} of {}", when(*occurrence)));
        }
        What::Held { until, .. } => say(until.map_or("for now".to_owned(), |until| {
            format!("until {}", when(until))
        })),
        What::RuleFailed { rule, .. } => say(rule.to_string()),
        What::Circled { stages } => say(stages
            .iter()
            .map(|stage| stage.as_str())
            .collect::<Vec<_>>()
            .join(" ")),
        What::NotTold { event, to, .. } => say(format!("{event} to {to}")),
        What::Migrated { plan, .. } => say(format!("to {plan}")),
        What::TaskCarried { task, due, .. } => {
            say(format!("{}{}", named(task), until(due.as_ref())))
        }
        What::DeadlineCarried { deadline, due, .. } => {
            say(format!("{}{}", named(deadline), until(Some(due))))
        }
        What::Corrected { voided, .. } => say(format!("{voided:?}")),
        What::LeftOut { entry, .. } => say(format!("#{entry}")),
        What::Ended { outcome } => say(outcome.to_string()),
    }
    words
}

fn say_values(say: &mut impl FnMut(String), values: &BTreeMap<forloeb_core::name::Name, Value>) {
    for (name, value) in values
        .iter()
        .filter(|(name, _)| **name != "message" && **name != "place")
    {
        say(format!("{name}={value}"));
    }
}

fn loudness(level: Level, to: &[forloeb_core::name::Name]) -> String {
    let level = match level {
        Level::Nudge => "nudges",
        Level::Escalation => "escalates to",
    };
    let to: Vec<&str> = to.iter().map(|role| role.as_str()).collect();
    format!("{level} {}", to.join(" and "))
}

fn opener(origin: &Origin) -> String {
    match origin {
        Origin::Stage { .. } => String::new(),
        Origin::Recurring(_) => " recurring".to_owned(),
        Origin::Raised(by) => format!(" for {}", source(by)),
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Deadline { deadline, .. } => deadline.to_string(),
        Source::Rule(rule) | Source::Fault(rule) => rule.to_string(),
    }
}

fn until(due: Option<&Due>) -> String {
    due.map_or(String::new(), |due| {
        format!(" until {}", when(due.limit.runs_out))
    })
}

fn reason(why: EndedBecause) -> &'static str {
    match why {
        EndedBecause::StageLeft => "stage_left",
        EndedBecause::CaseEnded => "case_ended",
        EndedBecause::NextOccurrence => "next_occurrence",
        EndedBecause::Restarted => "restarted",
        EndedBecause::AnchorCleared => "anchor_cleared",
        EndedBecause::Migrated => "migrated",
    }
}
