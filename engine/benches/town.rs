//! A town that goes through the shipped programme for a year: its companies, its groups, and its young people from their start to their end,
//! in numbers as they are known from the programme. All of it invented, and the same in each run.

mod steps;
mod week;

use super::{chance::Chance, lines::Line, people};
use jiff::{ToSpan, civil::Date};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Young people in a year; about a third of them are under way at a time.
pub const JOURNEYS: usize = 120;
/// Companies: one for eight of them.
const COMPANIES: usize = JOURNEYS / 8;
/// The last day on which somebody starts, so that all come to an end.
const LAST_START: usize = 100;
/// The day by which everybody who is still there is said goodbye to.
const GOODBYES: usize = 356;
/// Days in the year.
pub const DAYS: usize = 364;

/// Where somebody is, as far as it decides what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    NotYet,
    Joining,
    Underway,
    Placed,
    After,
    Gone,
}

/// A step of somebody's journey, on the day for which it is planned.
#[derive(Clone, Copy, Debug)]
enum Step {
    Join,
    Welcome,
    MayKnow,
    Group,
    Meet(usize),
    Ready,
    Wish,
    Confirm,
    Answer(usize),
    Agree(usize, usize),
    Begin(usize),
    Talk,
    SwitchWish,
    SwitchAnswer,
    Extend(u32),
    AgreeNext,
    EndPlacement(u32),
    MoveOn,
    Settle,
    Psychologist(usize),
    Movements,
    Account,
    Withdraw,
}

#[derive(Clone, Debug)]
struct Person {
    id: String,
    name: String,
    phase: Phase,
    welcomed: bool,
    group: Option<usize>,
    placement: Option<usize>,
    /// Which placement it is; what was planned for another one is void.
    round: u32,
    switched: bool,
    agreed_next: bool,
    wellbeing: usize,
}

#[derive(Clone, Debug)]
struct Group {
    id: String,
    open: bool,
}

/// A town.
#[derive(Clone, Debug)]
pub struct Town {
    number: usize,
    first_day: Date,
    chance: Chance,
    people: Vec<Person>,
    groups: Vec<Group>,
    agenda: BTreeMap<usize, Vec<(usize, Step)>>,
    lines: Vec<Line>,
}

impl Town {
    /// The town of this number, before its first day.
    pub fn new(number: usize, journeys: usize, first_day: Date) -> Self {
        let mut town = Self {
            number,
            first_day,
            chance: Chance::new(number as u64 + 1),
            people: Vec::new(),
            groups: Vec::new(),
            agenda: BTreeMap::new(),
            lines: Vec::new(),
        };
        for place in 0..journeys {
            town.people.push(Person {
                id: format!("p-{number:03}-{place:03}"),
                name: people::person(number * JOURNEYS + place),
                phase: Phase::NotYet,
                welcomed: false,
                group: None,
                placement: None,
                round: 0,
                switched: false,
                agreed_next: false,
                wellbeing: 0,
            });
            let day = town.chance.between(0, LAST_START);
            town.plan(day, place, Step::Join);
        }
        town
    }

    /// What is reported on this day, from the first, 0, on.
    pub fn day(&mut self, day: usize) -> Vec<Line> {
        if day == 0 {
            self.found();
        }
        for (person, step) in self.agenda.remove(&day).unwrap_or_default() {
            self.take(day, person, step);
        }
        if day == GOODBYES {
            for person in 0..self.people.len() {
                self.say_goodbye(person);
            }
        }
        match day % 7 {
            2 => self.absences_from_work(day),
            3 => self.check_ins(),
            4 => self.group_meetings(day),
            _ => {}
        }
        if day % 7 == 1 {
            self.weeks_told();
        }
        if day % 28 == 24 {
            self.company_meeting();
        }
        std::mem::take(&mut self.lines)
    }

    fn network(&self) -> String {
        format!("n-{:03}", self.number)
    }

    fn company(&self, place: usize) -> String {
        format!("c-{:03}-{place:02}", self.number)
    }

    fn staff(&self, role: &str, place: usize) -> String {
        format!("{role}:{}", people::staff(self.number, place))
    }

    fn consultant(&self, person: usize) -> String {
        self.staff("consultant", 1 + person % 2)
    }

    fn boss(&self, company: usize) -> String {
        self.staff("company_contact", 10 + company)
    }

    fn date(&self, day: usize) -> Json {
        let day = i64::try_from(day).unwrap_or_default();
        let date = self.first_day.saturating_add(day.days());
        Json::from(date.to_string())
    }

    /// Plans a step for a day, or for the Monday after it.
    fn plan(&mut self, day: usize, person: usize, step: Step) {
        let day = match day % 7 {
            5 => day + 2,
            6 => day + 1,
            _ => day,
        };
        self.agenda.entry(day).or_default().push((person, step));
    }

    fn later(&mut self, day: usize, least: usize, most: usize) -> usize {
        day + self.chance.between(least, most)
    }

    fn found(&mut self) {
        let (network, entrepreneur) = (self.network(), self.staff("entrepreneur", 0));
        let name = json!({ "name": format!("Netværk {}", self.number + 1) });
        self.lines
            .push(Line::start("network", &network, name, &entrepreneur));
        for place in 0..COMPANIES {
            let id = self.company(place);
            let name = json!({ "name": people::company(self.number, place) });
            let trade = json!({ "trade": people::trade(self.number + place) });
            let places = json!({ "places": self.chance.between(2, 6) });
            self.lines.extend([
                Line::start("company", &id, name, &entrepreneur),
                Line::link(&id, "network", &network, &entrepreneur),
                Line::task(&id, "visit_company", trade, &entrepreneur),
                Line::event(&id, "joined_network", places, &entrepreneur),
            ]);
        }
    }
}
