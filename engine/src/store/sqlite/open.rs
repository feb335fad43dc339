//! Opening a database file: is it there, is it ours, is it up to date, and with which settings are connections made.

use super::{
    super::{Clock, Environment, Result, StoreError, entries::micros},
    failure::not_a_database,
    forward, statements,
};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// "frlb", set by the first migration.
const APPLICATION_ID: i64 = 0x6672_6c62;

/// The first SQLite without the fault that can damage a database when its log starts anew.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// How long a writer waits for another program's transaction.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// How soon a program looks again that may not wait for another one in SQLite.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How to open a database.
#[derive(Clone, Copy, Debug)]
pub enum Open {
    /// It must be there.
    Existing,
    /// It must not be there, and is made with this clock.
    Create {
        /// Whose time it is.
        clock: Clock,
    },
}

/// The file that an address names: a path, or `sqlite:` and a path.
pub(super) fn path_of(url: &str) -> Result<PathBuf> {
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))
        .unwrap_or(url);
    let other_scheme = path
        .split_once(':')
        .is_some_and(|(scheme, rest)| scheme.is_empty() || rest.starts_with("//"));
    if path.is_empty() || other_scheme {
        return Err(Environment::UnknownKind(url.to_string()).into());
    }
    Ok(PathBuf::from(path))
}

/// Makes the file ready: afterwards it is ours and up to date.
pub(super) async fn prepare(path: &Path, how: Open) -> Result<()> {
    let began = Instant::now();
    loop {
        match try_to_prepare(path, how).await {
            // Where two make one database at once, SQLite does not let the second wait until the first has set up the log.
            Err(StoreError::Environment(Environment::Busy)) if began.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            done => return done,
        }
    }
}

async fn try_to_prepare(path: &Path, how: Open) -> Result<()> {
    look_at_files(path, how)?;
    let create = matches!(how, Open::Create { .. });
    // A migration may make a table anew, which others lead to; it sees by itself that all of them still lead somewhere.
    let options = plain(path).create_if_missing(create).foreign_keys(false);
    let connected = options.connect().await;
    let mut connection = connected.map_err(|error| foreign(error, path))?;
    let outcome = prepare_on(&mut connection, path, how).await;
    // What went wrong matters more than how the connection closes after it.
    connection.close().await.ok();
    outcome
}

fn look_at_files(path: &Path, how: Open) -> Result<()> {
    if path.is_dir() {
        return Err(Environment::IsFolder(path.to_path_buf()).into());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Environment::NoFolder(folder.to_path_buf()).into());
    }
    match how {
        Open::Existing if !path.exists() => Err(Environment::Missing(path.to_path_buf()).into()),
        _ => Ok(()),
    }
}

async fn prepare_on(connection: &mut SqliteConnection, path: &Path, how: Open) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| foreign(error, path))?;
    if parts(&version) < OLDEST_SQLITE {
        return Err(Environment::OldSqlite(version).into());
    }
    match (owner(connection, path).await?, how) {
        (Owner::Nobody, Open::Existing) => Err(Environment::Empty(path.to_path_buf()).into()),
        (Owner::Other, _) => Err(Environment::NotOurs(path.to_path_buf()).into()),
        (Owner::Us, Open::Create { .. }) => {
            Err(Environment::AlreadyThere(path.to_path_buf()).into())
        }
        (Owner::Us, Open::Existing) => {
            if pending(connection, path).await? {
                migrate(connection, path, None).await?;
            }
            Ok(())
        }
        (Owner::Nobody, Open::Create { clock }) => {
            // The log stays with the file from here on; before, the file might have been somebody else's.
            sqlx::query("PRAGMA journal_mode = WAL")
                .execute(&mut *connection)
                .await?;
            migrate(connection, path, Some(clock)).await
        }
    }
}

fn parts(version: &str) -> (u32, u32, u32) {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

/// A file that is no database at all is somebody else's.
fn foreign(error: sqlx::Error, path: &Path) -> StoreError {
    if not_a_database(&error) {
        Environment::NotOurs(path.to_path_buf()).into()
    } else {
        error.into()
    }
}

/// Whose database a file is.
enum Owner {
    Nobody,
    Us,
    Other,
}

async fn owner(connection: &mut SqliteConnection, path: &Path) -> Result<Owner> {
    let looked = sqlx::query_as(
        "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id",
    )
    .fetch_one(connection)
    .await;
    let (application, tables): (i64, i64) = looked.map_err(|error| foreign(error, path))?;
    Ok(match (application, tables) {
        (APPLICATION_ID, _) => Owner::Us,
        (0, 0) => Owner::Nobody,
        _ => Owner::Other,
    })
}

/// Whether there are migrations that the database has not seen. One that has seen more than we know is newer.
async fn pending(connection: &mut SqliteConnection, path: &Path) -> Result<bool> {
    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(connection)
        .await?;
    if applied
        .iter()
        .any(|version| !MIGRATIONS.version_exists(*version))
    {
        return Err(Environment::Newer(path.to_path_buf()).into());
    }
    Ok(applied.len() < MIGRATIONS.iter().count())
}

/// All migrations, and a new database's clock, in one transaction that keeps others out: a database is never half made, and two
/// programs that open it at once do it once.
async fn migrate(connection: &mut SqliteConnection, path: &Path, new: Option<Clock>) -> Result<()> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    if new.is_some() && !matches!(owner(&mut tx, path).await?, Owner::Nobody) {
        return Err(Environment::AlreadyThere(path.to_path_buf()).into());
    }
    MIGRATIONS
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error)
            | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => StoreError::from(error),
            other => Environment::Migration {
                path: path.to_path_buf(),
                why: other.to_string(),
            }
            .into(),
        })?;
    forward::forward(&mut tx, path).await?;
    if let Some(clock) = new {
        let now_us = match clock {
            Clock::Real => None,
            Clock::Virtual(now) => Some(micros(now)?),
        };
        sqlx::query(statements::MAKE_CLOCK)
            .bind(now_us)
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

fn plain(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        // Rows of one answer that wait for their reader: few would make two threads take turns.
        .row_buffer_size(1_024)
}

/// How the connection that writes is made.
pub(super) fn writer(path: &Path) -> SqliteConnectOptions {
    plain(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Some twenty statements, each for up to eight numbers of rows.
        .statement_cache_capacity(256)
        .pragma("cache_size", "-32768")
        // A page that several transactions wrote is brought to the file once: 16 MB of log before that, and not 4.
        .pragma("wal_autocheckpoint", "4000")
        // The log shrinks again after a large transaction.
        .pragma("journal_size_limit", "67108864")
}

/// How connections that only read are made.
pub(super) fn reader(path: &Path) -> SqliteConnectOptions {
    plain(path).pragma("query_only", "ON")
}
