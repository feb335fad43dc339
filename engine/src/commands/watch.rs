//! The daemon's look at the programme's folder: when a file was edited, the folder is read anew, what is good is put in force for new
//! cases, and what is not is told once, while the version before goes on.
//!
//! It looks at the files instead of being told of them: that works on shares of other machines too, and with every manner in which
//! editors save (writing over, or beside and renaming), and costs a few reads of a folder in a second. It never decides what is good,
//! and what goes wrong with it never stops the daemon.

use super::{
    Context, Failure,
    context::{read, shown},
    force::{Compiled, Followed, Following, InForce, OfTenant, activate, known},
};
use crate::{
    config::FILE,
    diagnostic::{Diagnostic, render_all},
    language::programme::list_folder,
    store::{StoreError, sqlite::SqliteStore},
    turn::{Tenants, TurnError},
};
use forloeb_core::name::Name;
use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};
use tokio::sync::oneshot::{self, Receiver, error::TryRecvError};

/// Between two looks there is at least as much: nobody edits faster.
const LEAST: Duration = Duration::from_secs(1);

/// As much as the main thread has, on which programmes are read otherwise.
const STACK_BYTES: usize = 8 << 20;

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
    reading: Option<Receiver<Result<Read, Failure>>>,
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
        if let Some(reading) = &mut self.reading {
            let read = match reading.try_recv() {
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Closed) => {
                    tracing::error!(target: "forloeb::daemon", "reading the programme was broken off; what is in force stays in force");
                    None
                }
                Ok(Err(failure)) => {
                    tell_failure(&failure);
                    None
                }
                Ok(Ok(read)) => Some(read),
            };
            self.reading = None;
            return self.take(read?, context, tenants).await;
        }
        if self.looked.elapsed() < self.every {
            return None;
        }
        self.looked = Instant::now();
        // A share of another machine may answer slowly: others go on meanwhile.
        let seen = tokio::task::block_in_place(|| stamp(&context.common.programme));
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
        // Where nothing is known, all is explored again.
        let known_plans = known(tenants.engines()).await.unwrap_or_default();
        let read = move || {
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
        };
        // Not a task of the runtime: a daemon that is told to stop does not wait for it.
        let (sender, receiver) = oneshot::channel();
        let thread = thread::Builder::new().stack_size(STACK_BYTES);
        let begun = thread.spawn(move || {
            // Without a receiver, there is nobody to read for.
            let _gone = sender.send(read());
        });
        match begun {
            Ok(_) => self.reading = Some(receiver),
            Err(error) => {
                tracing::error!(target: "forloeb::daemon", %error, "the edited programme cannot be read; trying again");
                self.done = None;
            }
        }
    }

    /// Puts what was read in force, or tells what is wrong with it.
    async fn take(
        &mut self,
        read: Read,
        context: &Context,
        tenants: &mut Tenants<SqliteStore>,
    ) -> Option<Context> {
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
    let in_force = activate(engine, &own.plans, Following::All).await?;
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
    for one in &in_force {
        match one.followed {
            Followed::Stayed => {}
            Followed::Went(cases) => tracing::info!(
                target: "forloeb::daemon", %tenant, process = %one.process, cases, "its open cases went over"
            ),
            Followed::NotSafe => tracing::info!(
                target: "forloeb::daemon", %tenant, process = %one.process,
                "its open cases stay: it would touch what was promised (`forloeb migrate --preview` shows what)"
            ),
        }
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
            tracing::warn!(target: "forloeb::daemon", why = %other, "the edited programme is not put in force; what is in force stays in force");
        }
    }
}

fn stamp(folder: &Path) -> Stamp {
    files(folder).map_err(|error| error.to_string())
}

fn files(folder: &Path) -> io::Result<Vec<Seen>> {
    let listed = list_folder(folder)?.into_iter().map(|(_, file)| file);
    let mut seen = Vec::new();
    for file in listed.chain([folder.join(FILE)]) {
        match fs::metadata(&file) {
            Ok(known) => seen.push((file, known.len(), known.modified().ok())),
            // `forloeb.toml` may be missing, and others may be taken away while the folder is read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(seen)
}
