//! Single inputs from several callers at once, each answered after its commit, beside raw group commit: a task that collects whatever waits
//! in its queue and commits it in one transaction.

use super::{
    Outcome,
    folder::{Folder, LOAN, settle},
    lines, loan,
    options::Options,
    raw::Raw,
    record::Recorder,
    rows::{Cell, Op, Table, together},
    same::must_be_same,
    table::Line,
};
use std::{collections::BTreeMap, path::Path, sync::Arc, time::Instant};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};

/// How many callers there are, and how many cases each goes through.
const CALLERS: [(usize, usize); 3] = [(1, 200), (8, 100), (64, 50)];
/// How many inputs the baseline commits at once, at most.
const MOST: usize = 1_024;

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let mut shown = Vec::new();
    for (callers, cases) in CALLERS {
        let measured = measure(options, callers, options.scaled(cases)).await?;
        shown.push(measured.aims(">= 0.7 of raw", |line| line.ratio >= Some(0.7)));
    }
    Ok(shown)
}

/// The cases of one caller: each event of all of them, then the next.
fn events(caller: usize, cases: usize) -> Vec<lines::Line> {
    let of_cases: Vec<Vec<lines::Line>> = (caller * cases..(caller + 1) * cases)
        .map(loan::journey)
        .collect();
    let mut events = Vec::new();
    for step in 1..=loan::EVENTS {
        events.extend(of_cases.iter().filter_map(|case| case.get(step).cloned()));
    }
    events
}

async fn measure(options: &Options, callers: usize, cases: usize) -> Outcome<Line> {
    let name = format!("callers-{callers}");
    let base = Folder::new(options, &name, LOAN).await?;
    let engine = base.engine().await?;
    let starts: Vec<_> = (0..callers * cases).map(loan::start).collect();
    submit(&engine, &starts).await?;
    // Everybody who acts is known, so that their numbers do not depend on who comes first.
    let known: Vec<_> = (callers * cases..callers * cases + 8)
        .flat_map(loan::journey)
        .collect();
    submit(&engine, &known).await?;
    engine.store().close().await;
    let all: Vec<_> = (0..callers).map(|caller| events(caller, cases)).collect();
    let count = callers * cases * loan::EVENTS;
    let recorded = base.again(options, &format!("{name}-recorded"))?;
    let (rows, tables) = record(&recorded, &all).await?;
    drop(recorded);
    let (mut rate, mut raw_rate) = (Vec::new(), Vec::new());
    // More rounds than elsewhere: they are short, and the disk has its moods.
    for round in 0..options.rounds * 3 {
        let reported = base.again(options, &format!("{name}-forloeb"))?;
        rate.push(count as f64 / report(&reported, &all).await?);
        let written = base.again(options, &format!("{name}-raw"))?;
        raw_rate.push(count as f64 / write(&written.db(), &tables, &rows).await?);
        if round == 0 {
            must_be_same(&reported.db(), &written.db()).await?;
        }
    }
    let figure = match callers {
        1 => "single inputs, 1 caller".to_owned(),
        more => format!("single inputs, {more} callers"),
    };
    let line = Line::rate(&figure, "inputs/s", rate, raw_rate);
    Ok(line.note(format!("{count} inputs, each answered after its commit")))
}

type Engine = forloeb::turn::Engine<forloeb::store::sqlite::SqliteStore>;

async fn submit(engine: &Engine, lines: &[lines::Line]) -> Outcome<()> {
    for batch in lines.chunks(500) {
        let requests = batch.iter().map(lines::Line::request).collect();
        for answer in engine.submit(requests).await? {
            answer.map_err(|refusal| refusal.to_string())?;
        }
    }
    Ok(())
}

/// Each caller reports its inputs one after the other, all callers at once.
async fn report(folder: &Folder, all: &[Vec<lines::Line>]) -> Outcome<f64> {
    let engine = folder.engine().await?;
    for plan in forloeb::store::Store::active(engine.store(), engine.tenant())
        .await?
        .values()
    {
        engine.ready(plan).await?;
    }
    let mut callers = JoinSet::new();
    let work: Vec<Vec<_>> = all
        .iter()
        .map(|lines| lines.iter().map(lines::Line::request).collect())
        .collect();
    settle()?;
    let began = Instant::now();
    for requests in work {
        let engine = engine.clone();
        callers.spawn(async move {
            for request in requests {
                for answer in engine.submit(vec![request]).await? {
                    answer.map_err(|refusal| refusal.to_string())?;
                }
            }
            Outcome::Ok(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller??;
    }
    let took = began.elapsed().as_secs_f64();
    engine.store().close().await;
    Ok(took)
}

/// The rows of one input.
type Rows = Arc<Vec<Op>>;

/// The same with rows instead of inputs.
async fn write(db: &Path, tables: &[Table], all: &[Vec<Rows>]) -> Outcome<f64> {
    let mut raw = Raw::open(db, tables).await?;
    let tables = tables.to_vec();
    let (queue, mut waiting) = mpsc::channel::<(Rows, oneshot::Sender<()>)>(MOST);
    let writer = tokio::spawn(async move {
        let mut group = Vec::new();
        while waiting.recv_many(&mut group, MOST).await > 0 {
            // Those who have just been answered come again: they need not miss this commit by a hair.
            tokio::task::yield_now().await;
            while let Ok(one) = waiting.try_recv() {
                group.push(one);
            }
            let ops = group
                .iter()
                .flat_map(|(rows, _)| rows.iter().cloned())
                .collect();
            raw.write(&together(ops, &tables)).await?;
            for (_, answer) in group.drain(..) {
                answer.send(()).ok();
            }
        }
        raw.close().await
    });
    let mut callers = JoinSet::new();
    settle()?;
    let began = Instant::now();
    for inputs in all.iter().cloned() {
        let queue = queue.clone();
        callers.spawn(async move {
            for rows in inputs {
                let (answer, answered) = oneshot::channel();
                queue.send((rows, answer)).await?;
                answered.await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller??;
    }
    let took = began.elapsed().as_secs_f64();
    drop(queue);
    writer.await??;
    Ok(took)
}

/// What the engine writes for each input. Inputs of different cases are handed in together and told apart by the case of each row.
async fn record(
    folder: &Folder,
    all: &[Vec<lines::Line>],
) -> Outcome<(Vec<Vec<Rows>>, Vec<Table>)> {
    let mut recorder = Recorder::begin(&folder.db()).await?;
    let engine = folder.engine().await?;
    let steps = all.first().map_or(0, Vec::len);
    for step in 0..steps {
        let lines: Vec<_> = all
            .iter()
            .filter_map(|lines| lines.get(step).cloned())
            .collect();
        submit(&engine, &lines).await?;
        recorder.batch().await?;
    }
    engine.store().close().await;
    let (batches, tables) = recorder.finish().await?;
    let mut rows: Vec<Vec<Rows>> = vec![Vec::new(); all.len()];
    for (step, ops) in batches.into_iter().enumerate() {
        let mut of_case: BTreeMap<String, Vec<Op>> = BTreeMap::new();
        for op in ops {
            of_case.entry(case_of(&op, &tables)?).or_default().push(op);
        }
        for (caller, rows) in all.iter().zip(&mut rows) {
            let line = caller
                .get(step)
                .ok_or("callers have as much to say as each other")?;
            rows.push(Arc::new(of_case.remove(&line.case).unwrap_or_default()));
        }
        if !of_case.is_empty() {
            return Err("an input wrote rows of other cases".into());
        }
    }
    Ok((rows, tables))
}

fn case_of(op: &Op, tables: &[Table]) -> Outcome<String> {
    // The key of every table that belongs to a case begins with the tenant and the case.
    let table = tables.get(op.table).ok_or("no such table")?;
    match op.cells.get(1) {
        Some(Cell::Text(case)) if table.key.get(1) == Some(&1) => Ok(case.to_string()),
        _ => Err(format!("a row of `{}` belongs to no case", table.name).into()),
    }
}
