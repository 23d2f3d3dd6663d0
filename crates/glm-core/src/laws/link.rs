//! The laws of a link.

use super::assert_near;
use super::difference::assert_derivative;
use crate::{Interval, Link, Logarithm, Mean, Point};

/// Asserts the laws of a link.
///
/// It is an activation on its domain, with a second derivative; g(g⁻¹(η)) = η as far as rounding of μ permits, and
/// g⁻¹(g(μ)) = μ on its range, by whichever method η is found; dμ/dη keeps its sign; the point's 1 − μ, ln μ and ln(1 − μ)
/// and the derivatives of these agree with μ where μ can tell and with central differences elsewhere; nothing that exists
/// is NaN at η = ±40 and ±750, and logarithms are finite at ±40.
///
/// # Panics
///
/// Where a law is broken.
pub fn link(link: &dyn Link) {
    let domain = link.domain();
    super::activation::on(link, &domain);
    let grid = domain.grid(40);
    let sign = link.dmu_deta(grid[grid.len() / 2]).signum();
    for eta in &grid {
        let place = format!("{}, η = {eta}", link.name());
        let at = link.at(*eta);
        assert!(at.dmu * sign >= 0.0, "dμ/dη changes its sign at {place}: {}", at.dmu);
        assert!(
            link.range().lower <= at.mu && at.mu <= link.range().upper,
            "μ = {} leaves the range at {place}",
            at.mu
        );
        scalars_agree(link, *eta, &at, &place);
        round_trip(link, *eta, &at, &place);
        logarithms_agree(link, *eta, &at, &domain, &place);
    }
    for mu in link.range().grid(30) {
        let eta = link.eta(Mean::from(mu));
        assert!(domain.contains(eta), "{}: η = {eta} of μ = {mu} is outside the domain {domain}", link.name());
        let condition = (eta * link.dmu_deta(eta)).abs();
        let place = format!("{}, μ = {mu}", link.name());
        assert_near("μ(η(μ)) = μ", &place, link.mu(eta), mu, 1e-12, condition);
        let mut block = [f64::NAN; 3];
        link.eta_into(&[mu; 3], &mut block);
        let rounding = mu.abs().max(1.0) / link.dmu_deta(eta).abs();
        assert!(
            block[0].to_bits() == block[1].to_bits() && block[1].to_bits() == block[2].to_bits(),
            "{block:?} at {place}"
        );
        assert_near("eta_into() is eta()", &place, block[0], eta, 1e-15, rounding.max(1.0));
    }
    tails(link);
}

fn scalars_agree(link: &dyn Link, eta: f64, at: &Point, place: &str) {
    assert_near("at().mu is mu()", place, at.mu, link.mu(eta), 1e-12, 0.0);
    assert_near("at().dmu is dmu_deta()", place, at.dmu, link.dmu_deta(eta), 1e-12, 0.0);
    assert_near("at().d2mu is d2mu_deta2()", place, at.d2mu, link.d2mu_deta2(eta), 1e-12, 1e-300);
    assert_near("at().complement is 1 − μ", place, at.complement, 1.0 - at.mu, 1e-15, 4.0);
    let domain = link.domain();
    assert_derivative("d²μ/dη² is the derivative of dμ/dη", place, |x| link.dmu_deta(x), eta, &domain, (at.d2mu, 0.0));
}

fn round_trip(link: &dyn Link, eta: f64, at: &Point, place: &str) {
    if at.dmu.abs() > 1e-290 && at.mu.is_finite() {
        let rounding = at.mu.abs().min(at.complement.abs()) / at.dmu.abs();
        assert_near("η(μ(η)) = η", place, link.eta(at.mean()), eta, 1e-13, rounding.max(1.0));
    }
}

fn logarithms_agree(link: &dyn Link, eta: f64, at: &Point, domain: &Interval, place: &str) {
    for (law, own, other, sign, of) in [
        ("ln μ", at.mu, at.complement, 1.0, (|at| at.ln_mu) as fn(&Point) -> Logarithm),
        ("ln(1 − μ)", at.complement, at.mu, -1.0, |at| at.ln_complement),
    ] {
        let log = of(at);
        if own < 0.0 || (own == 0.0 && log.value == f64::NEG_INFINITY) || own.is_infinite() {
            continue;
        }
        if own > 1e-290 {
            let exact = if other.abs() < 0.5 { (-other).ln_1p() } else { own.ln() };
            assert_near(law, place, log.value, exact, 1e-12, 0.0);
            let (d1, curve) = (sign * at.dmu / own, sign * at.d2mu / own);
            assert_near(&format!("first derivative of {law}"), place, log.d1, d1, 1e-10, 0.0);
            let scale = curve.abs() + d1 * d1;
            assert_near(&format!("second derivative of {law}"), place, log.d2, curve - d1 * d1, 1e-10, scale);
        }
        let name = format!("first derivative of {law}");
        assert_derivative(&name, place, |x| of(&link.at(x)).value, eta, domain, (log.d1, 0.0));
        let name = format!("second derivative of {law}");
        assert_derivative(&name, place, |x| of(&link.at(x)).d1, eta, domain, (log.d2, 1e-12 * log.d1 * log.d1));
    }
}

fn tails(link: &dyn Link) {
    for eta in [-750.0, -40.0, 40.0, 750.0] {
        if !link.domain().contains(eta) {
            continue;
        }
        let (at, name) = (link.at(eta), link.name());
        let numbers = [at.mu, at.complement, at.dmu, at.d2mu];
        assert!(numbers.iter().all(|value| !value.is_nan()), "{name} is NaN at η = {eta}: {at:?}");
        for (value, log) in [(at.mu, at.ln_mu), (at.complement, at.ln_complement)] {
            let exists = [log.value, log.d1, log.d2].iter().all(|value| !value.is_nan());
            assert!(
                value < 0.0 || log.value == f64::NEG_INFINITY || exists,
                "a logarithm of {name} is NaN at η = {eta}: {at:?}"
            );
            let finite = log.value.is_finite() || eta.abs() > 40.0;
            assert!(value < 0.0 || finite, "a logarithm of {name} is infinite at η = {eta}: {at:?}");
        }
    }
}
