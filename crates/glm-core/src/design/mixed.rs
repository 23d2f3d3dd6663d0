//! Numbers beside categories: a design whose category columns are never written out.

mod block;
mod categories;
mod cells;
mod passes;
mod runs;
mod term;

pub use categories::Categories;
pub use term::Term;

use std::ops::Range;

use crate::rows::group_rows;
use crate::{Design, Error, Gram, GramLayout, Precision, Work};
pub(crate) use block::Block;
use categories::NONE;

/// An intercept, columns of numbers, factors and their interactions, term by term.
///
/// Numbers and codes stay where they are. A row is in one column of a factor, or in none, so that it costs one look-up
/// in η, one addition in the gradient and one for each pair of terms in the Gram, whatever the number of levels.
///
/// ```
/// use glm_core::{Categories, Design, Mixed, Term};
/// let (age, sex) = ([23.0, 41.0, 35.0, 62.0], [0, 1, 1, 0]);
/// let sex = Categories::treatment(&sex, 2)?;
/// let design = Mixed::new(4).intercept().term(&age)?.term(&sex)?.term(Term::from(&age).by(&sex))?;
/// let mut x = [0.0; 16];
/// design.dense(0..4, &mut x);
/// assert_eq!(x[8..], [0.0, 1.0, 1.0, 0.0, 0.0, 41.0, 35.0, 0.0]);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Mixed<'a> {
    n_rows: usize,
    intercept: bool,
    terms: Vec<Placed<'a>>,
}

/// A term and its first column, the intercept not counted.
#[derive(Debug, Clone, PartialEq)]
struct Placed<'a> {
    first: usize,
    n_cols: usize,
    term: Term<'a>,
}

impl<'a> Mixed<'a> {
    /// No column yet.
    #[must_use]
    pub fn new(n_rows: usize) -> Self {
        Self { n_rows, intercept: false, terms: Vec::new() }
    }

    /// With an intercept, which is column 0.
    #[must_use]
    pub fn intercept(mut self) -> Self {
        self.intercept = true;
        self
    }

    /// With a further term: a column of numbers, [`Categories`], or an interaction.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] with the row and, as column, the number of terms before; [`Error::LengthMismatch`];
    /// [`Error::NoRows`]; [`Error::InvalidParameter`] for an interaction of 2³² columns.
    pub fn term(mut self, term: impl Into<Term<'a>>) -> Result<Self, Error> {
        let term = term.into();
        if self.n_rows == 0 {
            return Err(Error::NoRows);
        }
        term.check(self.n_rows, self.terms.len())?;
        let first = self.terms.last().map_or(0, |last| last.first + last.n_cols);
        self.terms.push(Placed { first, n_cols: term.n_cols(), term });
        Ok(self)
    }

    /// The columns of the design that each term has.
    pub fn columns_of_terms(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.placed().map(|(_, columns)| columns)
    }

    fn n_columns(&self) -> usize {
        usize::from(self.intercept) + self.terms.last().map_or(0, |last| last.first + last.n_cols)
    }

    fn placed(&self) -> impl Iterator<Item = (&Term<'a>, Range<usize>)> {
        let shift = usize::from(self.intercept);
        self.terms.iter().map(move |Placed { first, n_cols, term }| (term, shift + first..shift + first + n_cols))
    }

    /// The terms that are coded, on these rows.
    fn coded(&self, rows: &Range<usize>) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.read_codes(rows, &mut blocks);
        blocks
    }

    /// Reads them in place of others.
    pub(crate) fn read_codes(&self, rows: &Range<usize>, blocks: &mut Vec<Block>) {
        let coded = || self.placed().filter(|(term, _)| term.is_coded());
        blocks.resize_with(coded().count(), Block::default);
        blocks.iter_mut().zip(coded()).for_each(|(block, (term, columns))| block.read(term, columns, rows.clone()));
    }

    /// The terms that are not.
    fn written(&self) -> impl Iterator<Item = (&Term<'a>, Range<usize>)> {
        self.placed().filter(|(term, _)| !term.is_coded())
    }

    /// The terms that are a column of numbers, and which column of the design that is.
    fn numbers(&self) -> impl Iterator<Item = (&'a [f64], usize)> {
        self.placed().filter_map(|(term, columns)| Some((term.column()?, columns.start)))
    }

    /// The columns that are written out, block by block.
    fn written_columns(&self) -> Vec<usize> {
        self.intercept.then_some(0).into_iter().chain(self.written().flat_map(|(_, columns)| columns)).collect()
    }

    /// Elements of a row that are other than zero, at most.
    fn entries(&self) -> usize {
        self.written_columns().len() + self.terms.iter().filter(|placed| placed.term.is_coded()).count()
    }
}

impl Design for Mixed<'_> {
    fn n_rows(&self) -> usize {
        self.n_rows
    }
    fn n_cols(&self) -> usize {
        self.n_columns()
    }
    fn has_intercept(&self) -> bool {
        self.intercept
    }
    fn gram_layout(&self) -> GramLayout {
        let coded = self.placed().filter(|(term, _)| term.is_coded());
        GramLayout::Exclusive(coded.map(|(_, columns)| columns).collect())
    }
    fn indicators(&self) -> Vec<Range<usize>> {
        let factors = self.placed().filter(|(term, _)| term.is_coded() && !term.has_numbers());
        factors.map(|(_, columns)| columns).collect()
    }
    fn rows_per_group(&self) -> usize {
        group_rows(self.gram_layout().n_elements(self.n_columns()), self.entries())
    }
    /// 1.5 was measured of nine elements, three of them categories.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    fn gram_cost(&self) -> f64 {
        self.entries() as f64 / 6.0
    }
    fn dense(&self, rows: Range<usize>, out: &mut [f64]) {
        let m = rows.len();
        let (ones, mut rest) = out.split_at_mut(m * usize::from(self.intercept));
        ones.fill(1.0);
        for (term, columns) in self.placed() {
            let (own, others) = rest.split_at_mut(m * columns.len());
            if term.is_coded() {
                own.fill(0.0);
                let mut block = Block::default();
                block.read(term, columns, rows.clone());
                for (i, place) in block.places.iter().enumerate().filter(|(_, place)| **place != NONE) {
                    own[*place as usize * m + i] = block.number(i);
                }
            } else {
                term.write(rows.clone(), own);
            }
            rest = others;
        }
    }
    fn add_eta(&self, rows: Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        match work.precision {
            Precision::Plain => self.add_eta_plain(&rows, params, eta, work),
            Precision::Compensated => self.add_eta_compensated(&rows, params, eta, work),
        }
    }
    fn add_gradient(&self, rows: Range<usize>, slope: &[f64], gradient: &mut [f64], work: &mut Work) {
        match work.precision {
            Precision::Plain => self.add_gradient_plain(&rows, slope, gradient, work),
            Precision::Compensated => self.add_gradient_compensated(&rows, slope, gradient, work),
        }
    }
    fn add_gram(&self, rows: Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        self.add_cells(&rows, weight, gram, work);
    }
    fn quadratic(&self, rows: Range<usize>, v: &[f64], out: &mut [f64], work: &mut Work) {
        self.forms(&rows, v, out, work);
    }
}
