//! The logistic distribution and its logarithms: the logit link, its inverse, and the softplus, exact in both tails.

/// The logistic distribution function `1/(1 + e^-x)`, the inverse of [`logit`].
///
/// Domain: all reals. Relative error below 5e-16 wherever the value is a normal number; both tails are exact, so
/// `1 - sigmoid(x)` is best written `sigmoid(-x)`.
///
/// ```
/// use glm_core::special::sigmoid;
/// assert_eq!(sigmoid(0.0), 0.5);
/// assert!((sigmoid(-300.0) / 5.148200222412013e-131 - 1.0).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// The softplus `ln(1 + e^x)`, whose derivative is [`sigmoid`]; also the cumulant function of the Bernoulli family.
///
/// Domain: all reals. Relative error below 5e-16, in the left tail too, where the value is `e^x`.
///
/// ```
/// use glm_core::special::softplus;
/// assert_eq!(softplus(1000.0), 1000.0);
/// assert!((softplus(-300.0) / 5.148200222412013e-131 - 1.0).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

/// The logarithm of the logistic distribution function, `ln(1/(1 + e^-x)) = -softplus(-x)`.
///
/// Domain: all reals. Relative error below 5e-16.
///
/// ```
/// assert_eq!(glm_core::special::ln_sigmoid(-750.0), -750.0);
/// ```
#[inline]
#[must_use]
pub fn ln_sigmoid(x: f64) -> f64 {
    -softplus(-x)
}

/// The log odds `ln(p/(1 - p))`, the inverse of [`sigmoid`].
///
/// Domain: `0 <= p <= 1`, with infinities at the ends; NaN outside. Relative error below 1e-15, near `p = 1/2` too.
///
/// ```
/// use glm_core::special::logit;
/// assert_eq!(logit(0.5), 0.0);
/// assert!((logit(1e-300) / -690.7755278982137 - 1.0).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn logit(p: f64) -> f64 {
    if (0.25..=0.75).contains(&p) {
        // p/(1-p) = 1 + (2p-1)/(1-p), and both 2p-1 and 1-p are exact or nearly so here.
        ((2.0 * p - 1.0) / (1.0 - p)).ln_1p()
    } else {
        p.ln() - (-p).ln_1p()
    }
}
