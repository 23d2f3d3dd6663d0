//! The certificate: what is known about the point that a fit returns, measured there.

use std::fmt;

use crate::Factorisation;

/// What is known about the returned point.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// How the iteration ended.
    pub outcome: Outcome,
    /// Accepted steps.
    pub iterations: usize,
    /// Halved steps.
    pub halvings: usize,
    /// √(gᵀ I⁻¹ g / φ): the score in units of standard errors. No coefficient is further from the optimum of the
    /// quadratic model than this many of its standard errors.
    pub score_norm: f64,
    /// ½ gᵀ I⁻¹ g: the decrease of the loss that is still available, in units of loss.
    pub decrement: f64,
    /// 1-norm condition number of √W·X with columns of unit length.
    pub condition_number: f64,
    /// What the covariance was computed from.
    pub factorisation: Factorisation,
    /// Half the deviance at the start and after each accepted step.
    pub trace: Vec<f64>,
    /// Whether a finite maximum is known to exist.
    pub existence: Existence,
    /// The method that finished what the solver's own steps did not, from the best point they had reached or from the
    /// null model.
    pub fallback: Option<&'static str>,
    /// Where the outcome is [`Outcome::Diverging`] and no theorem is at hand: a direction of β along which, from here on,
    /// the loss never rises, so that nothing finite on it is better than its far end.
    pub escape: Option<Vec<f64>>,
}

/// How the iteration ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The score is below the tolerance.
    Converged,
    /// The score is above the tolerance and at the level of rounding errors, below which no step can bring it.
    RoundingFloor,
    /// The iteration limit was reached.
    IterationLimit,
    /// No step length made the loss fall.
    NoProgress,
    /// The score is small but the linear predictor still moves: the maximum is probably at infinity.
    Diverging,
    /// The score is small only because a curvature exploded: a mean runs into the edge of its domain.
    Boundary,
    /// The score is small, but the null model, which this model contains, fits better.
    LocalMinimum,
    /// Rounding errors of the linear predictor hide what is left of the score: terms Σ βⱼ xⱼ cancel so much, or a mean is
    /// so near the edge of its domain, that no coefficients in working precision have a small one.
    Cancellation,
    /// The deviance or the information is not finite, or the information is not positive definite, at the last point.
    Overflow,
}

/// Whether a finite maximum of the likelihood is known to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Existence {
    /// Nothing was proved either way: for this family and link there is no theorem, or rounding errors leave it open.
    NotCertified,
    /// It was proved that the likelihood has a finite maximum (for binomial with log: inside the domain or on its edge).
    Proved,
}

impl Certificate {
    /// Whether the score at the returned point is small, or as small as rounding allows.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.outcome.converged()
    }
}

impl Outcome {
    /// Whether the score is small, or as small as rounding allows.
    pub(crate) fn converged(self) -> bool {
        matches!(self, Self::Converged | Self::RoundingFloor)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Converged => "the score is below the tolerance",
            Self::RoundingFloor => "the score is at the level of rounding errors",
            Self::IterationLimit => "the iteration limit was reached; allow more iterations or use second-order steps",
            Self::NoProgress => "no step length made the loss fall; try another solver or other starting values",
            Self::Diverging => {
                "the score vanishes while the linear predictor keeps growing, so the estimate is probably infinite \
                 (separated data); look for a column that predicts the response perfectly"
            }
            Self::Cancellation => {
                "rounding errors of the linear predictor, whose terms nearly cancel, are larger than what is left of the \
                 score; centre the columns, or leave out those that are nearly combinations of others"
            }
            Self::Overflow => {
                "the deviance or the information is not finite there; bring the response, the weights and the columns to \
                 a moderate scale"
            }
            Self::Boundary => {
                "a mean runs into the edge of its domain, where the maximum seems to lie; Wald standard errors do not \
                 hold there, and a link whose means cannot leave the domain has an interior maximum"
            }
            Self::LocalMinimum => {
                "the null model fits better, so this is only a local minimum of the deviance; try other starting values"
            }
        })
    }
}
