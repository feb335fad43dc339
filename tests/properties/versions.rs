//! Versions of the dense programme that really differ from it, each in its manner, as a designer might edit its file.

use super::journeys::dense_plans;
use forloeb::language::programme::Ready;
use forloeb_core::name::Name;
use std::collections::BTreeMap;

const WALK: &str = "processes/walk.yaml";

/// What is edited in the file of walkers, and what bears another name in all files.
pub(super) struct Version {
    pub(super) name: &'static str,
    edits: &'static [(&'static str, &'static str)],
    words: &'static [(&'static str, &'static str)],
    more: &'static str,
}

pub(super) const VERSIONS: [Version; 4] = [NUMBERS, WORK, NAMES, PLACES];

/// Other durations, ladders, and what a hold stops.
const NUMBERS: Version = Version {
    name: "numbers",
    edits: &[
        ("value: 6 hours, valid_to", "value: 3 hours, valid_to"),
        ("value: 2 days, valid_from", "value: 1 day, valid_from"),
        ("  patience: 90 minutes", "  patience: 2 hours"),
        ("within: 8 hours", "within: 5 hours"),
        ("within: 3 working days", "within: 1 week"),
        ("within: 1 month", "within: 3 weeks"),
        ("within: 2 working days", "within: 3 days"),
        ("before: 6 hours", "before: 9 hours"),
        (
            "{ to: walker, before: 2 hours, say: hurry }, { to: guide, say: hurry }",
            "{ to: guide, say: hurry }",
        ),
        ("            on_hold: run\n", ""),
        ("            on_closed: next_working_day\n", ""),
        ("due: 3 hours", "due: 1 hour"),
        (
            "optional: yes, due: 1 working day, on_hold: run",
            "optional: yes, due: 3 days",
        ),
    ],
    words: &[],
    more: "",
};

/// Other tasks, roles and recurring work.
const WORK: Version = Version {
    name: "work",
    edits: &[
        (
            "          chat:  { role: guide, optional: yes, due: 1 working day, on_hold: run }\n",
            "          water: { role: guide, due: 2 hours }\n",
        ),
        (
            "walk_on: { role: walker, due",
            "stroll: { role: walker, due: 1 day, done_when: { event: rested } }\n          walk_on: { role: guide, due",
        ),
        (
            "greet: { role: walker, due: 1 hour",
            "greet: { role: guide, due: 2 hours",
        ),
        (
            "find_shoes: { role: guide, due: 1 working day",
            "find_shoes: { role: boss, due: 2 days",
        ),
        ("weekday 08:30", "weekday 10:00"),
        (
            "  letters:   { every: 3 working days, missed: all, on_closed: skip, task: { role: guide, due: 1 working day, on_hold: run } }\n",
            "  laundry: { every: 5 hours, missed: all, task: { role: walker } }\n",
        ),
        ("while_in: [walking, resting]", "while_in: [walking]"),
    ],
    words: &[],
    more: "",
};

/// The same under other names.
const NAMES: Version = Version {
    name: "names",
    edits: &[],
    words: &[
        ("packing", "preparing"),
        ("pack", "bundle"),
        ("off_soon", "soon_off"),
        ("way", "path"),
        ("weigh_in", "weighing"),
        ("look_after", "watch"),
        ("stepped", "strode"),
        ("secret", "hidden"),
        ("goal", "aim"),
        ("visited", "seen"),
    ],
    more: "
renamed:
  stages: { packing: preparing }
  tasks: { pack: bundle, look_after: watch }
  deadlines: { off_soon: soon_off }
  tracks: { way: path }
  recurring: { weigh_in: weighing }
  events: { stepped: strode }
  facts: { secret: hidden, goal: aim }
  links: { visited: seen }
",
};

/// Another stage, another track, and limits that run from something else.
const PLACES: Version = Version {
    name: "places",
    edits: &[
        (
            "            from: { fact: goal }\n            within: same day\n",
            "            from: { event: promised }\n            within: 3 days\n",
        ),
        ("            restart: yes\n", ""),
        (
            "      resting:\n",
            "      dozing:\n        leave:\n          - { to: walking, when: { event: stepped } }\n      resting:\n",
        ),
        (
            "          - { to: walking, when: { in_stage_for: rest_length } }\n",
            "          - { to: dozing, when: { in_stage_for: patience } }\n",
        ),
        (
            "  company:\n",
            "  diary:\n    starts_in: shut\n    stages:\n      shut:\n        tasks:\n          open_it: { role: walker, due: 1 day, done_when: { event: called_in } }\n        deadlines:\n          first_page:\n            within: 6 hours\n            until: { event: felt }\n            nudge: [{ to: walker, before: 3 hours, say: hurry }]\n            escalate: [{ to: guide, say: late, raise: look_after }]\n        leave:\n          - { to: opened, when: { event: felt } }\n      opened:\n        leave:\n          - { to: shut, when: { event: rested } }\n  company:\n",
        ),
        (", judgement.alone_too_long]", "]"),
    ],
    words: &[],
    more: "",
};

impl Version {
    /// The plans of this version, after what is edited in every one.
    pub(super) fn plans(&self, first: impl Fn(&str, String) -> String) -> BTreeMap<Name, Ready> {
        dense_plans(|path, text| {
            let mut text = first(path, text);
            for (old, new) in self.words {
                text = reworded(&text, old, new);
            }
            if path == WALK {
                for (old, new) in self.edits {
                    assert!(text.contains(old), "{path} has no `{old}`");
                    text = text.replace(old, new);
                }
                text.push_str(self.more);
            }
            text
        })
    }
}

/// A text with each whole word exchanged.
fn reworded(text: &str, old: &str, new: &str) -> String {
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, found) = rest.split_at(at);
        let after = &found[old.len()..];
        let whole = !before.bytes().next_back().is_some_and(in_word)
            && !after.bytes().next().is_some_and(in_word);
        written.push_str(before);
        written.push_str(if whole { new } else { old });
        // The letter before what comes next decides there, too.
        rest = after;
        if !whole && let Some(next) = rest.chars().next() {
            written.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    written + rest
}
