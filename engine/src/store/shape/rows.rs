//! The rows: which fields of the core's shapes lie in which order. What is here is how databases lie that are in use: a field may be
//! added at the end of its row, and nothing be moved.

use super::{Fields, Frame, Kinds, Shape, Writer};
use crate::store::Result;
use forloeb_core::{
    case::{
        DeadlineState, Due, Ended, Finding, Hold, Known, Occurrence, Origin, Place, Raised,
        RecurringState, Source, TaskState,
    },
    entry::What,
    time::Limit,
};
use serde::{
    Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use std::{fmt, result};

/// What has fields.
macro_rules! rows {
    ($($of:ident { $($field:ident),+ })+) => { $(
        impl Shape for $of {
            fn write(&self, to: &mut Writer) -> Result<()> {
                to.row(None, &[], &[$(&self.$field),+])
            }

            fn read<'de, D: Deserializer<'de>>(from: D, frame: Frame<'_>) -> result::Result<Self, D::Error> {
                struct Row<'n>(Frame<'n>);
                impl<'de> Visitor<'de> for Row<'_> {
                    type Value = $of;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a row of fields")
                    }
                    fn visit_seq<A: SeqAccess<'de>>(self, row: A) -> result::Result<$of, A::Error> {
                        let mut fields = Fields { row, frame: self.0 };
                        Ok($of { $($field: fields.next(stringify!($field))?),+ })
                    }
                }
                from.deserialize_seq(Row(frame))
            }
        }
    )+ };
}

/// What has kinds; a field without a name in the core has one here, `= 0`.
macro_rules! kinds {
    ($of:ident { $($word:literal $kind:ident { $($field:ident $(= $place:tt)?),* })+ }) => {
        impl Kinds for $of {
            fn write_row(&self, head: &[&dyn Shape], to: &mut Writer) -> Result<()> {
                match self {
                    $(Self::$kind { $($($place:)? $field),* } => to.row(Some($word), head, &[$($field),*]),)+
                }
            }

            fn read_fields<'de, A: SeqAccess<'de>>(kind: &str, _fields: &mut Fields<'_, A>) -> result::Result<Self, A::Error> {
                match kind {
                    $($word => {
                        $(let $field = _fields.next(stringify!($field))?;)*
                        Ok(Self::$kind { $($($place:)? $field),* })
                    })+
                    other => Err(A::Error::unknown_variant(other, &[$($word),+])),
                }
            }
        }
    };
}

/// What has kinds and lies as a row by itself.
macro_rules! rows_by_kind {
    ($($of:ident)+) => { $(
        impl Shape for $of {
            fn write(&self, to: &mut Writer) -> Result<()> {
                self.write_row(&[], to)
            }

            fn read<'de, D: Deserializer<'de>>(from: D, frame: Frame<'_>) -> result::Result<Self, D::Error> {
                struct Row<'n>(Frame<'n>);
                impl<'de> Visitor<'de> for Row<'_> {
                    type Value = $of;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a kind and its fields")
                    }
                    fn visit_seq<A: SeqAccess<'de>>(self, row: A) -> result::Result<$of, A::Error> {
                        let mut fields = Fields { row, frame: self.0 };
                        let kind: String = fields.next("kind")?;
                        $of::read_fields(&kind, &mut fields)
                    }
                }
                from.deserialize_seq(Row(frame))
            }
        }
    )+ };
}

rows! {
    Due { limit, unit, on_hold, on_closed }
    Limit { last_day, runs_out }
    Raised { task, source }

    // In the state of a case.
    Ended { outcome, at }
    Known { value, seq, at }
    Occurrence { seq, at, by, with, from }
    Place { stage, seq, since, cause }
    TaskState { name, role, origin, opened, due, overdue, done }
    DeadlineState { track, stage, name, due, from, anchor, reached, overdue, met }
    RecurringState { seq, since, through }
    Finding { source, say, level, to, since, about, values, acknowledged, snoozed_until, by_migration }
    Hold { seq, since, until }
}

kinds! { Origin {
    "stage" Stage { track, stage }
    "recurring" Recurring { recurring = 0 }
    "raised" Raised { source = 0 }
} }

kinds! { Source {
    "deadline" Deadline { track, stage, deadline }
    "rule" Rule { rule = 0 }
    "fault" Fault { rule = 0 }
} }

rows_by_kind! { Origin Source }

// The words are those of `What::kind`.
kinds! { What {
    "started" Started { process, plan }
    "reported" Reported { event, with, happened, from }
    "fact_set" FactSet { fact, value }
    "fact_cleared" FactCleared { fact }
    "linked" Linked { link, to }
    "unlinked" Unlinked { link, to }
    "stage_entered" StageEntered { track, stage, visit }
    "task_opened" TaskOpened { task, role, origin, due }
    "task_done" TaskDone { task }
    "task_ended" TaskEnded { task, why }
    "task_overdue" TaskOverdue { task }
    "task_moved" TaskMoved { task, due }
    "deadline_started" DeadlineStarted { track, stage, deadline, due, from, anchor }
    "deadline_met" DeadlineMet { deadline }
    "deadline_ended" DeadlineEnded { deadline, why }
    "deadline_overdue" DeadlineOverdue { deadline }
    "deadline_moved" DeadlineMoved { deadline, due }
    "rung_reached" RungReached { deadline, rung }
    "finding_opened" FindingOpened { source, say, level, to, about, values, by_migration }
    "finding_changed" FindingChanged { finding, level, to, values, by_migration }
    "finding_closed" FindingClosed { finding }
    "finding_acknowledged" FindingAcknowledged { finding, because }
    "finding_snoozed" FindingSnoozed { finding, until, because }
    "raise_began" RaiseBegan { raised = 0 }
    "raise_ended" RaiseEnded { raised = 0 }
    "recurring_began" RecurringBegan { recurring }
    "recurring_stopped" RecurringStopped { recurring }
    "recurred" Recurred { recurring, occurrence }
    "recurring_missed" RecurringMissed { recurring, occurrence }
    "held" Held { because, until }
    "resumed" Resumed {}
    "rule_failed" RuleFailed { rule, message }
    "circled" Circled { stages }
    "not_told" NotTold { event, to, why }
    "migrated" Migrated { plan, because, renamed }
    "task_carried" TaskCarried { task, role, due, overdue }
    "deadline_carried" DeadlineCarried { deadline, due, overdue, reached }
    "corrected" Corrected { voided, because }
    "left_out" LeftOut { entry, why }
    "ended" Ended { outcome }
} }
