//! A small town for the tests: the engine over a database of its own, with a clock that a test sets.

use forloeb::{
    diagnostic::{Colour, Source, render_all},
    language::programme::{Ready, load, load_with, read_folder},
    store::{
        Clock, Store,
        sqlite::{Open, SqliteStore},
    },
    turn::{Engine, Request, Who},
};
use forloeb_core::{
    case::{Case, CaseId},
    entry::{Entry, What},
    input::{Input, Raw, Refusal, Which},
    name::Name,
    plan::Level,
    time::Zone,
};
use jiff::{Timestamp, civil::DateTime};
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

/// Monday morning, when every story begins.
pub(crate) const MONDAY: &str = "2026-08-03 08:00";
/// Enough for every history in these tests.
const ALL: u32 = 100_000;

pub(crate) struct Town {
    pub(crate) engine: Engine<SqliteStore>,
    plans: Vec<Arc<Ready>>,
    _folder: tempfile::TempDir,
}

fn zone() -> Zone {
    Zone::find("Europe/Copenhagen").unwrap()
}

/// An instant from local time, as `2026-08-14 00:00`.
pub(crate) fn instant(local: &str) -> Timestamp {
    let local: DateTime = local.parse().unwrap();
    zone().instant(local).unwrap()
}

/// An instant as local time.
pub(crate) fn local(at: Timestamp) -> String {
    zone().local(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn shipped() -> &'static [Arc<Ready>] {
    static SHIPPED: OnceLock<Vec<Arc<Ready>>> = OnceLock::new();
    SHIPPED.get_or_init(|| plans(&read_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()))
}

fn plans(sources: &[Arc<Source>]) -> Vec<Arc<Ready>> {
    let loaded = load(sources);
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    loaded.plans.into_values().map(Arc::new).collect()
}

fn raw(values: Json) -> Raw {
    let Json::Object(values) = values else {
        panic!("{values} is no map");
    };
    values
        .into_iter()
        .map(|(name, value)| (Name::from(name), value))
        .collect()
}

impl Town {
    /// The shipped programme on a Monday morning.
    pub(crate) async fn new() -> Self {
        Self::with(shipped()).await
    }

    /// The shipped programme with an overlay in force.
    pub(crate) async fn with_overlay(overlay: &str) -> Self {
        let sources = read_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let loaded = load_with(&sources, &[overlay.into()], |_| false);
        assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
        let plans: Vec<_> = loaded.plans.into_values().map(Arc::new).collect();
        Self::with(&plans).await
    }

    /// A programme of the test's own.
    pub(crate) async fn of(files: &[(&str, &str)]) -> Self {
        let source = |(path, text): &(&str, &str)| {
            Arc::new(Source {
                path: (*path).into(),
                text: (*text).to_owned(),
            })
        };
        Self::with(&plans(&files.iter().map(source).collect::<Vec<_>>())).await
    }

    async fn with(plans: &[Arc<Ready>]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("town.db").display());
        let clock = Clock::Virtual(instant(MONDAY));
        let store = SqliteStore::open(&url, Open::Create { clock })
            .await
            .unwrap();
        let engine = Engine::new(store, "town".into());
        engine.activate(plans).await.unwrap();
        Self {
            engine,
            plans: plans.to_vec(),
            _folder: folder,
        }
    }

    /// An engine that knows nothing of what the town's own has seen, so that it reads and asks everything anew.
    pub(crate) async fn stranger(&self) -> Engine<SqliteStore> {
        let engine = Engine::new(self.engine.store().clone(), self.engine.tenant().clone());
        engine.activate(&self.plans).await.unwrap();
        engine
    }

    /// Moves on to a local time, through all that is due on the way.
    pub(crate) async fn until(&self, local: &str) {
        self.until_instant(instant(local)).await;
    }

    pub(crate) async fn until_instant(&self, until: Timestamp) {
        while !self.engine.advance(until).await.unwrap().all {}
    }

    /// Gives one input. What it did to the cases is read from their histories.
    pub(crate) async fn give(
        &self,
        case: &str,
        process: Option<&str>,
        by: &str,
        input: Input,
    ) -> Result<Vec<Entry>, Refusal> {
        let who = Who {
            role: by.into(),
            name: None,
        };
        let request = Request {
            case: Some(case.into()),
            process: process.map(Name::from),
            input,
            by: (!by.is_empty()).then_some(who),
            on_behalf_of: None,
            key: None,
        };
        let mut answers = self.engine.submit(vec![request]).await.unwrap();
        answers.remove(0).map(|accepted| accepted.entries)
    }

    pub(crate) async fn start(&self, process: &str, id: &str, facts: Json) {
        let facts = raw(facts);
        self.give(id, Some(process), "", Input::Start { facts })
            .await
            .unwrap();
    }

    pub(crate) fn report(event: &str, with: Json) -> Input {
        Input::Report {
            event: event.into(),
            with: raw(with),
            happened: None,
            from: None,
        }
    }

    pub(crate) async fn event(&self, case: &str, event: &str, by: &str, with: Json) {
        let given = self.give(case, None, by, Self::report(event, with)).await;
        given.unwrap_or_else(|refusal| panic!("{case} {event}: {refusal} {:?}", refusal.help));
    }

    pub(crate) async fn link(&self, case: &str, link: &str, to: &str) {
        let input = Input::Link {
            link: link.into(),
            to: to.into(),
            from: None,
        };
        self.give(case, None, "", input).await.unwrap();
    }

    pub(crate) async fn done(&self, case: &str, task: &str, by: &str, set: Json) {
        let input = Input::Finish {
            task: Which::Named(task.into()),
            set: raw(set),
        };
        self.give(case, None, by, input).await.unwrap();
    }

    /// A young person who has joined.
    pub(crate) async fn young(&self, id: &str) {
        self.start("nextwork", id, json!({ "name": format!("Young {id}") }))
            .await;
    }

    /// A company that is a member, with so many places.
    pub(crate) async fn company(&self, id: &str, places: u32) {
        self.start("company", id, json!({ "name": format!("Company {id}") }))
            .await;
        self.event(
            id,
            "joined_network",
            "entrepreneur",
            json!({ "places": places }),
        )
        .await;
    }

    pub(crate) async fn met(&self, young: &str, companies: &[&str]) {
        for company in companies {
            let with = json!({ "company": company });
            self.event(young, "company_met", "participant", with).await;
        }
    }

    pub(crate) async fn wish(&self, young: &str, company: &str, by: &str) {
        let with = json!({ "company": company, "why": "because I would like to" });
        self.event(young, "wish_stated", by, with).await;
    }

    pub(crate) async fn agree(&self, young: &str, company: &str, ends: &str) {
        let with = json!({ "company": company, "hours": 20, "ends": ends });
        self.event(young, "placement_agreed", "consultant", with)
            .await;
    }

    pub(crate) async fn begin(&self, young: &str, company: &str) {
        let with = json!({ "company": company });
        self.event(young, "placement_started", "participant", with)
            .await;
    }

    /// A young person who has met three companies and is at work at the first.
    pub(crate) async fn at_work(&self, young: &str, ends: &str) {
        self.young(young).await;
        for company in ["c-1", "c-2", "c-3"] {
            if self.case(company).await.is_none() {
                self.company(company, 3).await;
            }
        }
        self.met(young, &["c-1", "c-2", "c-3"]).await;
        self.wish(young, "c-1", "participant").await;
        self.agree(young, "c-1", ends).await;
        self.begin(young, "c-1").await;
    }

    /// A week as the company tells of it.
    pub(crate) async fn week(&self, company: &str, young: &str, hours: u32, done_well: &str) {
        let mut with = json!({ "hours": { young: hours } });
        if !done_well.is_empty() {
            with["done_well"] = json!({ young: done_well });
        }
        self.event(company, "week_told", "company_contact", with)
            .await;
    }

    pub(crate) async fn case(&self, id: &str) -> Option<Arc<Case>> {
        let id: CaseId = id.into();
        let rows = self
            .engine
            .store()
            .load(self.engine.tenant(), &[id])
            .await
            .unwrap();
        rows.into_iter().next().map(|row| row.case)
    }

    /// The stage of a track.
    pub(crate) async fn stage(&self, id: &str, track: &str) -> String {
        self.case(id).await.unwrap().tracks[track].stage.to_string()
    }

    pub(crate) async fn linked(&self, id: &str, link: &str) -> Vec<String> {
        let case = self.case(id).await.unwrap();
        let linked = case.links.get(link).cloned().unwrap_or_default();
        linked.iter().map(ToString::to_string).collect()
    }

    pub(crate) async fn outcome(&self, id: &str) -> Option<String> {
        let case = self.case(id).await.unwrap();
        case.ended.as_ref().map(|ended| ended.outcome.to_string())
    }

    pub(crate) async fn has_task(&self, id: &str, task: &str) -> bool {
        let case = self.case(id).await.unwrap();
        case.tasks
            .values()
            .any(|open| open.name == *task && open.done.is_none())
    }

    pub(crate) async fn history(&self, id: &str) -> Vec<Entry> {
        let store = self.engine.store();
        store
            .history(self.engine.tenant(), id, 0, ALL)
            .await
            .unwrap()
    }

    /// Each stage of a track with when it was entered.
    pub(crate) async fn stages(&self, id: &str, of: &str) -> Vec<String> {
        let entered = |entry: &Entry| match &entry.what {
            What::StageEntered { track, stage, .. } if *track == *of => {
                Some(format!("{} {stage}", local(entry.at)))
            }
            _ => None,
        };
        self.history(id).await.iter().filter_map(entered).collect()
    }

    /// When a task was opened.
    pub(crate) async fn opened(&self, id: &str, name: &str) -> Vec<String> {
        let opened = |entry: &Entry| match &entry.what {
            What::TaskOpened { task, .. } if *task == *name => Some(local(entry.at)),
            _ => None,
        };
        self.history(id).await.iter().filter_map(opened).collect()
    }

    /// When a text was said to whom and how strongly, and when that was over.
    pub(crate) async fn said(&self, id: &str, text: &str) -> Vec<String> {
        let mut open: BTreeMap<u64, ()> = BTreeMap::new();
        let mut lines = Vec::new();
        for entry in self.history(id).await {
            let at = local(entry.at);
            match entry.what {
                What::FindingOpened { say, level, to, .. } if say == *text => {
                    let level = match level {
                        Level::Nudge => "nudge",
                        Level::Escalation => "escalation",
                    };
                    let to: Vec<&str> = to.iter().map(|role| role.as_str()).collect();
                    lines.push(format!("{at} {level} to {}", to.join(", ")));
                    open.insert(entry.seq, ());
                }
                What::FindingClosed { finding } if open.remove(&finding).is_some() => {
                    lines.push(format!("{at} over"));
                }
                _ => {}
            }
        }
        lines
    }
}

/// What a text said in the whole of a case's history.
#[macro_export]
macro_rules! said {
    ($town:expr, $case:expr, $text:expr, [$($line:expr),* $(,)?]) => {{
        let lines: Vec<String> = $town.said($case, $text).await;
        let wanted: Vec<&str> = vec![$($line),*];
        assert_eq!(lines, wanted, "{} of {}", $text, $case);
    }};
}
