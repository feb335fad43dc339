//! A database with very many cases that sleep: one genuine case, started by the engine, and copies of its rows under other ids, written by
//! the baseline. `forloeb doctor` finds such a database sound.

use super::{
    Outcome,
    folder::{Folder, monday},
    loan,
    raw::Raw,
    rows::{Cell, Kind, Op, Table, read, tables, together},
};
use forloeb::turn::Request;
use forloeb_core::input::Input;
use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// Cases in one transaction.
const BATCH: usize = 5_000;

/// Cases that are due before the others wake by themselves: they are on hold until then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Busy {
    /// So many are due one by one.
    pub alone: usize,
    /// So many are due together, later.
    pub together: usize,
}

/// When the case of this number is due alone.
pub fn alone_at(number: usize) -> Outcome<Timestamp> {
    let minutes = i64::try_from(number)? + 1;
    Ok(monday()?.checked_add(SignedDuration::from_mins(minutes))?)
}

/// When many are due together.
pub fn together_at() -> Outcome<Timestamp> {
    Ok(monday()?.checked_add(SignedDuration::from_hours(24))?)
}

/// Starts a case in this folder, and puts so many copies beside it. Nobody may have its database open.
pub async fn furnish(folder: &Folder, cases: usize, busy: Busy) -> Outcome<()> {
    let engine = folder.engine().await?;
    let mut requests = vec![starts(0)];
    for number in 0..busy.alone + busy.together {
        let until = match number < busy.alone {
            true => alone_at(number)?,
            false => together_at()?,
        };
        // Their numbers come after those of the copies.
        requests.push(starts(cases + number));
        requests.push(Request {
            process: None,
            input: Input::Hold {
                until: Some(until),
                because: "Venter".to_owned(),
            },
            ..starts(cases + number)
        });
    }
    while !requests.is_empty() {
        let later = requests.split_off(requests.len().min(1_000));
        for answer in engine.submit(requests).await? {
            answer.map_err(|refusal| refusal.to_string())?;
        }
        requests = later;
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

fn starts(number: usize) -> Request {
    loan::start(number).request()
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
