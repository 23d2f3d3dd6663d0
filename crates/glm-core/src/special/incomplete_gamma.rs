//! The regularised incomplete gamma functions `P(a, x)` and `Q(a, x)`: the distribution function of the gamma family.

use super::cancellation::{deviance_kernel, stirling_error};
use super::error_function::erfcx;
use super::gamma_function::ln_gamma_ratio;
use super::tail::Tail;
use super::twofold::Twofold;
use std::f64::consts::PI;

/// No series or fraction below needs more terms for parameters under [`UNIFORM`]; a guard, not a tolerance.
const TERMS: u32 = 100_000;
/// From this `a` on, and with `x` within a quarter of `a`, the uniform expansion is used.
const UNIFORM: f64 = 1000.0;

/// The regularised lower incomplete gamma function `P(a, x) = ∫_0^x t^(a-1) e^-t dt / Γ(a)`.
///
/// Domain: `a >= 0` (at 0 the unit mass at 0, so `P = 1`), `x >= 0`; NaN outside. Relative error below 1e-13 down to the
/// smallest normal number, wherever the parameters are below 1e15: the series for `x < a`, the complement of the
/// continued fraction above, and Temme's uniform expansion (DLMF 8.12) near `x = a > 1000`. The exponents of all three
/// are kept to twice the working precision.
///
/// ```
/// use glm_core::special::gamma_p;
/// assert!((gamma_p(1.0, 2.0) + (-2.0_f64).exp_m1()).abs() < 1e-15);
/// assert!((gamma_p(50.0, 0.05) / 2.780587716828697e-130 - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn gamma_p(a: f64, x: f64) -> f64 {
    gamma_tail(a, x).cdf()
}

/// The regularised upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`.
///
/// Domain and accuracy of [`gamma_p`].
///
/// ```
/// assert!((glm_core::special::gamma_q(1.0, 600.0) / (-600.0_f64).exp() - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn gamma_q(a: f64, x: f64) -> f64 {
    gamma_tail(a, x).sf()
}

/// The logarithm of [`gamma_p`], finite where that underflows.
///
/// Domain of [`gamma_p`]. Relative error below 1e-13.
///
/// ```
/// assert!((glm_core::special::ln_gamma_p(1.0, 1e-300) - 1e-300_f64.ln()).abs() < 1e-12);
/// ```
#[must_use]
pub fn ln_gamma_p(a: f64, x: f64) -> f64 {
    gamma_tail(a, x).ln_cdf()
}

/// The logarithm of [`gamma_q`], finite where that underflows.
///
/// Domain of [`gamma_p`]. Relative error below 1e-13.
///
/// ```
/// assert!((glm_core::special::ln_gamma_q(1.0, 1e6) + 1e6).abs() < 1e-9);
/// ```
#[must_use]
pub fn ln_gamma_q(a: f64, x: f64) -> f64 {
    gamma_tail(a, x).ln_sf()
}

/// The distribution of a gamma variable of shape `a` and rate 1 at `x`, by the tail that can be computed directly.
pub(crate) fn gamma_tail(a: f64, x: f64) -> Tail {
    if a.is_nan() || x.is_nan() || a < 0.0 || x < 0.0 || (a.is_infinite() && x.is_infinite()) {
        return Tail::lower(f64::NAN);
    }
    if a == 0.0 || x.is_infinite() {
        return Tail::upper(0.0);
    }
    if x == 0.0 || a.is_infinite() {
        return Tail::lower(0.0);
    }
    if a >= UNIFORM && (x - a).abs() <= 0.25 * a {
        return uniform(a, x);
    }
    let (ln_scale, factor) = density(a, x);
    if x >= a.max(1.0) {
        return Tail { ln_scale, factor: factor * a * fraction(a, x), is_lower: false };
    }
    let tail = Tail { ln_scale, factor: factor * series(a, x), is_lower: true };
    if a < 1.0 && tail.value() > 0.75 { Tail::upper(small_shape_complement(a, x)) } else { tail }
}

/// `x^a e^-x / Γ(a+1)` as `e^ln_scale factor`.
pub(crate) fn density(a: f64, x: f64) -> (Twofold, f64) {
    if a < 1.0 {
        let exponent = Twofold::from(x).ln().scale(a).subtract(x.into());
        return (exponent.subtract(ln_gamma_ratio(1.0, a).into()), 1.0);
    }
    let exponent = Twofold::from(x).divide(a.into()).ln().scale(a).add(Twofold::sum(a, -x));
    (exponent.subtract(stirling_error(a).into()), (2.0 * PI * a).sqrt().recip())
}

/// `P/density = Σ x^n / ((a+1) … (a+n))`.
fn series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..TERMS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term <= sum * 1e-17 {
            break;
        }
    }
    sum
}

/// `Q/(a density)`: Legendre's continued fraction (DLMF 8.9.2, contracted) by Lentz's method, for `x >= a` and `x >= 1`.
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = Twofold::sum(x, -a).add(1.0.into()).value();
    let mut d = b.recip();
    let mut c = f64::INFINITY;
    let mut h = d;
    let mut settled = 0;
    for n in 1..TERMS {
        let n = f64::from(n);
        let numerator = n * (a - n);
        b += 2.0;
        d = (numerator * d + b).recip();
        c = b + numerator / c;
        let delta = c * d;
        h *= delta;
        // Roundings may keep the factor an ulp or two from 1 for ever.
        settled += u32::from((delta - 1.0).abs() <= 7e-16);
        if (delta - 1.0).abs() <= 2.3e-16 || settled > 100 {
            break;
        }
    }
    h
}

/// `Q` for `a < 1`, `x < 1` where it is small: `1 - x^a/Γ(a+1) (1 + a Σ (-x)^n/(n! (a+n)))` without the 1.
fn small_shape_complement(a: f64, x: f64) -> f64 {
    let ln_power = a * x.ln() - ln_gamma_ratio(1.0, a);
    let (mut sum, mut term) = (0.0, 1.0);
    for n in 1..60 {
        let n = f64::from(n);
        term *= -x / n;
        sum += term / (a + n);
        if term.abs() <= 1e-18 * sum.abs() {
            break;
        }
    }
    -ln_power.exp_m1() - ln_power.exp() * a * sum
}

/// The Taylor coefficients in `η` of the functions `C_0 … C_4` of DLMF 8.12.9, `C_k` multiplying `a^-k`.
const UNIFORM_COEFFICIENTS: [&[f64]; 5] = [
    &[
        -0.3333333333333333,
        0.08333333333333333,
        -0.014814814814814815,
        0.0011574074074074073,
        0.0003527336860670194,
        -0.0001787551440329218,
        3.919263178522438e-05,
        -2.185448510679992e-06,
        -1.85406221071516e-06,
        8.296711340953087e-07,
        -1.7665952736826078e-07,
        6.707853543401498e-09,
        1.0261809784240309e-08,
        -4.382036018453353e-09,
        9.14769958223679e-10,
    ],
    &[
        -0.001851851851851852,
        -0.003472222222222222,
        0.0026455026455026454,
        -0.0009902263374485596,
        0.00020576131687242798,
        -4.018775720164609e-07,
        -1.8098550334489977e-05,
        7.64916091608111e-06,
        -1.6120900894563446e-06,
        4.647127802807434e-09,
        1.378633446915721e-07,
        -5.752545603517705e-08,
        1.1951628599778148e-08,
    ],
    &[
        0.004133597883597883,
        -0.0026813271604938273,
        0.0007716049382716049,
        2.0093878600823047e-06,
        -0.0001073665322636516,
        5.2923448829120125e-05,
        -1.2760635188618728e-05,
        3.423578734096138e-08,
        1.3721957309062934e-06,
        -6.298992138380055e-07,
    ],
    &[
        0.0006494341563786008,
        0.00022947209362139917,
        -0.0004691894943952557,
        0.00026772063206283885,
        -7.561801671883977e-05,
        -2.396505113867297e-07,
        1.1082654115347302e-05,
        -5.6749528269915965e-06,
    ],
    &[
        -0.0008618882909167117,
        0.0007840392217200666,
        -0.0002990724803031902,
        -1.4638452578843418e-06,
        6.641498215465122e-05,
    ],
];

/// Temme's expansion `Q ~ erfc(η √(a/2))/2 + e^(-aη²/2)/√(2πa) Σ C_k(η) a^-k`, with `aη²/2 = a (λ - 1 - ln λ)`,
/// `λ = x/a`, for `|λ - 1| <= 1/4` and `a >= 1000`.
fn uniform(a: f64, x: f64) -> Tail {
    let half_square = deviance_kernel(a, x);
    let is_lower = x < a;
    let sign = if is_lower { -1.0 } else { 1.0 };
    let eta = sign * (2.0 * half_square / a).sqrt();
    let mut sum = 0.0;
    for coefficients in UNIFORM_COEFFICIENTS.iter().rev() {
        sum = sum / a + coefficients.iter().rev().fold(0.0, |s, c| s * eta + c);
    }
    let exponent = Twofold::from(x).divide(a.into()).ln().scale(a).add(Twofold::sum(a, -x));
    let factor = 0.5 * erfcx(half_square.sqrt()) + sign * sum / (2.0 * PI * a).sqrt();
    Tail { ln_scale: exponent, factor, is_lower }
}
