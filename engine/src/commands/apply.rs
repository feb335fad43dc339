//! `apply`: inputs in bulk, one JSON object a line. A bad line is told with its number and changes nothing; the others go in.

use super::{
    Context, Ending, Failure,
    args::ApplyArgs,
    case::is_id,
    clock,
    context::who,
    lookup::{Lookup, Names},
    report,
    task::handle,
};
use crate::{
    store::{Clock, Store},
    turn::{Engine, Request, Who, Why},
    words::{Applied, RefusedLine},
};
use forloeb_core::{
    input::{Input, Raw, Refusal},
    name::Name,
    time::{Calendar, Duration, parse_instant, shift},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

/// How many lines share a commit.
const LINES_A_COMMIT: usize = 1_000;

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// A line that has been read.
#[derive(Debug)]
pub enum Line {
    /// An input; `at` is still as it was written, since the calendar says in which zone it is read.
    Input(Box<Request>, Option<String>),
    /// A virtual clock moves on.
    Advance(Duration),
    /// Where a virtual clock begins. Only the first line of a demo says so.
    Clock(Timestamp),
}

/// The kinds of lines: the key by which each is known, and the other keys that it may have.
const KINDS: [(&str, &[&str]); 10] = [
    ("start", &["id", "set", "by", "key"]),
    ("event", &["case", "with", "by", "for", "at", "key"]),
    ("task", &["by", "for", "set", "key"]),
    ("link", &["case", "to", "by", "key"]),
    ("unlink", &["case", "to", "by", "key"]),
    ("hold", &["because", "until", "by", "key"]),
    ("resume", &["by", "key"]),
    ("ack", &["because", "by", "key"]),
    ("snooze", &["because", "until", "by", "key"]),
    ("advance", &[]),
];

fn refuse<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        message: message.into(),
        help: Some(help.into()),
    })
}

/// What a mistake in a command is, in a line.
fn as_refusal(failure: Failure) -> Refusal {
    match failure {
        Failure::Usage { message, help } => Refusal {
            message,
            help: Some(help),
        },
        Failure::Refused(refusal) => refusal,
        other => Refusal {
            message: other.to_string(),
            help: None,
        },
    }
}

impl Line {
    /// Reads a line.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let line: Map<String, Json> = match serde_json::from_str(text) {
            Ok(line) => line,
            Err(error) => {
                return refuse(
                    format!("this is not a JSON object: {error}"),
                    r#"write one object a line, such as {"case":"p-1","event":"EVENT","by":"ROLE"}"#,
                );
            }
        };
        if let (1, Some(clock)) = (line.len(), line.get("clock")) {
            let start = clock.as_str().and_then(|text| text.parse().ok());
            return match start {
                Some(start) => Ok(Self::Clock(start)),
                None => refuse(
                    "`clock` is not an instant",
                    "write it as 2026-08-03T06:00:00Z",
                ),
            };
        }
        let Some((kind, others)) = KINDS.iter().find(|(kind, _)| line.contains_key(*kind)) else {
            let kinds = KINDS.map(|(kind, _)| format!("`{kind}`")).join(", ");
            return refuse(
                "the line does not say what is done",
                format!("it needs one of {kinds}"),
            );
        };
        if let Some(unknown) = line
            .keys()
            .find(|key| key != kind && !others.contains(&key.as_str()))
        {
            let known = others
                .iter()
                .map(|key| format!("`{key}`"))
                .collect::<Vec<_>>()
                .join(", ");
            return refuse(
                format!("a line with `{kind}` has no `{unknown}`"),
                format!("it may have {known}"),
            );
        }
        Keys(&line).line(kind)
    }
}

/// The keys of a line.
struct Keys<'l>(&'l Map<String, Json>);

impl Keys<'_> {
    fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        match self.0.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
            Some(_) => refuse(
                format!("`{key}` is not a text"),
                format!("write it in quotes: \"{key}\":\"…\""),
            ),
        }
    }

    fn need(&self, key: &str) -> Result<String, Refusal> {
        match self.text(key)? {
            Some(text) => Ok(text),
            None => refuse(
                format!("`{key}` is missing"),
                format!("add \"{key}\":\"…\""),
            ),
        }
    }

    fn map(&self, key: &str) -> Result<Raw, Refusal> {
        match self.0.get(key) {
            None | Some(Json::Null) => Ok(Raw::new()),
            Some(Json::Object(map)) => Ok(map
                .iter()
                .map(|(name, value)| (Name::from(name.as_str()), value.clone()))
                .collect()),
            Some(_) => refuse(
                format!("`{key}` is not an object"),
                format!("write \"{key}\":{{\"name\":\"value\"}}"),
            ),
        }
    }

    fn who(&self, key: &str) -> Result<Option<Who>, Refusal> {
        self.text(key)?
            .as_deref()
            .map(who)
            .transpose()
            .map_err(as_refusal)
    }

    fn line(&self, kind: &str) -> Result<Line, Refusal> {
        let mut request = Request {
            case: None,
            process: None,
            input: Input::Resume,
            by: self.who("by")?,
            on_behalf_of: self.who("for")?,
            key: self.text("key")?,
        };
        let mut at = None;
        let case = |text: String| Some(Name::from(text));
        request.input = match kind {
            "start" => {
                request.process = Some(Name::from(self.need("start")?));
                request.case = self.text("id")?.and_then(case);
                if request.case.as_ref().is_some_and(|id| !is_id(id)) {
                    return refuse(
                        "an id has no spaces and no slash",
                        "write letters, digits and hyphens, such as `p-01`",
                    );
                }
                Input::Start {
                    facts: self.map("set")?,
                }
            }
            "event" => {
                request.case = case(self.need("case")?);
                at = self.text("at")?;
                let event = Name::from(self.need("event")?);
                Input::Report {
                    event,
                    with: self.map("with")?,
                    happened: None,
                    from: None,
                }
            }
            "task" => {
                let (of, task) = handle(&self.need("task")?).map_err(as_refusal)?;
                request.case = Some(of);
                Input::Finish {
                    task,
                    set: self.map("set")?,
                }
            }
            "link" | "unlink" => {
                request.case = case(self.need("case")?);
                let (link, to) = (Name::from(self.need(kind)?), Name::from(self.need("to")?));
                match kind {
                    "link" => Input::Link {
                        link,
                        to,
                        from: None,
                    },
                    _ => Input::Unlink {
                        link,
                        to,
                        from: None,
                    },
                }
            }
            "hold" => {
                request.case = case(self.need("hold")?);
                at = self.text("until")?;
                Input::Hold {
                    until: None,
                    because: self.need("because")?,
                }
            }
            "resume" => {
                request.case = case(self.need("resume")?);
                Input::Resume
            }
            "ack" | "snooze" => {
                let (of, finding) = handle(&self.need(kind)?).map_err(as_refusal)?;
                request.case = Some(of);
                let because = self.need("because")?;
                match kind {
                    "ack" => Input::Acknowledge { finding, because },
                    _ => {
                        at = Some(self.need("until")?);
                        Input::Snooze {
                            finding,
                            until: Timestamp::UNIX_EPOCH,
                            because,
                        }
                    }
                }
            }
            _ => {
                let duration = Duration::parse(&self.need("advance")?);
                return duration.map(Line::Advance).map_err(|misread| Refusal {
                    message: misread.message,
                    help: Some(misread.help),
                });
            }
        };
        Ok(Line::Input(Box::new(request), at))
    }
}

/// Takes lines in, many to a commit.
pub struct Applier<'e, S: Store> {
    engine: &'e Engine<S>,
    calendar: Calendar,
    waiting: Vec<(usize, Request)>,
    applied: Applied,
}

impl<'e, S: Store> Applier<'e, S> {
    pub async fn new(engine: &'e Engine<S>) -> Result<Self, Failure> {
        let calendar = clock::calendar(engine).await?;
        Ok(Self {
            engine,
            calendar,
            waiting: Vec::new(),
            applied: Applied::default(),
        })
    }

    /// Takes a line in; what is wrong with it is kept for the end.
    pub async fn take(&mut self, number: usize, line: Line) -> Result<(), Failure> {
        match line {
            Line::Input(request, at) => {
                let mut request = *request;
                match at
                    .map(|text| parse_instant(&text, self.calendar.zone()))
                    .transpose()
                {
                    Ok(at) => set_time(&mut request.input, at),
                    Err(misread) => {
                        self.refuse(
                            number,
                            Refusal {
                                message: misread.message,
                                help: Some(misread.help),
                            },
                        );
                        return Ok(());
                    }
                }
                self.waiting.push((number, request));
                if self.waiting.len() >= LINES_A_COMMIT {
                    self.flush().await?;
                }
            }
            Line::Advance(duration) => {
                self.flush().await?;
                self.advance(number, duration).await?;
            }
            Line::Clock(_) if number == 1 => {}
            Line::Clock(_) => self.refuse(
                number,
                Refusal {
                    message: "`clock` says where a demo begins".to_owned(),
                    help: Some("move the clock with {\"advance\":\"1 day\"}".to_owned()),
                },
            ),
        }
        Ok(())
    }

    async fn advance(&mut self, number: usize, duration: Duration) -> Result<(), Failure> {
        let Clock::Virtual(now) = self.engine.store().clock().await? else {
            self.refuse(
                number,
                Refusal {
                    message:
                        "the clock of this database is real, and only a virtual one can be moved"
                            .to_owned(),
                    help: Some("leave `advance` out".to_owned()),
                },
            );
            return Ok(());
        };
        match shift(&self.calendar, now, duration) {
            Ok(to) => {
                clock::advance(self.engine, now, to).await?;
                self.applied.accepted += 1;
            }
            Err(error) => self.refuse(
                number,
                Refusal {
                    message: error.to_string(),
                    help: None,
                },
            ),
        }
        Ok(())
    }

    pub fn refuse(&mut self, line: usize, refusal: Refusal) {
        self.applied.refused.push(RefusedLine {
            line,
            message: refusal.message,
            help: refusal.help,
        });
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let (numbers, requests): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().unzip();
        for (number, answer) in numbers.into_iter().zip(self.engine.submit(requests).await?) {
            match answer {
                Ok(accepted) if accepted.why == Why::New => self.applied.accepted += 1,
                Ok(_) => self.applied.again += 1,
                Err(refusal) => self.refuse(number, refusal),
            }
        }
        Ok(())
    }

    /// Takes in what waits, and tells what was done.
    pub async fn finish(mut self) -> Result<Applied, Failure> {
        self.flush().await?;
        self.applied.refused.sort_by_key(|refused| refused.line);
        Ok(self.applied)
    }
}

fn set_time(input: &mut Input, at: Option<Timestamp>) {
    match input {
        Input::Report { happened, .. } => *happened = at,
        Input::Hold { until, .. } => *until = at,
        Input::Snooze { until, .. } => *until = at.unwrap_or(*until),
        _ => {}
    }
}

pub async fn run(context: &Context, args: ApplyArgs) -> Result<Ending, Failure> {
    let engine = context.engine_in_force().await?;
    let mut applier = Applier::new(&engine).await?;
    let (mut input, bar) = open(&args.file)?;
    let mut number = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let read = input
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        bar.inc(read as u64);
        if read as u64 == LONGEST_LINE {
            // What follows cannot be told apart from the rest of this line.
            skip_rest(&mut input)?;
            applier.refuse(
                number,
                Refusal {
                    message: "the line is longer than 1 MiB".to_owned(),
                    help: None,
                },
            );
            continue;
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            applier.refuse(
                number,
                Refusal {
                    message: "the line is not UTF-8".to_owned(),
                    help: None,
                },
            );
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        match Line::read(text) {
            Ok(line) => applier.take(number, line).await?,
            Err(refusal) => applier.refuse(number, refusal),
        }
    }
    let applied = applier.finish().await?;
    bar.finish_and_clear();
    let lookup = Lookup::over(context, engine).await?;
    let names = Names::default();
    let reader = report::reader_of_any(&lookup, &names, None).await?;
    context.print_either(&applied, || applied.print(&reader))?;
    Ok(if applied.refused.is_empty() {
        Ending::Fine
    } else {
        Ending::Found
    })
}

fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, ProgressBar), Failure> {
    if path == Path::new("-") {
        return Ok((
            Box::new(BufReader::new(std::io::stdin())),
            ProgressBar::hidden(),
        ));
    }
    let file = File::open(path).map_err(|error| {
        Failure::environment(
            format!("`{}` cannot be read: {error}", path.display()),
            "give a file of JSON lines, or -",
        )
    })?;
    let bar = ProgressBar::new(file.metadata().map_or(0, |known| known.len()));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {eta}") {
        bar.set_style(style);
    }
    Ok((Box::new(BufReader::new(file)), bar))
}

fn skip_rest(input: &mut dyn BufRead) -> Result<(), Failure> {
    loop {
        let (found, used) = {
            let buffer = input.fill_buf()?;
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(place) => (true, place + 1),
                None => (buffer.is_empty(), buffer.len()),
            }
        };
        input.consume(used);
        if found {
            return Ok(());
        }
    }
}
