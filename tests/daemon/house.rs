//! A folder with a small programme and a database, and the built program in it.

use forloeb::{
    store::{
        Clock, Store, Tx,
        sqlite::{Open, SqliteStore},
    },
    turn::Engine,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use sqlx::{Connection, SqliteConnection};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Output, Stdio},
};
use tempfile::TempDir;

/// The tenant of every database that the commands make.
pub(super) const TENANT: &str = "main";

/// A Monday, at eight in the morning in Copenhagen.
pub(super) fn monday() -> Timestamp {
    "2026-08-03T06:00:00Z".parse().unwrap()
}

pub(super) fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// A folder with a programme and a database.
pub(super) struct House {
    folder: TempDir,
}

impl House {
    /// With the programme of `tests/daemon/programme`, on a virtual clock.
    pub(super) async fn new() -> Self {
        Self::furnished("tests/daemon/programme", Clock::Virtual(monday())).await
    }

    /// With any programme, on any clock.
    pub(super) async fn furnished(programme: &str, clock: Clock) -> Self {
        let house = Self::bare(programme, clock).await;
        house.run(&["tick"]);
        house
    }

    /// With a programme that is not in force yet, and an empty database.
    pub(super) async fn bare(programme: &str, clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(programme);
        for part in [
            "processes",
            "processes/calendars",
            "processes/overlays",
            "rules",
        ] {
            if !from.join(part).is_dir() {
                continue;
            }
            fs::create_dir_all(folder.path().join(part)).unwrap();
            for file in fs::read_dir(from.join(part)).unwrap() {
                let file = file.unwrap();
                if file.file_type().unwrap().is_file() {
                    fs::copy(file.path(), folder.path().join(part).join(file.file_name())).unwrap();
                }
            }
        }
        let house = Self { folder };
        let made = SqliteStore::open(&house.url(), Open::Create { clock }).await;
        made.unwrap().close().await;
        house
    }

    /// The same once more. Nobody may have the first one's database open.
    pub(super) fn again(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Self { folder }
    }

    /// Exchanges a text in a file, which must have it.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn url(&self) -> String {
        self.path("forloeb.db").display().to_string()
    }

    pub(super) async fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.url(), Open::Existing)
            .await
            .unwrap()
    }

    pub(super) async fn engine(&self) -> Engine<SqliteStore> {
        Engine::new(self.store().await, TENANT.into())
    }

    /// Lets a virtual clock stand later without going through what falls due on the way, as time passes while nobody looks.
    pub(super) async fn let_pass(&self, to: Timestamp) {
        let store = self.store().await;
        let mut tx = store.begin().await.unwrap();
        tx.set_clock(to).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
    }

    /// The program in this folder.
    pub(super) fn program(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forloeb"));
        for name in ["DB", "PROGRAMME", "TENANT", "LANG", "LOG"] {
            command.env_remove(format!("FORLOEB_{name}"));
        }
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("LANG", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, which must be this exit code. Gives what it wrote.
    pub(super) fn ends(&self, args: &[&str], code: i32) -> Output {
        let output = self.program(args).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{args:?}\n{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// Runs it well. Gives its standard output.
    pub(super) fn run(&self, args: &[&str]) -> String {
        String::from_utf8(self.ends(args, 0).stdout).unwrap()
    }

    /// Writes a file of lines.
    pub(super) fn lines(&self, name: &str, lines: &[Json]) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(self.path(name), text).unwrap();
    }

    /// Starts the daemon, and waits until it says that it keeps promises.
    pub(super) fn daemon(&self) -> Daemon {
        let mut daemon = Daemon::spawn(self.program(&["run", "--poll", "0.02"]));
        daemon.wait_for("keeping promises");
        daemon
    }

    /// Every row of every table, as text: two databases with the same rows have lived the same.
    pub(super) async fn rows(&self) -> Vec<String> {
        let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
        let mut rows = Vec::new();
        for table in [
            "database_clock",
            "plans",
            "active_plans",
            "history",
            "cases",
            "sealed",
            "people",
            "tasks",
            "deadlines",
            "findings",
            "places",
            "links",
        ] {
            let columns: String = sqlx::query_scalar(
                "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') FROM pragma_table_info($1)",
            )
            .bind(table)
            .fetch_one(&mut connection)
            .await
            .unwrap();
            let select = format!("SELECT {columns} AS row FROM {table} ORDER BY row");
            let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(select))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
        }
        connection.close().await.unwrap();
        rows
    }

    /// How many transactions stand in the database's log. It only grows while somebody reads what was there before.
    pub(super) fn commits(&self) -> usize {
        let log = fs::read(self.path("forloeb.db-wal")).unwrap();
        let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
        // A header of 32 bytes, then frames: 24 bytes and a page. The last frame of a transaction says how large the database is.
        let page = number(8) as usize;
        (32..log.len())
            .step_by(24 + page)
            .filter(|frame| number(frame + 4) != 0)
            .count()
    }

    /// One number from the database.
    pub(super) async fn number(&self, select: &'static str) -> i64 {
        let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
        let number = sqlx::query_scalar(select).fetch_one(&mut connection).await;
        connection.close().await.unwrap();
        number.unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let to = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&file.path(), &to);
        } else {
            fs::copy(file.path(), to).unwrap();
        }
    }
}

/// Two databases have the same rows; else the first that differ are shown.
pub(super) async fn same_rows(one: &House, other: &House) {
    let (one, other) = (one.rows().await, other.rows().await);
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    assert_eq!(one.len(), other.len());
}

/// A running daemon. It is killed when it is dropped.
pub(super) struct Daemon {
    pub(super) child: Child,
    log: BufReader<ChildStderr>,
    /// What it has logged so far.
    pub(super) logged: Vec<Json>,
}

impl Daemon {
    pub(super) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        Self {
            log: BufReader::new(child.stderr.take().unwrap()),
            child,
            logged: Vec::new(),
        }
    }

    /// Reads on until it logs this message.
    pub(super) fn wait_for(&mut self, message: &str) -> Json {
        loop {
            let Some(line) = self.next_line() else {
                panic!(
                    "the daemon ended before it said `{message}`: {:?}",
                    self.logged
                );
            };
            if line["message"] == message {
                return line;
            }
        }
    }

    fn next_line(&mut self) -> Option<Json> {
        let mut line = String::new();
        if self.log.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        let line: Json = serde_json::from_str(&line).unwrap_or(Json::String(line));
        self.logged.push(line.clone());
        Some(line)
    }

    /// Sends a signal, and waits for the end. Gives the exit code and all that it logged.
    pub(super) fn end_with(mut self, signal: &str) -> (Option<i32>, Vec<Json>) {
        send(signal, &self.child);
        while self.next_line().is_some() {}
        let code = self.child.wait().unwrap().code();
        (code, std::mem::take(&mut self.logged))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Sends a signal such as `TERM`.
pub(super) fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill")
        .args([&format!("-{signal}"), &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}
