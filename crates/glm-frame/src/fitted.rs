//! A design that was learnt from a formula and a table, and that builds the same columns for other tables.

mod coding;
mod columns;
mod learning;
mod response;
mod rows;
mod saved;

pub use columns::Columns;
pub use response::ResponseData;

use serde::{Deserialize, Serialize};

use crate::category::text;
use crate::{Error, Formula, Frame, Options, Unseen};
use response::FittedResponse;
use rows::Rows;
use saved::Saved;

/// What a formula learnt from data: levels, contrasts, knots, recurrences, means; and nothing of the data themselves.
///
/// It serialises, and builds bit-identical columns afterwards.
///
/// ```
/// use glm_core::Design;
/// use glm_frame::{Column, Factor, FittedDesign, Formula, Frame, Options};
/// let sex = Factor { codes: vec![0, 1, 1, 0], levels: vec!["f".into(), "m".into()], ordered: false, contrasts: None };
/// let frame = Frame::new(vec![
///     ("y".into(), Column::Numbers(vec![1.0, 2.0, 4.0, 3.0])),
///     ("x".into(), Column::Numbers(vec![1.0, 2.0, 3.0, 5.0])),
///     ("sex".into(), Column::Categories(sex)),
/// ])?;
/// let formula = Formula::parse("y ~ sqrt(x) * sex")?;
/// let (fitted, columns) = FittedDesign::learn(&formula, &frame, &Options::default())?;
/// assert_eq!(fitted.names(), ["(Intercept)", "sqrt(x)", "sexm", "sqrt(x):sexm"]);
/// let mut x = [0.0; 4];
/// columns.design()?.dense(2..3, &mut x);
/// assert_eq!(x, [1.0, 3f64.sqrt(), 1.0, 3f64.sqrt()]);
/// # Ok::<(), glm_frame::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct FittedDesign {
    saved: Saved,
    /// The columns' names, and for each the number of its term from one, the intercept's being zero.
    names: Vec<String>,
    assign: Vec<usize>,
}

/// A column of a table that a design needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Whether it has to be numbers; otherwise categories, or numbers whose texts are the levels.
    pub numbers: bool,
    /// The levels in their order, where the column itself is a category of the design.
    pub levels: Option<Vec<String>>,
    /// Whether predictions need it too, not only fits.
    pub predicts: bool,
}

impl Input {
    /// Whether the column can be read as numbers: it has to be, or its levels are what numbers are called, so that `01` and
    /// `1.0` in a file are the level `1` as they were where the levels were learnt from numbers.
    #[must_use]
    pub fn reads_as_numbers(&self) -> bool {
        let is_called =
            |level: &String| level.parse().is_ok_and(|value: f64| value.is_finite() && text(value) == *level);
        self.numbers || self.levels.as_ref().is_some_and(|levels| levels.iter().all(is_called))
    }
}

impl FittedDesign {
    /// Learns from a table, and builds its columns there.
    ///
    /// Knots, recurrences and means come from all rows in which their variable is there, as in R; levels that no row has
    /// after rows with missing values are omitted are dropped, as R's `glm` drops them.
    ///
    /// # Errors
    ///
    /// [`Error::Formula`] with a caret for what the formula asks and the table does not have;
    /// [`Error::MissingValues`], [`Error::NoCompleteRows`], [`Error::NotFinite`], [`Error::OneLevel`],
    /// [`Error::TooManyColumns`]; [`Error::NoColumn`] and [`Error::NotNumbers`] for columns of the options.
    pub fn learn<'a>(formula: &Formula, frame: &'a Frame, options: &Options) -> Result<(Self, Columns<'a>), Error> {
        let (fitted, rows) = learning::learn(formula, frame, options)?;
        let columns = Columns::build(&fitted, frame, rows, fitted.saved.response.as_ref())?;
        Ok((fitted, columns))
    }

    /// The columns of predictors and the offset for other data, or for a part of them. Rows with missing values are left
    /// out and listed; a response is not needed.
    ///
    /// # Errors
    ///
    /// [`Error::UnseenLevel`] unless such rows count as missing; [`Error::NoColumn`], [`Error::NotNumbers`],
    /// [`Error::NotFinite`].
    pub fn columns<'a>(&self, frame: &'a Frame) -> Result<Columns<'a>, Error> {
        Columns::build(self, frame, Rows::of(self, frame, false)?, None)
    }

    /// The columns and the response of other data, by the policy for missing values that the design was learnt with.
    ///
    /// # Errors
    ///
    /// As [`columns`](Self::columns); [`Error::NoResponse`]; [`Error::MissingValues`] and [`Error::NoCompleteRows`].
    pub fn columns_and_response<'a>(&self, frame: &'a Frame) -> Result<Columns<'a>, Error> {
        let response = self.saved.response.as_ref().ok_or(Error::NoResponse)?;
        let rows = Rows::of(self, frame, true)?.allowed(self.saved.options.missing, frame.n_rows())?;
        Columns::build(self, frame, rows, Some(response))
    }

    /// With another policy for levels that the data of the fit did not have.
    #[must_use]
    pub fn with_unseen(mut self, unseen: Unseen) -> Self {
        self.saved.options.unseen = unseen;
        self
    }

    /// The formula as it was given.
    #[must_use]
    pub fn formula(&self) -> &str {
        &self.saved.formula
    }

    /// How it was learnt.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.saved.options
    }

    /// The names of the columns, R's; that of an intercept is `(Intercept)`.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// For each column the number of its term, counted from one; the intercept's is zero (R's `assign`).
    #[must_use]
    pub fn assign(&self) -> &[usize] {
        &self.assign
    }

    /// The labels of the terms.
    #[must_use]
    pub fn term_labels(&self) -> Vec<&str> {
        self.saved.terms.iter().map(|term| term.label.as_str()).collect()
    }

    /// For each term the labels of its variables, which says what is marginal to what.
    #[must_use]
    pub fn term_variables(&self) -> Vec<Vec<&str>> {
        let label = |(place, _): &(usize, bool)| self.saved.variables[*place].label();
        self.saved.terms.iter().map(|term| term.variables.iter().map(label).collect()).collect()
    }

    /// Whether there is an intercept, which is column 0.
    #[must_use]
    pub fn has_intercept(&self) -> bool {
        self.saved.intercept
    }

    /// Whether anything is added to the linear predictor: `offset()`, or the offset or exposure of the options.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        !self.saved.offsets.is_empty()
    }

    /// The response as R calls it, where there is one.
    #[must_use]
    pub fn response_label(&self) -> Option<&str> {
        self.saved.response.as_ref().map(FittedResponse::label)
    }

    /// The levels of a response of classes.
    #[must_use]
    pub fn response_levels(&self) -> Option<&[String]> {
        match self.saved.response.as_ref()? {
            FittedResponse::Classes(category) => Some(&category.levels),
            _ => None,
        }
    }

    /// The columns of a table that it needs, in the order of the formula, each once.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let mut inputs: Vec<Input> = Vec::new();
        let mut add = |name: &str, numbers: bool, levels: Option<&[String]>, predicts: bool| {
            let place = inputs.iter().position(|input| input.name == name).unwrap_or_else(|| {
                inputs.push(Input { name: name.to_owned(), numbers: false, levels: None, predicts: false });
                inputs.len() - 1
            });
            let input = &mut inputs[place];
            input.numbers |= numbers;
            input.predicts |= predicts;
            input.levels = levels.map(<[String]>::to_vec).or(input.levels.take());
        };
        if let Some(response) = &self.saved.response {
            let levels = response.category().map(|category| &category.levels[..]);
            response.inputs(&mut |name, numbers| add(name, numbers, levels.filter(|_| !numbers), false));
        }
        for variable in &self.saved.variables {
            let category = variable.category();
            variable.inputs(&mut |name, numbers| {
                let own = category.filter(|category| category.column() == Some(name));
                add(name, numbers, own.map(|category| &category.levels[..]), true);
            });
        }
        self.saved.offsets.iter().for_each(|offset| offset.inputs(&mut |name, numbers| add(name, numbers, None, true)));
        self.saved.options.complete.iter().for_each(|name| add(name, false, None, false));
        inputs
    }
}
