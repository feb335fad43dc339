//! The steps of somebody's journey, and what each of them leads to.

use super::{COMPANIES, Group, Person, Phase, Step, Town};
use crate::lines::Line;
use serde_json::{Map, Value as Json, json};

const WHY: [&str; 4] = [
    "Jeg kan godt lide at lave noget med hænderne",
    "Jeg vil gerne have kolleger, der er der hver dag",
    "Det ligger tæt på, hvor jeg bor",
    "Jeg vil vide, om det er noget for mig",
];
/// The length of a placement, in days.
const PLACEMENT: usize = 70;
/// The most members of a group that takes somebody in.
const FULL: usize = 7;

impl Town {
    /// Takes a step that was planned for today, unless the journey has taken another way since.
    pub(super) fn take(&mut self, day: usize, at: usize, step: Step) {
        let Some(person) = self.people.get(at).cloned() else {
            return;
        };
        if person.phase == Phase::Gone || (person.phase == Phase::After && !after(step)) {
            return;
        }
        let id = person.id.as_str();
        let me = format!("participant:{}", person.name);
        let consultant = self.consultant(at);
        let mine = |event, with| Line::event(id, event, with, &me);
        let theirs = |event, with| Line::event(id, event, with, &consultant);
        match step {
            Step::Join => self.join(day, at, &person),
            Step::Welcome => {
                self.lines.push(theirs("welcomed", json!({})));
                self.change(at, |person| person.welcomed = true);
                self.leave_joining(day, at, false);
            }
            Step::MayKnow => {
                let yes = self.chance.percent(70);
                self.lines
                    .push(mine("said_who_may_know", json!({ "psychologist": yes })));
            }
            Step::Group => {
                let group = self.group_with_room();
                self.lines
                    .push(Line::link(id, "group", &group.1, &consultant));
                self.change(at, |person| person.group = Some(group.0));
                self.leave_joining(day, at, false);
            }
            Step::Meet(company) => {
                self.lines.push(mine(
                    "company_met",
                    json!({ "company": self.company(company) }),
                ));
                self.leave_joining(day, at, true);
            }
            Step::Ready => self.lines.push(mine("ready_to_wish", json!({}))),
            Step::Wish => self.wish(day, at, &person),
            Step::Confirm => self.lines.push(mine("wish_confirmed", json!({}))),
            Step::Answer(company) => {
                let with = json!({ "young_person": id, "answer": "welcome" });
                let boss = self.boss(company);
                let company = self.company(company);
                self.lines
                    .push(Line::event(&company, "wish_answered", with, &boss));
            }
            Step::Agree(company, begins) => {
                let hours = self.chance.between(12, 30);
                let ends = self.date(begins + PLACEMENT);
                let with =
                    json!({ "company": self.company(company), "hours": hours, "ends": ends });
                self.lines.push(theirs("placement_agreed", with));
            }
            Step::Begin(company) => {
                self.lines.push(mine(
                    "placement_started",
                    json!({ "company": self.company(company) }),
                ));
                self.begin(day, at, company);
            }
            Step::Talk => self.lines.push(theirs("talked", json!({}))),
            Step::SwitchWish if person.phase == Phase::Placed => {
                self.lines.push(mine("switch_wished", json!({})));
                let day = self.later(day, 2, 8);
                self.plan(day, at, Step::SwitchAnswer);
            }
            Step::SwitchAnswer if person.phase == Phase::Placed => {
                self.lines
                    .push(theirs("switch_answered", json!({ "answer": "agreed" })));
                self.change(at, |person| {
                    person.phase = Phase::Underway;
                    person.switched = true;
                    person.round += 1;
                });
                let day = self.later(day, 1, 5);
                self.plan(day, at, Step::Wish);
            }
            Step::SwitchWish | Step::SwitchAnswer => {}
            Step::Extend(round) if person.round == round => {
                let ends = self.date(day + 10 + PLACEMENT);
                self.lines
                    .push(theirs("placement_extended", json!({ "ends": ends })));
                self.plan(day + 10 + PLACEMENT, at, Step::EndPlacement(round));
            }
            Step::EndPlacement(round) if person.round == round => {
                self.lines.push(mine("placement_ended", json!({})));
                self.change(at, |person| {
                    person.phase = Phase::Underway;
                    person.placement = None;
                });
                if !person.agreed_next {
                    self.plan(day + 2, at, Step::AgreeNext);
                }
                let day = self.later(day, 4, 12);
                self.plan(day, at, Step::MoveOn);
            }
            Step::Extend(_) | Step::EndPlacement(_) => {}
            Step::AgreeNext => {
                let step = self.chance.one(&["job", "education", "other_help"]);
                self.lines
                    .push(mine("next_step_agreed", json!({ "step": step })));
                self.change(at, |person| person.agreed_next = true);
            }
            Step::MoveOn => self.move_on(day, at, &person),
            Step::Settle => {
                self.lines.push(mine("settled_in", json!({})));
                self.change(at, |person| person.phase = Phase::Gone);
            }
            Step::Psychologist(part) => {
                let psychologist = self.staff("psychologist", 4);
                let line = match part {
                    0 => theirs("talk_offered", json!({})),
                    1 => mine("talk_booked", json!({})),
                    _ => Line::event(id, "talk_held", json!({}), &psychologist),
                };
                self.lines.push(line);
                if part < 2 {
                    let day = self.later(day, 2, 9);
                    self.plan(day, at, Step::Psychologist(part + 1));
                }
            }
            Step::Movements => {
                let mut seen = Map::new();
                for movement in [
                    "direction",
                    "persistence",
                    "curiosity",
                    "resilience",
                    "self_worth",
                ] {
                    let how = self
                        .chance
                        .one(&["growing", "growing", "steady", "harder", "not_seen"]);
                    seen.insert(movement.to_owned(), Json::from(how));
                }
                self.lines.push(Line::task(
                    id,
                    "look_at_movements",
                    Json::Object(seen),
                    &consultant,
                ));
                self.agenda
                    .entry(day + 28)
                    .or_default()
                    .push((at, Step::Movements));
            }
            Step::Account => {
                let with = json!({ "account": "Møder op, er med i gruppen, og tager mere på sig for hver uge." });
                self.lines.push(theirs("account_sent", with));
                let day = self.later(day, 36, 41);
                self.plan(day, at, Step::Account);
            }
            Step::Withdraw => {
                self.lines.push(mine("withdrew", json!({})));
                self.let_go(at, Phase::Gone);
            }
        }
    }

    pub(super) fn change(&mut self, at: usize, how: impl FnOnce(&mut Person)) {
        if let Some(person) = self.people.get_mut(at) {
            how(person);
        }
    }

    /// The ties to group and company end.
    fn let_go(&mut self, at: usize, phase: Phase) {
        self.change(at, |person| {
            person.phase = phase;
            person.group = None;
            person.placement = None;
            person.round += 1;
        });
    }

    fn join(&mut self, day: usize, at: usize, person: &Person) {
        let consultant = self.consultant(at);
        let network = self.network();
        let name = json!({ "name": person.name });
        self.lines
            .push(Line::start("nextwork", &person.id, name, &consultant));
        self.lines
            .push(Line::link(&person.id, "network", &network, &consultant));
        let wellbeing = self.chance.between(4, 8);
        self.change(at, |person| {
            person.phase = Phase::Joining;
            person.wellbeing = wellbeing;
        });
        let welcome = self.later(day, 1, 4);
        self.plan(welcome, at, Step::Welcome);
        let group = self.later(day, 1, 6);
        self.plan(group, at, Step::Group);
        if self.chance.percent(25) {
            self.plan(day + 2, at, Step::MayKnow);
        }
        let first = self.chance.between(0, COMPANIES - 1);
        let (mut when, few) = (day + 7, self.chance.percent(20));
        for met in 0..if few { 2 } else { 3 } {
            when = self.later(when, 0, 4);
            self.plan(when, at, Step::Meet((first + met * 4) % COMPANIES));
        }
        if few {
            self.plan(when + 3, at, Step::Ready);
        }
        let wish = self.later(when, 3, 12);
        self.plan(wish, at, Step::Wish);
        let account = self.later(day, 36, 41);
        self.plan(account, at, Step::Account);
        if self.chance.percent(10) {
            let talk = self.later(day, 20, 60);
            self.plan(talk, at, Step::Psychologist(0));
        }
        if self.chance.percent(8) {
            let leaves = self.later(day, 30, 100);
            self.plan(leaves, at, Step::Withdraw);
        }
    }

    /// Whoever has been welcomed and has a group, or has met a company, goes on, and is asked each week from then on.
    fn leave_joining(&mut self, day: usize, at: usize, met: bool) {
        let Some(person) = self.people.get(at) else {
            return;
        };
        let goes_on = met || (person.welcomed && person.group.is_some());
        if person.phase == Phase::Joining && goes_on {
            self.change(at, |person| person.phase = Phase::Underway);
            // It is asked for every four weeks, moved on from days that are closed, and done within a week.
            self.agenda
                .entry(day + 34)
                .or_default()
                .push((at, Step::Movements));
        }
    }

    fn group_with_room(&mut self) -> (usize, String) {
        let sizes = |place: usize| {
            self.people
                .iter()
                .filter(|person| person.group == Some(place))
                .count()
        };
        let open = self
            .groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.open);
        let room = open.map(|(place, group)| (sizes(place), place, group.id.clone()));
        if let Some((_, place, id)) = room.filter(|(size, ..)| *size < FULL).max() {
            return (place, id);
        }
        let place = self.groups.len();
        let id = format!("g-{:03}-{place:02}", self.number);
        let with = json!({ "name": format!("Gruppe {}", place + 1), "place": "Biblioteket" });
        let consultant = self.staff("consultant", 1 + place % 2);
        self.lines
            .push(Line::start("peer_group", &id, with, &consultant));
        self.groups.push(Group {
            id: id.clone(),
            open: true,
        });
        (place, id)
    }

    fn wish(&mut self, day: usize, at: usize, person: &Person) {
        let company = self.chance.between(0, COMPANIES - 1);
        let with = json!({ "company": self.company(company), "why": self.chance.one(&WHY) });
        let by_staff = self.chance.percent(10);
        let by = match by_staff {
            true => self.consultant(at),
            false => format!("participant:{}", person.name),
        };
        self.lines
            .push(Line::event(&person.id, "wish_stated", with, &by));
        self.change(at, |person| person.agreed_next = false);
        if by_staff && self.chance.percent(70) {
            let confirms = self.later(day, 1, 3);
            self.plan(confirms, at, Step::Confirm);
        }
        if self.chance.percent(90) {
            let answers = self.later(day, 1, 3);
            self.plan(answers, at, Step::Answer(company));
        }
        let within = match self.chance.between(1, 100) {
            1..=5 => self.chance.between(29, 35),
            6..=22 => self.chance.between(15, 28),
            _ => self.chance.between(6, 13),
        };
        let other = (company + 1) % COMPANIES;
        let company = if self.chance.percent(95) {
            company
        } else {
            other
        };
        self.plan(day + 3, at, Step::Agree(company, day + within));
        self.plan(day + within, at, Step::Begin(company));
    }

    fn begin(&mut self, day: usize, at: usize, company: usize) {
        self.change(at, |person| {
            person.phase = Phase::Placed;
            person.placement = Some(company);
            person.round += 1;
        });
        let Some(person) = self.people.get(at).cloned() else {
            return;
        };
        if self.chance.percent(85) {
            let talk = self.later(day, 2, 6);
            self.plan(talk, at, Step::Talk);
        }
        let ends = day + PLACEMENT;
        if !person.switched && self.chance.percent(30) {
            let wishes = self.later(day, 21, 35);
            self.plan(wishes, at, Step::SwitchWish);
        }
        if !person.switched && self.chance.percent(40) {
            self.plan(ends - 10, at, Step::Extend(person.round));
        } else {
            if self.chance.percent(70) {
                self.plan(ends - 12, at, Step::AgreeNext);
            }
            self.plan(ends, at, Step::EndPlacement(person.round));
        }
    }

    fn move_on(&mut self, day: usize, at: usize, person: &Person) {
        let me = format!("participant:{}", person.name);
        let event = match self.chance.between(1, 100) {
            1..=30 => "job_started",
            31..=55 => "education_started",
            56..=90 => "other_help_agreed",
            _ => "withdrew",
        };
        let by = match event {
            "other_help_agreed" => self.consultant(at),
            _ => me,
        };
        self.lines
            .push(Line::event(&person.id, event, json!({}), &by));
        if event.ends_with("started") {
            self.let_go(at, Phase::After);
            let settles = self.later(day, 21, 35);
            self.plan(settles - 4, at, Step::Talk);
            self.plan(settles, at, Step::Settle);
        } else {
            self.let_go(at, Phase::Gone);
        }
    }

    pub(super) fn say_goodbye(&mut self, at: usize) {
        let Some(person) = self.people.get(at).cloned() else {
            return;
        };
        let event = match person.phase {
            Phase::NotYet | Phase::Gone => return,
            Phase::After => "settled_in",
            _ => "other_help_agreed",
        };
        let consultant = self.consultant(at);
        self.lines
            .push(Line::event(&person.id, event, json!({}), &consultant));
        self.let_go(at, Phase::Gone);
    }
}

/// Whether a step is still taken by somebody who has a job or an education.
fn after(step: Step) -> bool {
    matches!(step, Step::Settle | Step::Talk)
}
