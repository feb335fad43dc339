//! What a piece of a script means, without comments and layout: two scripts with the same meaning do the same.

/// The script without comments, and with no more space than keeps its words apart.
pub(super) fn meaning(script: &str) -> String {
    let letters: Vec<char> = script.chars().collect();
    let mut out = String::with_capacity(script.len());
    let mut at = 0;
    let mut apart = false;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let end = match (letter, next) {
            ('/', Some('/')) => line_end(&letters, at),
            ('/', Some('*')) => comment_end(&letters, at),
            _ if letter.is_whitespace() => at + 1,
            _ => at,
        };
        if end > at {
            apart = true;
            at = end;
            continue;
        }
        if apart
            && out
                .chars()
                .last()
                .is_some_and(|last| keeps_apart(last, letter))
        {
            out.push(' ');
        }
        apart = false;
        let end = match letter {
            '"' | '`' | '\'' => quoted_end(&letters, at),
            _ => at + 1,
        };
        out.extend(letters.get(at..end).unwrap_or_default());
        at = end;
    }
    out
}

/// Two words, or two signs that would read as one.
fn keeps_apart(last: char, next: char) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let sign =
        |c: char| !word(c) && !matches!(c, '(' | ')' | '{' | '}' | '[' | ']' | ';' | ',' | '"');
    (word(last) && word(next)) || (sign(last) && sign(next))
}

fn line_end(letters: &[char], at: usize) -> usize {
    let rest = letters.iter().skip(at);
    at + rest.take_while(|letter| **letter != '\n').count()
}

/// Comments stand inside each other.
fn comment_end(letters: &[char], at: usize) -> usize {
    let (mut depth, mut place) = (0_usize, at);
    while place < letters.len() {
        match (letters.get(place), letters.get(place + 1)) {
            (Some('/'), Some('*')) => (depth, place) = (depth + 1, place + 2),
            (Some('*'), Some('/')) => (depth, place) = (depth - 1, place + 2),
            _ => place += 1,
        }
        if depth == 0 {
            break;
        }
    }
    place
}

/// The letter after a text; one with values in it (`` `..${..}` ``) is taken whole.
fn quoted_end(letters: &[char], at: usize) -> usize {
    let quote = letters.get(at).copied();
    let (mut place, mut braces) = (at + 1, 0_usize);
    while let Some(&letter) = letters.get(place) {
        place += 1;
        match letter {
            '\\' if quote != Some('`') => place += 1,
            '{' if quote == Some('`') && (braces > 0 || letters.get(place - 2) == Some(&'$')) => {
                braces += 1;
            }
            '}' if braces > 0 => braces -= 1,
            _ if braces == 0 && Some(letter) == quote => break,
            _ => {}
        }
    }
    place.min(letters.len())
}
