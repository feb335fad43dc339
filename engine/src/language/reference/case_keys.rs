//! The keys of what is known of a case and of what can happen to it.

use super::{Key, Shape, default, optional, required};

const TITLE: Key = default(
    "title",
    "text in each language",
    "its name, with spaces",
    "what people read",
);

/// A fact.
pub static FACT: Shape = Shape {
    name: "a fact",
    stands: "Under `facts:`, by name. Short form: `name: type`. It has `type` or `like`.",
    keys: &[
        TITLE,
        optional(
            "type",
            "`text`, `number`, `whole`, `yes_no`, `date`, `choice`, `scale`",
            "which values fit",
        ),
        optional(
            "like",
            "fact",
            "the same values as that fact, and as confidential; also its title, unless it has its own",
        ),
        optional(
            "min",
            "number",
            "smallest value of a `number`, `whole` or `scale` (a scale needs it)",
        ),
        optional(
            "max",
            "number",
            "largest value of a `number`, `whole` or `scale` (a scale needs it)",
        ),
        optional(
            "options",
            "`[a, b]` or `{a: text, b: text}`",
            "what can be chosen in a `choice`",
        ),
        default(
            "visible_to",
            "list of roles",
            "everybody in the programme",
            "confidential: only these roles see it, and it is kept apart from the history",
        ),
        default(
            "personal",
            "yes/no",
            "no",
            "kept apart from the history, and out of logs and rules (a name, a telephone number)",
        ),
    ],
};

/// A link.
pub static LINK: Shape = Shape {
    name: "a link",
    stands: "Under `links:`, by name.",
    keys: &[
        TITLE,
        required("to", "process", "the process of the cases that it leads to"),
        default("many", "yes/no", "no", "it leads to any number of cases"),
        optional(
            "inverse",
            "link of the other process",
            "the link over there that is kept in step by itself",
        ),
    ],
};

/// An event.
pub static EVENT: Shape = Shape {
    name: "an event",
    stands: "Under `events:`, by name. Somebody in `by` reports it, or a case of a process in `told_by` tells it; one of the two is needed.",
    keys: &[
        TITLE,
        optional("by", "role or list of roles", "who may report it"),
        optional(
            "told_by",
            "process or list of processes",
            "whose cases may tell it",
        ),
        optional("with", "fields by name", "what it carries"),
        optional(
            "sets",
            "`fact_or_link: field`",
            "the facts and links that take their value from its fields; a link to many gains the case",
        ),
        optional(
            "clears",
            "list of facts and links",
            "the facts and links that it empties",
        ),
        optional(
            "tell",
            "by link or link field",
            "whom it is told to, and as what",
        ),
    ],
};

/// A field of an event.
pub static FIELD: Shape = Shape {
    name: "a field",
    stands: "Under `with:` of an event, by name. Short form: `name: type`. It has `type`, `like` or `link`; `each` goes with `type` or `like`.",
    keys: &[
        TITLE,
        optional("type", "as for a fact", "which values fit"),
        optional(
            "like",
            "fact",
            "the same values as that fact, and as confidential; also its title, unless it has its own",
        ),
        optional("link", "process", "it is a case of this process"),
        optional(
            "each",
            "link",
            "it has one value for each case behind this link",
        ),
        optional(
            "min",
            "number",
            "smallest value of a `number`, `whole` or `scale`",
        ),
        optional(
            "max",
            "number",
            "largest value of a `number`, `whole` or `scale`",
        ),
        optional(
            "options",
            "`[a, b]` or `{a: text, b: text}`",
            "what can be chosen in a `choice`",
        ),
        default("optional", "yes/no", "no", "it may be left out"),
        default(
            "visible_to",
            "list of roles",
            "everybody in the programme",
            "confidential: only these roles see it",
        ),
        default(
            "personal",
            "yes/no",
            "no",
            "kept apart from the history, and out of logs and rules",
        ),
    ],
};

/// What an event tells.
pub static TELL: Shape = Shape {
    name: "a tell",
    stands: "Under `tell:` of an event, by the link or link field that leads to the cases.",
    keys: &[
        required(
            "event",
            "event of the other process",
            "what the cases there are told",
        ),
        optional(
            "with",
            "`their_field: my_field`",
            "its fields, each with the field of this event that it takes its value from; an `each` field gives each case its own, and only the cases that one names are told",
        ),
    ],
};
