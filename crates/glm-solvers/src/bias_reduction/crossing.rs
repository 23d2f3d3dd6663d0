//! How far out a statistic that is zero at an estimate reaches a height.

use crate::Error;

/// Standard errors beyond which the search gives up: 2⁶⁰.
const FAR: f64 = 1_152_921_504_606_846_976.0;
/// The longest stride outward, as a multiple of the distance.
const STRIDE: f64 = 4.0;
/// Evaluations after which Newton's steps are trusted no longer, so that the search ends whatever the statistic is like.
const PATIENCE: usize = 50;

/// A statistic T ≥ 0 and its slope at a distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Height {
    pub(super) statistic: f64,
    pub(super) slope: f64,
}

/// The distance d > 0 at which T(d) reaches the height, to within `tolerance`; infinite where T is below it all the way
/// out to 2⁶⁰.
///
/// Newton's steps on √T, which is linear in d for a quadratic, from a first guess; kept inside a bracket as soon as there
/// is one. Errors of the last step are its square. Where T has no value ([`Error::Restricted`]) the search turns back,
/// and ends with that error if T has not reached the height before.
pub(super) fn crossing(
    height: f64,
    guess: f64,
    tolerance: f64,
    mut at: impl FnMut(f64) -> Result<Height, Error>,
) -> Result<f64, Error> {
    let (mut low, mut high, mut distance, mut lost) = (0.0, f64::INFINITY, guess, None);
    for evaluation in 0.. {
        let found = match at(distance) {
            Err(error @ Error::Restricted { .. }) => Err(error),
            other => Ok(other?),
        };
        let newton =
            found.as_ref().ok().map(|found| newton(height, distance, *found)).filter(|_| evaluation < PATIENCE);
        match found {
            Ok(found) if found.statistic < height && distance >= FAR => return Ok(f64::INFINITY),
            Ok(found) if found.statistic < height => low = distance,
            Ok(_) => (high, lost) = (distance, None),
            Err(error) => (high, lost) = (distance, Some(error)),
        }
        let newton = newton.filter(|newton| low <= *newton && *newton <= high);
        let next = match newton {
            Some(newton) => newton.min(STRIDE * distance),
            None if high.is_finite() => 0.5 * (low + high),
            None => STRIDE * distance,
        };
        // No two distances closer than that are told apart.
        let tolerance = tolerance.max(4.0 * f64::EPSILON * next);
        let closed = high - low <= tolerance;
        if closed || (newton.is_some() && (next - distance).abs() <= tolerance) {
            return lost.filter(|_| closed).map_or(Ok(next), Err);
        }
        distance = next;
    }
    unreachable!("a bracket that is halved falls below every tolerance")
}

/// Newton's step on √T, from a distance; not finite where T does not rise.
fn newton(height: f64, distance: f64, Height { statistic, slope }: Height) -> f64 {
    let z = statistic.sqrt();
    let step = (z - height.sqrt()) * 2.0 * z / slope;
    if slope > 0.0 { distance - step } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(what: &str, height: f64, expected: f64, t: impl Fn(f64) -> (f64, f64)) {
        let mut evaluations = 0;
        let found = crossing(height, 1.96, 1e-9, |d| {
            evaluations += 1;
            let (statistic, slope) = t(d);
            Ok(Height { statistic, slope })
        });
        let found = found.unwrap();
        let same = found.total_cmp(&expected).is_eq() || (found - expected).abs() <= 1e-8;
        assert!(same && evaluations < 200, "{what}: {found} instead of {expected} in {evaluations}");
    }

    #[test]
    fn a_height_is_found_wherever_it_is() {
        check("a parabola", 3.0, 3_f64.sqrt(), |d| (d * d, 2.0 * d));
        check("far out", 30.0, 15_f64.exp() - 1.0, |d| (2.0 * d.ln_1p(), 2.0 / (1.0 + d)));
        check("close by", 3.0, 1e-3 * 3_f64.sqrt(), |d| (1e6 * d * d, 2e6 * d));
        check("steeper and steeper", 3.0, 4_f64.ln(), |d| (d.exp_m1(), d.exp()));
        check("a wall", 3.0, 2.5, |d| (if d < 2.5 { 0.1 * d } else { 100.0 }, 0.1));
        check("a slope of the wrong sign", 4.0, 2.0, |d| (d * d, -d));
    }

    #[test]
    fn a_height_that_is_never_reached_is_infinitely_far() {
        check("an asymptote", 3.0, f64::INFINITY, |d| (2.0 * d / (1.0 + d), 2.0 / ((1.0 + d) * (1.0 + d))));
        check("nothing at all", 3.0, f64::INFINITY, |_| (0.0, 0.0));
    }

    fn with_edge(height: f64, edge: f64) -> Result<f64, Error> {
        crossing(height, 1.96, 1e-9, |d| match d < edge {
            true => Ok(Height { statistic: d * d, slope: 2.0 * d }),
            false => Err(Error::Restricted { fixed: vec![], best: None }),
        })
    }

    #[test]
    fn a_height_before_an_edge_is_found_and_one_beyond_is_not() {
        assert!((with_edge(1.0, 1.5).unwrap() - 1.0).abs() < 1e-8);
        assert!((with_edge(1.0, 1.0 + 1e-6).unwrap() - 1.0).abs() < 1e-8);
        assert!(matches!(with_edge(1.0, 0.9), Err(Error::Restricted { .. })));
        assert!(matches!(with_edge(25.0, 3.0), Err(Error::Restricted { .. })));
    }
}
