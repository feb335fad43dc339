//! What lies beside the cases: sealed values, people, plans, the clock, the log of reads, and what an audit compares.

use super::{
    place::{Place, TENANT, furnished, minute, plan_sources},
    story::{Story, entered, linked, written},
    writing::full,
};
use forloeb::store::{
    CaseFilter, Clock, DeadlineFilter, FindingFilter, PlanSources, ReadLog, SealedAt, Store,
    StoreError, TaskFilter, Tx,
};
use forloeb_core::{
    entry::Actor,
    fold,
    name::Name,
    value::{SealedKey, Value},
};
use std::collections::BTreeSet;

fn at(case: &str, seq: u64, field: &str) -> SealedAt {
    SealedAt {
        case: case.into(),
        key: SealedKey {
            seq,
            field: field.into(),
        },
    }
}

pub(crate) async fn sealed_values_lie_apart<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let secret = Story::new("p-1").sealing("name", "Ida \"Æ\"");
    written(&store, &mut [secret.then(entered("wishing")), full("p-2")]).await;

    let asked = [
        at("p-1", 1, "name"),
        at("p-1", 2, "name"),
        at("p-1", 1, "notes"),
        at("p-2", 6, "hours"),
    ];
    let found = store.sealed(TENANT, &asked).await.unwrap();
    let text = |text: &str| Value::Text(text.to_string());
    assert_eq!(found.len(), 2);
    assert_eq!(found[&asked[0]], text("Ida \"Æ\""));
    assert_eq!(found[&asked[3]], text("confided"));
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.sealed(TENANT, &asked).await.unwrap(), found);
    tx.rollback().await.unwrap();

    // Erased, it is gone, and the history stands.
    place
        .sql("UPDATE sealed SET value = NULL WHERE case_id = 'p-1'")
        .await
        .unwrap();
    let found = store.sealed(TENANT, &asked).await.unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), [&asked[3]]);
    assert_eq!(store.history(TENANT, "p-1", 0, 9).await.unwrap().len(), 2);
}

pub(crate) async fn people_have_one_number_each<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let mut tx = store.begin().await.unwrap();
    let (bo, new) = tx.person(TENANT, "Bo").await.unwrap();
    assert!(new);
    let (aase, _) = tx.person(TENANT, "Åse").await.unwrap();
    assert_eq!(tx.person(TENANT, "Bo").await.unwrap(), (bo.clone(), false));
    // Whoever asked for something that was refused leaves no trace.
    let (refused, new) = tx.person(TENANT, "Cleo").await.unwrap();
    assert!(new);
    tx.forget_people(TENANT, std::slice::from_ref(&refused))
        .await
        .unwrap();
    let (dan, new) = tx.person(TENANT, "Dan").await.unwrap();
    assert!(new);
    tx.commit().await.unwrap();
    let all = BTreeSet::from([&bo, &aase, &dan]);
    assert_eq!(all.len(), 3);

    let asked: Vec<Name> = all.into_iter().cloned().chain(["77".into()]).collect();
    let known = store.names(TENANT, &asked).await.unwrap();
    assert_eq!(known[&aase], "Åse");
    assert_eq!(known[&dan], "Dan");
    assert_eq!(known.len(), 3);

    place
        .sql("UPDATE people SET name = NULL WHERE name = 'Bo'")
        .await
        .unwrap();
    assert_eq!(store.names(TENANT, &asked).await.unwrap().len(), 2);
    // Who comes back after being erased is somebody new.
    let mut tx = store.begin().await.unwrap();
    let (back, new) = tx.person(TENANT, "Bo").await.unwrap();
    assert!(new);
    assert_ne!(back, bo);
}

pub(crate) async fn plans_stay_as_they_were_first_stored<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let plan = plan_sources("nextwork-1", "nextwork");
    let commented = PlanSources {
        sources: [("processes/nextwork.yaml".into(), "# else".to_string())].into(),
        ..plan.clone()
    };
    let mut tx = store.begin().await.unwrap();
    tx.put_plan(TENANT, &commented).await.unwrap();
    let newer = plan_sources("nextwork-2", "nextwork");
    tx.put_plan(TENANT, &newer).await.unwrap();
    assert_eq!(tx.active(TENANT).await.unwrap()["nextwork"], *"nextwork-1");
    tx.activate(TENANT, "nextwork", "nextwork-2", minute(3))
        .await
        .unwrap();
    assert_eq!(tx.plan(TENANT, "nextwork-2").await.unwrap(), Some(newer));
    tx.commit().await.unwrap();

    let stored = store.plan(TENANT, "nextwork-1").await.unwrap();
    assert_eq!(stored, Some(plan));
    assert_eq!(store.plan(TENANT, "nothing").await.unwrap(), None);
    let all = store.plans(TENANT).await.unwrap();
    let all: Vec<_> = all.iter().map(|(id, of)| (&**id, &**of)).collect();
    assert_eq!(
        all,
        [
            ("company-1", "company"),
            ("nextwork-1", "nextwork"),
            ("nextwork-2", "nextwork")
        ]
    );
    assert_eq!(store.plans("another").await.unwrap(), []);
    let active = store.active(TENANT).await.unwrap();
    let active: Vec<_> = active.iter().map(|(k, v)| (&**k, &**v)).collect();
    assert_eq!(
        active,
        [("company", "company-1"), ("nextwork", "nextwork-2")]
    );
    assert_eq!(store.tenants().await.unwrap(), [Name::from(TENANT)]);
}

pub(crate) async fn a_virtual_clock_goes_on_and_never_back<P: Place>() {
    let place = P::make(Clock::Virtual(minute(5))).await;
    let store = place.open().await;
    let mut tx = store.begin().await.unwrap();
    tx.set_clock(minute(6)).await.unwrap();
    tx.set_clock(minute(6)).await.unwrap();
    assert_eq!(tx.as_of().await.unwrap().clock, Clock::Virtual(minute(6)));
    let refused = tx.set_clock(minute(5)).await;
    let stands = |now, asked| now == minute(6) && asked == minute(5);
    assert!(matches!(refused, Err(StoreError::ClockGoesBack { now, asked }) if stands(now, asked)));
    tx.commit().await.unwrap();
    assert_eq!(store.clock().await.unwrap(), Clock::Virtual(minute(6)));
    for statement in [
        "UPDATE database_clock SET now_us = now_us - 1",
        "UPDATE database_clock SET now_us = NULL",
        "DELETE FROM database_clock",
    ] {
        place.sql(statement).await.expect_err(statement);
    }
}

pub(crate) async fn a_real_clock_is_not_set<P: Place>() {
    let place = P::make(Clock::Real).await;
    let store = place.open().await;
    assert_eq!(store.clock().await.unwrap(), Clock::Real);
    let mut tx = store.begin().await.unwrap();
    let refused = tx.set_clock(minute(5)).await;
    assert!(matches!(refused, Err(StoreError::RealClock)));
    drop(tx);
    place
        .sql("UPDATE database_clock SET now_us = 1")
        .await
        .expect_err("a real clock was set");
}

pub(crate) async fn reads_of_personal_data_are_logged<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let mut tx = store.begin().await.unwrap();
    let (bo, _) = tx.person(TENANT, "Bo").await.unwrap();
    tx.commit().await.unwrap();
    let read = |at, person, cases: &[&str]| ReadLog {
        at: minute(at),
        by: Actor {
            role: "consultant".into(),
            person,
        },
        why: "preparing a talk".to_string(),
        cases: cases.iter().map(|id| (*id).into()).collect(),
    };
    let first = read(1, Some(bo.clone()), &["p-1", "p-2"]);
    let second = read(2, None, &["p-2"]);
    for read in [&second, &first] {
        store.log_read(TENANT, read).await.unwrap();
    }
    let of = store.reads(TENANT, "p-2").await.unwrap();
    assert_eq!(of, [first.clone(), second]);
    assert_eq!(store.reads(TENANT, "p-1").await.unwrap(), [first]);
    assert!(store.reads(TENANT, "p").await.unwrap().is_empty());
    for statement in ["UPDATE reads SET why = ''", "DELETE FROM reads"] {
        place.sql(statement).await.expect_err(statement);
    }
}

pub(crate) async fn history_is_read_in_pages<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let story = full("p-1");
    let all = story.entries.clone();
    written(&store, &mut [story, full("p-10")]).await;
    let mut read = Vec::new();
    loop {
        let after = read
            .last()
            .map_or(0, |entry: &forloeb_core::entry::Entry| entry.seq);
        let page = store.history(TENANT, "p-1", after, 4).await.unwrap();
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    assert_eq!(read, all);
}

/// The same ids, names and keys under two tenants: each finds its own and only its own, by every way of asking.
pub(crate) async fn tenants_know_nothing_of_each_other<P: Place>() {
    let tenants = [TENANT, "fredericia"];
    let (_place, store) = furnished::<P>(&tenants).await;
    for (tenant, mark) in tenants.into_iter().zip(["a", "b"]) {
        let person = full("p-1")
            .then(linked("placement", "c-1"))
            .keyed(&format!("key-{mark}"))
            .sealing("name", mark);
        let other = Story::of("company", "c-1").then(entered(mark));
        let own = full(&format!("own-{mark}"));
        let mut stories = [person, other, own];
        super::story::write(&store, tenant, &mut stories)
            .await
            .unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.person(tenant, &format!("Bo {mark}")).await.unwrap();
        tx.put_plan(tenant, &plan_sources(&format!("only-{mark}"), "nextwork"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let read = ReadLog {
            at: minute(1),
            by: Actor {
                role: mark.into(),
                person: None,
            },
            why: mark.to_string(),
            cases: vec!["p-1".into()],
        };
        store.log_read(tenant, &read).await.unwrap();
    }
    for (tenant, mark, theirs) in [(TENANT, "a", "b"), ("fredericia", "b", "a")] {
        let said = everything(&store, tenant, theirs).await;
        assert!(said.contains(&format!("own-{mark}")), "{said}");
        for foreign in [
            format!("own-{theirs}"),
            format!("key-{theirs}"),
            format!("Bo {theirs}"),
            format!("only-{theirs}"),
            format!("Text(\"{theirs}\")"),
            format!("why: \"{theirs}\""),
            format!("stage: \"{theirs}\""),
        ] {
            assert!(!said.contains(&foreign), "{tenant} hears {foreign}: {said}");
        }
        let counts = store.counts(tenant).await.unwrap();
        assert_eq!(
            (counts.open, counts.tasks, counts.findings, counts.plans),
            (3, 2, 2, 3)
        );
    }
    // What nobody has said anything about is empty rather than everything.
    assert_eq!(
        store.counts("").await.unwrap(),
        forloeb::store::Counts::default()
    );
}

/// All that a tenant can be told, with the other's names as bait.
async fn everything<S: Store>(store: &S, tenant: &str, bait: &str) -> String {
    let ids = ["p-1".into(), "c-1".into(), format!("own-{bait}").into()];
    let sealed = [at("p-1", 7, "name"), at(&format!("own-{bait}"), 6, "hours")];
    let keys = [("p-1".into(), format!("key-{bait}"))];
    let mut said = Vec::new();
    let mut tx = store.begin().await.unwrap();
    said.push(format!("{:?}", tx.load(tenant, &ids).await));
    said.push(format!("{:?}", tx.due(tenant, minute(999), 99).await));
    said.push(format!("{:?}", tx.readers(tenant, &ids).await));
    said.push(format!("{:?}", tx.recorded(tenant, &keys).await));
    said.push(format!(
        "{:?}",
        tx.plan(tenant, &format!("only-{bait}")).await
    ));
    said.push(format!("{:?}", tx.sealed(tenant, &sealed).await));
    tx.rollback().await.unwrap();
    said.push(format!("{:?}", store.load(tenant, &ids).await));
    said.push(format!("{:?}", store.readers(tenant, &ids).await));
    said.push(format!(
        "{:?}",
        store.names(tenant, &["1".into(), "2".into()]).await
    ));
    said.push(format!("{:?}", store.reads(tenant, "p-1").await));
    said.push(format!("{:?}", store.audit(tenant, None, 99).await));
    for id in &ids {
        said.push(format!("{:?}", store.history(tenant, id, 0, 99).await));
    }
    let mut cases = super::lists::all_cases();
    said.push(format!("{:?}", store.cases(tenant, &cases).await));
    cases.stage = Some("wishing".into());
    said.push(format!("{:?}", store.cases(tenant, &cases).await));
    let tasks: TaskFilter = super::lists::all_tasks();
    said.push(format!("{:?}", store.tasks(tenant, &tasks).await));
    let deadlines: DeadlineFilter = super::lists::all_deadlines();
    said.push(format!("{:?}", store.deadlines(tenant, &deadlines).await));
    let findings: FindingFilter = super::lists::all_findings();
    said.push(format!("{:?}", store.findings(tenant, &findings).await));
    let by_process = CaseFilter {
        process: Some("nextwork".into()),
        ..super::lists::all_cases()
    };
    said.push(format!("{:?}", store.cases(tenant, &by_process).await));
    said.join("\n")
}

pub(crate) async fn the_audit_shows_what_disagrees<P: Place>() {
    let (place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories: Vec<Story> = ["p-1", "p-2", "p-3"].map(full).into();
    written(&store, &mut stories).await;
    assert!(store.integrity().await.unwrap().is_empty());

    let mut audited = Vec::new();
    loop {
        let after = audited
            .last()
            .map(|a: &forloeb::store::Audited| a.row.case.id.clone());
        let page = store.audit(TENANT, after.as_ref(), 2).await.unwrap();
        if page.is_empty() {
            break;
        }
        audited.extend(page);
    }
    assert_eq!(audited.len(), 3);
    for (audited, story) in audited.iter().zip(&stories) {
        assert_eq!(audited.row, story.row());
        let folded = fold::fold(&story.case.id, &audited.entries).unwrap();
        assert_eq!(folded, *audited.row.case);
        assert!(audited.disagreements.is_empty());
    }

    for statement in [
        "DELETE FROM tasks WHERE case_id = 'p-2'",
        "UPDATE findings SET level = 'escalation' WHERE case_id = 'p-2'",
        "UPDATE cases SET overdue = 1 WHERE id = 'p-2'",
    ] {
        place.sql(statement).await.unwrap();
    }
    let page = store.audit(TENANT, Some(&"p-1".into()), 1).await.unwrap();
    let wrong = ["overdue mark", "tasks", "findings"];
    let wrong = wrong.map(|what| format!("its stored {what} does not follow from its state"));
    assert_eq!(page[0].disagreements, wrong);
}
