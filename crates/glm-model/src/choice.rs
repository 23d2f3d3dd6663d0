//! What a specification chooses: the solver, the dispersion, the covariance, and what weights mean.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// What the numbers of a weights column mean; see [`glm_solvers::Weights`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightsKind {
    /// Prior weights, Var(y) = φ V(μ)/w: R's `weights`.
    #[default]
    Analytic,
    /// A row stands for so many equal rows.
    Frequency,
    /// Sampling weights; the covariance is robust.
    Probability,
}

/// Which method fits a regression.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SolverChoice {
    /// What suits the problem; the summary says which it was.
    #[default]
    Auto,
    /// Iteratively reweighted least squares, by QR.
    Irls,
    /// Fisher scoring.
    Fisher,
    /// Newton–Raphson.
    Newton,
    /// Gradient descent with a line search.
    GradientDescent,
    /// L-BFGS.
    Lbfgs,
}

/// How the dispersion φ is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispersionChoice {
    /// Known where the family knows it, otherwise Pearson's chi-square over its degrees of freedom, as in R.
    #[default]
    Family,
    /// Pearson's chi-square over its degrees of freedom.
    Pearson,
    /// The deviance over its degrees of freedom.
    Deviance,
    /// Maximum likelihood.
    Ml,
    /// This value.
    Fixed(f64),
}

/// What the covariance of the estimates rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CovarianceChoice {
    /// The family's variance; robust with sampling weights.
    #[default]
    Model,
    /// Robust, HC0: White's.
    Hc0,
    /// Robust, HC1: n/(n − p) times HC0.
    Hc1,
    /// Robust, HC2: squares over 1 − leverage.
    Hc2,
    /// Robust, HC3: squares over (1 − leverage)².
    Hc3,
    /// Robust within the clusters that a column names, CR1.
    Cluster(String),
}

/// Reads the names of a command line.
macro_rules! named {
    ($choice:ty, $kind:literal, $($name:literal => $value:expr),+) => {
        impl FromStr for $choice {
            type Err = Error;

            /// # Errors
            ///
            /// [`Error::UnknownChoice`] with the names there are.
            fn from_str(name: &str) -> Result<Self, Error> {
                match name.to_ascii_lowercase().replace('_', "-").as_str() {
                    $($name => Ok($value),)+
                    _ => Err(Error::UnknownChoice {
                        kind: $kind,
                        name: name.to_owned(),
                        known: [$($name),+].join(", "),
                    }),
                }
            }
        }
    };
}

named!(WeightsKind, "kind of weights", "analytic" => Self::Analytic, "frequency" => Self::Frequency,
    "probability" => Self::Probability);
named!(SolverChoice, "solver", "auto" => Self::Auto, "irls" => Self::Irls, "fisher" => Self::Fisher,
    "newton" => Self::Newton, "gradient-descent" => Self::GradientDescent, "lbfgs" => Self::Lbfgs);
named!(CovarianceChoice, "covariance", "model" => Self::Model, "hc0" => Self::Hc0, "hc1" => Self::Hc1,
    "hc2" => Self::Hc2, "hc3" => Self::Hc3);

impl FromStr for DispersionChoice {
    type Err = Error;

    /// # Errors
    ///
    /// [`Error::UnknownChoice`] for what is neither a name nor a number.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_lowercase().as_str() {
            "family" => Ok(Self::Family),
            "pearson" => Ok(Self::Pearson),
            "deviance" => Ok(Self::Deviance),
            "ml" => Ok(Self::Ml),
            number => number.parse().map(Self::Fixed).map_err(|_| Error::UnknownChoice {
                kind: "dispersion",
                name: name.to_owned(),
                known: "family, pearson, deviance, ml, or a number".to_owned(),
            }),
        }
    }
}

impl SolverChoice {
    /// The solver.
    pub(crate) fn solver(self) -> glm_solvers::Solver {
        match self {
            Self::Auto => glm_solvers::auto(),
            Self::Irls => glm_solvers::irls(),
            Self::Fisher => glm_solvers::fisher_scoring(),
            Self::Newton => glm_solvers::newton_raphson(),
            Self::GradientDescent => glm_solvers::gradient_descent(),
            Self::Lbfgs => glm_solvers::lbfgs(),
        }
    }
}

impl DispersionChoice {
    /// As solvers know it.
    pub(crate) fn estimate(self) -> glm_solvers::DispersionEstimate {
        match self {
            Self::Family => glm_solvers::DispersionEstimate::Family,
            Self::Pearson => glm_solvers::DispersionEstimate::Pearson,
            Self::Deviance => glm_solvers::DispersionEstimate::Deviance,
            Self::Ml => glm_solvers::DispersionEstimate::MaximumLikelihood,
            Self::Fixed(value) => glm_solvers::DispersionEstimate::Fixed(value),
        }
    }
}

impl CovarianceChoice {
    /// As `--covariance` has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Hc0 => "hc0",
            Self::Hc1 => "hc1",
            Self::Hc2 => "hc2",
            Self::Hc3 => "hc3",
            Self::Cluster(_) => "cluster",
        }
    }

    /// The column that names the clusters.
    pub(crate) fn cluster(&self) -> Option<&String> {
        match self {
            Self::Cluster(column) => Some(column),
            _ => None,
        }
    }
}
