//! Why a case is not in a stage: each way there from where it is, as a tree of what holds and what is missing.

use super::{
    explain_one::near,
    page::Page,
    quote::{self, Place},
    reader::{Reader, Subject},
    rich::{Rich, Style},
};
use forloeb_core::{
    case::CaseId,
    condition::Test,
    input::Refusal,
    name::Name,
    plan::{Exit, Target},
    trace::Trace,
};
use serde::Serialize;

/// An exit to the stage or outcome that is asked about, from where the case is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way<'a> {
    /// The track on which it leads there.
    pub track: &'a Name,
    /// The exit.
    pub exit: &'a Exit,
}

/// Why a case is not in a stage.
#[derive(Clone, Debug, Serialize)]
pub struct WhyNot {
    /// The case.
    pub case: CaseId,
    /// What is asked about: a stage or an outcome.
    pub target: Name,
    /// What is explained, in the reader's language.
    pub heading: String,
    /// That the case is there already, or that nothing leads there from where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The instant of which it tells, in the reader's language, where that is not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The ways there from where the case is; one that holds is taken at the next step.
    pub ways: Vec<WayPage>,
}

/// A way there.
#[derive(Clone, Debug, Serialize)]
pub struct WayPage {
    /// The track.
    pub track: Name,
    /// `file:line:column` of the exit.
    pub ground: String,
    /// What must hold.
    pub condition: Node,
    #[serde(skip)]
    place: Place,
}

/// A condition in words.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// Whether it holds.
    pub holds: bool,
    /// What it asks, in the reader's language.
    pub asks: String,
    /// What was found, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// `file:line:column` of the condition.
    pub ground: String,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Node>,
}

/// The exits that lead from where the case is to a stage or outcome. Each one's condition is then traced for [`why_not`].
///
/// # Errors
/// When the process has no stage or outcome of this name.
pub fn ways<'a>(
    reader: &Reader<'_>,
    subject: Subject<'a>,
    target: &str,
) -> Result<Vec<Way<'a>>, Refusal> {
    let plan = subject.plan;
    let stages = plan.tracks.values().flat_map(|track| track.stages.keys());
    let targets = stages.chain(plan.outcomes.keys()).map(Name::as_str);
    if !targets.clone().any(|known| known == target) {
        let help = Some(near(reader, target, targets));
        return Err(Refusal {
            message: reader.tongue().unknown_stage(target),
            help,
        });
    }
    let leads = |exit: &Exit| matches!(&exit.target, Target::Stage(name) | Target::Outcome(name) if name == target);
    let mut ways = Vec::new();
    for (track, known) in &plan.tracks {
        let Some(stage) = subject
            .case
            .tracks
            .get(track)
            .and_then(|place| known.stages.get(&place.stage))
        else {
            continue;
        };
        // An exit of any stage leads to a stage of the track that has it, and to an outcome only once.
        let any = plan.any_stage.iter().filter(|exit| match &exit.target {
            Target::Stage(name) => known.stages.contains_key(name),
            Target::Outcome(_) => plan.tracks.keys().next() == Some(track),
        });
        ways.extend(
            any.chain(&stage.leave)
                .filter(|exit| leads(exit))
                .map(|exit| Way { track, exit }),
        );
    }
    Ok(ways)
}

/// Why the case is not in a stage, given its ways there and the trace of each one's condition.
#[must_use]
pub fn why_not(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    target: &Name,
    ways: &[(Way<'_>, Trace)],
) -> WhyNot {
    let case = subject.case;
    let tongue = reader.tongue();
    let title = tongue.quoted(&title(reader, subject, target));
    let there = case.tracks.values().any(|place| &place.stage == target)
        || case
            .ended
            .as_ref()
            .is_some_and(|ended| &ended.outcome == target);
    let note = if there {
        Some(tongue.already_there(&title))
    } else if ways.is_empty() {
        let stages: Vec<String> = case
            .tracks
            .iter()
            .map(|(track, place)| tongue.quoted(&reader.stage(subject.plan, track, &place.stage)))
            .collect();
        Some(tongue.no_way(&title, &reader.list(&stages)))
    } else {
        None
    };
    WhyNot {
        case: case.id.clone(),
        target: target.clone(),
        heading: tongue.why_not(&title, &reader.case_with_id(&case.id)),
        note,
        as_of: None,
        ways: ways
            .iter()
            .map(|(way, trace)| WayPage {
                track: way.track.clone(),
                ground: way.exit.ground.to_string(),
                condition: node(reader, subject, trace),
                place: Place {
                    plan: subject.plan.id.clone(),
                    ground: way.exit.ground.clone(),
                },
            })
            .collect(),
    }
}

fn title(reader: &Reader<'_>, subject: Subject<'_>, target: &Name) -> String {
    let plan = subject.plan;
    if plan.outcomes.contains_key(target) {
        return reader.outcome(plan, target);
    }
    let track = plan
        .tracks
        .iter()
        .find(|(_, track)| track.stages.contains_key(target));
    track.map_or_else(
        || target.to_string(),
        |(track, _)| reader.stage(plan, track, target),
    )
}

fn node(reader: &Reader<'_>, subject: Subject<'_>, trace: &Trace) -> Node {
    let mut told = Node {
        holds: trace.holds,
        asks: reader.asked(subject, trace),
        found: reader.found(subject, trace),
        ground: trace.ground.to_string(),
        parts: Vec::new(),
    };
    let mut parts: Vec<Node> = trace
        .children
        .iter()
        .map(|part| node(reader, subject, part))
        .collect();
    // "not" and what must not be are one line.
    if matches!(trace.test, Test::Not(_))
        && let Some(part) = parts.pop()
    {
        told.asks = format!("{}: {}", told.asks, part.asks);
        told.found = part.found;
        parts = part.parts;
    }
    told.parts = parts;
    told
}

impl WhyNot {
    /// The answer on a page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        page.line(0, &Rich::new(Style::Bold, &self.heading));
        page.rule();
        for note in self.as_of.iter().chain(&self.note) {
            page.line(2, &Rich::plain(note));
        }
        for (place, way) in self.ways.iter().enumerate() {
            if place > 0 {
                page.blank();
            }
            quote::print(reader, &mut page, 2, &way.place);
            way.condition.print(&mut page, "", "");
        }
        page.finish()
    }
}

impl Node {
    /// Prints it and its parts as a tree: `front` leads its own line, `under` the lines of its parts.
    fn print(&self, page: &mut Page, front: &str, under: &str) {
        let (mark, style) = if self.holds {
            ("✓ ", Style::Green)
        } else {
            ("✗ ", Style::Red)
        };
        let mut text = Rich::plain(&self.asks);
        if let Some(found) = &self.found {
            text = text
                .and(Style::Dim, " — ")
                .and(if self.holds { Style::Dim } else { Style::Plain }, found);
        }
        let stem = if self.parts.is_empty() { "  " } else { "│ " };
        page.branching(
            &Rich::new(Style::Dim, &format!("  {front}")).and(style, mark),
            &Rich::new(Style::Dim, &format!("  {under}{stem}")),
            &text,
        );
        for (place, part) in self.parts.iter().enumerate() {
            let last = place + 1 == self.parts.len();
            let (branch, stem) = if last {
                ("└ ", "  ")
            } else {
                ("├ ", "│ ")
            };
            part.print(page, &format!("{under}{branch}"), &format!("{under}{stem}"));
        }
    }
}
