//! The command line: every command, its arguments and its help. What a command does stands in the file of its name.

use super::settings::Given;
use crate::words;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A workflow and rules engine for the journeys that people take.
#[derive(Debug, Parser)]
#[command(
    name = "forloeb",
    version,
    propagate_version = true,
    max_term_width = 80
)]
#[command(
    after_help = "Exit codes: 0 fine, 1 findings or refusals in what was asked, 2 usage, 3 environment."
)]
pub struct Cli {
    /// Arguments of every command.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line, and remembers what the environment gives. Ends the program where it cannot be read.
    #[must_use]
    pub fn read() -> Self {
        let matches = Self::command().get_matches();
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        cli.common.given = Given::of(&matches);
        cli
    }
}

/// Arguments of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "For every command")]
pub struct Common {
    /// The programme's folder, with `processes/` and `rules/` in it
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "FORLOEB_PROGRAMME",
        hide_env_values = true,
        default_value = "."
    )]
    pub programme: PathBuf,
    /// The tenant, one of those in `forloeb.toml` [default: the one that the file names, or its only one]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "FORLOEB_TENANT",
        hide_env_values = true
    )]
    pub tenant: Option<String>,
    /// The database: a file, or `sqlite:` and a file [default: the one that `forloeb.toml` names, or forloeb.db in the programme's folder]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "FORLOEB_DB",
        hide_env_values = true
    )]
    pub db: Option<String>,
    /// The language of what people read: da or en [default: the one that `forloeb.toml` names, or that of LANG, or English]
    #[arg(
        long,
        global = true,
        value_name = "LANGUAGE",
        env = "FORLOEB_LANG",
        hide_env_values = true,
        hide_possible_values = true
    )]
    pub lang: Option<Language>,
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Read as this role, so that what only it may see is shown; the reading is logged
    #[arg(long = "as", global = true, value_name = "ROLE[:NAME]")]
    pub reader: Option<String>,
    /// Which of these are given, and by what
    #[arg(skip)]
    pub given: Given,
}

/// A language of the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Danish.
    Da,
    /// English.
    En,
}

impl Language {
    /// The same where sentences are made.
    #[must_use]
    pub fn of_words(self) -> words::Language {
        match self {
            Self::Da => words::Language::Danish,
            Self::En => words::Language::English,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a folder with the shipped programme and a database
    Init(InitArgs),
    /// Make the demo, run it, and show a promise not kept and why
    Demo(DemoArgs),
    /// Check the programme: all errors and warnings of a folder
    Check(CheckArgs),
    /// Check the programme and put it in force for new cases; one with errors is refused
    Activate,
    /// Show the settings with where each comes from, and the tenants
    Config,
    /// Keep every promise: sleep until something is due, do it, again
    Run(RunArgs),
    /// Do all that is due, say what was done, and exit
    Tick,
    /// Show the database's clock, or move a virtual one
    Clock(ClockArgs),
    /// Start, list, show and change cases
    Case(CaseArgs),
    /// List tasks, and say that one is done
    Task(TaskArgs),
    /// List findings (nudges and escalations), acknowledge or snooze one
    Finding(FindingArgs),
    /// Say why a case is where it is, down to the line of the file
    Explain(ExplainArgs),
    /// Print the history of a case, entry by entry
    History(HistoryArgs),
    /// Put the folder in force and take the open cases of a process over to it, or say what that would mean
    Migrate(MigrateArgs),
    /// Take inputs in bulk from a file of JSON lines
    Apply(ApplyArgs),
    /// Show the closed days of a calendar, or count with it
    Calendar(CalendarArgs),
    /// List overlays, or show the process that one makes, value by value
    Overlay(OverlayArgs),
    /// Compare two versions of a process, in people's words
    Diff(DiffArgs),
    /// Examine the database, the programme and the surroundings
    Doctor,
    /// Print completions for a shell
    Completions(CompletionsArgs),
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder to make
    pub dir: PathBuf,
    /// Add two dozen invented cases on a virtual clock, in the middle of their journeys
    #[arg(long)]
    pub demo: bool,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The folder of the demo; it is made when it is not there
    #[arg(default_value = "demo")]
    pub dir: PathBuf,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The programme's folder [default: --programme]
    pub path: Option<PathBuf>,
    /// List the rules with what each is for, and where it is attached
    #[arg(long)]
    pub rules: bool,
    /// Print the reference of every key of the language
    #[arg(long, conflicts_with_all = ["rules", "path"])]
    pub reference: bool,
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Seconds between two looks for what other processes have written
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pub poll: f64,
}

/// `clock`.
#[derive(Debug, Args)]
pub struct ClockArgs {
    /// What to do with it; without it, the clock is shown
    #[command(subcommand)]
    pub command: Option<ClockCommand>,
}

/// What to do with a virtual clock.
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Move a virtual clock on by a duration, going through all that falls due on the way
    Advance {
        /// Such as "15 days" or "10 working days"
        #[arg(allow_hyphen_values = true)]
        duration: String,
    },
    /// Move a virtual clock on to a time, going through all that falls due on the way
    Set {
        /// Such as "2026-11-02" or "2026-11-02 14:00"
        #[arg(allow_hyphen_values = true)]
        time: String,
    },
}

/// `case`.
#[derive(Debug, Args)]
pub struct CaseArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CaseCommand,
}

/// Who does it, and on whose behalf.
#[derive(Clone, Debug, Args)]
pub struct By {
    /// Who does it: a role of the process, and the person's name
    #[arg(long, value_name = "ROLE[:NAME]")]
    pub by: String,
    /// On whose behalf
    #[arg(long = "for", value_name = "ROLE[:NAME]")]
    pub on_behalf_of: Option<String>,
}

/// Who does it, where nobody has to be named.
#[derive(Clone, Debug, Args)]
pub struct MaybeBy {
    /// Who does it: a role of the process, and the person's name
    #[arg(long, value_name = "ROLE[:NAME]")]
    pub by: Option<String>,
}

/// `case …`.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Start a case
    Start {
        /// The process
        process: String,
        /// Its id [default: one is made]
        #[arg(long)]
        id: Option<String>,
        /// A fact that is known from the start
        #[arg(long = "set", value_name = "FACT=VALUE")]
        set: Vec<String>,
        /// Who starts it
        #[command(flatten)]
        by: MaybeBy,
        /// A second start with the same key changes nothing; a key counts per case, and without --id per process
        #[arg(long)]
        key: Option<String>,
    },
    /// List cases
    List {
        /// Only cases in this stage
        #[arg(long)]
        stage: Option<String>,
        /// Only cases of this process
        #[arg(long)]
        process: Option<String>,
        /// Only cases with an overdue task or deadline
        #[arg(long)]
        overdue: bool,
        /// Ended cases as well
        #[arg(long)]
        all: bool,
    },
    /// Show a case: where it is, what is open, what comes next
    Show {
        /// The case
        id: String,
    },
    /// Report an event
    Event {
        /// The case
        id: String,
        /// The event
        event: String,
        /// Who reports it.
        #[command(flatten)]
        by: By,
        /// What it carries; of several cases FIELD=ID=VALUE,ID=VALUE, or where a value has a comma FIELD={"ID":"VALUE","ID":"VALUE"}
        #[arg(long = "with", value_name = "FIELD=VALUE")]
        with: Vec<String>,
        /// When it happened, such as "2026-11-02 14:00"; at most a year before the case began [default: now]
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// A second input with the same key changes nothing; a key counts per case
        #[arg(long)]
        key: Option<String>,
    },
    /// Link a case to another one
    Link {
        /// The case
        id: String,
        /// The link
        link: String,
        /// The other case
        other: String,
        /// Take the link away instead
        #[arg(long)]
        remove: bool,
        /// Who does it.
        #[command(flatten)]
        by: MaybeBy,
    },
    /// Put a case on hold: the deadlines that allow it stand still
    Hold {
        /// The case
        id: String,
        /// The day on which the hold ends by itself
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        because: String,
        /// Who does it.
        #[command(flatten)]
        by: MaybeBy,
    },
    /// End a hold: the time that remained is given back
    Resume {
        /// The case
        id: String,
        /// Who does it.
        #[command(flatten)]
        by: MaybeBy,
    },
    /// Declare an entry void: the case is computed anew from its history without it, and whoever was told is told again
    #[command(
        override_usage = "forloeb case correct [OPTIONS] --because <TEXT> --by <ROLE> <ID> <N>"
    )]
    Correct {
        /// The case
        id: String,
        /// The number of the entry, as `forloeb history` prints it
        #[arg(value_name = "N")]
        entry: u64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        because: String,
        /// Who does it.
        #[command(flatten)]
        by: By,
        /// A second correction with the same key changes nothing; a key counts per case
        #[arg(long)]
        key: Option<String>,
    },
    /// Who has looked at the personal data of a case, when, and why
    Reads {
        /// The case
        id: String,
    },
}

/// `task`.
#[derive(Debug, Args)]
pub struct TaskArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: TaskCommand,
}

/// `task …`.
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// List open tasks, what is due first leading
    List {
        /// Only tasks of this role
        #[arg(long)]
        role: Option<String>,
        /// Only tasks of this case
        #[arg(long)]
        case: Option<String>,
        /// Only overdue tasks
        #[arg(long)]
        overdue: bool,
    },
    /// Say that a task is done
    Done {
        /// CASE/NUMBER or CASE/TASK, as in the list
        id: String,
        /// Who did it.
        #[command(flatten)]
        by: By,
        /// A fact that is filled in with it
        #[arg(long = "set", value_name = "FACT=VALUE")]
        set: Vec<String>,
        /// A second input with the same key changes nothing; a key counts per case
        #[arg(long)]
        key: Option<String>,
    },
}

/// `finding`.
#[derive(Debug, Args)]
pub struct FindingArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: FindingCommand,
}

/// How strong a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    /// A friendly reminder.
    Nudge,
    /// The next person is told.
    Escalation,
}

/// `finding …`.
#[derive(Debug, Subcommand)]
pub enum FindingCommand {
    /// List open findings, escalations leading
    List {
        /// Only what this role is told
        #[arg(long, value_name = "ROLE")]
        to: Option<String>,
        /// Only findings of this case
        #[arg(long)]
        case: Option<String>,
        /// Only this level: nudge or escalation
        #[arg(long, hide_possible_values = true)]
        level: Option<LevelArg>,
        /// Snoozed ones as well
        #[arg(long)]
        all: bool,
    },
    /// Take a finding on
    Ack {
        /// CASE/NUMBER or CASE/TEXT, as in the list
        id: String,
        /// Why, or what is being done
        #[arg(long, value_name = "TEXT")]
        because: String,
        /// Who does it.
        #[command(flatten)]
        by: MaybeBy,
    },
    /// Leave a finding out of the list for a while
    Snooze {
        /// CASE/NUMBER or CASE/TEXT, as in the list
        id: String,
        /// Until this day [default: for a week]
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        because: String,
        /// Who does it.
        #[command(flatten)]
        by: MaybeBy,
    },
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The case
    pub id: String,
    /// A stage, outcome, task, deadline, finding (by its text), rule, recurring work, event, fact, link, or the number of an entry;
    /// without it, everything that is open
    pub name: Option<String>,
    /// Say why the case is not in this stage
    #[arg(long, value_name = "STAGE", conflicts_with = "name")]
    pub why_not: Option<String>,
    /// Explain the case as it was at a time, such as "2026-11-02 14:00"
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// The case
    pub id: String,
    /// Everything, in the order in which it was recorded: what corrections have taken back as well
    #[arg(long)]
    pub all: bool,
}

/// `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// The process
    pub process: String,
    /// Say what it would mean for each open case, by the version in the programme's folder, or with --undo; nothing is changed
    #[arg(long)]
    pub preview: bool,
    /// Take the last migration back: the cases that went over go back to the version before, as if they had never gone over
    #[arg(long)]
    pub undo: bool,
    /// Who decided it: a role of the process, and the person's name; it stands in each history
    #[arg(long, value_name = "ROLE[:NAME]", required_unless_present = "preview")]
    pub by: Option<String>,
    /// Why; it stands in each history
    #[arg(long, value_name = "TEXT", required_unless_present = "preview")]
    pub because: Option<String>,
}

/// `apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// A file of JSON lines, or `-` for standard input
    pub file: PathBuf,
}

/// `calendar`.
#[derive(Debug, Args)]
pub struct CalendarArgs {
    /// The calendar
    pub name: String,
    /// The year to show [default: this one]
    #[arg(long, allow_hyphen_values = true, value_parser = clap::value_parser!(i16).range(1583..=9999))]
    pub year: Option<i16>,
    /// Count from this day
    #[arg(long, value_name = "DATE", requires = "add", conflicts_with = "year")]
    pub from: Option<String>,
    /// What to count, such as "10 working days"
    #[arg(
        long,
        allow_hyphen_values = true,
        value_name = "DURATION",
        requires = "from"
    )]
    pub add: Option<String>,
}

/// `overlay`.
#[derive(Debug, Args)]
pub struct OverlayArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: OverlayCommand,
}

/// What to do with overlays.
#[derive(Debug, Subcommand)]
pub enum OverlayCommand {
    /// List the overlays with the process of each, and why it is there
    List,
    /// Show a process with an overlay over it, each value with the file and line it is from
    Show(OverlayShowArgs),
}

/// `overlay show`.
#[derive(Debug, Args)]
pub struct OverlayShowArgs {
    /// The overlay
    pub name: String,
    /// Only what the overlay changes
    #[arg(long)]
    pub changed: bool,
}

/// `diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "A is compared with B: what A says stands first, what B says after the arrow. Without B, a process or an overlay is compared with what is in force (which then stands first), and a stored version with what came after it into force.

Behind each difference stands how many open cases of the tenant it touches, where there is a database. A difference in a stage, its exits or its rules touches the cases in it; in a task or deadline, those of them where it is not done or met yet; in a setting, those where something that goes by it is still to come; in a text, those with an open finding that says it; everything else touches all open cases of the process.

A difference is nothing wrong: the exit code is 0 with and without one."
)]
pub struct DiffArgs {
    /// A process or an overlay of the folder, the beginning of a stored version (four characters or more), or active:PROCESS for what is in
    /// force; process:, overlay: or version: before a name that means several
    pub a: String,
    /// The same
    pub b: Option<String>,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}
