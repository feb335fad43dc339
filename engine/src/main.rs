//! The program: reads the command line, runs one command, and turns its outcome into an exit code.

use forloeb::commands::{Cli, run};
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Cases are built on one thread and let go on another, which the system's allocator does slowly.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    run(Cli::read())
}
