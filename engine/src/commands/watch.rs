//! The daemon's look at the programme's folder: when a file was edited, the folder is read anew, what is good is put in force for new
//! cases, and what is not is told once, while the version before goes on.
//!
//! It looks at the files instead of being told of them: that works on shares of other machines too, and with every manner in which
//! editors save (writing over, or beside and renaming), and costs a few reads of a folder in a second. It never decides what is good,
//! and what goes wrong with it never stops the daemon.

use super::{
    Context, Failure,
    context::{read, shown},
    force::{Compiled, InForce, OfTenant, activate, known},
};
use crate::{
    config::FILE,
    diagnostic::{Diagnostic, render_all},
    store::{StoreError, sqlite::SqliteStore},
    turn::{Tenants, TurnError},
};
use forloeb_core::name::Name;
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};
use tokio::task::JoinHandle;

/// Between two looks there is at least as much: nobody edits faster.
const LEAST: Duration = Duration::from_secs(1);

/// The folders of a programme, and how the names of their files end.
const FOLDERS: [(&str, &[&str]); 4] = [
    ("processes", &["yaml", "yml"]),
    ("processes/calendars", &["yaml", "yml"]),
    ("processes/overlays", &["yaml", "yml"]),
    ("rules", &["rhai"]),
];

/// A file as it was seen: its path, its length, when it was changed.
type Seen = (PathBuf, u64, Option<SystemTime>);

/// The files of a folder as they were seen, or why they could not be.
type Stamp = Result<Vec<Seen>, String>;

/// What was read: what `forloeb.toml` says, and the programme as each tenant has it.
struct Read {
    context: Context,
    tenants: Vec<(Name, OfTenant)>,
}

/// A folder that is looked at again and again.
pub struct Watch {
    every: Duration,
    looked: Instant,
    /// The files as they were when they were read; none when what was read could not be put in force for want of the database.
    done: Option<Stamp>,
    /// As they were at the last look.
    seen: Stamp,
    reading: Option<JoinHandle<Result<Read, Failure>>>,
}

impl Watch {
    /// Begins with the files as they are now, before they are read for the first time.
    pub fn begin(context: &Context, poll: Duration) -> Self {
        let seen = stamp(&context.common.programme);
        Self {
            every: poll.max(LEAST),
            looked: Instant::now(),
            done: Some(seen.clone()),
            seen,
            reading: None,
        }
    }

    /// Looks at the folder, if it is time. Gives what `forloeb.toml` says now, when the folder has been read anew.
    pub async fn look(
        &mut self,
        context: &Context,
        tenants: &mut Tenants<SqliteStore>,
    ) -> Option<Context> {
        if let Some(reading) = self.reading.take_if(|reading| reading.is_finished()) {
            return self.take(reading, context, tenants).await;
        }
        if self.reading.is_some() || self.looked.elapsed() < self.every {
            return None;
        }
        self.looked = Instant::now();
        let seen = stamp(&context.common.programme);
        let before = std::mem::replace(&mut self.seen, seen);
        // An editor may be in the middle of saving: what has just changed is read once it has been quiet from one look to the next.
        if self.done.as_ref() != Some(&self.seen) && before == self.seen {
            self.done = Some(before);
            self.read(context, tenants).await;
        }
        None
    }

    /// Begins to read the folder, beside the daemon's other work: exploring all states of a journey may take a while.
    async fn read(&mut self, context: &Context, tenants: &Tenants<SqliteStore>) {
        if let Err(why) = &self.seen {
            let folder = shown(&context.common.programme);
            tracing::warn!(target: "forloeb::daemon", folder, why, "the programme's folder cannot be read; what is in force stays in force");
            return;
        }
        let context = context.anew();
        if let Err(failure) = context.config() {
            tell_failure(&failure);
            return;
        }
        let mut known_plans = BTreeSet::new();
        for engine in tenants.engines() {
            match known(engine).await {
                Ok(known) => known_plans.extend(known),
                // Nothing is known then, and all is explored again.
                Err(error) => tracing::debug!(target: "forloeb::daemon", %error, "plans in force"),
            }
        }
        self.reading = Some(tokio::task::spawn_blocking(move || {
            let sources = read(&context.common.programme)?;
            let wanted = context.declared_and_asked()?;
            let mut compiled = Compiled::of(sources, known_plans);
            let of = |tenant: Name| {
                let own = compiled.of_tenant(&context.config, &tenant)?;
                Some((tenant, own))
            };
            Ok(Read {
                tenants: wanted.into_iter().filter_map(of).collect(),
                context,
            })
        }));
    }

    /// Puts what was read in force, or tells what is wrong with it.
    async fn take(
        &mut self,
        reading: JoinHandle<Result<Read, Failure>>,
        context: &Context,
        tenants: &mut Tenants<SqliteStore>,
    ) -> Option<Context> {
        let read = match reading.await {
            Ok(Ok(read)) => read,
            Ok(Err(failure)) => {
                tell_failure(&failure);
                return None;
            }
            Err(error) => {
                tracing::error!(target: "forloeb::daemon", %error, "reading the programme was broken off");
                return None;
            }
        };
        if read.context.db() != context.db() {
            tracing::warn!(target: "forloeb::daemon", db = read.context.db(), "forloeb.toml names another database: start the daemon again");
        }
        let mut told: Vec<Vec<Diagnostic>> = Vec::new();
        let mut new = 0;
        for (tenant, own) in read.tenants {
            tenants.add(&tenant);
            match force(&tenant, own, tenants, &mut told, &read.context).await {
                Ok(count) => new += count,
                Err(error) => {
                    tracing::error!(target: "forloeb::daemon", %tenant, %error, "not put in force; trying again");
                    if matches!(error, TurnError::Store(StoreError::Environment(_))) {
                        self.done = None;
                    }
                }
            }
        }
        if told.is_empty() {
            tracing::info!(target: "forloeb::daemon", new, "read the edited programme");
        }
        Some(read.context)
    }
}

/// Puts a tenant's programme in force, or tells what is wrong with it: what was told before for another tenant is not told again. Says
/// how many plans are new.
pub async fn force(
    tenant: &Name,
    own: OfTenant,
    tenants: &Tenants<SqliteStore>,
    told: &mut Vec<Vec<Diagnostic>>,
    context: &Context,
) -> Result<usize, TurnError> {
    let Some(engine) = tenants.get(tenant) else {
        return Ok(0);
    };
    if !own.good {
        tracing::warn!(
            target: "forloeb::daemon",
            %tenant,
            errors = own.errors(),
            "the programme has errors and is not put in force; the one before stays (`forloeb check` shows them)"
        );
        if !told.contains(&own.diagnostics) {
            eprint!("{}", render_all(&own.diagnostics, context.paint_errors()));
            told.push(own.diagnostics);
        }
        return Ok(0);
    }
    let in_force = activate(engine, &own.plans).await?;
    let new: Vec<&InForce> = in_force.iter().filter(|one| one.is_new()).collect();
    for one in &new {
        tracing::info!(
            target: "forloeb::daemon",
            %tenant,
            process = %one.process,
            old = one.before.as_deref(),
            new = %one.now,
            "in force for new cases"
        );
    }
    Ok(new.len())
}

fn tell_failure(failure: &Failure) {
    match failure {
        Failure::InFiles(rendered) => {
            tracing::warn!(target: "forloeb::daemon", "forloeb.toml has errors; what it said before stays (`forloeb check` shows them)");
            eprint!("{rendered}");
        }
        other => {
            tracing::warn!(target: "forloeb::daemon", why = %other, "the programme's folder cannot be read; what is in force stays in force");
        }
    }
}

fn stamp(folder: &Path) -> Stamp {
    files(folder).map_err(|error| error.to_string())
}

fn files(folder: &Path) -> io::Result<Vec<Seen>> {
    let mut seen = Vec::new();
    let mut see = |path: PathBuf| match fs::metadata(&path) {
        Ok(known) if known.is_file() => {
            seen.push((path, known.len(), known.modified().ok()));
            Ok(())
        }
        Ok(_) => Ok(()),
        // It was taken away while the folder was read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    fs::read_dir(folder)?;
    see(folder.join(FILE))?;
    for (inside, endings) in FOLDERS {
        let entries = match fs::read_dir(folder.join(inside)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let ending = path.extension().and_then(|ending| ending.to_str());
            let hidden = name.is_none_or(|name| name.starts_with('.'));
            if !hidden && ending.is_some_and(|ending| endings.contains(&ending)) {
                see(path)?;
            }
        }
    }
    seen.sort();
    Ok(seen)
}
