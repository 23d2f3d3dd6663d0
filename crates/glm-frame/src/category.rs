//! A variable that is one of several levels, with the levels and the contrasts that it learnt.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::formula::number;
use crate::node::{Node, Value};
use crate::view::{View, level};
use crate::{Column, Contrasts, Error, Frame, MISSING, Unseen};

/// A category and its levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Category {
    /// The variable, as R calls it.
    pub(crate) label: String,
    source: Source,
    /// In their order.
    pub(crate) levels: Vec<String>,
    pub(crate) ordered: bool,
    contrasts: Contrasts,
    /// The reference level of treatment contrasts.
    base: usize,
    /// The columns of contrasts, if not all.
    columns: Option<usize>,
    /// Whether columns of treatment contrasts are called by the numbers of their levels.
    numbered: bool,
    /// Whether the formula lists the levels, so that other values are missing.
    listed: bool,
}

/// Where the levels of the rows come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    /// A column, of categories or of numbers whose texts are the levels.
    Column(String),
    /// Numbers whose texts are the levels.
    Numbers(Node),
    /// FALSE and TRUE, as 0 and 1.
    Truth(Node),
}

/// Levels beyond which contrasts are no matrix that is written out.
const MOST_LEVELS: usize = 1000;
/// Levels beyond which polynomials mean nothing.
const MOST_DEGREES: usize = 100;

impl Category {
    /// A column of categories as it is, or the distinct numbers of a column.
    pub(crate) fn of_column(label: String, name: &str, frame: &Frame) -> Result<Self, Error> {
        let source = Source::Column(name.to_owned());
        Ok(match crate::view::column(frame, name)? {
            Column::Categories(factor) => {
                let default = if factor.ordered { Contrasts::Poly } else { Contrasts::Treatment };
                let contrasts = factor.contrasts.unwrap_or(default);
                Self { contrasts, ordered: factor.ordered, ..Self::new(label, source, factor.levels.clone()) }
            }
            Column::Numbers(values) => Self::new(label, source, distinct(values)),
        })
    }

    /// The distinct values of an expression, or FALSE and TRUE.
    pub(crate) fn of_node(label: String, node: Node, logical: bool, frame: &Frame) -> Result<Self, Error> {
        if logical {
            return Ok(Self::new(label, Source::Truth(node), vec!["FALSE".to_owned(), "TRUE".to_owned()]));
        }
        let values = node.evaluate(&View::all(frame))?.single(frame.n_rows());
        Ok(Self::new(label, Source::Numbers(node), distinct(&values)))
    }

    fn new(label: String, source: Source, levels: Vec<String>) -> Self {
        let contrasts = Contrasts::Treatment;
        Self {
            label,
            source,
            levels,
            ordered: false,
            contrasts,
            base: 0,
            columns: None,
            numbered: false,
            listed: false,
        }
    }

    /// Called otherwise.
    pub(crate) fn labelled(self, label: String) -> Self {
        Self { label, ..self }
    }

    /// With these levels; other values are missing.
    pub(crate) fn with_levels(self, levels: Vec<String>) -> Self {
        Self { levels, listed: true, ..self }
    }

    /// With this level first.
    pub(crate) fn relevelled(mut self, first: usize) -> Self {
        let level = self.levels.remove(first);
        self.levels.insert(0, level);
        self
    }

    /// Ordered or not, with R's default contrasts.
    pub(crate) fn with_order(self, ordered: bool) -> Self {
        let contrasts = if ordered { Contrasts::Poly } else { Contrasts::Treatment };
        Self { ordered, contrasts, base: 0, columns: None, numbered: false, ..self }
    }

    /// With contrasts against a reference level, which only treatment contrasts have; with some of their columns.
    pub(crate) fn with_contrasts(
        self,
        contrasts: Contrasts,
        base: usize,
        columns: Option<usize>,
        numbered: bool,
    ) -> Self {
        Self { contrasts, base, columns, numbered, ..self }
    }

    /// Leaves only levels that rows have, as R's model frame does; FALSE and TRUE stay.
    pub(crate) fn drop_unused(&mut self, codes: &[u32]) {
        if matches!(self.source, Source::Truth(_)) {
            return;
        }
        let mut used = vec![false; self.levels.len()];
        codes.iter().filter(|code| **code != MISSING).for_each(|code| used[*code as usize] = true);
        if used.contains(&false) {
            let base = self.levels.get(self.base).cloned();
            let mut used = used.into_iter();
            self.levels.retain(|_| used.next() == Some(true));
            self.base = self.levels.iter().position(|level| Some(level) == base.as_ref()).unwrap_or(0);
        }
    }

    /// Refuses categories that have no contrasts.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.levels.len() < 2 {
            return Err(Error::OneLevel { column: self.label.clone(), level: self.levels.first().cloned() });
        }
        let (columns, most) = match self.contrasts {
            Contrasts::Treatment => return Ok(()),
            Contrasts::Poly => (self.levels.len(), MOST_DEGREES),
            Contrasts::Sum | Contrasts::Helmert => (self.levels.len(), MOST_LEVELS),
        };
        if columns <= most { Ok(()) } else { Err(Error::TooManyColumns { term: self.label.clone(), columns, most }) }
    }

    /// Whether what was read from a file can be used.
    pub(crate) fn is_sound(&self) -> bool {
        let distinct = self.levels.iter().collect::<BTreeSet<_>>().len() == self.levels.len();
        let source = match &self.source {
            Source::Column(_) => true,
            Source::Numbers(node) => node.n_cols() == Some(1),
            Source::Truth(node) => node.n_cols() == Some(1) && self.levels.len() == 2,
        };
        let columns = self.columns.is_none_or(|columns| (1..self.levels.len()).contains(&columns));
        distinct && source && columns && self.base < self.levels.len().max(1)
    }

    /// The number of columns of contrasts.
    pub(crate) fn n_contrasts(&self) -> usize {
        self.columns.unwrap_or(self.levels.len() - 1)
    }

    /// The reference level, if the columns are zeros and ones.
    pub(crate) fn reference(&self) -> Option<usize> {
        (self.contrasts == Contrasts::Treatment && self.columns.is_none()).then_some(self.base)
    }

    /// The contrasts, levels × columns, column-major.
    pub(crate) fn matrix(&self) -> Vec<f64> {
        let mut matrix = self.contrasts.matrix(self.levels.len(), self.base);
        matrix.truncate(self.levels.len() * self.n_contrasts());
        matrix
    }

    /// The names of its columns.
    pub(crate) fn names(&self, full: bool) -> Vec<String> {
        let suffixes = match (full, self.numbered && self.contrasts == Contrasts::Treatment) {
            (true, _) => self.levels.clone(),
            (false, false) => self.contrasts.suffixes(&self.levels, self.base),
            (false, true) => {
                let numbers: Vec<String> = (1..=self.levels.len()).map(|number| number.to_string()).collect();
                self.contrasts.suffixes(&numbers, self.base)
            }
        };
        let columns = if full { self.levels.len() } else { self.n_contrasts() };
        suffixes.into_iter().take(columns).map(|suffix| format!("{}{suffix}", self.label)).collect()
    }

    /// The columns of the table that it needs, and whether as numbers.
    pub(crate) fn inputs(&self, add: &mut impl FnMut(&str, bool)) {
        match &self.source {
            Source::Column(name) => add(name, false),
            Source::Numbers(node) | Source::Truth(node) => node.inputs(add),
        }
    }

    /// How many expressions stand inside each other.
    pub(crate) fn depth(&self) -> usize {
        match &self.source {
            Source::Column(_) => 0,
            Source::Numbers(node) | Source::Truth(node) => node.depth(),
        }
    }

    /// The column that it is, if it is one.
    pub(crate) fn column(&self) -> Option<&str> {
        match &self.source {
            Source::Column(name) => Some(name),
            _ => None,
        }
    }

    /// The code of each used row, [`MISSING`] where the value is missing or counts so; borrowed if the table has the
    /// same levels.
    pub(crate) fn codes<'a>(&self, view: &View<'a>, unseen: Unseen) -> Result<Cow<'a, [u32]>, Error> {
        let unseen = self.policy(unseen);
        match &self.source {
            Source::Column(name) => match view.column(name)? {
                Column::Categories(factor) if factor.levels == self.levels => {
                    Ok(view.take(Cow::Borrowed(&factor.codes)))
                }
                Column::Categories(factor) => {
                    let places = self.places();
                    let known: Vec<Option<u32>> =
                        factor.levels.iter().map(|level| places.get(level.as_str()).copied()).collect();
                    let code = |row: usize, code: u32| match known.get(code as usize) {
                        None => Ok(MISSING),
                        Some(Some(code)) => Ok(*code),
                        Some(None) => self.unseen(row, level(factor, row).unwrap_or_default(), unseen),
                    };
                    let codes = view.take(Cow::Borrowed(&factor.codes));
                    codes.iter().enumerate().map(|(i, old)| code(view.row(i), *old)).collect()
                }
                Column::Numbers(_) => self.codes_of(&view.numbers(name)?, view, unseen),
            },
            Source::Numbers(node) => self.codes_of(&node.evaluate(view)?.single(view.n_rows()), view, unseen),
            Source::Truth(node) => {
                let truth = |x: &f64| if x.is_nan() { MISSING } else { u32::from(*x != 0.0) };
                let value: Value<'a> = node.evaluate(view)?;
                Ok(value.single(view.n_rows()).iter().map(truth).collect())
            }
        }
    }

    /// What is done with values that are no level.
    pub(crate) fn policy(&self, unseen: Unseen) -> Unseen {
        if self.listed { Unseen::Missing } else { unseen }
    }

    /// The codes of numbers, by their texts.
    fn codes_of<'a>(&self, values: &[f64], view: &View<'_>, unseen: Unseen) -> Result<Cow<'a, [u32]>, Error> {
        let places = self.places();
        let mut known: HashMap<u64, u32> = HashMap::new();
        let code = |(i, value): (usize, &f64)| {
            if value.is_nan() {
                return Ok(MISSING);
            }
            if let Some(code) = known.get(&value.to_bits()) {
                return Ok(*code);
            }
            let text = text(*value);
            let code = match places.get(text.as_str()) {
                Some(code) => *code,
                None => self.unseen(view.row(i), &text, unseen)?,
            };
            known.insert(value.to_bits(), code);
            Ok(code)
        };
        values.iter().enumerate().map(code).collect()
    }

    fn places(&self) -> HashMap<&str, u32> {
        (0..).zip(&self.levels).map(|(code, level)| (level.as_str(), code)).collect()
    }

    fn unseen(&self, row: usize, level: &str, policy: Unseen) -> Result<u32, Error> {
        match policy {
            Unseen::Missing => Ok(MISSING),
            Unseen::Error => {
                let (column, levels) = (self.label.clone(), self.levels.clone());
                Err(Error::UnseenLevel { column, row, level: level.to_owned(), levels })
            }
        }
    }
}

/// The texts of the distinct numbers, ascending.
fn distinct(values: &[f64]) -> Vec<String> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    let mut texts: Vec<String> = sorted.into_iter().map(text).collect();
    texts.dedup();
    texts
}

/// A number as the name of a level: whole numbers up to 2³¹ in digits, as R prints integers, others as R prints numbers.
pub(crate) fn text(value: f64) -> String {
    if value.trunc().to_bits() == value.to_bits() && value.abs() < f64::from(i32::MAX) {
        format!("{}", value + 0.0)
    } else {
        number(value)
    }
}
