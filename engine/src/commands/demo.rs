//! `demo`: makes the demo, runs it, and shows a promise that was not kept and why. Each step is a command that can be typed as well.

use super::{
    Context, Ending, Failure,
    args::{
        CaseCommand, ClockArgs, ClockCommand, DemoArgs, ExplainArgs, FindingCommand, InitArgs,
        LevelArg,
    },
    case, clock,
    context::shown,
    explain, finding, init,
};
use crate::store::{DeadlineFilter, Store};
use forloeb_core::plan::Level;

/// How far the demo's clock moves on.
const A_WHILE: &str = "1 day";

pub async fn run(context: &Context, args: DemoArgs) -> Result<Ending, Failure> {
    init::refuse_tenant(context)?;
    let folder = shown(&args.dir);
    if !args.dir.join("forloeb.db").exists() {
        step(context, &format!("forloeb init {folder} --demo"))?;
        init::run(
            context,
            InitArgs {
                dir: args.dir.clone(),
                demo: true,
            },
        )
        .await?;
    }
    let mut inside = context.in_folder(&args.dir);
    inside.common.db = None;
    inside.common.tenant = None;
    step(context, &format!("cd {folder}"))?;
    step(context, &format!("forloeb clock advance \"{A_WHILE}\""))?;
    let advance = ClockCommand::Advance {
        duration: A_WHILE.to_owned(),
    };
    clock::run(
        &inside,
        ClockArgs {
            command: Some(advance),
        },
    )
    .await?;
    step(context, "forloeb case list --overdue")?;
    let list = CaseCommand::List {
        stage: None,
        process: None,
        overdue: true,
        all: false,
    };
    case::run(&inside, list).await?;
    step(context, "forloeb finding list --level escalation")?;
    let findings = FindingCommand::List {
        to: None,
        case: None,
        level: Some(LevelArg::Escalation),
        all: false,
    };
    finding::run(&inside, findings).await?;
    explain_an_overdue_one(context, &inside).await?;
    context.print(&format!(
        "\nThe demo stays in {folder}: what stands after a $ can be typed there, with other names too."
    ))?;
    Ok(Ending::Fine)
}

/// Explains the deadline that ran out last and of which somebody was told.
async fn explain_an_overdue_one(context: &Context, inside: &Context) -> Result<(), Failure> {
    let engine = inside.engine().await?;
    let filter = DeadlineFilter {
        case: None,
        overdue: true,
        after: None,
        limit: 1_000,
    };
    let mut latest = None;
    for line in engine.store().deadlines(engine.tenant(), &filter).await? {
        let ready = engine.ready(&line.plan).await?;
        let declared = ready.plan.deadline_of(&line.deadline);
        let ladder = declared.map_or(&[][..], |deadline| deadline.ladder.as_slice());
        let mut reached = line
            .deadline
            .reached
            .iter()
            .filter_map(|rung| ladder.get(*rung as usize));
        if reached.any(|rung| rung.level == Level::Escalation && rung.raise.is_some()) {
            latest = Some((line.case.to_string(), line.deadline.name.to_string()));
        }
    }
    let Some((id, name)) = latest else {
        return Ok(());
    };
    step(context, &format!("forloeb explain {id} {name}"))?;
    let args = ExplainArgs {
        id: id.clone(),
        name: Some(name),
        why_not: None,
        as_of: None,
    };
    explain::run(inside, args).await?;
    step(context, &format!("forloeb case show {id}"))?;
    case::run(inside, CaseCommand::Show { id }).await?;
    Ok(())
}

/// Shows the command that comes next, as a person would type it.
fn step(context: &Context, command: &str) -> Result<(), Failure> {
    context.print(&format!("\n$ {command}\n"))
}
