//! Where a loss keeps falling for ever: the directions in which a linear predictor can run off to infinity.

use crate::{Family, Interval, Link};

/// The directions in which the loss of one observation never rises.
///
/// On the scale of μ it is a property of the family and the observation ([`Family::recession`]), on that of η of the
/// response ([`Response::recession`](crate::Response::recession)). Where every observation has one, whether a finite
/// maximum of the likelihood exists is a question about signs alone: there is none if and only if some direction d with
/// Xd ≠ 0 has xᵢᵀd = 0 wherever it is `Fixed`, ≥ 0 wherever `Upward` and ≤ 0 wherever `Downward` (Albert and Anderson,
/// Biometrika 71, 1984; Verbeek, Statistica Neerlandica 43, 1989).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recession {
    /// None: the loss is infinite, or grows without bound, in both directions.
    Fixed,
    /// It never rises upward, and is infinite or grows without bound downward.
    Upward,
    /// It never rises downward, and is infinite or grows without bound upward.
    Downward,
}

/// `η_up − η_down`, a difference of two of a row's predictors of which either may be missing and counts as zero: it may rise
/// for ever, but not fall.
///
/// Where each loss depends on such differences alone, falls as some of them rise and none falls, and is infinite or grows
/// without bound as any of them falls for ever, whether a finite maximum exists is again a question about signs: there is
/// none if and only if some direction moves some of the differences of some rows, and all that it moves upward. (Along it
/// the likelihood rises for ever. Where there is none, every direction lets some difference fall, so that the loss grows
/// in all of them.) Reference: Albert and Anderson, Biometrika 71, 1984, for softmax.
///
/// A predictor is the upper one in all of a row's differences that it is in, or the lower one in a single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rise {
    /// The predictor that may rise.
    pub up: Option<usize>,
    /// The predictor that may fall.
    pub down: Option<usize>,
}

impl Recession {
    /// The same of the one predictor, in words for any number: where it is fixed, neither it nor its negative may fall.
    #[must_use]
    pub fn rises(self) -> Vec<Rise> {
        let (upward, downward) = (Rise { up: Some(0), down: None }, Rise { up: None, down: Some(0) });
        match self {
            Self::Fixed => vec![upward, downward],
            Self::Upward => vec![upward],
            Self::Downward => vec![downward],
        }
    }
}

/// The recession of η, where a family and a link have one.
///
/// The link must be increasing and defined everywhere, and lead to the lower end of the mean's domain as η falls; as η
/// grows it may lead to the upper end or beyond (binomial with log), where the loss is infinite. Identity links of
/// confined means and the log link of the Gaussian fail, and there is no theorem for them.
pub(crate) fn of_pair(family: &dyn Family, link: &dyn Link, y: f64) -> Option<Recession> {
    let (domain, range) = (family.mean_domain(), link.range());
    let increasing = link.domain() == Interval::REAL && [-1.0, 0.0, 1.0].is_sorted_by(|a, b| link.mu(*a) < link.mu(*b));
    #[expect(clippy::float_cmp, reason = "ends of intervals are constants")]
    let reaches = range.lower == domain.lower && range.upper >= domain.upper;
    match family.recession(y).filter(|_| increasing && reaches)? {
        Recession::Upward if range.upper > domain.upper => Some(Recession::Fixed),
        other => Some(other),
    }
}

/// A mean with no upper end whose loss at `y` grows without bound as it grows, and falls to zero with it where y = 0.
pub(crate) fn falls_to_zero(y: f64) -> Recession {
    if y == 0.0 { Recession::Downward } else { Recession::Fixed }
}

#[cfg(test)]
mod tests {
    use super::Recession::{Downward, Fixed, Upward};
    use crate::spec;

    #[test]
    fn pairs_with_a_theorem() {
        for (name, y, expected) in [
            ("binomial(logit)", 0.0, Some(Downward)),
            ("binomial(probit)", 1.0, Some(Upward)),
            ("quasi-binomial(cloglog)", 0.5, Some(Fixed)),
            ("binomial(loglog)", 1.0, Some(Upward)),
            ("binomial(cauchit)", 0.0, Some(Downward)),
            ("binomial(log)", 1.0, Some(Fixed)),
            ("quasi-binomial(log)", 0.0, Some(Downward)),
            ("poisson(log)", 0.0, Some(Downward)),
            ("quasi-poisson(log)", 2.0, Some(Fixed)),
            ("negative-binomial(2)(log)", 0.0, Some(Downward)),
            ("tweedie(1.5)(log)", 0.0, Some(Downward)),
            ("quasi(1)(log)", 0.0, Some(Downward)),
            ("quasi(1.7)(log)", 3.0, Some(Fixed)),
            ("gamma(log)", 3.0, Some(Fixed)),
            ("gaussian", 3.0, Some(Fixed)),
            ("binomial(identity)", 0.0, None),
            ("binomial(odds-power(2))", 0.0, None),
            ("poisson(identity)", 0.0, None),
            ("poisson(sqrt)", 0.0, None),
            ("gamma(inverse)", 1.0, None),
            ("gaussian(log)", 1.0, None),
            ("gaussian(inverse)", 1.0, None),
            ("inverse-gaussian(log)", 1.0, None),
            ("quasi(0.5)(log)", 0.0, None),
            ("quasi(2.5)(log)", 1.0, None),
        ] {
            assert_eq!(spec::response(name).unwrap().recession(y), expected, "{name} at {y}");
        }
    }
}
