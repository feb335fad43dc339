//! `run`: the daemon. It sleeps until something is due, another process has written or a file was edited, does what is to be done, and
//! stops cleanly.

use super::{Context, Ending, Failure, args::RunArgs, rounds::Rounds, watch::Watch, watch::force};
use crate::{
    store::{Environment, StoreError},
    turn::TurnError,
};
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
    let mut watch = Watch::begin(context, poll);
    let mut rounds = Rounds::begin(context).await?;
    put_in_force(&mut rounds).await?;
    rounds.gather().await?;
    tracing::info!(target: "forloeb::daemon", db = %context.db(), tenants = rounds.tenants.count(), "keeping promises");
    let mut patience = PATIENCE[0];
    loop {
        let turn = pin!(async {
            if let Some(context) = watch.look(&rounds.context, &mut rounds.tenants).await {
                rounds.follow(context);
            }
            rounds.turn().await
        });
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
    rounds.tenants.store().close().await;
    tracing::info!(target: "forloeb::daemon", "stopped; what was in hand is finished");
    Ok(Ending::Fine)
}

/// Puts the programme's folder in force for each tenant, as far as it is good.
async fn put_in_force(rounds: &mut Rounds) -> Result<(), Failure> {
    let context = rounds.context.clone();
    let Some(mut compiled) = context.compiled(rounds.tenants.engines()).await? else {
        return Ok(());
    };
    let mut told = Vec::new();
    for engine in rounds.tenants.engines() {
        let tenant = engine.tenant();
        if let Some(own) = compiled.of_tenant(&context.config, tenant) {
            force(tenant, own, &rounds.tenants, &mut told, &context).await?;
        }
    }
    Ok(())
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
