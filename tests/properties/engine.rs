//! The real engine over a database on a virtual clock: it drives as the world in memory does, late or timely, and an input that is
//! delivered again changes nothing.

use super::journeys::{
    Delivered, Gone, Histories, Size, Stage, but_recorded, dense, go, on_seeds, same, shipped,
    whole,
};
use crate::world::{Deed, World};
use forloeb::{
    store::{
        Clock, Store, Tx,
        sqlite::{Open, SqliteStore},
    },
    turn::{Accepted, Bounds, Engine, Request, Who, Why},
};
use forloeb_core::{entry::Actor, input::Refusal};
use jiff::Timestamp;
use proptest::prelude::*;
use std::{path::PathBuf, sync::Arc};

const DENSE: Size = Size {
    moves: 40,
    longest_pause: 96 * 8,
    days_after: 4,
};

const SHIPPED: Size = Size {
    moves: 60,
    longest_pause: 96 * 30,
    days_after: 20,
};

/// Bounds that each journey passes again and again: pages of one or two cases, transactions of three wakes, next to nothing kept.
pub(super) const TIGHT: Bounds = Bounds {
    wakes: 3,
    write_every: 2,
    heavy: 60,
    page: 2,
    page_weighs: 40,
    first_page: 1,
    kept: 60,
    inputs: [4, 1],
    migrated: 2,
};

/// A database in a folder of its own.
pub(super) struct Place {
    folder: tempfile::TempDir,
    bounds: Bounds,
}

impl Place {
    fn file(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    pub(super) async fn make(
        stage: &Stage,
        begins: Timestamp,
        bounds: Bounds,
    ) -> (Self, Engine<SqliteStore>) {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            bounds,
        };
        let clock = Clock::Virtual(begins);
        let url = format!("sqlite:{}", place.file().display());
        let store = SqliteStore::open(&url, Open::Create { clock })
            .await
            .unwrap();
        let engine = Engine::new(store, "roskilde".into()).within(bounds);
        let plans: Vec<_> = stage.plans.values().cloned().map(Arc::new).collect();
        engine.activate(&plans).await.unwrap();
        (place, engine)
    }

    /// As another process opens it, which knows nothing but what was committed.
    async fn open(&self) -> Engine<SqliteStore> {
        let url = format!("sqlite:{}", self.file().display());
        let store = SqliteStore::open(&url, Open::Existing).await.unwrap();
        Engine::new(store, "roskilde".into()).within(self.bounds)
    }
}

/// How the time between two inputs passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clocked {
    /// The clock goes along with what is due.
    Timely,
    /// It jumps, and whatever was due is found late.
    Late,
}

pub(super) async fn wait(engine: &Engine<SqliteStore>, until: Timestamp, clocked: Clocked) {
    if clocked == Clocked::Late {
        let mut tx = engine.store().begin().await.unwrap();
        tx.set_clock(until).await.unwrap();
        return tx.commit().await.unwrap();
    }
    while !engine.advance(until).await.unwrap().all {}
}

fn request(deed: &Deed) -> Request {
    let who = |actor: &Actor| Who {
        role: actor.role.clone(),
        name: None,
    };
    Request {
        case: Some(deed.case.clone()),
        process: deed.process.clone(),
        input: deed.given.input.clone(),
        by: deed.given.by.as_ref().map(who),
        on_behalf_of: deed.given.on_behalf_of.as_ref().map(who),
        key: deed.given.key.clone(),
    }
}

type Answers = Vec<Result<Accepted, Refusal>>;

async fn submit(engine: &Engine<SqliteStore>, inputs: &[&Delivered]) -> Answers {
    let requests = inputs.iter().map(|input| request(&input.deed)).collect();
    engine.submit(requests).await.unwrap()
}

/// Takes one input in.
pub(super) async fn submit_deed(
    engine: &Engine<SqliteStore>,
    deed: &Deed,
) -> Result<Accepted, Refusal> {
    let mut answers = engine.submit(vec![request(deed)]).await.unwrap();
    answers.remove(0)
}

/// Goes through the inputs of a journey, those of one instant in one batch, and what is due after the last of them.
async fn deliver(
    engine: &Engine<SqliteStore>,
    gone: &Gone,
    clocked: Clocked,
) -> Result<(), TestCaseError> {
    for batch in gone.inputs.chunk_by(|one, next| one.at == next.at) {
        wait(engine, batch[0].at, clocked).await;
        let inputs: Vec<&Delivered> = batch.iter().collect();
        for (input, answer) in batch.iter().zip(submit(engine, &inputs).await) {
            prop_assert_eq!(
                answer.is_ok(),
                input.accepted,
                "{:?} was answered with {:?}",
                input,
                answer
            );
        }
    }
    wait(engine, gone.ends, clocked).await;
    while !engine.tick().await.unwrap().all {}
    Ok(())
}

pub(super) async fn histories(engine: &Engine<SqliteStore>, world: &World) -> Histories {
    let mut histories = Histories::new();
    for id in world.cases.keys() {
        let entries = engine
            .store()
            .history(engine.tenant(), id, 0, 1_000_000)
            .await
            .unwrap();
        histories.insert(id.clone(), entries.into_iter().map(Arc::new).collect());
    }
    histories
}

/// The engine has the same cases as the world in memory, and they wake at the same instants.
pub(super) async fn same_cases(
    engine: &Engine<SqliteStore>,
    world: &World,
) -> Result<(), TestCaseError> {
    let ids: Vec<_> = world.cases.keys().cloned().collect();
    let rows = engine.store().load(engine.tenant(), &ids).await.unwrap();
    prop_assert_eq!(rows.len(), ids.len());
    for row in rows {
        let known = &world.cases[&row.case.id];
        prop_assert_eq!(&row.case, &known.case);
        prop_assert_eq!(row.wake_at, known.wake_at, "`{}`", row.case.id);
    }
    Ok(())
}

pub(super) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn drives_alike(stage: &Stage, gone: &Gone) -> Result<(), TestCaseError> {
    let wanted = gone.world.histories();
    block_on(async {
        for bounds in [Bounds::default(), TIGHT] {
            let (_place, timely) = Place::make(stage, gone.begins, bounds).await;
            deliver(&timely, gone, Clocked::Timely).await?;
            same(&wanted, &histories(&timely, &gone.world).await, whole)?;
            same_cases(&timely, &gone.world).await?;

            let (_place, late) = Place::make(stage, gone.begins, bounds).await;
            deliver(&late, gone, Clocked::Late).await?;
            same(&wanted, &histories(&late, &gone.world).await, but_recorded)?;
            same_cases(&late, &gone.world).await?;
        }
        Ok(())
    })
}

#[test]
fn the_engine_drives_as_the_world_in_memory_late_or_timely() {
    let stage = dense();
    on_seeds(2, 10, DENSE, |journey| {
        drives_alike(&stage, &go(&stage, journey))
    });
}

#[test]
fn the_engine_drives_the_shipped_programme_alike_late_or_timely() {
    let stage = shipped();
    on_seeds(2, 10, SHIPPED, |journey| {
        drives_alike(&stage, &go(&stage, journey))
    });
}

/// Each accepted input is delivered three times: in its own batch, in a batch later on, and to a process that has just started, after
/// one that went away without a word.
fn again_changes_nothing(stage: &Stage, gone: &Gone) -> Result<(), TestCaseError> {
    let accepted: Vec<&Delivered> = gone.inputs.iter().filter(|input| input.accepted).collect();
    block_on(async {
        let (place, mut engine) = Place::make(stage, gone.begins, TIGHT).await;
        for (number, input) in accepted.iter().enumerate() {
            wait(&engine, input.at, Clocked::Timely).await;
            if number % 7 == 3 {
                // What a process has in hand when it is killed: a transaction that was not committed.
                let mut lost = engine.store().begin().await.unwrap();
                lost.person(engine.tenant(), "nobody").await.unwrap();
                drop(lost);
                engine = place.open().await;
            }
            let earlier = accepted[number / 2];
            let answers = submit(&engine, &[input, input, earlier]).await;
            let new = answers
                .iter()
                .map(|answer| answer.as_ref().is_ok_and(|answer| answer.why == Why::New));
            prop_assert_eq!(
                new.collect::<Vec<_>>(),
                [true, false, false],
                "{:?} and {:?}",
                input,
                earlier
            );
        }
        engine = place.open().await;
        for answer in submit(&engine, &accepted).await {
            let why = answer.map(|answer| answer.why);
            prop_assert!(matches!(why, Ok(Why::Repeated(_))), "{:?}", why);
        }
        wait(&engine, gone.ends, Clocked::Timely).await;
        same(
            &gone.world.histories(),
            &histories(&engine, &gone.world).await,
            whole,
        )?;
        same_cases(&engine, &gone.world).await
    })
}

#[test]
fn an_input_delivered_again_changes_nothing() {
    let stage = dense();
    on_seeds(2, 10, DENSE, |journey| {
        again_changes_nothing(&stage, &go(&stage, journey))
    });
}

#[test]
fn an_input_delivered_again_changes_nothing_on_the_shipped_programme() {
    let stage = shipped();
    on_seeds(2, 10, SHIPPED, |journey| {
        again_changes_nothing(&stage, &go(&stage, journey))
    });
}
