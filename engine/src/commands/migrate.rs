//! `migrate`: takes the open cases of a process over to its version in force, a page of them at a time, or tells what that would mean.

use super::{
    Context, Ending, Failure,
    args::MigrateArgs,
    context::who,
    filters,
    force::{Following, activate},
    lookup::{Lookup, Names},
};
use crate::{
    diagnostic::render_all,
    language::programme::Ready,
    store::{CaseRow, Store, sqlite::SqliteStore},
    turn::{Carried, Carrying, Engine, Migration},
    words::{
        CaseMigration, Change, Difference, MigrationPage, MigrationWhat, Reader, Subject,
        difference,
    },
};
use forloeb_core::{
    accept::{listed, nearest},
    case::{Case, CaseId},
    entry::{Entry, What},
    input::Refusal,
    name::Name,
    plan::Plan,
    versions::Renamed,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub async fn run(context: &Context, args: MigrateArgs) -> Result<Ending, Failure> {
    let process = Name::from(args.process.as_str());
    let carrying = match (args.preview, args.undo) {
        (true, false) => Carrying::Previewed,
        (true, true) => Carrying::BackPreviewed,
        (false, false) => Carrying::Done,
        (false, true) => Carrying::TakenBack,
    };
    let engine = context.engine().await?;
    let folder = match carrying {
        Carrying::TakenBack | Carrying::BackPreviewed => Vec::new(),
        Carrying::Previewed | Carrying::Done => match in_folder(context, &engine).await? {
            Ok(plans) => plans,
            Err(rendered) => {
                context.print(&format!("{rendered}\nrefused: nothing has moved"))?;
                return Ok(Ending::Found);
            }
        },
    };
    let of_process = |ready: &&Arc<Ready>| ready.plan.process == process;
    let to = match folder.iter().find(of_process) {
        Some(ready) => ready.clone(),
        None => {
            let in_force = in_force(&engine, &process).await?;
            // What is taken back is the last migration, whatever has come into force since.
            match engine.last_migration(&process).await? {
                Some(plan) if carrying.is_back() => engine.ready(&plan).await?,
                _ => in_force,
            }
        }
    };
    let migration = Migration {
        to,
        by: args.by.as_deref().map(who).transpose()?,
        because: args.because.unwrap_or_else(|| "preview".to_owned()),
        only_untouched: false,
    };
    if !carrying.is_preview() {
        need_reason(&migration)?;
        need_role(&migration)?;
    }
    // Nothing of it is in force before it is known that the rest of what was asked can be done.
    if carrying == Carrying::Done {
        activate(&engine, &folder, Following::New).await?;
    }
    let lookup = Lookup::over(context, engine).await?;
    let page = carry_all(&lookup, &migration, carrying).await?;
    context.print_either(&page.page, || page.print(&lookup, &migration.to))?;
    Ok(match page.page.all_safe() {
        true => Ending::Fine,
        false => Ending::Found,
    })
}

fn need_reason(migration: &Migration) -> Result<(), Failure> {
    if migration.because.trim().is_empty() {
        return Err(Failure::usage(
            "a reason is needed",
            "say it with --because TEXT",
        ));
    }
    Ok(())
}

fn need_role(migration: &Migration) -> Result<(), Failure> {
    let plan = &migration.to.plan;
    match &migration.by {
        Some(who) if !plan.roles.contains_key(&who.role) => Err(Failure::Refused(Refusal {
            message: format!("`{}` has no role `{}`", plan.process, who.role),
            help: Some(match nearest(&who.role, plan.roles.keys()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its roles are {}", listed(plan.roles.keys())),
            }),
        })),
        _ => Ok(()),
    }
}

/// The versions in the programme's folder, which a migration puts in force for new cases as well, none where there is no folder; or what is
/// wrong with it.
async fn in_folder(
    context: &Context,
    engine: &Engine<SqliteStore>,
) -> Result<Result<Vec<Arc<Ready>>, String>, Failure> {
    let Some(programme) = context.programme_of(engine).await? else {
        return Ok(Ok(Vec::new()));
    };
    Ok(match programme.good {
        true => Ok(programme.plans),
        false => Err(render_all(&programme.diagnostics, context.paint())),
    })
}

/// The version in force.
async fn in_force(engine: &Engine<SqliteStore>, process: &Name) -> Result<Arc<Ready>, Failure> {
    filters::need_process(engine, process).await?;
    let in_force = engine.in_force().await?;
    match in_force.get(process) {
        Some(plan) => Ok(engine.ready(plan).await?),
        None => Err(Failure::usage(
            format!("there is no process `{process}` in force"),
            "`forloeb activate` puts the programme's folder in force",
        )),
    }
}

/// A page with the names that it needs.
struct Told {
    page: MigrationPage,
    names: Names,
}

impl Told {
    fn print(&self, lookup: &Lookup<'_>, to: &Ready) -> String {
        self.page.print(&lookup.reader(&self.names, &to.plan))
    }
}

async fn carry_all(
    lookup: &Lookup<'_>,
    migration: &Migration,
    carrying: Carrying,
) -> Result<Told, Failure> {
    let plan = &migration.to.plan;
    let mut names = Names::default();
    let title = lookup
        .reader(&names, plan)
        .text(&plan.title, &plan.process)
        .to_owned();
    let mut page = MigrationPage {
        process: plan.process.clone(),
        title,
        plan: plan.id.clone(),
        what: match carrying {
            Carrying::Previewed => MigrationWhat::Preview,
            Carrying::Done => MigrationWhat::Migrated,
            Carrying::TakenBack => MigrationWhat::TakenBack,
            Carrying::BackPreviewed => MigrationWhat::BackPreview,
        },
        outcomes: BTreeMap::new(),
        untouched: 0,
        also: Vec::new(),
        cases: Vec::new(),
    };
    let mut after: Option<CaseId> = None;
    let mut plans = BTreeSet::new();
    loop {
        let (carried, last) = lookup
            .engine
            .carry(migration, carrying, after.as_ref())
            .await?;
        names.cases.extend(names_of(lookup, &carried).await?);
        for one in carried {
            plans.insert(one.before.plan.clone());
            let told = tell(lookup, &names, &migration.to, carrying, one).await?;
            page.add(told);
        }
        if last.is_none() {
            break;
        }
        after = last;
    }
    if !carrying.is_back() {
        page.also = looking_here(lookup, &migration.to, &plans).await?;
    }
    let read: BTreeSet<CaseId> = names.cases.keys().cloned().collect();
    lookup
        .log_read("migrate", read.into_iter().collect())
        .await?;
    Ok(Told { page, names })
}

/// The other processes whose rules may ask cases of this one for a name that is gone in the new version.
async fn looking_here(
    lookup: &Lookup<'_>,
    to: &Ready,
    plans: &BTreeSet<Name>,
) -> Result<Vec<Name>, Failure> {
    let names = |plan: &Plan| -> BTreeSet<Name> {
        let stages = plan.tracks.values().flat_map(|track| track.stages.keys());
        let known = plan
            .facts
            .keys()
            .chain(plan.events.keys())
            .chain(plan.links.keys());
        known
            .chain(stages)
            .chain(plan.outcomes.keys())
            .cloned()
            .collect()
    };
    let now = names(&to.plan);
    let mut gone = false;
    for plan in plans {
        gone |= !names(&lookup.engine.ready(plan).await?.plan).is_subset(&now);
    }
    let mut also = Vec::new();
    for (process, plan) in lookup.engine.in_force().await? {
        let looks = lookup
            .engine
            .ready(&plan)
            .await?
            .plan
            .reads_of
            .contains_key(&to.plan.process);
        if gone && looks && process != to.plan.process {
            also.push(process);
        }
    }
    Ok(also)
}

/// The names of the cases, and of those that their texts may name.
async fn names_of(
    lookup: &Lookup<'_>,
    carried: &[Carried],
) -> Result<BTreeMap<CaseId, String>, Failure> {
    let mut ids = BTreeSet::new();
    for one in carried {
        ids.insert(one.before.id.clone());
        ids.extend(one.before.links.values().flatten().cloned());
    }
    let ids: Vec<CaseId> = ids.into_iter().collect();
    let tenant = lookup.engine.tenant();
    let rows: Vec<CaseRow> = lookup.engine.store().load(tenant, &ids).await?;
    lookup.case_names(&rows).await
}

async fn tell(
    lookup: &Lookup<'_>,
    names: &Names,
    to: &Ready,
    carrying: Carrying,
    carried: Carried,
) -> Result<CaseMigration, Failure> {
    let reader = lookup.reader(names, &to.plan);
    let before = &carried.before;
    let (after, entries) = match &carried.outcome {
        Ok(moved) => moved,
        Err(why) => {
            let old = lookup.engine.ready(&before.plan).await?;
            let told = CaseMigration::not_moved(&reader, &old.plan, before, why);
            return Ok(told);
        }
    };
    let old = lookup.engine.ready(&before.plan).await?;
    let new = lookup.engine.ready(&after.plan).await?;
    let renamed = match carrying {
        Carrying::TakenBack | Carrying::BackPreviewed => old.plan.renamed.back(),
        Carrying::Previewed | Carrying::Done => new.plan.renamed.clone(),
    };
    let mut difference = compare(&reader, (&old, before), (&new, after), &renamed);
    let left_out = |entry: &&Entry| matches!(entry.what, What::LeftOut { .. });
    if entries.iter().any(|entry| left_out(&entry)) {
        // What people brought in and would not count any more is said in its own words.
        let found = lookup.case(&before.id).await?;
        let left_out = entries.iter().filter(left_out);
        let said = left_out.map(|entry| reader.sentence(found.subject(), entry));
        difference.changes.extend(said.map(Change::left_out));
    }
    Ok(CaseMigration::moved(
        &reader,
        (&old.plan, before),
        difference,
    ))
}

fn compare(
    reader: &Reader<'_>,
    (old, was): (&Ready, &Case),
    (new, is): (&Ready, &Case),
    renamed: &Renamed,
) -> Difference {
    let (nothing, no_others) = (BTreeMap::new(), BTreeMap::new());
    let was = Subject {
        plan: &old.plan,
        plans: &no_others,
        case: was,
        history: &[],
        entries: &[],
        sealed: &nothing,
    };
    let is = Subject {
        plan: &new.plan,
        case: is,
        ..was
    };
    difference(reader, was, is, renamed)
}
