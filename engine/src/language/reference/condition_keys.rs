//! The keys of conditions.

use super::{Shape, default, optional};

/// A condition.
pub static CONDITION: Shape = Shape {
    name: "a condition",
    stands: "After `when:`, `until:` and `done_when:`. Several keys in one map must all hold. An event counts since the stage was entered (the task opened, the deadline began), with `ever: yes` in the whole journey.",
    keys: &[
        optional(
            "tasks",
            "`done`",
            "every task of the stage that is not optional is done",
        ),
        optional("task", "task of the stage", "it is done"),
        optional("event", "event", "it has been recorded"),
        optional(
            "by",
            "role or list of roles",
            "with `event`: reported by one of them",
        ),
        optional(
            "with",
            "`field: value`",
            "with `event`: its fields have these values",
        ),
        default(
            "times",
            "number or setting",
            "1",
            "with `event`: at least so many times",
        ),
        default(
            "ever",
            "yes/no",
            "no",
            "with `event`: looks at the whole journey",
        ),
        optional(
            "fact",
            "fact, or `fact: value`, or `fact: { comparisons }`",
            "it has a value, has this value, compares as said",
        ),
        optional(
            "link",
            "link, or `link: { at_least: …, at_most: … }`",
            "it leads to a case, or to so many",
        ),
        optional(
            "in_stage_for",
            "duration or setting",
            "the stage was entered so long ago",
        ),
        optional("rule", "`file.function`", "the Rhai function answers yes"),
        optional("all", "list of conditions", "every one holds"),
        optional("any", "list of conditions", "at least one holds"),
        optional("not", "condition", "it does not hold"),
    ],
};

/// Comparisons of a fact.
pub static COMPARE: Shape = Shape {
    name: "a comparison",
    stands: "Under `fact: { NAME: … }` of a condition. Each value may be the name of a setting. All of them must hold.",
    keys: &[
        optional("is", "value", "equal"),
        optional("not", "value", "it has a value, and another one"),
        optional("one_of", "list of values", "equal to one of them"),
        optional("at_least", "number", "this or more"),
        optional("at_most", "number", "this or less"),
        optional("more_than", "number", "more than this"),
        optional("less_than", "number", "less than this"),
    ],
};

/// How many cases a link leads to.
pub static LINK_COUNT: Shape = Shape {
    name: "a count of a link",
    stands: "Under `link: { NAME: … }` of a condition.",
    keys: &[
        default(
            "at_least",
            "whole number or setting",
            "1, or 0 beside `at_most`",
            "at least so many cases",
        ),
        optional(
            "at_most",
            "whole number or setting",
            "at most so many cases",
        ),
    ],
};
