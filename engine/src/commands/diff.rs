//! `diff`: two versions of a process side by side, and how many open cases each difference touches.

use super::{
    Context, Ending, Failure,
    args::DiffArgs,
    lookup::Names,
    version::{Meant, Versions},
};
use crate::{
    diagnostic::Source,
    language::{
        effective::{Places, places},
        programme::Ready,
    },
    scripts::Scripts,
    store::{CaseFilter, Clock, Status, Store},
    turn::instant,
    words::{self, PlanDifference, Version, VersionsPage, Written, WrittenLine},
};
use forloeb_core::{case::CaseId, name::Name, versions::Renamed};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// Cases that are read at once.
const PAGE: u32 = 500;

pub async fn run(context: &Context, args: DiffArgs) -> Result<Ending, Failure> {
    let versions = Versions::at_hand(context).await?;
    let (from, to) = both(&versions, &args).await?;
    let (a, b) = (&from.ready.plan, &to.ready.plan);
    if a.process != b.process {
        return Err(Failure::usage(
            format!("`{}` and `{}` are two processes", a.process, b.process),
            "compare versions of one process",
        ));
    }
    let (old, new) = (Files::of(&from.ready), Files::of(&to.ready));
    let names = Names::default();
    let reader = names.reader(context, b, instant(Clock::Real));
    let mut differences =
        words::versions(&reader, old.version(&from.ready), new.version(&to.ready));
    let renamed = words::between(a, b);
    let open = count(&versions, &a.process, &renamed, &mut differences).await?;
    let page = VersionsPage {
        from: words::side(reader.language, &from.side),
        to: words::side(reader.language, &to.side),
        differences,
        open,
    };
    context.print_either(&page.differences, || page.print(&reader))?;
    Ok(Ending::Fine)
}

/// What is compared with what, what comes first in time leading where only one is named.
async fn both(versions: &Versions, args: &DiffArgs) -> Result<(Meant, Meant), Failure> {
    let a = versions.meant(&args.a).await?;
    if let Some(b) = &args.b {
        return Ok((a, versions.meant(b).await?));
    }
    let in_force = versions.in_force(&a.ready.plan.process).await?;
    Ok(match a.is_stored() {
        true => (a, in_force),
        false => (in_force, a),
    })
}

/// What is known of a version's files.
struct Files {
    rules: BTreeMap<Name, Written>,
    places: Places,
}

impl Files {
    fn of(ready: &Ready) -> Self {
        let plan = &ready.plan;
        let sources: Vec<Arc<Source>> = ready
            .sources
            .iter()
            .filter(|source| source.path.starts_with("rules/"))
            .cloned()
            .collect();
        let (scripts, _) = Scripts::compile(&sources);
        let written = |rule: &Name| {
            let lines = scripts.lines(rule).into_iter();
            Written {
                meaning: scripts.meaning(rule).unwrap_or_default(),
                place: scripts.described(rule).map_or_else(String::new, |known| {
                    format!("{}:{}", known.ground.file, known.ground.line)
                }),
                lines: lines
                    .map(|(line, text, meaning)| WrittenLine {
                        line,
                        text,
                        meaning,
                    })
                    .collect(),
            }
        };
        let rules = plan.described.keys();
        Self {
            rules: rules.map(|rule| (rule.clone(), written(rule))).collect(),
            places: places(&ready.sources, &plan.process, plan.overlay.as_ref()),
        }
    }

    fn version<'a>(&'a self, ready: &'a Ready) -> Version<'a> {
        Version {
            plan: &ready.plan,
            rules: &self.rules,
            places: &self.places.by_address,
            addresses: &self.places.of_items,
        }
    }
}

/// Counts for each difference the open cases that it touches, and gives how many open cases there are; nothing without a database.
async fn count(
    versions: &Versions,
    process: &Name,
    renamed: &Renamed,
    differences: &mut [PlanDifference],
) -> Result<Option<usize>, Failure> {
    let Some(engine) = versions.engine() else {
        return Ok(None);
    };
    for one in differences.iter_mut() {
        one.touches = Some(0);
    }
    let mut open = 0;
    let mut after: Option<CaseId> = None;
    loop {
        let filter = CaseFilter {
            process: Some(process.clone()),
            stage: None,
            overdue: false,
            status: vec![Status::Open, Status::Held],
            after: after.take(),
            limit: PAGE,
        };
        let rows = engine.store().cases(engine.tenant(), &filter).await?;
        for row in &rows {
            let mut case = Cow::Borrowed(&*row.case);
            if !renamed.is_empty() {
                renamed.apply(case.to_mut());
            }
            for one in differences.iter_mut().filter(|one| one.touch.is_of(&case)) {
                one.touches = one.touches.map(|touches| touches + 1);
            }
        }
        open += rows.len();
        after = rows.last().map(|row| row.case.id.clone());
        if rows.len() < PAGE as usize {
            return Ok(Some(open));
        }
    }
}
