//! `explain`: why a case is where it is, why it is not elsewhere, and why it was where it was.

use super::{
    Context, Ending, Failure,
    args::ExplainArgs,
    lookup::{Found, Lookup},
};
use crate::words::{explain, explain_one, ways, why_not};
use forloeb_core::{
    condition_trace::trace,
    fold::fold,
    holds::{Asker, Since},
    in_effect::in_effect,
    input::Refusal,
    judge::{Around, View},
    name::Name,
    time::parse_instant,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

pub async fn run(context: &Context, args: ExplainArgs) -> Result<Ending, Failure> {
    let mut lookup = Lookup::new(context).await?;
    let mut found = lookup.case(&args.id).await?;
    if let Some(text) = &args.as_of {
        let at = parse_instant(text, found.ready.plan.calendar.zone())?;
        as_of(&lookup, &mut found, at).await?;
        lookup.as_of = Some(at);
    }
    let names = lookup.names_for(&found).await?;
    lookup.log_page("explain", &found, &names).await?;
    let reader = lookup.reader(&names, &found.ready.plan);
    if let Some(target) = &args.why_not {
        let page = {
            let subject = found.subject();
            let ways = ways(&reader, subject, target).map_err(Failure::Refused)?;
            let view = view(&lookup, &found).await?;
            let asker = Asker::new(&view, &*found.ready.judge);
            let traced: Vec<_> = ways
                .into_iter()
                .map(|way| {
                    let seq = found
                        .case
                        .tracks
                        .get(way.track)
                        .map_or(0, |place| place.seq);
                    let since = Since {
                        track: way.track,
                        seq,
                        also: None,
                    };
                    let trace = trace(&asker, &way.exit.when, since);
                    (way, trace)
                })
                .collect();
            let mut page = why_not(&reader, subject, &Name::from(target.as_str()), &traced);
            page.as_of = lookup.as_of.map(|at| reader.as_of(at));
            page
        };
        context.print_either(&page, || page.print(&reader))?;
        return Ok(Ending::Fine);
    }
    let mut page = match &args.name {
        Some(name) => explain_one(&reader, found.subject(), name).map_err(Failure::Refused)?,
        None => explain(&reader, found.subject()),
    };
    if let Some(at) = lookup.as_of {
        page.notes.insert(0, reader.as_of(at));
    }
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}

/// Takes the case back to how it stood at an instant, by folding its history up to there.
async fn as_of(lookup: &Lookup<'_>, found: &mut Found, at: Timestamp) -> Result<(), Failure> {
    if at > lookup.now {
        return Err(Failure::usage(
            "nobody knows yet how the case will be then",
            "give a time that has passed, or leave --as-of out",
        ));
    }
    found.history.retain(|entry| entry.recorded <= at);
    found.entries = in_effect(&found.history).into_iter().cloned().collect();
    let Some(case) = fold(&found.case.id, &found.history) else {
        let zone = found.ready.plan.calendar.zone();
        return Err(Failure::Refused(Refusal {
            message: format!("`{}` had not started by then", found.case.id),
            help: Some(format!(
                "it started at `{}`",
                zone.local(found.case.started).strftime("%Y-%m-%d %H:%M")
            )),
        }));
    };
    // And to the plan by which it went then.
    found.ready = lookup.engine.ready(&case.plan).await?;
    found.case = Arc::new(case);
    Ok(())
}

/// What the conditions of a case look at now.
async fn view(lookup: &Lookup<'_>, found: &Found) -> Result<View, Failure> {
    let engine = &lookup.engine;
    let ids = forloeb_core::accept::read_by(&found.ready.plan, &found.case);
    let mut cases = BTreeMap::new();
    for row in crate::store::Store::load(engine.store(), engine.tenant(), &ids).await? {
        let case = match lookup.as_of {
            None => row.case,
            // What it looked at then is looked at as it was then.
            Some(at) => match lookup.case_at(&row.case.id, at).await? {
                Some(case) => Arc::new(case),
                None => continue,
            },
        };
        let ready = engine.ready(&case.plan).await?;
        cases.insert(case.id.clone(), (ready.plan.clone(), case));
    }
    Ok(View {
        plan: found.ready.plan.clone(),
        case: found.case.clone(),
        around: Arc::new(Around {
            cases,
            sealed: found.sealed.clone(),
        }),
        now: lookup.as_of.unwrap_or(lookup.now),
    })
}
