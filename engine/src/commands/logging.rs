//! Logs, on standard error: readable on a terminal, JSON otherwise. They hold ids and counts, never names or confidential values.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Begins logging. `FORLOEB_LOG` says how much, such as `info` or `forloeb=debug`; without it, warnings and errors.
pub fn begin() {
    let filter = EnvFilter::try_from_env("FORLOEB_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,forloeb::daemon=info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second logger can only be begun by a test in one process; the first one stays.
    let _already = if std::io::stderr().is_terminal() {
        logs.with_target(false).try_init()
    } else {
        logs.json().flatten_event(true).try_init()
    };
}
