//! The rhythm of a week, and of a month: who comes, who checks in, and what the companies tell.

use super::{COMPANIES, Phase, Step, Town};
use crate::lines::Line;
use serde_json::{Map, Value as Json, json};

const WELL: [&str; 4] = [
    "Kom til tiden hver dag",
    "Hjalp en ny kollega i gang",
    "Fandt selv på en bedre måde",
    "Havde styr på det hele alene",
];

impl Town {
    pub(super) fn check_ins(&mut self) {
        for at in 0..self.people.len() {
            let Some(person) = self.people.get(at).cloned() else {
                continue;
            };
            let asked = matches!(person.phase, Phase::Underway | Phase::Placed);
            // A quarter of the weekly forms are missed.
            if !asked || self.chance.percent(25) {
                continue;
            }
            let step = self.chance.between(0, 2);
            let wellbeing = (person.wellbeing + step).saturating_sub(1).clamp(2, 9);
            self.change(at, |person| person.wellbeing = wellbeing);
            let me = format!("participant:{}", person.name);
            let with = json!({ "wellbeing": wellbeing });
            self.lines
                .push(Line::event(&person.id, "checked_in", with, &me));
        }
    }

    pub(super) fn absences_from_work(&mut self, day: usize) {
        for at in 0..self.people.len() {
            let Some(person) = self.people.get(at).cloned() else {
                continue;
            };
            let Some(company) = person.placement else {
                continue;
            };
            if !self.chance.percent(12) {
                continue;
            }
            let explained = self.chance.percent(33);
            let with = json!({ "explained": explained });
            let boss = self.boss(company);
            self.lines
                .push(Line::event(&person.id, "absent_from_work", with, &boss));
            if !explained && self.chance.percent(80) {
                let talk = self.later(day, 1, 3);
                self.plan(talk, at, Step::Talk);
            }
        }
    }

    pub(super) fn group_meetings(&mut self, day: usize) {
        for place in 0..self.groups.len() {
            let Some(group) = self.groups.get(place).cloned() else {
                continue;
            };
            if !group.open {
                continue;
            }
            let consultant = self.staff("consultant", 1 + place % 2);
            let members = (0..self.people.len()).filter(|at| {
                self.people
                    .get(*at)
                    .is_some_and(|person| person.group == Some(place))
            });
            let members: Vec<usize> = members.collect();
            if members.is_empty() {
                self.lines.push(Line::event(
                    &group.id,
                    "closed_down",
                    json!({}),
                    &consultant,
                ));
                if let Some(group) = self.groups.get_mut(place) {
                    group.open = false;
                }
                continue;
            }
            if self.chance.percent(3) {
                self.lines.push(Line::event(
                    &group.id,
                    "meeting_cancelled",
                    json!({}),
                    &consultant,
                ));
                continue;
            }
            let mut attendance = Map::new();
            for at in members {
                let how = match self.chance.between(1, 100) {
                    1..=80 => "present",
                    81..=87 => "excused",
                    _ => "absent",
                };
                if let Some(person) = self.people.get(at) {
                    attendance.insert(person.id.clone(), Json::from(how));
                }
                if how == "absent" && self.chance.percent(70) {
                    let talk = self.later(day, 1, 4);
                    self.plan(talk, at, Step::Talk);
                }
            }
            let with = json!({ "attendance": attendance });
            self.lines
                .push(Line::event(&group.id, "meeting_held", with, &consultant));
        }
    }

    pub(super) fn weeks_told(&mut self) {
        for company in 0..COMPANIES {
            let (mut hours, mut well) = (Map::new(), Map::new());
            for at in 0..self.people.len() {
                let here = self
                    .people
                    .get(at)
                    .filter(|person| person.placement == Some(company));
                let Some(id) = here.map(|person| person.id.clone()) else {
                    continue;
                };
                hours.insert(id.clone(), Json::from(self.chance.between(10, 30)));
                if self.chance.percent(75) {
                    well.insert(id, Json::from(self.chance.one(&WELL)));
                }
            }
            // A quarter of the weekly forms are missed.
            if hours.is_empty() || self.chance.percent(25) {
                continue;
            }
            let (id, boss) = (self.company(company), self.boss(company));
            let with = match well.is_empty() {
                true => json!({ "hours": hours }),
                false => json!({ "hours": hours, "done_well": well }),
            };
            self.lines.push(Line::event(&id, "week_told", with, &boss));
        }
    }

    pub(super) fn company_meeting(&mut self) {
        let mut attendance = Map::new();
        for company in 0..COMPANIES {
            let how = if self.chance.percent(75) {
                "present"
            } else {
                "excused"
            };
            attendance.insert(self.company(company), Json::from(how));
        }
        let (network, by) = (self.network(), self.staff("entrepreneur", 0));
        let with = json!({ "attendance": attendance });
        self.lines
            .push(Line::event(&network, "company_meeting_held", with, &by));
    }
}
