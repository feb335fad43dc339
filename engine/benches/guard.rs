//! The guard against slowness that creeps in, for CI: instructions, counted by valgrind, that an input costs in `forloeb apply`, in ratio to those
//! that the baseline needs to write the same rows; and how often the database is asked. Never a time: a busy machine counts the same.
//!
//! `cargo bench --profile dev --bench speed -- guard`

use super::{
    Outcome,
    apply::record,
    folder::{Folder, LOAN, SHIPPED},
    lines::{Line, interleaved},
    loan, nextwork,
    options::Options,
    raw::Raw,
    rows::{Run, Table, literals, tables, text},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// A load, and what it may cost.
struct Bound {
    load: &'static str,
    programme: &'static str,
    /// Instructions to an input, in ratio to the baseline.
    ratio: f64,
    /// Steps of the database's statements to an input: each is a statement that ends, or a row that it gives.
    steps: f64,
}

/// What was measured when it was last looked at, in a development build: SQLite is optimised in it, and our own code is not. More than
/// `ROOM` times as much is an error; so much less is worth writing down here.
const BOUNDS: [Bound; 2] = [
    Bound {
        load: "plain",
        programme: LOAN,
        ratio: 9.2,
        steps: 0.16,
    },
    Bound {
        load: "ruled",
        programme: SHIPPED,
        ratio: 43.0,
        steps: 0.80,
    },
];
const ROOM: f64 = 1.3;

/// Counts, and fails where something has become dearer than it may be.
pub async fn run(options: &Options) -> Outcome<()> {
    let mut wrong = Vec::new();
    println!(
        "{:<8}{:>22}{:>14}{:>10}{:>10}{:>10}",
        "load", "instructions/input", "of raw", "ratio", "bound", ""
    );
    for bound in &BOUNDS {
        let counted = count(options, bound).await?;
        let ratio = counted.engine / counted.raw;
        println!(
            "{:<8}{:>22.0}{:>14.0}{:>10.2}{:>10.2}",
            bound.load, counted.engine, counted.raw, ratio, bound.ratio
        );
        println!(
            "{:<8}{:>22}{:>14}{:>10.2}{:>10.2}",
            "", "database steps/input", "", counted.steps, bound.steps
        );
        for (what, found, bound) in [
            (
                format!("{}: instructions in ratio to raw", bound.load),
                ratio,
                bound.ratio,
            ),
            (
                format!("{}: steps of the database to an input", bound.load),
                counted.steps,
                bound.steps,
            ),
        ] {
            if found > bound * ROOM {
                wrong.push(format!("{what}: {found:.2} where it was {bound:.2}"));
            } else if found * ROOM < bound {
                println!(
                    "  {what}: {found:.2} where it was {bound:.2}: write it down in engine/benches/guard.rs"
                );
            }
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("dearer than it may be:\n  {}", wrong.join("\n  ")).into()),
    }
}

/// What an input costs.
struct Counted {
    engine: f64,
    raw: f64,
    steps: f64,
}

async fn count(options: &Options, bound: &Bound) -> Outcome<Counted> {
    let lines = lines(bound.load);
    let base = Folder::new(options, &format!("guard-{}", bound.load), bound.programme).await?;
    let recorded = base.again(options, &format!("guard-{}-recorded", bound.load))?;
    let (batches, tables) = record(&recorded, &lines).await?;
    let counts = lines.len() as f64;
    let mut engine = Vec::new();
    let mut raw = Vec::new();
    for all in [false, true] {
        let folder = base.again(options, &format!("guard-{}-forloeb-{all}", bound.load))?;
        // What is in force is in the database: reading the folder anew would only be counted as well.
        for part in ["processes", "rules"] {
            fs::remove_dir_all(folder.file(part)).ok();
        }
        let text: Vec<String> = lines
            .iter()
            .filter(|_| all)
            .map(|line| format!("{}\n", line.json()))
            .collect();
        fs::write(folder.file("lines.ndjson"), text.concat())?;
        engine.push(instructions(
            &folder,
            &folder.program(&["apply", "lines.ndjson"]),
        )?);
        let folder = base.again(options, &format!("guard-{}-raw-{all}", bound.load))?;
        fs::write(folder.file("rows"), written(&batches, &tables))?;
        let mut program = Command::new(std::env::current_exe()?);
        let db = folder.db();
        program
            .arg("write-rows")
            .arg(db)
            .arg(folder.file("rows"))
            .arg(all.to_string());
        raw.push(instructions(&folder, &program)?);
    }
    let difference = |counted: &[Count], of: fn(&Count) -> f64| match counted {
        [none, all] => (of(all) - of(none)) / counts,
        _ => f64::NAN,
    };
    Ok(Counted {
        engine: difference(&engine, |count| count.instructions),
        raw: difference(&raw, |count| count.instructions),
        steps: difference(&engine, |count| count.steps),
    })
}

fn lines(load: &str) -> Vec<Line> {
    match load {
        "plain" => interleaved(loan::journeys(30), 10),
        _ => {
            let mut lines = nextwork::companies(10);
            let journeys = (0..10).map(|number| nextwork::journey(number, 10));
            lines.extend(interleaved(journeys.collect(), 5));
            lines
        }
    }
}

/// What valgrind counts in one run of a program.
struct Count {
    instructions: f64,
    steps: f64,
}

fn instructions(folder: &Folder, program: &Command) -> Outcome<Count> {
    let found = folder.file("callgrind.out");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args([
            "--tool=callgrind",
            "--compress-strings=no",
            "--compress-pos=no",
        ])
        .arg(format!("--callgrind-out-file={}", found.display()))
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(folder.file(""))
        .stdin(Stdio::null());
    let output = valgrind
        .output()
        .map_err(|error| format!("valgrind is needed: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let (mut instructions, mut steps, mut stepped) = (None, 0.0, false);
    for line in fs::read_to_string(&found)?.lines() {
        if let Some(name) = line.strip_prefix("cfn=") {
            stepped = name == "sqlite3_step";
        } else if let Some(calls) = line.strip_prefix("calls=") {
            let calls = calls.split(' ').next().unwrap_or_default();
            if stepped {
                steps += calls.parse::<f64>()?;
            }
        } else if let Some(total) = line.strip_prefix("summary: ") {
            instructions = total.trim().parse().ok();
        }
    }
    Ok(Count {
        instructions: instructions.ok_or("valgrind counted nothing")?,
        steps,
    })
}

/// Batches as a file: a line for each table with the columns that change, then one for each row, and an empty one after each batch.
fn written(batches: &[Vec<Run>], tables: &[Table]) -> String {
    let mut file = String::new();
    for table in tables {
        let changing: Vec<String> = table.changing.iter().map(ToString::to_string).collect();
        file.push_str(&format!("{}\n", changing.join(" ")));
    }
    for batch in batches {
        for run in batch {
            for row in &run.rows {
                file.push_str(&format!("{} {:?} {}\n", run.table, run.kind, text(row)));
            }
        }
        file.push('\n');
    }
    file
}

/// The baseline as a program of its own, to be counted: reads rows, and writes them if it is to. What reading them costs falls out of the
/// difference.
pub async fn write_rows(db: &Path, rows: &Path, all: bool) -> Outcome<()> {
    let options = SqliteConnectOptions::new().filename(db);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let mut tables: Vec<Table> = tables(&mut connection).await?;
    connection.close().await?;
    let file = fs::read_to_string(rows)?;
    let mut lines = file.split_terminator('\n');
    for (table, changing) in tables.iter_mut().zip(&mut lines) {
        let changing = changing.split_whitespace().map(str::parse);
        table.changing = changing.collect::<Result<_, _>>()?;
    }
    let mut raw = Raw::open(db, &tables).await?;
    let mut batch: Vec<Run> = Vec::new();
    for line in lines {
        if line.is_empty() {
            if all {
                raw.write(&batch).await?;
            }
            batch.clear();
            continue;
        }
        let (table, rest) = line.split_once(' ').ok_or("not a row")?;
        let (kind, cells) = rest.split_once(' ').ok_or("not a row")?;
        let (table, kind) = (table.parse()?, super::rows::Kind::named(kind));
        let cells = literals(cells)?;
        match batch.last_mut() {
            Some(run) if run.table == table && run.kind == kind => run.rows.push(cells),
            _ => batch.push(Run {
                table,
                kind,
                rows: vec![cells],
            }),
        }
    }
    raw.close().await
}
