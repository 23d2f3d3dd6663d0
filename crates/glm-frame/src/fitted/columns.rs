//! The columns of a design on a table: borrowed from it where they are its own, made where an expression makes them.

use std::borrow::Cow;

use glm_core::{Categories, Dense, Design, Mixed, Term};

use super::FittedDesign;
use super::coding::FittedTerm;
use super::response::{FittedResponse, ResponseData};
use super::rows::Rows;
use crate::category::Category;
use crate::variable::Variable;
use crate::view::View;
use crate::{Error, Frame};

/// Columns, offset and response on the rows that are used.
///
/// Plain columns of numbers and codes of categories stay where they are unless rows are left out; categories are never
/// expanded, except in an interaction with a basis that stands before them, where R's order of columns asks for it.
#[derive(Debug, Clone)]
pub struct Columns<'a> {
    view: View<'a>,
    omitted: Vec<usize>,
    intercept: bool,
    numbers: Vec<Cow<'a, [f64]>>,
    codes: Vec<Cow<'a, [u32]>>,
    blocks: Vec<Block>,
    offset: Option<Vec<f64>>,
    response: Option<ResponseData<'a>>,
}

/// Adjacent columns of a design: the product of numbers, by the columns of categories.
#[derive(Debug, Clone)]
struct Block {
    /// Places among the columns of numbers.
    numbers: Vec<usize>,
    categories: Vec<Coded>,
}

/// A category as it stands in a term.
#[derive(Debug, Clone)]
struct Coded {
    /// Its place among the codes.
    codes: usize,
    levels: usize,
    coding: Coding,
}

#[derive(Debug, Clone)]
enum Coding {
    /// A column for each level.
    Full,
    /// A column for each level but this.
    Treatment(usize),
    /// Levels × columns.
    Matrix(Vec<f64>),
}

impl Coded {
    fn new(category: &Category, full: bool, codes: usize) -> Self {
        let coding = match category.reference() {
            _ if full => Coding::Full,
            Some(reference) => Coding::Treatment(reference),
            None => Coding::Matrix(category.matrix()),
        };
        Self { codes, levels: category.levels.len(), coding }
    }

    fn categories<'c>(&self, codes: &'c [u32]) -> Result<Categories<'c>, glm_core::Error> {
        match &self.coding {
            Coding::Full => Categories::full(codes, self.levels),
            Coding::Treatment(reference) => Categories::treatment_against(codes, self.levels, *reference),
            Coding::Matrix(matrix) => Categories::with_contrasts(codes, self.levels, matrix),
        }
    }

    /// The values of a column at the levels.
    fn column(&self, column: usize) -> Vec<f64> {
        let one_at = |place: usize| (0..self.levels).map(|level| f64::from(u8::from(level == place))).collect();
        match &self.coding {
            Coding::Full => one_at(column),
            Coding::Treatment(reference) => one_at(column + usize::from(column >= *reference)),
            Coding::Matrix(matrix) => matrix[column * self.levels..][..self.levels].to_vec(),
        }
    }
}

impl<'a> Columns<'a> {
    pub(super) fn build(
        fitted: &FittedDesign,
        frame: &'a Frame,
        rows: Rows,
        response: Option<&FittedResponse>,
    ) -> Result<Self, Error> {
        let view = View::without(frame, &rows.omitted);
        let unseen = fitted.saved.options.unseen;
        let mut builder = Builder { view: &view, numbers: Vec::new(), codes: Vec::new(), blocks: Vec::new() };
        let mut parts = Vec::new();
        for variable in &fitted.saved.variables {
            parts.push(match variable {
                Variable::Quantity(quantity) => {
                    let first = builder.numbers.len();
                    builder.numbers.extend(quantity.columns(&view)?);
                    Part::Numbers((first..builder.numbers.len()).collect())
                }
                Variable::Category(category) => {
                    builder.codes.push(category.codes(&view, unseen)?);
                    Part::Codes(category, builder.codes.len() - 1)
                }
            });
        }
        fitted.saved.terms.iter().for_each(|term| builder.term(term, &parts));
        let Builder { numbers, codes, blocks, .. } = builder;
        let mut offset: Option<Vec<f64>> = None;
        for quantity in &fitted.saved.offsets {
            let own = quantity.column(&view)?;
            let sum = offset.get_or_insert_with(|| vec![0.0; own.len()]);
            sum.iter_mut().zip(&*own).for_each(|(sum, own)| *sum += own);
        }
        let response = response.map(|response| response.data(&view, unseen)).transpose()?;
        let intercept = fitted.saved.intercept;
        Ok(Self { view, omitted: rows.omitted, intercept, numbers, codes, blocks, offset, response })
    }

    /// The design: [`Mixed`] if it has categories, [`Dense`] otherwise; both borrow.
    ///
    /// # Errors
    ///
    /// [`Error::Design`] without any row or column.
    pub fn design(&self) -> Result<Box<dyn Design + '_>, Error> {
        if self.blocks.iter().all(|block| block.categories.is_empty()) {
            let columns: Vec<&[f64]> = self.blocks.iter().map(|block| &*self.numbers[block.numbers[0]]).collect();
            return Ok(match (self.intercept, columns.is_empty()) {
                (true, true) => Box::new(Dense::intercept_only(self.n_rows())?),
                (true, false) => Box::new(Dense::with_intercept(columns)?),
                (false, _) => Box::new(Dense::without_intercept(columns)?),
            });
        }
        let mut design = Mixed::new(self.n_rows());
        if self.intercept {
            design = design.intercept();
        }
        for block in &self.blocks {
            let mut term: Option<Term<'_>> = None;
            for place in &block.numbers {
                let own = Term::from(&*self.numbers[*place]);
                term = Some(term.map_or(own.clone(), |term| term.by(own)));
            }
            for category in &block.categories {
                let own = Term::from(category.categories(&self.codes[category.codes])?);
                term = Some(term.map_or(own.clone(), |term| term.by(own)));
            }
            if let Some(term) = term {
                design = design.term(term)?;
            }
        }
        Ok(Box::new(design))
    }

    /// The number of rows that are used.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.view.n_rows()
    }

    /// The rows of the table that are left out, ascending.
    #[must_use]
    pub fn omitted(&self) -> &[usize] {
        &self.omitted
    }

    /// The row of the table that a used row is.
    #[must_use]
    pub fn row(&self, used: usize) -> usize {
        self.view.row(used)
    }

    /// The sum of the offsets, where there are any.
    #[must_use]
    pub fn offset(&self) -> Option<&[f64]> {
        self.offset.as_deref()
    }

    /// The response, where it was asked for.
    #[must_use]
    pub fn response(&self) -> Option<&ResponseData<'a>> {
        self.response.as_ref()
    }

    /// Another column of the table, such as weights, on the rows that are used.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`], [`Error::NotNumbers`]; [`Error::NotFinite`] where it is missing or infinite.
    pub fn numbers(&self, name: &str) -> Result<Cow<'a, [f64]>, Error> {
        let values = self.view.numbers(name)?;
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(values),
            Some(at) => {
                Err(Error::NotFinite { expression: name.to_owned(), row: self.view.row(at), value: values[at] })
            }
        }
    }
}

/// Where a variable's columns are.
enum Part<'c> {
    Numbers(Vec<usize>),
    Codes(&'c Category, usize),
}

/// What is multiplied to make a column: columns of numbers, and for codes what a category has at its levels.
#[derive(Debug, Clone, Default)]
struct Factors {
    numbers: Vec<usize>,
    levels: Vec<(usize, Vec<f64>)>,
}

impl Factors {
    fn by_numbers(&self, column: usize) -> Self {
        let mut product = self.clone();
        product.numbers.push(column);
        product
    }

    fn by_levels(&self, codes: usize, values: Vec<f64>) -> Self {
        let mut product = self.clone();
        product.levels.push((codes, values));
        product
    }
}

struct Builder<'a, 'v> {
    view: &'v View<'a>,
    numbers: Vec<Cow<'a, [f64]>>,
    codes: Vec<Cow<'a, [u32]>>,
    blocks: Vec<Block>,
}

impl Builder<'_, '_> {
    /// Adds the columns of a term in R's order, the first variable's running fastest.
    fn term(&mut self, term: &FittedTerm, parts: &[Part<'_>]) {
        let mut categories = Vec::new();
        // From the first variable of several columns of numbers on, each combination of columns is a block of its own.
        let mut blocks = vec![Factors::default()];
        let mut wide = false;
        for (place, full) in &term.variables {
            blocks = match &parts[*place] {
                Part::Numbers(columns) => {
                    wide |= columns.len() > 1;
                    let with = |column| blocks.iter().map(move |block: &Factors| block.by_numbers(column));
                    columns.iter().flat_map(|column| with(*column)).collect()
                }
                Part::Codes(category, codes) => {
                    let coded = Coded::new(category, *full, *codes);
                    if !wide {
                        categories.push(coded);
                        continue;
                    }
                    let columns = if *full { category.levels.len() } else { category.n_contrasts() };
                    let with = |column| blocks.iter().map(move |block| (block, column));
                    (0..columns)
                        .flat_map(with)
                        .map(|(block, column)| block.by_levels(*codes, coded.column(column)))
                        .collect()
                }
            };
        }
        for Factors { numbers, levels } in blocks {
            let written = !levels.is_empty() || (categories.is_empty() && numbers.len() > 1);
            let numbers = if written { vec![self.product(&numbers, &levels)] } else { numbers };
            self.blocks.push(Block { numbers, categories: categories.clone() });
        }
    }

    /// The place of a new column, the product of columns and of what categories have at their levels.
    fn product(&mut self, numbers: &[usize], levels: &[(usize, Vec<f64>)]) -> usize {
        let mut product = vec![1.0; self.view.n_rows()];
        for place in numbers {
            product.iter_mut().zip(&*self.numbers[*place]).for_each(|(product, x)| *product *= x);
        }
        for (codes, values) in levels {
            let codes = self.codes[*codes].iter();
            product.iter_mut().zip(codes).for_each(|(product, code)| *product *= values[*code as usize]);
        }
        self.numbers.push(Cow::Owned(product));
        self.numbers.len() - 1
    }
}
