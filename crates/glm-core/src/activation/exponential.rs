//! The exponential in single precision without a branch, so that loops over it vectorise.

/// e^x with relative error below 2e-7 for −87 ≤ x ≤ 88; constant beyond, where the callers' results no longer change.
///
/// x = n ln 2 + r with |r| ≤ ½ ln 2, and the Taylor series of e^r to the seventh power (remainder below 6e-9).
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // ln 2 in two parts: the first has trailing zeros enough that n times it is exact.
    const LN_2_HEAD: f32 = 0.693_359_4;
    const LN_2_TAIL: f32 = -2.121_944_4e-4;
    // Adding 1.5·2²³ rounds to the nearest whole number, which is then in the last bits; a cast would not vectorise.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * LN_2_HEAD) - n * LN_2_TAIL;
    let tail = 1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)));
    let series = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * tail)));
    // 2ⁿ, by its exponent bits.
    series * f32::from_bits((rounded.to_bits() << 23).wrapping_add(127 << 23))
}

/// The logistic function 1/(1 + e^(−x)), absolute error below 2e-7.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// tanh x, relative error below 5e-7: Lambert's continued fraction near zero, exponentials elsewhere.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let square = x * x;
    let near = x / (1.0 + square / (3.0 + square / (5.0 + square / (7.0 + square / 9.0))));
    let far = 1.0 - 2.0 / (1.0 + exp(2.0 * x));
    if square < 0.5 { near } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_as_stated() {
        for i in -8700..=8800 {
            let x = i as f32 * 0.01;
            let wide = f64::from(x);
            let relative = |value: f32, exact: f64| (f64::from(value) / exact - 1.0).abs();
            assert!(relative(exp(x), wide.exp()) < 2e-7, "exp({x}) = {}", exp(x));
            assert!((f64::from(sigmoid(x)) - 1.0 / (1.0 + (-wide).exp())).abs() < 2e-7, "sigmoid({x})");
            assert!(x == 0.0 || relative(tanh(x), wide.tanh()) < 5e-7, "tanh({x}) = {}", tanh(x));
        }
        assert_eq!((tanh(1e30), tanh(-1e30), sigmoid(1e30)), (1.0, -1.0, 1.0));
        assert!(sigmoid(-1e30) < 1e-37);
    }
}
