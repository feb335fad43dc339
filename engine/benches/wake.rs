//! Cases woken per second when very many are due at once.

use super::{
    Outcome,
    folder::{Folder, LOAN, settle},
    options::Options,
    raw::Raw,
    record::Recorder,
    rows::{Run, Table, together},
    same::must_be_same,
    sleeping::{self, Busy},
    table::Line,
};
use forloeb::store::{Store, Tx};
use std::time::Instant;

/// How many are due.
const DUE: usize = 50_000;

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let due = options.scaled(DUE);
    let base = Folder::new(options, "wake", LOAN).await?;
    sleeping::furnish(&base, due, Busy::default()).await?;
    oversleep(&base).await?;
    let (batches, tables, wakes) = record(&base.again(options, "wake-recorded")?).await?;
    let (mut engine, mut raw) = (Vec::new(), Vec::new());
    for round in 0..options.rounds {
        let woken = base.again(options, "wake-forloeb")?;
        let took = wake_all(&woken, None).await?.1;
        engine.push(due as f64 / took);
        let written = base.again(options, "wake-raw")?;
        let mut writer = Raw::open(&written.db(), &tables).await?;
        settle()?;
        let began = Instant::now();
        for batch in &batches {
            writer.write(batch).await?;
        }
        raw.push(due as f64 / began.elapsed().as_secs_f64());
        writer.close().await?;
        if round == 0 {
            must_be_same(&woken.db(), &written.db()).await?;
        }
    }
    let figure = format!("cases woken, {due} due");
    let line = Line::rate(&figure, "cases/s", engine, raw);
    let note = format!("{wakes} wakes in {} transactions", batches.len());
    Ok(vec![
        line.aims(">= 0.5 of raw", |line| line.ratio >= Some(0.5))
            .note(note),
    ])
}

/// Lets the clock stand just after the first instant at which anything is due, as time passes while nobody looks.
async fn oversleep(folder: &Folder) -> Outcome<()> {
    let engine = folder.engine().await?;
    let wake = engine.next_wake().await?.ok_or("nothing sleeps")?;
    let mut tx = engine.store().begin().await?;
    tx.set_clock(wake).await?;
    tx.commit().await?;
    engine.store().close().await;
    Ok(())
}

/// Wakes all that is due, as the daemon does. Gives how many wakes there were, and the seconds.
async fn wake_all(folder: &Folder, mut recorder: Option<&mut Recorder>) -> Outcome<(u64, f64)> {
    let engine = folder.engine().await?;
    for plan in engine.store().active(engine.tenant()).await?.values() {
        engine.ready(plan).await?;
    }
    settle()?;
    let began = Instant::now();
    let mut wakes = 0;
    loop {
        let woken = engine.tick().await?;
        wakes += woken.count;
        if let Some(recorder) = &mut recorder {
            recorder.batch().await?;
        }
        if woken.all {
            break;
        }
    }
    let took = began.elapsed().as_secs_f64();
    engine.store().close().await;
    Ok((wakes, took))
}

async fn record(folder: &Folder) -> Outcome<(Vec<Vec<Run>>, Vec<Table>, u64)> {
    let mut recorder = Recorder::begin(&folder.db()).await?;
    let (wakes, _) = wake_all(folder, Some(&mut recorder)).await?;
    let (batches, tables) = recorder.finish().await?;
    let batches = batches
        .into_iter()
        .map(|ops| together(ops, &tables))
        .collect();
    Ok((batches, tables, wakes))
}
