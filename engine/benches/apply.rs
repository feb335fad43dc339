//! Inputs per second through `forloeb apply`, the whole command as somebody types it, and what it leaves on the disk.

use super::{
    Outcome, application,
    folder::{APPLICATION, Folder, LOAN, SHIPPED, settle},
    lines::{self, interleaved},
    loan, nextwork,
    options::Options,
    raw::Raw,
    record::Recorder,
    rows::{Run, Table, together},
    same::must_be_same,
    table::{Line, median},
};
use forloeb::commands::LINES_A_COMMIT;
use std::{fs, time::Instant};

/// How many cases there are.
const CASES: usize = 10_000;
/// How many of them are under way at a time: in one transaction no case is touched twice.
const ABREAST: usize = 500;

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let cases = options.scaled(CASES);
    let mut shown = Vec::new();
    let plain = interleaved(application::journeys(cases), ABREAST);
    let measured = measure(options, APPLICATION, "apply-plain", &plain).await?;
    let events = application::EVENTS;
    let figure = format!("apply, {cases} applications of {events} events, without rules");
    let rate = measured.line(&figure, plain.len());
    shown.push(rate.aims(">= 0.5 of raw, about 50,000/s", |line| {
        line.ratio >= Some(0.5) && line.forloeb >= 50_000.0
    }));
    let on_disk = measured.on_disk(cases);
    shown.push(on_disk.aims("<= 2,500 beside raw's own", |line| line.forloeb <= 2_500.0));
    let richer = interleaved(loan::journeys(cases), ABREAST);
    let measured = measure(options, LOAN, "apply", &richer).await?;
    let events = loan::EVENTS;
    let figure =
        format!("apply, {cases} loans of {events} events, tasks and deadlines at each stage");
    shown.push(measured.line(&figure, richer.len()));
    shown.push(measured.on_disk(cases));
    let mut keyed = richer;
    for (at, line) in keyed.iter_mut().enumerate() {
        line.key = Some(format!("a{at:07}"));
    }
    let measured = measure(options, LOAN, "apply-keyed", &keyed).await?;
    shown.push(measured.line("  the same, each with a key", keyed.len()));
    let mut ruled = nextwork::companies(cases);
    let journeys = (0..cases).map(|number| nextwork::journey(number, cases));
    ruled.extend(interleaved(journeys.collect(), ABREAST));
    let measured = measure(options, SHIPPED, "apply-ruled", &ruled).await?;
    let figure = format!("apply, {cases} journeys of 6 events in NExTWORK, all rules");
    shown.push(measured.line(&figure, ruled.len()));
    Ok(shown)
}

struct Measured {
    /// Seconds.
    engine: Vec<f64>,
    raw: Vec<f64>,
    one_by_one: f64,
    start_up: f64,
    bytes: f64,
    raw_bytes: f64,
    commits: usize,
}

impl Measured {
    fn on_disk(&self, cases: usize) -> Line {
        let (engine, raw) = (self.bytes / cases as f64, self.raw_bytes / cases as f64);
        Line {
            raw: Some(raw),
            ratio: Some(engine / raw),
            ..Line::alone("  on the disk, a case", "bytes", engine)
        }
    }

    fn line(&self, figure: &str, lines: usize) -> Line {
        let lines = lines as f64;
        let rates = |took: &[f64]| took.iter().map(|took| lines / took).collect();
        Line::rate(figure, "inputs/s", rates(&self.engine), rates(&self.raw)).note(format!(
            "{:.2} s, of which {:.2} s before the first line; {} commits; raw with one row to a statement: {:.0}/s",
            median(self.engine.clone()),
            self.start_up,
            self.commits,
            lines / self.one_by_one
        ))
    }
}

async fn measure(
    options: &Options,
    programme: &str,
    name: &str,
    lines: &[lines::Line],
) -> Outcome<Measured> {
    let base = Folder::new(options, name, programme).await?;
    let text: String = lines
        .iter()
        .map(|line| format!("{}\n", line.json()))
        .collect();
    fs::write(base.file("lines.ndjson"), text)?;
    fs::write(base.file("none.ndjson"), "")?;
    let recorded = base.again(options, &format!("{name}-recorded"))?;
    let (batches, tables) = record(&recorded, lines).await?;
    drop(recorded);
    let (mut engine, mut raw, mut one_by_one, mut start_up) = (vec![], vec![], vec![], vec![]);
    let (mut bytes, mut raw_bytes) = (0, 0);
    for round in 0..options.rounds {
        let applied = base.again(options, &format!("{name}-forloeb"))?;
        start_up.push(command(&applied, "none.ndjson")?);
        engine.push(command(&applied, "lines.ndjson")?);
        let written = base.again(options, &format!("{name}-raw"))?;
        raw.push(write(Raw::open(&written.db(), &tables).await?, &batches).await?);
        let slowly = base.again(options, &format!("{name}-raw-one-by-one"))?;
        let writer = Raw::open(&slowly.db(), &tables).await?.one_by_one();
        one_by_one.push(write(writer, &batches).await?);
        if round == 0 {
            // Opening it and closing it folds the log into the file.
            applied.engine().await?.store().close().await;
            must_be_same(&applied.db(), &written.db()).await?;
            bytes = applied.bytes()?;
            raw_bytes = written.bytes()?;
        }
    }
    Ok(Measured {
        engine,
        raw,
        one_by_one: median(one_by_one),
        start_up: median(start_up),
        bytes: bytes as f64,
        raw_bytes: raw_bytes as f64,
        commits: batches.len(),
    })
}

fn command(folder: &Folder, file: &str) -> Outcome<f64> {
    settle()?;
    let began = Instant::now();
    folder.run(&["apply", file])?;
    Ok(began.elapsed().as_secs_f64())
}

async fn write(mut writer: Raw, batches: &[Vec<Run>]) -> Outcome<f64> {
    settle()?;
    let began = Instant::now();
    for batch in batches {
        writer.write(batch).await?;
    }
    let took = began.elapsed().as_secs_f64();
    writer.close().await?;
    Ok(took)
}

/// What the engine writes for these lines, in the batches of `apply`.
pub async fn record(
    folder: &Folder,
    lines: &[lines::Line],
) -> Outcome<(Vec<Vec<Run>>, Vec<Table>)> {
    let mut recorder = Recorder::begin(&folder.db()).await?;
    let engine = folder.engine().await?;
    for batch in lines.chunks(LINES_A_COMMIT) {
        let requests = batch.iter().map(lines::Line::request).collect();
        for answer in engine.submit(requests).await? {
            answer.map_err(|refusal| refusal.to_string())?;
        }
        recorder.batch().await?;
    }
    engine.store().close().await;
    let (batches, tables) = recorder.finish().await?;
    let batches = batches
        .into_iter()
        .map(|ops| together(ops, &tables))
        .collect();
    Ok((batches, tables))
}
