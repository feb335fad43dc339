//! What is wrong with the syntax of a rule file, in words for the person who wrote it.

use super::engine::instead_of;
use rhai::{LexError, ParseErrorType as E};

/// The message for a mistake of syntax at a word, and what to do.
pub(super) fn syntax(error: &E, word: &str) -> (String, Option<String>) {
    let help = |text: &str| Some(text.to_owned());
    if let Some(instead) = instead_of(word) {
        return without(word, instead);
    }
    match error {
        E::BadInput(LexError::ImproperSymbol(sign, _)) if instead_of(sign).is_some() => {
            without(sign, instead_of(sign).unwrap_or_default())
        }
        E::BadInput(lex) => (lexical(lex), None),
        E::Reserved(word) => match instead_of(word) {
            Some(instead) => without(word, instead),
            None => (
                format!("`{word}` is a word of the script language"),
                help("choose another name"),
            ),
        },
        E::UnknownOperator(sign) => match instead_of(sign) {
            Some(instead) => without(sign, instead),
            None => (format!("`{sign}` is not an operator"), None),
        },
        E::UnexpectedEOF => (
            "the file ends in the middle of something".to_owned(),
            help("a `}` or a `)` is missing"),
        ),
        E::MissingToken(token, purpose) => (
            format!(
                "`{token}` is missing {}",
                purpose.replace("terminate", "end")
            ),
            None,
        ),
        E::VariableUndefined(name) => (format!("there is no variable `{name}`"), None),
        E::FnDuplicatedDefinition(name, _) => (
            format!("the function `{name}` is defined twice"),
            help("give one of them another name"),
        ),
        E::WrongFnDefinition => (
            "a function is defined inside another".to_owned(),
            help("put it beside the other one, with a name that begins with `_`"),
        ),
        E::WrongDocComment => (
            "a description (`///`) stands where no function follows".to_owned(),
            help("begin it with `//`"),
        ),
        E::ExprTooDeep => (
            "too many things stand inside each other".to_owned(),
            help("give the inner part a name with `let`, or move it into a function"),
        ),
        E::LiteralTooLarge(..) => (
            "a text, list or map is too large for a rule".to_owned(),
            None,
        ),
        E::AssignmentToConstant(name) => (format!("`{name}` is constant"), None),
        E::LoopBreak => ("`break` stands outside of a loop".to_owned(), None),
        other => (lower(&other.to_string()), None),
    }
}

fn without(word: &str, instead: &str) -> (String, Option<String>) {
    (
        format!("`{word}` does not exist for rules"),
        Some(instead.to_owned()),
    )
}

fn lexical(error: &LexError) -> String {
    match error {
        LexError::UnterminatedString => "a text is not closed".to_owned(),
        LexError::UnexpectedInput(what) => format!("`{what}` cannot stand here"),
        LexError::MalformedNumber(what) => format!("`{what}` is not a number"),
        LexError::MalformedEscapeSequence(what) => format!("`{what}` cannot stand in a text"),
        LexError::MalformedIdentifier(what) => format!("`{what}` is not a name"),
        LexError::ImproperSymbol(sign, _) if !sign.is_empty() => {
            format!("`{sign}` cannot stand here")
        }
        other => lower(&other.to_string()),
    }
}

/// The engine's own words, in the manner of ours: lower case, backticks.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    (first.unwrap_or_default() + letters.as_str()).replace('\'', "`")
}
