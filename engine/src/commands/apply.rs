//! `apply`: inputs in bulk, one JSON object a line. A bad line is told with its number and changes nothing; the others go in.

use super::{
    Context, Ending, Failure,
    args::ApplyArgs,
    case::{AN_ID, NO_ID, is_id},
    clock,
    context::who,
    finding::snoozed_until,
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
    accept::nearest,
    input::{Input, Raw, Refusal},
    name::Name,
    time::{Calendar, Duration, parse_instant, shift},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value as Json};
use std::{
    fmt,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

/// How many lines share a commit.
pub const LINES_A_COMMIT: usize = 1_000;

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// A line that has been read.
#[derive(Debug)]
pub enum Line {
    /// An input; `at` is still as it was written, since the calendar says in which zone it is read.
    Input(Box<Request>, Option<String>),
    /// A virtual clock moves on.
    Advance(Duration),
    /// Where the virtual clock of a demo begins.
    Clock(Timestamp),
    /// A finding is left out; until when is still as it was written, or not said at all.
    Snooze(Box<Request>, Option<String>),
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

/// The key that was probably meant.
fn nearest_of<'k>(written: &str, keys: &[&'k str]) -> Option<&'k str> {
    let names: Vec<Name> = keys.iter().map(|key| Name::from(*key)).collect();
    let near = nearest(written, &names)?;
    keys.iter().copied().find(|key| near == key)
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

/// A line as an object, in which no key comes twice: the second would silently win.
fn object(text: &str) -> Result<Map<String, Json>, Refusal> {
    const FORM: &str =
        r#"write one object a line, such as {"case":"p-1","event":"EVENT","by":"ROLE"}"#;
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(Json::Object(line))) => Ok(line),
        Ok(_) => refuse("this is not a JSON object", FORM),
        Err(error) if error.is_data() => {
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or(&why);
            refuse(why, "say it once")
        }
        Err(error) => refuse(
            format!("this is not JSON, from character {} on", error.column()),
            FORM,
        ),
    }
}

/// JSON in which no key of an object comes twice.
struct Strict(Json);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if values.contains_key(&key) {
                return Err(A::Error::custom(format_args!("`{key}` comes twice")));
            }
            let Strict(value) = map.next_value()?;
            values.insert(key, value);
        }
        Ok(Json::Object(values))
    }
}

impl Line {
    /// Reads a line.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let line = object(text)?;
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
            let kinds = KINDS.map(|(kind, _)| kind);
            let near = line.keys().find_map(|key| nearest_of(key, &kinds));
            return refuse(
                "the line does not say what is done",
                match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "it needs one of {}",
                        kinds.map(|kind| format!("`{kind}`")).join(", ")
                    ),
                },
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
            let message = format!("a line with `{kind}` has no `{unknown}`");
            if KINDS.iter().any(|(other, _)| other == unknown) {
                return refuse(message, "write one line for each thing that is done");
            }
            return match (nearest_of(unknown, others), others.is_empty()) {
                (Some(near), _) => refuse(message, format!("did you mean `{near}`?")),
                (None, true) => refuse(message, "it has nothing else"),
                (None, false) => refuse(message, format!("it may have {known}")),
            };
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
                if let Some(id) = request.case.as_ref().filter(|id| !is_id(id)) {
                    return refuse(format!("`{id}` cannot be an id: {NO_ID}"), AN_ID);
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
                if kind == "snooze" {
                    request.input = Input::Snooze {
                        finding,
                        until: Timestamp::UNIX_EPOCH,
                        because,
                    };
                    return Ok(Line::Snooze(Box::new(request), self.text("until")?));
                }
                Input::Acknowledge { finding, because }
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
                self.wait(number, request).await?;
            }
            Line::Advance(duration) => {
                self.flush().await?;
                self.advance(number, duration).await?;
            }
            Line::Snooze(request, until) => {
                // A week is counted from the instant that it is when this line is taken in.
                let now = self.engine.now().await?;
                match snoozed_until(until.as_deref(), self.calendar.zone(), now) {
                    Ok(at) => {
                        let mut request = *request;
                        set_time(&mut request.input, Some(at));
                        self.wait(number, request).await?;
                    }
                    Err(failure) => self.refuse(number, as_refusal(failure)),
                }
            }
            Line::Clock(_) => self.refuse(
                number,
                Refusal {
                    message: "the clock of a database is set when it is made".to_owned(),
                    help: Some("move a virtual one with {\"advance\":\"1 day\"}".to_owned()),
                },
            ),
        }
        Ok(())
    }

    async fn wait(&mut self, number: usize, request: Request) -> Result<(), Failure> {
        self.waiting.push((number, request));
        if self.waiting.len() >= LINES_A_COMMIT {
            self.flush().await?;
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
    let engine = context.engine_for_input().await?;
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
        if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            // What follows cannot be told apart from the rest of this line.
            skip_rest(&mut input)?;
            applier.refuse(
                number,
                Refusal {
                    message: "the line is longer than 1 MiB".to_owned(),
                    help: Some("end each input with a line break".to_owned()),
                },
            );
            continue;
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            applier.refuse(
                number,
                Refusal {
                    message: "the line is not UTF-8".to_owned(),
                    help: Some("save the file as UTF-8".to_owned()),
                },
            );
            continue;
        };
        // Some programs put a mark before a text to say that it is UTF-8.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        if text.is_empty() {
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
            "give a file of JSON lines, or - for standard input",
        )
    })?;
    if file.metadata().is_ok_and(|known| known.is_dir()) {
        return Err(Failure::environment(
            format!("`{}` is a folder", path.display()),
            "give a file of JSON lines, or - for standard input",
        ));
    }
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
