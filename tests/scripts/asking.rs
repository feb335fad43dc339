//! What rules may ask and answer.

use super::small::{World, answer, at, case, peer_group, rule, says, scripts};
use forloeb_core::{plan::Level, value::Value};

fn number(number: i64) -> Value {
    Value::Number(number.into())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

const OWN_WISH: &str = r#"
    let wish = it.last("wish_stated");
    if wish == () || wish.by == "participant" || it.happened("wish_confirmed", wish.at) { return; }
    nudge("participant", "confirm_wish");
    if older(wish.at, it.settings.confirmed_within) { escalate("consultant", "not_confirmed"); }
"#;

#[test]
fn a_rule_finds_says_where_and_knows_until_when_it_holds() {
    let world = World::new();
    let quiet = answer(OWN_WISH, &world, "2026-03-03T10:00:00");
    assert_eq!(quiet.answer.unwrap().found, []);
    assert_eq!(quiet.horizon, None);
    // A wish on the Wednesday before Easter: Thursday, Friday and Monday are closed.
    let world = world.event("wish_stated", "2026-04-01T15:00:00", "consultant", &[]);
    let nudged = answer(OWN_WISH, &world, "2026-04-02T10:00:00");
    assert_eq!(nudged.horizon, Some(at("2026-04-10T00:00:00")));
    assert_eq!(nudged.because, Some(3));
    let found = nudged.answer.unwrap().found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Level::Nudge);
    assert_eq!(
        (found[0].to.as_str(), found[0].say.as_str()),
        ("participant", "confirm_wish")
    );
    assert_eq!(found[0].ground.to_string(), "rules/r.rhai:6:5");
    let escalated = answer(OWN_WISH, &world, "2026-04-10T00:00:00");
    assert_eq!(escalated.horizon, None);
    assert_eq!(escalated.answer.unwrap().found.len(), 2);
}

#[test]
fn the_vocabulary_answers_as_the_case_stands() {
    let group = peer_group();
    let mut linked = case("g-1", &group);
    linked.facts.insert(
        "size".into(),
        forloeb_core::case::Known {
            value: number(7),
            seq: 1,
            at: linked.started,
        },
    );
    let world = World::new()
        .fact("hours", Value::Number("7.5".parse().unwrap()))
        .fact("mood", text("low"))
        .fact("born", Value::Date("2004-02-29".parse().unwrap()))
        .event(
            "attendance",
            "2026-03-03T09:00:00",
            "consultant",
            &[("how", text("absent"))],
        )
        .event(
            "attendance",
            "2026-03-10T09:00:00",
            "consultant",
            &[("how", text("present"))],
        )
        .event(
            "attendance",
            "2026-03-12T09:00:00",
            "participant",
            &[("how", text("absent"))],
        )
        .event(
            "wish_stated",
            "2026-03-12T10:00:00",
            "participant",
            &[("company", Value::Case("c-1".into()))],
        )
        .open_task("state_wish")
        .linked("group", group, linked);
    let now = "2026-03-13T12:00:00";
    for (asked, expected) in [
        ("it.id == \"p-1\" && it.process == \"journey\"", "yes"),
        (
            "it.stage == \"wishing\" && it.in_stage(\"available\")",
            "yes",
        ),
        ("it.stages.support == \"available\"", "yes"),
        (
            "it.since == it.started && it.since(\"support\") == it.started",
            "yes",
        ),
        ("it.ended || it.on_hold || it.outcome != ()", "no"),
        ("it.facts.hours == 7.5 && it.facts.hours / 5 == 1.5", "yes"),
        ("it.facts.note == ()", "yes"),
        ("it.facts.mood == \"low\"", "yes"),
        ("it.facts.mood in [\"glad\", \"low\"]", "yes"),
        ("it.facts.born < today()", "yes"),
        ("plus(it.facts.born, \"2 weeks\") > it.facts.born", "yes"),
        (
            "it.settings.companies_before_wish == 3 && it.settings.strict",
            "yes",
        ),
        ("7 / 2 == 3.5 && 6 / 2 == 3", "yes"),
        ("it.count(\"attendance\") == 3", "yes"),
        ("it.count(\"attendance\", #{ how: \"absent\" }) == 2", "yes"),
        (
            "it.count(\"attendance\", \"7 days\", #{ how: \"absent\" }) == 1",
            "yes",
        ),
        ("it.count(\"attendance\", it.settings.lately) == 3", "yes"),
        (
            "it.count(\"attendance\", it.last(\"attendance\").at) == 1",
            "yes",
        ),
        ("it.happened(\"wish_confirmed\")", "no"),
        ("it.last(\"attendance\").by == \"participant\"", "yes"),
        (
            "it.first(\"attendance\", #{ how: \"present\" }).with.how == \"present\"",
            "yes",
        ),
        ("it.all(\"attendance\").len() == 3", "yes"),
        (
            "it.all(\"attendance\").filter(|one| one.with.how == \"absent\").len() == 2",
            "yes",
        ),
        (
            "let how = \"absent\"; it.all(\"attendance\").some(|one| one.with.how == how)",
            "yes",
        ),
        ("it.last(\"wish_stated\").with.company == \"c-1\"", "yes"),
        ("it.last(\"wish_stated\").with.why == ()", "yes"),
        (
            "it.link(\"group\").facts.size == 7 && it.link(\"group\").id == \"g-1\"",
            "yes",
        ),
        ("it.links(\"companies_met\").is_empty()", "yes"),
        (
            "it.task_open(\"state_wish\") && !it.task_done(\"state_wish\")",
            "yes",
        ),
        ("days_since(it.started) == 11", "yes"),
        ("is_working_day(today())", "yes"),
        (
            "let met = #{}; met.set(it.last(\"wish_stated\").with.company, 2); met.get(\"c-1\") == 2",
            "yes",
        ),
        (
            "[it.facts.hours > 5, `works ${it.facts.hours} hours`]",
            "yes: works 7.5 hours",
        ),
        ("return [false, \"no\"];", "no: no"),
    ] {
        assert_eq!(says(asked, &world, now), expected, "{asked}");
    }
}

#[test]
fn what_goes_wrong_is_said_with_its_place() {
    let group = peer_group();
    let linked = case("g-1", &group);
    let world = World::new()
        .fact("hours", number(20))
        .sealed("wellbeing", number(3))
        .linked("group", group, linked);
    for (asked, expected) in [
        (
            "it.facts.hurs == 1",
            "there is no fact `hurs`; did you mean `hours`? (3:10)",
        ),
        ("it.factz.hours == 1", "a case has no `factz` (3:4)"),
        ("it.settings.late", "there is no setting `late` (3:13)"),
        (
            "it.count(\"attendence\")",
            "there is no event `attendence`; did you mean `attendance`? (3:4)",
        ),
        (
            "it.link(\"grup\")",
            "there is no link `grup`; did you mean `group`? (3:4)",
        ),
        (
            "it.facts.wellbeing > 3",
            "`wellbeing` is confidential, and this rule does not declare that it reads it (3:10)",
        ),
        ("it.link(\"group\").facts.secret == ()", "yes"),
        (
            "it.link(\"group\").task_open(\"book\")",
            "the tasks of another case cannot be seen (3:18)",
        ),
        (
            "nudge(\"consultent\", \"confirm_wish\")",
            "there is no role `consultent`; did you mean `consultant`? (3:1)",
        ),
        (
            "nudge(\"consultant\", \"confirm\")",
            "there is no text `confirm` (3:1)",
        ),
        (
            "raise(\"unblok\")",
            "there is no task `unblok` that can be raised; did you mean `unblock`? (3:1)",
        ),
        (
            "older(it.started, \"3 workng days\")",
            "`workng days` is not a unit of time (did you mean `3 working days`?) (3:1)",
        ),
        (
            "it.facts.hours < \"x\"",
            "a number cannot be compared with a text (3:16)",
        ),
        (
            "it.facts.note < 3",
            "nothing (`()`) is neither more nor less than anything (3:15)",
        ),
        (
            "it.last(\"wish_stated\").at",
            "nothing (`()`) has no `at`: ask whether it is `()` first (3:24)",
        ),
        ("it.facts.hours / 0 > 1", "20 cannot be divided by 0 (3:16)"),
        (
            "let most = 9223372036854775807; most + 1 > 0",
            "a number becomes too large (3:38)",
        ),
        (
            "[1, 2][5] == 1",
            "the list has 2 elements, and none at `[5]` (3:8)",
        ),
        ("today() + 3", "`+` does not take a date and a number (3:9)"),
        (
            "\"maybe\"",
            "it returns a text, where a rule returns nothing, true or false, or [true or false, \"reason\"] (2:4)",
        ),
        ("throw \"never\";", "never (3:1)"),
        ("let m = #{}; m.name == 1", "the map has no `name` (3:16)"),
        (
            "it.id = \"x\"; true",
            "`id` of a case cannot be changed (3:4)",
        ),
    ] {
        assert_eq!(
            says(asked, &world, "2026-03-13T12:00:00"),
            expected,
            "{asked}"
        );
    }
}

#[test]
fn what_a_rule_saw_in_confidence_is_not_stored_with_a_finding() {
    for body in [
        "nudge(\"consultant\", \"few_companies\", #{ met: 3 });",
        "nudge(\"consultant\", \"few_companies\", #{ about: \"secret\" });",
        "throw \"the secret\";",
    ] {
        let text = format!("/// D.\nfn r(it) {{ {body} }}");
        let reading = forloeb_core::plan::RuleUse {
            reads: vec!["secret".into()],
            ..rule("r.r")
        };
        let world = World::new().sealed(
            "secret",
            forloeb_core::value::Value::Text("told in confidence".to_owned()),
        );
        let verdict = scripts(&text)
            .judge()
            .judge(&reading, &world.view("2026-03-13T12:00:00"));
        assert_eq!(
            verdict.answer.unwrap_err().message,
            "it failed; what went wrong is not said, because it reads confidential facts"
        );
    }
}

#[test]
fn functions_may_call_each_other_as_deep_as_people_write() {
    let text = "/// D.\nfn r(it) { _a(it) }\nfn _a(it) { [1, 2].map(|x| _b(x)).len() > 1 }\nfn _b(x) { [1, 2].filter(|y| _c(y)).len() }\nfn _c(x) { x > 1 }";
    let verdict = scripts(text)
        .judge()
        .judge(&rule("r.r"), &World::new().view("2026-03-13T12:00:00"));
    assert_eq!(verdict.answer.unwrap().holds, Some(true));
}

#[test]
fn a_declared_confidential_fact_is_read_and_another_case_never_shows_one() {
    let world = World::new().sealed("wellbeing", number(3));
    let scripts = scripts("/// Low.\nfn r(it) { it.facts.wellbeing < 4 }");
    let mut used = rule("r.r");
    used.reads = vec!["wellbeing".into()];
    let verdict = scripts
        .judge()
        .judge(&used, &world.view("2026-03-13T12:00:00"));
    assert_eq!(verdict.answer.unwrap().holds, Some(true));
}
