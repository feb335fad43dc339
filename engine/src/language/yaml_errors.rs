//! Words the YAML parser's errors for people who do not know its grammar.

use crate::diagnostic::{Diagnostic, Source, Span};
use serde_saphyr::granit_parser::{ErrorKind, ScanError};
use std::sync::Arc;

/// The error as a diagnostic at its place.
pub fn worded(source: &Arc<Source>, error: &ScanError) -> Diagnostic {
    let text = &source.text;
    let at = error.marker().byte_offset().unwrap_or(text.len());
    let start = text.floor_char_boundary(at.min(text.len()));
    let end = text
        .get(start..)
        .and_then(|rest| rest.chars().next())
        .filter(|next| !matches!(next, '\n' | '\r'))
        .map_or(start, |next| start + next.len_utf8());
    let span = Span::new(source, start, end);
    let (message, help) = words(error.kind());
    Diagnostic::error("bad-yaml", &span, message).maybe_help(help.map(str::to_owned))
}

fn words(kind: &ErrorKind) -> (String, Option<&'static str>) {
    use ErrorKind as Kind;
    let said = |message: &str, help| (message.to_owned(), help);
    match kind {
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart
        | Kind::TabInPlainScalar => said(
            "a tab stands where only spaces may",
            Some("indent with spaces, two for each level"),
        ),
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => said(
            "a quote is opened here and never closed",
            Some("add the closing quote; inside `'…'` write an apostrophe twice"),
        ),
        Kind::UnclosedFlowCollection { open } => (
            format!("`{open}` is opened here and never closed"),
            Some("add the closing bracket"),
        ),
        Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping => said(
            "the file ends inside a bracket",
            Some("add the closing `}` or `]`"),
        ),
        Kind::MismatchedFlowCollectionEnd { open, close } => (
            format!("`{open}` is closed by `{close}`"),
            Some("`{` is closed by `}`, `[` by `]`"),
        ),
        Kind::MisplacedFlowCollectionEnd => said(
            "this bracket closes nothing",
            Some("remove it, or open one before it"),
        ),
        Kind::ExpectedFlowMappingSeparator | Kind::ExpectedFlowSequenceSeparator => said(
            "a comma or a closing bracket is missing before this",
            Some(
                "inside `{…}` and `[…]` separate with commas; quote a text that holds `,`, `:` or a bracket",
            ),
        ),
        Kind::InvalidIndentation
        | Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::InvalidFlowScalarIndent
        | Kind::InvalidQuotedScalarIndent => said(
            "this line does not fit to the lines above it",
            Some("keys of one level begin in the same column, and so do the `-` of one list"),
        ),
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement | Kind::MappingKeyNotAllowed => {
            said(
                "a `:` stands where none is expected",
                Some(
                    "put quotes around a text that holds `: `, and begin each key on a line of its own",
                ),
            )
        }
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => said(
            "this line is no key with a value",
            Some("write `key: value`, with a space after the `:`"),
        ),
        Kind::InvalidMappingValueWhitespace | Kind::FlowMappingValueAdjacentCollection => {
            said("a space is missing after `:`", Some("write `key: value`"))
        }
        Kind::InvalidBlockEntryWhitespace => {
            said("a space is missing after `-`", Some("write `- value`"))
        }
        Kind::UnknownAnchor => said(
            "a text cannot begin with `*` here",
            Some("put quotes around it"),
        ),
        Kind::MissingAnchorOrAliasName | Kind::UnexpectedCharacter { .. } => said(
            "a text cannot begin with this character",
            Some("put quotes around it"),
        ),
        Kind::UnknownQuotedScalarEscape => said(
            "this `\\` sequence does not exist",
            Some("use single quotes, in which `\\` is an ordinary character"),
        ),
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => said(
            "text follows after the closing quote",
            Some("put the whole text inside the quotes"),
        ),
        Kind::CommentNotSeparated => said(
            "a space is missing before `#`",
            Some("a comment begins with ` #`"),
        ),
        Kind::RecursionLimitExceeded => said(
            "values lie too deep inside each other",
            Some("is a bracket too many here?"),
        ),
        Kind::DirectiveDisallowed => said(
            "a line cannot begin with `%`",
            Some("put quotes around the text"),
        ),
        Kind::BomInsideDocument => said(
            "an invisible character (a byte order mark) stands here",
            Some("delete it; some editors add it when files are joined"),
        ),
        other => (format!("this is not YAML: {other}"), None),
    }
}
