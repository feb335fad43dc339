//! `run`: the daemon. It sleeps until something is due or another process has written, wakes what is due, and stops cleanly.
//!
//! It keeps nothing that must survive: what it knows of the database is only when to look again.

use super::{Context, Ending, Failure, args::RunArgs};
use crate::{
    store::{Clock, Environment, Store, StoreError},
    turn::{Engine, TurnError, Woken, instant},
};
use jiff::Timestamp;
use std::{pin::pin, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long the daemon waits before it tries again when the database is busy or its disk is full: at first, and at most, since each
/// time that it fails it waits twice as long.
const PATIENCE: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(8)];

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
    let (mut looked, mut patience) = (None, PATIENCE[0]);
    loop {
        let turn = pin!(turn(&engine, &mut looked));
        let (answer, stopping) = match stop.during(turn).await {
            During::Done(answer) => (answer, false),
            During::DoneThenStop(answer) => (answer, true),
            During::LeftUndone => {
                tracing::warn!(target: "forloeb::daemon", "told to stop twice; what was in hand is left as it was before");
                return Ok(Ending::Fine);
            }
        };
        let wait = match answer {
            Ok(until_due) => {
                patience = PATIENCE[0];
                until_due.map_or(poll, |wait| wait.min(poll))
            }
            Err(TurnError::Store(StoreError::Environment(error))) if passes(&error) => {
                tracing::error!(target: "forloeb::daemon", %error, help = error.help(), "trying again");
                let wait = patience;
                patience = PATIENCE[1].min(patience * 2);
                wait
            }
            Err(error) => return Err(error.into()),
        };
        if stopping || stop.within(wait).await {
            break;
        }
    }
    engine.store().close().await;
    tracing::info!(target: "forloeb::daemon", "stopped; what was in hand is finished");
    Ok(Ending::Fine)
}

/// What the daemon saw when it looked last.
struct Looked {
    /// The store's number of changes before it looked.
    changes: i64,
    clock: Clock,
    wake: Option<Timestamp>,
}

/// Looks whether something has been written, and wakes what is due. Says how long nothing is due by itself; none for ever.
async fn turn<S: Store>(
    engine: &Engine<S>,
    looked: &mut Option<Looked>,
) -> Result<Option<Duration>, TurnError> {
    let changes = engine.store().changes().await?;
    let known = looked.take().filter(|known| known.changes == changes);
    let now_known = match known {
        Some(known) => known,
        None => Looked {
            changes,
            clock: engine.store().clock().await?,
            wake: engine.next_wake().await?,
        },
    };
    // A real clock is read each time, so that one that is set forward or back is followed.
    let now = instant(now_known.clock);
    let until_due = now_known.wake.map(|wake| wake.duration_since(now));
    if until_due.is_some_and(|wait| !wait.is_positive()) {
        tell(&engine.tick().await?);
        return Ok(Some(Duration::ZERO));
    }
    *looked = Some(now_known);
    Ok(until_due.map(|wait| wait.unsigned_abs()))
}

fn tell(woken: &Woken) {
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

/// Whether what is wrong with the surroundings may pass by itself.
fn passes(error: &Environment) -> bool {
    matches!(
        error,
        Environment::Busy | Environment::Full | Environment::Disk(_)
    )
}

/// What tells the daemon to stop.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

/// What came of work during which the daemon may have been told to stop.
enum During<T> {
    Done(T),
    /// It was finished, and then the daemon stops.
    DoneThenStop(T),
    /// Somebody did not want to wait for it.
    LeftUndone,
}

impl Stop {
    fn listen() -> Result<Self, Failure> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits so long, or until it is told to stop. Says whether it was.
    async fn within(&mut self, wait: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.asked() => true,
            () = tokio::time::sleep(wait) => false,
        }
    }

    /// Finishes what is in hand, whenever it is told to stop; told twice, it leaves it.
    async fn during<T>(
        &mut self,
        mut work: std::pin::Pin<&mut impl Future<Output = T>>,
    ) -> During<T> {
        tokio::select! {
            biased;
            done = &mut work => return During::Done(done),
            () = self.asked() => {}
        }
        tokio::select! {
            biased;
            done = &mut work => During::DoneThenStop(done),
            () = self.asked() => During::LeftUndone,
        }
    }
}
