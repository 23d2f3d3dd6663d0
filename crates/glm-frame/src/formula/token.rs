//! The words of a formula, each with its place in the text.

use std::ops::Range;

use super::fault::Fault;

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number, and whether it was written as a whole one (`2L`).
    Number(f64, bool),
    /// A text in quotes.
    Text(String),
    /// A name, with or without back-ticks.
    Name(String),
    /// `.` by itself.
    Dot,
    /// An operator, parenthesis or comma.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// Longer symbols come before those they begin with.
const SYMBOLS: [&str; 24] = [
    "%in%", "%%", "%/%", "**", "<=", ">=", "==", "!=", "&&", "||", "~", "+", "-", "*", "/", ":", "^", "(", ")", ",",
    "=", "<", ">", "!",
];

/// The words of a text, the end being the last.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(text, at, first)?;
        tokens.push((token, at..at + length));
        at += length;
    }
    tokens.push((Token::End, text.len()..text.len()));
    Ok(tokens)
}

fn token(text: &str, at: usize, first: char) -> Result<(Token, usize), Fault> {
    let rest = &text[at..];
    let starts_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    match first {
        '"' | '\'' | '`' => quoted(text, at, first),
        _ if starts_number(rest) || (first == '.' && starts_number(&rest[1..])) => number(text, at),
        _ if is_name_start(first) => {
            let length = rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
            let token = if &rest[..length] == "." { Token::Dot } else { Token::Name(rest[..length].to_owned()) };
            Ok((token, length))
        }
        _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => Ok((Token::Symbol(symbol), symbol.len())),
            None => {
                let message = format!("`{first}` means nothing in a formula");
                Err(Fault::new(text, at..at + first.len_utf8(), message, "put names that contain it in back-ticks"))
            }
        },
    }
}

pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '.' || c == '_'
}

pub(super) fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '.' || c == '_'
}

fn number(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    let rest = &text[at..];
    let digits = |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| from + end);
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    match rest[..end].parse::<f64>() {
        Ok(value) if value.is_finite() => {
            let whole = rest[end..].starts_with('L');
            Ok((Token::Number(value, whole), end + usize::from(whole)))
        }
        _ => {
            let message = format!("`{}` is no number", &rest[..end]);
            Err(Fault::new(text, at..at + end, message, "write numbers as 2, 0.5 or 1e-3"))
        }
    }
}

fn quoted(text: &str, at: usize, quote: char) -> Result<(Token, usize), Fault> {
    let (mut content, mut escaped) = (String::new(), false);
    for (i, c) in text[at..].char_indices().skip(1) {
        match c {
            _ if escaped => {
                content.push(match c {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => c,
                });
                escaped = false;
            }
            '\\' => escaped = true,
            _ if c == quote && quote == '`' && content.is_empty() => {
                return Err(Fault::new(
                    text,
                    at..at + i + 1,
                    "an empty name",
                    "put a column's name between the back-ticks",
                ));
            }
            _ if c == quote => {
                let token = if quote == '`' { Token::Name(content) } else { Token::Text(content) };
                return Ok((token, i + 1));
            }
            _ => content.push(c),
        }
    }
    Err(Fault::new(text, at..text.len(), format!("{quote} is never closed"), "close it"))
}
