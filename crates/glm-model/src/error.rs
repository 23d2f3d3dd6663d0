//! Why there is no model: what is wrong with the data, the formula, a name or a setting, or why there is no fit.

use std::fmt;
use std::path::PathBuf;

use glm_frame::Place;
use serde_json::{Value, json};

use crate::Summary;

/// Everything that this crate can refuse or fail at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data, the formula, or both.
    #[error(transparent)]
    Data(#[from] glm_frame::Error),
    /// A value of a row.
    #[error("{place}: {what} is {value}; {advice}")]
    Value {
        /// Where.
        place: Box<Place>,
        /// The response, a weight, an offset.
        what: String,
        /// The value there.
        value: f64,
        /// What is allowed, or what to do.
        advice: String,
    },
    /// A response that the family cannot have.
    #[error("{family} needs {needed}, and `{response}` is {found}; {advice}")]
    Response {
        /// The response as the formula has it.
        response: String,
        /// The family.
        family: String,
        /// What the family needs.
        needed: &'static str,
        /// What the response is.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// Input that is wrong as a whole.
    #[error(transparent)]
    Input(glm_core::Error),
    /// A name of a family, link or activation that is not known, or a parameter of one that is not allowed.
    #[error(transparent)]
    Name(glm_core::Error),
    /// A name of a choice that is not known.
    #[error("there is no {kind} called `{name}`; there are: {known}")]
    UnknownChoice {
        /// What it is to name.
        kind: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Settings that cannot be, alone or together.
    #[error("{message}")]
    Usage {
        /// What is wrong and what to do.
        message: String,
    },
    /// Something that can be asked for and is not built.
    #[error("{what} is not built yet; {advice}")]
    NotBuilt {
        /// What was asked for.
        what: String,
        /// What to do instead.
        advice: &'static str,
    },
    /// The likelihood has no finite maximum.
    #[error(
        "the data are {} separated, so the likelihood has no finite maximum: {} ({} of {} rows are predicted perfectly); \
         use bias reduction, leave a term out, or merge sparse categories",
        if unfinished.complete { "completely" } else { "quasi-completely" }, list(&unfinished.terms),
        unfinished.n_rows, unfinished.n_used
    )]
    Separation {
        /// The terms, rows, direction and the last iterate.
        unfinished: Box<Unfinished>,
    },
    /// The maximum lies on the edge of the domain.
    #[error(
        "the maximum of {} lies on the edge of its domain, where the means of {} rows have no variance, the first at \
         {}; Wald standard errors do not hold there, and a link whose means cannot leave the domain has an interior \
         maximum", unfinished.response, unfinished.n_rows, places(&unfinished.rows)
    )]
    Boundary {
        /// The rows on the edge and the estimate.
        unfinished: Box<Unfinished>,
    },
    /// No coefficients give every row a mean inside its domain.
    #[error(
        "no coefficients give every mean of {response} a value inside its domain: already {} contradict each other; \
         choose a link whose means cannot leave it, or look at the offset",
        places(rows)
    )]
    Infeasible {
        /// The response's name.
        response: String,
        /// Rows that contradict each other.
        rows: Vec<Place>,
    },
    /// The iteration stopped before the score was small.
    #[error("{solver} did not converge: {reason}; the best iterate is in the error")]
    NotConverged {
        /// The solver.
        solver: String,
        /// Why.
        reason: String,
        /// The best iterate, where it can be described.
        best: Option<Box<Summary>>,
    },
    /// Another refusal of the solvers.
    #[error(transparent)]
    Solver(Box<glm_solvers::Error>),
    /// A refusal of the inference.
    #[error(transparent)]
    Inference(#[from] glm_stats::Error),
    /// A refusal of the networks.
    #[error(transparent)]
    Network(Box<nn::Error>),
    /// Data in which a model does not find what it was fitted to.
    #[error(
        "these are not the data that `{formula}` was fitted to: here its {what} is {here}, and there it was {fitted}; \
         give the table of the fit"
    )]
    OtherData {
        /// The model's formula.
        formula: String,
        /// The number that differs.
        what: &'static str,
        /// What it is on these data.
        here: f64,
        /// What it was in the fit.
        fitted: f64,
    },
    /// Models of the same table that do not model the same data.
    #[error("`{first}` and `{second}` cannot be compared: they differ in {what}; fit both to the same")]
    UnlikeData {
        /// The first model's formula.
        first: String,
        /// The other's.
        second: String,
        /// In what they differ.
        what: &'static str,
    },
    /// A smaller model that is not the larger one with coefficients left out.
    #[error(
        "`{smaller}` and `{larger}` are not nested: `{term}` of the smaller is no combination of columns of the larger"
    )]
    NotWithin {
        /// The smaller model's formula.
        smaller: String,
        /// The larger one's.
        larger: String,
        /// The column that is outside.
        term: String,
    },
    /// A model with a number that its file cannot hold.
    #[error("the model cannot be saved: its {place} is {value}; bring the columns to scales between 1e-100 and 1e100")]
    NotFinite {
        /// Where in the file the number would be, as in `estimates.covariance[2]`.
        place: String,
        /// The number: infinite, or none.
        value: f64,
    },
    /// A file that is no model, or a damaged one.
    #[error("{}{what}", file.as_ref().map_or_else(String::new, |file| format!("{}: ", file.display())))]
    ModelFile {
        /// The file, if it is one.
        file: Option<PathBuf>,
        /// What is wrong with it.
        what: String,
    },
}

/// What is known where the likelihood has no maximum inside.
#[derive(Debug, Clone)]
pub struct Unfinished {
    /// The response's name.
    pub response: String,
    /// Whether every row is separated.
    pub complete: bool,
    /// The terms whose coefficients run away, and where they go.
    pub terms: Vec<Offender>,
    /// A direction of all coefficients along which the likelihood rises for ever; empty where there is none.
    pub direction: Vec<f64>,
    /// The first few of the rows that show it.
    pub rows: Vec<Place>,
    /// How many there are.
    pub n_rows: usize,
    /// Of how many.
    pub n_used: usize,
    /// The best iterate.
    pub best: Box<Summary>,
}

/// A term whose coefficient has no finite estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offender {
    /// Its name.
    pub term: String,
    /// Whether it goes to +∞, otherwise to −∞.
    pub to_plus_infinity: bool,
}

impl fmt::Display for Offender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the coefficient of `{}` goes to {}", self.term, if self.to_plus_infinity { "+∞" } else { "−∞" })
    }
}

impl Error {
    /// A word for programs: `separation`, `boundary`, `infeasible`, `not_converged`, `formula`, `data`, `family`, `link`,
    /// `usage`, `not_built`, `model_file`, `no_fit`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Data(glm_frame::Error::Formula(_) | glm_frame::Error::NoResponse) => "formula",
            Self::Data(_) | Self::Value { .. } | Self::Response { .. } | Self::Input(_) => "data",
            Self::OtherData { .. } | Self::NotFinite { .. } => "data",
            Self::Name(glm_core::Error::UnknownName { kind, .. }) => match *kind {
                "family" => "family",
                "link" | "cumulative link" => "link",
                _ => "usage",
            },
            Self::Name(glm_core::Error::InvalidPair { .. }) => "link",
            Self::Name(_) => "family",
            Self::UnknownChoice { .. } | Self::Usage { .. } | Self::Inference(_) | Self::Network(_) => "usage",
            Self::UnlikeData { .. } | Self::NotWithin { .. } => "usage",
            Self::NotBuilt { .. } => "not_built",
            Self::Separation { .. } => "separation",
            Self::Boundary { .. } => "boundary",
            Self::Infeasible { .. } => "infeasible",
            Self::NotConverged { .. } => "not_converged",
            Self::Solver(error) => solver_code(error),
            Self::ModelFile { .. } => "model_file",
        }
    }

    /// The exit status of a program: 1 bad data or formula, 2 bad usage, 3 no fit.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match self.code() {
            "formula" | "data" | "model_file" => 1,
            "separation" | "boundary" | "infeasible" | "not_converged" | "no_fit" => 3,
            _ => 2,
        }
    }

    /// What a program can use: terms by name, rows as places, the best iterate's summary; an object, perhaps empty.
    #[must_use]
    pub fn details(&self) -> Value {
        match self {
            Self::Data(glm_frame::Error::Formula(fault)) => json!({
                "formula": fault.formula, "start": fault.span.start, "end": fault.span.end,
                "reason": fault.message, "advice": fault.advice,
            }),
            Self::Value { place, what, value, .. } => {
                json!({ "what": what, "value": value, "row": place_value(place) })
            }
            Self::Separation { unfinished } => {
                let terms: Vec<Value> = unfinished.terms.iter().map(offender_value).collect();
                json!({
                    "complete": unfinished.complete, "terms": terms, "direction": unfinished.direction_by_term(),
                    "rows": unfinished.row_values(), "n_rows": unfinished.n_rows, "best": unfinished.best,
                })
            }
            Self::Boundary { unfinished } => json!({
                "rows": unfinished.row_values(), "n_rows": unfinished.n_rows, "best": unfinished.best,
            }),
            Self::Infeasible { rows, .. } => json!({ "rows": rows.iter().map(place_value).collect::<Vec<_>>() }),
            Self::NotConverged { best, .. } => json!({ "best": best }),
            _ => json!({}),
        }
    }
}

impl Unfinished {
    fn row_values(&self) -> Vec<Value> {
        self.rows.iter().map(place_value).collect()
    }

    fn direction_by_term(&self) -> Vec<Value> {
        let terms = self.best.coefficients.iter().zip(&self.direction);
        terms.map(|(coefficient, value)| json!({ "term": coefficient.term, "value": value })).collect()
    }
}

fn solver_code(error: &glm_solvers::Error) -> &'static str {
    use glm_solvers::Error as Solver;
    match error {
        Solver::Input(_)
        | Solver::EmptyClass { .. }
        | Solver::FractionalFrequency { .. }
        | Solver::ColumnScale { .. } => "data",
        Solver::NoValidStart { .. } | Solver::ExactFit { .. } => "no_fit",
        _ => "usage",
    }
}

fn offender_value(offender: &Offender) -> Value {
    json!({ "term": offender.term, "towards": if offender.to_plus_infinity { "+inf" } else { "-inf" } })
}

/// The line of the file, or the row, the first being 1.
fn place_value(place: &Place) -> Value {
    match (place.line, place.row) {
        (Some(line), _) => json!({ "line": line }),
        (None, Some(row)) => json!({ "row": row + 1 }),
        (None, None) => Value::Null,
    }
}

fn list(terms: &[Offender]) -> String {
    const NAMED: usize = 4;
    let mut named: Vec<String> = terms.iter().take(NAMED).map(Offender::to_string).collect();
    if terms.len() > NAMED {
        named.push(format!("and {} more", terms.len() - NAMED));
    }
    named.join(", ")
}

fn places(rows: &[Place]) -> String {
    const NAMED: usize = 3;
    let named: Vec<String> = rows.iter().take(NAMED).map(Place::to_string).collect();
    named.join(", ")
}
