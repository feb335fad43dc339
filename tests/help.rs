//! The help of every command: it fits a terminal of 80 columns and says something about each word that can be typed. The shells
//! can read their completions.

use clap::{Command, CommandFactory};
use forloeb::commands::Cli;
use std::process;

const COLUMNS: usize = 80;

/// Each command below, with its words.
fn each(command: &Command, words: &str, look: &mut dyn FnMut(&str, &Command)) {
    look(words, command);
    for below in command.get_subcommands() {
        if below.get_name() != "help" {
            each(below, &format!("{words} {}", below.get_name()), look);
        }
    }
}

#[test]
fn every_help_fits_a_terminal_and_leaves_nothing_unsaid() {
    let mut root = Cli::command();
    root.build();
    let mut count = 0;
    each(&root, "forloeb", &mut |words, command| {
        count += 1;
        let help = command.clone().render_help().to_string();
        for line in help.lines() {
            assert!(
                line.chars().count() <= COLUMNS,
                "{words} --help has a long line:\n{line}"
            );
        }
        // A short and a long help would be two things to read.
        assert!(
            !help.contains("see more"),
            "{words} -h and --help differ: leave out what only the long one can hold"
        );
        assert!(command.get_about().is_some(), "{words} says nothing");
        for argument in command.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{words}: `{}` says nothing",
                argument.get_id()
            );
        }
    });
    assert!(count > 25, "{count} commands");
}

#[test]
fn shells_read_their_completions() {
    for shell in ["bash", "zsh", "fish"] {
        let script = process::Command::new(env!("CARGO_BIN_EXE_forloeb"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(script.status.success());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(shell);
        std::fs::write(&file, &script.stdout).unwrap();
        // A shell that is not there cannot say what it thinks of the script.
        if let Ok(read) = process::Command::new(shell).arg("-n").arg(&file).output() {
            let said = String::from_utf8_lossy(&read.stderr);
            assert!(read.status.success(), "{shell}: {said}");
        }
    }
}
