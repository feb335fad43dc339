//! Databases of before: those that the first migration made are brought forward when they are opened, and nothing of them is lost.

use forloeb::store::{
    SealedAt, Store, StoreError, TaskFilter, Tx,
    sqlite::{Open, SqliteStore},
};
use forloeb_core::{
    case::Case,
    entry::{Actor, Entry, What},
    fold,
    ground::Ground,
    value::{SealedKey, Value},
};
use serde::Deserialize;
use sqlx::{
    Connection, Row, SqliteConnection,
    migrate::{Migrate, Migrator},
    sqlite::SqliteConnectOptions,
};
use std::collections::BTreeMap;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// What a program of before wrote.
const WRITTEN: &str = include_str!("before/first.sql");

/// A database as the first migration left it, with what a program of then wrote.
struct Before {
    folder: tempfile::TempDir,
}

impl Before {
    async fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let before = Self { folder };
        let mut db = before.connection().await;
        sqlx::query("PRAGMA journal_mode = WAL")
            .execute(&mut db)
            .await
            .unwrap();
        let table = "_sqlx_migrations";
        db.ensure_migrations_table(table).await.unwrap();
        let first = MIGRATIONS.iter().next().unwrap();
        db.apply(table, first).await.unwrap();
        sqlx::raw_sql(WRITTEN).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        before
    }

    fn url(&self) -> String {
        self.folder.path().join("before.db").display().to_string()
    }

    async fn connection(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(self.url())
            .create_if_missing(true);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// States and histories, read as they lay then.
    async fn read(&self) -> BTreeMap<String, (Case, Vec<Entry>)> {
        #[derive(Deserialize)]
        struct Body {
            ground: Option<Ground>,
            by: Option<Actor>,
            on_behalf_of: Option<Actor>,
            what: What,
        }
        let mut db = self.connection().await;
        let mut read = BTreeMap::new();
        let cases: Vec<(String, String)> = sqlx::query_as("SELECT id, state FROM cases")
            .fetch_all(&mut db)
            .await
            .unwrap();
        for (id, state) in cases {
            let rows = sqlx::query("SELECT * FROM history WHERE case_id = $1 ORDER BY seq")
                .bind(&id)
                .fetch_all(&mut db)
                .await
                .unwrap();
            let number = |row: &_, column| u64::try_from(Row::get::<i64, _>(row, column)).unwrap();
            let at = |row: &_, column| {
                jiff::Timestamp::from_microsecond(Row::get::<i64, _>(row, column)).unwrap()
            };
            let entry = |row: &sqlx::sqlite::SqliteRow| {
                let body: Body = serde_json::from_str(row.get("body")).unwrap();
                Entry {
                    again: None,
                    seq: number(row, "seq"),
                    at: at(row, "at_us"),
                    recorded: at(row, "recorded_us"),
                    cause: row
                        .get::<Option<i64>, _>("cause")
                        .map(|n| n.try_into().unwrap()),
                    ground: body.ground,
                    by: body.by,
                    on_behalf_of: body.on_behalf_of,
                    what: body.what,
                }
            };
            let entries = rows.iter().map(entry).collect();
            read.insert(id, (serde_json::from_str(&state).unwrap(), entries));
        }
        db.close().await.unwrap();
        read
    }
}

#[tokio::test]
async fn a_database_of_before_is_brought_forward() {
    let before = Before::make().await;
    let expected = before.read().await;
    assert_eq!(expected.len(), 3);

    let store = SqliteStore::open(&before.url(), Open::Existing)
        .await
        .unwrap();
    assert!(store.integrity().await.unwrap().is_empty());
    let audited = store.audit("main", None, 9).await.unwrap();
    assert_eq!(audited.len(), 3);
    for case in &audited {
        let (state, entries) = &expected[case.row.case.id.as_str()];
        assert_eq!(*case.row.case, *state);
        assert_eq!(case.entries, *entries);
        assert_eq!(fold::fold(&state.id, entries).unwrap(), *state);
        assert!(case.disagreements.is_empty(), "{:?}", case.disagreements);
    }
    let entries: usize = expected.values().map(|(_, entries)| entries.len()).sum();
    let counts = store.counts("main").await.unwrap();
    assert_eq!((counts.open, counts.ended), (2, 1));
    assert_eq!(counts.entries, u64::try_from(entries).unwrap());

    // Keys, sealed values and lists are found in their new places.
    let mut tx = store.begin().await.unwrap();
    let keys = [
        ("s-1".into(), "d".to_string()),
        ("b-1".into(), "x".to_string()),
    ];
    let recorded = tx.recorded("main", &keys).await.unwrap();
    assert_eq!(recorded.len(), 1);
    let what = &expected["s-1"].1[usize::try_from(recorded[0].entry.seq).unwrap() - 1].what;
    assert!(matches!(what, What::Reported { event, .. } if *event == *"weighed"));
    let at = SealedAt {
        case: "s-1".into(),
        key: SealedKey {
            seq: recorded[0].entry.seq,
            field: "health".into(),
        },
    };
    let sealed = tx.sealed("main", std::slice::from_ref(&at)).await.unwrap();
    assert_eq!(sealed[&at], Value::Text("god \"ro\"".to_string()));
    tx.rollback().await.unwrap();
    let tasks = TaskFilter {
        role: None,
        case: None,
        overdue: false,
        after: None,
        limit: 9,
    };
    for line in store.tasks("main", &tasks).await.unwrap() {
        assert_eq!(
            line.task,
            expected[line.case.as_str()].0.tasks[&line.number]
        );
    }

    // A second time there is nothing left to do.
    store.close().await;
    let again = SqliteStore::open(&before.url(), Open::Existing)
        .await
        .unwrap();
    assert_eq!(again.audit("main", None, 9).await.unwrap().len(), 3);
}

/// As the second migration left it: what had happened to a case lay within its state.
#[tokio::test]
async fn occurrences_within_states_are_brought_out() {
    let before = Before::make().await;
    let store = SqliteStore::open(&before.url(), Open::Existing)
        .await
        .unwrap();
    let expected = store.audit("main", None, 9).await.unwrap();
    let happened = expected.iter().filter(|it| !it.row.case.events.is_empty());
    assert!(happened.count() >= 2);
    store.close().await;
    let mut db = before.connection().await;
    sqlx::raw_sql(
        "UPDATE cases SET state = json_set(state, '$.events', json((SELECT body FROM occurrences AS o \
             WHERE o.tenant = cases.tenant AND o.case_id = cases.id))) \
             WHERE id IN (SELECT case_id FROM occurrences); \
         DROP TABLE occurrences; \
         DELETE FROM _sqlx_migrations WHERE version = 3;",
    )
    .execute(&mut db)
    .await
    .unwrap();
    db.close().await.unwrap();

    let store = SqliteStore::open(&before.url(), Open::Existing)
        .await
        .unwrap();
    let read = store.audit("main", None, 9).await.unwrap();
    assert_eq!(read.len(), expected.len());
    for (read, expected) in read.iter().zip(&expected) {
        assert_eq!(read.row, expected.row);
        assert!(read.disagreements.is_empty());
    }
    assert!(store.integrity().await.unwrap().is_empty());
}

/// What cannot be read stays as it is, and so does everything else.
#[tokio::test]
async fn a_database_of_before_that_cannot_be_read_is_left_alone() {
    let before = Before::make().await;
    let mut db = before.connection().await;
    sqlx::query("UPDATE cases SET state = '{}' WHERE id = 's-2'")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    let refused = SqliteStore::open(&before.url(), Open::Existing).await;
    assert!(
        matches!(&refused, Err(StoreError::Unreadable { what, .. }) if what == "the state of case `s-2`"),
        "{refused:?}"
    );
    let mut db = before.connection().await;
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('entries_before', 'sealed_by_an_entry')",
    )
    .fetch_one(&mut db)
    .await
    .unwrap();
    assert_eq!(tables, 0);
}
