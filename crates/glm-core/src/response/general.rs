//! Any family with any link, in two stages: the link fills the point, the family finishes.

use std::cell::LazyCell;

use crate::points::POINTS;
use crate::{Error, Family, Interval, Link, Mean, Order, Points, Recession, Response, Unit, Units, kernel, recession};

/// A family and a link.
///
/// ```
/// use glm_core::{Binomial, Glm, Logit, Order, Response, Units};
/// let logistic = Glm::new(Binomial, Logit)?;
/// let (mut loss, mut slope, mut curvature) = ([0.0], [0.0], [0.0]);
/// let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
/// logistic.units(&[1.0], &[0.0], Order::Observed, out);
/// assert_eq!((slope[0], curvature[0]), (-0.5, 0.25));
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glm<F, L> {
    family: F,
    link: L,
}

impl<F: Family, L: Link> Glm<F, L> {
    /// Joins a family and a link.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidPair`] unless the link can reach every mean of the family. A family whose mean is any real number
    /// may be confined by its link (nonlinear least squares through a sigmoid is a good model).
    pub fn new(family: F, link: L) -> Result<Self, Error> {
        let (domain, range) = (family.mean_domain(), link.range());
        if range.covers(&domain) || domain == Interval::REAL {
            return Ok(Self { family, link });
        }
        let valid = crate::spec::links_covering(&domain).join(", ");
        Err(Error::InvalidPair { family: family.name(), link: link.name(), range, domain, valid })
    }

    /// The family.
    pub fn family(&self) -> &F {
        &self.family
    }

    /// The link.
    pub fn link(&self) -> &L {
        &self.link
    }

    /// One observation seen from its linear predictor; [`Unit::OUTSIDE`] where η or μ is outside its domain.
    pub fn unit(&self, y: f64, eta: f64) -> Unit {
        if !self.link.domain().contains(eta) {
            return Unit::OUTSIDE;
        }
        let at = self.link.at(eta);
        if reachable(&self.family.mean_domain(), at.mu) { self.family.unit(y, &at) } else { Unit::OUTSIDE }
    }
}

/// What a family and a link say as a response, however their `unit` is found: the body of both `impl Response`.
macro_rules! respond_as_pair {
    () => {
        fn mean(&self, eta: &[f64], mu: &mut [f64]) {
            self.link.mu_into(eta, mu);
        }
        fn start(&self, y: &[f64], weights: &[f64], eta: &mut [f64]) {
            start(&self.family, &self.link, y, weights, eta);
        }
        fn name(&self) -> String {
            format!("{}({})", self.family.name(), self.link.name())
        }
        fn family(&self) -> Option<&dyn Family> {
            Some(&self.family)
        }
        fn link(&self) -> Option<&dyn Link> {
            Some(&self.link)
        }
        fn is_location(&self) -> bool {
            self.family.is_location() && self.link.is_identity()
        }
        fn recession(&self, y: f64) -> Option<Recession> {
            recession::of_pair(&self.family, &self.link, y)
        }
    };
}
pub(crate) use respond_as_pair;

impl<F: Family, L: Link> Response for Glm<F, L> {
    fn units(&self, y: &[f64], eta: &[f64], order: Order, mut out: Units<'_>) {
        if self.link.is_log() && self.family.log_link_units(y, eta, order, &mut out) {
            return write_declined_units(y, eta, order, &mut out, |y, eta| self.unit(y, eta));
        }
        let domain = self.family.mean_domain();
        let mut points = Points::new(domain.upper <= 1.0);
        for start in (0..y.len()).step_by(POINTS) {
            let rows = start..(start + POINTS).min(y.len());
            let (y, eta) = (&y[rows.clone()], &eta[rows.clone()]);
            let mut out = out.rows(rows, order);
            self.link.at_block(eta, &mut points);
            self.family.units(y, &points, order, &mut out);
            for row in 0..y.len() {
                if out.loss[row].is_nan() || !reachable(&domain, points.mu[row]) {
                    out.write(row, order, self.unit(y[row], eta[row]));
                }
            }
        }
    }
    respond_as_pair!();
}

/// Whether a family can have the mean. Equality admits a mean that underflowed to the edge of the domain: the
/// logarithms at its point are still finite.
pub(crate) fn reachable(domain: &Interval, mu: f64) -> bool {
    mu.is_finite() && mu >= domain.lower && mu <= domain.upper
}

/// The loop that every scalar response shares.
pub(crate) fn write_units(y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>, unit: impl Fn(f64, f64) -> Unit) {
    for (row, (y, eta)) in y.iter().zip(eta).enumerate() {
        out.write(row, order, unit(*y, *eta));
    }
}

/// Does the rows again that a vectorised kernel has left with a loss of NaN.
pub(crate) fn write_declined_units(
    y: &[f64],
    eta: &[f64],
    order: Order,
    out: &mut Units<'_>,
    unit: impl Fn(f64, f64) -> Unit,
) {
    if !kernel::any(out.loss, f64::is_nan) {
        return;
    }
    for row in 0..y.len() {
        if out.loss[row].is_nan() {
            out.write(row, order, unit(y[row], eta[row]));
        }
    }
}

/// η at the family's starting means; where the link has no η for one (a Gaussian response below zero with a log link),
/// η at the weighted mean of the response, or failing that at the middle of the link's range or at one.
pub(crate) fn start(family: &dyn Family, link: &dyn Link, y: &[f64], weights: &[f64], eta: &mut [f64]) {
    let weight = |row: usize| weights.get(row).copied().unwrap_or(1.0);
    let (range, domain) = (link.range(), link.domain());
    let at = |mean: Mean| {
        let eta = if range.contains(mean.mu) { link.eta(mean) } else { f64::NAN };
        if domain.contains(eta) { Some(eta) } else { None }
    };
    let fallback = LazyCell::new(|| {
        let total: f64 = (0..y.len()).map(weight).sum();
        let centre = y.iter().enumerate().map(|(row, y)| weight(row) * y).sum::<f64>() / total;
        let middle = || range.grid(3).get(1).and_then(|mu| at(Mean::from(*mu)));
        at(Mean::from(centre)).or_else(middle).or_else(|| at(Mean::from(1.0)))
    });
    let mut mu = vec![0.0; y.len()];
    family.starting_means(y, weights, &mut mu);
    link.eta_into(&mu, eta);
    if kernel::any(&mu, |mu| !range.contains(mu)) || kernel::any(eta, |eta| !domain.contains(eta)) {
        for row in 0..y.len() {
            if !(range.contains(mu[row]) && domain.contains(eta[row])) {
                eta[row] = at(family.starting_mean(y[row], weight(row))).or_else(|| *fallback).unwrap_or(0.0);
            }
        }
    }
}
