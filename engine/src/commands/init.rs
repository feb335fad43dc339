//! `init`: a folder with the shipped programme and a database, and with `--demo` invented cases in the middle of their journeys.

use super::{
    Context, Ending, Failure,
    apply::Applier,
    args::InitArgs,
    context::{TENANT, shown},
    force::{Following, activate},
    lines::Line,
    settings::Origin,
    shipped,
};
use crate::{
    store::{
        Clock,
        sqlite::{Open, SqliteStore},
    },
    turn::Engine,
};
use forloeb_core::{name::Name, time::whole_microseconds};
use jiff::Timestamp;
use std::{fs, path::Path};

pub async fn run(context: &Context, args: InitArgs) -> Result<Ending, Failure> {
    let dir = &args.dir;
    refuse_tenant(context)?;
    let at_home = context.in_folder(dir);
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::environment(
            format!("`{}` is not empty", shown(dir)),
            "give a folder that is empty or does not exist yet",
        ));
    }
    let lines = if args.demo { demo_lines()? } else { Vec::new() };
    let clock = match lines.first() {
        Some(Line::Clock(start)) => Clock::Virtual(*start),
        _ if args.demo => Clock::Virtual(whole_microseconds(Timestamp::now())),
        _ => Clock::Real,
    };
    // The database comes first: where it cannot be made, no programme is left behind that stands in the way of another try.
    fs::create_dir_all(dir).map_err(|error| not_written(dir, &error))?;
    let store = SqliteStore::open(&at_home.db(), Open::Create { clock }).await?;
    write_programme(dir)?;
    let engine = Engine::new(store, Name::from(TENANT));
    match at_home.programme_of(&engine).await? {
        Some(programme) if programme.good => {
            activate(&engine, &programme.plans, Following::New).await?
        }
        _ => {
            return Err(Failure::environment(
                "the shipped programme has errors",
                "please report this as a mistake in forloeb",
            ));
        }
    };
    if args.demo {
        play(&engine, lines).await?;
    }
    tell(context, dir, args.demo)?;
    Ok(Ending::Fine)
}

/// A new database has one tenant, and nobody has divided it yet.
pub fn refuse_tenant(context: &Context) -> Result<(), Failure> {
    match context.asked_tenant() {
        Some(asked) if asked.origin == Origin::Flag("--tenant") => Err(Failure::usage(
            format!("a new database has no tenant `{}`", asked.value),
            "leave --tenant out, and declare tenants in forloeb.toml afterwards",
        )),
        _ => Ok(()),
    }
}

fn write_programme(dir: &Path) -> Result<(), Failure> {
    for (path, text) in shipped::files() {
        let path = dir.join(path);
        let write = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, text)
        };
        write().map_err(|error: std::io::Error| not_written(&path, &error))?;
    }
    Ok(())
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::environment(
        format!("`{}` cannot be written: {error}", shown(path)),
        "give a folder that this user may write",
    )
}

fn demo_lines() -> Result<Vec<Line>, Failure> {
    let demo = shipped::demo();
    let lines = demo
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(place, line)| {
            Line::read(line).map_err(|refusal| broken_demo(place + 1, &refusal.to_string()))
        })
        .collect()
}

fn broken_demo(line: usize, why: &str) -> Failure {
    Failure::environment(
        format!("line {line} of the shipped demo cannot be taken in: {why}"),
        "please report this as a mistake in forloeb",
    )
}

async fn play(engine: &Engine<SqliteStore>, lines: Vec<Line>) -> Result<(), Failure> {
    let mut applier = Applier::new(engine).await?;
    for (place, line) in lines.into_iter().enumerate() {
        // Its first line says where the clock begins.
        if !matches!(line, Line::Clock(_)) {
            applier.take(place + 1, line).await?;
        }
    }
    let applied = applier.finish().await?;
    match applied.refused.first() {
        Some(refused) => Err(broken_demo(refused.line, &refused.message)),
        None => Ok(()),
    }
}

fn tell(context: &Context, dir: &Path, demo: bool) -> Result<(), Failure> {
    let folder = shown(dir);
    let next = if demo {
        "forloeb case list --overdue"
    } else {
        "forloeb check"
    };
    let data = serde_json::json!({ "folder": folder, "demo": demo });
    context.print_either(&data, || {
        format!("{folder} holds the programme and its database.\nGo there and go on with: {next}\n")
    })
}
