//! What it takes to look at what a new version would mean for very many open cases, to let them go over, and to take that back: beside the
//! plain reading and writing of the same rows, in the same transactions.

use super::{
    Outcome,
    daemon::memory,
    folder::{Folder, SHIPPED, TENANT, settle},
    lines::{Line as Reported, interleaved},
    nextwork,
    options::Options,
    raw::Raw,
    record::Recorder,
    rows::{Run, Table, together},
    same::must_be_same,
    table::{Line, median},
};
use forloeb::{
    language::programme::{Ready, load, read_folder},
    store::sqlite::SqliteStore,
    turn::{Carrying, Engine, Migration, Who},
};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::{
    fs,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

/// How many open cases there are.
const CASES: usize = 10_000;
/// How many of them are under way at a time while the database is furnished.
const ABREAST: usize = 500;
/// Inputs in a transaction while it is furnished.
const BATCH: usize = 2_000;

const PROCESS: &str = "nextwork";

/// What is edited in the process: two times, a task, a stage under another name.
const EDITS: [(&str, &str); 4] = [
    ("start_within: 2 weeks ", "start_within: 10 working days "),
    ("wish_within: 7 days", "wish_within: 10 days"),
    ("moving_on", "going_on"),
    (
        "          first_talk:\n",
        "          say_hello: { title: { da: Hils på, en: Say hello }, role: participant, due: 3 days }\n          first_talk:\n",
    ),
];

pub async fn run(options: &Options) -> Outcome<Vec<Line>> {
    let cases = options.scaled(CASES);
    let base = Folder::new(options, "migration", SHIPPED).await?;
    furnish(&base, cases).await?;
    let plans = edit(&base)?;
    let engine = base.engine().await?;
    engine.activate(&plans).await?;
    engine.store().close().await;
    let recorded = record(&base.again(options, "migration-recorded")?, &plans).await?;
    let mut took: [(Vec<f64>, Vec<f64>); 3] = Default::default();
    let mut commands: [(Vec<f64>, Vec<f64>); 3] = Default::default();
    for round in 0..options.rounds {
        let carried = base.again(options, "migration-forloeb")?;
        let plain = base.again(options, "migration-raw")?;
        for (step, (carrying, (engine, raw))) in STEPS.iter().zip(&mut took).enumerate() {
            engine.push(carry_all(&carried, &plans, *carrying, None).await?.1);
            let batches = recorded.batches.get(step).map_or(&[][..], Vec::as_slice);
            raw.push(recorded.plainly(&plain, *carrying, batches).await?);
        }
        if round == 0 {
            must_be_same(&carried.db(), &plain.db()).await?;
        }
        let typed = base.again(options, "migration-typed")?;
        for (words, (seconds, bytes)) in COMMANDS.iter().zip(&mut commands) {
            let (took, most) = command(&typed, words)?;
            seconds.push(took);
            bytes.push(most);
        }
    }
    let names = ["previewed", "migrated", "taken back"];
    let lines = names.iter().zip(took).zip(commands);
    let lines = lines.map(|((name, (engine, raw)), (seconds, bytes))| {
        let rates = |took: Vec<f64>| took.into_iter().map(|took| cases as f64 / took).collect();
        let note = format!(
            "{:.2} s; the whole command, with its page: {:.2} s and {:.0} MB at most",
            median(engine.clone()),
            median(seconds),
            median(bytes) / 1_000_000.0
        );
        let figure = format!("open cases {name}, {cases} journeys in NExTWORK");
        Line::rate(&figure, "cases/s", rates(engine), rates(raw)).note(note)
    });
    Ok(lines.collect())
}

const STEPS: [Carrying; 3] = [Carrying::Previewed, Carrying::Done, Carrying::TakenBack];

const COMMANDS: [&[&str]; 3] = [
    &["migrate", PROCESS, "--preview"],
    &[
        "migrate",
        PROCESS,
        "--by",
        "project_leader:Karen Lund",
        "--because",
        "det nye forår",
    ],
    &[
        "migrate",
        PROCESS,
        "--undo",
        "--by",
        "project_leader:Karen Lund",
        "--because",
        "det var for tidligt",
    ],
];

/// Journeys that have come as far as one, two, three events, and so on.
async fn furnish(base: &Folder, cases: usize) -> Outcome<()> {
    let journeys = (0..cases).map(|number| {
        let mut journey = nextwork::journey(number, cases);
        journey.truncate(1 + number % journey.len());
        journey
    });
    let mut lines = nextwork::companies(cases);
    lines.extend(interleaved(journeys.collect(), ABREAST));
    let engine = base.engine().await?;
    for batch in lines.chunks(BATCH) {
        let requests = batch.iter().map(Reported::request).collect();
        for answer in engine.submit(requests).await? {
            answer.map_err(|refusal| refusal.to_string())?;
        }
    }
    engine.store().close().await;
    // Some days later, so that some of what was promised is near and some is over.
    base.run(&["clock", "advance", "9 days"])?;
    Ok(())
}

/// Edits the process in the folder. Gives the plans that are in it now.
fn edit(base: &Folder) -> Outcome<Vec<Arc<Ready>>> {
    let file = base.file("processes/nextwork.yaml");
    let mut text = fs::read_to_string(&file)?;
    for (old, new) in EDITS {
        if !text.contains(old) {
            return Err(format!("the shipped process has no `{old}`").into());
        }
        text = text.replace(old, new);
    }
    text.push_str("\nrenamed: { stages: { moving_on: going_on } }\n");
    fs::write(file, text)?;
    let loaded = load(&read_folder(&base.file(""))?);
    if let Some(wrong) = loaded.diagnostics.iter().find(|found| found.is_error()) {
        return Err(wrong.message.clone().into());
    }
    Ok(loaded.plans.into_values().map(Arc::new).collect())
}

fn migration(plans: &[Arc<Ready>]) -> Outcome<Migration> {
    let to = plans.iter().find(|ready| ready.plan.process == *PROCESS);
    Ok(Migration {
        to: to.ok_or("no such process")?.clone(),
        by: Some(Who {
            role: "project_leader".into(),
            name: Some("Karen Lund".to_owned()),
        }),
        because: "det nye forår".to_owned(),
        only_untouched: false,
    })
}

/// Carries all cases, page by page. Gives the pages that held any, and the seconds.
async fn carry_all(
    folder: &Folder,
    plans: &[Arc<Ready>],
    carrying: Carrying,
    mut recorder: Option<&mut Recorder>,
) -> Outcome<(Vec<Vec<String>>, f64)> {
    let engine: Engine<SqliteStore> = folder.engine().await?;
    let migration = migration(plans)?;
    settle()?;
    let began = Instant::now();
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let (carried, last) = engine.carry(&migration, carrying, after.as_ref()).await?;
        if let Some(recorder) = &mut recorder {
            recorder.batch().await?;
        }
        if let Some(stuck) = carried.iter().find(|one| one.outcome.is_err()) {
            return Err(format!("{} does not go over", stuck.before.id).into());
        }
        if last.is_none() {
            break;
        }
        pages.push(
            carried
                .iter()
                .map(|one| one.before.id.to_string())
                .collect(),
        );
        after = last;
    }
    let took = began.elapsed().as_secs_f64();
    engine.store().close().await;
    Ok((pages, took))
}

/// What the engine read and wrote.
struct Recorded {
    pages: Vec<Vec<String>>,
    /// By step: what each page wrote.
    batches: Vec<Vec<Vec<Run>>>,
    tables: Vec<Table>,
}

async fn record(folder: &Folder, plans: &[Arc<Ready>]) -> Outcome<Recorded> {
    let mut recorder = Recorder::begin(&folder.db()).await?;
    let mut ends = Vec::new();
    let mut pages = Vec::new();
    for carrying in STEPS {
        pages = carry_all(folder, plans, carrying, Some(&mut recorder))
            .await?
            .0;
        // One more, in which there was nothing left.
        ends.push(pages.len() + 1);
    }
    let (batches, tables) = recorder.finish().await?;
    let mut batches = batches.into_iter().map(|ops| together(ops, &tables));
    let batches = ends
        .into_iter()
        .map(|end| batches.by_ref().take(end).collect());
    Ok(Recorded {
        batches: batches.collect(),
        pages,
        tables,
    })
}

const VERSIONS: &str = "SELECT id FROM cases WHERE tenant = $1 AND process = $2 AND id > $3 AND status <> 'ended' ORDER BY id LIMIT 200";
const HELD: &str = "SELECT count(*) FROM json_each($2) AS wanted CROSS JOIN history AS h \
    WHERE h.tenant = $1 AND h.case_id = wanted.value AND instr(h.body, '[\"held\"') > 0";
const STATES: &str = "SELECT c.id, c.plan, c.seq, c.wake_us, c.state, (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = c.id) \
    FROM json_each($2) AS wanted CROSS JOIN cases AS c WHERE c.tenant = $1 AND c.id = wanted.value";
const OTHERS: &str = "SELECT c.id, c.plan, c.seq, c.wake_us, c.state FROM \
    (SELECT DISTINCT l.other FROM json_each($2) AS wanted CROSS JOIN links AS l WHERE l.tenant = $1 AND l.case_id = wanted.value) AS o \
    CROSS JOIN cases AS c WHERE c.tenant = $1 AND c.id = o.other";
const READERS: &str = "SELECT l.other, l.link, c.plan, l.case_id FROM json_each($2) AS wanted \
    CROSS JOIN links AS l CROSS JOIN cases AS c WHERE l.tenant = $1 AND l.other = wanted.value AND c.tenant = $1 AND c.id = l.case_id";
const HISTORIES: &str = "SELECT h.case_id, h.first, h.seq, h.at_us, h.late_us, h.body FROM json_each($2) AS wanted \
    CROSS JOIN history AS h WHERE h.tenant = $1 AND h.case_id = wanted.value";

impl Recorded {
    /// The same rows, read and written by a plain program. Gives the seconds.
    async fn plainly(
        &self,
        folder: &Folder,
        carrying: Carrying,
        batches: &[Vec<Run>],
    ) -> Outcome<f64> {
        let mut writer = Raw::open(&folder.db(), &self.tables).await?;
        let mut reader = SqliteConnectOptions::new()
            .filename(folder.db())
            .disable_statement_logging()
            .connect()
            .await?;
        settle()?;
        let began = Instant::now();
        let mut last = String::new();
        for (page, batch) in self.pages.iter().zip(batches) {
            sqlx::query(VERSIONS)
                .bind(TENANT)
                .bind(PROCESS)
                .bind(&last)
                .fetch_all(&mut reader)
                .await?;
            let ids = serde_json::to_string(page)?;
            for select in [STATES, OTHERS, READERS] {
                rows(&mut reader, select, &ids).await?;
            }
            let histories = match carrying {
                Carrying::TakenBack => HISTORIES,
                _ => HELD,
            };
            rows(&mut reader, histories, &ids).await?;
            if carrying != Carrying::Previewed {
                writer.write(batch).await?;
            }
            last = page.last().cloned().unwrap_or_default();
        }
        let took = began.elapsed().as_secs_f64();
        reader.close().await?;
        writer.close().await?;
        Ok(took)
    }
}

async fn rows(
    reader: &mut SqliteConnection,
    select: &'static str,
    ids: &str,
) -> Outcome<Vec<SqliteRow>> {
    let query = sqlx::query(select).bind(TENANT).bind(ids.to_owned());
    Ok(query.fetch_all(reader).await?)
}

/// Runs a command as somebody types it. Gives the seconds, and the most memory that it took.
fn command(folder: &Folder, words: &[&str]) -> Outcome<(f64, f64)> {
    settle()?;
    let began = Instant::now();
    let mut child = folder
        .program(words)
        .stdout(std::process::Stdio::null())
        .spawn()?;
    let mut most: f64 = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        most = memory(child.id(), "VmHWM:").unwrap_or(most).max(most);
        sleep(Duration::from_millis(5));
    };
    let took = began.elapsed().as_secs_f64();
    match status.success() {
        true => Ok((took, most)),
        false => Err(format!("forloeb {}: {status}", words.join(" ")).into()),
    }
}
