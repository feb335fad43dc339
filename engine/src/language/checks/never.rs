//! What is accepted by itself and still never comes: recurring work that always falls on closed days, and days on which a setting
//! has no value.

use crate::diagnostic::Diagnostic;
use crate::language::{read::Problems, tree::Node};
use forloeb_core::{
    plan::{Every, Plan},
    time::Recurrence,
};
use jiff::Timestamp;

/// Looks at recurring work and at settings with periods.
pub fn check(root: &Node, plan: &Plan, problems: &mut Problems) {
    for (name, work) in &plan.recurring {
        if let Every::Calendar(recurrence) = &work.every
            && !comes(plan, recurrence)
        {
            problems.push(
                Diagnostic::error(
                    "never-comes",
                    &root.key_at(&["recurring", name]),
                    format!("`{name}` never comes: each of its times is closed in the calendar `{}`", plan.calendar.name()),
                )
                .help("choose another day or time, or say `on_closed: keep` or `on_closed: next_working_day`"),
            );
        }
    }
    check_settings(root, plan, problems);
}

/// Whether recurring work comes at all. The search goes far enough ahead that it does not matter where it begins.
fn comes(plan: &Plan, recurrence: &Recurrence) -> bool {
    matches!(
        recurrence.next_after(&plan.calendar, Timestamp::UNIX_EPOCH),
        Ok(Some(_))
    )
}

/// A setting without a value leaves whatever asks for it without an answer.
fn check_settings(root: &Node, plan: &Plan, problems: &mut Problems) {
    for (name, setting) in &plan.settings {
        let span = root.key_at(&["settings", name]);
        let mut gaps = Vec::new();
        if let Some(from) = setting.values.first().and_then(|first| first.valid_from) {
            gaps.push(format!("before {from}"));
        }
        for pair in setting.values.windows(2) {
            if let [before, after] = pair
                && let (Some(to), Some(from)) = (before.valid_to, after.valid_from)
                && to.tomorrow().is_ok_and(|next| next < from)
            {
                gaps.push(format!("between {to} and {from}"));
            }
        }
        if let Some(to) = setting.values.last().and_then(|last| last.valid_to) {
            gaps.push(format!("after {to}"));
        }
        if !gaps.is_empty() {
            problems.push(
                Diagnostic::warning(
                    "setting-without-value",
                    &span,
                    format!("the setting `{name}` has no value {}", gaps.join(", and none ")),
                )
                .help("leave `valid_from` out of the first value and `valid_to` out of the last, unless nothing asks for it then"),
            );
        }
    }
}
