//! What was measured, for people and for machines.

use super::{Outcome, options::Options};
use serde_json::json;
use std::fmt::Write;

/// One measured figure.
#[derive(Clone, Debug)]
pub struct Line {
    /// What was measured.
    pub figure: String,
    /// Of what.
    pub unit: &'static str,
    /// The engine.
    pub forloeb: f64,
    /// The baseline, where there is one.
    pub raw: Option<f64>,
    /// How they compare, where that is the point.
    pub ratio: Option<f64>,
    /// What is aimed at, in words.
    pub target: &'static str,
    /// Whether it is reached, where there is an aim.
    pub met: Option<bool>,
    /// What a reader must know.
    pub note: String,
}

impl Line {
    /// Rates beside those of the baseline, measured in turns. The ratio is the median of those of each turn: what disturbs the machine for
    /// a while disturbs both.
    pub fn rate(figure: &str, unit: &'static str, forloeb: Vec<f64>, raw: Vec<f64>) -> Self {
        let ratios = forloeb.iter().zip(&raw).map(|(forloeb, raw)| forloeb / raw);
        Self {
            ratio: Some(median(ratios.collect())),
            raw: Some(median(raw)),
            ..Self::alone(figure, unit, median(forloeb))
        }
    }

    /// A figure without a baseline.
    pub fn alone(figure: &str, unit: &'static str, forloeb: f64) -> Self {
        Self {
            figure: figure.to_owned(),
            unit,
            forloeb,
            raw: None,
            ratio: None,
            target: "",
            met: None,
            note: String::new(),
        }
    }

    /// With what is aimed at.
    #[must_use]
    pub fn aims(mut self, target: &'static str, met: impl Fn(&Self) -> bool) -> Self {
        self.met = Some(met(&self));
        self.target = target;
        self
    }

    /// With what a reader must know.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// The median of what was measured several times.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// For people.
pub fn page(lines: &[Line], options: &Options) -> String {
    let mut page = String::new();
    let head = [
        "figure".to_owned(),
        "forloeb".to_owned(),
        "raw".to_owned(),
        "ratio".to_owned(),
        "target".to_owned(),
    ];
    let mut rows = vec![head];
    for line in lines {
        let met = match line.met {
            None => "",
            Some(true) => " ✓",
            Some(false) => " ✗",
        };
        rows.push([
            line.figure.clone(),
            format!("{} {}", short(line.forloeb), line.unit),
            line.raw.map_or_else(|| "-".to_owned(), short),
            line.ratio
                .map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
            format!("{}{met}", line.target),
        ]);
    }
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for (at, row) in rows.iter().enumerate() {
        let mut text = String::new();
        for (place, (cell, width)) in row.iter().zip(widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            match place {
                0 | 4 => write!(text, "{cell}{gap}   ").ok(),
                _ => write!(text, "{gap}{cell}   ").ok(),
            };
        }
        writeln!(page, "{}", text.trim_end()).ok();
        let note = at.checked_sub(1).and_then(|at| lines.get(at));
        if let Some(line) = note.filter(|line| !line.note.is_empty()) {
            writeln!(page, "    {}", line.note).ok();
        }
    }
    if options.scale < 1.0 {
        writeln!(
            page,
            "\nloads of {} of the documented size: a first look, not a measurement",
            options.scale
        )
        .ok();
    }
    page
}

/// For machines.
pub fn json(lines: &[Line], options: &Options) -> Outcome<String> {
    let figures: Vec<_> = lines
        .iter()
        .map(|line| {
            json!({
                "figure": line.figure,
                "unit": line.unit,
                "forloeb": line.forloeb,
                "raw": line.raw,
                "ratio": line.ratio,
                "target": line.target,
                "met": line.met,
                "note": line.note,
            })
        })
        .collect();
    let all = json!({ "scale": options.scale, "rounds": options.rounds, "figures": figures });
    Ok(serde_json::to_string_pretty(&all)?)
}

/// A number with as many digits as mean something.
fn short(number: f64) -> String {
    if number >= 1_000.0 {
        let whole = format!("{number:.0}");
        let mut text = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text
    } else if number >= 100.0 {
        format!("{number:.0}")
    } else if number >= 1.0 {
        format!("{number:.1}")
    } else {
        format!("{number:.3}")
    }
}
