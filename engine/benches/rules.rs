//! Rule evaluations per second: the shipped rules on the cases of the shipped demo, as they stand at its end.

use super::{
    Outcome,
    folder::{Folder, SHIPPED},
    options::Options,
    table::{Line, median},
};
use forloeb::{
    language::programme::Ready,
    store::{CaseFilter, Clock, SealedAt, Status, Store},
};
use forloeb_core::{
    accept::{read_by, sealed_for_rules},
    judge::{Around, View},
    plan::RuleUse,
};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long is measured.
const MEASURED: Duration = Duration::from_secs(4);

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let folder = Folder::empty(options, "rules")?;
    folder.run(&["init", SHIPPED, "--demo"])?;
    let asked = questions(&folder).await?;
    let mut rules: Vec<&str> = asked
        .iter()
        .map(|(_, rule, _)| rule.rule.as_str())
        .collect();
    rules.sort_unstable();
    rules.dedup();
    let cases = folder.engine().await?.store().counts("main").await?;
    let mut rates = Vec::new();
    for _ in 0..options.rounds {
        let (began, mut count) = (Instant::now(), 0_u32);
        while began.elapsed() < MEASURED.mul_f64(options.scale.clamp(0.1, 1.0)) {
            for (ready, rule, view) in &asked {
                if let Err(fault) = ready.judge.judge(rule, view).answer {
                    return Err(format!("{}: {}", rule.rule, fault.message).into());
                }
                count += 1;
            }
        }
        rates.push(f64::from(count) / began.elapsed().as_secs_f64());
    }
    let line = Line::alone(
        "evaluations of shipped rules",
        "/s, one core",
        median(rates),
    );
    let note = format!(
        "{} rules where they are attached, {} questions about the {} open cases of the demo",
        rules.len(),
        asked.len(),
        cases.open
    );
    Ok(vec![
        line.aims(">= 100,000", |line| line.forloeb >= 100_000.0)
            .note(note),
    ])
}

/// Every rule that is asked of a case where it stands now, with what the case shows it.
async fn questions(folder: &Folder) -> Outcome<Vec<(Arc<Ready>, RuleUse, View)>> {
    let engine = folder.engine().await?;
    let (store, tenant) = (engine.store(), engine.tenant());
    let now = match store.clock().await? {
        Clock::Virtual(now) => now,
        Clock::Real => return Err("the demo has a virtual clock".into()),
    };
    let filter = CaseFilter {
        process: None,
        stage: None,
        overdue: false,
        status: vec![Status::Open, Status::Held],
        after: None,
        limit: 1_000,
    };
    let mut asked = Vec::new();
    for row in store.cases(tenant, &filter).await? {
        let case = row.case;
        let ready = engine.ready(&case.plan).await?;
        let plan = &ready.plan;
        let mut cases = BTreeMap::new();
        for other in store.load(tenant, &read_by(plan, &case)).await? {
            let of = engine.ready(&other.case.plan).await?;
            cases.insert(other.case.id.clone(), (of.plan.clone(), other.case));
        }
        let keys = sealed_for_rules(plan, &case)
            .into_iter()
            .map(|key| SealedAt {
                case: case.id.clone(),
                key,
            });
        let sealed = store.sealed(tenant, &keys.collect::<Vec<_>>()).await?;
        let sealed = sealed
            .into_iter()
            .map(|(at, value)| (at.key, value))
            .collect();
        let view = View {
            plan: plan.clone(),
            case: case.clone(),
            around: Arc::new(Around { cases, sealed }),
            now,
        };
        let stages = case
            .tracks
            .iter()
            .filter_map(|(track, place)| plan.stage(track, &place.stage));
        let rules = plan
            .rules
            .iter()
            .chain(stages.flat_map(|stage| &stage.rules));
        for rule in rules {
            asked.push((ready.clone(), rule.clone(), view.clone()));
        }
    }
    Ok(asked)
}
