//! The file of the SQLite store: what is refused when opening it and with which words, and what survives.

use super::{
    place::{Place, SqlitePlace, TENANT, furnished, minute},
    story::{Story, write, written},
    writing::full,
};
use forloeb::store::{
    Clock, Environment, Store, StoreError, Tx,
    sqlite::{Open, SqliteStore},
};
use sqlx::{Connection, SqliteConnection};
use std::{fs, path::Path};

const REAL: Open = Open::Create { clock: Clock::Real };

async fn refused(url: &Path, how: Open) -> Environment {
    match SqliteStore::open(url.to_str().unwrap(), how).await {
        Err(StoreError::Environment(environment)) => {
            assert!(environment.help().is_some(), "{environment} has no advice");
            environment
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("`{}` was opened", url.display()),
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let missing = refused(&at("no.db"), Open::Existing).await;
    let told = format!("there is no database at `{}`", at("no.db").display());
    assert_eq!(missing.to_string(), told);
    assert!(!at("no.db").exists(), "looking for a database made one");

    let no_folder = refused(&at("no/where.db"), REAL).await;
    assert!(matches!(no_folder, Environment::NoFolder(path) if path == at("no")));
    let is_folder = refused(folder.path(), Open::Existing).await;
    assert!(matches!(is_folder, Environment::IsFolder(_)));
    for url in [
        "postgres://localhost/x",
        "",
        "sqlite:",
        ":memory:",
        "sqlite::memory:",
    ] {
        let unknown = refused(Path::new(url), REAL).await;
        assert!(matches!(unknown, Environment::UnknownKind(_)), "{url}");
    }

    fs::write(at("empty.db"), "").unwrap();
    let empty = refused(&at("empty.db"), Open::Existing).await;
    assert!(matches!(empty, Environment::Empty(_)));
    fs::write(at("text.db"), "this is no database at all, but a letter").unwrap();
    for how in [Open::Existing, REAL] {
        let letter = refused(&at("text.db"), how).await;
        assert!(matches!(letter, Environment::NotOurs(_)), "{letter:?}");
    }
}

#[tokio::test]
async fn somebody_elses_database_is_left_alone() {
    let place = SqlitePlace::make(Clock::Real).await;
    let theirs = place.file().with_file_name("theirs.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&theirs)
        .create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE songs (title TEXT)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let before = fs::read(&theirs).unwrap();
    for how in [Open::Existing, REAL] {
        let refused = refused(&theirs, how).await;
        assert!(matches!(refused, Environment::NotOurs(_)));
    }
    assert!(fs::read(&theirs).unwrap() == before);
}

#[tokio::test]
async fn a_database_is_made_once() {
    let place = SqlitePlace::make(Clock::Virtual(minute(3))).await;
    let again = refused(&place.file(), REAL).await;
    assert!(matches!(again, Environment::AlreadyThere(_)));
    assert_eq!(
        place.open().await.clock().await.unwrap(),
        Clock::Virtual(minute(3))
    );
    // A file that was begun and never filled is nobody's yet.
    let begun = place.file().with_file_name("begun.db");
    fs::write(&begun, "").unwrap();
    SqliteStore::open(begun.to_str().unwrap(), REAL)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_make_it_at_once_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("x.db").display().to_string();
    let make = |url: String| tokio::spawn(async move { SqliteStore::open(&url, REAL).await });
    let (first, second) = (make(url.clone()), make(url.clone()));
    let made = [first.await.unwrap(), second.await.unwrap()];
    let refused = made.iter().filter_map(|made| made.as_ref().err());
    let refused: Vec<_> = refused.map(ToString::to_string).collect();
    assert_eq!(refused, [format!("there is already a database at `{url}`")]);
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let place = SqlitePlace::make(Clock::Real).await;
    let newer = "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, 0 FROM _sqlx_migrations LIMIT 1";
    place.sql(newer).await.unwrap();
    let refused = refused(&place.file(), Open::Existing).await;
    assert!(matches!(refused, Environment::Newer(_)));
}

#[tokio::test]
async fn settings_of_durability() {
    let (place, store) = furnished::<SqlitePlace>(&[TENANT]).await;
    let mut tx = store.begin().await.unwrap();
    let asked = "SELECT journal_mode, synchronous, foreign_keys FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";
    let settings: (String, i64, i64) = sqlx::query_as(asked)
        .fetch_one(tx.connection())
        .await
        .unwrap();
    // synchronous 2 is FULL: a commit that was answered survives a power cut.
    assert_eq!(settings, ("wal".to_string(), 2, 1));
    tx.rollback().await.unwrap();
    drop(place);
}

/// A full disk, by the limit of pages that SQLite sets for one connection only: nothing of the batch stays, and the store goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_an_error_and_not_the_end() {
    let (_place, store) = furnished::<SqlitePlace>(&[TENANT]).await;
    written(&store, &mut [full("p-1")]).await;
    let mut tx = store.begin().await.unwrap();
    sqlx::query("PRAGMA max_page_count = 60")
        .execute(tx.connection())
        .await
        .unwrap();
    let mut many: Vec<Story> = (0..500).map(|n| full(&format!("q-{n}"))).collect();
    let changes: Vec<_> = many.iter_mut().map(Story::change).collect();
    let refused = tx.write(TENANT, &changes).await;
    assert!(
        matches!(refused, Err(StoreError::Environment(Environment::Full))),
        "{refused:?}"
    );
    tx.rollback().await.unwrap();
    assert_eq!(store.counts(TENANT).await.unwrap().open, 1);
    // The next transaction has a connection that works.
    written(&store, &mut [full("p-2")]).await;
    assert_eq!(store.counts(TENANT).await.unwrap().open, 2);
}

/// After some failures SQLite ends a transaction by itself, and sqlx does not know: that connection is thrown away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_sqlite_ended_is_not_the_end() {
    let (_place, store) = furnished::<SqlitePlace>(&[TENANT]).await;
    let mut tx = store.begin().await.unwrap();
    tx.write(TENANT, &[full("p-1").change()]).await.unwrap();
    sqlx::query("ROLLBACK")
        .execute(tx.connection())
        .await
        .unwrap();
    tx.commit().await.expect_err("what was gone was committed");
    written(&store, &mut [full("p-2")]).await;
    assert_eq!(store.counts(TENANT).await.unwrap().open, 1);
}

#[tokio::test]
async fn a_damaged_file_is_an_error() {
    let (place, store) = furnished::<SqlitePlace>(&[TENANT]).await;
    let mut many: Vec<Story> = (0..200).map(|n| full(&format!("p-{n}"))).collect();
    written(&store, &mut many).await;
    store.close().await;
    let mut bytes = fs::read(place.file()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    fs::write(place.file(), bytes).unwrap();

    let store = place.open().await;
    let wrong = store.integrity().await;
    assert!(
        !matches!(&wrong, Ok(lines) if lines.is_empty()),
        "{wrong:?}"
    );
    let read = store.audit(TENANT, None, 500).await;
    let damaged =
        |error: &StoreError| matches!(error, StoreError::Environment(Environment::Damaged(_)));
    assert!(matches!(&read, Err(error) if damaged(error)), "{read:?}");
}

/// What a killed program leaves: the file and its log, with a transaction that was written and never committed.
#[tokio::test]
async fn a_kill_between_write_and_commit_leaves_nothing() {
    let (place, store) = furnished::<SqlitePlace>(&[TENANT]).await;
    written(&store, &mut [full("p-1")]).await;
    let mut tx = store.begin().await.unwrap();
    // Enough to overflow the cache into the log before the commit.
    let mut many: Vec<Story> = (0..3_000).map(|n| full(&format!("q-{n}"))).collect();
    let changes: Vec<_> = many.iter_mut().map(Story::change).collect();
    tx.write(TENANT, &changes).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    for name in ["test.db", "test.db-wal"] {
        let from = place.file().with_file_name(name);
        fs::copy(from, folder.path().join(name)).unwrap();
    }
    let copy = folder.path().join("test.db");
    let after = SqliteStore::open(copy.to_str().unwrap(), Open::Existing)
        .await
        .unwrap();
    let counts = after.counts(TENANT).await.unwrap();
    assert_eq!((counts.open, counts.entries), (1, 6));
    assert!(after.integrity().await.unwrap().is_empty());
    write(&after, TENANT, &mut [full("q-1")]).await.unwrap();
}
