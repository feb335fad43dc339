//! Text with styles, measured and wrapped in characters. It never knows what it says, nor where it is printed.

/// A space at which no line breaks: it holds a date together. On a page and in data it is a common space.
pub(super) const GLUE: char = '\u{a0}';

/// How a stretch of text looks on a terminal with colours; without them every style looks plain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    #[default]
    Plain,
    /// Headings and names.
    Bold,
    /// Numbers and places that are looked up, not read.
    Dim,
    /// Overdue, escalated, not holding.
    Red,
    /// Near, nudged.
    Yellow,
    /// Done, holding.
    Green,
}

impl Style {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Red => Some("31"),
            Self::Yellow => Some("33"),
            Self::Green => Some("32"),
        }
    }
}

/// A line of text in several styles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich(Vec<(char, Style)>);

impl Rich {
    /// Text in one style. Line breaks and other control characters become spaces: a value never moves the cursor.
    #[must_use]
    pub fn new(style: Style, text: &str) -> Self {
        Self::default().and(style, text)
    }

    /// Plain text.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self::new(Style::Plain, text)
    }

    /// This, and then `text` in a style.
    #[must_use]
    pub fn and(mut self, style: Style, text: &str) -> Self {
        let visible = |c: char| if c.is_control() { ' ' } else { c };
        self.0.extend(text.chars().map(|c| (visible(c), style)));
        self
    }

    /// This, and then `other`.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Its width in characters.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.len()
    }

    /// The characters of its longest word.
    #[must_use]
    pub fn longest_word(&self) -> usize {
        let words = self.0.split(|&(c, _)| c == ' ');
        words.map(<[_]>::len).max().unwrap_or(0)
    }

    /// Broken at spaces into lines of at most `width` characters, and inside words that are longer than a line.
    #[must_use]
    pub fn wrap(&self, width: usize) -> Vec<Self> {
        let width = width.max(1);
        let mut rest = self.0.as_slice();
        let mut lines = Vec::new();
        while rest.len() > width {
            let space = |&(c, _): &(char, Style)| c == ' ';
            let end = rest
                .iter()
                .take(width + 1)
                .rposition(space)
                .filter(|&at| at > 0);
            let (line, next) = rest.split_at(end.unwrap_or(width));
            lines.push(Self(trimmed(line).to_vec()));
            let skip = next.iter().take_while(|&c| space(c)).count();
            rest = next.get(skip..).unwrap_or(&[]);
        }
        if !rest.is_empty() || lines.is_empty() {
            lines.push(Self(trimmed(rest).to_vec()));
        }
        lines
    }

    /// The text for the terminal, spaces at its end left out.
    #[must_use]
    pub fn paint(&self, colour: bool) -> String {
        let mut out = String::new();
        let mut now = Style::Plain;
        for &(c, style) in trimmed(&self.0) {
            if colour && style != now {
                if now.code().is_some() {
                    out.push_str("\u{1b}[0m");
                }
                if let Some(code) = style.code() {
                    out.push_str(&format!("\u{1b}[{code}m"));
                }
                now = style;
            }
            out.push(if c == GLUE { ' ' } else { c });
        }
        if colour && now.code().is_some() {
            out.push_str("\u{1b}[0m");
        }
        out
    }

    /// This, filled with spaces up to `width`.
    #[must_use]
    pub fn padded(mut self, width: usize) -> Self {
        while self.0.len() < width {
            self.0.push((' ', Style::Plain));
        }
        self
    }
}

/// The text with no place in it where a line may break.
pub(super) fn glued(text: &str) -> String {
    text.replace(' ', &GLUE.to_string())
}

fn trimmed(line: &[(char, Style)]) -> &[(char, Style)] {
    let end = line
        .iter()
        .rposition(|&(c, _)| c != ' ')
        .map_or(0, |last| last + 1);
    line.get(..end).unwrap_or(line)
}
