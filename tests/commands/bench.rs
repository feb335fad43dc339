//! A folder with a programme and a database in which a test types commands. The shipped demo is made once and copied.

use forloeb::store::{
    Clock,
    sqlite::{Open, SqliteStore},
};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};
use tempfile::TempDir;

/// When the clock of the small programme begins: Monday 5 October 2026, eight o'clock in Copenhagen.
const BEGIN: &str = "2026-10-05T06:00:00Z";

/// When the stories begin: Monday 3 August 2026, eight o'clock in Copenhagen.
const STORIES_BEGIN: &str = "2026-08-03T06:00:00Z";

/// What a command answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

/// A folder in which commands are typed.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    /// The small programme of `tests/golden/commands/programme`, on a virtual clock.
    pub(crate) fn small() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programme =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/commands/programme");
        copy(&programme, folder.path());
        Self::on_clock(folder, BEGIN)
    }

    /// The shipped programme, on a virtual clock, with nobody in it yet.
    pub(crate) fn shipped() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in ["processes", "rules"] {
            let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(part);
            copy(&shipped, &folder.path().join(part));
        }
        Self::on_clock(folder, STORIES_BEGIN)
    }

    fn on_clock(folder: TempDir, begin: &str) -> Self {
        let url = folder.path().join("forloeb.db").display().to_string();
        let clock = Clock::Virtual(begin.parse().unwrap());
        wait(async {
            let store = SqliteStore::open(&url, Open::Create { clock })
                .await
                .unwrap();
            store.close().await;
        });
        Self { folder }
    }

    /// The shipped demo.
    pub(crate) fn demo() -> Self {
        static DEMO: OnceLock<TempDir> = OnceLock::new();
        let demo = DEMO.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let answer = run(folder.path(), &["init", "demo", "--demo"], b"");
            assert_eq!(answer.code, 0, "{}", answer.err);
            folder
        });
        let folder = tempfile::tempdir().unwrap();
        copy(&demo.path().join("demo"), folder.path());
        Self { folder }
    }

    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Types a command, with something on its standard input.
    pub(crate) fn with_input(&self, words: &[&str], input: &[u8]) -> Answer {
        run(self.path(), words, input)
    }

    /// Types a command while everything is logged.
    pub(crate) fn logging(&self, words: &[&str], input: &[u8]) -> Answer {
        run_with(self.path(), words, input, &[("FORLOEB_LOG", "trace")])
    }

    /// Types a command with these variables in the environment.
    pub(crate) fn with_env(&self, words: &[&str], env: &[(&str, &str)]) -> Answer {
        run_with(self.path(), words, b"", env)
    }

    /// Types a command.
    pub(crate) fn types(&self, words: &[&str]) -> Answer {
        self.with_input(words, b"")
    }

    /// Types a command that must be fine, and gives what it prints.
    pub(crate) fn says(&self, words: &[&str]) -> String {
        let answer = self.types(words);
        assert_eq!(answer.code, 0, "{words:?}: {}{}", answer.out, answer.err);
        answer.out
    }

    /// All that the database holds, except who has looked at it. Empty where there is none.
    pub(crate) fn dump(&self) -> String {
        let file = self.path().join("forloeb.db");
        if !file.exists() {
            return String::new();
        }
        wait(dump(file))
    }

    /// Runs a statement past the store.
    pub(crate) fn sql(&self, statement: &str) {
        let file = self.path().join("forloeb.db");
        wait(async {
            let options = SqliteConnectOptions::new().filename(file);
            let mut db = SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
                .execute(&mut db)
                .await
                .unwrap();
            db.close().await.unwrap();
        });
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn run(folder: &Path, words: &[&str], input: &[u8]) -> Answer {
    run_with(folder, words, input, &[])
}

fn run_with(folder: &Path, words: &[&str], input: &[u8], env: &[(&str, &str)]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_forloeb"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .envs(env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Who reads nothing hangs up early.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Answer {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

async fn dump(file: PathBuf) -> String {
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let mut text = String::new();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'reads' ORDER BY name",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
            .bind(&table)
            .fetch_all(&mut db)
            .await
            .unwrap();
        let quoted: Vec<String> = columns
            .iter()
            .map(|column| format!("quote(\"{column}\")"))
            .collect();
        let select = format!(
            "SELECT {} AS line FROM \"{table}\" ORDER BY 1",
            quoted.join(" || '|' || ")
        );
        for row in sqlx::query(AssertSqlSafe(select))
            .fetch_all(&mut db)
            .await
            .unwrap()
        {
            text.push_str(&format!("{table}: {}\n", row.get::<String, _>("line")));
        }
    }
    db.close().await.unwrap();
    text
}
