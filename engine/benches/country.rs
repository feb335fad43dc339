//! A country for a year: towns go through the shipped programme on the virtual clock, all rules on, as lines on the standard input of
//! `forloeb apply`; and what memory that takes for so many journeys and for four times as many.

use super::{
    Outcome,
    daemon::memory,
    folder::{Folder, SHIPPED, monday},
    options::Options,
    table::Line,
    town::{DAYS, JOURNEYS, Town},
};
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use std::{
    io::{BufWriter, Read, Write},
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How many journeys there are unless it is said.
const COUNTRY: usize = 2_400;
/// The full run.
const FULL: f64 = 60_000.0;

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let journeys = options.journeys.unwrap_or_else(|| options.scaled(COUNTRY));
    let quarter = year(options, journeys.div_ceil(4), true).await?;
    let whole = year(options, journeys, false).await?;
    let figure = format!("a country, {journeys} journeys over a year, all rules");
    let full = whole.took / 60.0 * FULL / journeys as f64;
    let line = Line::alone(&figure, "minutes", whole.took / 60.0)
        .aims("60,000 in minutes", move |_| full < 60.0)
        .note(format!(
            "{} lines, {} entries written; 60,000 would take {full:.0} minutes at this rate",
            whole.lines, whole.entries
        ));
    let rate = Line::alone(
        "  lines a second, with all that falls due",
        "/s",
        whole.lines as f64 / whole.took,
    );
    let (less, more) = (quarter.memory / 1e6, whole.memory / 1e6);
    let grows = Line {
        raw: Some(less),
        ratio: Some(more / less),
        ..Line::alone(
            "  its memory at most; raw: with a quarter of them",
            "MB",
            more,
        )
    };
    Ok(vec![
        line,
        rate,
        grows.aims("does not grow", |line| line.ratio < Some(1.25)),
    ])
}

struct Year {
    /// Seconds.
    took: f64,
    /// Bytes, at most.
    memory: f64,
    lines: u64,
    entries: u64,
}

/// A year of so many journeys.
async fn year(options: &Options, journeys: usize, check: bool) -> Outcome<Year> {
    eprintln!("  {journeys} journeys ...");
    let folder = Folder::new(options, "country", SHIPPED).await?;
    let mut program = folder.program(&["apply", "-", "--json"]);
    let began = Instant::now();
    let mut child = program.stdin(Stdio::piped()).spawn()?;
    let ended = Arc::new(AtomicBool::new(false));
    let watch = watch(child.id(), ended.clone());
    let told = reading(&mut child)?;
    let lines = tell(&mut child, journeys)?;
    let status = child.wait()?;
    let took = began.elapsed().as_secs_f64();
    ended.store(true, Ordering::Relaxed);
    let memory = watch.join().map_err(|_| "nobody watched its memory")?;
    let (out, err) = told.join().map_err(|_| "nobody read what it told")?;
    if !status.success() {
        let applied: Json = serde_json::from_str(&out).unwrap_or_default();
        return Err(format!("apply: {} {err}", applied["refused"])
            .chars()
            .take(3_000)
            .collect::<String>()
            .into());
    }
    if check {
        folder.run(&["doctor"])?;
    }
    let engine = folder.engine().await?;
    let counts = forloeb::store::Store::counts(engine.store(), engine.tenant()).await?;
    engine.store().close().await;
    Ok(Year {
        took,
        memory,
        lines,
        entries: counts.entries,
    })
}

/// Reads what the program tells, so that it never waits to be heard.
fn reading(child: &mut Child) -> Outcome<thread::JoinHandle<(String, String)>> {
    let mut out = child.stdout.take().ok_or("no output")?;
    let mut err = child.stderr.take().ok_or("no errors")?;
    Ok(thread::spawn(move || {
        let (mut told, mut wrong) = (String::new(), String::new());
        let errors = thread::spawn(move || {
            err.read_to_string(&mut wrong).ok();
            wrong
        });
        out.read_to_string(&mut told).ok();
        (told, errors.join().unwrap_or_default())
    }))
}

/// The most memory that a process has held until it has ended.
fn watch(process: u32, ended: Arc<AtomicBool>) -> thread::JoinHandle<f64> {
    thread::spawn(move || {
        let mut most = 0.0;
        while !ended.load(Ordering::Relaxed) {
            most = memory(process, "VmHWM:").unwrap_or(most).max(most);
            thread::sleep(Duration::from_millis(20));
        }
        most
    })
}

/// Tells a year, day by day. Gives the number of lines.
fn tell(child: &mut Child, journeys: usize) -> Outcome<u64> {
    let mut input = BufWriter::new(child.stdin.take().ok_or("no input")?);
    let first_day = monday()?.to_zoned_datetime(TimeZone::UTC).date();
    let mut towns: Vec<Town> = (0..journeys.div_ceil(JOURNEYS))
        .map(|number| {
            Town::new(
                number,
                JOURNEYS.min(journeys - number * JOURNEYS),
                first_day,
            )
        })
        .collect();
    let mut lines = 0;
    for day in 0..DAYS {
        for town in &mut towns {
            for line in town.day(day) {
                writeln!(input, "{}", line.json())?;
                lines += 1;
            }
        }
        writeln!(input, r#"{{"advance":"1 day"}}"#)?;
    }
    input.flush()?;
    Ok(lines)
}
