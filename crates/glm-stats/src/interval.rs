//! Intervals of rows, and how a link carries them from the scale of η to that of μ.

use glm_core::Link;

/// How far two means may lie on the wrong side of each other, relative to them, by rounding alone.
const ROUNDING: f64 = 1e-6;

/// The lower and the upper end of each row's interval; NaN where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// The lower ends.
    pub low: Vec<f64>,
    /// The upper ends.
    pub high: Vec<f64>,
}

impl Bounds {
    /// centre ± half width of each row.
    pub(crate) fn around(centre: &[f64], half_width: impl Fn(usize) -> f64) -> Self {
        let ends = |sign: f64| centre.iter().enumerate().map(|(row, value)| value + sign * half_width(row)).collect();
        Self { low: ends(-1.0), high: ends(1.0) }
    }
}

/// The means of the linear predictors within bounds of η.
pub(crate) fn image(link: &dyn Link, eta: &[f64], bounds: &Bounds) -> Bounds {
    let ends = eta.iter().zip(bounds.low.iter().zip(&bounds.high));
    let (low, high) = ends.map(|(eta, (low, high))| image_of(link, *eta, *low, *high)).unzip();
    Bounds { low, high }
}

fn image_of(link: &dyn Link, eta: f64, low: f64, high: f64) -> (f64, f64) {
    if !(link.domain().contains(eta) && low <= high) {
        return (f64::NAN, f64::NAN);
    }
    let slope = link.dmu_deta(eta);
    let (a, b) = (end(link, eta, low, -slope), end(link, eta, high, slope));
    if a <= b { (a, b) } else { (b, a) }
}

/// The mean at an end of an interval about η, `slope` being the sign in which μ goes there, or the limit on the way.
fn end(link: &dyn Link, eta: f64, end: f64, slope: f64) -> f64 {
    let (domain, mu) = (link.domain(), link.mu(eta));
    let there = if end <= domain.lower {
        link.mu(domain.lower)
    } else if end >= domain.upper {
        link.mu(domain.upper)
    } else {
        link.mu(end)
    };
    // A monotone function that seems to have turned round has passed a pole.
    let far = there.is_infinite() || (there - mu).abs() > ROUNDING * (there.abs() + mu.abs());
    if far && (there - mu) * slope < 0.0 { slope * f64::INFINITY } else { there }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::spec;

    #[track_caller]
    fn check(name: &str, (low, eta, high): (f64, f64, f64), expected: (f64, f64)) {
        let link = spec::link(name).unwrap();
        let found = image_of(&*link, eta, low, high);
        let near = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a - b).abs() <= 1e-14 * (1.0 + b.abs());
        assert!(near(found.0, expected.0) && near(found.1, expected.1), "{name}: {found:?} instead of {expected:?}");
    }

    #[test]
    fn ends_are_in_order_whichever_way_the_link_goes() {
        check("identity", (-1.0, 1.0, 3.0), (-1.0, 3.0));
        check("log", (-1.0, 0.0, 1.0), ((-1.0_f64).exp(), 1.0_f64.exp()));
        check("inverse", (1.0, 2.0, 4.0), (0.25, 1.0));
        check("inverse", (-4.0, -2.0, -1.0), (-1.0, -0.25));
        check("inverse-squared", (0.25, 1.0, 4.0), (0.5, 2.0));
        check("power(-0.5)", (0.5, 1.0, 2.0), (0.25, 4.0));
        check("logit", (-800.0, -799.0, 800.0), (0.0, 1.0));
    }

    #[test]
    fn beyond_the_domain_or_a_pole_is_the_limit() {
        let infinity = f64::INFINITY;
        check("inverse", (-1.0, 2.0, 4.0), (0.25, infinity));
        check("inverse", (-4.0, -2.0, 1.0), (-infinity, -0.25));
        check("inverse", (-4.0, -2.0, 0.0), (-infinity, -0.25));
        check("inverse-squared", (-1.0, 1.0, 4.0), (0.5, infinity));
        check("power(-0.5)", (-1.0, 1.0, 2.0), (0.25, infinity));
        check("sqrt", (-1.0, 1.0, 2.0), (0.0, 4.0));
        check("power(0.5)", (-1.0, 1.0, 2.0), (0.0, 4.0));
        check("odds-power(1)", (-2.0, 1.0, 2.0), (0.0, 0.75));
        check("odds-power(-1)", (-1.0, 0.0, 2.0), (1.0 / 3.0, 1.0));
        check("log", (-infinity, 0.0, infinity), (0.0, infinity));
        check("probit", (-infinity, 0.0, infinity), (0.0, 1.0));
    }

    #[test]
    fn an_interval_that_is_a_point_stays_one() {
        for name in ["identity", "log", "inverse", "logit", "probit", "cloglog", "sqrt", "inverse-squared"] {
            let (link, eta) = (spec::link(name).unwrap(), 0.7);
            let (low, high) = image_of(&*link, eta, eta - 1e-17, eta + 1e-17);
            assert!(low <= high && (low - link.mu(eta)).abs() < 1e-15 && (high - link.mu(eta)).abs() < 1e-15, "{name}");
        }
    }

    #[test]
    fn what_is_missing_stays_missing() {
        let link = spec::link("sqrt").unwrap();
        for (eta, low, high) in [(-1.0, -2.0, 2.0), (1.0, f64::NAN, f64::NAN), (f64::NAN, 0.0, 1.0)] {
            assert!(image_of(&*link, eta, low, high).0.is_nan(), "{eta}");
        }
    }
}
