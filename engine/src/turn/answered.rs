//! What the rules of a case in hand answered last: a rule is asked again only when something that it reads has changed, or when the
//! instant has come at which its answer may change by itself.
//!
//! An answer goes by the numbers of entries (`Glance`), of its own case and of those that it reads. So it may live only as long as each
//! of these numbers means the same entry. Whoever takes entries back forgets the answers: a refused step (`take_in`), `InHand::put_back`,
//! a circle of stages, and a transaction that is rolled back (`batch`). What a case read of entries
//! that other cases took back, it read in the same request or transaction.

use forloeb_core::{
    judge::{Judge, Verdict, View},
    name::Name,
    plan::RuleUse,
    reads::Glance,
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The last answers of the rules of one case, by rule.
pub(super) type Answered = HashMap<Name, Answer>;

/// An answer, and what it goes by.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    glance: Glance,
    at: Timestamp,
    verdict: Verdict,
}

/// A judge that knows what the rules of one case answered last.
#[derive(Debug)]
pub(super) struct Remembering<'j> {
    judge: &'j dyn Judge,
    answered: Mutex<Answered>,
}

impl<'j> Remembering<'j> {
    pub(super) fn new(judge: &'j dyn Judge, answered: Answered) -> Self {
        Self {
            judge,
            answered: Mutex::new(answered),
        }
    }

    pub(super) fn into_answered(self) -> Answered {
        self.answered
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Judge for Remembering<'_> {
    fn judge(&self, rule: &RuleUse, view: &View) -> Verdict {
        let reading = view.plan.reads_by.get(&rule.rule);
        let glance = reading.and_then(|reading| reading.glance(rule, view));
        let Some(glance) = glance else {
            return self.judge.judge(rule, view);
        };
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = answered.get(&rule.rule) {
            let until = last.verdict.horizon;
            if last.glance == glance
                && last.at <= view.now
                && until.is_none_or(|until| view.now < until)
            {
                return last.verdict.clone();
            }
        }
        let verdict = self.judge.judge(rule, view);
        // A rule that failed may have been stopped by the machine rather than by what it read.
        if verdict.answer.is_ok() {
            let answer = Answer {
                glance,
                at: view.now,
                verdict: verdict.clone(),
            };
            answered.insert(rule.rule.clone(), answer);
        }
        verdict
    }
}
