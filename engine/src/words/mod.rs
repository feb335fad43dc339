//! Everything that people in a programme read, in Danish and English, from the shapes of the core to text and JSON.
//!
//! Each page is made in two steps: a struct that holds all that is told ([`json`] gives the same page as data, field
//! for field), and its `print`. Nothing here reads a database, a file or a clock: the caller hands in what is told about.
//! Instants in JSON are RFC 3339 in UTC; where a day is meant, its local date stands beside it. Texts in JSON are in the reader's language.

mod ahead;
mod case_gather;
mod case_list;
mod case_page;
mod case_print;
mod chain;
mod condition;
mod counting;
mod danish;
mod data;
mod dates;
mod difference;
mod done;
mod english;
mod explain;
mod explain_one;
mod explain_print;
mod finding_list;
mod handle;
mod history;
mod ladder;
mod language;
mod message;
mod migration;
mod page;
mod quote;
mod reader;
mod reads;
mod rich;
mod sentence;
mod task_list;
mod tongue;
mod value;
mod versions;
mod why_not;
mod withheld;

pub use case_gather::case_page;
pub use case_list::{CaseItem, CaseList, CaseRow, case_list};
pub use case_page::{
    CasePage, DeadlinePage, DuePage, EndedPage, FactPage, FindingPage, HoldPage, LinkPage,
    LinkedPage, TaskPage, TrackPage,
};
pub use chain::{Because, chain};
pub use counting::{Counting, NotCounted, counting};
pub use data::json;
pub use dates::{Nearness, Told};
pub use difference::{Change, Difference, difference};
pub use done::{Applied, CASES_TOLD, CaseDone, ClockMoved, Done, RefusedLine, Work, done};
pub use explain::{Explanation, Thing, explain};
pub use explain_one::explain_one;
pub use finding_list::{FindingItem, FindingList, FindingRow, Turn, finding_list};
pub use handle::{handle, read_handle};
pub use history::{History, Line, history, line};
pub use ladder::{Step, ladder};
pub use language::Language;
pub use message::message;
pub use migration::{
    CaseMigration, MigrationPage, Outcome as MigrationOutcome, What as MigrationWhat,
};
pub use page::{Column, Page};
pub use reader::{Reader, Subject};
pub use reads::{ReadItem, Reads, reads_page};
pub use rich::{Rich, Style};
pub use task_list::{TaskItem, TaskList, TaskRow, task_list};
pub use tongue::{Counted, Label, Tongue};
pub use versions::{
    Changed, CodeLine, PlanDifference, Side, Touch, Version, VersionsPage, Written, WrittenLine,
    between, side, versions,
};
pub use why_not::{Node, Way, WayPage, WhyNot, ways, why_not};
