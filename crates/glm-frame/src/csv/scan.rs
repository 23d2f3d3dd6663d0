//! The fields of a record.

use std::borrow::Cow;

use memchr::{memchr_iter, memchr3};

use super::blocks::closing;

/// What stands between two delimiters, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    /// Doubled quotes are still double.
    raw: &'a [u8],
    quoted: bool,
    /// The place of the delimiter or newline after it.
    pub(crate) end: usize,
    /// The newlines within it.
    pub(crate) newlines: usize,
}

/// Text follows the quote that ends a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stray;

/// Whether the quote at `at` begins a field: within a field that did not begin with one it is a letter like any other.
#[inline]
pub(crate) fn opens(text: &[u8], at: usize, delimiter: u8) -> bool {
    at == 0 || text[at - 1] == delimiter || text[at - 1] == b'\n'
}

/// The field that begins at `at`, in a text that ends with a newline.
#[inline]
pub(crate) fn field(text: &[u8], at: usize, delimiter: u8) -> Result<Field<'_>, Stray> {
    if text[at] == b'"' {
        return quoted(text, at, delimiter);
    }
    let rest = &text[at..];
    let length = rest.iter().position(|&byte| byte == delimiter || byte == b'\n').unwrap_or(rest.len());
    let (raw, end) = (&rest[..length], at + length);
    let raw = if text[end] == b'\n' { raw.strip_suffix(b"\r").unwrap_or(raw) } else { raw };
    Ok(Field { raw, quoted: false, end, newlines: 0 })
}

fn quoted(text: &[u8], at: usize, delimiter: u8) -> Result<Field<'_>, Stray> {
    // Blocks hold whole records: a quote that is not closed was refused there.
    let close = closing(text, at + 1).ok_or(Stray)?;
    let raw = &text[at + 1..close];
    let end = close + 1 + usize::from(text[close + 1..].starts_with(b"\r\n"));
    if text.get(end).is_none_or(|&byte| byte != delimiter && byte != b'\n') {
        return Err(Stray);
    }
    Ok(Field { raw, quoted: true, end, newlines: memchr_iter(b'\n', raw).count() })
}

/// The end of the field that begins at `at`, and the newlines within it.
#[inline]
pub(crate) fn skip(text: &[u8], at: usize, delimiter: u8) -> Result<(usize, usize), Stray> {
    match memchr3(delimiter, b'\n', b'"', &text[at..]) {
        Some(length) if text[at + length] != b'"' => Ok((at + length, 0)),
        _ => field(text, at, delimiter).map(|field| (field.end, field.newlines)),
    }
}

impl<'a> Field<'a> {
    /// Its text.
    #[inline]
    pub(crate) fn text(&self) -> Cow<'a, [u8]> {
        if !self.quoted || memchr::memchr(b'"', self.raw).is_none() {
            return Cow::Borrowed(self.raw);
        }
        let mut text = Vec::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some(at) = memchr::memchr(b'"', rest) {
            text.extend_from_slice(&rest[..=at]);
            rest = &rest[(at + 2).min(rest.len())..];
        }
        text.extend_from_slice(rest);
        Cow::Owned(text)
    }

    /// Its text as a name: without blanks around it unless they are quoted.
    pub(crate) fn name(&self) -> Cow<'a, [u8]> {
        if self.quoted { self.text() } else { Cow::Borrowed(self.raw.trim_ascii()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unquoted() {
        let text = b"a,\"b \"\"c\"\",\nd\",\"\"\r\n";
        let first = field(text, 0, b',').unwrap();
        assert_eq!((&*first.text(), first.end), (&b"a"[..], 1));
        let second = field(text, 2, b',').unwrap();
        assert_eq!((&*second.text(), second.newlines, text[second.end]), (&b"b \"c\",\nd"[..], 1, b','));
        let third = field(text, second.end + 1, b',').unwrap();
        assert_eq!((&*third.text(), text[third.end]), (&b""[..], b'\n'));
        assert_eq!(field(b"\"a\"b,c\n", 0, b','), Err(Stray));
        assert_eq!(&*field(b"5\" nail,c\n", 0, b',').unwrap().text(), b"5\" nail");
    }
}
