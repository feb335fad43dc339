//! What is found before anything runs: each mistake with its place, the words that it underlines, and what to do.

use super::small::{journey, plans, rule, scripts, source};
use forloeb::{diagnostic::Diagnostic, scripts::Scripts};
use forloeb_core::name::Name;

/// `line:column [underlined words] message (help)`, a line each.
fn shown(diagnostics: &[Diagnostic]) -> String {
    let line = |one: &Diagnostic| {
        let ground = one.span.ground();
        let words = one
            .span
            .source
            .text
            .get(one.span.start..one.span.end)
            .unwrap();
        let help = one
            .help
            .as_ref()
            .map_or_else(String::new, |help| format!(" ({help})"));
        format!(
            "{}:{} [{words}] {}{help}",
            ground.line, ground.column, one.message
        )
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Notes a difference, so that all are seen at once.
fn compare(asked: &str, found: &str, expected: &str, wrong: &mut String) {
    if found != expected {
        *wrong += &format!("{asked}\n  found    {found}\n  expected {expected}\n");
    }
}

/// What is wrong with a rule file by itself.
fn compiled(text: &str) -> String {
    shown(&Scripts::compile(&[source("rules/r.rhai", text)]).1)
}

#[test]
fn a_description_has_languages() {
    let said = |comment: &str| {
        let rules = scripts(&format!("{comment}\nfn r(it) {{ }}"));
        let described = rules.described(&Name::from("r.r")).unwrap();
        ["en", "da", "sv"].map(|language| described.in_language(language).to_owned())
    };
    let plain = "Who walks is seen. At noon: too.";
    for (comment, danish) in [
        (
            "/// Who walks is seen.\n/// At noon: too.\n/// da: Den, der går, ses.\n/// Også til middag.",
            "Den, der går, ses. Også til middag.",
        ),
        (
            "/// Who walks is seen. At noon: too.\n///\n/// da:\n/// Den, der går, ses.\n/// sv: Den som går syns.",
            "Den, der går, ses.",
        ),
        (
            "/** Who walks is seen.\n  * At noon: too.\n  * da: Den, der går, ses. */",
            "Den, der går, ses.",
        ),
        // A colon does not make a language.
        ("/// Who walks is seen. At noon: too.", plain),
    ] {
        let [english, said, _] = said(comment);
        assert_eq!(
            (english.as_str(), said.as_str()),
            (plain, danish),
            "{comment}"
        );
    }
    // With nothing for everybody, any language is better than none.
    assert_eq!(said("/// da: Den, der går, ses.")[0], "Den, der går, ses.");
    assert_eq!(said("/// en: Who.\n/// da: Hvem.")[..2], ["Who.", "Hvem."]);
    assert!(compiled("/// da: Hvem.\nfn r(it) { }").is_empty());
    assert!(!compiled("/// da:\nfn r(it) { }").is_empty());
}

/// What is wrong with a rule of this body in the journey.
fn checked(body: &str) -> String {
    let scripts = scripts(&format!("/// What it says.\nfn r(it) {{\n{body}\n}}"));
    shown(
        &scripts
            .check(&rule("r.r"), &journey(), &plans())
            .diagnostics,
    )
}

#[test]
fn a_file_is_checked_by_itself() {
    let mut wrong = String::new();
    for (text, expected) in [
        (
            "fn r(it) { }",
            "1:4 [r] the rule `r` has no description (say above it what it watches for and why, on lines that begin with `///`)",
        ),
        (
            "let x = 1;\n/// D.\nfn r(it) { }",
            "1:1 [let] a statement stands outside of every function (a rule file holds only functions; put it into the one that needs it)",
        ),
        (
            "/// D.\nfn r(case) { }",
            "2:4 [r] the rule `r` calls its case `case` (call it `it`, or name the function `_r` if it only helps other rules)",
        ),
        (
            "/// D.\nfn r(it) { nudgee(1, 2) }",
            "2:12 [nudgee] there is no function `nudgee` (did you mean `nudge`?)",
        ),
        (
            "/// D.\nfn r(it) { _hlp(it) }\nfn _help(it) { }",
            "2:12 [_hlp] there is no function `_hlp` (did you mean `_help`?)",
        ),
        (
            "/// D.\nfn r(it) { _help(it) }\nfn _help(it, x) { }",
            "2:12 [_help] `_help` takes 2 arguments, not 1",
        ),
        (
            "/// D.\nfn r(it) { it.older(it.since, \"1 day\") }",
            "2:15 [older] `older` is not a member of anything (write `older(..)`)",
        ),
        (
            "/// D.\nfn r(it) { count(it, \"x\") }",
            "2:12 [count] `count` is asked of something (write `it.count(..)`, or what it is asked of instead of `it`)",
        ),
        (
            "/// D.\nfn r(it) { it.count() }",
            "2:15 [count] `count` takes 1 to 3 arguments, not 0 (how often)",
        ),
        (
            "/// D.\nfn r(it) { older(it.since) }",
            "2:12 [older] `older` takes 2 to 3 arguments, not 1 (`older(instant, \"3 days\")`: the limit of that length, counted from the instant or date, has run out; with a third instant: had run out then)",
        ),
        (
            "/// D.\nfn r(it) { print(\"x\") }",
            "2:12 [print] `print` does not exist for rules (say it with `nudge` or `escalate`)",
        ),
        (
            "/// D.\nfn r(it) { eval(\"x\") }",
            "2:12 [eval] `eval` does not exist for rules (a rule cannot make code)",
        ),
        (
            "/// D.\nfn r(it) { sleep(10) }",
            "2:12 [sleep] there is no function `sleep`",
        ),
        (
            "/// D.\nfn r(it) { let æøå = timestamp(); }",
            "2:22 [timestamp] there is no function `timestamp`",
        ),
        (
            "/// D.\nfn r(it) { import \"x\" as y; }",
            "2:12 [import] `import` does not exist for rules (a rule file stands by itself)",
        ),
        (
            "/// D.\nfn r(it) { try { it.x } catch { } }",
            "2:12 [try] `try` does not exist for rules (an error ends the rule and is shown to people)",
        ),
        (
            "/// D.\nfn r(it) { switch it.stage { \"a\" => 1 } }",
            "2:12 [switch] `switch` does not exist for rules (use `if`: a case that is misspelt would never be found)",
        ),
        (
            "/// D.\nfn r(it) { if wish == () { } }",
            "2:15 [wish] there is no variable `wish`",
        ),
        (
            "/// D.\nfn r(it) { if it.since { ",
            "2:26 [] `}` is missing to end this block",
        ),
        (
            "/// D.\nfn r(it) { let s = \"abc; }",
            "2:20 [\"abc; }] a text is not closed",
        ),
        (
            "/// D.\nfn r(it) { let a = 1 let b = 2; }",
            "2:22 [let] `;` is missing to end this statement",
        ),
        (
            "/// D.\nfn r(it) { let m = #{}; let k = it.id; m[k] = 1; }",
            "2:42 [k] a key that is computed cannot stand on the left of `=` (write `map.set(key, value)`)",
        ),
        (
            "/// D.\nfn r(it) { let m = #{}; m[it.id] = 1; }",
            "2:27 [it] a key that is computed cannot stand on the left of `=` (write `map.set(key, value)`)",
        ),
        (
            "/// D.\nfn r(it) { let m = #{}; m.a[it.id].b = 1; }",
            "2:29 [it] a key that is computed cannot stand on the left of `=` (write `map.set(key, value)`)",
        ),
        (
            "/// D.\nfn r(it) { let m = #{ l: [#{}] }; m.l[0].b = 1; m[\"a\"] = 2; m.a.b = 3; }",
            "",
        ),
        (
            "/// D.\nfn r(it) { }\n/// E.\nfn r(it) { }",
            "4:1 [fn] the function `r` is defined twice (give one of them another name)",
        ),
        (
            "/// D.\nfn r(it) { }\nfn _h(a) { }\nfn _h(a, b) { }",
            "4:4 [_h] the function `_h` is defined twice (give one of them another name)",
        ),
        (
            "/// D.\nfn r(it) { let h = |a| a; h.call(it) }",
            "2:29 [call] `call` does not exist for rules (call the function by its name)",
        ),
    ] {
        compare(text, &compiled(text), expected, &mut wrong);
    }
    assert_eq!(wrong, "");
}

#[test]
fn a_rule_is_checked_in_its_plan() {
    let mut wrong = String::new();
    for (body, expected) in [
        (
            "it.facts.hurs == 1",
            "3:10 [hurs] there is no fact `hurs` (did you mean `hours`?)",
        ),
        (
            "it.settings.lat",
            "3:13 [lat] there is no setting `lat` (there is `confirmed_within`, `lately`, `companies_before_wish`, `strict`, `weeks`)",
        ),
        (
            "it.stag == \"wishing\"",
            "3:4 [stag] a case has no `stag` (did you mean `stage`?)",
        ),
        (
            "it.last == ()",
            "3:4 [last] a case has no `last` (`last` is asked with arguments: the last occurrence of an event, or `()`; a map filters by its fields)",
        ),
        (
            "it.last(\"wish_statd\")",
            "3:9 [\"wish_statd\"] there is no event `wish_statd` (did you mean `wish_stated`?)",
        ),
        (
            "it.count(\"attendance\", \"14 dayz\") > 1",
            "3:24 [\"14 dayz\"] `dayz` is not a unit of time (did you mean `14 days`?)",
        ),
        (
            "it.count(\"attendance\", #{ hw: \"absent\" }) > 1",
            "3:27 [hw] there is no field `hw` of `attendance` (did you mean `how`?)",
        ),
        (
            "it.count(\"attendance\", #{ how: \"absnt\" }) > 1",
            "3:32 [\"absnt\"] `absnt` is none of `present`, `absent` (did you mean `absent`?)",
        ),
        (
            "it.count(\"attendance\", #{ how: 1 }) > 1",
            "3:32 [1] a text cannot be compared with a number",
        ),
        (
            "let a = it.last(\"attendance\"); a.with.hw == 1",
            "3:39 [hw] there is no field `hw` of `attendance` (did you mean `how`?)",
        ),
        (
            "let a = it.last(\"attendance\"); a.when == 1",
            "3:34 [when] an occurrence has no `when`",
        ),
        (
            "for a in it.all(\"attendance\") { if a.with.how == \"abs\" { return; } }",
            "3:50 [\"abs\"] `abs` is none of `present`, `absent`",
        ),
        (
            "it.all(\"attendance\").filter(|a| a.with.hw == 1).len() > 1",
            "3:40 [hw] there is no field `hw` of `attendance` (did you mean `how`?)",
        ),
        (
            "let h = 5; it.all(\"attendance\").some(|a| a.with.how == h)",
            "3:53 [=] a text cannot be compared with a number",
        ),
        (
            "it.facts.hours == \"15\"",
            "3:16 [=] a number cannot be compared with a text",
        ),
        (
            "10 < \"x\"",
            "3:4 [<] a number cannot be compared with a text",
        ),
        (
            "it.facts.mood == \"gled\"",
            "3:18 [\"gled\"] `gled` is none of `glad`, `low` (did you mean `glad`?)",
        ),
        (
            "it.facts.mood in [\"glad\", \"lw\"]",
            "3:27 [\"lw\"] `lw` is none of `glad`, `low` (did you mean `low`?)",
        ),
        (
            "it.facts.born < \"2000-01-01\"",
            "3:15 [<] a date cannot be compared with a text",
        ),
        (
            "it.started < today()",
            "3:12 [<] an instant cannot be compared with a date (`days_since` gives the days since an instant)",
        ),
        (
            "it.settings.lately > 3",
            "3:20 [>] a duration cannot be compared with a number (`older(instant, duration)` asks whether it has run out)",
        ),
        (
            "it.started + 3 > it.since",
            "3:12 [+] `+` does not take an instant (`older(instant, \"2 weeks\")` and `days_since(instant)` ask how long ago it is)",
        ),
        (
            "older(it.started, 3)",
            "3:19 [3] a duration is wanted here, not a number",
        ),
        (
            "older(it.started, it.settings.strict)",
            "3:19 [it] a duration is wanted here, not yes/no",
        ),
        (
            "older(it.last(\"wish_stated\"), \"1 day\")",
            "3:7 [it] an instant is wanted here, not an occurrence (write `.at` behind it: the instant at which it happened)",
        ),
        (
            "it.stage == \"wishin\"",
            "3:13 [\"wishin\"] `wishin` is none of `wishing`, `placement` (did you mean `wishing`?)",
        ),
        (
            "it.in_stage(\"wish\")",
            "3:13 [\"wish\"] there is no stage `wish` (there is `wishing`, `placement`, `available`)",
        ),
        (
            "it.since(\"jurney\") == it.started",
            "3:10 [\"jurney\"] there is no track `jurney` (did you mean `journey`?)",
        ),
        (
            "it.last(\"wish_stated\").by == \"boss\"",
            "3:30 [\"boss\"] `boss` is none of `participant`, `consultant`, `project_leader`, `psychologist`",
        ),
        (
            "it.link(\"grup\")",
            "3:9 [\"grup\"] there is no link `grup` (did you mean `group`?)",
        ),
        (
            "it.link(\"companies_met\")",
            "3:9 [\"companies_met\"] `companies_met` leads to any number of cases (write `links(\"companies_met\")`, which gives a list)",
        ),
        (
            "it.link(\"group\").facts.siz > 6",
            "3:24 [siz] there is no fact `siz` in `peer_group` (did you mean `size`?)",
        ),
        (
            "it.link(\"group\").facts.secret == ()",
            "3:24 [secret] `secret` of `peer_group` is confidential or personal (a rule sees only the public facts of another case)",
        ),
        (
            "it.link(\"group\").task_open(\"book\")",
            "3:18 [task_open] the tasks of another case cannot be seen",
        ),
        (
            "it.link(\"group\").links(\"members\")[0].facts.hours > 1",
            "3:38 [facts] a case behind two links has no `facts`",
        ),
        (
            "it.facts.wellbeing < 4",
            "3:10 [wellbeing] `wellbeing` is confidential or personal (if the rule needs it, attach it as `{ rule: r.r, reads: [wellbeing] }`)",
        ),
        (
            "it.task_open(\"state\")",
            "3:14 [\"state\"] there is no task `state` (there is `state_wish`, `unblock`)",
        ),
        (
            "raise(\"state_wish\")",
            "3:7 [\"state_wish\"] there is no task `state_wish` that can be raised (there is `unblock`)",
        ),
        (
            "nudge(\"consultent\", \"confirm_wish\")",
            "3:7 [\"consultent\"] there is no role `consultent` (did you mean `consultant`?)",
        ),
        (
            "nudge(\"consultant\", \"confirm\")",
            "3:21 [\"confirm\"] there is no text `confirm` (there is `confirm_wish`, `not_confirmed`, `few_companies`, `hours_low`)",
        ),
        (
            "nudge(\"consultant\", \"few_companies\")",
            "3:21 [\"few_companies\"] nobody fills `{met}` in the text `few_companies` (pass it: `#{ met: .. }`)",
        ),
        (
            "nudge(\"consultant\", \"few_companies\", #{ meet: 2, about: \"c\" })",
            "3:21 [\"few_companies\"] nobody fills `{met}` in the text `few_companies` (pass it: `#{ met: .. }`)\n3:41 [meet] the text `few_companies` has no `{meet}` (did you mean `met`?)",
        ),
        (
            "let text = it.stage; nudge(\"consultant\", text)",
            "3:42 [text] the name of a text is computed (write it out, so that it can be checked before anything runs)",
        ),
        (
            "let event = \"wish_\" + \"stated\"; it.last(event)",
            "3:41 [event] the name of an event is computed (write it out, so that it can be checked before anything runs)",
        ),
        (
            "let m = #{ a: 1 }; m.push(2)",
            "3:22 [push] a map has no `push`",
        ),
        (
            "it.id = \"x\";",
            "3:4 [id] a case cannot be changed by a rule (a rule says what it finds, with `nudge`, `escalate` and `raise`)",
        ),
    ] {
        compare(body, &checked(body), expected, &mut wrong);
    }
    assert_eq!(wrong, "");
}

#[test]
fn what_is_right_is_not_found_fault_with() {
    for body in [
        "let w = it.last(\"wish_stated\"); if w != () && older(w.at, it.settings.lately) { nudge(\"consultant\", \"confirm_wish\"); }",
        "nudge(\"consultant\", \"few_companies\", #{ met: it.links(\"companies_met\").len(), about: it.id, since: it.started });",
        "let said = #{ met: 2 }; escalate(\"project_leader\", \"few_companies\", said);",
        "nudge(\"consultant\", \"hours_low\")",
        "let event = \"wish_stated\"; it.count(event, \"2 weeks\") + it.count(event, it.started) > 3 / 2",
        "let one = if it.on_hold { it } else { it.link(\"group\") }; one.ended",
        "let latest = (); let before = (); for a in it.all(\"attendance\") { before = latest; latest = a; } before != () && before.with.how == \"absent\" && latest.with.hours - before.with.hours > 2",
        "it.link(\"group\").count(\"meeting_held\", \"14 days\") > 1 && it.links(\"companies_met\").all(|c| c.id != \"c\")",
        "it.stages.journey == \"wishing\" && it.since(\"support\") <= it.since && it.outcome == ()",
        "let sum = it.all(\"attendance\").reduce(|sum, a| sum + a.with.hours, 0); sum > 3.5",
        "if it.facts.consents == true && it.settings.strict { raise(\"unblock\") }",
        "plus(it.facts.born, it.settings.lately) > today() && is_working_day(today())",
        "[it.facts.hours > it.settings.weeks, `${it.facts.hours} hours`]",
    ] {
        assert_eq!(checked(body), "", "{body}");
    }
}

#[test]
fn helpers_are_followed_with_what_they_are_given() {
    let text = r#"
/// A.
fn a(it) { _count(it, "attendance") + _count(it, "attendence") > 2 }
/// B.
fn b(it) { _later(it.started, it.last("wish_stated")) > today() }
fn _count(it, event) { it.count(event) }
fn _later(instant, event) { if event != () && event.at > instant { event.at } else { instant } }
/// C.
fn c(it) { _loop(it) }
fn _loop(it) { if it.facts.hours > 1 { _loop(it) } else { it.facts.hour } }
/// D.
fn d(it) { for n in 0..3 { _in_a_loop(it); } }
fn _in_a_loop(it) { it.facts.missing }
"#;
    let scripts = scripts(text);
    let check = |name: &str| shown(&scripts.check(&rule(name), &journey(), &plans()).diagnostics);
    assert_eq!(
        check("r.d"),
        "13:30 [missing] there is no fact `missing` (there is `hours`, `wellbeing`, `consents`, `mood`, `born`, `note`)"
    );
    assert_eq!(
        check("r.a"),
        "6:33 [event] there is no event `attendence` (did you mean `attendance`?)"
    );
    assert_eq!(
        check("r.b"),
        "5:55 [>] an instant cannot be compared with a date (`days_since` gives the days since an instant)"
    );
    assert_eq!(
        check("r.c"),
        "10:68 [hour] there is no fact `hour` (did you mean `hours`?)"
    );
    assert_eq!(check("r.none"), "");
}

#[test]
fn the_links_that_are_read_are_known() {
    let scripts = scripts(
        "/// A.\nfn a(it) { _size(it) > 3 && it.links(\"companies_met\").len() > 0 }\nfn _size(it) { it.link(\"group\").facts.size }",
    );
    let reads = scripts
        .check(&rule("r.a"), &journey(), &plans())
        .reading
        .through;
    let names: Vec<&str> = reads.iter().map(Name::as_str).collect();
    assert_eq!(names, ["companies_met", "group"]);
}

#[test]
fn comments_layout_and_other_rules_do_not_change_what_a_rule_means() {
    let one = scripts("/// A.\nfn a(it) { _h(it)  > 1 }\nfn _h(it) { it.count(\"x // y\") }\n");
    let other = scripts(
        "// On top.\n/// Worded anew.\nfn a(it) {\n  _h(it) > /* one */ 1 // more\n}\n/// B.\nfn b(it) { }\nfn _h( it ) {\n\tit.count(\"x // y\")\n}\n",
    );
    let third = scripts("/// A.\nfn a(it) { _h(it) > 1 }\nfn _h(it) { it.count(\"x  // y\") }\n");
    let name = Name::from("r.a");
    assert_eq!(
        one.meaning(&name).unwrap(),
        "fn _h(it){it.count(\"x // y\")}\nfn a(it){_h(it)>1}\n"
    );
    assert_eq!(one.meaning(&name), other.meaning(&name));
    assert_ne!(one.meaning(&name), third.meaning(&name));
    assert_eq!(one.described(&name).unwrap().description, "A.");
    assert_eq!(
        other.described(&name).unwrap().ground.to_string(),
        "rules/r.rhai:3:4"
    );
}

#[test]
fn the_shipped_rules_are_right_by_themselves() {
    let mut sources = Vec::new();
    for file in std::fs::read_dir("rules").unwrap() {
        let path = file.unwrap().path();
        sources.push(source(
            path.to_str().unwrap(),
            &std::fs::read_to_string(&path).unwrap(),
        ));
    }
    let (scripts, diagnostics) = Scripts::compile(&sources);
    assert_eq!(shown(&diagnostics), "");
    assert!(scripts.names().count() >= 9);
    for rule in scripts.names() {
        let said = scripts.described(rule).unwrap();
        let danish = said.in_languages.0.contains_key("da");
        assert!(
            danish,
            "{rule} is described in English alone: write `/// da: …`"
        );
    }
}
