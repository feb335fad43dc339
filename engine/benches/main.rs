//! `cargo bench`: how fast the engine is, each figure beside a raw baseline that writes the same rows with plain sqlx in the same batches.
//!
//! `cargo bench -- apply wake` runs two of them, `--quick` runs small ones, `--json` prints for machines. The baseline is not an estimate:
//! the rows are those that the engine wrote (`record`), and both databases are compared afterwards, row by row.

mod application;
mod apply;
mod asleep;
mod callers;
mod chance;
mod country;
mod daemon;
mod folder;
mod guard;
mod lines;
mod loan;
mod migration;
mod nextwork;
mod options;
mod people;
mod raw;
mod record;
mod rows;
mod rules;
mod same;
mod sleeping;
mod table;
mod town;
mod wake;

use mimalloc::MiMalloc;
use options::{FIGURES, Options};
use std::error::Error;
use table::Line;

/// The program's own, for the engine that is measured here and for the baseline.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What a bench gives; what fails ends the run.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    if let [task, db, rows, all] = words.as_slice()
        && task == "write-rows"
    {
        return runtime.block_on(guard::write_rows(db.as_ref(), rows.as_ref(), all == "true"));
    }
    if words.first().is_some_and(|word| word == "guard") {
        let options = Options::read(words.get(1..).unwrap_or_default())?;
        return runtime.block_on(guard::run(&options.unwrap_or_default()));
    }
    let Some(options) = Options::read(&words)? else {
        return Ok(());
    };
    let lines = runtime.block_on(async {
        let mut lines = Vec::new();
        for (figures, _) in FIGURES {
            if figures.iter().any(|figure| options.wants(figure)) {
                lines.extend(run(figures, &options).await?);
            }
        }
        Outcome::Ok(lines)
    })?;
    if options.json {
        println!("{}", table::json(&lines, &options)?);
    } else {
        print!("{}", table::page(&lines, &options));
    }
    Ok(())
}

async fn run(figures: &[&str], options: &Options) -> Outcome<Vec<Line>> {
    eprintln!("{} ...", figures.join(", "));
    match figures {
        ["apply"] => apply::run(options).await,
        ["callers"] => callers::run(options).await,
        ["wake"] => wake::run(options).await,
        ["rules"] => rules::run(options).await,
        ["migration"] => migration::run(options).await,
        ["country"] => country::run(options).await,
        _ => asleep::run(options).await,
    }
}
