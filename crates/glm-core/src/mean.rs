//! The mean as links give it and families take it: `Mean`, and everything about one linear predictor, `Point`.

/// A mean with its complement, each to full relative accuracy.
///
/// A mean near one loses its distance from one when it is stored alone: at η = 9 the normal cdf rounds to 1, and a
/// family that saw only μ would divide by 1 − μ = 0. So a family is never given μ alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// μ.
    pub mu: f64,
    /// 1 − μ.
    pub complement: f64,
}

impl From<f64> for Mean {
    fn from(mu: f64) -> Self {
        Self { mu, complement: 1.0 - mu }
    }
}

/// What a link knows at one linear predictor η, each number accurate in its own right.
///
/// The logarithmic quantities stay finite where μ or 1 − μ underflows; they are NaN where the logarithm does not exist
/// (a negative mean, a mean above one), and families whose means can be there do not read them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// μ.
    pub mu: f64,
    /// 1 − μ.
    pub complement: f64,
    /// dμ/dη.
    pub dmu: f64,
    /// d²μ/dη².
    pub d2mu: f64,
    /// ln μ with its first two derivatives in η.
    pub ln_mu: Logarithm,
    /// ln(1 − μ) with its first two derivatives in η.
    pub ln_complement: Logarithm,
}

/// A logarithm of the mean (or of its complement) and its derivatives in η.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logarithm {
    /// ln μ.
    pub value: f64,
    /// d ln μ/dη = μ′/μ.
    pub d1: f64,
    /// d² ln μ/dη² = μ″/μ − (μ′/μ)².
    pub d2: f64,
}

impl Logarithm {
    /// The logarithm of a quantity with known derivatives, where nothing underflows.
    #[must_use]
    pub fn of(value: f64, d1: f64, d2: f64) -> Self {
        let rate = d1 / value;
        Self { value: value.ln(), d1: rate, d2: d2 / value - rate * rate }
    }
}

impl Point {
    /// A point from μ, 1 − μ and two derivatives; right wherever μ and 1 − μ neither underflow nor cancel.
    #[must_use]
    pub fn from_mean(mean: Mean, dmu: f64, d2mu: f64) -> Self {
        // The logarithm of a number near one is read off its distance from one, which the other number is.
        let logarithm = |value: f64, other: f64, d1: f64, d2: f64| {
            let plain = Logarithm::of(value, d1, d2);
            if other.abs() < 0.5 { Logarithm { value: (-other).ln_1p(), ..plain } } else { plain }
        };
        Self {
            mu: mean.mu,
            complement: mean.complement,
            dmu,
            d2mu,
            ln_mu: logarithm(mean.mu, mean.complement, dmu, d2mu),
            ln_complement: logarithm(mean.complement, mean.mu, -dmu, -d2mu),
        }
    }

    /// The mean and its complement.
    #[must_use]
    pub fn mean(&self) -> Mean {
        Mean { mu: self.mu, complement: self.complement }
    }
}
