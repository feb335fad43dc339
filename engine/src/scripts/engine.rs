//! The script engines: one that reads rule files, and one a thread that evaluates them. Everything that is not put in
//! here does not exist for a rule: no `eval`, printing, sleeping, clock, files, other scripts or randomness.

use super::{ask, compare, limits, say, session::Session};
use forloeb_core::name::Name;
use rhai::{
    Dynamic, Engine, INT, ImmutableString, Map, OptimizationLevel, Token,
    packages::{
        ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMathPackage,
        BasicStringPackage, LogicPackage, MoreStringPackage, Package,
    },
};
use std::{collections::BTreeSet, sync::Arc};

/// Words of the script language that rules do without, each with what to do instead.
const OFF: &[(&str, &str)] = &[
    ("eval", "a rule cannot make code"),
    ("print", "say it with `nudge` or `escalate`"),
    ("debug", "say it with `nudge` or `escalate`"),
    ("Fn", "call the function by its name"),
    ("call", "call the function by its name"),
    ("curry", "write `|x| ..`"),
    ("this", "use `it`"),
    ("is_def_fn", "functions are checked before anything runs"),
    ("is_def_var", "variables are checked before anything runs"),
    ("is_shared", "nothing is shared between rules"),
    ("type_of", "compare with `()`"),
    ("import", "a rule file stands by itself"),
    ("export", "a rule file stands by itself"),
    ("try", "an error ends the rule and is shown to people"),
    ("catch", "an error ends the rule and is shown to people"),
    (
        "switch",
        "use `if`: a case that is misspelt would never be found",
    ),
    ("**", "multiply"),
    ("/=", "write `a = a / b`"),
    ("&", "write `&&`"),
    ("^", "write `!=`"),
    ("<<", "multiply"),
    (">>", "divide"),
];

/// What to do instead of a word that is off.
pub(super) fn instead_of(word: &str) -> Option<&'static str> {
    OFF.iter()
        .find(|(off, _)| *off == word)
        .map(|(_, instead)| *instead)
}

/// An engine that reads rule files.
pub(super) fn reader() -> Engine {
    let mut engine = Engine::new_raw();
    for (word, _) in OFF {
        engine.disable_symbol(*word);
    }
    // The language keeps some hundred words for later (`with`, `case`, `new`). Facts and fields may be called so.
    #[expect(
        deprecated,
        reason = "the engine's word for an interface that may change"
    )]
    engine.on_parse_token(|token, _, _| match token {
        Token::Reserved(word) if is_free(&word) => Token::Identifier(word),
        other => other,
    });
    // Folding would evaluate `10 < "x"` while reading, and lose the positions that the checks point at.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_allow_shadowing(true);
    engine.set_max_functions(limits::FUNCTIONS);
    sizes(&mut engine);
    engine
}

fn is_free(word: &str) -> bool {
    word.starts_with(char::is_alphabetic) && instead_of(word).is_none()
}

fn sizes(engine: &mut Engine) {
    engine.set_max_expr_depths(limits::EXPRESSION_DEPTH, limits::EXPRESSION_DEPTH);
    engine.set_max_call_levels(limits::CALL_LEVELS);
    engine.set_max_variables(limits::VARIABLES);
    engine.set_max_string_size(limits::TEXT);
    engine.set_max_array_size(limits::LIST);
    engine.set_max_map_size(limits::MAP);
}

/// An engine that evaluates rules. `words` are the property names in them, `sources` the paths of their files.
pub(super) fn evaluator(
    session: &Arc<Session>,
    words: &[Name],
    sources: &Arc<BTreeSet<Name>>,
) -> Engine {
    let mut engine = Engine::new_raw();
    for package in [
        ArithmeticPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
    ] {
        engine.register_global_module(package);
    }
    engine.set_fast_operators(false);
    engine.set_strict_variables(true);
    engine.set_fail_on_invalid_map_property(true);
    sizes(&mut engine);
    let steps = Arc::clone(session);
    // Counted here and not with the engine's own limit, which starts anew inside callbacks.
    engine.on_progress(move |_| steps.step(1));
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    compare::register(&mut engine);
    maps(&mut engine);
    ask::register(&mut engine, session, words);
    say::register(&mut engine, session, sources);
    engine
}

/// Maps, with keys of bounded length: unlike texts, keys are copied with their map.
fn maps(engine: &mut Engine) {
    engine.register_fn("len", |map: &mut Map| {
        INT::try_from(map.len()).unwrap_or(INT::MAX)
    });
    engine.register_fn("is_empty", |map: &mut Map| map.is_empty());
    engine.register_fn("contains", |map: &mut Map, key: ImmutableString| {
        map.contains_key(key.as_str())
    });
    engine.register_fn("get", |map: &mut Map, key: Dynamic| {
        let key = key.to_string();
        map.get(key.as_str()).cloned().unwrap_or(Dynamic::UNIT)
    });
    engine.register_fn(
        "set",
        |map: &mut Map, key: Dynamic, value: Dynamic| -> Result<(), super::seen::Failure> {
            let key = super::seen::case(&key)
                .map(|id| id.to_string())
                .or_else(|| super::seen::text(&key))
                .ok_or("a key is a text or a case")?;
            if key.len() > limits::KEY {
                return Err(format!("a key is longer than {} letters", limits::KEY).into());
            }
            map.insert(key.into(), value);
            Ok(())
        },
    );
    engine.register_fn("keys", |map: &mut Map| {
        map.keys()
            .map(|key| Dynamic::from(key.to_string()))
            .collect::<rhai::Array>()
    });
    engine.register_fn("values", |map: &mut Map| {
        map.values().cloned().collect::<rhai::Array>()
    });
}
