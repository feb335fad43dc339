//! Checks between processes: links and their inverses, and both sides of what is told.

use crate::diagnostic::{Diagnostic, Span};
use crate::language::{
    kinds::{described, misfit},
    problems::suggestion,
    read::Problems,
    tree::Node,
};
use forloeb_core::{
    name::Name,
    plan::{Event, Field, Link, Plan, Tell},
    value::Kind,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// The processes that a plan speaks of.
pub fn tied(plan: &Plan) -> BTreeSet<Name> {
    let mut tied: BTreeSet<Name> = plan.links.values().map(|link| link.to.clone()).collect();
    for event in plan.events.values() {
        tied.extend(event.told_by.iter().cloned());
        for field in event.with.values() {
            if let Kind::Link { to } = &field.fact.kind {
                tied.insert(to.clone());
            }
        }
    }
    tied
}

/// Checks what the processes say about each other. A process that has no plan has errors of its own, and is left out.
pub fn across(
    roots: &IndexMap<Name, &Node>,
    plans: &BTreeMap<Name, Plan>,
    problems: &mut Problems,
) {
    for (name, plan) in plans {
        let Some(root) = roots.get(name) else {
            continue;
        };
        for (link_name, link) in &plan.links {
            if let Some(other) = plans.get(&link.to) {
                check_inverse(root, plan, (link_name, link), other, problems);
            }
        }
        for (event_name, event) in &plan.events {
            for (key, tell) in &event.tell {
                let Some(other) = told_process(plan, event, key).and_then(|to| plans.get(to))
                else {
                    continue;
                };
                let place = ["events", event_name.as_str(), "tell", key.as_str()];
                check_tell(
                    Telling {
                        root,
                        place,
                        plan,
                        event,
                        tell,
                    },
                    other,
                    problems,
                );
            }
            check_tellers(root, name, event_name, event, plans, problems);
        }
    }
}

/// The process of the cases to which a link or link field leads.
fn told_process<'p>(plan: &'p Plan, event: &'p Event, key: &Name) -> Option<&'p Name> {
    if let Some(link) = plan.links.get(key) {
        return Some(&link.to);
    }
    match &event.with.get(key)?.fact.kind {
        Kind::Link { to } => Some(to),
        _ => None,
    }
}

fn check_inverse(
    root: &Node,
    plan: &Plan,
    (name, link): (&Name, &Link),
    other: &Plan,
    problems: &mut Problems,
) {
    let Some(inverse) = &link.inverse else { return };
    let span = root
        .at(&["links", name, "inverse"])
        .map_or(&root.span, |node| &node.span);
    let Some(back) = other.links.get(inverse) else {
        let known = other.links.keys().map(Name::as_str);
        problems.push(
            Diagnostic::error(
                "unknown-link",
                span,
                format!("the process `{}` has no link `{inverse}`", link.to),
            )
            .help(suggestion(
                inverse,
                known,
                "declare it there, or leave `inverse` out",
            )),
        );
        return;
    };
    if back.to != plan.process {
        problems.push(
            Diagnostic::error(
                "wrong-inverse",
                span,
                format!(
                    "`{inverse}` of `{}` leads to `{}`, not back to `{}`",
                    link.to, back.to, plan.process
                ),
            )
            .help("an inverse is the same tie seen from the other side"),
        );
    } else if back.inverse.as_ref() != Some(name) {
        problems.push(
            Diagnostic::error(
                "one-sided-inverse",
                span,
                format!(
                    "`{inverse}` of `{}` does not name `{name}` as its inverse",
                    link.to
                ),
            )
            .help(format!(
                "write `inverse: {name}` there too, so that whoever reads either file sees the tie"
            )),
        );
    }
}

/// One `tell` of an event.
struct Telling<'p> {
    root: &'p Node,
    place: [&'p str; 4],
    plan: &'p Plan,
    event: &'p Event,
    tell: &'p Tell,
}

fn check_tell(telling: Telling<'_>, other: &Plan, problems: &mut Problems) {
    let Telling {
        root,
        place,
        plan,
        event,
        tell,
    } = telling;
    let there = &other.process;
    let [a, b, c, d] = place;
    let span = root
        .at(&[a, b, c, d, "event"])
        .map_or_else(|| root.key_at(&place), |node| node.span.clone());
    let Some(told) = other.events.get(&tell.event) else {
        let known = other.events.keys().map(Name::as_str);
        problems.push(
            Diagnostic::error(
                "unknown-event",
                &span,
                format!("the process `{there}` has no event `{}`", tell.event),
            )
            .help(suggestion(&tell.event, known, "declare it there")),
        );
        return;
    };
    if !told.told_by.contains(&plan.process) {
        problems.push(
            Diagnostic::error(
                "not-told-by",
                &span,
                format!(
                    "`{}` of `{there}` may not be told by `{}`",
                    tell.event, plan.process
                ),
            )
            .help(format!(
                "add `told_by: [{}]` to `{}` in processes/{there}.yaml",
                plan.process, tell.event
            )),
        );
    }
    for (name, field) in &told.with {
        if !field.optional && !tell.with.contains_key(name) {
            problems.push(
                Diagnostic::error(
                    "missing-field",
                    &span,
                    format!("`{}` of `{there}` needs the field `{name}`", tell.event),
                )
                .help(format!("add `with: {{ {name}: … }}` with a field of this event, or make it `optional: yes` there")),
            );
        }
    }
    for (name, own) in &tell.with {
        let key = root.key_at(&[a, b, c, d, "with", name]);
        let Some(into) = told.with.get(name) else {
            let known = told.with.keys().map(Name::as_str);
            problems.push(
                Diagnostic::error(
                    "unknown-field",
                    &key,
                    format!("`{}` of `{there}` has no field `{name}`", tell.event),
                )
                .help(suggestion(name, known, "it carries nothing")),
            );
            continue;
        };
        if let Some(from) = event.with.get(own)
            && let Some(problem) = told_misfit(from, own, into, (name, d), &key)
        {
            problems.push(problem);
        }
    }
}

/// Why a field cannot be told as another; `to` is the link that leads there.
fn told_misfit(
    from: &Field,
    own: &Name,
    into: &Field,
    (name, to): (&Name, &str),
    span: &Span,
) -> Option<Diagnostic> {
    let each = match &from.fact.kind {
        Kind::Each { link, kind } if *link == *to => kind,
        Kind::Each { link, .. } => {
            let message = format!(
                "the field `{own}` has a value for each of `{link}`, but is told to `{to}`"
            );
            return Some(Diagnostic::error("wrong-kind", span, message));
        }
        kind => kind,
    };
    if let Some(why) = misfit(each, &into.fact.kind) {
        let wanted = described(&into.fact.kind);
        let message = format!("the field `{own}` does not fit `{name}`, which is {wanted}");
        return Some(Diagnostic::error("wrong-kind", span, message).label(why));
    }
    if from.fact.sealed() && !into.fact.sealed() {
        let message = format!("the field `{own}` is confidential, but `{name}` is not");
        return Some(
            Diagnostic::error("confidential-leak", span, message)
                .help("give the field over there `visible_to` or `personal` too"),
        );
    }
    if from.optional && !into.optional {
        let message = format!("the field `{own}` may be left out, but `{name}` is needed there");
        return Some(
            Diagnostic::error("missing-field", span, message)
                .help("make both optional, or neither"),
        );
    }
    None
}

/// A process that is said to tell an event does tell it.
fn check_tellers(
    root: &Node,
    process: &Name,
    name: &Name,
    event: &Event,
    plans: &BTreeMap<Name, Plan>,
    problems: &mut Problems,
) {
    for teller in &event.told_by {
        let Some(plan) = plans.get(teller) else {
            continue;
        };
        let tells = plan.events.values().any(|telling| {
            telling.tell.iter().any(|(key, tell)| {
                tell.event == *name && told_process(plan, telling, key) == Some(process)
            })
        });
        if !tells {
            let span = root.key_at(&["events", name, "told_by"]);
            let problem = if event.by.is_empty() && event.told_by.len() == 1 {
                Diagnostic::error(
                    "never-told",
                    &span,
                    format!("no event of `{teller}` tells `{name}`, so it can never happen"),
                )
            } else {
                Diagnostic::warning(
                    "never-told",
                    &span,
                    format!("no event of `{teller}` tells `{name}`"),
                )
            };
            problems.push(problem.help(format!(
                "add `tell: {{ LINK: {{ event: {name} }} }}` to an event in processes/{teller}.yaml"
            )));
        }
    }
}
