//! What a rule reads is known before anything runs: never less than it asks, and everything where that cannot be told.

use super::small::{World, answer, case, journey, limits, peer_group, plans, rule, scripts};
use crate::changes::{after, every_change};
use forloeb_core::{
    judge::View,
    name::Name,
    reads::{Reading, Reads},
    value::Value,
};
use std::{collections::BTreeSet, sync::Arc};

fn reads(reads: &Reads) -> String {
    if reads.everything {
        return "everything".to_owned();
    }
    let mut parts = Vec::new();
    for (what, names) in [
        ("facts", &reads.facts),
        ("events", &reads.events),
        ("links", &reads.links),
    ] {
        if !names.is_empty() {
            let names: Vec<&str> = names.iter().map(Name::as_str).collect();
            parts.push(format!("{what} {}", names.join(" ")));
        }
    }
    for (what, read) in [
        ("places", reads.places),
        ("status", reads.status),
        ("tasks", reads.tasks),
    ] {
        parts.extend(read.then(|| what.to_owned()));
    }
    match parts.is_empty() {
        true => "nothing".to_owned(),
        false => parts.join(", "),
    }
}

/// `own; process: what is read of it; time`.
fn shown(reading: &Reading) -> String {
    let mut parts = vec![reads(&reading.own)];
    parts.extend(
        reading
            .of
            .iter()
            .map(|(process, of)| format!("{process}: {}", reads(of))),
    );
    parts.extend(reading.time.then(|| "time".to_owned()));
    parts.join("; ")
}

fn file(body: &str) -> String {
    format!("/// What it says.\nfn r(it) {{\n{body}\n}}")
}

fn read(text: &str) -> Reading {
    let checked = scripts(text).check(&rule("r.r"), &journey(), &plans());
    assert_eq!(checked.diagnostics, [], "{text}");
    checked.reading
}

/// Each body with what it reads; all differences are seen at once.
fn all(expected: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (body, expected) in expected {
        let found = shown(&read(&file(body)));
        if found != *expected {
            wrong += &format!("{body}\n  found    {found}\n  expected {expected}\n");
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn each_question_reads_what_it_asks() {
    all(&[
        ("", "nothing"),
        (
            "it.id == \"a\" && it.process == \"b\" && it.started != ()",
            "nothing",
        ),
        ("it.settings.strict", "nothing"),
        ("it.settings.weeks > 3", "nothing; time"),
        (
            "is_working_day(plus(it.facts.born, \"2 days\"))",
            "facts born",
        ),
        ("it.facts.born > today()", "facts born; time"),
        ("days_since(it.started) > 3", "nothing; time"),
        ("older(it.started, \"1 day\")", "nothing; time"),
        ("older(it.started, \"1 day\", it.since)", "places"),
        ("it.stage == \"wishing\"", "places"),
        ("it.stages.journey == \"wishing\"", "places"),
        ("it.since == it.since(\"support\")", "places"),
        ("it.in_stage(\"wishing\")", "places"),
        ("it.ended || it.on_hold || it.outcome != ()", "status"),
        (
            "it.task_open(\"unblock\") || it.task_done(\"state_wish\")",
            "tasks",
        ),
        (
            "it.facts.hours > 1 && it.facts.mood == \"glad\"",
            "facts hours mood",
        ),
        ("let f = it.facts; f.hours > 1", "facts hours"),
        ("it.last(\"wish_stated\") != ()", "events wish_stated"),
        (
            "it.last(\"wish_stated\").with.company == \"c\"",
            "events wish_stated",
        ),
        (
            "it.first(\"attendance\", #{ how: it.facts.mood }) != ()",
            "facts mood, events attendance",
        ),
        (
            "it.all(\"attendance\").len() > it.count(\"wish_stated\")",
            "events attendance wish_stated",
        ),
        (
            "it.happened(\"wish_confirmed\", it.started)",
            "events wish_confirmed",
        ),
        (
            "it.happened(\"wish_confirmed\", \"2 days\")",
            "events wish_confirmed; time",
        ),
        (
            "it.count(\"attendance\", it.settings.lately, #{ how: \"absent\" }) > 1",
            "events attendance; time",
        ),
        (
            "it.links(\"companies_met\").len() > 2",
            "links companies_met",
        ),
        ("it.link(\"group\") == ()", "links group"),
        (
            "for c in it.links(\"companies_met\") { nudge(\"consultant\", \"few_companies\", #{ about: c.id, met: c }); }",
            "links companies_met",
        ),
        (
            "it.link(\"group\").facts.size > 3",
            "links group; peer_group: facts size",
        ),
        (
            "it.link(\"group\").happened(\"meeting_held\")",
            "links group; peer_group: events meeting_held",
        ),
        (
            "it.link(\"group\").in_stage(\"meeting\")",
            "links group; peer_group: places",
        ),
        (
            "it.link(\"group\").on_hold",
            "links group; peer_group: status",
        ),
        (
            "it.link(\"group\").links(\"members\")[0].id == it.id",
            "links group; peer_group: links members",
        ),
    ]);
}

#[test]
fn values_are_followed_through_variables_loops_functions_and_callbacks() {
    all(&[
        (
            "let g = (); if it.on_hold { g = it.link(\"group\"); } g != () && g.facts.size > 3",
            "links group, status; peer_group: facts size",
        ),
        (
            "let seen = #{ group: it.link(\"group\") }; seen.group.ended",
            "links group; peer_group: status",
        ),
        (
            "[it.link(\"group\")].some(|g| g.facts.size > it.facts.hours)",
            "facts hours, links group; peer_group: facts size",
        ),
        (
            "let g = it.link(\"group\"); [1, 2].map(|n| g.facts.size).len() > 1",
            "links group; peer_group: facts size",
        ),
        (
            "it.all(\"attendance\").find(|a| a.with.how == \"absent\").at == it.started",
            "events attendance",
        ),
        (
            "it.all(\"attendance\").reduce(|sum, a| sum + a.with.hours, 0) > 3",
            "events attendance",
        ),
        // What a variable becomes only after two rounds of a loop.
        (
            "let a = (); let b = (); let c = (); for i in 0..9 { if a != () && a.facts.size > 1 { return true; } a = b; b = c; c = it.link(\"group\"); } false",
            "links group; peer_group: facts size",
        ),
    ]);
    let helped = "/// R.\nfn r(it) { for g in [it.link(\"group\")] { if _large(g, it) { return true; } } false }\nfn _large(g, it) { _size(g) > it.facts.hours }\nfn _size(g) { g.facts.size }";
    assert_eq!(
        shown(&read(helped)),
        "facts hours, links group; peer_group: facts size"
    );
}

#[test]
fn where_the_walk_cannot_tell_everything_within_reach_is_read() {
    let own = "everything; time";
    let both = "everything; peer_group: everything; time";
    all(&[
        (
            "[#{ a: it }].find(|m| true).get(\"a\").facts.hours > 1",
            own,
        ),
        ("let m = #{}; m.a = it; m.a.facts.hours > 1", own),
        (
            "let m = #{ a: 1 }; m.set(\"a\", it.link(\"group\")); m.get(\"a\").facts.size > 1",
            both,
        ),
        (
            "let m = #{ a: it }; m.a = it.link(\"group\"); m.a.ended",
            both,
        ),
        ("let l = [it]; l.push(it.link(\"group\")); l[1].ended", both),
        (
            "let c = if it.on_hold { it } else { it.link(\"group\") }; c.ended",
            both,
        ),
        (
            "let m = #{ g: it.link(\"group\") }; m.values().some(|g| g.facts.size > 1)",
            both,
        ),
        (
            "let f = |g| g.ended; if it.on_hold { f = |g| g.on_hold; } [it.link(\"group\")].some(f)",
            both,
        ),
        (
            "let last = (); [it.link(\"group\")].map(|g| { last = g; 1 }); last.ended",
            both,
        ),
        (
            "let x = it; let f = |g| x.ended; for g in [it.link(\"group\")] { x = g; } [1].some(f)",
            both,
        ),
        (
            "let g = for g in [it.link(\"group\")] { break g; }; g.ended",
            both,
        ),
        (
            "let m = #{}; m.values().some(|x| it.link(\"group\").facts.size > 1 && x.ended)",
            both,
        ),
        // A name that is not told from where, of a link that the plan has.
        (
            "let m = #{ me: it }; m.values()[0].link(\"group\").facts.size > 1",
            both,
        ),
        (
            "[it.link(\"group\")].reduce(|best, g| if best == () || g.facts.size > best.facts.size { g } else { best }, ()) != ()",
            both,
        ),
    ]);
    // Functions that call each other deeper than they may are not gone through to the end.
    let mut deep = "/// R.\nfn r(it) { _f0(it) }\n".to_owned();
    for level in 0..12 {
        deep += &format!("fn _f{level}(it) {{ _f{}(it) }}\n", level + 1);
    }
    deep += "fn _f12(it) { it.link(\"group\").ended }";
    let reading = read(&deep);
    assert_eq!(
        shown(&reading),
        "everything; company: everything; peer_group: everything; time"
    );
    assert_eq!(reading.through.len(), 2);
}

#[test]
fn an_entry_that_is_not_seen_changes_no_answer_and_one_that_is_can() {
    let group = peer_group();
    let mut linked = case("g-1", &group);
    linked.links.insert("members".into(), vec!["p-1".into()]);
    let company = plans().remove("company").unwrap();
    let other = case("c-2", &company);
    let mut world = World::new()
        .fact("hours", Value::Number(3.into()))
        .linked("group", group.clone(), linked)
        .linked("companies_met", company.clone(), case("c-1", &company))
        .event("attendance", "2026-03-03T10:00:00", "consultant", &[])
        .open_task("state_wish");
    let around = &mut world.around.cases;
    around.insert("c-2".into(), (Arc::new(company), Arc::new(other)));
    let view = world.view("2026-03-09T10:00:00");
    let cases = [
        ("c-1", "company"),
        ("c-2", "company"),
        ("g-1", "peer_group"),
        ("p-1", "journey"),
    ];
    let cases = cases
        .map(|(id, process)| (Name::from(id), Name::from(process)))
        .into();
    let mut seen = BTreeSet::new();
    for body in [
        "[it.stage == \"placement\", it.since.to_string()]",
        "[it.ended, `${it.outcome != ()}`]",
        "[it.on_hold, \"\"]",
        "[it.facts.hours == 3, \"\"]",
        "it.facts.mood == ()",
        "[true, `${it.count(\"attendance\")}`]",
        "it.happened(\"wish_stated\", it.started)",
        "[true, `${it.links(\"companies_met\").len()}`]",
        "it.task_open(\"state_wish\")",
        "it.task_done(\"state_wish\")",
        "it.link(\"group\").facts.size == ()",
        "[true, `${it.link(\"group\").count(\"meeting_held\")}`]",
        "it.link(\"group\").on_hold || it.link(\"group\").ended",
        "[true, `${it.link(\"group\").links(\"members\").len()}`]",
        "[true, it.link(\"group\").since.to_string()]",
        "let g = #{ g: [it.link(\"group\")] }; [true, `${g.values()[0][0].facts.size}`]",
    ] {
        let text = file(body);
        let reading = read(&text);
        let scripts = scripts(&text);
        let ask = |view: &View| scripts.measure(&rule("r.r"), view, limits()).0;
        let before = ask(&view);
        assert_eq!(before, answer(body, &world, "2026-03-09T10:00:00"));
        assert!(before.answer.is_ok(), "{body}: {before:?}");
        let mut changed = 0;
        for what in every_change(&view.plan, &view.case, &cases, view.now, 1) {
            let mut then = view.clone();
            then.case = after(&view.case, [&what], view.now);
            let same = ask(&then) == before;
            assert!(same || reading.own.sees(&what), "{body}: {what:?}");
            changed += u32::from(!same);
            seen.extend((!same).then(|| what.kind()));
        }
        let of = reading.of.get("peer_group").cloned().unwrap_or_default();
        let (_, known) = &view.around.cases["g-1"];
        for what in every_change(&group, known, &cases, view.now, 1) {
            let mut then = view.clone();
            let around = &mut Arc::make_mut(&mut then.around).cases;
            around.get_mut("g-1").unwrap().1 = after(known, [&what], view.now);
            let same = ask(&then) == before;
            assert!(same || of.sees(&what), "{body}: {what:?} of the group");
            changed += u32::from(!same);
        }
        assert!(changed > 0, "{body}");
    }
    let seen: Vec<&str> = seen.into_iter().collect();
    assert_eq!(
        seen,
        [
            "ended",
            "fact_cleared",
            "fact_set",
            "held",
            "linked",
            "reported",
            "stage_entered",
            "task_done",
            "unlinked"
        ]
    );
}
