//! Migrations and corrections by the real engine over a database: they are as in memory, whatever fits into a transaction.

use super::{
    corrected::{SIZE, meant},
    engine::{Clocked, Place, TIGHT, block_on, histories, same_cases, submit_deed, wait},
    journeys::{Gone, Stage, dense, go, on_seeds, same, whole},
    migrated::{Plans, migrate_all, take_back},
    versions::VERSIONS,
};
use crate::world::{Deed, Pace, World};
use forloeb::{
    store::sqlite::SqliteStore,
    turn::{Bounds, Carrying, Engine, Migration},
};
use forloeb_core::{
    input::{Given, Input},
    name::Name,
    versions::Renamed,
};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::Arc};

/// What is done, when.
#[derive(Debug)]
enum Turn {
    Given(Box<Deed>, bool),
    WentOver,
    WentBack,
}

/// Goes through a journey in memory with a migration, a correction, and the way back. Gives what was done at which instant.
fn in_memory(
    stage: &Stage,
    next: &Plans,
    gone: &Gone,
) -> Result<(World, Vec<(jiff::Timestamp, Turn)>), TestCaseError> {
    let mut world = World::new(&stage.plans, gone.begins);
    let mut turns = Vec::new();
    let renamed = next["walk"].plan.renamed.clone();
    let (over, back) = (gone.inputs.len() / 2, gone.inputs.len() * 5 / 6);
    let mut wrong = None;
    for (number, input) in gone.inputs.iter().enumerate() {
        world.go_to(input.at, Pace::Timely);
        if number == over {
            migrate_all(&mut world, next)?;
            turns.push((world.now, Turn::WentOver));
        }
        if number == back {
            take_back(&mut world, next)?;
            turns.push((world.now, Turn::WentBack));
        }
        let names = match (over..back).contains(&number) {
            true => renamed.clone(),
            false => Renamed::default(),
        };
        let deed = meant(&world, gone, &input.deed, &names);
        let seq = world
            .cases
            .get(&deed.case)
            .map_or(0, |known| known.case.seq);
        let taken = world.give(&deed);
        turns.push((
            world.now,
            Turn::Given(Box::new(deed.clone()), taken.is_ok()),
        ));
        if taken == Ok(true) && number % 5 == 4 {
            let entry = world.entry_of(&deed.case, seq, &deed.given.input);
            wrong = entry.map(|entry| (deed.case.clone(), entry));
        }
        if number % 7 == 6
            && let Some((case, entry)) = wrong.take()
        {
            let given = Given::by_itself(Input::Correct {
                entry,
                because: "it was the wrong one".to_owned(),
            });
            let correction = Deed {
                case,
                process: None,
                given,
            };
            let taken = world.give(&correction);
            turns.push((world.now, Turn::Given(Box::new(correction), taken.is_ok())));
        }
    }
    world.go_to(gone.ends, Pace::Timely);
    Ok((world, turns))
}

async fn carry(engine: &Engine<SqliteStore>, next: &Plans, carrying: Carrying) {
    let because = match carrying {
        Carrying::TakenBack => "it was too much",
        _ => "it was decided",
    };
    for ready in next.values() {
        let migration = Migration {
            to: Arc::new(ready.clone()),
            by: None,
            because: because.to_owned(),
            only_untouched: false,
        };
        let mut after = None;
        loop {
            let page = engine.carry(&migration, carrying, after.as_ref()).await;
            match page.unwrap().1 {
                None => break,
                last => after = last,
            }
        }
    }
}

fn carries_alike(stage: &Stage, next: &Plans, gone: &Gone) -> Result<(), TestCaseError> {
    let (world, turns) = in_memory(stage, next, gone)?;
    block_on(async {
        for bounds in [Bounds::default(), TIGHT] {
            let (_place, engine) = Place::make(stage, gone.begins, bounds).await;
            let plans: Vec<_> = next.values().cloned().map(Arc::new).collect();
            for (at, turn) in &turns {
                wait(&engine, *at, Clocked::Timely).await;
                match turn {
                    Turn::Given(deed, accepted) => {
                        let answer = submit_deed(&engine, deed).await;
                        prop_assert_eq!(answer.is_ok(), *accepted, "{:?}: {:?}", deed, answer);
                    }
                    Turn::WentOver => {
                        let in_force = engine.in_force().await.unwrap();
                        engine.activate(&plans).await.unwrap();
                        // A look at what it would mean changes nothing.
                        let before = histories(&engine, &world).await;
                        carry(&engine, next, Carrying::Previewed).await;
                        same(&before, &histories(&engine, &world).await, whole)?;
                        carry(&engine, next, Carrying::Done).await;
                        // Who comes later begins under the plan of before, as in memory.
                        let old: Vec<_> = stage.plans.values().cloned().map(Arc::new).collect();
                        engine.activate(&old).await.unwrap();
                        prop_assert_eq!(engine.in_force().await.unwrap(), in_force);
                    }
                    Turn::WentBack => carry(&engine, next, Carrying::TakenBack).await,
                }
            }
            wait(&engine, gone.ends, Clocked::Timely).await;
            while !engine.tick().await.unwrap().all {}
            same(&world.histories(), &histories(&engine, &world).await, whole)?;
            same_cases(&engine, &world).await?;
        }
        Ok(())
    })
}

#[test]
fn the_engine_carries_over_and_corrects_as_the_world_in_memory() {
    let stage = dense();
    let versions: Vec<BTreeMap<Name, _>> = VERSIONS
        .iter()
        .map(|version| version.plans(|_, text| text))
        .collect();
    on_seeds(1, 4, SIZE, |journey| {
        let gone = go(&stage, journey);
        let next = &versions[gone.inputs.len() % versions.len()];
        carries_alike(&stage, next, &gone)
    });
}
