//! `apply`: inputs in bulk, one JSON object a line. A bad line is told with its number and changes nothing; the others go in.

use super::{
    Context, Ending, Failure,
    args::ApplyArgs,
    clock,
    finding::snoozed_until,
    lines::{Line, as_refusal},
    lookup::{Lookup, Names},
    report,
};
use crate::{
    store::{Clock, Store},
    turn::{Engine, Request, Tenants, Why},
    words::{Applied, RefusedLine},
};
use forloeb_core::{
    input::{Input, Refusal},
    time::{self, Calendar, parse_instant, shift},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    time::{Duration, Instant},
};
use tokio::sync::mpsc;

/// How many lines share a commit.
pub const LINES_A_COMMIT: usize = 2_000;

/// How many lines are handed over at a time by the thread that reads.
const LINES_AT_ONCE: usize = 250;

/// After so long the database is left to others for a moment. Whoever waits to write looks every 100 ms whether it may, and between two
/// transactions that follow at once it would hardly ever find a gap.
const LEAVE_EVERY: Duration = Duration::from_secs(10);

/// For so long.
const LEAVE_FOR: Duration = Duration::from_millis(120);

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// As much as a pipe holds.
const READ_AT_ONCE: usize = 1 << 16;

/// Takes lines in, many to a commit.
pub struct Applier<'e, S: Store> {
    engine: &'e Engine<S>,
    /// This tenant and all others, once a virtual clock has been moved.
    tenants: Option<Tenants<S>>,
    calendar: Calendar,
    waiting: Vec<(usize, Request)>,
    applied: Applied,
    /// When the database was last left to others.
    left: Instant,
}

impl<'e, S: Store> Applier<'e, S> {
    pub async fn new(engine: &'e Engine<S>) -> Result<Self, Failure> {
        let calendar = clock::calendar(engine).await?;
        Ok(Self {
            engine,
            tenants: None,
            calendar,
            waiting: Vec::new(),
            applied: Applied::default(),
            left: Instant::now(),
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
        if self.waiting.len() >= self.engine.fits().min(LINES_A_COMMIT) {
            self.flush().await?;
        }
        Ok(())
    }

    async fn advance(&mut self, number: usize, duration: time::Duration) -> Result<(), Failure> {
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
                let tenants = match self.tenants.take() {
                    Some(known) => known,
                    None => Tenants::around(self.engine).await?,
                };
                clock::advance(&tenants, now, to).await?;
                self.tenants = Some(tenants);
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

    /// Takes in what waits.
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
        if self.left.elapsed() >= LEAVE_EVERY {
            tokio::time::sleep(LEAVE_FOR).await;
            self.left = Instant::now();
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
    let (input, bar) = open(&args.file)?;
    let mut read = read_ahead(input);
    while let Some(some) = read.recv().await {
        let SomeLines {
            lines,
            bytes,
            pause,
        } = some?;
        for (number, line) in lines {
            match line {
                Ok(line) => applier.take(number, line).await?,
                Err(refusal) => applier.refuse(number, refusal),
            }
        }
        if pause {
            applier.flush().await?;
        }
        bar.inc(bytes);
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

/// Where lines come from.
enum Source {
    File(BufReader<File>),
    /// Somebody may be typing: what has come is taken in before more is waited for.
    Stdin(BufReader<io::Stdin>),
}

impl Source {
    fn buffered(&mut self) -> &mut (dyn BufRead + Send) {
        match self {
            Self::File(file) => file,
            Self::Stdin(stdin) => stdin,
        }
    }

    /// Whether more may have to be waited for.
    fn may_wait(&self) -> bool {
        matches!(self, Self::Stdin(stdin) if !stdin.buffer().contains(&b'\n'))
    }
}

/// Some lines that have been read, each with its number.
#[derive(Default)]
struct SomeLines {
    lines: Vec<(usize, Result<Line, Refusal>)>,
    bytes: u64,
    /// More may have to be waited for.
    pause: bool,
}

/// Reads lines on a thread of its own, a little ahead of those that are taken in.
fn read_ahead(mut source: Source) -> mpsc::Receiver<io::Result<SomeLines>> {
    let (sender, receiver) = mpsc::channel(4);
    // Not a task: what waits for standard input must not keep the program from ending.
    std::thread::spawn(move || {
        let mut number = 0;
        loop {
            let read = read_some(&mut source, &mut number);
            let over = !matches!(&read, Ok(Some(_)));
            // Without a receiver, there is nobody to read for.
            if read
                .transpose()
                .is_some_and(|some| sender.blocking_send(some).is_err())
                || over
            {
                return;
            }
        }
    });
    receiver
}

/// Reads some lines; none at the end.
fn read_some(source: &mut Source, number: &mut usize) -> io::Result<Option<SomeLines>> {
    let mut some = SomeLines::default();
    let mut line = Vec::new();
    while some.lines.len() < LINES_AT_ONCE && !some.pause {
        line.clear();
        let read = source
            .buffered()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok((some.bytes > 0).then_some(some));
        }
        *number += 1;
        some.bytes += read as u64;
        if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            // What follows cannot be told apart from the rest of this line.
            some.bytes += skip_rest(source.buffered())?;
        }
        if let Some(read) = read_line(&line) {
            some.lines.push((*number, read));
        }
        some.pause = source.may_wait();
    }
    Ok(Some(some))
}

/// Reads a line; none when there is nothing on it.
fn read_line(line: &[u8]) -> Option<Result<Line, Refusal>> {
    let refuse = |message: &str, help: &str| {
        Some(Err(Refusal {
            message: message.to_owned(),
            help: Some(help.to_owned()),
        }))
    };
    if line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
        return refuse(
            "the line is longer than 1 MiB",
            "end each input with a line break",
        );
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return refuse("the line is not UTF-8", "save the file as UTF-8");
    };
    // Some programs put a mark before a text to say that it is UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    (!text.is_empty()).then(|| Line::read(text))
}

fn open(path: &Path) -> Result<(Source, ProgressBar), Failure> {
    if path == Path::new("-") {
        let stdin = BufReader::with_capacity(READ_AT_ONCE, io::stdin());
        return Ok((Source::Stdin(stdin), ProgressBar::hidden()));
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
    let file = BufReader::with_capacity(READ_AT_ONCE, file);
    Ok((Source::File(file), bar))
}

/// Skips to the end of a line. Says how many bytes that were.
fn skip_rest(input: &mut dyn BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let (found, used) = {
            let buffer = input.fill_buf()?;
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(place) => (true, place + 1),
                None => (buffer.is_empty(), buffer.len()),
            }
        };
        input.consume(used);
        skipped += used as u64;
        if found {
            return Ok(skipped);
        }
    }
}
