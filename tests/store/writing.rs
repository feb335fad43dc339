//! Writing: all of a batch or nothing, each case as it was loaded, history only ever longer.

use super::{
    place::{Place, TENANT, furnished, minute},
    story::{Story, deadline, ended, entered, entry, finding, linked, task, write, written},
};
use forloeb::store::{Store, StoreError, Tx};
use forloeb_core::{entry::What, fold, plan::Level, value::Value};
use jiff::ToSpan;

/// A story with something of everything.
pub(crate) fn full(id: &str) -> Story {
    Story::new(id)
        .then(entered("wishing"))
        .then(task("participant", Some(30)))
        .then(deadline("placement_start", 40))
        .then(finding(Level::Nudge, &["consultant", "participant"]))
        .then(What::FactSet {
            fact: "hours".into(),
            value: Value::Number("15.50".parse().unwrap()),
        })
        .sealing("hours", "confided")
        .waking(minute(30))
}

pub(crate) async fn a_case_comes_back_as_it_was_written<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [full("p-2"), full("p-1")];
    written(&store, &mut stories).await;

    let ids = ["p-2".into(), "p-1".into(), "nobody".into(), "p-2".into()];
    let rows = store.load(TENANT, &ids).await.unwrap();
    assert_eq!(rows, [stories[1].row(), stories[0].row()]);
    let history = store.history(TENANT, "p-1", 0, 100).await.unwrap();
    assert_eq!(history, stories[1].entries);
    assert_eq!(fold::fold(&"p-1".into(), &history).unwrap(), *rows[0].case);
    assert!(store.load(TENANT, &[]).await.unwrap().is_empty());
}

pub(crate) async fn a_case_that_changed_meanwhile_is_a_conflict<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [Story::new("p-1"), Story::new("p-2")];
    written(&store, &mut stories).await;
    let mut late = stories.clone();

    stories[1].add(entered("wishing"));
    written(&store, &mut stories).await;
    late[0].add(entered("wishing"));
    late[1].add(entered("placement"));
    let refused = write(&store, TENANT, &mut late).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { case } if *case == *"p-2"));

    let ids = ["p-1".into(), "p-2".into()];
    let rows = store.load(TENANT, &ids).await.unwrap();
    assert_eq!(rows, [stories[0].row(), stories[1].row()]);
}

pub(crate) async fn a_case_cannot_start_twice<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    written(&store, &mut [Story::new("p-1")]).await;
    let refused = write(&store, TENANT, &mut [Story::new("p-1")])
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { case } if *case == *"p-1"));
    // Nor can one change that never started.
    let mut unknown = Story::new("p-2");
    unknown.change();
    unknown.add(entered("wishing"));
    let refused = write(&store, TENANT, &mut [unknown]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { case } if *case == *"p-2"));
}

pub(crate) async fn a_case_stands_once_in_a_batch<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let twice = write(&store, TENANT, &mut [Story::new("p-1"), Story::new("p-1")]).await;
    assert!(matches!(twice, Err(StoreError::Constraint(_))));
    let mut stories = [Story::new("p-1")];
    written(&store, &mut stories).await;
    let mut twice = [stories[0].clone(), stories[0].clone()];
    let twice = write(&store, TENANT, &mut twice).await;
    assert!(matches!(twice, Err(StoreError::Constraint(_))));
}

pub(crate) async fn state_and_history_go_together<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let mut story = Story::new("p-1");
    let mut change = story.change();
    change.entries.clear();
    let mut tx = store.begin().await.unwrap();
    let refused = tx.write(TENANT, &[change]).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
    drop(tx);

    written(&store, &mut [Story::new("p-1")]).await;
    place
        .sql("UPDATE cases SET seq = 2")
        .await
        .expect_err("a state beyond its history was taken");
    place
        .sql("UPDATE cases SET wake_us = 1, status = 'ended', outcome = 'job'")
        .await
        .expect_err("an ended case that wakes was taken");
    place
        .sql("UPDATE cases SET outcome = 'job'")
        .await
        .expect_err("an open case with an outcome was taken");
}

pub(crate) async fn history_is_contiguous<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    for numbers in [&[1, 3][..], &[2], &[1, 2, 2]] {
        let mut change = Story::new("p-1").change();
        let entries = numbers.iter().map(|seq| entry(*seq, 1, entered("wishing")));
        change.entries = entries.collect();
        let mut case = (*change.after.case).clone();
        case.seq = numbers[numbers.len() - 1];
        change.after.case = case.into();
        let mut tx = store.begin().await.unwrap();
        let refused = tx.write(TENANT, &[change]).await;
        assert!(
            matches!(refused, Err(StoreError::Constraint(_))),
            "{numbers:?} was taken"
        );
        drop(tx);
    }
}

pub(crate) async fn nothing_of_history_changes<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    written(&store, &mut [full("p-1")]).await;
    for statement in [
        "UPDATE history SET body = '{}'",
        "UPDATE history SET recorded_us = recorded_us + 1 WHERE seq = 1",
        "DELETE FROM history",
        "INSERT INTO history SELECT * FROM history WHERE seq = 6",
        "UPDATE plans SET sources = '{}'",
        "DELETE FROM plans",
        "DELETE FROM cases",
    ] {
        place.sql(statement).await.expect_err(statement);
    }
    assert_eq!(
        store.history(TENANT, "p-1", 0, 100).await.unwrap(),
        full("p-1").entries
    );
}

pub(crate) async fn a_key_is_used_once_in_a_case<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let keyed = |id| {
        Story::new(id)
            .then(entered("wishing"))
            .keyed("mail-7 \"æ\"")
    };
    let mut stories = [
        keyed("p-1"),
        keyed("p-2").then(entered("placement")).keyed("b"),
    ];
    written(&store, &mut stories).await;

    let mut tx = store.begin().await.unwrap();
    let asked = [
        ("p-2".into(), "b".to_string()),
        ("p-1".into(), "mail-7 \"æ\"".to_string()),
        ("p-1".into(), "b".to_string()),
        ("p-3".into(), "b".to_string()),
    ];
    let recorded = tx.recorded(TENANT, &asked).await.unwrap();
    let found: Vec<_> = recorded
        .iter()
        .map(|r| (r.case.as_str(), r.key.as_str(), r.entry.seq))
        .collect();
    assert_eq!(found, [("p-1", "mail-7 \"æ\"", 2), ("p-2", "b", 3)]);
    tx.rollback().await.unwrap();

    let again = stories[0].clone().then(entered("placement"));
    let again = write(&store, TENANT, &mut [again.keyed("mail-7 \"æ\"")]).await;
    assert!(matches!(again, Err(StoreError::Constraint(_))));
}

pub(crate) async fn an_instant_finer_than_a_microsecond_is_refused<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let fine = minute(1) + 1.nanosecond();
    let refused = write(&store, TENANT, &mut [Story::new("p-1").waking(fine)]).await;
    assert!(matches!(refused, Err(StoreError::TooFine(at)) if at == fine));
}

pub(crate) async fn a_plan_must_be_stored_before_a_case_is_pinned_to_it<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let refused = write(&store, TENANT, &mut [Story::of("network", "n-1")]).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
    let mut tx = store.begin().await.unwrap();
    let refused = tx
        .activate(TENANT, "nextwork", "company-1", minute(0))
        .await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}

pub(crate) async fn a_link_leads_to_a_case<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let lonely = Story::new("p-1").then(linked("placement", "c-1"));
    let refused = write(&store, TENANT, &mut [lonely.clone()]).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
    // Both may be new at once, in whatever order.
    written(&store, &mut [lonely, Story::of("company", "c-1")]).await;
}

pub(crate) async fn a_rollback_leaves_nothing<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut tx = store.begin().await.unwrap();
    tx.write(TENANT, &[full("p-1").change()]).await.unwrap();
    tx.set_clock(minute(9)).await.unwrap();
    assert_eq!(tx.load(TENANT, &["p-1".into()]).await.unwrap().len(), 1);
    tx.rollback().await.unwrap();
    assert_nothing(&store).await;
}

pub(crate) async fn a_dropped_transaction_leaves_nothing<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut tx = store.begin().await.unwrap();
    tx.write(TENANT, &[full("p-1").change()]).await.unwrap();
    drop(tx);
    assert_nothing(&store).await;
    // The writer is free again.
    written(&store, &mut [full("p-1")]).await;
}

async fn assert_nothing<S: Store>(store: &S) {
    let counts = store.counts(TENANT).await.unwrap();
    assert_eq!((counts.open, counts.entries, counts.tasks), (0, 0, 0));
    assert_eq!(counts.findings, 0);
    assert!(
        store
            .load(TENANT, &["p-1".into()])
            .await
            .unwrap()
            .is_empty()
    );
    let clock = forloeb::store::Clock::Virtual(minute(0));
    assert_eq!(store.clock().await.unwrap(), clock);
}

pub(crate) async fn a_thousand_cases_in_one_batch<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories: Vec<Story> = (0..1_000).map(|n| full(&format!("p-{n:04}"))).collect();
    written(&store, &mut stories).await;
    for story in &mut stories {
        let open = *story.case.tasks.keys().next().unwrap();
        story.add(What::TaskDone { task: open });
        story.add(ended());
        story.wake_at = None;
    }
    written(&store, &mut stories).await;
    let ids: Vec<_> = stories.iter().map(|story| story.case.id.clone()).collect();
    let rows = store.load(TENANT, &ids).await.unwrap();
    let expected: Vec<_> = stories.iter().map(Story::row).collect();
    assert!(rows == expected);
    let counts = store.counts(TENANT).await.unwrap();
    assert_eq!(
        (counts.ended, counts.entries, counts.tasks),
        (1_000, 8_000, 0)
    );
}

pub(crate) async fn a_batch_of_nothing<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    written(&store, &mut []).await;
    // A step that only moves the wake has no entries.
    let mut stories = [full("p-1")];
    written(&store, &mut stories).await;
    stories[0].wake_at = Some(minute(7));
    written(&store, &mut stories).await;
    let rows = store.load(TENANT, &["p-1".into()]).await.unwrap();
    assert_eq!(rows, [stories[0].row()]);
}
