//! The running daemon as a process: what it logs, and what it takes of the machine.

use super::{Outcome, folder::Folder};
use serde_json::Value as Json;
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, ChildStderr},
};

/// A running daemon. It is killed when it is dropped.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    log: BufReader<ChildStderr>,
}

impl Daemon {
    /// Starts it in a folder, with its settings as they come.
    pub fn start(folder: &Folder) -> Outcome<Self> {
        let mut command = folder.program(&["run"]);
        let mut child = command.env("FORLOEB_LOG", "info").spawn()?;
        let log = child.stderr.take().ok_or("the daemon has no log")?;
        Ok(Self {
            child,
            log: BufReader::new(log),
        })
    }

    /// Reads on until it logs this message.
    pub fn wait_for(&mut self, message: &str) -> Outcome<()> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.log.read_line(&mut line)? == 0 {
                return Err(format!("the daemon ended before it said `{message}`").into());
            }
            let told: Option<Json> = serde_json::from_str(&line).ok();
            if told.is_some_and(|told| told["message"] == message) {
                return Ok(());
            }
        }
    }

    /// Ends it as a power failure would: `kill -9`.
    pub fn kill(mut self) -> Outcome<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Seconds of processor time that it has taken so far, over all its threads.
    pub fn processor_seconds(&self) -> Outcome<f64> {
        let mut nanoseconds = 0.0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let told = fs::read_to_string(task?.path().join("schedstat"))?;
            let ran = told.split(' ').next().unwrap_or_default();
            nanoseconds += ran.parse::<f64>()?;
        }
        Ok(nanoseconds / 1e9)
    }

    /// Bytes of memory that it holds now.
    pub fn memory(&self) -> Outcome<f64> {
        memory(self.child.id(), "VmRSS:")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What the system says about a process's memory, in bytes: `VmRSS:` now, `VmHWM:` at most so far.
pub fn memory(process: u32, what: &str) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with(what));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(kilobytes.ok_or("no such process")?.parse::<f64>()? * 1024.0)
}
