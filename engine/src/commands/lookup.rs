//! Looking up what a page needs: cases with their plans and histories, names, and the confidential values that the reader may see.
//!
//! Whoever sees personal data is written down: who, when, why, and of which cases.

use super::{Context, Failure};
use crate::{
    language::programme::Ready,
    store::{CaseFilter, CaseRow, ReadLog, SealedAt, Store, Tx, sqlite::SqliteStore},
    turn::Engine,
    words::{Reader, Subject},
};
use forloeb_core::{
    accept::nearest,
    case::{Case, CaseId},
    entry::{Actor, Entry, What},
    fold::fold,
    in_effect::{in_effect, plans_gone_by},
    input::Refusal,
    name::Name,
    plan::{Field, Plan},
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Entries that are read from the database at once.
const PAGE: u32 = 1_000;

/// The role under which reads are logged when nobody says `--as`: whoever may run commands on this database.
const OPERATOR: &str = "operator";

/// A case with all that is at hand about it.
#[derive(Debug)]
pub struct Found {
    pub case: Arc<Case>,
    pub ready: Arc<Ready>,
    /// Each plan that it has gone by.
    pub plans: BTreeMap<Name, Arc<Plan>>,
    /// The files of those plans, by plan and path.
    pub sources: BTreeMap<(Name, Name), String>,
    /// Its whole history.
    pub history: Vec<Entry>,
    /// The entries of it that count.
    pub entries: Vec<Entry>,
    pub sealed: BTreeMap<SealedKey, Value>,
}

impl Found {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            plan: &self.ready.plan,
            plans: &self.plans,
            case: &self.case,
            history: &self.history,
            entries: &self.entries,
            sealed: &self.sealed,
        }
    }
}

/// The names that pages need.
#[derive(Debug, Default)]
pub struct Names {
    pub cases: BTreeMap<CaseId, String>,
    pub people: BTreeMap<Name, String>,
    /// By plan and path.
    pub sources: BTreeMap<(Name, Name), String>,
}

impl Names {
    /// Whoever reads at an instant, with these names.
    pub fn reader(&self, context: &Context, plan: &Plan, now: Timestamp) -> Reader<'_> {
        Reader {
            language: context.language(),
            zone: plan.calendar.zone().time_zone().clone(),
            colour: context.colour(),
            width: context.width(),
            now,
            names: &self.cases,
            people: &self.people,
            sources: &self.sources,
            // A role that cannot be read was refused before the database was opened.
            role: context.reader().ok().flatten().map(|who| who.role),
        }
    }
}

/// What a command looks things up with.
#[derive(Debug)]
pub struct Lookup<'c> {
    pub context: &'c Context,
    pub engine: Engine<SqliteStore>,
    /// The instant at which it is read.
    pub now: Timestamp,
    /// The instant of which it tells, where that is another one.
    pub as_of: Option<Timestamp>,
}

impl<'c> Lookup<'c> {
    pub async fn new(context: &'c Context) -> Result<Self, Failure> {
        Self::over(context, context.engine().await?).await
    }

    pub async fn over(context: &'c Context, engine: Engine<SqliteStore>) -> Result<Self, Failure> {
        let now = engine.now().await?;
        Ok(Self {
            context,
            engine,
            now,
            as_of: None,
        })
    }

    pub fn reader<'n>(&self, names: &'n Names, plan: &Plan) -> Reader<'n> {
        names.reader(self.context, plan, self.as_of.unwrap_or(self.now))
    }

    /// The stored row of a case.
    pub async fn row(&self, id: &str) -> Result<CaseRow, Failure> {
        let rows = self
            .engine
            .store()
            .load(self.engine.tenant(), &[Name::from(id)])
            .await?;
        match rows.into_iter().next() {
            Some(row) => Ok(row),
            None => Err(Failure::Refused(no_case(&self.engine, id).await?)),
        }
    }

    /// The history of a case.
    async fn history(&self, id: &str) -> Result<Vec<Entry>, Failure> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let page = self
                .engine
                .store()
                .history(self.engine.tenant(), id, after, PAGE)
                .await?;
            let last = page.len() < PAGE as usize;
            entries.extend(page);
            if last {
                return Ok(entries);
            }
        }
    }

    /// A case with its history, and the confidential values that the reader may see.
    pub async fn case(&self, id: &str) -> Result<Found, Failure> {
        let row = self.row(id).await?;
        let ready = self.engine.ready(&row.case.plan).await?;
        let mut history = self.history(id).await?;
        // Another process may have written between the two reads: the page is of the row's instant.
        history.retain(|entry| entry.seq <= row.case.seq);
        let mut plans = BTreeMap::new();
        let mut sources = BTreeMap::new();
        for plan in plans_gone_by(&history) {
            let ready = self.engine.ready(plan).await?;
            plans.insert(plan.clone(), ready.plan.clone());
            for source in &ready.sources {
                sources.insert((plan.clone(), source.path.clone()), source.text.clone());
            }
        }
        let mut found = Found {
            plans,
            sources,
            case: row.case,
            ready,
            entries: in_effect(&history).into_iter().cloned().collect(),
            history,
            sealed: BTreeMap::new(),
        };
        found.sealed = self.sealed(&found).await?;
        Ok(found)
    }

    /// A case as it stood at an instant, by folding its history up to there; none if it had not started by then.
    pub async fn case_at(&self, id: &str, at: Timestamp) -> Result<Option<Case>, Failure> {
        let mut entries = self.history(id).await?;
        entries.retain(|entry| entry.recorded <= at);
        Ok(fold(&Name::from(id), &entries))
    }

    /// Names for the pages of one case.
    pub async fn names_for(&self, found: &Found) -> Result<Names, Failure> {
        let mut ids: BTreeSet<CaseId> = found.case.links.values().flatten().cloned().collect();
        ids.insert(found.case.id.clone());
        for entry in &found.history {
            mention(&entry.what, &mut ids);
        }
        let rows = self
            .engine
            .store()
            .load(self.engine.tenant(), &ids.into_iter().collect::<Vec<_>>())
            .await?;
        let people = found
            .history
            .iter()
            .flat_map(|entry| [&entry.by, &entry.on_behalf_of])
            .flatten();
        let people: Vec<Name> = people.filter_map(|actor| actor.person.clone()).collect();
        Ok(Names {
            cases: self.case_names(&rows).await?,
            people: self
                .engine
                .store()
                .names(self.engine.tenant(), &people)
                .await?,
            sources: found.sources.clone(),
        })
    }

    /// By which names people know these cases.
    pub async fn case_names(&self, rows: &[CaseRow]) -> Result<BTreeMap<CaseId, String>, Failure> {
        let mut names = BTreeMap::new();
        let mut sealed: BTreeMap<SealedAt, CaseId> = BTreeMap::new();
        let role = self.context.reader()?.map(|who| who.role);
        for row in rows {
            let plan = self.engine.ready(&row.case.plan).await?.plan.clone();
            let Some(fact) = &plan.shown_as else {
                continue;
            };
            match row.case.facts.get(fact).map(|known| &known.value) {
                Some(Value::Sealed(key)) if plan.shows_fact(fact, role.as_ref()) => {
                    let at = SealedAt {
                        case: row.case.id.clone(),
                        key: key.clone(),
                    };
                    sealed.insert(at, row.case.id.clone());
                }
                Some(Value::Sealed(_)) | None => {}
                Some(value) => {
                    names.insert(row.case.id.clone(), value.to_string());
                }
            }
        }
        let keys: Vec<SealedAt> = sealed.keys().cloned().collect();
        for (at, value) in self
            .engine
            .store()
            .sealed(self.engine.tenant(), &keys)
            .await?
        {
            names.insert(at.case, value.to_string());
        }
        Ok(names)
    }

    /// The confidential values of a case that the reader may see: who may by the version by which the case went when the value was recorded,
    /// and, where the version of now has it still, by that one as well.
    async fn sealed(&self, found: &Found) -> Result<BTreeMap<SealedKey, Value>, Failure> {
        let role = self.context.reader()?.map(|who| who.role);
        let role = role.as_ref();
        let (subject, case) = (found.subject(), &found.case);
        let mut seen: BTreeMap<SealedKey, bool> = BTreeMap::new();
        let mut note = |value: &Value, visible: bool| {
            if let Value::Sealed(key) = value {
                // A value that stands in two places is shown only to those who may see both.
                let known = seen.entry(key.clone()).or_insert(true);
                *known &= visible;
            }
        };
        let shows =
            |plan: &Plan, fact: &Name| plan.facts.contains_key(fact) && plan.shows_fact(fact, role);
        for (fact, known) in &case.facts {
            if subject.plan.facts.contains_key(fact) {
                note(&known.value, shows(subject.plan, fact));
            }
        }
        let now = subject.plan;
        for entry in &found.history {
            let then = subject.at(entry.seq).plan;
            match &entry.what {
                What::FactSet { fact, value } => {
                    let name = now.renamed.facts.get(fact).unwrap_or(fact);
                    let still = !now.facts.contains_key(name) || shows(now, name);
                    note(value, still && shows(then, fact));
                }
                What::Reported { event, with, .. } => {
                    let name = now.renamed.events.get(event).unwrap_or(event);
                    let (then, now) = (then.events.get(event), now.events.get(name));
                    let may = |declared: &Field| {
                        let to = &declared.fact.visible_to;
                        to.is_empty() || role.is_some_and(|role| to.contains(role))
                    };
                    for (field, value) in with {
                        let still = now.and_then(|event| event.with.get(field));
                        let known = then.and_then(|event| event.with.get(field));
                        note(value, still.is_none_or(may) && known.is_some_and(may));
                    }
                }
                _ => {}
            }
        }
        let keys: Vec<SealedAt> = seen
            .into_iter()
            .filter(|(_, visible)| *visible)
            .map(|(key, _)| SealedAt {
                case: case.id.clone(),
                key,
            })
            .collect();
        let values = self
            .engine
            .store()
            .sealed(self.engine.tenant(), &keys)
            .await?;
        Ok(values
            .into_iter()
            .map(|(at, value)| (at.key, value))
            .collect())
    }

    /// Writes down that personal data of a case was looked at, and with it the names of those that its page names.
    pub async fn log_page(&self, why: &str, found: &Found, names: &Names) -> Result<(), Failure> {
        let mut cases: BTreeSet<CaseId> = names.cases.keys().cloned().collect();
        cases.insert(found.case.id.clone());
        let why = format!("{why} {}", found.case.id);
        self.log_read(&why, cases.into_iter().collect()).await
    }

    /// Writes down that personal data of these cases was looked at.
    pub async fn log_read(&self, why: &str, cases: Vec<CaseId>) -> Result<(), Failure> {
        if cases.is_empty() {
            return Ok(());
        }
        let store = self.engine.store();
        let by = match self.context.reader()? {
            None => Actor {
                role: Name::from(OPERATOR),
                person: None,
            },
            Some(who) => {
                let person = match who.name {
                    Some(name) => {
                        let mut tx = store.begin().await?;
                        let (id, _) = tx.person(self.engine.tenant(), &name).await?;
                        tx.commit().await?;
                        Some(id)
                    }
                    None => None,
                };
                Actor {
                    role: who.role,
                    person,
                }
            }
        };
        let read = ReadLog {
            at: self.now,
            by,
            why: why.to_owned(),
            cases,
        };
        Ok(store.log_read(self.engine.tenant(), &read).await?)
    }
}

/// Says that there is no such case, and which one was probably meant.
pub async fn no_case<S: Store>(engine: &Engine<S>, id: &str) -> Result<Refusal, Failure> {
    // Those that begin alike, in capitals or not; an id is seldom wrong at its beginning.
    let mut near: Vec<CaseId> = Vec::new();
    let first = id.chars().next().unwrap_or_default();
    for first in [
        first.to_lowercase().to_string(),
        first.to_uppercase().to_string(),
    ] {
        let filter = CaseFilter {
            process: None,
            stage: None,
            overdue: false,
            status: Vec::new(),
            after: Some(Name::from(first)),
            limit: PAGE,
        };
        let rows = engine.store().cases(engine.tenant(), &filter).await?;
        near.extend(rows.into_iter().map(|row| row.case.id.clone()));
    }
    let wanted = id.to_lowercase();
    let same = near.iter().find(|known| known.to_lowercase() == wanted);
    Ok(Refusal {
        message: format!("there is no case `{id}`"),
        help: Some(match same.or_else(|| nearest(id, &near)) {
            Some(near) => format!("did you mean `{near}`? `forloeb case list --all` shows all"),
            None => "`forloeb case list --all` shows those that there are".to_owned(),
        }),
    })
}

/// The other cases that an entry mentions.
fn mention(what: &What, ids: &mut BTreeSet<CaseId>) {
    fn of_value(value: &Value, ids: &mut BTreeSet<CaseId>) {
        match value {
            Value::Case(id) => {
                ids.insert(id.clone());
            }
            Value::Each(values) => ids.extend(values.keys().cloned()),
            _ => {}
        }
    }
    match what {
        What::Reported { with, from, .. } => {
            with.values().for_each(|value| of_value(value, ids));
            ids.extend(from.iter().map(|(case, _)| case.clone()));
        }
        What::Linked { to, .. } | What::Unlinked { to, .. } | What::NotTold { to, .. } => {
            ids.insert(to.clone());
        }
        What::FindingOpened { values, about, .. } => {
            values.values().for_each(|value| of_value(value, ids));
            ids.extend(about.iter().map(|about| Name::from(about.as_str())));
        }
        _ => {}
    }
}
