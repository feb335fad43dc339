//! `run`: the daemon. It sleeps until something is due or another process has written, wakes what is due, and stops cleanly.

use super::{Context, Ending, Failure, args::RunArgs};
use crate::{
    store::{Environment, Store, StoreError, sqlite::SqliteStore},
    turn::{Engine, TurnError, Woken},
};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long the daemon waits before it tries again when the database is busy or its disk is full.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn run(context: &Context, args: RunArgs) -> Result<Ending, Failure> {
    if !(args.poll.is_finite() && (0.01..=60.0).contains(&args.poll)) {
        return Err(Failure::usage(
            format!("`{}` seconds is no time to wait", args.poll),
            "give 0.01 to 60",
        ));
    }
    let poll = Duration::from_secs_f64(args.poll);
    let mut stop = Stop::listen()?;
    let engine = context.engine_in_force().await?;
    tracing::info!(target: "forloeb::daemon", db = %context.db(), "keeping promises");
    let mut seen = None;
    loop {
        let changes = engine.store().changes().await?;
        let wake = engine.next_wake().await?;
        let now = engine.now().await?;
        if seen != Some(changes) || wake.is_some_and(|wake| wake <= now) {
            match tick(&engine).await {
                Ok(woken) => {
                    tell(&woken);
                    seen = woken.all.then_some(changes);
                }
                Err(TurnError::Store(StoreError::Environment(error))) if passes(&error) => {
                    tracing::error!(target: "forloeb::daemon", %error, "trying again");
                    if stop.within(PATIENCE).await {
                        break;
                    }
                }
                Err(error) => return Err(error.into()),
            }
            if stop.within(Duration::ZERO).await {
                break;
            }
            continue;
        }
        let until_due = wake
            .map(|wake| wake.duration_since(now).unsigned_abs())
            .unwrap_or(poll);
        if stop.within(until_due.min(poll)).await {
            break;
        }
    }
    tracing::info!(target: "forloeb::daemon", "stopped; what was in hand is finished");
    Ok(Ending::Fine)
}

async fn tick(engine: &Engine<SqliteStore>) -> Result<Woken, TurnError> {
    engine.tick().await
}

fn tell(woken: &Woken) {
    if woken.count > 0 {
        let entries: usize = woken.changed.iter().map(|(_, entries)| entries.len()).sum();
        tracing::info!(
            target: "forloeb::daemon",
            woken = woken.count,
            changed = woken.changed.len(),
            entries,
            more = !woken.all,
            "woke what was due"
        );
    }
}

/// Whether what is wrong with the surroundings may pass by itself.
fn passes(error: &Environment) -> bool {
    matches!(error, Environment::Busy | Environment::Full)
}

/// What tells the daemon to stop.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> Result<Self, Failure> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits so long, or until it is told to stop. Says whether it was.
    async fn within(&mut self, wait: Duration) -> bool {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => true,
            _ = self.interrupt.recv() => true,
            () = tokio::time::sleep(wait) => false,
        }
    }
}
