//! Draining: what is due is gone through in the order of its instants, across cases, a bounded number in one transaction.
//!
//! A case may be woken too early, never too late: a wake that finds nothing changes nothing. So the agenda holds every case in hand
//! under its `wake_at`, and `quiet_until` is a lower bound for those that are not in hand. `echoes` and `woken_at` only recognise cases
//! that wake each other, or themselves, without end; losing one of their counts lets a circle turn once more.

use super::{
    TurnError,
    batch::{Batch, Undo},
};
use crate::store::{Store, Tx};
use forloeb_core::{
    case::CaseId,
    entry::Entry,
    input::{Given, Input, Moment},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// How often a case may wake at one instant by itself before it is left until something else happens.
const MOST_WAKES_AT_ONCE: u32 = 100;

/// So many wakes of readers that follow from each other are looked at in one transaction to their end: they may go round in a circle,
/// which nobody would notice if each transaction counted anew. A chain of readers is shorter, and may go on in the next one.
const SUSPICIOUS_ECHO: u32 = 4;

/// What was woken.
#[derive(Clone, Debug, Default)]
pub struct Woken {
    /// How many wakes there were.
    pub count: u64,
    /// The cases in which something changed, with what changed, in the order in which they woke.
    pub changed: Vec<(CaseId, Vec<Entry>)>,
    /// The instant of the last of them.
    pub through: Option<Timestamp>,
    /// Whether nothing more is due.
    pub all: bool,
}

/// How late the entries of a drain may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// They are recorded now, whenever they were due.
    Late,
    /// The clock goes along: each is recorded at the instant at which it is due.
    Timely,
}

/// A case that is due, and when.
type Due = (Timestamp, CaseId);

/// Where the wakes of a page end.
struct Stop<'p> {
    until: Timestamp,
    /// The last of the page: what is due behind it may not be in hand. None where all is.
    behind: Option<&'p Due>,
}

impl Stop<'_> {
    fn is_before(&self, next: &Due) -> bool {
        next.0 > self.until || self.behind.is_some_and(|last| next > last)
    }
}

impl<S: Store> Batch<'_, S> {
    /// Goes through what is due at or before `until`, as much as one transaction takes.
    pub(super) async fn drain(&mut self, until: Timestamp) -> Result<Woken, TurnError> {
        self.go_through(until, Pace::Late).await
    }

    /// The same for a virtual clock that goes along.
    pub(super) async fn drain_timely(&mut self, until: Timestamp) -> Result<Woken, TurnError> {
        self.go_through(until, Pace::Timely).await
    }

    async fn go_through(&mut self, until: Timestamp, pace: Pace) -> Result<Woken, TurnError> {
        let mut woken = Woken::default();
        let tenant = self.tenant;
        loop {
            // The database must not name again what has been woken in hand.
            self.write().await;
            if self.kept.quiet_until.is_some_and(|quiet| quiet > until) {
                woken.all = true;
                return Ok(woken);
            }
            // A page more than is woken: the next transaction will want those.
            let limit = self.bounds.wakes.saturating_add(self.bounds.page);
            let due = self.tx().await?.due(tenant, until, limit).await?;
            if due.is_empty() {
                let next = self.tx().await?.next_wake(tenant).await?;
                self.kept.quiet_until = Some(next.unwrap_or(Timestamp::MAX));
                woken.all = true;
                return Ok(woken);
            }
            let all_named = due.len() < limit as usize;
            let mut left = due.as_slice();
            while !left.is_empty() {
                let (page, later) = left.split_at(left.len().min(self.page()));
                left = later;
                self.load_page(page, later).await?;
                let whole = all_named && later.is_empty();
                let stop = Stop {
                    until,
                    behind: page.last().filter(|_| !whole),
                };
                if self.wake_page(&stop, pace, &mut woken).await? {
                    return Ok(woken);
                }
            }
            // The database named all that was due, and what became due since then is in hand.
            if all_named {
                woken.all = true;
                return Ok(woken);
            }
        }
    }

    /// Loads a page of due cases with all that they look at, and begins to read what is due next.
    async fn load_page(&mut self, page: &[Due], later: &[Due]) -> Result<(), TurnError> {
        let weighed = self.weight();
        self.take_what_was_read_ahead().await;
        let ids: BTreeSet<CaseId> = page.iter().map(|(_, id)| id.clone()).collect();
        self.need(ids.iter().cloned()).await?;
        self.fetch_around(&ids).await?;
        let weighs = (self.weight() - weighed) / page.len() as u64;
        self.kept.due_weighs = Some(weighs.max(self.kept.due_weighs.unwrap_or(0) / 2));
        let soon = later.len().min(self.page());
        self.read_ahead(later.get(..soon).unwrap_or_default());
        Ok(())
    }

    /// Wakes what is due of the cases in hand. Says whether the transaction is full and more may be due.
    async fn wake_page(
        &mut self,
        stop: &Stop<'_>,
        pace: Pace,
        woken: &mut Woken,
    ) -> Result<bool, TurnError> {
        let most = u64::from(self.bounds.wakes);
        while let Some(next) = self.agenda.first().cloned() {
            if stop.is_before(&next) {
                break;
            }
            if woken.count >= most && !self.echoes_on(next.0) {
                return Ok(true);
            }
            self.wake(next.0, &next.1, pace, woken).await?;
            if woken.count.is_multiple_of(self.bounds.write_every) {
                self.write().await;
            }
        }
        // Each transaction wakes a page at least, however much that takes.
        let full = woken.count >= most || self.weight() > self.bounds.heavy;
        let next = self.agenda.first().map(|next| next.0);
        let goes_on = next.is_some_and(|at| self.echoes_on(at));
        Ok(full && stop.behind.is_some() && !goes_on)
    }

    /// How many due cases are loaded at a time, when they are like those before them.
    fn page(&self) -> usize {
        let most = match self.kept.due_weighs {
            None => u64::from(self.bounds.first_page),
            Some(weighs) => self.bounds.page_weighs / weighs.max(1),
        };
        usize::try_from(most.clamp(1, u64::from(self.bounds.page))).unwrap_or(1)
    }

    /// Begins to read what is due later and not at hand with what has happened to it.
    fn read_ahead(&mut self, later: &[Due]) {
        let ids = later.iter().map(|(_, id)| id);
        let unknown = ids.filter(|id| match self.cases.get(*id) {
            Some(known) => known.as_ref().is_some_and(|known| known.thin),
            None => !self.kept.has(id),
        });
        let unknown: Vec<CaseId> = unknown.cloned().collect();
        self.ahead.begin(self.store, self.tenant, unknown);
    }

    /// Goes through what is due among the cases in hand.
    pub(super) async fn drain_in_hand(&mut self, until: Timestamp) -> Result<(), TurnError> {
        let mut woken = Woken::default();
        while let Some(next) = self.agenda.first().cloned().filter(|next| next.0 <= until) {
            self.wake(next.0, &next.1, Pace::Late, &mut woken).await?;
        }
        Ok(())
    }

    /// Whether readers have woken each other so often at this instant that it may never end.
    fn echoes_on(&self, at: Timestamp) -> bool {
        self.echoes
            .values()
            .any(|(when, echo)| *when == at && *echo >= SUSPICIOUS_ECHO)
    }

    async fn wake(
        &mut self,
        at: Timestamp,
        id: &CaseId,
        pace: Pace,
        woken: &mut Woken,
    ) -> Result<(), TurnError> {
        woken.count += 1;
        woken.through = Some(at);
        // Nothing that wakes is ever put back by itself.
        self.undo = Undo::default();
        // What was due before the batch began is late at any pace.
        let recorded = match pace {
            Pace::Timely => at.max(self.now()),
            Pace::Late => self.now(),
        };
        let echo = self.echoes.remove(id).filter(|(when, _)| *when == at);
        self.echo = echo.map_or(0, |(_, echo)| echo);
        let wake = Given::by_itself(Input::Wake);
        match self
            .step_case(id, None, &wake, Moment { at, recorded })
            .await?
        {
            Ok(step) if step.entries.is_empty() => {}
            Ok(step) => woken.changed.push((id.clone(), step.entries)),
            Err(refusal) => {
                // A wake is never refused by the core; if it were, the case must not spin.
                tracing::error!(case = %id, %refusal, "a wake was refused");
                self.wake_case_at(id, None);
            }
        }
        self.echo = 0;
        self.stop_circling(id, at);
        Ok(())
    }

    /// Leaves a case whose own step lets it wake again and again at one instant. The core goes through all that is due at once, so this
    /// would be a mistake in it; the others must not be held up.
    fn stop_circling(&mut self, id: &CaseId, at: Timestamp) {
        let times = self.woken_at.entry(id.clone()).or_insert((at, 0));
        if times.0 != at {
            *times = (at, 0);
        }
        times.1 += 1;
        let wakes_again = self
            .in_hand(id)
            .is_some_and(|known| known.wake_at.is_some_and(|wake| wake <= at));
        if wakes_again
            && self
                .woken_at
                .get(id)
                .is_some_and(|times| times.1 >= MOST_WAKES_AT_ONCE)
        {
            tracing::error!(case = %id, %at, "a case wakes again and again at one instant; it is left until something else happens");
            self.wake_case_at(id, None);
        }
    }
}
