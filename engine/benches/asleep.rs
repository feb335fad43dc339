//! What very many sleeping cases cost: one tick among them, being ready again after `kill -9`, and doing nothing.

use super::{
    Outcome,
    daemon::Daemon,
    folder::{Folder, LOAN},
    options::Options,
    raw::Raw,
    record::Recorder,
    rows::together,
    sleeping::{self, Busy},
    table::{Line, median},
};
use forloeb::store::{Store, Tx};
use std::time::{Duration, Instant};

/// How many sleep.
const MANY: usize = 1_000_000;
/// And the few with which they are compared.
const FEW: usize = 1_000;
/// How often one of them is due alone.
const ALONE: usize = 40;
/// How many are due together, for a daemon that is killed on the way: so many that it never comes to their end.
const TOGETHER: usize = 20_000;
/// How often it is killed.
const KILLS: usize = 5;
/// How long an idle daemon is watched.
const WATCHED: Duration = Duration::from_secs(60);

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let many = options.scaled(MANY);
    let large = furnished(options, "asleep-many", many).await?;
    let mut lines = Vec::new();
    if options.wants("tick") {
        lines.push(tick(options, &large, many).await?);
    }
    if options.wants("restart") {
        lines.push(restart(&large, many).await?);
    }
    if options.wants("idle") {
        lines.extend(idle(options, &large, many).await?);
    }
    Ok(lines)
}

/// Many that sleep, and beside them some that are due one by one, and later some that are due together.
async fn furnished(options: &Options, name: &str, cases: usize) -> Outcome<Folder> {
    eprintln!("  writing {cases} sleeping cases ...");
    let folder = Folder::new(options, name, LOAN).await?;
    let busy = Busy {
        alone: ALONE,
        together: TOGETHER,
    };
    sleeping::furnish(&folder, cases, busy).await?;
    Ok(folder)
}

/// One tick with one due case.
async fn tick(options: &Options, large: &Folder, many: usize) -> Outcome<Line> {
    let small = furnished(options, "asleep-few", FEW).await?;
    small.run(&["doctor"])?;
    let recorded = small.again(options, "asleep-recorded")?;
    let written = small.again(options, "asleep-raw")?;
    let mut recorder = Recorder::begin(&recorded.db()).await?;
    ticks(&recorded, Some(&mut recorder)).await?;
    let (batches, tables) = recorder.finish().await?;
    let mut raw = Raw::open(&written.db(), &tables).await?;
    let mut raw_took = Vec::new();
    for ops in batches {
        let batch = together(ops, &tables);
        let began = Instant::now();
        raw.write(&batch).await?;
        raw_took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    raw.close().await?;
    let among_many = median(ticks(large, None).await?);
    let among_few = median(ticks(&small, None).await?);
    let line = Line {
        raw: Some(among_few),
        ratio: Some(among_many / among_few),
        ..Line::alone(
            &format!("a tick with 1 due among {many}; raw: among {FEW}"),
            "ms",
            among_many,
        )
    };
    let note = format!(
        "median of {ALONE} ticks, commit included; raw sqlx writes the same rows in {:.3} ms",
        median(raw_took)
    );
    Ok(line
        .aims("ratio < 1.5", |line| line.ratio < Some(1.5))
        .note(note))
}

/// Milliseconds of each tick, the clock standing at the instant at which the next case alone is due.
async fn ticks(folder: &Folder, mut recorder: Option<&mut Recorder>) -> Outcome<Vec<f64>> {
    let engine = folder.engine().await?;
    for plan in engine.store().active(engine.tenant()).await?.values() {
        engine.ready(plan).await?;
    }
    let mut took = Vec::new();
    for number in 0..ALONE {
        let mut tx = engine.store().begin().await?;
        tx.set_clock(sleeping::alone_at(number)?).await?;
        tx.commit().await?;
        if let Some(recorder) = &mut recorder {
            recorder.skip().await?;
        }
        let began = Instant::now();
        let woken = engine.tick().await?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        if woken.count != 1 {
            return Err(format!("{} cases woke instead of one", woken.count).into());
        }
        if let Some(recorder) = &mut recorder {
            recorder.batch().await?;
        }
    }
    engine.store().close().await;
    Ok(took)
}

/// Kills a daemon with work in hand, and starts it anew.
async fn restart(large: &Folder, many: usize) -> Outcome<Line> {
    let engine = large.engine().await?;
    let mut tx = engine.store().begin().await?;
    tx.set_clock(sleeping::together_at()?).await?;
    tx.commit().await?;
    engine.store().close().await;
    let (mut ready, mut worked) = (Vec::new(), Vec::new());
    let mut daemon = Daemon::start(large)?;
    for _ in 0..KILLS {
        daemon.wait_for("woke what was due")?;
        daemon.kill()?;
        let began = Instant::now();
        daemon = Daemon::start(large)?;
        daemon.wait_for("keeping promises")?;
        ready.push(began.elapsed().as_secs_f64() * 1e3);
        daemon.wait_for("woke what was due")?;
        worked.push(began.elapsed().as_secs_f64() * 1e3);
    }
    drop(daemon);
    let figure = format!("ready after kill -9, {many} sleeping");
    let line = Line::alone(&figure, "ms", median(ready)).aims("< 1 s", |line| line.forloeb < 1e3);
    Ok(line.note(format!(
        "from the start of the process; its first transaction of up to 500 due cases is committed after {:.0} ms; {KILLS} kills with work in hand",
        median(worked)
    )))
}

/// Watches a daemon that has nothing to do.
async fn idle(options: &Options, large: &Folder, many: usize) -> Outcome<Vec<Line>> {
    large.run(&["tick"])?;
    let mut daemon = Daemon::start(large)?;
    daemon.wait_for("keeping promises")?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (began, processor, memory) = (
        Instant::now(),
        daemon.processor_seconds()?,
        daemon.memory()?,
    );
    tokio::time::sleep(WATCHED.mul_f64(options.scale.clamp(0.1, 1.0))).await;
    let watched = began.elapsed().as_secs_f64();
    let share = (daemon.processor_seconds()? - processor) / watched * 100.0;
    let later = daemon.memory()?;
    drop(daemon);
    let megabytes = |bytes: f64| bytes / 1e6;
    let idle = Line::alone(
        &format!("an idle daemon over {many} sleeping"),
        "% of a core",
        share,
    )
    .aims("< 0.5 %", |line| line.forloeb < 0.5)
    .note(format!("over {watched:.0} s"));
    let flat = Line {
        raw: Some(megabytes(memory)),
        ratio: Some(later / memory),
        ..Line::alone(
            "  its memory at the end; raw: at the start",
            "MB",
            megabytes(later),
        )
    };
    Ok(vec![
        idle,
        flat.aims("flat", |line| line.ratio < Some(1.05)),
    ])
}
