//! The program: reads the command line, runs one command, and turns its outcome into an exit code.

use clap::Parser;
use forloeb::commands::{Cli, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    run(Cli::parse())
}
