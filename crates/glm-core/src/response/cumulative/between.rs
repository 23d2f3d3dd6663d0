//! The probability between two points of a latent distribution, by its logarithm: ln(F(b) − F(a)), the difference
//! never being formed where it would cancel.

use super::CumulativeLink;
use crate::special;

/// ln(F(b) − F(a)) and its derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Between {
    pub(super) ln: f64,
    /// In a and in b.
    pub(super) d1: [f64; 2],
    /// In a and a, a and b, b and b.
    pub(super) d2: [f64; 3],
}

impl CumulativeLink {
    /// For a < b, of which a may be −∞ or b may be ∞.
    pub(super) fn between(self, a: f64, b: f64) -> Between {
        if a == f64::NEG_INFINITY {
            let tail = self.link().at(b).ln_mu;
            return Between { ln: tail.value, d1: [0.0, tail.d1], d2: [0.0, 0.0, tail.d2] };
        }
        if b == f64::INFINITY {
            let tail = self.link().at(a).ln_complement;
            return Between { ln: tail.value, d1: [tail.d1, 0.0], d2: [tail.d2, 0.0, 0.0] };
        }
        match self {
            Self::Logit => logistic(a, b),
            Self::Cloglog => gumbel(a, b),
            Self::Loglog => gumbel(-b, -a).mirrored(),
            Self::Probit if a + b > 0.0 => normal(-b, -a).mirrored(),
            Self::Probit => normal(a, b),
            Self::Cauchit => cauchy(a, b),
        }
    }
}

impl Between {
    /// Of a and b, this being that of −b and −a under the mirrored distribution.
    fn mirrored(self) -> Self {
        let ([a, b], [aa, ab, bb]) = (self.d1, self.d2);
        Self { ln: self.ln, d1: [-b, -a], d2: [bb, ab, aa] }
    }

    /// From the logarithm, the densities at a and b over the probability, and (ln f)′ at a and b.
    fn from_densities(ln: f64, [at_a, at_b]: [f64; 2], [rate_a, rate_b]: [f64; 2]) -> Self {
        let d2 = [-at_a * (rate_a + at_a), at_a * at_b, at_b * (rate_b - at_b)];
        Self { ln, d1: [-at_a, at_b], d2 }
    }
}

/// σ(b) − σ(a) = σ(b) σ(−a) (1 − e^(a−b)).
fn logistic(a: f64, b: f64) -> Between {
    let gap = b - a;
    let odds = gap.exp_m1().recip();
    let (below, above) = (special::sigmoid(a), special::sigmoid(-b));
    let cross = odds * (1.0 + odds);
    let (spread_a, spread_b) = (below * special::sigmoid(-a), above * special::sigmoid(b));
    Between {
        ln: special::ln_sigmoid(b) + special::ln_sigmoid(-a) + special::ln_1m_exp(-gap),
        d1: [-below - odds, above + odds],
        d2: [-spread_a - cross, cross, -spread_b - cross],
    }
}

/// exp(−A) − exp(−B) = e^(−A) (1 − e^(−D)) with A = e^a, B = e^b and D = B − A = A (e^(b−a) − 1).
fn gumbel(a: f64, b: f64) -> Between {
    let (gap, low, high) = (b - a, a.exp(), b.exp());
    if low.is_infinite() {
        return Between { ln: f64::NEG_INFINITY, d1: [0.0; 2], d2: [0.0; 3] };
    }
    // A/D and B/D, which neither underflow nor cancel.
    let (low_share, high_share) = (gap.exp_m1().recip(), -(-gap).exp_m1().recip());
    let distance = if gap < 1.0 { low * gap.exp_m1() } else { high - low };
    // D/(e^D − 1).
    let fade = match distance {
        _ if distance < 1e-18 => 1.0,
        _ if distance > 700.0 => 0.0,
        _ => distance / distance.exp_m1(),
    };
    // Where D underflows, ln(1 − e^(−D)) = ln D.
    let ln_between = if distance < 1e-18 { b + special::ln_1m_exp(-gap) } else { special::ln_1m_exp(-distance) };
    let (below, above) = (low_share * fade, high_share * fade);
    // What has faded stays faded, even times an overflowing B.
    let kept = |value: f64, factor: f64| if value > 0.0 { value * factor } else { 0.0 };
    Between {
        ln: -low + ln_between,
        d1: [-low - below, above],
        d2: [-(low + below) * (1.0 + below), kept(below, high + above), kept(above, 1.0 - high - above)],
    }
}

/// (atan b − atan a)/π, the difference of the angles being one angle.
fn cauchy(a: f64, b: f64) -> Between {
    let probability = (b - a).atan2(a.mul_add(b, 1.0)) / std::f64::consts::PI;
    let rate = |x: f64| -2.0 / (x + x.recip());
    let densities = [special::cauchy_pdf(a) / probability, special::cauchy_pdf(b) / probability];
    Between::from_densities(probability.ln(), densities, [rate(a), rate(b)])
}

/// Φ(b) − Φ(a) for a + b ≤ 0: by a series where the points are close, by Mills ratios in the tail, otherwise as one minus
/// both tails.
fn normal(a: f64, b: f64) -> Between {
    let (half, middle) = (0.5 * (b - a), 0.5 * (a + b));
    let (ln, densities) = if half <= 1.0 && -half * middle <= 1.0 {
        let ratio = 2.0 * half * hermite_series(half, middle);
        let density = |drift: f64| (drift * half * middle - 0.5 * half * half).exp() / ratio;
        (special::ln_normal_pdf(middle) + ratio.ln(), [density(1.0), density(-1.0)])
    } else if b <= 0.0 {
        // (Φ(b) − Φ(a))/φ(b), with φ(a)/φ(b) = e^((b² − a²)/2).
        let fall = (2.0 * half * middle).exp();
        let ratio = special::inverse_mills_ratio(b).recip() - fall / special::inverse_mills_ratio(a);
        (special::ln_normal_pdf(b) + ratio.ln(), [fall / ratio, ratio.recip()])
    } else {
        let outside = special::normal_cdf(a) + special::normal_cdf(-b);
        let densities = [special::normal_pdf(a), special::normal_pdf(b)].map(|density| density / (1.0 - outside));
        ((-outside).ln_1p(), densities)
    };
    Between::from_densities(ln, densities, [-a, -b])
}

/// ∫ φ(m + t) dt over |t| ≤ h, divided by 2h φ(m): Σ He₂ₖ(m) h²ᵏ/(2k + 1)!, for h ≤ 1 and |h m| ≤ 1, where the first
/// term left out is below 1e-17.
///
/// Source: term by term from the generating function of the Hermite polynomials, Abramowitz & Stegun 22.9.17.
fn hermite_series(h: f64, m: f64) -> f64 {
    const TERMS: i32 = 32;
    // Heₙ(m) hⁿ/(n + 1)!, by Heₙ₊₁ = m Heₙ − n Heₙ₋₁.
    let (mut before, mut term, mut sum) = (1.0, 0.5 * h * m, 1.0);
    for n in 1..TERMS {
        let n = f64::from(n);
        let next = h * m * term / (n + 2.0) - n * h * h * before / ((n + 2.0) * (n + 1.0));
        (before, term) = (term, next);
        if n % 2.0 > 0.5 {
            sum += term;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [CumulativeLink; 5] = [
        CumulativeLink::Logit,
        CumulativeLink::Probit,
        CumulativeLink::Cloglog,
        CumulativeLink::Loglog,
        CumulativeLink::Cauchit,
    ];

    fn near(found: f64, expected: f64, tolerance: f64) -> bool {
        (found - expected).abs() <= tolerance * expected.abs()
    }

    /// Where F(b) − F(a) keeps its digits, its logarithm is that.
    #[test]
    fn wide_intervals_are_plain_differences() {
        for link in ALL {
            for (a, b) in [(-1.0, 0.5), (0.2, 1.9), (-3.0, 2.0), (-0.4, 0.4), (0.3, 1.0), (-2.5, -0.1), (-4.0, 0.5)] {
                let difference = link.link().mu(b) - link.link().mu(a);
                let found = link.between(a, b).ln;
                assert!((found - difference.ln()).abs() < 4e-15 / difference, "{link:?} ({a}, {b}): {found}");
            }
        }
    }

    /// Simpson's rule on a narrow interval: f is a cubic there to 1e-16.
    #[test]
    fn narrow_intervals_keep_their_digits() {
        for link in ALL {
            for a in [-5.0, -2.0, -0.3, 0.0, 0.7, 2.0] {
                let b = a + 1e-5;
                let density = |x: f64| link.link().dmu_deta(x);
                let integral = (b - a) / 6.0 * (density(a) + 4.0 * density(0.5 * (a + b)) + density(b));
                if integral > 0.0 {
                    let found = link.between(a, b).ln.exp();
                    assert!(near(found, integral, 1e-13), "{link:?} at {a}: {found:e} {integral:e}");
                }
            }
        }
    }

    /// The three forms of the normal probability agree where one gives way to the next.
    #[test]
    fn normal_forms_meet() {
        for (a, b) in [(-4.0, -0.5_f64), (-2.0, 0.0), (-3.0, -1.0), (-1.6, 0.4), (-20.0, -19.95)] {
            let nudge = 1e-9;
            let (left, right) = (normal(a, b), normal(a - nudge, b));
            let slope = (left.ln - right.ln) / nudge;
            assert!(near(slope, left.d1[0], 1e-4) || (slope - left.d1[0]).abs() < 1e-5, "({a}, {b}): {slope}");
        }
        // Φ(−30) − Φ(−31) and Φ(−39) − Φ(−40), from 50-digit arithmetic.
        for (a, b, ln) in [(-31.0, -30.0, -454.321_243_956_343_25), (-40.0, -39.0, -765.083_156_564_377_5)] {
            assert!(near(normal(a, b).ln, ln, 1e-15), "({a}, {b}): {}", normal(a, b).ln);
        }
    }

    /// Far out nothing is NaN, and what the ends say is what an end far away says.
    #[test]
    fn tails() {
        for link in ALL {
            for (a, b) in [(-800.0, 0.0), (-800.0, -790.0), (0.0, 800.0), (700.0, 701.0), (-1e5, 1e5), (5.0, 700.0)] {
                let Between { ln, d1, d2 } = link.between(a, b);
                assert!(ln <= 0.0, "{link:?} ({a}, {b}): {ln}");
                let numbers = d1.iter().chain(&d2).all(|value| !value.is_nan());
                assert!(numbers || ln == f64::NEG_INFINITY, "{link:?} ({a}, {b}): {d1:?} {d2:?}");
            }
            let (end, far) = (link.between(f64::NEG_INFINITY, 0.3), link.between(-1e300, 0.3));
            assert!(near(far.ln, end.ln, 1e-15) && near(far.d1[1], end.d1[1], 1e-14), "{link:?}");
            assert!(near(far.d2[2], end.d2[2], 1e-13), "{link:?} {} {}", far.d2[2], end.d2[2]);
        }
    }
}
