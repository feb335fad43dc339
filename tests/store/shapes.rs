//! How values lie in a database: all that a history or a state can hold comes back as it was, whatever stands in it.

use super::{
    place::{Place, TENANT, furnished, minute},
    story::Story,
};
use forloeb::store::{CaseRow, Change, Store, StoreError, Tx};
use forloeb_core::{
    case::{Due, Origin, Raised, Source},
    entry::{Actor, EndedBecause, Entry, LeftBecause, What},
    fold,
    ground::Ground,
    name::Name,
    plan::{Level, OnHold},
    time::{EndOnClosed, Limit, Unit},
    value::{SealedKey, Value},
    versions::Renamed,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    strategy::ValueTree,
    test_runner::TestRunner,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Texts that JSON, SQL and people find hard, and some that come again so that entries meet.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => prop::sample::select(vec!["a", "b", "wishing", "journey"]).prop_map(str::to_string),
        1 => prop::sample::select(vec!["", "\"", "\\", "æøå\u{1F600}", "\n\u{1}\u{7f}", "'; --", "null", "12"])
            .prop_map(str::to_string),
        1 => "\\PC{0,12}",
    ]
    .boxed()
}

fn name() -> BoxedStrategy<Name> {
    text().prop_map(Name::from).boxed()
}

fn at() -> BoxedStrategy<Timestamp> {
    (-1_000_000_000_000_i64..4_000_000_000_000)
        .prop_map(|us| minute(0) + SignedDuration::from_micros(us))
        .boxed()
}

fn date() -> BoxedStrategy<Date> {
    (1900_i16..2100, 1_i8..=12, 1_i8..=28)
        .prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
        .boxed()
}

fn value() -> BoxedStrategy<Value> {
    let one = prop_oneof![
        text().prop_map(Value::Text),
        ("-?[0-9]{1,9}(\\.[0-9]{1,6})?").prop_map(|text| Value::Number(text.parse().unwrap())),
        any::<bool>().prop_map(Value::YesNo),
        date().prop_map(Value::Date),
        name().prop_map(Value::Case),
        (1_u64..99, name()).prop_map(|(seq, field)| Value::Sealed(SealedKey { seq, field })),
    ];
    one.prop_recursive(1, 4, 3, |one| {
        btree_map(name(), one, 0..3).prop_map(Value::Each)
    })
    .boxed()
}

fn values() -> BoxedStrategy<BTreeMap<Name, Value>> {
    btree_map(name(), value(), 0..3).boxed()
}

fn due() -> BoxedStrategy<Due> {
    use prop::sample::select;
    let units = vec![
        Unit::Minutes,
        Unit::Hours,
        Unit::Days,
        Unit::Weeks,
        Unit::Months,
        Unit::WorkingDays,
    ];
    let closed = vec![EndOnClosed::Keep, EndOnClosed::NextWorkingDay];
    let hold = vec![OnHold::Stop, OnHold::Run];
    (at(), date(), select(units), select(closed), select(hold))
        .prop_map(|(runs_out, last_day, unit, on_closed, on_hold)| Due {
            limit: Limit { runs_out, last_day },
            unit,
            on_closed,
            on_hold,
        })
        .boxed()
}

fn source() -> BoxedStrategy<Source> {
    prop_oneof![
        (name(), name(), name()).prop_map(|(track, stage, deadline)| Source::Deadline {
            track,
            stage,
            deadline
        }),
        name().prop_map(Source::Rule),
        name().prop_map(Source::Fault),
    ]
    .boxed()
}

fn origin() -> BoxedStrategy<Origin> {
    prop_oneof![
        (name(), name()).prop_map(|(track, stage)| Origin::Stage { track, stage }),
        name().prop_map(Origin::Recurring),
        source().prop_map(Origin::Raised),
    ]
    .boxed()
}

fn raised() -> BoxedStrategy<Raised> {
    (source(), name())
        .prop_map(|(source, task)| Raised { source, task })
        .boxed()
}

fn level() -> BoxedStrategy<Level> {
    prop::sample::select(vec![Level::Nudge, Level::Escalation]).boxed()
}

const LEFT: [LeftBecause; 3] = [
    LeftBecause::CaseEnded,
    LeftBecause::NoSuchEvent,
    LeftBecause::NothingThere,
];

fn because() -> BoxedStrategy<EndedBecause> {
    prop::sample::select(vec![
        EndedBecause::StageLeft,
        EndedBecause::CaseEnded,
        EndedBecause::NextOccurrence,
        EndedBecause::Restarted,
        EndedBecause::AnchorCleared,
        EndedBecause::Migrated,
    ])
    .boxed()
}

/// The number of something, among which some are met again.
fn number() -> BoxedStrategy<u64> {
    prop_oneof![9 => 1_u64..30, 1 => Just(1 << 53)].boxed()
}

/// Every kind of entry but the start and the end.
fn what() -> BoxedStrategy<What> {
    let known = prop_oneof![
        (name(), at(), values(), option::of((name(), number()))).prop_map(
            |(event, happened, with, from)| What::Reported {
                event,
                happened,
                with,
                from
            }
        ),
        (name(), value()).prop_map(|(fact, value)| What::FactSet { fact, value }),
        name().prop_map(|fact| What::FactCleared { fact }),
        (name(), name()).prop_map(|(link, to)| What::Linked { link, to }),
        (name(), name()).prop_map(|(link, to)| What::Unlinked { link, to }),
        (name(), name(), 1_u32..9).prop_map(|(track, stage, visit)| What::StageEntered {
            track,
            stage,
            visit
        }),
        (name(), name(), text()).prop_map(|(event, to, why)| What::NotTold { event, to, why }),
        (name(), text()).prop_map(|(rule, message)| What::RuleFailed { rule, message }),
        vec(name(), 0..3).prop_map(|stages| What::Circled { stages }),
        (option::of(at()), text()).prop_map(|(until, because)| What::Held { until, because }),
        Just(What::Resumed),
        (Just("nextwork-1"), text(), vec((name(), name()), 0..3)).prop_map(
            |(plan, because, stages)| {
                What::Migrated {
                    plan: plan.into(),
                    because,
                    renamed: Renamed {
                        stages: stages.into_iter().collect(),
                        ..Renamed::default()
                    },
                }
            }
        ),
        (vec(20_u64..30, 1..3), text())
            .prop_map(|(voided, because)| What::Corrected { voided, because }),
        (number(), prop::sample::select(LEFT.to_vec()))
            .prop_map(|(entry, why)| What::LeftOut { entry, why }),
    ]
    .boxed();
    let tasks = prop_oneof![
        (name(), origin(), name(), option::of(due())).prop_map(|(task, origin, role, due)| {
            What::TaskOpened {
                task,
                origin,
                role,
                due,
            }
        }),
        number().prop_map(|task| What::TaskDone { task }),
        (number(), because()).prop_map(|(task, why)| What::TaskEnded { task, why }),
        number().prop_map(|task| What::TaskOverdue { task }),
        (number(), due()).prop_map(|(task, due)| What::TaskMoved { task, due }),
        (number(), name(), option::of(due()), any::<bool>()).prop_map(
            |(task, role, due, overdue)| What::TaskCarried {
                task,
                role,
                due,
                overdue
            }
        ),
        name().prop_map(|recurring| What::RecurringBegan { recurring }),
        name().prop_map(|recurring| What::RecurringStopped { recurring }),
        (name(), at()).prop_map(|(recurring, occurrence)| What::Recurred {
            recurring,
            occurrence
        }),
        (name(), at()).prop_map(|(recurring, occurrence)| What::RecurringMissed {
            recurring,
            occurrence
        }),
    ]
    .boxed();
    let deadlines = prop_oneof![
        (name(), name(), name(), at(), option::of(number()), due()).prop_map(
            |(track, stage, deadline, from, anchor, due)| What::DeadlineStarted {
                track,
                stage,
                deadline,
                from,
                anchor,
                due
            }
        ),
        number().prop_map(|deadline| What::DeadlineMet { deadline }),
        (number(), because()).prop_map(|(deadline, why)| What::DeadlineEnded { deadline, why }),
        number().prop_map(|deadline| What::DeadlineOverdue { deadline }),
        (number(), due()).prop_map(|(deadline, due)| What::DeadlineMoved { deadline, due }),
        (number(), 0_u32..4).prop_map(|(deadline, rung)| What::RungReached { deadline, rung }),
        (number(), due(), any::<bool>(), vec(0_u32..4, 0..3)).prop_map(
            |(deadline, due, overdue, reached)| What::DeadlineCarried {
                deadline,
                due,
                overdue,
                reached
            }
        ),
    ]
    .boxed();
    let opened = (
        source(),
        name(),
        option::of(text()),
        level(),
        vec(name(), 0..3),
        values(),
    );
    let findings = prop_oneof![
        opened.prop_map(
            |(source, say, about, level, to, values)| What::FindingOpened {
                source,
                say,
                about,
                level,
                to,
                values,
                by_migration: false
            }
        ),
        (
            number(),
            level(),
            vec(name(), 0..3),
            values(),
            any::<bool>()
        )
            .prop_map(
                |(finding, level, to, values, by_migration)| What::FindingChanged {
                    finding,
                    level,
                    to,
                    values,
                    by_migration
                }
            ),
        number().prop_map(|finding| What::FindingClosed { finding }),
        (number(), text())
            .prop_map(|(finding, because)| What::FindingAcknowledged { finding, because }),
        (number(), at(), text()).prop_map(|(finding, until, because)| What::FindingSnoozed {
            finding,
            until,
            because
        }),
        raised().prop_map(What::RaiseBegan),
        raised().prop_map(What::RaiseEnded),
    ]
    .boxed();
    prop_oneof![4 => known, 3 => tasks, 2 => deadlines, 3 => findings].boxed()
}

fn actor() -> BoxedStrategy<Option<Actor>> {
    option::of((name(), option::of(name())).prop_map(|(role, person)| Actor { role, person }))
        .boxed()
}

fn ground() -> BoxedStrategy<Option<Ground>> {
    let file = prop::sample::select(vec![
        "processes/nextwork.yaml",
        "processes/nextwork.yaml",
        "rules/b.rhai",
        "æ \"b\".yaml",
    ]);
    option::weighted(
        0.8,
        (file, 1_u32..999, 1_u32..99).prop_map(|(file, line, column)| Ground {
            file: file.into(),
            line,
            column,
        }),
    )
    .boxed()
}

/// What an entry is beside its number: how far its cause lies back, if it has one, and how much later it and its recording were.
type Line = (
    What,
    Option<u64>,
    Option<Ground>,
    (Option<Actor>, Option<Actor>),
    (i64, i64),
);

fn line() -> BoxedStrategy<Line> {
    let later = prop_oneof![5 => Just(0_i64), 1 => 1_i64..9_999_999_999];
    (
        what(),
        option::weighted(0.9, 0_u64..5),
        ground(),
        (actor(), actor()),
        (later.clone(), later),
    )
        .boxed()
}

/// A case of this history, with a key on some of its inputs.
fn told(id: &str, lines: Vec<Line>, ends: bool) -> (Vec<Entry>, BTreeMap<u64, String>) {
    let mut entries = Story::new(id).entries;
    let mut keys = BTreeMap::new();
    let (mut at, mut late) = (entries[0].at, SignedDuration::ZERO);
    for (what, back, ground, (by, on_behalf_of), (later, recorded)) in lines {
        let seq = u64::try_from(entries.len()).unwrap() + 1;
        at += SignedDuration::from_micros(later);
        if later > 0 {
            late = SignedDuration::from_micros(recorded);
        }
        let cause = back.map(|back| seq - 1 - back.min(seq - 2));
        if seq % 3 == 0 {
            keys.insert(seq, format!("key \"{seq}\""));
        }
        entries.push(Entry {
            seq,
            at,
            recorded: at + late,
            cause,
            ground,
            by,
            on_behalf_of,
            again: seq.is_multiple_of(7).then_some(seq - 1),
            what,
        });
    }
    if ends {
        let last = entries[entries.len() - 1].clone();
        entries.push(Entry {
            seq: last.seq + 1,
            cause: Some(last.seq),
            what: super::story::ended(),
            ..last
        });
    }
    (entries, keys)
}

/// Cases that other cases may link to must be there.
fn without_links(entries: &mut Vec<Entry>) {
    for entry in entries {
        if let What::Linked { to, .. } | What::Unlinked { to, .. } = &mut entry.what {
            *to = "linked".into();
        }
    }
}

pub(crate) async fn every_history_comes_back<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    super::story::written(&store, &mut [Story::new("linked")]).await;
    let mut runner = TestRunner::deterministic();
    let strategy = (vec(line(), 1..40), any::<bool>());
    let mut stories = BTreeMap::new();
    for number in 0..200 {
        let (lines, ends) = strategy.new_tree(&mut runner).unwrap().current();
        let id = format!("p-{number:03}");
        let (mut entries, keys) = told(&id, lines, ends);
        without_links(&mut entries);
        stories.insert(Name::from(id), (entries, keys));
    }
    let kinds: BTreeSet<_> = stories
        .values()
        .flat_map(|(entries, _)| entries.iter().map(|entry| entry.what.kind()))
        .collect();
    assert_eq!(kinds.len(), 40, "{kinds:?}");

    // In two batches: a record never goes on in the next one.
    for half in [0, 1] {
        let changes: Vec<Change> = stories
            .iter()
            .map(|(id, (entries, keys))| {
                let (before, new) = entries.split_at(entries.len() / 2);
                let (before, new) = if half == 0 {
                    (&[][..], before)
                } else {
                    (before, new)
                };
                let after = fold::fold(id, before.iter().chain(new));
                Change {
                    before: fold::fold(id, before).map(Arc::new),
                    after: CaseRow {
                        case: Arc::new(after.unwrap()),
                        wake_at: None,
                    },
                    entries: new.to_vec(),
                    keys: keys
                        .iter()
                        .filter(|(seq, _)| new.iter().any(|entry| entry.seq == **seq))
                        .map(|(seq, key)| (*seq, key.clone()))
                        .collect(),
                    sealed: Vec::new(),
                }
            })
            .collect();
        let mut tx = store.begin().await.unwrap();
        tx.write(TENANT, &changes).await.unwrap();
        tx.commit().await.unwrap();
    }

    let mut tx = store.begin().await.unwrap();
    for (id, (entries, keys)) in &stories {
        assert_eq!(store.history(TENANT, id, 0, 999).await.unwrap(), *entries);
        let page = store.history(TENANT, id, 1, 3).await.unwrap();
        assert_eq!(page, entries[1..entries.len().min(4)]);
        let rows = store.load(TENANT, std::slice::from_ref(id)).await.unwrap();
        assert_eq!(*rows[0].case, fold::fold(id, entries).unwrap());
        let asked: Vec<_> = keys.values().map(|key| (id.clone(), key.clone())).collect();
        let recorded = tx.recorded(TENANT, &asked).await.unwrap();
        let found: BTreeMap<_, _> = recorded.into_iter().map(|r| (r.entry.seq, r.key)).collect();
        assert_eq!(found, *keys);
    }
    tx.rollback().await.unwrap();
    assert!(store.integrity().await.unwrap().is_empty());
    let audited = store.audit(TENANT, None, 999).await.unwrap();
    assert_eq!(audited.len(), 201);
    for case in audited {
        assert!(case.disagreements.is_empty(), "{:?}", case.disagreements);
    }
}

pub(crate) async fn a_cause_comes_first<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    for cause in [0, 2, 3] {
        let mut story = Story::new("p-1").then(What::Resumed);
        let mut change = story.change();
        change.entries[1].cause = Some(cause);
        let mut tx = store.begin().await.unwrap();
        let refused = tx.write(TENANT, &[change]).await;
        assert!(
            matches!(refused, Err(StoreError::Constraint(_))),
            "{cause} was taken"
        );
    }
}

pub(crate) async fn an_entry_brings_a_sealed_value<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut story = Story::new("p-1");
    let mut change = story.change();
    let key = SealedKey {
        seq: 2,
        field: "hours".into(),
    };
    change.sealed.push((key, Value::YesNo(true)));
    let mut tx = store.begin().await.unwrap();
    let refused = tx.write(TENANT, &[change]).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}

/// What is not as we write it is told with its case, and never taken for something else.
pub(crate) async fn what_cannot_be_read_says_so<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [super::writing::full("p-1")];
    super::story::written(&store, &mut stories).await;
    let state = "{\"started\":1772438400000000";
    for wrong in [
        String::new(),
        "{}".to_string(),
        "[]".to_string(),
        format!("{state},\"moon\":1}}"),
        format!("{state},\"tracks\":{{\"journey\":[\"wishing\"]}}}}"),
        format!("{state},\"tracks\":{{\"journey\":[\"wishing\",1,0,null,7]}}}}"),
        format!("{state}}} "),
        format!("{state}}},"),
    ] {
        let set = format!("UPDATE cases SET state = '{wrong}'");
        place.sql(&set).await.unwrap();
        let read = store.load(TENANT, &["p-1".into()]).await;
        if wrong.ends_with("} ") {
            assert!(read.is_ok(), "{wrong}: {read:?}");
            continue;
        }
        assert!(
            matches!(&read, Err(StoreError::Unreadable { what, .. }) if what == "the state of case `p-1`"),
            "{wrong}: {read:?}"
        );
    }
    place
        .sql("DROP TRIGGER history_never_changes")
        .await
        .unwrap();
    for wrong in [
        "[]",
        "{}",
        "[[\"started\",0,null,\"nextwork\",\"nextwork-1\"],[\"resumed\"]]",
        "[[\"begun\",0,null,\"nextwork\",\"nextwork-1\"]]",
        "[[\"started\",1,null,\"nextwork\"]]",
        "[[\"started\",7,null,\"nextwork\",\"nextwork-1\"]]",
        "[[\"started\",0,[1],\"nextwork\",\"nextwork-1\"]]",
        "[1,[\"started\",0,null,\"nextwork\",\"nextwork-1\"]]",
        "[[\"started\",0,null,\"nextwork\",\"nextwork-1\",1]]",
    ] {
        let set = format!("UPDATE history SET body = '{wrong}' WHERE first = 1");
        place.sql(&set).await.unwrap();
        let read = store.history(TENANT, "p-1", 0, 9).await;
        assert!(
            matches!(&read, Err(StoreError::Unreadable { what, .. }) if what == "entries 1 to 1 of case `p-1`"),
            "{wrong}: {read:?}"
        );
    }
}
