//! The lists that people and the engine ask for: what is in them, in which order, page by page.

use super::{
    place::{Place, TENANT, furnished, minute},
    story::{Story, deadline, ended, entered, finding, linked, task, write, written},
};
use forloeb::store::{
    CaseFilter, Counts, DeadlineFilter, FindingFilter, Status, Store, TaskFilter, Tx,
};
use forloeb_core::{entry::What, plan::Level};
use jiff::ToSpan;

pub(crate) fn all_cases() -> CaseFilter {
    CaseFilter {
        process: None,
        stage: None,
        overdue: false,
        status: Vec::new(),
        after: None,
        limit: 100,
    }
}

pub(crate) fn all_tasks() -> TaskFilter {
    TaskFilter {
        role: None,
        case: None,
        overdue: false,
        after: None,
        limit: 100,
    }
}

pub(crate) fn all_deadlines() -> DeadlineFilter {
    DeadlineFilter {
        case: None,
        overdue: false,
        after: None,
        limit: 100,
    }
}

pub(crate) fn all_findings() -> FindingFilter {
    FindingFilter {
        to: None,
        level: None,
        case: None,
        unsnoozed_at: None,
        after: None,
        limit: 100,
    }
}

pub(crate) async fn due_cases_come_in_order_with_ties<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [
        Story::new("p-3").waking(minute(5)),
        Story::new("p-1").waking(minute(9)),
        Story::new("p-4").waking(minute(5)),
        Story::new("p-2"),
        Story::new("p-5").waking(minute(5) + 1.microsecond()),
        Story::new("p-0").waking(minute(5)),
    ];
    written(&store, &mut stories).await;
    let mut tx = store.begin().await.unwrap();
    let due = |found: Vec<(jiff::Timestamp, forloeb_core::name::Name)>| -> Vec<String> {
        found.iter().map(|(_, id)| id.to_string()).collect()
    };
    let none = tx
        .due(TENANT, minute(5) - 1.microsecond(), 9)
        .await
        .unwrap();
    assert!(none.is_empty());
    let at_once = tx.due(TENANT, minute(5), 9).await.unwrap();
    assert_eq!(at_once[0].0, minute(5));
    assert_eq!(due(at_once), ["p-0", "p-3", "p-4"]);
    let all = tx.due(TENANT, minute(9), 9).await.unwrap();
    assert_eq!(due(all), ["p-0", "p-3", "p-4", "p-5", "p-1"]);
    assert_eq!(
        due(tx.due(TENANT, minute(9), 2).await.unwrap()),
        ["p-0", "p-3"]
    );
    assert_eq!(tx.next_wake(TENANT).await.unwrap(), Some(minute(5)));
    tx.rollback().await.unwrap();
    assert_eq!(store.next_wake(TENANT).await.unwrap(), Some(minute(5)));
    assert_eq!(store.next_wake("fredericia").await.unwrap(), None);
}

pub(crate) async fn cases_by_stage_process_status_and_page<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let late = task("consultant", Some(1));
    let overdue = Story::new("p-3").then(entered("wishing")).then(late);
    let hold = What::Held {
        until: None,
        because: "ill".to_string(),
    };
    let mut stories = [
        Story::new("p-1").then(entered("wishing")),
        Story::new("p-2")
            .then(entered("wishing"))
            .then(entered("placement")),
        overdue.then(What::TaskOverdue { task: 3 }),
        Story::new("p-4").then(entered("wishing")).then(hold),
        Story::new("p-5").then(entered("wishing")).then(ended()),
        Story::of("company", "c-1").then(entered("wishing")),
    ];
    written(&store, &mut stories).await;

    let process = |name: &str| Some(name.into());
    let in_wishing = || CaseFilter {
        stage: process("wishing"),
        ..all_cases()
    };
    let mut checks: Vec<(CaseFilter, &[&str])> = Vec::new();
    checks.push((all_cases(), &["c-1", "p-1", "p-2", "p-3", "p-4", "p-5"]));
    let mut filter = all_cases();
    filter.process = process("nextwork");
    checks.push((filter.clone(), &["p-1", "p-2", "p-3", "p-4", "p-5"]));
    filter.status = vec![Status::Held, Status::Ended];
    checks.push((filter.clone(), &["p-4", "p-5"]));
    filter.overdue = true;
    checks.push((filter, &[]));
    // What has ended is nowhere any more.
    checks.push((in_wishing(), &["c-1", "p-1", "p-3", "p-4"]));
    let mut filter = in_wishing();
    filter.process = process("nextwork");
    filter.status = vec![Status::Open];
    checks.push((filter.clone(), &["p-1", "p-3"]));
    filter.overdue = true;
    checks.push((filter, &["p-3"]));
    let mut filter = in_wishing();
    filter.after = Some("p-1".into());
    filter.limit = 1;
    checks.push((filter, &["p-3"]));
    let mut filter = all_cases();
    filter.overdue = true;
    checks.push((filter.clone(), &["p-3"]));
    filter.process = process("company");
    checks.push((filter, &[]));
    let mut filter = all_cases();
    filter.after = Some("p-2".into());
    filter.limit = 2;
    checks.push((filter, &["p-3", "p-4"]));
    for (filter, expected) in checks {
        let rows = store.cases(TENANT, &filter).await.unwrap();
        let ids: Vec<&str> = rows.iter().map(|row| row.case.id.as_str()).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
}

pub(crate) async fn tasks_follow_the_state<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [
        Story::new("p-1")
            .then(task("consultant", Some(40)))
            .then(task("participant", None))
            .then(task("consultant", Some(20))),
        Story::new("p-2")
            .then(task("consultant", Some(20)))
            .then(task("project_leader", Some(10)))
            .then(What::TaskOverdue { task: 3 }),
    ];
    written(&store, &mut stories).await;
    let (p1, p2) = ("p-1", "p-2");
    let list = async |filter: TaskFilter| -> Vec<(String, u64)> {
        let lines = store.tasks(TENANT, &filter).await.unwrap();
        for line in &lines {
            assert_eq!((&*line.process, &*line.plan), ("nextwork", "nextwork-1"));
            let state = stories.iter().find(|story| story.case.id == line.case);
            assert_eq!(line.task, state.unwrap().case.tasks[&line.number]);
        }
        lines
            .iter()
            .map(|line| (line.case.to_string(), line.number))
            .collect()
    };
    let expect = |lines: &[(&str, u64)]| -> Vec<(String, u64)> {
        lines
            .iter()
            .map(|(id, n)| ((*id).to_string(), *n))
            .collect()
    };
    let all = expect(&[(p2, 3), (p1, 4), (p2, 2), (p1, 2), (p1, 3)]);
    assert_eq!(list(all_tasks()).await, all);
    let of = |role: &str| TaskFilter {
        role: Some(role.into()),
        ..all_tasks()
    };
    let consultant = expect(&[(p1, 4), (p2, 2), (p1, 2)]);
    assert_eq!(list(of("consultant")).await, consultant);
    let overdue = |filter: TaskFilter| TaskFilter {
        overdue: true,
        ..filter
    };
    assert_eq!(list(overdue(all_tasks())).await, expect(&[(p2, 3)]));
    assert_eq!(
        list(overdue(of("project_leader"))).await,
        expect(&[(p2, 3)])
    );
    assert_eq!(list(overdue(of("consultant"))).await, []);
    let of_case = |filter: TaskFilter| TaskFilter {
        case: Some(p1.into()),
        ..filter
    };
    let first = expect(&[(p1, 4), (p1, 2), (p1, 3)]);
    assert_eq!(list(of_case(all_tasks())).await, first);
    assert_eq!(list(of_case(of("participant"))).await, expect(&[(p1, 3)]));
    assert_eq!(list(of_case(overdue(all_tasks()))).await, []);

    // One is done, one moved: the list follows.
    stories[0].add(What::TaskDone { task: 4 });
    let due = super::story::due(5);
    stories[0].add(What::TaskMoved { task: 2, due });
    written(&store, &mut stories).await;
    let lines = store.tasks(TENANT, &all_tasks()).await.unwrap();
    let lines: Vec<_> = lines
        .iter()
        .map(|line| (&*line.case, line.number))
        .collect();
    assert_eq!(lines, [(p1, 2), (p2, 3), (p2, 2), (p1, 3)]);
}

pub(crate) async fn deadlines_follow_the_state<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [
        Story::new("p-1")
            .then(deadline("start", 40))
            .then(deadline("wish", 20)),
        Story::new("p-2").then(deadline("start", 10)),
    ];
    written(&store, &mut stories).await;
    let lines = store.deadlines(TENANT, &all_deadlines()).await.unwrap();
    let found: Vec<_> = lines
        .iter()
        .map(|line| (&*line.case, line.number))
        .collect();
    assert_eq!(found, [("p-2", 2), ("p-1", 3), ("p-1", 2)]);
    assert_eq!(lines[1].deadline, stories[0].case.deadlines[&3]);

    stories[0].add(What::DeadlineMet { deadline: 3 });
    stories[1].add(What::DeadlineOverdue { deadline: 2 });
    written(&store, &mut stories).await;
    let mut filter = all_deadlines();
    filter.overdue = true;
    let overdue = store.deadlines(TENANT, &filter).await.unwrap();
    assert_eq!(overdue.len(), 1);
    assert_eq!(overdue[0].deadline, stories[1].case.deadlines[&2]);
    filter.case = Some("p-1".into());
    assert!(store.deadlines(TENANT, &filter).await.unwrap().is_empty());
    filter.overdue = false;
    let lines = store.deadlines(TENANT, &filter).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].number, 2);
}

pub(crate) async fn findings_follow_the_state<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let (nudge, escalation) = (Level::Nudge, Level::Escalation);
    let mut stories = [
        Story::new("p-1")
            .then(finding(nudge, &["consultant", "participant"]))
            .then(finding(escalation, &["project_leader"])),
        Story::new("p-2")
            .then(finding(escalation, &["consultant", "project_leader"]))
            .then(finding(nudge, &["consultant"])),
    ];
    written(&store, &mut stories).await;
    let list = async |filter: &FindingFilter| -> Vec<String> {
        let lines = store.findings(TENANT, filter).await.unwrap();
        lines
            .iter()
            .map(|line| format!("{}/{}", line.case, line.number))
            .collect()
    };
    let mut filter = all_findings();
    assert_eq!(list(&filter).await, ["p-2/2", "p-1/3", "p-1/2", "p-2/3"]);
    filter.level = Some(nudge);
    assert_eq!(list(&filter).await, ["p-1/2", "p-2/3"]);
    filter.to = Some("participant".into());
    assert_eq!(list(&filter).await, ["p-1/2"]);
    filter.level = None;
    filter.to = Some("consultant".into());
    assert_eq!(list(&filter).await, ["p-2/2", "p-1/2", "p-2/3"]);
    filter.case = Some("p-2".into());
    assert_eq!(list(&filter).await, ["p-2/2", "p-2/3"]);
    filter.to = None;
    assert_eq!(list(&filter).await, ["p-2/2", "p-2/3"]);
    let lines = store.findings(TENANT, &filter).await.unwrap();
    assert_eq!(lines[0].finding, stories[1].case.findings[&2]);

    // A nudge becomes an escalation and is told to one more; one is snoozed; one closes.
    stories[0].add(What::FindingChanged {
        finding: 2,
        level: escalation,
        to: vec!["project_leader".into(), "consultant".into()],
        values: Default::default(),
        by_migration: false,
    });
    stories[1].add(What::FindingSnoozed {
        finding: 3,
        until: minute(60),
        because: "on leave".to_string(),
    });
    stories[1].add(What::FindingClosed { finding: 2 });
    written(&store, &mut stories).await;
    let mut filter = all_findings();
    assert_eq!(list(&filter).await, ["p-1/2", "p-1/3", "p-2/3"]);
    filter.unsnoozed_at = Some(minute(59));
    assert_eq!(list(&filter).await, ["p-1/2", "p-1/3"]);
    filter.unsnoozed_at = Some(minute(60));
    assert_eq!(list(&filter).await, ["p-1/2", "p-1/3", "p-2/3"]);
    filter.to = Some("participant".into());
    assert!(list(&filter).await.is_empty());
    filter.to = Some("project_leader".into());
    assert_eq!(list(&filter).await, ["p-1/2", "p-1/3"]);
}

pub(crate) async fn links_are_found_from_the_other_end<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let mut stories = [
        Story::of("company", "c-1"),
        Story::of("company", "c-2"),
        Story::new("p-1")
            .then(linked("placement", "c-1"))
            .then(linked("companies_met", "c-1"))
            .then(linked("companies_met", "c-2")),
        Story::new("p-2").then(linked("placement", "c-1")),
    ];
    written(&store, &mut stories).await;
    let list = async |targets: &[&str]| -> Vec<String> {
        let targets: Vec<_> = targets.iter().map(|id| (*id).into()).collect();
        let readers = store.readers(TENANT, &targets).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.readers(TENANT, &targets).await.unwrap(), readers);
        let line = |r: &forloeb::store::Reader| format!("{} {} {}", r.target, r.link, r.case);
        readers.iter().map(line).collect()
    };
    let first = [
        "c-1 companies_met p-1",
        "c-1 placement p-1",
        "c-1 placement p-2",
    ];
    assert_eq!(list(&["c-1"]).await, first);
    assert_eq!(list(&["c-2", "p-1"]).await, ["c-2 companies_met p-1"]);
    assert!(list(&[]).await.is_empty());
    stories[2].add(What::Unlinked {
        link: "placement".into(),
        to: "c-1".into(),
    });
    written(&store, &mut stories).await;
    assert_eq!(list(&["c-1"]).await, [first[0], first[2]]);
}

/// Many rows with the same order key, in pages of 7: each exactly once.
pub(crate) async fn pages_lose_and_repeat_nothing<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT, "fredericia"]).await;
    let story = |n: i64| {
        let at = (n % 3 != 0).then_some(n % 5);
        Story::new(&format!("p-{n:02}"))
            .then(entered("wishing"))
            .then(task("consultant", at))
            .then(task("consultant", at))
            .then(deadline("start", n % 4))
            .then(finding(Level::Escalation, &["consultant"]))
            .then(finding(Level::Nudge, &["consultant", "participant"]))
    };
    let mut stories: Vec<Story> = (0..50).map(story).collect();
    written(&store, &mut stories).await;
    let mut others: Vec<Story> = (0..9).map(story).collect();
    write(&store, "fredericia", &mut others).await.unwrap();

    macro_rules! paged {
        ($ask:ident, $filter:expr, $after:expr, $key:expr) => {{
            let mut filter = $filter;
            filter.limit = 1_000;
            let at_once = store.$ask(TENANT, &filter).await.unwrap();
            filter.limit = 7;
            let mut paged = Vec::new();
            loop {
                let page = store.$ask(TENANT, &filter).await.unwrap();
                let Some(last) = page.last() else { break };
                filter.after = Some($after(last));
                paged.extend(page);
            }
            assert_eq!(paged, at_once);
            let keys: std::collections::BTreeSet<_> = paged.iter().map($key).collect();
            assert_eq!(keys.len(), paged.len());
            paged.len()
        }};
    }
    use forloeb::store::{CaseRow, DeadlineLine, FindingLine, TaskLine};
    let id = |row: &CaseRow| row.case.id.clone();
    assert_eq!(paged!(cases, all_cases(), id, id), 50);
    let mut by_stage = all_cases();
    by_stage.stage = Some("wishing".into());
    assert_eq!(paged!(cases, by_stage, id, id), 50);
    let mut by_process = all_cases();
    by_process.process = Some("nextwork".into());
    assert_eq!(paged!(cases, by_process, id, id), 50);

    let key = |line: &TaskLine| (line.case.clone(), line.number);
    assert_eq!(paged!(tasks, all_tasks(), TaskLine::cursor, key), 100);
    let mut by_role = all_tasks();
    by_role.role = Some("consultant".into());
    assert_eq!(paged!(tasks, by_role, TaskLine::cursor, key), 100);
    let key = |line: &DeadlineLine| (line.case.clone(), line.number);
    assert_eq!(
        paged!(deadlines, all_deadlines(), DeadlineLine::cursor, key),
        50
    );
    let key = |line: &FindingLine| (line.case.clone(), line.number);
    assert_eq!(
        paged!(findings, all_findings(), FindingLine::cursor, key),
        100
    );
    let mut by_role = all_findings();
    by_role.to = Some("participant".into());
    assert_eq!(paged!(findings, by_role, FindingLine::cursor, key), 50);
}

pub(crate) async fn counts_count<P: Place>() {
    let (_place, store) = furnished::<P>(&[TENANT]).await;
    let hold = What::Held {
        until: None,
        because: "ill".to_string(),
    };
    let both = finding(Level::Nudge, &["consultant", "participant"]);
    let mut stories = [
        Story::new("p-1").then(task("consultant", None)).then(both),
        Story::new("p-2").then(hold),
        Story::new("p-3").then(ended()),
        Story::new("p-4").then(ended()),
    ];
    written(&store, &mut stories).await;
    let expected = Counts {
        open: 1,
        held: 1,
        ended: 2,
        entries: 9,
        tasks: 1,
        findings: 1,
        plans: 2,
    };
    assert_eq!(store.counts(TENANT).await.unwrap(), expected);
}
