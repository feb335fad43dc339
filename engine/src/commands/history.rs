//! `history`: the history of a case, entry by entry.

use super::{Context, Ending, Failure, args::HistoryArgs, lookup::Lookup};
use crate::words::history;

pub async fn run(context: &Context, args: HistoryArgs) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    let found = lookup.case(&args.id).await?;
    let names = lookup.names_for(&found).await?;
    lookup.log_page("history", &found, &names).await?;
    let reader = lookup.reader(&names, &found.ready.plan);
    let page = history(&reader, found.subject(), args.all);
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}
