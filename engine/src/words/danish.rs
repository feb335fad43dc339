//! Danish: every sentence that the program says.

use super::{
    rich::GLUE,
    tongue::{Counted, Label, Tongue},
};
use jiff::civil::Weekday;

/// Danish.
#[derive(Clone, Copy, Debug)]
pub struct Danish;

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn year_after(date: String, year: Option<i16>) -> String {
    year.map_or(date.clone(), |year| format!("{date}{GLUE}{year}"))
}

impl Tongue for Danish {
    fn weekday(&self, day: Weekday) -> (&'static str, &'static str) {
        match day {
            Weekday::Monday => ("man", "mandag"),
            Weekday::Tuesday => ("tir", "tirsdag"),
            Weekday::Wednesday => ("ons", "onsdag"),
            Weekday::Thursday => ("tor", "torsdag"),
            Weekday::Friday => ("fre", "fredag"),
            Weekday::Saturday => ("lør", "lørdag"),
            Weekday::Sunday => ("søn", "søndag"),
        }
    }
    fn month(&self, month: i8) -> (&'static str, &'static str) {
        match month {
            1 => ("jan.", "januar"),
            2 => ("feb.", "februar"),
            3 => ("mar.", "marts"),
            4 => ("apr.", "april"),
            5 => ("maj", "maj"),
            6 => ("jun.", "juni"),
            7 => ("jul.", "juli"),
            8 => ("aug.", "august"),
            9 => ("sep.", "september"),
            10 => ("okt.", "oktober"),
            11 => ("nov.", "november"),
            _ => ("dec.", "december"),
        }
    }
    fn date(&self, weekday: &str, day: i8, month: &str, year: Option<i16>) -> String {
        year_after(format!("{weekday}{GLUE}{day}.{GLUE}{month}"), year)
    }
    fn long_date(&self, weekday: &str, day: i8, month: &str, year: Option<i16>) -> String {
        year_after(format!("{weekday} den{GLUE}{day}.{GLUE}{month}"), year)
    }
    fn time(&self, hour: i8, minute: i8) -> String {
        format!("{hour:02}.{minute:02}")
    }
    fn clock(&self, time: &str) -> String {
        format!("kl.{GLUE}{time}")
    }
    fn at_time(&self, date: &str, time: &str) -> String {
        format!("{date} kl.{GLUE}{time}")
    }
    fn decimal_point(&self) -> char {
        ','
    }
    fn yes_no(&self, yes: bool) -> &'static str {
        if yes { "ja" } else { "nej" }
    }
    fn quoted(&self, text: &str) -> String {
        format!("»{text}«")
    }
    fn and(&self, before: &str, last: &str) -> String {
        format!("{before} og {last}")
    }
    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::ByMigration => "på grund af den nye version",
            Label::Acknowledged => "der er taget hånd om det",
            Label::BecauseCaseEnded => "forløbet er slut",
            Label::BecauseNextOccurrence => "den næste kom",
            Label::BecauseRestarted => "den er begyndt forfra",
            Label::BecauseAnchorCleared => "den dag, den regnes fra, er fjernet",
            Label::BecauseStageLeft => "trinnet er forladt",
            Label::Confidential => "fortroligt",
            Label::DoesNotCount => "tæller ikke: taget tilbage ved en rettelse",
            Label::Deadline => "frist",
            Label::Deadlines => "Frister",
            Label::Empty => "ikke udfyldt",
            Label::Erased => "slettet",
            Label::Escalation => "Eskalering",
            Label::Event => "hændelse",
            Label::Fact => "oplysning",
            Label::Facts => "Oplysninger",
            Label::Finding => "opmærksomhedspunkt",
            Label::Findings => "Opmærksomhedspunkter",
            Label::InHand => "i gang",
            Label::BecauseMigrated => "findes ikke i den nye version",
            Label::LeftCaseEnded => "sagen var afsluttet",
            Label::LeftNoSuchEvent => "dens version har ikke sådan en hændelse",
            Label::LeftNothingThere => "det, den handlede om, findes ikke",
            Label::LastDay => "sidste dag",
            Label::LastEvents => "Sidste hændelser",
            Label::Later => "Senere",
            Label::Link => "tilknytning",
            Label::Links => "Tilknyttet",
            Label::New => "ny",
            Label::NoCases => "Ingen forløb.",
            Label::NoCasesYet => "ingen endnu",
            Label::NoDate => "ingen frist",
            Label::NoDateHeading => "Uden frist",
            Label::NoFindings => "Ingen åbne opmærksomhedspunkter.",
            Label::NoTasks => "Ingen opgaver.",
            Label::NotNeeded => "frivillig",
            Label::NobodyHasRead => "Ingen har set på det.",
            Label::NothingChanged => "Der er ikke ændret noget.",
            Label::NothingDone => "Der var ikke noget, der skulle ske.",
            Label::NothingOpen => {
                "Intet er åbent: ingen opgaver, frister eller opmærksomhedspunkter."
            }
            Label::Nudge => "Påmindelse",
            Label::OnBehalfOf => "på vegne af",
            Label::OnHold => "På pause",
            Label::Outcome => "udfald",
            Label::Overdue => "Forsinket",
            Label::Recurring => "fast opgave",
            Label::Resumed => "Pausen er slut",
            Label::Rule => "regel",
            Label::SomeRule => "En regel",
            Label::Stage => "trin",
            Label::StillOpen => "Stadig åbent",
            Label::Task => "opgave",
            Label::Tasks => "Opgaver",
            Label::ThisWeek => "Denne uge",
            Label::Today => "i dag",
            Label::TodayHeading => "I dag",
            Label::Tomorrow => "i morgen",
            Label::Track => "spor",
            Label::Waiting => "Venter",
            Label::WhatFollowed => "Det skete siden",
            Label::Yesterday => "i går",
        }
    }
    fn counted(&self, count: usize, what: Counted) -> String {
        let words = |one, many| plural(count, one, many);
        match what {
            Counted::Cases => words("forløb", "forløb"),
            Counted::DeadlinesMet => words("frist overholdt", "frister overholdt"),
            Counted::DeadlinesPassed => words("frist udløbet", "frister udløbet"),
            Counted::Ended => words("afsluttet", "afsluttet"),
            Counted::Escalations => words("eskalering", "eskaleringer"),
            Counted::Events => words("hændelse", "hændelser"),
            Counted::FindingsClosed => words("punkt afklaret", "punkter afklaret"),
            Counted::NotTold => words("hændelse ikke meddelt", "hændelser ikke meddelt"),
            Counted::Nudges => words("påmindelse", "påmindelser"),
            Counted::Overdue => words("forsinket", "forsinkede"),
            Counted::RulesFailed => words("regel fejlet", "regler fejlet"),
            Counted::StagesEntered => words("nyt trin", "nye trin"),
            Counted::Started => words("startet", "startet"),
            Counted::TasksDone => words("opgave udført", "opgaver udført"),
            Counted::TasksDropped => words("opgave bortfaldet", "opgaver bortfaldet"),
            Counted::TasksOpened => words("ny opgave", "nye opgaver"),
            Counted::TasksOverdue => words("opgave forsinket", "opgaver forsinket"),
            Counted::WeekendDays => words("weekenddag", "weekenddage"),
        }
    }
    fn days(&self, days: i64) -> String {
        if days == 1 {
            "1 dag".to_owned()
        } else {
            format!("{days} dage")
        }
    }
    fn for_days(&self, days: i64) -> String {
        format!("i {}", self.days(days))
    }
    fn overdue_days(&self, days: i64) -> String {
        format!("{} forsinket", self.days(days))
    }
    fn overdue_since(&self, moment: &str) -> String {
        format!("forsinket siden {moment}")
    }
    fn since(&self, when: &str) -> String {
        format!("siden {when}")
    }
    fn until(&self, when: &str) -> String {
        format!("til {when}")
    }
    fn last_day(&self, when: &str) -> String {
        format!("sidste dag {when}")
    }
    fn due(&self, when: &str) -> String {
        format!("frist {when}")
    }
    fn times(&self, times: u32) -> String {
        format!("{times}. gang")
    }

    fn version(&self, plan: &str) -> String {
        format!("version {plan}")
    }
    fn only(&self, roles: &str) -> String {
        format!("kun {roles}")
    }
    fn told_to(&self, level: &str, roles: &str) -> String {
        format!("{level} til {roles}")
    }
    fn snoozed_until(&self, when: &str) -> String {
        format!("udsat til {when}")
    }
    fn met_on(&self, when: &str) -> String {
        format!("overholdt {when}")
    }
    fn met_late(&self, days: i64) -> String {
        format!("opfyldt {} for sent", self.days(days))
    }
    fn raises(&self, task: &str) -> String {
        format!("med opgaven »{task}«")
    }
    fn more(&self, count: usize) -> String {
        format!("og {count} forløb mere")
    }
    fn more_lines(&self, count: usize) -> String {
        format!("og {} mere i historikken", plural(count, "linje", "linjer"))
    }

    fn recorded_late(&self, moment: &str) -> String {
        format!("registreret {moment}")
    }
    fn happened(&self, moment: &str) -> String {
        format!("skete {moment}")
    }
    fn told_by(&self, case: &str) -> String {
        format!("meddelt af {case}")
    }
    fn started(&self, process: &str, plan: &str) -> String {
        format!("Startet: {process}, {plan}")
    }
    fn fact_cleared(&self, fact: &str) -> String {
        format!("{fact}: tømt")
    }
    fn linked(&self, link: &str, case: &str) -> String {
        format!("{link}: {case} er tilføjet")
    }
    fn unlinked(&self, link: &str, case: &str) -> String {
        format!("{link}: {case} er fjernet")
    }
    fn stage_entered(&self, track: &str, stage: &str, visit: u32) -> String {
        let again = if visit > 1 {
            format!(" ({})", self.times(visit))
        } else {
            String::new()
        };
        format!("{track}: »{stage}« begynder{again}")
    }
    fn task_opened(&self, role: &str, task: &str) -> String {
        format!("Opgave til {role}: {task}")
    }
    fn task_done(&self, task: &str) -> String {
        format!("Udført: {task}")
    }
    fn task_ended(&self, task: &str, why: &str) -> String {
        format!("Opgave bortfaldet, {why}: {task}")
    }
    fn task_overdue(&self, task: &str) -> String {
        format!("Opgave forsinket: {task}")
    }
    fn task_moved(&self, task: &str, due: &str) -> String {
        format!("Ny frist {due} efter pausen: {task}")
    }
    fn deadline_started(&self, deadline: &str, last_day: &str) -> String {
        format!("Frist begynder: {deadline}, sidste dag {last_day}")
    }
    fn deadline_met(&self, deadline: &str, late: bool) -> String {
        let met = if late {
            "opfyldt for sent"
        } else {
            "overholdt"
        };
        format!("Frist {met}: {deadline}")
    }
    fn deadline_ended(&self, deadline: &str, why: &str) -> String {
        format!("Frist bortfaldet, {why}: {deadline}")
    }
    fn deadline_overdue(&self, deadline: &str) -> String {
        format!("Frist udløbet: {deadline}")
    }
    fn deadline_moved(&self, deadline: &str, last_day: &str) -> String {
        format!("Frist flyttet efter pausen: {deadline}, sidste dag {last_day}")
    }
    fn rung_reached(&self, deadline: &str, rung: u32, level: &str, role: &str) -> String {
        format!(
            "{deadline}: skridt {rung} nået, {} til {role}",
            level.to_lowercase()
        )
    }
    fn finding(&self, level: &str, roles: &str, message: &str) -> String {
        format!("{level} til {roles}: {message}")
    }
    fn finding_changed(&self, level: &str, roles: &str, message: &str) -> String {
        format!("Nu {} til {roles}: {message}", level.to_lowercase())
    }
    fn finding_closed(&self, message: &str) -> String {
        format!("Ikke længere aktuelt: {message}")
    }
    fn finding_acknowledged(&self, message: &str, because: &str) -> String {
        format!("Der er taget hånd om det, »{because}«: {message}")
    }
    fn finding_snoozed(&self, message: &str, until: &str, because: &str) -> String {
        format!("Udsat til {until}, »{because}«: {message}")
    }
    fn raise_began(&self, source: &str, task: &str) -> String {
        format!("{source}: beder om opgaven »{task}«")
    }
    fn raise_ended(&self, source: &str, task: &str) -> String {
        format!("{source}: beder ikke længere om opgaven »{task}«")
    }
    fn recurred(&self, title: &str) -> String {
        format!("Det er tid igen: {title}")
    }
    fn recurring_began(&self, title: &str) -> String {
        format!("Kommer fast fra nu af: {title}")
    }
    fn recurring_stopped(&self, title: &str) -> String {
        format!("Kommer ikke længere fast: {title}")
    }
    fn recurring_missed(&self, title: &str, moment: &str) -> String {
        format!("Sprunget over {moment}: {title}")
    }
    fn circled(&self, stages: &str) -> String {
        format!("Står stille: {stages} fører i ring")
    }
    fn migrated(&self, plan: &str, because: &str) -> String {
        format!("Følger {plan} fra nu af: {because}")
    }
    fn task_carried(&self, role: &str, task: &str) -> String {
        format!("I den nye version er det en opgave til {role}: {task}")
    }
    fn deadline_carried(&self, deadline: &str, last_day: &str) -> String {
        format!("I den nye version: {deadline}, sidste dag {last_day}")
    }
    fn corrected(&self, what: &str, because: &str) -> String {
        format!("Rettet, tæller ikke: {what}: {because}")
    }
    fn left_out(&self, what: &str, why: &str) -> String {
        format!("Har ikke længere nogen plads, {why}: {what}")
    }
    fn deadline_gone(&self, deadline: &str) -> String {
        format!("Ingen frist længere: {deadline}")
    }
    fn task_gone(&self, task: &str) -> String {
        format!("Ingen opgave længere: {task}")
    }
    fn fact_changed(&self, fact: &str, from: &str, to: &str) -> String {
        format!("{fact}: {from} → {to}")
    }
    fn open_again(&self) -> &'static str {
        "Åben igen"
    }
    fn would_mean(&self, process: &str, version: &str, count: usize) -> String {
        let cases = plural(count, "åben sag", "åbne sager");
        format!("{process}: hvad {version} ville betyde for {cases}")
    }
    fn went_over(&self, process: &str, version: &str, count: usize) -> String {
        let cases = plural(count, "åben sag", "åbne sager");
        format!("{process}: {cases} gik over til {version}")
    }
    fn nobody_left(&self, process: &str, version: &str) -> String {
        format!("{process}: alle åbne sager følger allerede {version}.")
    }
    fn taken_back(&self, process: &str, count: usize) -> String {
        let cases = plural(count, "åben sag", "åbne sager");
        format!("{process}: {cases} gik tilbage til versionen før")
    }
    fn safe(&self, count: usize) -> String {
        plural(count, "sikker", "sikre")
    }
    fn need_mapping(&self, count: usize) -> String {
        format!("{count} mangler et nyt navn")
    }
    fn blocked(&self, count: usize) -> String {
        plural(count, "spærret", "spærrede")
    }
    fn untouched(&self, count: usize) -> String {
        format!("Intet ændrer sig for {}.", plural(count, "sag", "sager"))
    }
    fn name_is_gone(&self, section: &str, name: &str) -> String {
        format!(
            "{name} findes ikke i den nye version; skriv, hvad der er kommet i stedet, med renamed: {{ {section}: {{ {name}: NYT_NAVN }} }}"
        )
    }
    fn confidential_changes(&self, name: &str) -> String {
        format!("Spærret: om {name} er fortroligt, er ændret, og der er en værdi af det")
    }
    fn value_misfits(&self, fact: &str, value: &str) -> String {
        format!("Spærret: værdien {value} af {fact} passer ikke i den nye version")
    }
    fn sealed_misfits(&self, fact: &str) -> String {
        format!("Spærret: en fortrolig værdi af {fact} passer ikke i den nye version")
    }
    fn would_go_back(&self, process: &str, count: usize) -> String {
        let cases = plural(count, "åben sag", "åbne sager");
        format!("{process}: hvad det ville betyde for {cases} at gå tilbage til versionen før")
    }
    fn nothing_to_take_back(&self, process: &str) -> String {
        format!("{process}: der er ingen overgang at tage tilbage.")
    }
    fn read_by(&self, processes: &str, command: &str) -> String {
        format!(
            "Der er navne, som er forsvundet, og som regler i {processes} kan spørge disse sager om. Tag også dem med: {command}"
        )
    }
    fn link_elsewhere(&self, link: &str, to: &str) -> String {
        format!("Spærret: {link} fører nu til sager af {to}, og denne sag er knyttet til andre")
    }
    fn too_many_linked(&self, link: &str) -> String {
        format!("Spærret: {link} fører nu til en enkelt sag, og denne sag er knyttet til flere")
    }
    fn becomes_one(&self, name: &str) -> String {
        format!("Spærret: to, der er åbne på samme tid, ville begge blive til {name}")
    }
    fn fact_gone(&self, fact: &str) -> String {
        format!("Kendes ikke længere: {fact}")
    }
    fn steps_ahead(&self, deadline: &str, steps: &str) -> String {
        format!("{deadline}, fra nu af: {steps}")
    }
    fn no_steps_ahead(&self, deadline: &str) -> String {
        format!("{deadline}: ingen andre får besked")
    }
    fn waits_for_otherwise(&self, title: &str) -> String {
        format!("Det, der bedes om eller ventes på, er et andet: {title}")
    }
    fn comes_next(&self, work: &str, from: &str, to: &str) -> String {
        format!("{work}, næste gang: {from} → {to}")
    }
    fn work_otherwise(&self, work: &str) -> String {
        format!("Det, der bedes om hver gang, er et andet: {work}")
    }
    fn ways_out_otherwise(&self, stage: &str) -> String {
        format!("De kommende opgaver eller vejene ud er andre: {stage}")
    }
    fn ends_otherwise(&self) -> &'static str {
        "Vejene ud af alle trin er andre"
    }
    fn told_again(&self, count: usize) -> String {
        format!("Fortalt igen, rettet: {}", plural(count, "sag", "sager"))
    }
    fn first_recorded_as(&self, seq: u64) -> String {
        format!("noteret på ny efter en rettelse, først som #{seq}")
    }
    fn held(&self, until: Option<&str>, because: &str) -> String {
        let until = until.map_or_else(String::new, |until| format!(" til {until}"));
        format!("På pause{until}: {because}")
    }
    fn some_rule_failed(&self, only: &str) -> String {
        format!("En regel fejlede {only}")
    }
    fn rule_failed(&self, rule: &str, message: &str) -> String {
        format!("Reglen {rule} fejlede: {message}")
    }
    fn fault(&self, rule: &str, message: &str, place: &str) -> String {
        format!(
            "Reglen {rule} fejlede i {place}: {message} Alt andet går videre, men reglen skal rettes."
        )
    }
    fn not_told(&self, event: &str, case: &str, why: &str) -> String {
        format!("Kunne ikke meddeles til {case}: {event} ({why})")
    }
    fn ended(&self, outcome: &str) -> String {
        format!("Afsluttet: {outcome}")
    }
    fn entry_number(&self, seq: u64) -> String {
        format!("linje {seq}")
    }

    fn because(&self) -> &'static str {
        "fordi"
    }
    fn why_here(&self, case: &str) -> String {
        format!("Derfor er {case} her")
    }
    fn why(&self, title: &str, case: &str) -> String {
        format!("Hvorfor {title}: {case}")
    }
    fn why_not(&self, stage: &str, case: &str) -> String {
        format!("Hvorfor ikke {stage}: {case}")
    }
    fn counted_from(&self, length: &str, anchor: &str, from: &str, last_day: &str) -> String {
        format!("{length} fra {from} ({anchor}): sidste dag {last_day}")
    }
    fn counted_same_day(&self, anchor: &str, last_day: &str) -> String {
        format!("samme dag ({anchor}): sidste dag {last_day}")
    }
    fn counted_from_entering(&self, stage: &str) -> String {
        format!("»{stage}« begyndte")
    }
    fn counted_from_opening(&self) -> &'static str {
        "opgaven blev stillet"
    }
    fn not_counted(&self, days: &str) -> String {
        format!("ikke talt med: {days}")
    }
    fn given_back(&self, last_day: &str) -> String {
        format!("tiden på pause er lagt til: sidste dag {last_day}")
    }
    fn if_nothing_is_done(&self) -> &'static str {
        "Hvis der ikke sker noget"
    }
    fn none_for_you(&self, kind: &str, title: &str) -> String {
        format!("{title} ({kind}): i dette forløb er der intet om det, som du må læse.")
    }
    fn never_yet(&self, kind: &str, title: &str) -> String {
        format!("{title} ({kind}) har der endnu ikke været i dette forløb.")
    }
    fn already_there(&self, stage: &str) -> String {
        format!("Forløbet er der: {stage}.")
    }
    fn no_way(&self, stage: &str, from: &str) -> String {
        format!("Ingen vej fører til {stage} fra {from}: forløbet skal først gennem et andet trin.")
    }

    fn all_of(&self) -> &'static str {
        "alt dette"
    }
    fn any_of(&self) -> &'static str {
        "mindst ét af dette"
    }
    fn none_of(&self) -> &'static str {
        "ikke dette"
    }
    fn tasks_done(&self) -> &'static str {
        "hver opgave i trinnet er udført"
    }
    fn task_is_done(&self, task: &str) -> String {
        format!("{task} er udført")
    }
    fn event_happened(&self, event: &str, by: Option<&str>, with: Option<&str>) -> String {
        let by = by.map_or_else(String::new, |by| format!(", meldt af {by}"));
        let with = with.map_or_else(String::new, |with| format!(", hvor {with}"));
        format!("{event} er sket{by}{with}")
    }
    fn at_least_times(&self, times: u32) -> String {
        format!("mindst {times} gange")
    }
    fn linked_to(&self, link: &str) -> String {
        format!("{link}: mindst én")
    }
    fn has_value(&self, fact: &str) -> String {
        format!("{fact} er udfyldt")
    }
    fn is(&self, fact: &str, value: &str) -> String {
        format!("{fact} er {value}")
    }
    fn is_not(&self, fact: &str, value: &str) -> String {
        format!("{fact} er ikke {value}")
    }
    fn one_of(&self, fact: &str, values: &str) -> String {
        format!("{fact} er en af {values}")
    }
    fn at_least(&self, fact: &str, value: &str) -> String {
        format!("{fact}: mindst {value}")
    }
    fn at_most(&self, fact: &str, value: &str) -> String {
        format!("{fact}: højst {value}")
    }
    fn more_than(&self, fact: &str, value: &str) -> String {
        format!("{fact}: mere end {value}")
    }
    fn less_than(&self, fact: &str, value: &str) -> String {
        format!("{fact}: mindre end {value}")
    }
    fn exactly(&self, link: &str, count: u32) -> String {
        format!("{link}: præcis {count}")
    }
    fn between(&self, fact: &str, least: &str, most: &str) -> String {
        format!("{fact}: {least} til {most}")
    }
    fn in_stage_for(&self, length: &str) -> String {
        format!("trinnet har varet {length}")
    }
    fn rule_says_yes(&self, rule: &str) -> String {
        format!("reglen {rule} siger ja")
    }
    fn missing(&self, tasks: &str) -> String {
        format!("mangler: {tasks}")
    }
    fn not_since(&self, moment: &str) -> String {
        format!("nej, ikke siden {moment}")
    }
    fn never(&self) -> &'static str {
        "nej, endnu ikke"
    }
    fn so_far(&self, count: u32) -> String {
        format!("{count} indtil nu")
    }
    fn last_time(&self, moment: &str) -> String {
        moment.to_owned()
    }
    fn it_is(&self, value: &str) -> String {
        format!("nu: {value}")
    }
    fn may_change(&self, moment: &str) -> String {
        format!("kan ændre sig {moment}")
    }
    fn holds_from(&self, moment: &str) -> String {
        format!("fra og med {moment}")
    }

    fn clock_stands(&self, moment: &str, moved_by_hand: bool) -> String {
        let kind = if moved_by_hand {
            "uret stilles i hånden"
        } else {
            "det rigtige ur"
        };
        format!("{moment} ({kind})")
    }
    fn nothing_waits(&self) -> &'static str {
        "Der er ikke noget, der venter på et tidspunkt."
    }
    fn as_of(&self, moment: &str) -> String {
        format!("Sådan var det {moment}")
    }
    fn closed_days(&self, calendar: &str, year: i16, zone: &str, weekend: &str) -> String {
        format!("Lukkede dage i `{calendar}` i {year} ({zone}; weekend: {weekend})")
    }
    fn closed_from(&self, time: &str) -> String {
        format!("lukket fra {time}")
    }
    fn counted_on(&self, length: &str, from: &str, last_day: &str) -> String {
        format!("{length} fra {from}: sidste dag {last_day}")
    }
    fn skipped_days(&self) -> &'static str {
        "Ikke talt med"
    }
    fn weekend(&self) -> &'static str {
        "weekend"
    }
    fn clock_moved(&self, from: &str, to: &str) -> String {
        format!("Uret gik fra {from} til {to}")
    }
    fn applied(&self, accepted: usize, again: usize, refused: usize) -> String {
        let again = if again > 0 {
            format!(", {again} kendt i forvejen")
        } else {
            String::new()
        };
        let refused = if refused > 0 {
            format!(", {refused} afvist")
        } else {
            String::new()
        };
        format!("{accepted} modtaget{again}{refused}")
    }
    fn refused_line(&self, line: usize, message: &str) -> String {
        format!("linje {line}: {message}")
    }
    fn next_wake(&self, moment: &str) -> String {
        format!("Næste gang: {moment}")
    }
    fn unknown_name(&self, name: &str, case: &str) -> String {
        format!("`{case}` har ikke noget, der hedder `{name}`, og ingen linje med det nummer")
    }
    fn did_you_mean(&self, name: &str) -> String {
        format!("mente du `{name}`?")
    }
    fn names_known(&self, names: &str) -> String {
        format!("der er: {names}")
    }
    fn unknown_stage(&self, stage: &str) -> String {
        format!("`{stage}` er hverken et trin eller et udfald")
    }
}
