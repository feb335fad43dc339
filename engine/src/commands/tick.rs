//! `tick`: does all that is due, says what was done, and exits.

use super::{Context, Ending, Failure, lookup::Lookup, report};
use crate::words::Work;

pub async fn run(context: &Context) -> Result<Ending, Failure> {
    let engine = context.engine_for_input().await?;
    let mut work = Work::default();
    loop {
        let woken = engine.tick().await?;
        for (case, entries) in &woken.changed {
            work.add(case, entries);
        }
        if woken.all {
            break;
        }
    }
    let lookup = Lookup::over(context, engine).await?;
    report::tell_work(&lookup, "tick", &work, None).await?;
    Ok(Ending::Fine)
}
