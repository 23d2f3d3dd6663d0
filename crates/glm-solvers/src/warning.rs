//! What is odd but not wrong: libraries do not print, fits carry their warnings.

use std::fmt;

/// Something that the reader of a fit should know.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// These columns are linear combinations of columns before them; their coefficients are missing.
    Aliased {
        /// Their places among the coefficients: columns of the design, the intercept counting as 0.
        columns: Vec<usize>,
    },
    /// Every response is the same number, so there is nothing to explain.
    ConstantResponse {
        /// That number.
        value: f64,
    },
    /// As many coefficients as observations: the dispersion cannot be estimated.
    NoResidualDf,
    /// A count that is not a whole number; there is no likelihood, so no AIC and no BIC.
    NotACount {
        /// Row, from zero.
        row: usize,
        /// Its response.
        value: f64,
    },
    /// Standard errors may have lost digits.
    IllConditioned {
        /// 1-norm condition number of the weighted design with columns of unit length.
        condition_number: f64,
    },
    /// The score is as small as rounding errors allow, but not below the tolerance.
    RoundingFloor {
        /// The score in standard errors.
        score_norm: f64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aliased { columns } => {
                write!(f, "columns {columns:?} are linear combinations of columns before them and were left out")
            }
            Self::ConstantResponse { value } => write!(f, "every response is {value}"),
            Self::NoResidualDf => f.write_str("no residual degrees of freedom: the dispersion cannot be estimated"),
            Self::NotACount { row, value } => {
                write!(f, "the response {value} at row {row} is no whole count, so there is no likelihood")
            }
            Self::IllConditioned { condition_number } => {
                write!(f, "the design has condition number {condition_number:.1e}; standard errors may lose digits")
            }
            Self::RoundingFloor { score_norm } => {
                write!(f, "the score stands at {score_norm:.1e} standard errors, the level of rounding errors")
            }
        }
    }
}
