//! Several tasks and several handles at once: nothing is lost, nothing is seen too early, and changes are noticed.

use super::{
    place::{Place, TENANT, furnished, minute},
    story::{Story, entry, written},
    writing::full,
};
use forloeb::store::{Change, Clock, Store, Tx};
use forloeb_core::{entry::What, fold, value::Value};
use std::{collections::BTreeMap, sync::Arc};

/// Adds one entry to a case, as the engine does: load, step, write, commit.
async fn add_one<S: Store>(store: &S, by: usize) {
    let mut tx = store.begin().await.unwrap();
    let row = tx.load(TENANT, &["p-1".into()]).await.unwrap().remove(0);
    // Others get their chance between reading and writing.
    tokio::task::yield_now().await;
    let what = What::FactSet {
        fact: format!("by_{by}").into(),
        value: Value::YesNo(true),
    };
    let entry = entry(row.case.seq + 1, 1, what);
    let mut after = row.clone();
    fold::apply(Arc::make_mut(&mut after.case), &entry);
    let change = Change {
        before: Some(row.case),
        after,
        entries: vec![entry],
        keys: BTreeMap::new(),
        sealed: Vec::new(),
    };
    tx.write(TENANT, &[change]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn race<S: Store>(handles: [S; 2], each: usize) {
    written(&handles[0], &mut [Story::new("p-1")]).await;
    let mut writers = tokio::task::JoinSet::new();
    for by in 0..8 {
        let store = handles[by % 2].clone();
        writers.spawn(async move {
            for _ in 0..each {
                add_one(&store, by).await;
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let audited = handles[1].audit(TENANT, None, 1).await.unwrap().remove(0);
    assert_eq!(audited.row.case.seq, 1 + 8 * u64::try_from(each).unwrap());
    assert_eq!(audited.row.case.facts.len(), 8);
    let folded = fold::fold(&"p-1".into(), &audited.entries).unwrap();
    assert_eq!(folded, *audited.row.case);
}

pub(crate) async fn writers_lose_nothing<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    race([store.clone(), store], 10).await;
}

pub(crate) async fn two_handles_lose_nothing<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    race([store, place.open().await], 10).await;
}

pub(crate) async fn readers_see_only_what_is_committed<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let other = place.open().await;
    let mut tx = store.begin().await.unwrap();
    tx.write(TENANT, &[full("p-1").change()]).await.unwrap();
    // Neither handle waits for the writer.
    for reader in [&store, &other] {
        assert_eq!(reader.counts(TENANT).await.unwrap().open, 0);
        assert!(
            reader
                .history(TENANT, "p-1", 0, 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
    tx.commit().await.unwrap();
    for reader in [&store, &other] {
        assert_eq!(reader.counts(TENANT).await.unwrap().open, 1);
    }
}

pub(crate) async fn changes_are_noticed<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let other = place.open().await;
    let before = store.changes().await.unwrap();
    assert_eq!(store.changes().await.unwrap(), before);
    let mut tx = other.begin().await.unwrap();
    tx.set_clock(minute(1)).await.unwrap();
    assert_eq!(store.changes().await.unwrap(), before);
    tx.commit().await.unwrap();
    assert_ne!(store.changes().await.unwrap(), before);
    assert_eq!(store.clock().await.unwrap(), Clock::Virtual(minute(1)));
}
