//! Text in blocks of whole records, so that no record is ever seen in part.

use std::io::{ErrorKind, Read};
use std::path::Path;

use memchr::{memchr, memchr2, memrchr};

use super::scan::opens;
use crate::input::Stream;
use crate::{Error, Place};

/// Bytes at a time: they stay in the second cache between being read and being parsed.
const BLOCK: usize = 256 << 10;
/// No record is longer; a quote that is never closed would otherwise take all of the file into memory.
const LONGEST: usize = 16 << 20;

/// A buffer over a stream. What is before `start` is used up; what is before `end` is whole records.
pub(crate) struct Blocks<'a> {
    bytes: Box<dyn Read + 'a>,
    /// The length of the text, if it is known.
    pub(crate) len: Option<u64>,
    delimiter: u8,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    filled: usize,
    finished: bool,
    /// Bytes handed out so far.
    pub(crate) used: u64,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(stream: Stream<'a>, delimiter: u8) -> Self {
        let buffer = vec![0; BLOCK + 1];
        let Stream { bytes, len } = stream;
        Self { bytes, len, delimiter, buffer, start: 0, end: 0, filled: 0, finished: false, used: 0 }
    }

    /// The whole records in the buffer that are not used up. Each ends with a newline.
    #[inline]
    pub(crate) fn records(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Uses up so many bytes of [`Blocks::records`].
    pub(crate) fn advance(&mut self, bytes: usize) {
        self.start += bytes;
        self.used += bytes as u64;
        assert!(self.start <= self.end, "only records that were handed out are used up");
    }

    /// Whether there are records, reading more if those of the buffer are used up. `line` is that of the next record.
    pub(crate) fn fill(&mut self, file: Option<&Path>, line: usize) -> Result<bool, Error> {
        while self.start == self.end {
            if self.finished && self.start == self.filled {
                return Ok(false);
            }
            self.refill(file)?;
            let rest = &self.buffer[self.start..self.filled];
            match whole_records(rest, self.delimiter) {
                Ok(0) if rest.is_empty() => self.end = self.start,
                Ok(len) if len > 0 => self.end = self.start + len,
                part if self.finished => {
                    if part.is_err() {
                        return Err(Error::UnterminatedQuote { place: Box::new(Place::new(file).line(line)) });
                    }
                    // The last line has no newline of its own.
                    self.buffer[self.filled] = b'\n';
                    self.filled += 1;
                    self.end = self.filled;
                }
                part if self.filled >= LONGEST => {
                    let place = Box::new(Place::new(file).line(line));
                    return Err(match part {
                        Err(Unclosed) => Error::UnterminatedQuote { place },
                        Ok(_) => Error::LongLine { place, megabytes: LONGEST >> 20 },
                    });
                }
                _ => {
                    self.end = self.start;
                    self.buffer.resize(2 * self.buffer.len(), 0);
                }
            }
        }
        Ok(true)
    }

    /// Moves what is left to the front and reads more; skips a byte order mark.
    fn refill(&mut self, file: Option<&Path>) -> Result<(), Error> {
        let fresh = self.used == 0 && self.filled == 0;
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        (self.start, self.end) = (0, 0);
        self.read(file)?;
        if fresh && self.buffer[..self.filled].starts_with(b"\xef\xbb\xbf") {
            self.start = 3;
        }
        Ok(())
    }

    /// Reads until the buffer, but for one byte, is full or the stream ends.
    fn read(&mut self, file: Option<&Path>) -> Result<(), Error> {
        let room = self.buffer.len() - 1;
        while self.filled < room && !self.finished {
            match self.bytes.read(&mut self.buffer[self.filled..room]) {
                Ok(0) => self.finished = true,
                Ok(bytes) => self.filled += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io(file, &error)),
            }
        }
        Ok(())
    }
}

/// The text ends within quotes.
struct Unclosed;

/// The length of the whole records that a text begins with; without any, whether its end is within quotes.
fn whole_records(text: &[u8], delimiter: u8) -> Result<usize, Unclosed> {
    if memchr(b'"', text).is_none() {
        return Ok(memrchr(b'\n', text).map_or(0, |at| at + 1));
    }
    let (mut at, mut whole) = (0, 0);
    while let Some(found) = memchr2(b'"', b'\n', &text[at..]) {
        at += found;
        if text[at] == b'\n' {
            (at, whole) = (at + 1, at + 1);
        } else if opens(text, at, delimiter) {
            match closing(text, at + 1) {
                Some(close) => at = close + 1,
                None if whole == 0 => return Err(Unclosed),
                None => return Ok(whole),
            }
        } else {
            at += 1;
        }
    }
    Ok(whole)
}

/// The place of the quote that ends what a quote before `at` began; two in a row are one that does not.
pub(crate) fn closing(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr(b'"', &text[at..])?;
        if text.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}
