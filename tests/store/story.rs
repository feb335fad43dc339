//! Cases for the suite, told entry by entry through the core's own fold.

use super::place::{TENANT, minute};
use forloeb::store::{CaseRow, Change, Store, StoreError, Tx};
use forloeb_core::{
    case::{Case, Due, Origin, Source},
    entry::{Entry, What},
    fold,
    plan::{Level, OnHold},
    time::{EndOnClosed, Limit, Unit},
    value::{SealedKey, Value},
};
use jiff::{Timestamp, civil::date};
use std::{collections::BTreeMap, sync::Arc};

/// A case and what of it has not been written yet.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub case: Case,
    pub entries: Vec<Entry>,
    pub wake_at: Option<Timestamp>,
    before: Option<Arc<Case>>,
    new: Vec<Entry>,
    keys: BTreeMap<u64, String>,
    sealed: Vec<(SealedKey, Value)>,
}

impl Story {
    /// A case that has just started, of the process whose plan is `<process>-1`.
    pub(crate) fn of(process: &str, id: &str) -> Self {
        let what = What::Started {
            process: process.into(),
            plan: format!("{process}-1").as_str().into(),
        };
        let start = entry(1, 0, what);
        Self {
            case: fold::born(&id.into(), &start).unwrap(),
            entries: vec![start.clone()],
            wake_at: None,
            before: None,
            new: vec![start],
            keys: BTreeMap::new(),
            sealed: Vec::new(),
        }
    }

    pub(crate) fn new(id: &str) -> Self {
        Self::of("nextwork", id)
    }

    /// Something happens in the minute of the entry's number.
    pub(crate) fn then(mut self, what: What) -> Self {
        self.add(what);
        self
    }

    pub(crate) fn add(&mut self, what: What) -> u64 {
        let seq = self.case.seq + 1;
        let entry = entry(seq, i64::try_from(seq).unwrap(), what);
        fold::apply(&mut self.case, &entry);
        self.entries.push(entry.clone());
        self.new.push(entry);
        seq
    }

    /// The last entry recorded an input with this key.
    pub(crate) fn keyed(mut self, key: &str) -> Self {
        self.keys.insert(self.case.seq, key.to_string());
        self
    }

    /// The last entry brought a sealed value.
    pub(crate) fn sealing(mut self, field: &str, value: &str) -> Self {
        let key = SealedKey {
            seq: self.case.seq,
            field: field.into(),
        };
        self.sealed.push((key, Value::Text(value.to_string())));
        self
    }

    pub(crate) fn waking(mut self, at: Timestamp) -> Self {
        self.wake_at = Some(at);
        self
    }

    pub(crate) fn row(&self) -> CaseRow {
        CaseRow {
            case: Arc::new(self.case.clone()),
            wake_at: self.wake_at,
        }
    }

    /// What has not been written yet; afterwards it counts as written.
    pub(crate) fn change(&mut self) -> Change {
        let after = self.row();
        let before = self.before.replace(after.case.clone());
        Change {
            before,
            after,
            entries: std::mem::take(&mut self.new),
            keys: std::mem::take(&mut self.keys),
            sealed: std::mem::take(&mut self.sealed),
        }
    }
}

pub(crate) fn entry(seq: u64, at: i64, what: What) -> Entry {
    Entry {
        seq,
        at: minute(at),
        recorded: minute(at + 1),
        cause: (seq > 1).then_some(seq - 1),
        ground: None,
        by: None,
        on_behalf_of: None,
        again: None,
        what,
    }
}

/// Writes what is new in these stories, in one transaction.
pub(crate) async fn write<S: Store>(
    store: &S,
    tenant: &str,
    stories: &mut [Story],
) -> Result<(), StoreError> {
    let changes: Vec<Change> = stories.iter_mut().map(Story::change).collect();
    let mut tx = store.begin().await?;
    tx.write(tenant, &changes).await?;
    tx.commit().await
}

/// The same under the usual tenant, where nothing may go wrong.
pub(crate) async fn written<S: Store>(store: &S, stories: &mut [Story]) {
    write(store, TENANT, stories).await.unwrap();
}

pub(crate) fn entered(stage: &str) -> What {
    What::StageEntered {
        track: "journey".into(),
        stage: stage.into(),
        visit: 1,
    }
}

pub(crate) fn due(at: i64) -> Due {
    Due {
        limit: Limit {
            runs_out: minute(at),
            last_day: date(2026, 3, 1),
        },
        unit: Unit::Days,
        on_closed: EndOnClosed::Keep,
        on_hold: OnHold::Stop,
    }
}

pub(crate) fn task(role: &str, at: Option<i64>) -> What {
    What::TaskOpened {
        task: format!("{role}_does").into(),
        origin: Origin::Recurring("weekly".into()),
        role: role.into(),
        due: at.map(due),
    }
}

pub(crate) fn deadline(name: &str, at: i64) -> What {
    What::DeadlineStarted {
        track: "journey".into(),
        stage: "wishing".into(),
        deadline: name.into(),
        from: minute(0),
        anchor: None,
        due: due(at),
    }
}

pub(crate) fn finding(level: Level, to: &[&str]) -> What {
    What::FindingOpened {
        source: Source::Rule("power_shift.own_wish".into()),
        say: "confirm_wish".into(),
        about: None,
        level,
        to: to.iter().map(|role| (*role).into()).collect(),
        values: BTreeMap::from([("why".into(), Value::Text("\"æ\"\n\\".to_string()))]),
        by_migration: false,
    }
}

pub(crate) fn linked(link: &str, to: &str) -> What {
    What::Linked {
        link: link.into(),
        to: to.into(),
    }
}

pub(crate) fn ended() -> What {
    What::Ended {
        outcome: "job".into(),
    }
}
