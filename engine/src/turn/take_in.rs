//! Taking a request in: found among those that were there before, refused, or stepped with all that it tells other cases.

use super::{
    TurnError,
    answered::Remembering,
    batch::{Batch, Undo},
    hand::InHand,
    request::{Accepted, Request, Why},
};
use crate::{
    language::programme::Ready,
    store::{Store, Tx},
};
use forloeb_core::{
    accept::{listed, nearest},
    case::{Case, CaseId},
    entry::{Entry, What},
    input::{Given, Input, Moment, Refusal, Step},
    name::Name,
    step::{Scene, start, step},
};
use std::{collections::BTreeMap, sync::Arc};

impl<S: Store> Batch<'_, S> {
    /// Takes one request in with all that it tells other cases, or refuses it and puts everything back.
    pub(super) async fn take_in(
        &mut self,
        request: Request,
        moment: Moment,
    ) -> Result<Result<Accepted, Refusal>, TurnError> {
        self.undo = Undo::default();
        let answer = self.try_to_take_in(request, moment).await?;
        if !matches!(&answer, Ok(accepted) if accepted.why == Why::New) {
            self.put_back().await?;
        }
        Ok(answer)
    }

    async fn try_to_take_in(
        &mut self,
        request: Request,
        moment: Moment,
    ) -> Result<Result<Accepted, Refusal>, TurnError> {
        let given = Given {
            by: self.actor(request.by).await?,
            on_behalf_of: self.actor(request.on_behalf_of).await?,
            input: request.input,
            key: request.key,
        };
        let id = match request.case {
            Some(id) => id,
            None => {
                self.fresh_id(request.process.as_ref(), given.key.as_deref())
                    .await?
            }
        };
        if let Some(entry) = self.recorded(&id, given.key.as_deref()).await? {
            if !given.input.may_have_recorded(&entry.what) {
                return Ok(Err(used_key(&id, &given, &entry)));
            }
            return Ok(Ok(Accepted {
                case: id,
                why: Why::Repeated(entry.seq),
                entries: Vec::new(),
                told: Vec::new(),
            }));
        }
        let first = match self
            .step_case(&id, request.process.as_ref(), &given, moment)
            .await?
        {
            Ok(first) => first,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let told = match self.tell(&id, &first, moment).await? {
            Ok(told) => told,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(Accepted {
            case: id,
            why: Why::New,
            entries: first.entries,
            told,
        }))
    }

    /// Steps one case, starting it where that is the input, and keeps the result in hand.
    pub(super) async fn step_case(
        &mut self,
        id: &CaseId,
        process: Option<&Name>,
        given: &Given,
        moment: Moment,
    ) -> Result<Result<Step, Refusal>, TurnError> {
        self.need([id.clone()]).await?;
        let known = self
            .in_hand(id)
            .map(|known| (known.ready.clone(), Some(known.case.clone())));
        let (ready, case) = match known {
            Some(known) => known,
            None => match self.plan_for_start(id, process, given).await? {
                Ok(ready) => (ready, None),
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        if let (Input::Correct { .. } | Input::Void { .. }, Some(case)) = (&given.input, &case) {
            return self.correct_case(case.clone(), given, moment).await;
        }
        let around = self
            .around(&ready.plan, case.as_deref(), &given.input)
            .await?;
        let known = self.cases.get_mut(id).and_then(Option::as_mut);
        let answered = known.map(|known| std::mem::take(&mut known.answered));
        let judge = Remembering::new(&*ready.judge, answered.unwrap_or_default());
        let scene = Scene {
            plan: ready.plan.clone(),
            around: Arc::new(around),
            judge: &judge,
        };
        let stepped = match &case {
            Some(case) => step(&scene, case, given, moment),
            None => start(&scene, id, given, moment),
        };
        match stepped {
            Ok(stepped) => {
                let answered = judge.into_answered();
                self.keep(id, ready.clone(), given, &stepped, moment)
                    .await?;
                // In a circle of stages, rules are asked of entries that are taken back.
                let circled = !stepped.case.circled.is_empty();
                if let Some(Some(known)) = self.cases.get_mut(id).filter(|_| !circled) {
                    known.answered = answered;
                }
                Ok(Ok(stepped))
            }
            // What a refused step asked, it asked of entries that there will never be.
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    async fn plan_for_start(
        &mut self,
        id: &CaseId,
        process: Option<&Name>,
        given: &Given,
    ) -> Result<Result<Arc<Ready>, Refusal>, TurnError> {
        let (Input::Start { .. }, Some(process)) = (&given.input, process) else {
            return Ok(Err(no_case(id)));
        };
        let in_force = self.in_force().await?;
        match in_force.get(process) {
            Some(plan) => Ok(Ok(self.ready(plan).await?)),
            None => {
                let help = match nearest(process, in_force.keys()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if in_force.is_empty() => {
                        "none is in force yet; `forloeb check` tells what is wrong with the programme's folder".to_owned()
                    }
                    None => format!("these are: {}", listed(in_force.keys())),
                };
                Ok(Err(Refusal {
                    message: format!("there is no process `{process}` in force"),
                    help: Some(help),
                }))
            }
        }
    }

    /// The plan in force of each process.
    pub(super) async fn in_force(&mut self) -> Result<Arc<BTreeMap<Name, Name>>, TurnError> {
        if let Some(in_force) = self.kept.in_force.clone() {
            return Ok(in_force);
        }
        let tenant = self.tenant;
        let in_force = Arc::new(self.tx().await?.active(tenant).await?);
        self.kept.in_force = Some(in_force.clone());
        Ok(in_force)
    }

    /// Keeps what a step gave, and lets those wake who read what changed.
    pub(super) async fn keep(
        &mut self,
        id: &CaseId,
        ready: Arc<Ready>,
        given: &Given,
        stepped: &Step,
        moment: Moment,
    ) -> Result<(), TurnError> {
        self.mark(id);
        self.note_links(id, stepped);
        let place = self.cases.entry(id.clone()).or_default();
        let known =
            place.get_or_insert_with(|| InHand::started(stepped.case.clone(), ready.clone()));
        if known.ready.plan.id != stepped.case.plan {
            known.go_over(ready);
        }
        known.keep(stepped, given.key.as_ref());
        self.weighs_more(stepped.entries.len() as u64);
        if !stepped.entries.is_empty() {
            self.changed.insert(id.clone());
        }
        self.wake_case_at(id, stepped.wake_at);
        // It has seen by now what it would have woken for.
        self.echoes.remove(id);
        self.wake_readers(id, &stepped.entries, moment.at).await
    }

    /// Notes what a case links to and did not before.
    fn note_links(&mut self, id: &CaseId, stepped: &Step) {
        let moved = self
            .in_hand(id)
            .is_some_and(|known| known.ready.plan.id != stepped.case.plan);
        if moved {
            // Those that it links to know it by the plan before.
            for (link, to) in links_of(&stepped.case) {
                let readers = self.linked_here.entry(to.clone()).or_default();
                readers.insert((stepped.case.plan.clone(), link.clone(), id.clone()));
            }
        }
        for entry in &stepped.entries {
            if let What::Linked { link, to } = &entry.what {
                let plan = &stepped.case.plan;
                let readers = self.linked_here.entry(to.clone()).or_default();
                readers.insert((plan.clone(), link.clone(), id.clone()));
            }
        }
    }

    /// The entry that an input with this key became, if it has been taken in.
    async fn recorded(
        &mut self,
        id: &CaseId,
        key: Option<&str>,
    ) -> Result<Option<Entry>, TurnError> {
        let Some(key) = key else {
            return Ok(None);
        };
        self.need([id.clone()]).await?;
        let asked = (id.clone(), key.to_owned());
        if self.recorded_here(id, key).is_none() && !self.looked_up.contains(&asked) {
            self.look_up_keys(vec![asked]).await?;
        }
        Ok(self.recorded_here(id, key).cloned())
    }

    /// The entry that an input with this key became in this batch, or as it was looked up.
    pub(super) fn recorded_here(&self, id: &CaseId, key: &str) -> Option<&Entry> {
        self.in_hand(id)?.recorded.get(key)
    }

    /// Looks inputs up in the histories of cases in hand.
    pub(super) async fn look_up_keys(
        &mut self,
        keys: Vec<(CaseId, String)>,
    ) -> Result<(), TurnError> {
        // A case that is not in the database has no history there.
        let keys: Vec<_> = keys
            .into_iter()
            .filter(|(id, _)| self.in_hand(id).is_some_and(InHand::is_stored))
            .collect();
        if keys.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant;
        for found in self.tx().await?.recorded(tenant, &keys).await? {
            if let Some(Some(known)) = self.cases.get_mut(&found.case) {
                known.recorded.insert(found.key, found.entry);
            }
        }
        self.looked_up.extend(keys);
        Ok(())
    }
}

fn links_of(case: &Case) -> impl Iterator<Item = (&Name, &CaseId)> {
    let links = case.links.iter();
    links.flat_map(|(link, cases)| cases.iter().map(move |to| (link, to)))
}

fn used_key(id: &CaseId, given: &Given, entry: &Entry) -> Refusal {
    let key = given.key.as_deref().unwrap_or_default();
    let what = match &entry.what {
        What::Reported { event, .. } => format!("`{event}`"),
        other => format!("`{}`", other.kind()),
    };
    Refusal {
        message: format!(
            "the key `{key}` was given for another input: {what}, entry {} of `{id}`",
            entry.seq
        ),
        help: Some(
            "an input that is delivered again keeps its key; each other input of a case needs one of its own"
                .to_owned(),
        ),
    }
}

pub(super) fn no_case(id: &CaseId) -> Refusal {
    Refusal {
        message: format!("there is no case `{id}`"),
        help: Some(
            "`forloeb case list` shows those that there are; `forloeb case start` starts one"
                .to_owned(),
        ),
    }
}
