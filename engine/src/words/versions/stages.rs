//! Tracks, stages and what stands in them as elements; and recurring work.

use super::{
    element::{Element, Part, meaning},
    names::{Aspect, Thing},
    plan::{bare, named, rules},
    said::{Teller, spoken},
    touch::{Place, Touch},
};
use forloeb_core::{
    name::Name,
    plan::{Anchor, Deadline, Every, Exit, Level, Offset, Recurring, Rung, Stage, Target, Task},
};
use serde_json::json;

impl Teller<'_> {
    pub fn tracks(&self) -> Vec<Element> {
        let each = self.plan.tracks.iter().map(|(name, track)| {
            let stages = track
                .stages
                .iter()
                .map(|(stage, declared)| self.of_stage(&(name.clone(), stage.clone()), declared));
            let mut element = named(Thing::Track, self, name, &track.title)
                .at(&track.ground)
                .parts([
                    Part::text(Aspect::Title, "title", &track.title),
                    Part::words(
                        Aspect::StartsIn,
                        "starts_in",
                        &track.starts_in,
                        self.stage(&track.starts_in),
                    ),
                ])
                .list("stages", Thing::Stage, stages.collect());
            element.heads = true;
            element
        });
        each.collect()
    }

    fn of_stage(&self, place: &Place, stage: &Stage) -> Element {
        let in_it = Touch::Stage(place.clone());
        let tasks = stage.tasks.iter().map(|(name, task)| {
            let touch = Touch::Task(place.clone(), name.clone());
            self.of_task(Thing::Task, name, task).touching(touch)
        });
        let deadlines = stage
            .deadlines
            .iter()
            .map(|(name, deadline)| self.of_deadline(place, name, deadline));
        let mut element = named(Thing::Stage, self, &place.1, &stage.title)
            .at(&stage.ground)
            .touching(in_it.clone())
            .parts([Part::text(Aspect::Title, "title", &stage.title)])
            .list("tasks", Thing::Task, tasks.collect())
            .list("deadlines", Thing::Deadline, deadlines.collect())
            .list("rules", Thing::Rule, rules(self, &stage.rules, &in_it))
            .list("leave", Thing::Exit, self.exits(&stage.leave, &in_it));
        element.heads = true;
        element
    }

    pub fn raised(&self) -> Vec<Element> {
        let each = self.plan.tasks.iter().map(|(name, task)| {
            let touch = Touch::Raised(name.clone());
            self.of_task(Thing::Raised, name, task).touching(touch)
        });
        each.collect()
    }

    pub fn recurring(&self) -> Vec<Element> {
        let each = self.plan.recurring.iter();
        each.map(|(name, work)| self.of_recurring(name, work))
            .collect()
    }

    fn of_recurring(&self, name: &Name, work: &Recurring) -> Element {
        let stages: Vec<String> = work
            .while_in
            .iter()
            .map(|stage| self.stage(stage))
            .collect();
        let while_in = match stages.is_empty() {
            true => self.say("every stage", "hvert trin").to_owned(),
            false => self.reader.list(&stages),
        };
        let every = self.every(&work.every);
        let task = self.of_task(Thing::Recurring, name, &work.task);
        let whole = format!(", {every}");
        Element {
            ground: work.ground.clone(),
            ..task.also(&whole).touching(Touch::Recurring(name.clone()))
        }
        .parts([
            match &work.every {
                // What happens on closed days is told by itself.
                Every::Calendar(recurrence) => {
                    Part::words(Aspect::Every, "every", &recurrence.rule, every)
                }
                Every::Interval(_) => Part::words(Aspect::Every, "every", &work.every, every),
            },
            Part::words(Aspect::WhileIn, "while_in", &work.while_in, while_in),
            Part::words(
                Aspect::OnClosed,
                "on_closed",
                &work.on_closed,
                self.on_closed(work.on_closed),
            ),
            Part::words(
                Aspect::Missed,
                "missed",
                &work.missed,
                self.missed(work.missed),
            ),
        ])
    }

    fn of_task(&self, thing: Thing, name: &Name, task: &Task) -> Element {
        let inside = |key: &'static str, of_work: &'static str| match thing {
            Thing::Recurring => of_work,
            _ => key,
        };
        let after: Vec<String> = task.after.iter().map(|task| self.task(task)).collect();
        let done_when = task.done_when.as_ref();
        let done = Part::words(
            Aspect::DoneWhen,
            inside("done_when", "task.done_when"),
            &task.done_when,
            done_when.map_or_else(String::new, |when| self.condition(when)),
        );
        let role = self.reader.role(self.plan, &task.role);
        named(thing, self, name, &task.title)
            .also(&format!(", {} {role}", Aspect::Role.word(self.language())))
            .at(&task.ground)
            .parts([
                Part::text(Aspect::Title, inside("title", "task.title"), &task.title),
                Part::words(Aspect::Role, inside("role", "task.role"), &task.role, role),
                Part::words(
                    Aspect::Due,
                    inside("due", "task.due"),
                    &task.due,
                    task.due
                        .as_ref()
                        .map_or_else(String::new, |due| self.length(due)),
                ),
                Part::words(
                    Aspect::After,
                    inside("after", "task.after"),
                    &task.after,
                    self.reader.list(&after),
                ),
                Part::words(
                    Aspect::Optional,
                    inside("optional", "task.optional"),
                    &task.optional,
                    self.yes_no(task.optional),
                ),
                match done_when {
                    Some(when) => done.at(&when.ground),
                    None => done,
                },
                Part::words(
                    Aspect::Fills,
                    inside("fills", "task.fills"),
                    &task.fills,
                    self.known(&task.fills),
                ),
                Part::words(
                    Aspect::OnHold,
                    inside("on_hold", "task.on_hold"),
                    &task.on_hold,
                    self.on_hold(task.on_hold),
                ),
            ])
    }

    fn of_deadline(&self, place: &Place, name: &Name, deadline: &Deadline) -> Element {
        let touch = Touch::Deadline(place.clone(), name.clone());
        let within = self.length(&deadline.within);
        let rungs = deadline
            .ladder
            .iter()
            .map(|rung| self.of_rung(rung, &touch));
        named(Thing::Deadline, self, name, &deadline.title)
            .also(&format!(": {within}"))
            .at(&deadline.ground)
            .touching(touch.clone())
            .parts([
                Part::text(Aspect::Title, "title", &deadline.title),
                Part::words(
                    Aspect::From,
                    "from",
                    &deadline.from,
                    self.anchor(&deadline.from),
                ),
                Part::words(Aspect::Within, "within", &deadline.within, within)
                    .at(&deadline.within_ground),
                Part::words(
                    Aspect::Until,
                    "until",
                    &deadline.until,
                    self.condition(&deadline.until),
                )
                .at(&deadline.until.ground),
                Part::words(
                    Aspect::Restart,
                    "restart",
                    &deadline.restart,
                    self.yes_no(deadline.restart),
                ),
                Part::words(
                    Aspect::OnClosed,
                    "on_closed",
                    &deadline.on_closed,
                    self.end_on_closed(deadline.on_closed),
                ),
                Part::words(
                    Aspect::OnHold,
                    "on_hold",
                    &deadline.on_hold,
                    self.on_hold(deadline.on_hold),
                ),
            ])
            .list("ladder", Thing::Rung, rungs.collect())
    }

    fn anchor(&self, anchor: &Anchor) -> String {
        match anchor {
            Anchor::Entered => self
                .say("entering the stage", "trinnet begynder")
                .to_owned(),
            Anchor::Event(event) => self.quoted(&self.reader.event(self.plan, event)),
            Anchor::Fact(fact) => self.quoted(&self.reader.fact(self.plan, fact)),
        }
    }

    /// A rung has no name in a plan: it is recognised by whom it tells what.
    fn of_rung(&self, rung: &Rung, touch: &Touch) -> Element {
        let level = self.reader.level(rung.level).to_lowercase();
        let to = self.reader.role(self.plan, &rung.to);
        let called = format!("{level} {} {to}", Aspect::Told.word(self.language()));
        let (says, offset) = (spoken(&rung.say), self.offset(&rung.offset));
        let key = match rung.level {
            Level::Nudge => "nudge",
            Level::Escalation => "escalate",
        };
        let raises = rung.raise.as_ref().map(|task| self.task(task));
        let mut element = bare(Thing::Rung, &format!("{key}.{}", rung.to), called)
            .also(&format!(", {offset}: {}", self.quoted(&says)))
            .at(&rung.ground)
            .touching(touch.clone())
            .parts([
                Part::words(Aspect::Told, "to", &rung.to, to),
                Part::words(Aspect::When, "when", &rung.offset, offset),
                Part::words(Aspect::Says, "say", &rung.say, self.quoted(&says)),
                Part::words(
                    Aspect::Raises,
                    "raise",
                    &rung.raise,
                    raises.unwrap_or_default(),
                ),
            ]);
        element.alike = vec![
            meaning(rung),
            json!([rung.level, rung.to, rung.say]),
            json!([rung.level, rung.to]),
            json!([rung.level, rung.say]),
        ];
        element
    }

    fn offset(&self, offset: &Offset) -> String {
        match offset {
            Offset::At => self
                .say("when it has run out", "når den er udløbet")
                .to_owned(),
            Offset::Before(length) => {
                format!("{} {}", self.length(length), self.say("before", "før"))
            }
            Offset::After(length) => {
                format!("{} {}", self.length(length), self.say("after", "efter"))
            }
        }
    }

    /// Exits have no names in a plan: one is recognised by where it leads and when.
    pub fn exits(&self, exits: &[Exit], touch: &Touch) -> Vec<Element> {
        let each = exits.iter().map(|exit| {
            let target = self.target(&exit.target);
            let when = self.condition(&exit.when);
            let called = format!(
                "{} {} {target}",
                Thing::Exit.word(self.language()),
                Aspect::Told.word(self.language())
            );
            let (Target::Stage(name) | Target::Outcome(name)) = &exit.target;
            let mut element = bare(Thing::Exit, name, called)
                .also(&format!(", {} {when}", Aspect::When.word(self.language())))
                .at(&exit.ground)
                .touching(touch.clone())
                .parts([
                    Part::words(Aspect::LeadsTo, "to", &exit.target, target),
                    Part::words(Aspect::When, "when", &exit.when, when).at(&exit.when.ground),
                ]);
            element.alike = vec![
                meaning(&(&exit.target, &exit.when)),
                meaning(&exit.when),
                meaning(&exit.target),
            ];
            element
        });
        each.collect()
    }
}
