//! A database with very many cases that sleep: one genuine case, started by the engine, and copies of its rows under other ids, written by
//! the baseline. `forloeb doctor` finds such a database sound.

use super::{
    Outcome,
    folder::Folder,
    lines::Line,
    loan,
    raw::Raw,
    rows::{Cell, Kind, Op, Table, read, tables, together},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// Cases in one transaction.
const BATCH: usize = 5_000;

/// Starts a case in this folder, and puts so many copies beside it. Nobody may have its database open.
pub async fn furnish(folder: &Folder, cases: usize) -> Outcome<()> {
    let journey = loan::journey(0);
    let start: Vec<_> = journey.first().map(Line::request).into_iter().collect();
    let engine = folder.engine().await?;
    for answer in engine.submit(start).await? {
        answer.map_err(|refusal| refusal.to_string())?;
    }
    engine.store().close().await;
    let (tables, pattern) = rows_of(folder, &loan::id(0)).await?;
    let mut raw = Raw::open(&folder.db(), &tables).await?;
    raw.careless().await?;
    let mut number = 1;
    while number < cases {
        let end = cases.min(number + BATCH);
        let mut ops = Vec::with_capacity((end - number) * pattern.len());
        for copy in number..end {
            let id = loan::id(copy);
            ops.extend(pattern.iter().map(|op| renamed(op, &loan::id(0), &id)));
        }
        raw.write(&together(ops, &tables)).await?;
        number = end;
    }
    raw.close().await
}

/// The rows of one case.
async fn rows_of(folder: &Folder, id: &str) -> Outcome<(Vec<Table>, Vec<Op>)> {
    let options = SqliteConnectOptions::new().filename(folder.db());
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let tables = tables(&mut connection).await?;
    let mut ops = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let column = match table.name.as_str() {
            "cases" => "id",
            _ if table.column("case_id").is_some() => "case_id",
            _ => continue,
        };
        for cells in read(&mut connection, table, &format!("{column} = '{id}'")).await? {
            ops.push(Op {
                table: at,
                kind: Kind::Insert,
                cells,
            });
        }
    }
    connection.close().await?;
    Ok((tables, ops))
}

/// The same row of another case.
fn renamed(op: &Op, from: &str, to: &str) -> Op {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) if text.contains(from) => Cell::Text(text.replace(from, to).into()),
        Cell::Blob(bytes) => Cell::Blob(replaced(bytes, from.as_bytes(), to.as_bytes()).into()),
        other => other.clone(),
    };
    Op {
        table: op.table,
        kind: op.kind,
        cells: op.cells.iter().map(cell).collect(),
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while at + from.len() <= bytes.len() {
        match bytes.get_mut(at..at + from.len()) {
            Some(here) if here == from => {
                here.copy_from_slice(to);
                at += from.len();
            }
            _ => at += 1,
        }
    }
    bytes
}
