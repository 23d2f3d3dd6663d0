//! The kernels shared by positive families: deviances of V = μ^p, and slopes and curvatures that survive underflow.

use crate::{Interval, Point, Unit, special};

/// A family of positive means at one point, by w = μ/V(μ): slope = (μ − y) w (ln μ)′.
pub(super) struct Positive {
    /// w.
    pub(super) weight: f64,
    /// w μ = μ²/V, which may be representable where μ is not.
    pub(super) weighted_mean: f64,
    /// d ln w/d ln μ.
    pub(super) elasticity: f64,
    /// dw/dμ at μ = 0, for links that can reach it.
    pub(super) dweight_at_zero: f64,
}

impl Positive {
    /// V = μ^p: w = μ^(1−p).
    pub(super) fn power(p: f64, at: &Point) -> Self {
        let elasticity = 1.0 - p;
        let dweight_at_zero = if elasticity == 0.0 { 0.0 } else { elasticity * 0.0_f64.powf(-p) };
        Self {
            weight: power(at.mu, at.ln_mu.value, 1.0 - p),
            weighted_mean: power(at.mu, at.ln_mu.value, 2.0 - p),
            elasticity,
            dweight_at_zero,
        }
    }

    /// Loss, slope and curvatures from the derivatives a, a′ of ln μ, in which nothing is 0/0:
    /// expected = a²wμ, observed = w [a²μ + (μ − y)(a′ + e a²)] with e the elasticity of w.
    pub(super) fn unit(&self, loss: f64, y: f64, at: &Point) -> Unit {
        let (rate, square) = (at.ln_mu.d1, at.ln_mu.d1 * at.ln_mu.d1);
        let bend = at.ln_mu.d2 + self.elasticity * square;
        if y > 0.0 {
            let residual = (at.mu - y) * self.weight;
            let expected = square * self.weighted_mean;
            return Unit { loss, slope: residual * rate, expected, observed: expected + residual * bend };
        }
        if at.ln_mu.value == f64::NEG_INFINITY {
            // A mean that is exactly zero: the logarithm has no derivatives, the loss has.
            let observed = self.weight * at.d2mu + self.dweight_at_zero * at.dmu * at.dmu;
            return Unit { loss, slope: self.weight * at.dmu, expected: f64::INFINITY, observed };
        }
        let (slope, expected) = (self.weighted_mean * rate, self.weighted_mean * square);
        Unit { loss, slope, expected, observed: expected + self.weighted_mean * bend }
    }
}

/// The responses of the power variance μ^p for which the deviance is finite.
pub(super) fn support(p: f64) -> Interval {
    if p < 2.0 { Interval::NON_NEGATIVE } else { Interval::POSITIVE }
}

/// μ^`exponent`, by way of ln μ where μ has underflowed.
pub(super) fn power(mu: f64, ln_mu: f64, exponent: f64) -> f64 {
    if mu.is_normal() || !ln_mu.is_finite() { mu.powf(exponent) } else { (exponent * ln_mu).exp() }
}

/// ln(y/μ) for y > 0, to full relative accuracy where y and μ are close.
pub(super) fn ln_ratio(y: f64, mu: f64, ln_mu: f64) -> f64 {
    if (y - mu).abs() < 0.5 * mu {
        return ((y - mu) / mu).ln_1p();
    }
    let ratio = y / mu;
    if ratio.is_normal() && mu.is_normal() { ratio.ln() } else { y.ln() - ln_mu }
}

/// Half the unit deviance of V = μ^p, ∫ (y − t) t^(−p) dt from μ to y, for y ≥ 0 and μ > 0.
///
/// Relative error below 1e-13 for |p| ≤ 4, near y = μ as far from it. With s = ln(y/μ) and b = 2 − p it is
/// μ^b Σ cₘ sᵐ/m! from m = 2 on, c₂ = 1 and cₘ₊₁ = 1 + b cₘ, where s is small; elsewhere two differences of powers.
pub(super) fn half_deviance(p: f64, y: f64, mu: f64, ln_mu: f64) -> f64 {
    let b = 2.0 - p;
    if y == 0.0 {
        return if b > 0.0 { power(mu, ln_mu, b) / b } else { f64::INFINITY };
    }
    let s = ln_ratio(y, mu, ln_mu);
    if s.abs() * b.abs().max(1.0) < 0.7 {
        return power(mu, ln_mu, b) * near(s, b);
    }
    let integral = |exponent| integral_of_power(exponent, y, mu, ln_mu, s);
    let (first, second) = (y * integral(1.0 - p), integral(b));
    // Both overflow together, and the larger wins.
    if first.is_infinite() || second.is_infinite() { f64::INFINITY } else { first - second }
}

/// Σ cₘ sᵐ/m!, m ≥ 2, until neither this term nor the next adds anything (a coefficient may be zero).
fn near(s: f64, b: f64) -> f64 {
    let (mut sum, mut coefficient, mut term, mut m) = (0.0, 1.0_f64, 0.5 * s * s, 2.0);
    while term.abs() * (1.0 + coefficient.abs()) > 1e-17 * sum {
        sum += coefficient * term;
        m += 1.0;
        coefficient = 1.0 + b * coefficient;
        term *= s / m;
    }
    sum
}

/// ∫ t^(a−1) dt from μ to y, (y^a − μ^a)/a, with s = ln(y/μ); the exponential is taken where it decays.
fn integral_of_power(a: f64, y: f64, mu: f64, ln_mu: f64, s: f64) -> f64 {
    if a == 0.0 {
        s
    } else if a * s <= 0.0 {
        power(mu, ln_mu, a) * (a * s).exp_m1() / a
    } else {
        -y.powf(a) * (-a * s).exp_m1() / a
    }
}

/// Half the Poisson unit deviance, y ln(y/μ) − (y − μ).
pub(super) fn poisson_half_deviance(y: f64, mu: f64, ln_mu: f64) -> f64 {
    if mu.is_normal() || y == 0.0 { special::deviance_kernel(y, mu) } else { y * (y.ln() - ln_mu) - (y - mu) }
}

/// Half the gamma unit deviance, y/μ − 1 − ln(y/μ).
pub(super) fn gamma_half_deviance(y: f64, mu: f64, ln_mu: f64) -> f64 {
    let relative = (y - mu) / mu;
    if relative.abs() < 0.5 {
        return -special::ln_1p_minus(relative);
    }
    let ln_ratio = ln_ratio(y, mu, ln_mu);
    if mu.is_normal() { relative - ln_ratio } else { ln_ratio.exp_m1() - ln_ratio }
}

/// Half the inverse Gaussian unit deviance, (y − μ)²/(2yμ²).
pub(super) fn inverse_gaussian_half_deviance(y: f64, mu: f64, ln_mu: f64) -> f64 {
    let relative = (y - mu) * power(mu, ln_mu, -1.0);
    0.5 * relative * relative / y
}
