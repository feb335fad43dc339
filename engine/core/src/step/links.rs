//! Links: cases are tied and untied, the inverse link is kept in step, and other cases are told.

use super::{Stepper, inputs::refuse};
use crate::{
    accept::{listed, nearest},
    case::CaseId,
    entry::What,
    input::{Given, Input, Refusal, Teller, Told},
    name::Name,
    plan::{Link, Plan},
};

impl Stepper<'_> {
    fn need_link(&self, link: &Name) -> Result<&Link, Refusal> {
        let plan: &Plan = &self.view.plan;
        plan.links.get(link).ok_or_else(|| Refusal {
            message: format!("`{}` has no link `{link}`", plan.process),
            help: Some(match nearest(link, plan.links.keys()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if plan.links.is_empty() => "it has no links".to_owned(),
                None => format!("its links are {}", listed(plan.links.keys())),
            }),
        })
    }

    pub(super) fn link(
        &mut self,
        given: &Given,
        link: &Name,
        to: &CaseId,
        from: Option<&Teller>,
    ) -> Result<(), Refusal> {
        let declared = self.need_link(link)?.clone();
        match self.scene.around.cases.get(to) {
            None => {
                return refuse(
                    format!("there is no case `{to}`"),
                    format!(
                        "`{link}` leads to a case of `{process}`: forloeb case list --process {process}",
                        process = declared.to
                    ),
                );
            }
            Some((_, other)) if other.process != declared.to => {
                return refuse(
                    format!(
                        "`{link}` leads to a case of `{}`; `{to}` is a case of `{}`",
                        declared.to, other.process
                    ),
                    format!("find one with: forloeb case list --process {}", declared.to),
                );
            }
            Some((_, other)) if other.id == self.case().id => {
                return refuse(
                    format!("`{to}` cannot be linked to itself"),
                    format!("`{link}` leads to another case of `{}`", declared.to),
                );
            }
            Some(_) => {}
        }
        if !self.is_linked(link, to) {
            self.tie(link, to, None, Some(given));
        } else if must_be_remembered(given, from) {
            let (link, to) = (link.clone(), to.clone());
            self.record_input(given, What::Linked { link, to }, Some(&declared.ground));
        }
        Ok(())
    }

    pub(super) fn unlink(
        &mut self,
        given: &Given,
        link: &Name,
        to: &CaseId,
        from: Option<&Teller>,
    ) -> Result<(), Refusal> {
        let ground = self.need_link(link)?.ground.clone();
        if self.is_linked(link, to) {
            self.untie(link, to, None, Some(given));
            return Ok(());
        }
        if must_be_remembered(given, from) {
            let (link, to) = (link.clone(), to.clone());
            self.record_input(given, What::Unlinked { link, to }, Some(&ground));
            return Ok(());
        }
        // A case that tells it only keeps its own side in step: there is nothing to be done here.
        if from.is_some() {
            return Ok(());
        }
        let linked = self.case().links.get(link).map_or(&[][..], Vec::as_slice);
        refuse(
            format!("`{}` is not linked to `{to}` by `{link}`", self.case().id),
            match linked.is_empty() {
                true => format!("`{link}` leads to no case"),
                false => format!("`{link}` leads to {}", listed(linked)),
            },
        )
    }

    fn is_linked(&self, link: &Name, to: &CaseId) -> bool {
        let linked = self.case().links.get(link);
        linked.is_some_and(|cases| cases.contains(to))
    }

    /// Adds a case to a link, replaces the one of a single link, and keeps the inverse link in step.
    pub(super) fn tie(
        &mut self,
        link: &Name,
        to: &CaseId,
        cause: Option<u64>,
        given: Option<&Given>,
    ) {
        let Some(declared) = self.plan().links.get(link) else {
            return;
        };
        let linked = self.case().links.get(link).cloned().unwrap_or_default();
        if linked.contains(to) {
            return;
        }
        let what = What::Linked {
            link: link.clone(),
            to: to.clone(),
        };
        let seq = self.record_tie(what, cause, given, &declared.ground);
        if let Some(link) = declared.inverse.clone() {
            let (id, from) = (self.case().id.clone(), Some(self.teller(seq)));
            self.tell(to, Input::Link { link, to: id, from }, seq);
        }
        // The one that makes way goes because the other came, and comes back when that was a mistake.
        for old in linked.iter().filter(|_| !declared.many) {
            self.untie(link, old, cause.or(Some(seq)), None);
        }
    }

    /// Takes a case out of a link, and keeps the inverse link in step.
    pub(super) fn untie(
        &mut self,
        link: &Name,
        to: &CaseId,
        cause: Option<u64>,
        given: Option<&Given>,
    ) {
        let Some(declared) = self.plan().links.get(link) else {
            return;
        };
        let what = What::Unlinked {
            link: link.clone(),
            to: to.clone(),
        };
        let seq = self.record_tie(what, cause, given, &declared.ground);
        if let Some(link) = declared.inverse.clone() {
            let (id, from) = (self.case().id.clone(), Some(self.teller(seq)));
            self.tell(to, Input::Unlink { link, to: id, from }, seq);
        }
    }

    fn record_tie(
        &mut self,
        what: What,
        cause: Option<u64>,
        given: Option<&Given>,
        ground: &crate::ground::Ground,
    ) -> u64 {
        match given {
            Some(given) => self.record_input(given, what, Some(ground)),
            None => self.record(what, cause, Some(ground)),
        }
    }

    /// This case, as the one that tells.
    pub(super) fn teller(&self, seq: u64) -> Teller {
        Teller {
            case: self.case().id.clone(),
            process: self.case().process.clone(),
            seq,
        }
    }

    /// Tells another case something, once: the key is the entry that says so.
    pub(super) fn tell(&mut self, to: &CaseId, input: Input, seq: u64) {
        // What is recorded anew was told when it came.
        if self.missed.is_some() {
            return;
        }
        let key = Some(format!(
            "{TOLD}{}:{seq}:{}",
            self.case().id,
            self.tells.len()
        ));
        let given = Given {
            input,
            by: None,
            on_behalf_of: None,
            key,
        };
        self.tells.push(Told {
            to: to.clone(),
            given,
        });
    }
}

/// With this begin the keys of what cases tell each other; nobody else may use it.
pub(super) const TOLD: &str = "told:";

/// Whether an input leaves an entry although it changes nothing: without one its key would be forgotten, and the same input delivered
/// again later, when it is otherwise, would change something.
fn must_be_remembered(given: &Given, from: Option<&Teller>) -> bool {
    given.key.is_some() && from.is_none()
}
