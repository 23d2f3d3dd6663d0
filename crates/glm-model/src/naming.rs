//! Errors of the solvers in the words of the user: terms for columns, lines of the file for rows.

use glm_core::Error as Core;
use glm_frame::{Columns, Frame, Place};
use glm_solvers::{Error as Solver, Fit, Towards};

use crate::rows::place;
use crate::{Error, Offender, Summary, Unfinished};

/// Rows that an error names.
const ROWS: usize = 20;

/// What the words are made of.
pub(crate) struct Names<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) columns: &'a Columns<'a>,
    /// Of the coefficients, predictor by predictor.
    pub(crate) terms: &'a [String],
    /// The response as the formula has it.
    pub(crate) response: &'a str,
    pub(crate) weights: Option<&'a str>,
    pub(crate) levels: Option<&'a [String]>,
    /// Describes a fit that is not a result.
    pub(crate) describe: &'a dyn Fn(&Fit) -> Result<Summary, Error>,
}

impl Names<'_> {
    pub(crate) fn solver(&self, error: Solver) -> Error {
        match error {
            Solver::Input(error) => self.input(error),
            Solver::NotConverged(fit) => Error::NotConverged {
                solver: fit.solver.to_owned(),
                reason: fit.certificate.outcome.to_string(),
                best: (self.describe)(&fit).ok().map(Box::new),
            },
            Solver::Separation(found) => {
                let term = |(column, towards): &(usize, Towards)| Offender {
                    term: self.term(*column),
                    to_plus_infinity: *towards == Towards::PlusInfinity,
                };
                let terms = found.columns.iter().map(term).collect();
                self.unfinished(&found.best, terms, &found.rows, found.direction, found.complete)
                    .map_or_else(|error| error, |unfinished| Error::Separation { unfinished })
            }
            Solver::Boundary(found) => {
                let rows: Vec<usize> = found.active.iter().map(|active| active.row).collect();
                self.unfinished(&found.fit, Vec::new(), &rows, Vec::new(), false)
                    .map_or_else(|error| error, |unfinished| Error::Boundary { unfinished })
            }
            Solver::Infeasible { response, rows } => Error::Infeasible { response, rows: self.places(&rows) },
            Solver::FractionalFrequency { row, value } => {
                self.value(row, self.weight(), value, "a frequency is a whole number below 2^53".to_owned())
            }
            Solver::EmptyClass { class, .. } => {
                let level = self.levels.and_then(|levels| levels.get(class)).map_or("?", String::as_str);
                Error::Response {
                    response: self.response.to_owned(),
                    family: "multinomial".to_owned(),
                    needed: "rows of positive weight in each class",
                    found: format!("without any of the class `{level}`"),
                    advice: "leave out the rows of that class",
                }
            }
            error => Error::Solver(Box::new(error)),
        }
    }

    pub(crate) fn input(&self, error: Core) -> Error {
        match error {
            Core::OutsideSupport { row, value, support, family } => {
                self.value(row, format!("the response `{}`", self.response), value, needs(&family, support))
            }
            Core::NegativeWeight { row, value } => {
                self.value(row, self.weight(), value, "weights are zero or positive".to_owned())
            }
            Core::NotFinite { what, row, value, .. } if row < self.columns.n_rows() => {
                let what = if what == "y" { format!("the response `{}`", self.response) } else { what.to_owned() };
                self.value(row, what, value, "only finite numbers can be fitted".to_owned())
            }
            Core::LengthMismatch { what: "start", expected, found } => {
                let message = format!("{found} starting values for {expected} coefficients; give one for each");
                Error::Usage { message }
            }
            error @ (Core::UnknownName { .. } | Core::InvalidPair { .. } | Core::InvalidParameter { .. }) => {
                Error::Name(error)
            }
            error => Error::Input(error),
        }
    }

    fn weight(&self) -> String {
        self.weights.map_or_else(|| "the number of trials".to_owned(), |name| format!("the weight `{name}`"))
    }

    fn value(&self, row: usize, what: String, value: f64, advice: String) -> Error {
        Error::Value { place: Box::new(place(self.frame, self.columns, row)), what, value, advice }
    }

    pub(crate) fn term(&self, place: usize) -> String {
        self.terms.get(place).cloned().unwrap_or_else(|| format!("coefficient {place}"))
    }

    pub(crate) fn places(&self, rows: &[usize]) -> Vec<Place> {
        rows.iter().take(ROWS).map(|row| place(self.frame, self.columns, *row)).collect()
    }

    fn unfinished(
        &self,
        best: &Fit,
        terms: Vec<Offender>,
        rows: &[usize],
        direction: Vec<f64>,
        complete: bool,
    ) -> Result<Box<Unfinished>, Error> {
        Ok(Box::new(Unfinished {
            response: best.response.clone(),
            complete,
            terms,
            direction,
            rows: self.places(rows),
            n_rows: rows.len(),
            n_used: best.n_used,
            best: Box::new((self.describe)(best)?),
        }))
    }
}

/// What a family needs of a response.
pub(crate) fn needs(family: &str, support: glm_core::Interval) -> String {
    let counts = "; write counts as cbind(successes, failures), or a share with the column of trials";
    format!("{family} needs values in {support}{}", if family == "binomial" { counts } else { "" })
}
