//! The ids of people, and those of cases that start without one.

use super::{TurnError, batch::Batch, request::Who};
use crate::store::{Store, Tx};
use forloeb_core::{case::CaseId, entry::Actor, name::Name};
use sha2::{Digest, Sha256};

impl<S: Store> Batch<'_, S> {
    pub(super) async fn actor(&mut self, who: Option<Who>) -> Result<Option<Actor>, TurnError> {
        let Some(Who { role, name }) = who else {
            return Ok(None);
        };
        let person = match name {
            Some(name) => Some(self.person(name).await?),
            None => None,
        };
        Ok(Some(Actor { role, person }))
    }

    async fn person(&mut self, name: String) -> Result<Name, TurnError> {
        if let Some(known) = self.kept.people.get(&name) {
            return Ok(known.clone());
        }
        let tenant = self.tenant;
        let (id, new) = self.tx().await?.person(tenant, &name).await?;
        if new {
            self.undo.people.push(name.clone());
        }
        self.kept.people.insert(name, id.clone());
        Ok(id)
    }

    /// An id for a case that starts without one. With a key it follows from the key, so that the same start given twice is found; else
    /// from the instant, counted on to the first that no case has.
    pub(super) async fn fresh_id(
        &mut self,
        process: Option<&Name>,
        key: Option<&str>,
    ) -> Result<CaseId, TurnError> {
        let process = process.map_or("case", |name| name.as_str());
        let id = |number: u64| Name::from(format!("{process}-{}", in_letters(number)));
        if let Some(key) = key {
            let hash = Sha256::digest(format!("{process}\n{key}"));
            let number = hash.iter().take(8).fold(0_u64, |number, byte| {
                number.wrapping_shl(8) | u64::from(*byte)
            });
            return Ok(id(number));
        }
        let from = match self.fresh_from {
            Some(from) => from,
            None => {
                let from = u64::try_from(self.now().as_microsecond()).unwrap_or_default();
                self.first_free(from, &id).await?
            }
        };
        // What is free in the database may have been given away here.
        let mut number = from;
        while self.taken(&id(number)).await? {
            number += 1;
        }
        self.fresh_from = Some(number + 1);
        Ok(id(number))
    }

    /// The first number that is free, where those before it are taken without a gap: a virtual clock that stands still gives many cases
    /// the same instant. It is searched for in steps that double and then halve.
    async fn first_free(&mut self, from: u64, id: &impl Fn(u64) -> Name) -> Result<u64, TurnError> {
        let mut step = 1;
        while self.taken(&id(from + step - 1)).await? {
            step *= 2;
        }
        let (mut taken, mut free) = (from + step / 2 - u64::from(step > 1), from + step - 1);
        if step == 1 {
            return Ok(free);
        }
        while taken + 1 < free {
            let middle = taken + (free - taken) / 2;
            if self.taken(&id(middle)).await? {
                taken = middle;
            } else {
                free = middle;
            }
        }
        Ok(free)
    }

    async fn taken(&mut self, id: &CaseId) -> Result<bool, TurnError> {
        self.need([id.clone()]).await?;
        Ok(self.in_hand(id).is_some())
    }
}

/// A number in letters and digits that are not mistaken for each other.
fn in_letters(mut number: u64) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = Vec::new();
    while number > 0 {
        text.push(
            LETTERS
                .get((number % 32) as usize)
                .copied()
                .map_or('0', char::from),
        );
        number /= 32;
    }
    text.iter().rev().collect()
}
