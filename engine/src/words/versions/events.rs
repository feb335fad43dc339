//! Events as elements: who reports them, what they carry and set, and whom they are told to.

use super::{
    element::{Element, Part},
    names::{Aspect, Thing},
    plan::{bare, named, of_fact},
    said::{Teller, spoken},
};
use forloeb_core::{
    name::Name,
    plan::{Event, Field, Tell},
    text::Text,
};
use indexmap::IndexMap;

impl Teller<'_> {
    pub fn events(&self) -> Vec<Element> {
        let each = self.plan.events.iter();
        each.map(|(name, event)| self.of_event(name, event))
            .collect()
    }

    fn of_event(&self, name: &Name, event: &Event) -> Element {
        let told_by: Vec<String> = event.told_by.iter().map(ToString::to_string).collect();
        let by = self.named(&event.by);
        let reported = match event.by.is_empty() {
            true => String::new(),
            false => format!(", {} {by}", Aspect::By.word(self.language())),
        };
        let fields = event
            .with
            .iter()
            .map(|(name, field)| self.field(name, field));
        let tells = event
            .tell
            .iter()
            .map(|(to, tell)| self.tell(event, to, tell));
        named(Thing::Event, self, name, &event.title)
            .also(&reported)
            .at(&event.ground)
            .parts([
                Part::text(Aspect::Title, "title", &event.title),
                Part::words(Aspect::By, "by", &event.by, by),
                Part::words(
                    Aspect::ToldBy,
                    "told_by",
                    &event.told_by,
                    self.reader.list(&told_by),
                ),
                // Which comes first does not matter, but the file says it in an order.
                Part::words(
                    Aspect::Sets,
                    "sets",
                    &event.sets.iter().collect::<Vec<_>>(),
                    self.sets(event),
                ),
                Part::words(
                    Aspect::Clears,
                    "clears",
                    &event.clears,
                    self.known(&event.clears),
                ),
            ])
            .list("with", Thing::Field, fields.collect())
            .list("tell", Thing::Tell, tells.collect())
    }

    fn field(&self, name: &Name, field: &Field) -> Element {
        of_fact(Thing::Field, self, name, &field.fact).parts([Part::words(
            Aspect::Optional,
            "optional",
            &field.optional,
            self.yes_no(field.optional),
        )])
    }

    fn tell(&self, event: &Event, to: &Name, tell: &Tell) -> Element {
        let title = match event.with.get(to) {
            Some(field) => self.reader.text(&field.fact.title, to),
            None => self.reader.link(self.plan, to),
        };
        let to_whom = format!(
            "{} {}",
            Aspect::Tells.word(self.language()),
            self.quoted(&title)
        );
        let told = spoken(&tell.event);
        let pairs: Vec<String> = tell
            .with
            .iter()
            .map(|(field, from)| {
                let word = self.say("from", "fra");
                format!("{} {word} {}", spoken(field), self.field_title(event, from))
            })
            .collect();
        bare(Thing::Tell, to, to_whom)
            .also(&format!(": {told}"))
            .at(&tell.ground)
            .parts([
                Part::words(Aspect::Words, "event", &tell.event, told),
                Part::words(
                    Aspect::With,
                    "with",
                    &tell.with.iter().collect::<Vec<_>>(),
                    pairs.join(", "),
                ),
            ])
    }

    fn field_title(&self, event: &Event, name: &Name) -> String {
        let title = event.with.get(name).map(|field| &field.fact.title);
        self.quoted(&self.reader.text(title.unwrap_or(&Text::default()), name))
    }

    fn sets(&self, event: &Event) -> String {
        let sets: &IndexMap<Name, Name> = &event.sets;
        let each = sets.iter().map(|(known, field)| {
            let known = self.known(std::slice::from_ref(known));
            format!(
                "{known} {} {}",
                self.say("from", "fra"),
                self.field_title(event, field)
            )
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// Facts and links by their titles.
    pub fn known(&self, names: &[Name]) -> String {
        let title = |name: &Name| {
            self.quoted(&match self.plan.facts.contains_key(name) {
                true => self.reader.fact(self.plan, name),
                false => self.reader.link(self.plan, name),
            })
        };
        self.reader
            .list(&names.iter().map(title).collect::<Vec<_>>())
    }
}
