//! From an error of the script engine to a fault that people can read: what went wrong, and the innermost place that is
//! known.

use super::{engine::instead_of, limits, position};
use forloeb_core::{ground::Ground, judge::Fault, name::Name};
use rhai::{EvalAltResult as E, Position};

/// The fault for an error in the file at `file`; `rule` is where the rule stands, for errors without a place.
pub(super) fn fault(error: &E, file: &Name, rule: &Ground) -> Fault {
    let mut innermost = Position::NONE;
    let mut cause = error;
    loop {
        if !cause.position().is_none() {
            innermost = cause.position();
        }
        match cause {
            E::ErrorInFunctionCall(_, _, inner, _) => cause = inner,
            _ => break,
        }
    }
    let ground = match innermost.is_none() {
        true => rule.clone(),
        false => position::ground(file.clone(), innermost),
    };
    Fault {
        message: message(cause),
        ground,
    }
}

fn message(error: &E) -> String {
    match error {
        E::ErrorTerminated(why, _) => why.to_string(),
        E::ErrorRuntime(why, _) if why.is_unit() => "it gives up (`throw`)".to_owned(),
        E::ErrorRuntime(why, _) => why.to_string(),
        E::ErrorStackOverflow(_) => format!(
            "its functions call each other more than {} deep",
            limits::CALL_LEVELS
        ),
        E::ErrorTooManyOperations(_) => "it takes too many steps".to_owned(),
        E::ErrorTooManyVariables(_) => {
            format!("a function has more than {} variables", limits::VARIABLES)
        }
        E::ErrorDataTooLarge(what, _) => too_large(what),
        E::ErrorArithmetic(what, _) => arithmetic(what),
        E::ErrorFunctionNotFound(signature, _) => not_found(signature),
        E::ErrorDotExpr(what, _) | E::ErrorIndexingType(what, _) => property(what),
        E::ErrorPropertyNotFound(name, _) => format!("the map has no `{name}`"),
        E::ErrorVariableNotFound(name, _) => format!("there is no variable `{name}`"),
        E::ErrorArrayBounds(len, index, _) => {
            format!("the list has {len} elements, and none at `[{index}]`")
        }
        E::ErrorStringBounds(len, index, _) => {
            format!("the text has {len} letters, and none at `[{index}]`")
        }
        E::ErrorIndexNotFound(index, _) => format!("there is nothing at `[{index}]`"),
        E::ErrorDataRace(..) => "a function uses the list that it goes through".to_owned(),
        E::ErrorFor(_) => "`for` goes through a list or a range".to_owned(),
        E::ErrorMismatchDataType(wanted, found, _)
        | E::ErrorMismatchOutputType(wanted, found, _) => {
            format!("{} is wanted here, not {}", people(wanted), people(found))
        }
        E::ErrorAssignmentToConstant(name, _) => format!("`{name}` is constant"),
        other => first_line(&other.to_string()),
    }
}

fn too_large(what: &str) -> String {
    if what.contains("string") {
        format!("a text is longer than {} letters", limits::TEXT)
    } else if what.contains("map") {
        format!("a map has more than {} entries", limits::MAP)
    } else {
        format!("a list has more than {} elements", limits::LIST)
    }
}

fn arithmetic(what: &str) -> String {
    let lower = what.to_lowercase();
    if lower.contains("zero") {
        "it divides by zero".to_owned()
    } else if lower.contains("overflow") || lower.contains("underflow") {
        "a number becomes too large".to_owned()
    } else {
        first_line(what)
    }
}

/// `+ (date, i64)`: no such function for these kinds.
fn not_found(signature: &str) -> String {
    let (name, kinds) = signature.split_once('(').unwrap_or((signature, ""));
    let name = name.trim();
    if let Some(instead) = instead_of(name) {
        return format!("`{name}` does not exist for rules: {instead}");
    }
    let kinds: Vec<&str> = kinds
        .trim_end_matches(')')
        .split(", ")
        .filter(|kind| !kind.is_empty())
        .map(people)
        .collect();
    match kinds.as_slice() {
        [] => format!("`{name}` cannot be called like this"),
        ["nothing (`()`)", ..] => {
            format!("nothing (`()`) has no `{name}`: ask whether it is `()` first")
        }
        kinds => format!("`{name}` does not take {}", kinds.join(" and ")),
    }
}

/// `Unknown property 'x' - a getter is not registered for type 'y'`.
fn property(what: &str) -> String {
    let mut quoted = what.split('\'').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(name), Some(kind)) if people(kind).starts_with("nothing") => {
            format!("nothing (`()`) has no `{name}`: ask whether it is `()` first")
        }
        (Some(name), Some(kind)) if what.contains("setter") => {
            format!("`{name}` of {} cannot be changed", people(kind))
        }
        (Some(name), Some(kind)) => format!("{} has no `{name}`", people(kind)),
        _ => first_line(what),
    }
}

/// A kind as people call it.
fn people(kind: &str) -> &str {
    match kind.trim().trim_start_matches("&mut ") {
        "()" => "nothing (`()`)",
        "i64" | "decimal" | "INT" | "Decimal" => "a number",
        "bool" => "yes/no",
        "string" | "char" | "&str | ImmutableString | String" | "String" => "a text",
        "array" => "a list",
        "map" => "a map",
        "Fn" => "a function",
        "case" => "a case",
        "case behind two links" => "a case behind two links, of which only the id is known,",
        "case id" => "the id of a case",
        "facts" => "the facts",
        "settings" => "the settings",
        "occurrence" => "an occurrence",
        "fields" => "the fields of an occurrence",
        "instant" => "an instant",
        "date" => "a date",
        "duration" => "a duration",
        other => other,
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut letters = line.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
