//! A column of categories in the making: texts come, codes stay.

use std::collections::TryReserveError;

use rustc_hash::FxHashMap;

use crate::{ColumnType, Contrasts, Factor, MISSING};

/// R's spellings of the logical values.
const LOGICAL: [(&str, u32); 6] = [("FALSE", 0), ("F", 0), ("false", 0), ("TRUE", 1), ("T", 1), ("true", 1)];

/// Why a text is not a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NotUtf8,
    /// The levels are given and this is none of them.
    Unknown,
}

/// The codes so far and the place of each text among them.
#[derive(Debug)]
pub(crate) struct Categories {
    codes: Vec<u32>,
    places: FxHashMap<Box<[u8]>, u32>,
    n_levels: u32,
    kind: Kind,
    /// Texts that mean a missing value.
    missing: &'static [&'static str],
}

/// What decides the levels.
#[derive(Debug)]
enum Kind {
    /// The texts, sorted by bytes; logical if all of them are.
    Inferred,
    /// The texts, sorted as numbers if all of them are.
    Free {
        ordered: bool,
        contrasts: Option<Contrasts>,
    },
    Given {
        levels: Vec<String>,
        ordered: bool,
        contrasts: Option<Contrasts>,
    },
}

impl Categories {
    /// Of a type, which is not a number; inferred without one.
    pub(crate) fn new(kind: Option<&ColumnType>, missing: &'static [&'static str]) -> Self {
        let kind = match kind {
            None | Some(ColumnType::Number {}) => Kind::Inferred,
            Some(kind @ (ColumnType::Category { levels, contrasts } | ColumnType::Ordered { levels, contrasts })) => {
                let (ordered, contrasts) = (matches!(kind, ColumnType::Ordered { .. }), *contrasts);
                match levels.clone() {
                    Some(levels) => Kind::Given { levels, ordered, contrasts },
                    None => Kind::Free { ordered, contrasts },
                }
            }
        };
        let mut new = Self { codes: Vec::new(), places: FxHashMap::default(), n_levels: 0, kind, missing };
        new.begin();
        new
    }

    /// Fills the table of texts with what is known before any data.
    fn begin(&mut self) {
        self.places.clear();
        self.n_levels = 0;
        if let Kind::Given { levels, .. } = &self.kind {
            for level in levels {
                self.places.insert(level.as_bytes().into(), self.n_levels);
                self.n_levels += 1;
            }
            if levels.iter().map(String::as_str).eq(["FALSE", "TRUE"]) {
                self.places.extend(LOGICAL.map(|(text, code)| (text.as_bytes().into(), code)));
            }
        }
        for text in self.missing {
            self.places.entry(text.as_bytes().into()).or_insert(MISSING);
        }
    }

    pub(crate) fn reserve(&mut self, rows: usize) -> Result<(), TryReserveError> {
        self.codes.try_reserve_exact(rows)
    }

    /// Appends a row with this text.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) -> Result<(), Refusal> {
        let code = self.code(text)?;
        self.codes.push(code);
        Ok(())
    }

    /// Appends a row without a value.
    #[cfg(feature = "parquet")]
    pub(crate) fn push_missing(&mut self) {
        self.codes.push(MISSING);
    }

    /// The rows so far.
    #[cfg(feature = "parquet")]
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }

    /// The code of a text, a new one if need be.
    #[inline]
    fn code(&mut self, text: &[u8]) -> Result<u32, Refusal> {
        self.places.get(text).map_or_else(|| Err(()), |&code| Ok(code)).or_else(|()| self.new_level(text))
    }

    #[cold]
    fn new_level(&mut self, text: &[u8]) -> Result<u32, Refusal> {
        if std::str::from_utf8(text).is_err() {
            return Err(Refusal::NotUtf8);
        }
        if matches!(self.kind, Kind::Given { .. }) {
            return Err(Refusal::Unknown);
        }
        let code = self.n_levels;
        assert!(code < MISSING, "a column has fewer than 2^32 - 1 rows, so no more levels");
        self.places.insert(text.into(), code);
        self.n_levels += 1;
        Ok(code)
    }

    /// The levels, if they are given.
    pub(crate) fn given(&self) -> Option<&[String]> {
        match &self.kind {
            Kind::Given { levels, .. } => Some(levels),
            _ => None,
        }
    }

    /// The rows so far as a column; the next row begins another.
    pub(crate) fn take(&mut self) -> Factor {
        let mut codes = std::mem::take(&mut self.codes);
        codes.shrink_to_fit();
        let (ordered, contrasts) = match &self.kind {
            Kind::Inferred => (false, None),
            Kind::Free { ordered, contrasts } => (*ordered, *contrasts),
            Kind::Given { levels, ordered, contrasts } => {
                return Factor { codes, levels: levels.clone(), ordered: *ordered, contrasts: *contrasts };
            }
        };
        let (levels, places) = self.sorted();
        for code in codes.iter_mut().filter(|code| **code != MISSING) {
            *code = places[*code as usize];
        }
        self.begin();
        Factor { codes, levels, ordered, contrasts }
    }

    /// The levels in their order, and the place of each code among them.
    fn sorted(&mut self) -> (Vec<String>, Vec<u32>) {
        let texts = self.places.drain().filter(|(_, code)| *code != MISSING);
        let text = |bytes: Box<[u8]>| String::from_utf8(bytes.into()).unwrap_or_default();
        let mut found: Vec<(String, u32)> = texts.map(|(bytes, code)| (text(bytes), code)).collect();
        let logical = |text: &str| LOGICAL.iter().find(|(spelling, _)| *spelling == text).map(|(_, code)| *code);
        let mut places = vec![0; found.len()];
        if matches!(self.kind, Kind::Inferred) && !found.is_empty() && found.iter().all(|(t, _)| logical(t).is_some()) {
            found.iter().for_each(|(text, code)| places[*code as usize] = logical(text).unwrap_or(MISSING));
            return (vec!["FALSE".into(), "TRUE".into()], places);
        }
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let numeric = matches!(self.kind, Kind::Free { .. }) && found.iter().all(|(text, _)| number(text).is_some());
        found.sort_unstable();
        if numeric {
            found.sort_by(|(a, _), (b, _)| number(a).unwrap_or(f64::NAN).total_cmp(&number(b).unwrap_or(f64::NAN)));
        }
        for (place, (_, code)) in (0..).zip(&found) {
            places[*code as usize] = place;
        }
        (found.into_iter().map(|(text, _)| text).collect(), places)
    }
}
