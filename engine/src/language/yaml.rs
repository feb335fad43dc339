//! Reads YAML into the tree. The only file that knows the YAML parser (the one beneath `serde-saphyr`).
//!
//! It never loses a text to a type, and it is bounded: size, depth and number of values; aliases, tags and several
//! documents in one file are not part of the language.

use super::{
    tree::{Content, Entry, Node, Scalar},
    yaml_errors,
};
use crate::diagnostic::{Diagnostic, Source, Span};
use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle};
use std::sync::Arc;

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// How deep values may lie inside each other.
const MAX_DEPTH: usize = 32;
/// How many values a file may have.
const MAX_NODES: usize = 20_000;

/// Reads a file. Without a tree there is at least one error.
pub fn parse(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Node> {
    if !readable(source, problems) {
        return None;
    }
    let mut builder = Builder {
        source,
        problems,
        frames: Vec::new(),
        root: None,
        nodes: 0,
    };
    let options = granit_parser::options! { disallow_directives: true };
    for event in Parser::new_from_str_with_options(&source.text, options) {
        let outcome = match event {
            Ok((event, span)) => builder.take(event, &builder.span(&span)),
            Err(error) => {
                let problem = yaml_errors::worded(source, &error);
                builder.problems.push(problem);
                return None;
            }
        };
        if let Err(problem) = outcome {
            builder.problems.push(*problem);
            return None;
        }
    }
    let root = builder.root;
    if root.is_none() {
        let start = Span::new(source, 0, 0);
        problems.push(
            Diagnostic::error("empty-file", &start, "this file is empty")
                .help("a process file begins with `process:`, a calendar file with `calendar:`"),
        );
    }
    root
}

/// Refuses what no parser should be given.
fn readable(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> bool {
    if source.text.len() > MAX_BYTES {
        let start = Span::new(source, 0, 0);
        problems.push(
            Diagnostic::error("too-large", &start, "this file is larger than 256 KB")
                .help("one process a file; long texts belong into a document, not into a process"),
        );
        return false;
    }
    if let Some(at) = source.text.find('\u{FFFD}') {
        let span = Span::new(source, at, at + '\u{FFFD}'.len_utf8());
        problems.push(
            Diagnostic::error("not-utf8", &span, "this character cannot be read")
                .label("not UTF-8")
                .help("save the file as UTF-8 in your editor"),
        );
        return false;
    }
    true
}

/// A map or list that is still open.
enum Frame {
    Map {
        span: Span,
        entries: Vec<Entry>,
        key: Option<(String, Span)>,
    },
    List {
        span: Span,
        items: Vec<Node>,
    },
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Vec<Diagnostic>,
    frames: Vec<Frame>,
    root: Option<Node>,
    nodes: usize,
}

/// Reading ends at this problem.
type Fatal = Box<Diagnostic>;

impl Builder<'_> {
    fn span(&self, span: &granit_parser::Span) -> Span {
        let last = self.source.text.len();
        let range = span.byte_range().unwrap_or(last..last);
        let start = range.start.min(last);
        Span::new(self.source, start, range.end.clamp(start, last))
    }

    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Fatal> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                refuse_extras(anchor, tag.is_some(), span)?;
                self.scalar(&text, style, span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                refuse_extras(anchor, tag.is_some(), span)?;
                self.open(span, false)
            }
            Event::MappingStart(_, anchor, tag) => {
                refuse_extras(anchor, tag.is_some(), span)?;
                self.open(span, true)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err(Box::new(no_aliases(span))),
            Event::DocumentStart(..) if self.root.is_some() => Err(Box::new(
                Diagnostic::error(
                    "two-documents",
                    span,
                    "this file holds a second document after `---`",
                )
                .help("put each process into a file of its own"),
            )),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: &Span) -> Result<(), Fatal> {
        let plain = style == ScalarStyle::Plain;
        if let Some(Frame::Map { key, .. }) = self.frames.last_mut()
            && key.is_none()
        {
            *key = Some((text.to_owned(), span.clone()));
            return Ok(());
        }
        let content = if plain && matches!(text, "" | "~") {
            Content::Empty
        } else {
            Content::Scalar(Scalar {
                text: text.to_owned(),
                quoted: !plain,
            })
        };
        self.add(Node {
            span: span.clone(),
            content,
        })
    }

    fn open(&mut self, span: &Span, map: bool) -> Result<(), Fatal> {
        if let Some(Frame::Map { key: None, .. }) = self.frames.last() {
            return Err(Box::new(
                Diagnostic::error("bad-key", span, "a key must be a single name")
                    .help("put quotes around a text that begins with `{` or `[`"),
            ));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(Box::new(
                Diagnostic::error(
                    "too-deep",
                    span,
                    format!("values lie more than {MAX_DEPTH} deep inside each other"),
                )
                .help("is a bracket too many here?"),
            ));
        }
        let span = span.clone();
        self.frames.push(if map {
            Frame::Map {
                span,
                entries: Vec::new(),
                key: None,
            }
        } else {
            Frame::List {
                span,
                items: Vec::new(),
            }
        });
        Ok(())
    }

    fn close(&mut self, end: &Span) -> Result<(), Fatal> {
        let node = match self.frames.pop() {
            Some(Frame::Map { span, entries, .. }) => Node {
                span: whole(&span, end, entries.first().map(|first| &first.key_span)),
                content: Content::Map(entries),
            },
            Some(Frame::List { span, items }) => Node {
                span: whole(&span, end, items.first().map(|first| &first.span)),
                content: Content::List(items),
            },
            None => return Ok(()),
        };
        self.add(node)
    }

    fn add(&mut self, mut node: Node) -> Result<(), Fatal> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Box::new(Diagnostic::error(
                "too-many-values",
                &node.span,
                format!("this file has more than {MAX_NODES} values"),
            )));
        }
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, .. }) => {
                let Some((key, key_span)) = key.take() else {
                    return Ok(());
                };
                if node.content == Content::Empty {
                    node.span = key_span.clone();
                }
                if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                    self.problems.push(twice(&key, &key_span, &first.key_span));
                } else {
                    entries.push(Entry {
                        key,
                        key_span,
                        value: node,
                    });
                }
            }
        }
        Ok(())
    }
}

/// A collection in brackets is marked as a whole; one without is marked at its first element.
fn whole(start: &Span, end: &Span, first: Option<&Span>) -> Span {
    let text = &start.source.text;
    let bracket = matches!(text.as_bytes().get(start.start), Some(b'{' | b'['));
    match first {
        Some(first) if !bracket => first.clone(),
        _ => Span::new(&start.source, start.start, end.end.max(start.start)),
    }
}

fn twice(key: &str, second: &Span, first: &Span) -> Diagnostic {
    Diagnostic::error(
        "duplicate-key",
        second,
        format!("`{key}` stands here a second time"),
    )
    .also(first, "first here")
    .help("keep one of the two, or give one another name")
}

fn refuse_extras(anchor: usize, tag: bool, span: &Span) -> Result<(), Fatal> {
    if anchor != 0 {
        return Err(Box::new(no_aliases(&back_to('&', span))));
    }
    if tag {
        return Err(Box::new(
            Diagnostic::error(
                "no-tags",
                &back_to('!', span),
                "a YAML tag (`!…`) has no meaning here",
            )
            .help("put quotes around a text that begins with `!`"),
        ));
    }
    Ok(())
}

/// From a sign before a value up to the value.
fn back_to(sign: char, span: &Span) -> Span {
    let before = span.source.text.get(..span.start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    match before.rfind(sign).filter(|at| *at >= line) {
        Some(at) => Span::new(
            &span.source,
            at,
            line + before.get(line..).unwrap_or_default().trim_end().len(),
        ),
        None => span.clone(),
    }
}

fn no_aliases(span: &Span) -> Diagnostic {
    Diagnostic::error(
        "no-aliases",
        span,
        "YAML anchors (`&…`) and aliases (`*…`) have no meaning here",
    )
    .help("write the value out, or make it a setting; put quotes around a text that begins with `&` or `*`")
}
