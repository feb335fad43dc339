//! `completions`: prints a script that completes commands in a shell.

use super::{Cli, Context, Ending, Failure, args::CompletionsArgs};
use clap::CommandFactory;

pub fn run(context: &Context, args: CompletionsArgs) -> Result<Ending, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "forloeb", &mut script);
    context.print(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Fine)
}
