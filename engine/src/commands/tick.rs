//! `tick`: does all that is due, says what was done, and exits.

use super::{Context, Ending, Failure, lookup::Lookup, report};

pub async fn run(context: &Context) -> Result<Ending, Failure> {
    let engine = context.engine_in_force().await?;
    let mut changed = Vec::new();
    loop {
        let woken = engine.tick().await?;
        changed.extend(woken.changed);
        if woken.all {
            break;
        }
    }
    let lookup = Lookup::over(context, engine).await?;
    report::tell_work(&lookup, &changed, None).await?;
    Ok(Ending::Fine)
}
