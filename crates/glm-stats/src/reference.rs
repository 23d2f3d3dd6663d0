//! The distribution that an estimate over its standard error is referred to: normal, or Student's t.

use std::f64::consts::LN_2;
use std::fmt;

use glm_core::special::{ln_normal_cdf, ln_t_sf, normal_quantile, normal_sf, t_quantile, t_sf};
use glm_solvers::{CovarianceType, DispersionSource, Fit};

use crate::Error;

/// The distribution of (estimate − truth)/(standard error), exact for Gaussian responses and the identity link, and for
/// others approximate in large samples.
///
/// ```
/// use glm_stats::Reference;
/// assert!((Reference::Normal.p_value(-1.959963984540054) - 0.05).abs() < 1e-15);
/// // The t distribution of one degree of freedom is Cauchy's, whose quartiles are −1 and 1.
/// let cauchy = Reference::StudentT { df: 1.0 };
/// assert!((cauchy.p_value(1.0) - 0.5).abs() < 1e-15);
/// assert!((cauchy.critical(0.5)? - 1.0).abs() < 1e-14);
/// assert_eq!((Reference::Normal.to_string(), cauchy.to_string()), ("z".to_owned(), "t".to_owned()));
/// # Ok::<(), glm_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reference {
    /// z: the standard normal distribution, where the dispersion is known.
    Normal,
    /// t, where the dispersion is estimated.
    StudentT {
        /// Degrees of freedom, those of the residuals.
        df: f64,
    },
}

impl Reference {
    /// R's rule: z where the family knows the dispersion or the caller gave it, otherwise t on the residual degrees of
    /// freedom. With sampling weights the rows themselves estimate the covariance, and it is t for every family, as in R's
    /// `survey`.
    #[must_use]
    pub fn of(fit: &Fit) -> Self {
        Self::new(fit.covariance_type, fit.dispersion_source, fit.df_residual)
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    pub(crate) fn new(covariance: CovarianceType, dispersion: DispersionSource, df_residual: usize) -> Self {
        match (covariance, dispersion) {
            (CovarianceType::Model, DispersionSource::Known | DispersionSource::Fixed) => Self::Normal,
            _ => Self::StudentT { df: df_residual as f64 },
        }
    }

    /// The two-sided p-value P(|T| ≥ |statistic|); NaN for NaN, and for t without degrees of freedom.
    ///
    /// Relative error below 1e-13 down to the smallest normal number, and in the numbers below it their spacing; zero only
    /// where the value is below them all.
    #[must_use]
    pub fn p_value(self, statistic: f64) -> f64 {
        let size = statistic.abs();
        let tail = match self {
            Self::Normal => normal_sf(size),
            Self::StudentT { df } => t_sf(size, df),
        };
        if tail >= f64::MIN_POSITIVE || tail.is_nan() {
            return 2.0 * tail;
        }
        // Twice a number that has lost its digits would not find them again.
        let ln_tail = match self {
            Self::Normal => ln_normal_cdf(-size),
            Self::StudentT { df } => ln_t_sf(size, df),
        };
        (ln_tail + LN_2).exp()
    }

    /// The c with P(|T| ≤ c) = level, by which intervals reach c standard errors to either side; NaN for t without
    /// degrees of freedom. Relative error below 1e-13.
    ///
    /// # Errors
    ///
    /// [`Error::Level`] unless 0 < level < 1.
    pub fn critical(self, level: f64) -> Result<f64, Error> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::Level { level });
        }
        let tail = 0.5 * (1.0 - level);
        Ok(match self {
            Self::Normal => -normal_quantile(tail),
            Self::StudentT { df } => -t_quantile(tail, df),
        })
    }
}

/// `z` or `t`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Normal => "z",
            Self::StudentT { .. } => "t",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found / expected - 1.0).abs() <= tolerance, "{found:e} instead of {expected:e}");
    }

    #[test]
    fn two_degrees_of_freedom_have_a_closed_form() {
        // P(|T| ≥ t) = 1 − t/√(2 + t²) = 2/(s (s + t)) with s = √(2 + t²).
        let reference = Reference::StudentT { df: 2.0 };
        for t in [0.0, 1e-9, 0.3, 1.0, 17.0, 1e5, 1e100, 1e153] {
            let s = (2.0_f64 + t * t).sqrt();
            close(reference.p_value(t), 2.0 / s / (s + t), 1e-13);
            assert_eq!(reference.p_value(t).to_bits(), reference.p_value(-t).to_bits());
        }
        for level in [0.1_f64, 0.5, 0.9, 0.95, 0.99, 0.9999] {
            // t = level √2/√(1 − level²).
            close(reference.critical(level).unwrap(), level * (2.0 / (1.0 - level * level)).sqrt(), 1e-11);
        }
    }

    #[test]
    fn the_far_tail_does_not_vanish_before_the_last_number() {
        // Mills: 2 Φ(−z) = √(2/π) e^(−z²/2)/z (1 − 1/z² + 3/z⁴ − …), here where Φ(−z) is no normal number any more.
        for z in [37.6_f64, 38.0, 38.2, 38.4] {
            let series =
                1.0 - z.powi(-2) + 3.0 * z.powi(-4) - 15.0 * z.powi(-6) + 105.0 * z.powi(-8) - 945.0 * z.powi(-10);
            let ln_p = (2.0 / std::f64::consts::PI).sqrt().ln() - 0.5 * z * z - z.ln() + series.ln();
            let (found, expected) = (Reference::Normal.p_value(z), ln_p.exp());
            let spacing = f64::from_bits(1);
            assert!(
                found > 0.0 && (found - expected).abs() <= 1e-12 * expected + spacing,
                "{z}: {found:e} {expected:e}"
            );
        }
        // 2 Φ(−38.46) is 4.9e-324 and more, Φ(−38.48) less than half of that.
        assert!(Reference::Normal.p_value(38.46) > 0.0);
        assert_eq!(Reference::Normal.p_value(f64::INFINITY).to_bits(), 0);
        assert!(Reference::StudentT { df: 3.0 }.p_value(1e100) > 0.0);
    }

    #[test]
    fn what_does_not_exist_is_nan() {
        assert!(Reference::Normal.p_value(f64::NAN).is_nan());
        assert!(Reference::StudentT { df: 0.0 }.p_value(1.0).is_nan());
        assert!(Reference::StudentT { df: 0.0 }.critical(0.95).unwrap().is_nan());
        for level in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
            assert!(matches!(Reference::Normal.critical(level), Err(Error::Level { .. })), "{level}");
        }
    }
}
