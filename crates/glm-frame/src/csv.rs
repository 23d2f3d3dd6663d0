//! CSV to columns: types inferred over the whole file, or given; no text is held but that of the levels.
//!
//! The scanner is ours because numbers are parsed where they stand, without a pass that first finds the fields: a
//! million rows of ten numbers take 0.4 s so, 1.2 s with the crate `csv`. A column is read as one of numbers until
//! text is met; then the file is read again with that column as a category, which costs nothing where the first
//! block of 256 kB tells.

mod blocks;
mod scan;
mod slot;

use std::path::{Path, PathBuf};

use self::blocks::Blocks;
use self::scan::{field, skip};
use self::slot::{Slot, Trouble};
use crate::input::{Input, Stream};
use crate::nearest::nearest;
use crate::place::Origin;
use crate::{Column, Error, Frame, Place, ReadOptions};

/// The records of a text and what they become.
pub(crate) struct Csv<'a> {
    file: Option<PathBuf>,
    blocks: Blocks<'a>,
    delimiter: u8,
    names: Vec<String>,
    slots: Vec<Slot>,
    /// The line on which the next record begins.
    line: usize,
    /// The rows before the next record.
    row: usize,
}

/// Why a file is read again: these columns have text among their numbers.
type Texts = Vec<usize>;

/// All rows of a CSV text.
pub(crate) fn read(input: &Input<'_>, file: Option<&Path>, options: &ReadOptions<'_>) -> Result<Frame, Error> {
    let mut texts = Texts::new();
    let open = |texts: &Texts| {
        let stream = input.raw().map_err(|error| Error::io(file, &error))?;
        let mut csv = Csv::open(stream, file, options)?;
        csv.prepare(options, texts)?;
        Ok::<_, Error>(csv)
    };
    loop {
        let mut sample = open(&texts)?;
        if sample.blocks.fill(file, sample.line)? {
            sample.block(&mut Origin::default(), usize::MAX)?;
        }
        if !sample.add_texts(&mut texts) {
            let per_row = sample.blocks.used.div_ceil(sample.row.max(1) as u64).max(1);
            let rows = sample.blocks.len.map_or(sample.row as u64, |len| len / per_row + len / per_row / 64 + 1);
            drop(sample);
            let mut csv = open(&texts)?;
            // An estimate: room that is not needed is never touched and given back at the end.
            csv.slots.iter_mut().for_each(|slot| slot.reserve(usize::try_from(rows).unwrap_or(0)));
            let mut origin = Origin::new(file, 0);
            csv.rows(&mut origin, usize::MAX)?;
            if !csv.add_texts(&mut texts) {
                return csv.frame(origin);
            }
        }
    }
}

/// The names in the header.
pub(crate) fn names(input: &Input<'_>, file: Option<&Path>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let stream = input.raw().map_err(|error| Error::io(file, &error))?;
    Ok(Csv::open(stream, file, options)?.names)
}

impl<'a> Csv<'a> {
    /// Reads the header.
    pub(crate) fn open(stream: Stream<'a>, file: Option<&Path>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let delimiter = options.delimiter.byte();
        let blocks = Blocks::new(stream.text(file)?, delimiter);
        let file = file.map(Path::to_owned);
        let mut csv = Self { file, blocks, delimiter, names: Vec::new(), slots: Vec::new(), line: 1, row: 0 };
        csv.header()?;
        Ok(csv)
    }

    fn header(&mut self) -> Result<(), Error> {
        loop {
            if !self.blocks.fill(self.file.as_deref(), self.line)? {
                return Err(Error::EmptyFile { file: self.file.clone() });
            }
            match blank(self.blocks.records()) {
                0 => break,
                bytes => {
                    self.blocks.advance(bytes);
                    self.line += 1;
                }
            }
        }
        let (text, mut at, mut line) = (self.blocks.records(), 0, self.line);
        let mut names: Vec<String> = Vec::new();
        loop {
            let place = || Box::new(Place::new(self.file.as_deref()).line(line));
            let field = field(text, at, self.delimiter).map_err(|_| Error::StrayQuote { place: place() })?;
            let name = String::from_utf8(field.name().into_owned()).map_err(|_| Error::NotUtf8 { place: place() })?;
            line += field.newlines;
            names.push(name);
            at = field.end + 1;
            if text[field.end] == b'\n' {
                break;
            }
        }
        self.blocks.advance(at);
        (self.names, self.line) = (names, line + 1);
        Ok(())
    }

    /// Decides what becomes of each column; those of `texts` are known not to be numbers.
    pub(crate) fn prepare(&mut self, options: &ReadOptions<'_>, texts: &[usize]) -> Result<(), Error> {
        options.check(self.file.as_deref(), &self.names)?;
        let slot = |(place, name): (usize, &String)| match options.keeps(name) {
            true => Slot::new(options.kind(name), !texts.contains(&place)),
            false => Slot::Skipped,
        };
        self.slots = self.names.iter().enumerate().map(slot).collect();
        Ok(())
    }

    /// Adds the columns with text among their numbers; whether there are any.
    fn add_texts(&self, texts: &mut Texts) -> bool {
        let before = texts.len();
        let has_text = |slot: &Slot| matches!(slot, Slot::Numbers(numbers) if numbers.has_text);
        texts.extend(self.slots.iter().enumerate().filter(|(_, slot)| has_text(slot)).map(|(place, _)| place));
        texts.len() > before
    }

    /// Takes rows until there are `limit` or the text ends; how many.
    fn rows(&mut self, origin: &mut Origin, limit: usize) -> Result<usize, Error> {
        let first = self.row;
        while self.row - first < limit && self.blocks.fill(self.file.as_deref(), self.line)? {
            let taken = self.row - first;
            self.block(origin, limit - taken)?;
        }
        if self.row == 0 {
            return Err(Error::HeaderOnly { file: self.file.clone() });
        }
        Ok(self.row - first)
    }

    /// At most `limit` rows, if there are any left.
    pub(crate) fn next_frame(&mut self, limit: usize) -> Result<Option<Frame>, Error> {
        let mut origin = Origin::new(self.file.as_deref(), self.row);
        match self.rows(&mut origin, limit)? {
            0 => Ok(None),
            _ => self.frame(origin).map(Some),
        }
    }

    /// Takes the records of one block, at most `limit`.
    fn block(&mut self, origin: &mut Origin, limit: usize) -> Result<(), Error> {
        let text = self.blocks.records();
        let (mut at, mut taken, mut line) = (0, 0, self.line);
        while at < text.len() && taken < limit {
            match blank(&text[at..]) {
                0 => {
                    let start = line;
                    (at, line) = match record(&mut self.slots, text, at, self.delimiter, line) {
                        Ok(next) => next,
                        Err(fault) => return Err(self.error(fault)),
                    };
                    origin.begin(self.row - origin.first_row + taken, start);
                    taken += 1;
                }
                bytes => (at, line) = (at + bytes, line + 1),
            }
        }
        (self.line, self.row) = (line, self.row + taken);
        self.blocks.advance(at);
        Ok(())
    }

    /// The rows taken since the last frame.
    fn frame(&mut self, origin: Origin) -> Result<Frame, Error> {
        for (name, slot) in self.names.iter().zip(&self.slots) {
            if let Slot::Numbers(numbers) = slot
                && let Some((line, text)) = &numbers.infinite
            {
                let place = Box::new(Place::new(self.file.as_deref()).line(*line).column(name));
                return Err(Error::Infinite { place, value: lossy(text) });
            }
        }
        let named = |(name, slot): (&String, &mut Slot)| Some((name.clone(), slot.take()?));
        let columns: Vec<(String, Column)> = self.names.iter().zip(&mut self.slots).filter_map(named).collect();
        Frame::with_origin(columns, self.row - origin.first_row, origin)
    }

    fn error(&self, fault: Fault) -> Error {
        let place = Place::new(self.file.as_deref()).line(fault.line);
        let name = |place: Place, field: usize| Box::new(place.column(&self.names[field]));
        match fault.what {
            What::Ragged { got } => Error::Ragged { place: Box::new(place), expected: self.names.len(), got },
            What::Field(field, trouble) => match trouble {
                Trouble::Stray => Error::StrayQuote { place: name(place, field) },
                Trouble::NotUtf8 => Error::NotUtf8 { place: name(place, field) },
                Trouble::Text(text) => Error::TextInNumbers { place: name(place, field), value: lossy(&text) },
                Trouble::UnknownLevel(text) => {
                    let value = lossy(&text);
                    let levels = match &self.slots[field] {
                        Slot::Categories(categories) => categories.given().unwrap_or_default(),
                        _ => &[],
                    };
                    let nearest = nearest(&value, levels.iter().map(String::as_str)).map(str::to_owned);
                    Error::UnknownLevel { place: name(place, field), value, nearest }
                }
            },
        }
    }
}

/// What is wrong on a line.
struct Fault {
    line: usize,
    what: What,
}

enum What {
    Ragged { got: usize },
    Field(usize, Trouble),
}

/// Takes the record that begins at `at`; where the next begins, and on which line.
#[inline]
fn record(
    slots: &mut [Slot],
    text: &[u8],
    start: usize,
    delimiter: u8,
    first_line: usize,
) -> Result<(usize, usize), Fault> {
    let (mut at, mut line, last) = (start, first_line, slots.len() - 1);
    for (place, slot) in slots.iter_mut().enumerate() {
        let (end, newlines) = slot
            .take_field(text, at, delimiter, line)
            .map_err(|trouble| Fault { line, what: What::Field(place, trouble) })?;
        line += newlines;
        if (text[end] == b'\n') != (place == last) {
            let got = count(text, start, delimiter);
            return Err(Fault { line: first_line, what: What::Ragged { got } });
        }
        at = end + 1;
    }
    Ok((at, line + 1))
}

/// The fields of the record that begins at `at`.
fn count(text: &[u8], mut at: usize, delimiter: u8) -> usize {
    let mut fields = 1;
    while let Ok((end, _)) = skip(text, at, delimiter) {
        if text[end] == b'\n' {
            break;
        }
        (at, fields) = (end + 1, fields + 1);
    }
    fields
}

/// The length of the empty line that a text begins with; 0 if it begins with another.
#[inline]
fn blank(text: &[u8]) -> usize {
    match text {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// A text for a message, not too long.
fn lossy(text: &[u8]) -> String {
    const LONGEST: usize = 60;
    let text = String::from_utf8_lossy(text);
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}
