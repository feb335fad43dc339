//! The keys of an overlay file, and how its addresses are written.

use super::{Shape, optional, required};

/// An overlay file.
pub static OVERLAY: Shape = Shape {
    name: "an overlay",
    stands: "A file `processes/overlays/NAME.yaml`: what one office does differently from a process, and nothing else. Each element of the process is called by its \
             address (see *Addresses*).",
    keys: &[
        required(
            "overlay",
            "name",
            "its name: the name of the file without `.yaml`",
        ),
        required("extends", "process", "the process that it is laid over"),
        required("because", "free text", "why it is there, for the record"),
        optional(
            "title",
            "text in each language",
            "what people read instead of the process's title; a language that is left out stays as it is",
        ),
        optional(
            "calendar",
            "calendar",
            "the calendar in which all dates are counted instead; closing days of one's own stand in a calendar that `extends` the other",
        ),
        optional(
            "set",
            "`{ was: …, to: … }` by address",
            "values that are replaced",
        ),
        optional(
            "add",
            "elements by address",
            "what is new; the last part of the address is the new element's name",
        ),
        optional("remove", "list of addresses", "what is taken out"),
        optional(
            "texts",
            "texts by name",
            "texts in other words, and new ones; a language that is left out stays as it is",
        ),
    ],
};

/// A value that an overlay replaces.
pub static SET: Shape = Shape {
    name: "a replaced value",
    stands: "Under `set:` of an overlay, by address.",
    keys: &[
        optional(
            "was",
            "the value of the process",
            "what the process says; required, so that a process that says something else one day is noticed",
        ),
        required(
            "to",
            "the value that holds instead",
            "written as it would stand in the process",
        ),
        optional(
            "because",
            "free text",
            "why; with a setting it becomes the setting's own `because`",
        ),
    ],
};

/// An element that an overlay adds.
pub static ADDED: Shape = Shape {
    name: "an added element",
    stands: "Under `add:` of an overlay, by address, written as it would stand in the process; beside its own keys it may have this one. A rule or a single word that is \
             added to a list is said by the address alone: `rules.file.function:`.",
    keys: &[optional(
        "place_before",
        "name of an element beside it",
        "it comes right before that one, instead of last",
    )],
};

/// How the elements of a process are called by an overlay, as the reference prints it.
pub const ADDRESSES: &str = "\
An address is the names on the way from the top of the process to an element, with dots between them: `settings.answer_within`, \
`tracks.way.stages.waiting.tasks.answer.role`.

- `stages.NAME` stands for `tracks.TRACK.stages.NAME`: no two stages of a process share a name.
- An element of a list is called by its `name`, else by its `rule`, `to`, `end`, `valid_from` or `valid_to`, or by the word itself: `stages.waiting.leave.home`, \
`stages.waiting.deadlines.reply.escalate.head`, `rules.manners.greets`, `settings.answer_within.2027-01-01`, `events.sent.by.clerk`.
- Where two elements of a list would be called alike, they need a `name:` in the process.
- Closed days belong to calendars: a calendar that `extends` another adds days, and takes days out by `remove`.
";
