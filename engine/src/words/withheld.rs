//! What a rule says that reads confidential facts: whoever is told of it, or may see all of those facts, reads it. Everybody else
//! reads for whom it is, and neither what it says nor which rule and which line of it say so.

use super::reader::{Reader, Subject};
use forloeb_core::{
    case::Finding,
    entry::{Entry, What},
    name::Name,
};

impl Reader<'_> {
    /// What stands for a finding that the reader may not read.
    pub(super) fn withheld_finding(
        &self,
        subject: Subject<'_>,
        finding: &Finding,
    ) -> Option<String> {
        self.withheld_rule(subject, finding.source.rule()?, &finding.to)
    }

    /// What stands for an entry about a rule, or about what it found, that the reader may not read.
    pub(super) fn withheld_entry(&self, subject: Subject<'_>, entry: &Entry) -> Option<String> {
        let (rule, to) = told(subject, entry)?;
        self.withheld_rule(subject, rule, to)
    }

    /// `(only doctor)`, with all roles that may read what a rule says to these; none when the reader may.
    fn withheld_rule(&self, subject: Subject<'_>, rule: &Name, to: &[Name]) -> Option<String> {
        if subject.shows_rule(rule, to, self.role.as_ref()) {
            return None;
        }
        let roles = subject.plan.roles.keys();
        let may: Vec<Name> = roles
            .filter(|role| subject.shows_rule(rule, to, Some(role)))
            .cloned()
            .collect();
        Some(self.only(subject, &may))
    }

    /// Whether the reader may not know what a rule says, unless they are told of it.
    pub(super) fn withholds_rule(&self, subject: Subject<'_>, rule: &str) -> bool {
        !subject.shows_rule(rule, &[], self.role.as_ref())
    }

    /// Whether such a rule may say a text. A rule names its texts in its file, and is refused otherwise.
    pub(super) fn withholds_text(&self, subject: Subject<'_>, text: &str) -> bool {
        subject.all_plans().any(|plan| {
            let rules = plan.attached_rules().map(|attached| &attached.rule);
            let mut withheld = rules.filter(|rule| self.withholds_rule(subject, rule));
            withheld.any(|rule| {
                let file = plan.described.get(rule).and_then(|known| {
                    let at = (plan.id.clone(), known.ground.file.clone());
                    self.sources.get(&at)
                });
                file.is_none_or(|file| file.contains(text))
            })
        })
    }
}

impl Subject<'_> {
    /// Whether what a rule says is shown, by every plan that the case has gone by: what was confidential stays so when a version does not
    /// have the rule any more.
    fn shows_rule(&self, rule: &str, to: &[Name], role: Option<&Name>) -> bool {
        self.all_plans().all(|plan| plan.shows_rule(rule, to, role))
    }
}

/// The rule that an entry is about, and the roles that were told by then.
fn told<'a>(subject: Subject<'a>, entry: &'a Entry) -> Option<(&'a Name, &'a [Name])> {
    match &entry.what {
        What::FindingOpened { source, to, .. } => Some((source.rule()?, to)),
        What::FindingChanged { finding, to, .. } => Some((rule_of(subject, *finding)?, to)),
        What::FindingClosed { finding }
        | What::FindingAcknowledged { finding, .. }
        | What::FindingSnoozed { finding, .. } => {
            let rule = rule_of(subject, *finding)?;
            let before = subject.entries.iter().rev();
            let mut before = before.skip_while(|other| other.seq >= entry.seq);
            let to = before.find_map(|other| match &other.what {
                What::FindingOpened { to, .. } if other.seq == *finding => Some(to.as_slice()),
                What::FindingChanged {
                    finding: same, to, ..
                } if same == finding => Some(to.as_slice()),
                _ => None,
            });
            Some((rule, to.unwrap_or_default()))
        }
        What::RuleFailed { rule, .. } => Some((rule, subject.plan.faults_to.as_slice())),
        What::RaiseBegan(raised) | What::RaiseEnded(raised) => {
            // Whoever is to do the task may know what asks for it.
            let task = subject.plan.tasks.get(&raised.task);
            let to = task.map_or(&[][..], |task| std::slice::from_ref(&task.role));
            Some((raised.source.rule()?, to))
        }
        _ => None,
    }
}

/// The rule that opened a finding.
fn rule_of(subject: Subject<'_>, finding: u64) -> Option<&Name> {
    match &subject.entry(finding)?.what {
        What::FindingOpened { source, .. } => source.rule(),
        _ => None,
    }
}
