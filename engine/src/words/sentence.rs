//! One entry of a history as a sentence: what happened, in people's words.

use super::{
    message::glued_message,
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    case::{Origin, Source},
    entry::{EndedBecause, Entry, LeftBecause, What},
    fold::fold,
    name::Name,
    plan::Deadline,
};

/// The task that an entry opened.
pub(super) fn task_of(subject: Subject<'_>, number: u64) -> Option<(&Name, &Origin)> {
    match &subject.entry(number)?.what {
        What::TaskOpened { task, origin, .. } => Some((task, origin)),
        _ => None,
    }
}

/// The deadline that an entry started: its track, stage and name.
pub(super) fn deadline_of(subject: Subject<'_>, number: u64) -> Option<(&Name, &Name, &Name)> {
    match &subject.entry(number)?.what {
        What::DeadlineStarted {
            track,
            stage,
            deadline,
            ..
        } => Some((track, stage, deadline)),
        _ => None,
    }
}

/// What the plan at an entry says of a deadline, which may have been called otherwise when it started.
pub(super) fn deadline_plan(subject: Subject<'_>, number: u64, seq: u64) -> Option<&Deadline> {
    let (track, stage, deadline) = deadline_of(subject, number)?;
    let track = subject.renamed_until(seq, number, track, |renamed| &renamed.tracks);
    let stage = subject.renamed_until(seq, number, stage, |renamed| &renamed.stages);
    let deadline = subject.renamed_until(seq, number, deadline, |renamed| &renamed.deadlines);
    subject.at(seq).deadline(track, stage, deadline)
}

impl Reader<'_> {
    /// What an entry changed, as a sentence without its time, its author and its ground.
    #[must_use]
    pub fn sentence(&self, subject: Subject<'_>, entry: &Entry) -> String {
        // In the words of the version by which the case went then.
        let subject = subject.at(entry.seq);
        let tongue = self.tongue();
        match &entry.what {
            What::Started { plan, .. } => {
                let title = self.text(&subject.plan.title, &subject.plan.process);
                tongue.started(&title, &self.version(plan))
            }
            What::Reported { event, .. } => self.event(subject.plan, event),
            What::FactSet { fact, value } => {
                let known = subject.plan.facts.get(fact);
                format!(
                    "{}: {}",
                    self.fact(subject.plan, fact),
                    self.value(subject, known, value)
                )
            }
            What::FactCleared { fact } => tongue.fact_cleared(&self.fact(subject.plan, fact)),
            What::Linked { link, to } => {
                tongue.linked(&self.link(subject.plan, link), &self.case_with_id(to))
            }
            What::Unlinked { link, to } => {
                tongue.unlinked(&self.link(subject.plan, link), &self.case_with_id(to))
            }
            What::StageEntered {
                track,
                stage,
                visit,
            } => {
                let plan = subject.plan;
                tongue.stage_entered(
                    &self.track(plan, track),
                    &self.stage(plan, track, stage),
                    *visit,
                )
            }
            What::Recurred { recurring, .. } => {
                tongue.recurred(&self.recurring(subject, recurring))
            }
            What::RecurringBegan { recurring } => {
                tongue.recurring_began(&self.recurring(subject, recurring))
            }
            What::RecurringStopped { recurring } => {
                tongue.recurring_stopped(&self.recurring(subject, recurring))
            }
            What::RecurringMissed {
                recurring,
                occurrence,
            } => tongue.recurring_missed(
                &self.recurring(subject, recurring),
                &self.moment(*occurrence),
            ),
            What::Circled { stages } => {
                let stages: Vec<String> = stages.iter().map(ToString::to_string).collect();
                tongue.circled(&self.list(&stages))
            }
            What::Held { until, because } => {
                let until = until.map(|at| self.date_or_moment(at));
                tongue.held(until.as_deref(), because)
            }
            What::Resumed => self.label(Label::Resumed).to_owned(),
            What::RuleFailed { rule, message } => match self.withheld_entry(subject, entry) {
                Some(withheld) => tongue.some_rule_failed(&withheld),
                None => tongue.rule_failed(rule, message),
            },
            What::NotTold { event, to, why } => tongue.not_told(event, &self.case_with_id(to), why),
            What::Ended { outcome } => tongue.ended(&self.outcome(subject.plan, outcome)),
            What::Migrated { plan, because, .. } => tongue.migrated(&self.version(plan), because),
            What::Corrected { voided, because } => {
                let what: Vec<String> = voided.iter().map(|seq| self.said(subject, *seq)).collect();
                tongue.corrected(&self.list(&what), because)
            }
            What::LeftOut { entry, why } => {
                let why = self.label(match why {
                    LeftBecause::CaseEnded => Label::LeftCaseEnded,
                    LeftBecause::NoSuchEvent => Label::LeftNoSuchEvent,
                    LeftBecause::NothingThere => Label::LeftNothingThere,
                });
                tongue.left_out(&self.said(subject, *entry), why)
            }
            _ => self.promise(subject, entry),
        }
    }

    /// What another entry says, with its number.
    fn said(&self, subject: Subject<'_>, seq: u64) -> String {
        let known = subject.entry(seq);
        known.map_or_else(
            || self.tongue().entry_number(seq),
            |entry| format!("{} (#{seq})", self.sentence(subject, entry)),
        )
    }

    /// A sentence about a task, a deadline or a finding.
    fn promise(&self, subject: Subject<'_>, entry: &Entry) -> String {
        let tongue = self.tongue();
        match &entry.what {
            What::TaskOpened {
                task,
                origin,
                role,
                due,
            } => {
                let title = self.task(subject, task, origin);
                let opened = tongue.task_opened(&self.role(subject.plan, role), &title);
                due.as_ref().map_or(opened.clone(), |due| {
                    format!("{opened}, {}", tongue.due(&self.last_day(due)))
                })
            }
            What::TaskCarried {
                task, role, due, ..
            } => {
                let title = self.task_title(subject, *task);
                let carried = tongue.task_carried(&self.role(subject.plan, role), &title);
                due.as_ref().map_or(carried.clone(), |due| {
                    format!("{carried}, {}", tongue.due(&self.last_day(due)))
                })
            }
            What::DeadlineCarried { deadline, due, .. } => tongue.deadline_carried(
                &self.deadline_title(subject, *deadline),
                &self.last_day(due),
            ),
            What::TaskDone { task } => tongue.task_done(&self.task_title(subject, *task)),
            What::TaskEnded { task, why } => {
                tongue.task_ended(&self.task_title(subject, *task), self.why(*why))
            }
            What::TaskOverdue { task } => tongue.task_overdue(&self.task_title(subject, *task)),
            What::TaskMoved { task, due } => {
                tongue.task_moved(&self.task_title(subject, *task), &self.last_day(due))
            }
            What::DeadlineStarted {
                track,
                stage,
                deadline,
                due,
                ..
            } => tongue.deadline_started(
                &self.deadline(subject, track, stage, deadline),
                &self.last_day(due),
            ),
            What::DeadlineMet { deadline } => {
                // What ran out first was not kept, whatever came of it.
                let ran_out = |other: &Entry| matches!(other.what, What::DeadlineOverdue { deadline: out } if out == *deadline);
                let before = subject
                    .entries
                    .iter()
                    .take_while(|other| other.seq < entry.seq);
                let late = before.into_iter().any(ran_out);
                tongue.deadline_met(&self.deadline_title(subject, *deadline), late)
            }
            What::DeadlineEnded { deadline, why } => {
                tongue.deadline_ended(&self.deadline_title(subject, *deadline), self.why(*why))
            }
            What::DeadlineOverdue { deadline } => {
                tongue.deadline_overdue(&self.deadline_title(subject, *deadline))
            }
            What::DeadlineMoved { deadline, due } => tongue.deadline_moved(
                &self.deadline_title(subject, *deadline),
                &self.last_day(due),
            ),
            What::RungReached { deadline, rung } => self.rung(subject, entry.seq, *deadline, *rung),
            What::RaiseBegan(raised) => tongue.raise_began(
                &self.asking(subject, entry, &raised.source),
                &self.raised_task(subject, &raised.task),
            ),
            What::RaiseEnded(raised) => tongue.raise_ended(
                &self.asking(subject, entry, &raised.source),
                &self.raised_task(subject, &raised.task),
            ),
            _ => self.about_finding(subject, entry),
        }
    }

    /// A sentence about a finding. What it says is filled in from the case as it was then: a history does not change with
    /// the day on which it is read.
    fn about_finding(&self, subject: Subject<'_>, entry: &Entry) -> String {
        let tongue = self.tongue();
        let words = |number: u64| {
            let closed = matches!(entry.what, What::FindingClosed { .. });
            let before =
                |other: &&Entry| other.seq < entry.seq || (other.seq == entry.seq && !closed);
            let past = fold(&subject.case.id, subject.history.iter().take_while(before));
            let case = past.as_ref().unwrap_or(subject.case);
            let then = Reader {
                now: entry.at,
                ..self.clone()
            };
            case.findings.get(&number).map_or_else(
                || tongue.entry_number(number),
                |finding| glued_message(&then, Subject { case, ..subject }, finding),
            )
        };
        // A reason that somebody gave can tell as much as the finding.
        let reason = |because: &str| match self.withheld_entry(subject, entry) {
            Some(_) => "…".to_owned(),
            None => because.to_owned(),
        };
        match &entry.what {
            What::FindingOpened { level, to, .. } => tongue.finding(
                self.level(*level),
                &self.roles(subject.plan, to),
                &words(entry.seq),
            ),
            What::FindingChanged {
                finding, level, to, ..
            } => tongue.finding_changed(
                self.level(*level),
                &self.roles(subject.plan, to),
                &words(*finding),
            ),
            What::FindingClosed { finding } => tongue.finding_closed(&words(*finding)),
            What::FindingAcknowledged { finding, because } => {
                tongue.finding_acknowledged(&words(*finding), &reason(because))
            }
            What::FindingSnoozed {
                finding,
                until,
                because,
            } => tongue.finding_snoozed(
                &words(*finding),
                &self.date_or_moment(*until),
                &reason(because),
            ),
            _ => String::new(),
        }
    }

    /// What asks for a task: a deadline, a rule, or a rule that the reader may not know of.
    fn asking(&self, subject: Subject<'_>, entry: &Entry, source: &Source) -> String {
        match self.withheld_entry(subject, entry) {
            Some(withheld) => format!("{} {withheld}", self.label(Label::SomeRule)),
            None => self.source(subject, source),
        }
    }

    fn rung(&self, subject: Subject<'_>, seq: u64, deadline: u64, rung: u32) -> String {
        let title = self.deadline_title(subject, deadline);
        let place = usize::try_from(rung).unwrap_or(usize::MAX);
        let known = deadline_plan(subject, deadline, seq).and_then(|plan| plan.ladder.get(place));
        let level = known.map_or("", |rung| self.level(rung.level));
        let role = known.map_or_else(String::new, |rung| self.role(subject.plan, &rung.to));
        self.tongue()
            .rung_reached(&title, rung.saturating_add(1), level, &role)
    }

    pub(super) fn task_title(&self, subject: Subject<'_>, number: u64) -> String {
        task_of(subject, number).map_or_else(
            || self.tongue().entry_number(number),
            |(task, origin)| self.task(subject.at(number), task, origin),
        )
    }

    pub(super) fn deadline_title(&self, subject: Subject<'_>, number: u64) -> String {
        deadline_of(subject, number).map_or_else(
            || self.tongue().entry_number(number),
            |(track, stage, deadline)| self.deadline(subject.at(number), track, stage, deadline),
        )
    }

    pub(super) fn raised_task(&self, subject: Subject<'_>, task: &Name) -> String {
        subject
            .plan
            .tasks
            .get(task)
            .map_or_else(|| task.to_string(), |known| self.text(&known.title, task))
    }

    pub(super) fn recurring(&self, subject: Subject<'_>, name: &Name) -> String {
        // Work that a new version does not have is stopped under that version.
        let mut plans = std::iter::once(subject.plan).chain(subject.all_plans());
        let work = plans.find_map(|plan| plan.recurring.get(name));
        work.map_or_else(
            || name.to_string(),
            |work| self.text(&work.task.title, name),
        )
    }

    fn why(&self, why: EndedBecause) -> &'static str {
        self.label(match why {
            EndedBecause::StageLeft => Label::BecauseStageLeft,
            EndedBecause::CaseEnded => Label::BecauseCaseEnded,
            EndedBecause::NextOccurrence => Label::BecauseNextOccurrence,
            EndedBecause::Restarted => Label::BecauseRestarted,
            EndedBecause::AnchorCleared => Label::BecauseAnchorCleared,
            EndedBecause::Migrated => Label::BecauseMigrated,
        })
    }
}
