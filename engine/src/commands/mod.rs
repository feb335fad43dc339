//! The commands: each reads its arguments, asks the engine or the store, and prints. What is decided about a case is not decided here.

mod activate;
mod apply;
mod args;
mod calendar;
mod case;
mod check;
mod clock;
mod completions;
mod config;
mod context;
mod correct;
mod demo;
mod diff;
mod doctor;
mod explain;
mod filters;
mod finding;
mod force;
mod history;
mod init;
mod lines;
mod logging;
mod lookup;
mod migrate;
mod outcome;
mod overlay;
mod report;
mod rounds;
mod run;
mod settings;
mod shipped;
mod task;
mod tenants;
mod tick;
mod version;
mod watch;

pub use apply::LINES_A_COMMIT;
pub use args::Cli;
pub use context::Context;
pub use outcome::{Ending, Failure};

use args::Command;
use std::process::ExitCode;

/// Runs a command, and tells how it ended.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let context = Context::new(cli.common);
    logging::begin();
    context::block_on(async move {
        match cli.command {
            Command::Init(args) => init::run(&context, args).await,
            Command::Demo(args) => demo::run(&context, args).await,
            Command::Check(args) => check::run(&context, args),
            Command::Activate => activate::run(&context).await,
            Command::Config => config::run(&context),
            Command::Run(args) => run::run(&context, args).await,
            Command::Tick => tick::run(&context).await,
            Command::Clock(args) => clock::run(&context, args).await,
            Command::Case(args) => case::run(&context, args.command).await,
            Command::Task(args) => task::run(&context, args.command).await,
            Command::Finding(args) => finding::run(&context, args.command).await,
            Command::Explain(args) => explain::run(&context, args).await,
            Command::History(args) => history::run(&context, args).await,
            Command::Migrate(args) => migrate::run(&context, args).await,
            Command::Apply(args) => apply::run(&context, args).await,
            Command::Calendar(args) => calendar::run(&context, args),
            Command::Overlay(args) => overlay::run(&context, args),
            Command::Diff(args) => diff::run(&context, args).await,
            Command::Doctor => doctor::run(&context).await,
            Command::Completions(args) => completions::run(&context, args),
        }
    })
}
