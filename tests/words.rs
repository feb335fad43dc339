//! What people read: each page in both languages against golden files, none wider than 80 characters. `BLESS=1` writes them anew.

mod fixture;

use fixture::{Journey, RHAI, YAML, instant, name, overdue};
use forloeb::words::{
    Applied, CaseRow, ClockMoved, Column, FindingRow, Language, Page, Reader, RefusedLine, Rich,
    Subject, TaskRow, Work, case_list, case_page, done, explain, explain_one, finding_list, handle,
    history, json, message, read_handle, task_list, ways, why_not,
};
use forloeb_core::{
    case::{CaseId, Finding, Source},
    condition::Test,
    entry::{Entry, What},
    input::{Input, Which},
    name::Name,
    plan::{Level, Plan},
    trace::{Seen, Trace},
    value::Value,
};
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// A case that has gone by one plan only.
static NO_OTHERS: BTreeMap<Name, Arc<Plan>> = BTreeMap::new();

/// What readers have at hand.
struct Desk {
    names: BTreeMap<CaseId, String>,
    people: BTreeMap<Name, String>,
    sources: BTreeMap<(Name, Name), String>,
}

impl Desk {
    fn new() -> Self {
        let names = [
            ("p-7", "Amina Holm"),
            ("p-8", "Jonas Bach"),
            ("c-3", "Nordlys Cykler"),
            ("c-5", "Rosenborg Bageri"),
        ];
        let sources = [
            ("processes/journey.yaml", YAML),
            ("rules/many_to_many.rhai", RHAI),
        ];
        Self {
            names: names.map(|(id, known)| (name(id), known.to_owned())).into(),
            people: BTreeMap::from([(name("u-1"), "Lise Dam".to_owned())]),
            sources: sources
                .map(|(path, text)| ((name("4f2a91c07b5d"), name(path)), text.to_owned()))
                .into(),
        }
    }

    fn reader(&self, language: Language, now: &str) -> Reader<'_> {
        Reader {
            language,
            zone: jiff::tz::TimeZone::get("Europe/Copenhagen").unwrap(),
            colour: false,
            width: 80,
            now: instant(now),
            names: &self.names,
            people: &self.people,
            sources: &self.sources,
            role: None,
        }
    }
}

impl Journey {
    fn subject(&self) -> Subject<'_> {
        Subject {
            plan: &self.plan,
            plans: &NO_OTHERS,
            case: &self.case,
            history: &self.entries,
            entries: &self.entries,
            sealed: &self.sealed,
        }
    }
}

/// Compares a page in both languages with its golden files.
fn golden(page: &str, now: &str, print: impl Fn(&Reader<'_>) -> String) {
    let desk = Desk::new();
    for language in [Language::Danish, Language::English] {
        let text = print(&desk.reader(language, now));
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "wider than 80: {line}");
            assert_eq!(line, line.trim_end(), "spaces at the end");
        }
        let file = format!("tests/golden/words/{page}.{}.txt", language.code());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            text,
            expected,
            "{} (BLESS=1 writes it anew)",
            path.display()
        );
    }
}

const NOW: &str = "2026-10-22T09:00";

#[test]
fn case_show() {
    let journey = overdue();
    golden("case_show", NOW, |reader| {
        case_page(reader, journey.subject()).print(reader)
    });
}

#[test]
fn case_show_without_confidential_values() {
    let mut journey = overdue();
    journey.sealed.retain(|key, _| key.field == "name");
    golden("case_show_consultant", NOW, |reader| {
        case_page(reader, journey.subject()).print(reader)
    });
}

#[test]
fn case_show_on_hold_and_ended() {
    let mut journey = overdue();
    let until = Some(instant("2026-11-09T00:00"));
    let hold = Input::Hold {
        until,
        because: "på hospitalet".to_owned(),
    };
    journey.input(hold, "consultant", Some("u-1"), "2026-10-22T09:30");
    golden("case_show_on_hold", "2026-10-23T09:00", |reader| {
        case_page(reader, journey.subject()).print(reader)
    });
    journey.report(
        "withdrew",
        fixture::raw(&[]),
        "2026-10-24T10:00",
        "2026-10-24T10:00",
    );
    golden("case_show_ended", "2026-10-26T09:00", |reader| {
        case_page(reader, journey.subject()).print(reader)
    });
}

#[test]
fn whole_history() {
    let journey = overdue();
    golden("history", NOW, |reader| {
        history(reader, journey.subject(), false).print(reader)
    });
}

#[test]
fn explained() {
    let journey = overdue();
    golden("explain", NOW, |reader| {
        explain(reader, journey.subject()).print(reader)
    });
}

#[test]
fn one_thing_explained() {
    let journey = overdue();
    for (page, asked) in [
        ("explain_deadline", "placement_start"),
        ("explain_task", "agree_start"),
        ("explain_rule", "met_enough_companies"),
        ("explain_never", "placement"),
        ("explain_number", "1"),
    ] {
        golden(page, NOW, |reader| {
            explain_one(reader, journey.subject(), asked)
                .unwrap()
                .print(reader)
        });
    }
    let desk = Desk::new();
    let unknown = explain_one(
        &desk.reader(Language::English, NOW),
        journey.subject(),
        "placement_strat",
    )
    .unwrap_err();
    assert_eq!(
        unknown.message,
        "`p-7` has nothing called `placement_strat`, and no entry of that number"
    );
    assert_eq!(
        unknown.help.as_deref(),
        Some("did you mean `placement_start`?")
    );
}

/// A trace by hand, for the exit of the fixture: the placement has not started, and two of the parts hold.
fn trace(journey: &Journey, condition: &forloeb_core::condition::Condition) -> Trace {
    let (seen, holds, parts): (Seen, bool, Vec<&forloeb_core::condition::Condition>) =
        match &condition.test {
            Test::All(parts) => (Seen::Parts, false, parts.iter().collect()),
            Test::Any(parts) => (Seen::Parts, false, parts.iter().collect()),
            Test::Not(part) => (Seen::Parts, true, vec![part]),
            Test::Event(_) => {
                let since = journey.case.tracks.get("journey").map(|place| place.since);
                (
                    Seen::Event {
                        count: 0,
                        needed: 1,
                        since,
                        last: None,
                    },
                    false,
                    Vec::new(),
                )
            }
            Test::Fact { fact, .. } => {
                let value = journey
                    .case
                    .facts
                    .get(fact)
                    .map(|known| known.value.clone());
                (Seen::Fact { value }, false, Vec::new())
            }
            Test::Link { link, .. } => {
                let cases = journey.case.links.get(link).cloned().unwrap_or_default();
                (
                    Seen::Link {
                        cases,
                        at_least: 3,
                        at_most: None,
                    },
                    false,
                    Vec::new(),
                )
            }
            _ => (
                Seen::Tasks {
                    missing: vec![name("agree_start")],
                },
                false,
                Vec::new(),
            ),
        };
    let children = parts.into_iter().map(|part| trace(journey, part)).collect();
    Trace {
        test: condition.test.clone(),
        ground: condition.ground.clone(),
        holds,
        seen,
        children,
    }
}

#[test]
fn why_it_is_not_elsewhere() {
    let journey = overdue();
    for (page, target) in [
        ("why_not", "placement"),
        ("why_not_already", "wishing"),
        ("why_not_end", "discontinued"),
    ] {
        golden(page, NOW, |reader| {
            let ways = ways(reader, journey.subject(), target).unwrap();
            let traced: Vec<_> = ways
                .iter()
                .map(|way| (*way, trace(&journey, &way.exit.when)))
                .collect();
            why_not(reader, journey.subject(), &name(target), &traced).print(reader)
        });
    }
    let desk = Desk::new();
    let refusal = ways(
        &desk.reader(Language::Danish, NOW),
        journey.subject(),
        "placment",
    )
    .unwrap_err();
    assert_eq!(
        refusal.message,
        "`placment` er hverken et trin eller et udfald"
    );
    assert_eq!(refusal.help.as_deref(), Some("mente du `placement`?"));
}

/// Another case, in its first days.
fn fresh() -> Journey {
    let facts = fixture::raw(&[("name", "Jonas Bach")]);
    let mut journey = Journey::begin("p-8", facts, "2026-10-15T09:00");
    let link = Input::Link {
        link: name("companies_met"),
        to: name("c-3"),
        from: None,
    };
    journey.input(link, "consultant", None, "2026-10-16T11:00");
    journey.sleep("2026-10-22T08:00", None);
    let finding = Which::Named(name("few_companies"));
    let snooze = Input::Snooze {
        finding,
        until: instant("2026-11-02T00:00"),
        because: "møder flere på fredag".to_owned(),
    };
    journey.input(snooze, "consultant", Some("u-1"), "2026-10-22T08:30");
    journey
}

#[test]
fn lists() {
    let (first, second) = (overdue(), fresh());
    let both = [&first, &second];
    let tasks: Vec<TaskRow<'_>> = both
        .iter()
        .flat_map(|journey| {
            let open = journey
                .case
                .tasks
                .iter()
                .filter(|(_, task)| task.done.is_none());
            open.map(|(number, task)| TaskRow {
                case: &journey.case.id,
                plan: &journey.plan,
                number: *number,
                task,
                held_since: None,
            })
        })
        .collect();
    golden("task_list", NOW, |reader| {
        task_list(reader, &tasks).print(reader)
    });
    golden("task_list_empty", NOW, |reader| {
        task_list(reader, &[]).print(reader)
    });
    let findings: Vec<FindingRow<'_>> = both
        .iter()
        .flat_map(|journey| {
            journey.case.findings.keys().map(|number| FindingRow {
                subject: journey.subject(),
                number: *number,
            })
        })
        .collect();
    golden("finding_list", NOW, |reader| {
        finding_list(reader, &findings).print(reader)
    });
    let cases: Vec<CaseRow<'_>> = both
        .iter()
        .map(|journey| CaseRow {
            plan: &journey.plan,
            case: &journey.case,
        })
        .collect();
    golden("case_list", NOW, |reader| {
        case_list(reader, &cases).print(reader)
    });
}

#[test]
fn summaries() {
    let (first, second) = (overdue(), fresh());
    let recent = |journey: &Journey| {
        journey
            .entries
            .iter()
            .filter(|entry| entry.at >= instant("2026-10-15T00:00"))
            .cloned()
            .collect::<Vec<_>>()
    };
    let (a, b) = (recent(&first), recent(&second));
    golden("advance", NOW, |reader| {
        let mut work = Work::default();
        work.add(&first.case.id, &a);
        work.add(&second.case.id, &b);
        let clock = ClockMoved {
            from: instant("2026-10-15T00:00"),
            to: instant(NOW),
        };
        done(
            reader,
            &work,
            &[first.subject(), second.subject()],
            Some(clock),
            Some(instant("2026-10-27T00:00")),
        )
        .print(reader)
    });
    golden("tick_much", NOW, |reader| {
        let mut work = Work::default();
        for _ in 0..3 {
            work.add(&first.case.id, &first.entries);
        }
        done(reader, &work, &[first.subject()], None, None).print(reader)
    });
    golden("tick_nothing", NOW, |reader| {
        done(reader, &Work::default(), &[], None, None).print(reader)
    });
    golden("apply", NOW, |reader| {
        let refused = RefusedLine {
            line: 14,
            message: "there is no event `wish_statd`".to_owned(),
            help: Some("did you mean `wish_stated`?".to_owned()),
        };
        Applied {
            accepted: 12,
            again: 2,
            refused: vec![refused],
        }
        .print(reader)
    });
}

#[test]
fn the_same_as_data() {
    let journey = overdue();
    let desk = Desk::new();
    let reader = desk.reader(Language::English, NOW);
    let page = json(&case_page(&reader, journey.subject())).unwrap();
    assert_eq!(page["tracks"][0]["stage"], "wishing");
    assert_eq!(page["tracks"][0]["since"], "2026-10-01T07:00:00Z");
    assert_eq!(page["tracks"][0]["since_date"], "2026-10-01");
    assert_eq!(page["deadlines"][1]["due"]["last_day"], "2026-10-19");
    assert_eq!(page["deadlines"][1]["due"]["nearness"], "overdue");
    assert_eq!(
        page["deadlines"][1]["ladder"][2]["at"],
        "2026-10-26T23:00:00Z"
    );
    let explained = json(&explain(&reader, journey.subject())).unwrap();
    let chain = explained["things"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|thing| thing["because"].as_array().unwrap());
    let counted: Vec<_> = chain
        .filter_map(|because| because["counted"]["setting"].as_str())
        .collect();
    assert!(counted.contains(&"start_within"));
}

#[test]
fn colours_change_nothing_but_colours() {
    let journey = overdue();
    let desk = Desk::new();
    let plain = desk.reader(Language::Danish, NOW);
    let coloured = Reader {
        colour: true,
        ..plain.clone()
    };
    let text = case_page(&coloured, journey.subject()).print(&coloured);
    assert!(text.contains("\u{1b}[31m"));
    let mut stripped = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, case_page(&plain, journey.subject()).print(&plain));
}

#[test]
fn a_handle_is_read_back() {
    assert_eq!(
        read_handle(&handle(&name("a/b"), 7)),
        Some((name("a/b"), Which::Number(7)))
    );
    assert_eq!(
        read_handle("p-7/agree_start"),
        Some((name("p-7"), Which::Named(name("agree_start"))))
    );
    assert_eq!(read_handle("p-7"), None);
}

#[test]
fn no_page_is_wider_than_its_terminal() {
    let facts = fixture::raw(&[
        ("name", "Jonas Bach"),
        ("talk_notes", &"ord-uden-mellemrum".repeat(12)),
    ]);
    let mut journey = Journey::begin(
        &"et-meget-langt-nummer-".repeat(6),
        facts,
        "2026-10-15T09:00",
    );
    journey.sleep("2026-10-22T08:00", None);
    let desk = Desk::new();
    for width in [40, 57, 80, 132] {
        let reader = Reader {
            width,
            ..desk.reader(Language::Danish, NOW)
        };
        let subject = journey.subject();
        let case = CaseRow {
            plan: &journey.plan,
            case: &journey.case,
        };
        let pages = [
            case_page(&reader, subject).print(&reader),
            history(&reader, subject, false).print(&reader),
            explain(&reader, subject).print(&reader),
            case_list(&reader, &[case]).print(&reader),
        ];
        for line in pages.iter().flat_map(|page| page.lines()) {
            assert!(line.chars().count() <= width, "wider than {width}: {line}");
        }
    }
}

/// The widest column gives way first, but no word breaks while another column can still be narrower.
#[test]
fn columns_give_way_by_whole_words() {
    let columns = [
        Column::FIXED,
        Column::wrapping(4),
        Column::filling(10),
        Column::NUMBER,
    ];
    let row = |cells: [&str; 4]| cells.map(Rich::plain).to_vec();
    let mut page = Page::new(48, false);
    page.tables(
        0,
        &columns,
        &[
            (
                "a".to_owned(),
                vec![row([
                    "ons 11.",
                    "Børnehuset Tusindben",
                    "Fortæl om ugen: timer og ros",
                    "c-1/7",
                ])],
            ),
            ("b".to_owned(), vec![row(["i dag", "Bo", "Ring", "p-2/41"])]),
        ],
    );
    assert_eq!(
        page.finish(),
        [
            "a",
            "ons 11.  Børnehuset  Fortæl om ugen:       c-1/7",
            "         Tusindben   timer og ros",
            "",
            "b",
            "i dag    Bo          Ring                 p-2/41",
            "",
        ]
        .join("\n")
    );
}

/// A number at the end of a line never stands alone at the left.
#[test]
fn the_end_of_a_line_stands_at_the_right_edge_when_it_wraps() {
    let shown = |left: &str, right: &str| {
        let mut page = Page::new(40, false);
        page.ends(2, &Rich::plain(left), &Rich::plain(right));
        page.finish()
    };
    for (left, expected) in [
        (
            "Redegørelse  14 dage forsinket",
            "  Redegørelse  14 dage forsinket     #10\n",
        ),
        (
            "Redegørelse  14 dage forsinket (mandag)",
            "  Redegørelse  14 dage forsinket\n  (mandag)                           #10\n",
        ),
        // The last line would leave no room for the number.
        (
            "Redegørelsen  14 dage forsinket i dag",
            "  Redegørelsen  14 dage forsinket i\n  dag                                #10\n",
        ),
    ] {
        assert_eq!(shown(left, "#10"), expected);
    }
    // What is no number but half a line stays below.
    assert_eq!(
        shown("Gartneriet Spiren  c-1", "Virksomhed, version 1a2b3c4d"),
        "  Gartneriet Spiren  c-1\n  Virksomhed, version 1a2b3c4d\n"
    );
}

/// What was met after it ran out was met, and not kept.
#[test]
fn a_deadline_is_kept_or_met_late() {
    let mut journey = overdue();
    let place = journey
        .entries
        .iter()
        .position(|entry| matches!(entry.what, What::DeadlineOverdue { .. }))
        .unwrap();
    let What::DeadlineOverdue { deadline } = journey.entries[place].what else {
        unreachable!()
    };
    let met = Entry {
        what: What::DeadlineMet { deadline },
        ..journey.entries[place].clone()
    };
    // In time, and one entry after it had run out.
    journey.entries.truncate(place + 1);
    journey.entries[place] = met.clone();
    let kept = journey;
    let mut late = overdue();
    late.entries.truncate(place + 1);
    late.entries.push(Entry {
        seq: met.seq + 1,
        ..met
    });
    let desk = Desk::new();
    let last = |journey: &Journey, language| {
        let told = history(&desk.reader(language, NOW), journey.subject(), false);
        told.entries.last().unwrap().words.clone()
    };
    let answer = "Virksomhedens svar på ønsket";
    let (danish, english) = (Language::Danish, Language::English);
    assert_eq!(last(&kept, danish), format!("Frist overholdt: {answer}"));
    assert_eq!(
        last(&late, danish),
        format!("Frist opfyldt for sent: {answer}")
    );
    let answer = "The company's answer to the wish";
    assert_eq!(last(&kept, english), format!("Deadline met: {answer}"));
    assert_eq!(last(&late, english), format!("Deadline met late: {answer}"));
}

/// The message of a rule that failed may be a question: one mark ends it.
#[test]
fn what_a_failing_rule_says_ends_once() {
    let journey = overdue();
    let desk = Desk::new();
    let said = |why: &str, language| {
        let values = [("message", why), ("place", "rules/r.rhai:4:9")];
        let finding = Finding {
            source: Source::Fault(name("r.r")),
            say: name("fault"),
            about: None,
            level: Level::Escalation,
            to: vec![name("consultant")],
            values: values
                .map(|(field, words)| (name(field), Value::Text(words.into())))
                .into(),
            since: instant(NOW),
            acknowledged: None,
            snoozed_until: None,
            by_migration: false,
        };
        message(&desk.reader(language, NOW), journey.subject(), &finding)
    };
    let question = said("does a loop never end?", Language::English);
    assert!(question.contains("never end? Everything"), "{question}");
    let plain = said("there is no fact `x`", Language::Danish);
    assert!(plain.contains("`x`. Alt andet"), "{plain}");
}
