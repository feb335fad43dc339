//! The keys of a process file, apart from those of facts, links and events.

use super::{Key, Shape, default, optional, required};

const TITLE: Key = default(
    "title",
    "text in each language",
    "its name, with spaces",
    "what people read",
);
const NAME: Key = optional(
    "name",
    "name",
    "what an overlay calls it, where what it leads to does not tell it apart; it means nothing else",
);
const ON_HOLD: &str = "what a hold does to it: it stands still and gets the time back, or runs on";

/// A process file.
pub static PROCESS: Shape = Shape {
    name: "a process",
    stands: "A file `processes/NAME.yaml`.",
    keys: &[
        required(
            "process",
            "name",
            "its name: the name of the file without `.yaml`",
        ),
        required("title", "text in each language", "what people read"),
        default(
            "languages",
            "list of languages",
            "those of `title`",
            "the languages that every text must have, the first one leading",
        ),
        required(
            "calendar",
            "calendar",
            "the calendar in which its dates are counted",
        ),
        optional(
            "shown_as",
            "fact",
            "the fact by which people know a case, printed beside its id",
        ),
        optional(
            "faults_to",
            "role",
            "who is told when a rule fails; required where rules are used",
        ),
        optional("roles", "roles by name", "who takes part"),
        optional(
            "settings",
            "settings by name",
            "the numbers that can be turned; a setting's name stands wherever its value could",
        ),
        optional("facts", "facts by name", "what is known of a case"),
        optional("links", "links by name", "the ties to other cases"),
        optional("events", "events by name", "what can happen"),
        optional(
            "tasks",
            "tasks by name",
            "tasks that open only when a ladder, a rule or recurring work raises them",
        ),
        required(
            "tracks",
            "tracks by name",
            "the stages, in one or more tracks that run side by side",
        ),
        optional(
            "recurring",
            "recurring work by name",
            "work that comes back",
        ),
        optional(
            "any_stage",
            "`leave:` with exits",
            "exits that hold in every stage, looked at before the stage's own",
        ),
        required("outcomes", "outcomes by name", "how a journey can end"),
        optional("rules", "list of rules", "rules attached all the way"),
        optional(
            "texts",
            "texts by name",
            "what people are told, with placeholders such as `{name}` and `{days}`",
        ),
        optional(
            "renamed",
            "old names and new ones",
            "what bore another name in an earlier version, so that open cases can go over to this one",
        ),
        default(
            "adopt",
            "`never` or `when_safe`",
            "`never`",
            "whether open cases go over to a new version by themselves, when it touches no stage, deadline or task of any of them",
        ),
    ],
};

/// Names of earlier versions.
pub static RENAMED: Shape = Shape {
    name: "a list of new names",
    stands: "Under `renamed:`. Each key takes `old_name: new_name`.",
    keys: &[
        optional("tracks", "old and new names", "tracks"),
        optional("stages", "old and new names", "stages"),
        optional(
            "tasks",
            "old and new names",
            "tasks, of stages and of the process",
        ),
        optional("deadlines", "old and new names", "deadlines"),
        optional("recurring", "old and new names", "recurring work"),
        optional("facts", "old and new names", "facts"),
        optional("events", "old and new names", "events"),
        optional("links", "old and new names", "links"),
    ],
};

/// A role.
pub static ROLE: Shape = Shape {
    name: "a role",
    stands: "Under `roles:`, by name.",
    keys: &[TITLE],
};

/// A setting in its long form.
pub static SETTING: Shape = Shape {
    name: "a setting",
    stands: "Under `settings:`, by name. Short form: `name: value`. A list of these gives values for different periods.",
    keys: &[
        required("value", "duration, number, yes/no or text", "its value"),
        default(
            "valid_from",
            "date",
            "always",
            "the first day on which it holds",
        ),
        default(
            "valid_to",
            "date",
            "for ever",
            "the last day on which it holds",
        ),
        optional(
            "because",
            "free text",
            "why it has this value, for the record",
        ),
    ],
};

/// A track.
pub static TRACK: Shape = Shape {
    name: "a track",
    stands: "Under `tracks:`, by name. Tracks run side by side.",
    keys: &[
        TITLE,
        required(
            "starts_in",
            "stage of this track",
            "the stage in which it begins",
        ),
        required(
            "stages",
            "stages by name",
            "its stages; no two stages of a process share a name",
        ),
    ],
};

/// A stage.
pub static STAGE: Shape = Shape {
    name: "a stage",
    stands: "Under `stages:` of a track, by name.",
    keys: &[
        TITLE,
        optional("tasks", "tasks by name", "what is to be done in it"),
        optional(
            "deadlines",
            "deadlines by name",
            "promises with a date in them",
        ),
        optional(
            "rules",
            "list of rules",
            "rules attached to this stage only",
        ),
        optional(
            "leave",
            "list of exits",
            "the ways out; the first that holds is taken",
        ),
    ],
};

/// A task.
pub static TASK: Shape = Shape {
    name: "a task",
    stands: "Under `tasks:` of a stage or of the process, by name, and under `task:` of recurring work.",
    keys: &[
        TITLE,
        required("role", "role", "who does it"),
        optional("due", "duration or setting", "how long there is for it"),
        optional(
            "after",
            "task or list of tasks of the stage",
            "it opens when these are done",
        ),
        default(
            "optional",
            "yes/no",
            "no",
            "the stage can be left without it",
        ),
        optional(
            "done_when",
            "condition",
            "it closes by itself when this holds",
        ),
        optional(
            "fills",
            "list of facts",
            "the facts that are filled in with it",
        ),
        default("on_hold", "`stop` or `run`", "`stop`", ON_HOLD),
    ],
};

/// A deadline.
pub static DEADLINE: Shape = Shape {
    name: "a deadline",
    stands: "Under `deadlines:` of a stage, by name. It needs a rung in `nudge` or `escalate`: somebody must hear about it.",
    keys: &[
        TITLE,
        default(
            "from",
            "`entered`, `{ event: … }` or `{ fact: … }`",
            "`entered`",
            "what it runs from: the stage was entered, the first such event in the stage, the day in a fact",
        ),
        required("within", "duration or setting", "how long it is"),
        required("until", "condition", "what it waits for"),
        default(
            "restart",
            "yes/no",
            "no",
            "a later event of `from` starts it anew; a fact that changes always does",
        ),
        default(
            "on_closed",
            "`keep` or `next_working_day`",
            "`keep`",
            "what happens when its last day is closed",
        ),
        default("on_hold", "`stop` or `run`", "`stop`", ON_HOLD),
        optional(
            "nudge",
            "list of rungs",
            "friendly reminders to somebody who can act",
        ),
        optional(
            "escalate",
            "list of rungs",
            "the next person is told, because the nudge did not help",
        ),
    ],
};

/// What a deadline runs from.
pub static ANCHOR: Shape = Shape {
    name: "an anchor",
    stands: "Under `from:` of a deadline. One of the two.",
    keys: &[
        optional("event", "event", "the first occurrence in the stage"),
        optional("fact", "fact of type `date`", "the day that it holds"),
    ],
};

/// A rung of a ladder.
pub static RUNG: Shape = Shape {
    name: "a rung",
    stands: "In the lists `nudge:` and `escalate:` of a deadline. Without `before` and `after` it is reached when the deadline has run out.",
    keys: &[
        required("to", "role", "who is told"),
        NAME,
        optional("before", "duration or setting", "so long before the limit"),
        optional("after", "duration or setting", "so long after the limit"),
        required("say", "text of `texts`", "what is said"),
        optional(
            "raise",
            "task of the process's `tasks`",
            "the task that it opens",
        ),
    ],
};

/// The exits of every stage.
pub static ANY_STAGE: Shape = Shape {
    name: "the exits of every stage",
    stands: "Under `any_stage:`.",
    keys: &[required(
        "leave",
        "list of exits",
        "ways out of every stage, looked at before the stage's own",
    )],
};

/// An exit.
pub static EXIT: Shape = Shape {
    name: "an exit",
    stands: "In the list `leave:` of a stage or of `any_stage:`. It has `to` or `end`.",
    keys: &[
        optional(
            "to",
            "stage of this track",
            "the stage that follows; in `any_stage` only the track that has the stage moves",
        ),
        optional("end", "outcome", "the whole case ends with it"),
        NAME,
        required("when", "condition", "when it is taken"),
    ],
};

/// Recurring work.
pub static RECURRING: Shape = Shape {
    name: "recurring work",
    stands: "Under `recurring:`, by name. It has `every` or `cron`.",
    keys: &[
        optional(
            "every",
            "`\"wednesday 13:00\"`, `\"day 08:00\"`, `\"1st of month 09:00\"`, or a duration or setting",
            "weekdays and time, or a step counted from entering its stages",
        ),
        optional(
            "cron",
            "cron line of five fields",
            "as cron has it: `\"0 6 * * MON\"`",
        ),
        default(
            "while_in",
            "stage or list of stages",
            "as long as the case is open",
            "the stages in which it comes",
        ),
        default(
            "missed",
            "`once`, `all` or `skip`",
            "`once`",
            "what happens to occurrences that nobody could see, because the engine stood still",
        ),
        default(
            "on_closed",
            "`keep`, `skip` or `next_working_day`",
            "`keep`",
            "what happens to one on a closed day or in a closed half",
        ),
        required(
            "task",
            "a task, or the name of one of the process's `tasks`",
            "the task that it opens",
        ),
    ],
};

/// An outcome.
pub static OUTCOME: Shape = Shape {
    name: "an outcome",
    stands: "Under `outcomes:`, by name.",
    keys: &[
        TITLE,
        required(
            "result",
            "`success`, `other` or `left`",
            "what it counts as",
        ),
    ],
};

/// A rule that is attached.
pub static RULE_USE: Shape = Shape {
    name: "an attached rule",
    stands: "In the lists `rules:` of the process or of a stage. Short form: `file.function`.",
    keys: &[
        required(
            "rule",
            "`file.function`",
            "the function of `rules/file.rhai`",
        ),
        optional(
            "reads",
            "list of facts",
            "the confidential facts that it declares to read; what it says is then shown to those who are told, and to those who may see all of them",
        ),
    ],
};
