//! Tables, and rows in them, as any program would write them: nothing here knows what a row means.

use super::Outcome;
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::{collections::BTreeSet, sync::Arc};

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(Arc<str>),
    /// Bytes.
    Blob(Arc<Vec<u8>>),
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// Which of them are its key.
    pub key: Vec<usize>,
    /// Which of them an update may change. Who writes the others as well pays for their indexes and references.
    pub changing: Vec<usize>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

/// What is done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It goes; only its key is given.
    Delete,
    /// It comes.
    Insert,
    /// It is there, and changes.
    Update,
}

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Self {
        match name {
            "Insert" | "INSERT" => Self::Insert,
            "Update" | "UPDATE" => Self::Update,
            _ => Self::Delete,
        }
    }
}

/// A row that is written.
#[derive(Clone, Debug)]
pub struct Op {
    /// Its table, by place.
    pub table: usize,
    /// What is done to it.
    pub kind: Kind,
    /// What stands in it; for a delete, its key.
    pub cells: Vec<Cell>,
}

impl Op {
    fn key(&self, tables: &[Table]) -> Vec<Cell> {
        match self.kind {
            Kind::Delete => self.cells.clone(),
            _ => {
                let key = tables.get(self.table).map_or(&[][..], |table| &table.key);
                key.iter()
                    .filter_map(|at| self.cells.get(*at).cloned())
                    .collect()
            }
        }
    }
}

/// Rows of one table to which the same is done.
#[derive(Clone, Debug)]
pub struct Run {
    /// The table, by place.
    pub table: usize,
    /// What is done.
    pub kind: Kind,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Puts rows that can be written together together, as anybody would who writes many: by table and by what is done. A row that is touched
/// twice is written twice, in order.
pub fn together(ops: Vec<Op>, tables: &[Table]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut here: Vec<Op> = Vec::new();
    let mut touched = BTreeSet::new();
    for op in ops {
        if !touched.insert((op.table, op.key(tables))) {
            close(&mut here, &mut runs);
            touched.clear();
            touched.insert((op.table, op.key(tables)));
        }
        here.push(op);
    }
    close(&mut here, &mut runs);
    runs
}

fn close(here: &mut Vec<Op>, runs: &mut Vec<Run>) {
    // Stable: rows of one table stay in order.
    here.sort_by_key(|op| (op.table, op.kind));
    for op in here.drain(..) {
        match runs.last_mut() {
            Some(run) if run.table == op.table && run.kind == op.kind => run.rows.push(op.cells),
            _ => runs.push(Run {
                table: op.table,
                kind: op.kind,
                rows: vec![op.cells],
            }),
        }
    }
}

/// The tables of a database, in the order in which they were made, so that what is referred to comes first.
pub async fn tables(connection: &mut SqliteConnection) -> Outcome<Vec<Table>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' \
         AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'bench\\_%' ESCAPE '\\' \
         ORDER BY rowid",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tables = Vec::new();
    for name in names {
        let columns: Vec<(String, i64)> =
            sqlx::query_as("SELECT name, pk FROM pragma_table_info($1) ORDER BY cid")
                .bind(&name)
                .fetch_all(&mut *connection)
                .await?;
        let mut key: Vec<(i64, usize)> = Vec::new();
        for (at, (_, place)) in columns.iter().enumerate() {
            if *place > 0 {
                key.push((*place, at));
            }
        }
        key.sort_unstable();
        let key: Vec<usize> = key.into_iter().map(|(_, at)| at).collect();
        tables.push(Table {
            name,
            changing: (0..columns.len()).filter(|at| !key.contains(at)).collect(),
            columns: columns.into_iter().map(|(name, _)| name).collect(),
            key,
        });
    }
    Ok(tables)
}

/// An expression that gives columns of a row as one text of SQL literals, which `literals` reads back.
pub fn quoted(columns: &[&str], before: &str) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("quote({before}\"{column}\")"))
        .collect();
    columns.join(" || ',' || ")
}

/// Every row of a table that `condition` holds for.
pub async fn read(
    connection: &mut SqliteConnection,
    table: &Table,
    condition: &str,
) -> Outcome<Vec<Vec<Cell>>> {
    let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let select = format!(
        "SELECT {} FROM \"{}\" WHERE {condition}",
        quoted(&columns, ""),
        table.name
    );
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(select))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| literals(row)).collect()
}

/// A row as SQL literals in one line.
pub fn text(row: &[Cell]) -> String {
    let literals: Vec<String> = row
        .iter()
        .map(|cell| match cell {
            Cell::Null => "NULL".to_owned(),
            Cell::Int(number) => number.to_string(),
            Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Cell::Blob(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                format!("X'{hex}'")
            }
        })
        .collect();
    literals.join(",")
}

/// Reads SQL literals.
pub fn literals(text: &str) -> Outcome<Vec<Cell>> {
    let mut cells = Vec::new();
    let mut rest = text;
    loop {
        let (cell, after) = literal(rest).ok_or_else(|| format!("not SQL literals: {text}"))?;
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None if after.is_empty() => return Ok(cells),
            None => return Err(format!("not SQL literals: {text}").into()),
        }
    }
}

fn literal(text: &str) -> Option<(Cell, &str)> {
    if let Some(after) = text.strip_prefix("NULL") {
        return Some((Cell::Null, after));
    }
    if let Some(after) = text.strip_prefix("X'") {
        let (hex, after) = after.split_once('\'')?;
        let pairs = hex.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        return Some((Cell::Blob(Arc::new(bytes.collect::<Option<_>>()?)), after));
    }
    if let Some(mut after) = text.strip_prefix('\'') {
        let mut value = String::new();
        loop {
            let (part, rest) = after.split_once('\'')?;
            value.push_str(part);
            match rest.strip_prefix('\'') {
                Some(more) => {
                    value.push('\'');
                    after = more;
                }
                None => return Some((Cell::Text(value.into()), rest)),
            }
        }
    }
    let end = text.find(',').unwrap_or(text.len());
    let (number, after) = text.split_at(end);
    Some((Cell::Int(number.parse().ok()?), after))
}
