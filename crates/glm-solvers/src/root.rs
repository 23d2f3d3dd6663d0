//! A root between two points where a function has different signs.

/// Evaluations before the bracket is taken as it is; bisection alone would need about sixty.
const MAX_EVALUATIONS: usize = 120;

/// The root between `a` and `b`, points (x, f(x)) of opposite signs, to `tolerance` in x (and four ulps of x).
///
/// Chandrupatla's method (1997, Advances in Engineering Software 28, 145–149): inverse quadratic interpolation where the
/// last three points lie on a curve that has an inverse, bisection elsewhere; as sure as the one and as fast as the other.
/// Without opposite signs it is the end where |f| is smaller.
pub(crate) fn root<E>(
    a: (f64, f64),
    b: (f64, f64),
    tolerance: f64,
    mut f: impl FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    let (mut old, mut new) = (a, b);
    let mut share = 0.5_f64;
    for _ in 0..MAX_EVALUATIONS {
        let best = if old.1.abs() < new.1.abs() { old } else { new };
        let width = (old.0 - new.0).abs();
        let allowed = tolerance + 4.0 * f64::EPSILON * best.0.abs();
        if best.1 == 0.0 || width <= allowed || old.1 * new.1 > 0.0 {
            return Ok(best.0);
        }
        // No closer to either end than the tolerance: the next points then come from both sides.
        let least = 0.5 * allowed / width;
        let x = new.0 + share.clamp(least, 1.0 - least) * (old.0 - new.0);
        let value = f(x)?;
        if value.is_nan() {
            return Ok(f64::NAN);
        }
        let dropped;
        if value * new.1 > 0.0 {
            dropped = new;
        } else {
            dropped = old;
            old = new;
        }
        new = (x, value);
        share = interpolate(new, old, dropped);
    }
    Ok(if old.1.abs() < new.1.abs() { old.0 } else { new.0 })
}

/// Where between `new` and `old` the inverse parabola through the three points has its root, as a share of the way;
/// half-way where it is not to be trusted.
fn interpolate(new: (f64, f64), old: (f64, f64), dropped: (f64, f64)) -> f64 {
    let xi = (new.0 - old.0) / (dropped.0 - old.0);
    let phi = (new.1 - old.1) / (dropped.1 - old.1);
    if !(phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi) {
        return 0.5;
    }
    let ratio = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| a.1 / (b.1 - a.1) * c.1 / (b.1 - c.1);
    let first = new.1 / (old.1 - new.1) * dropped.1 / (old.1 - dropped.1);
    let second = ratio(new, dropped, old) * (dropped.0 - new.0) / (old.0 - new.0);
    first + second
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(a: f64, b: f64, f: impl Fn(f64) -> f64) -> (f64, usize) {
        let mut evaluations = 0;
        let found: Result<f64, ()> = root((a, f(a)), (b, f(b)), 1e-15, |x| {
            evaluations += 1;
            Ok(f(x))
        });
        (found.unwrap(), evaluations)
    }

    #[test]
    fn roots_are_found_in_few_evaluations() {
        for (a, b, f, expected, most) in [
            (0.0, 2.0, (|x: f64| x * x - 2.0) as fn(f64) -> f64, 2.0_f64.sqrt(), 12),
            (3.0, -1.0, |x| x.exp() - 1.0, 0.0, 14),
            (-4.0, 1e3, |x| x.powi(9), 0.0, 80),
            (1.0, 1e6, |x| (x / 3e5).ln(), 3e5, 30),
            (0.0, 1.0, |x| if x < 0.3 { -1.0 } else { 1.0 }, 0.3, 60),
        ] {
            let (found, evaluations) = solve(a, b, f);
            assert!((found - expected).abs() <= 1e-15 + 1e-15 * expected.abs(), "{found} {expected} {evaluations}");
            assert!(evaluations <= most, "{expected}: {evaluations}");
        }
    }

    #[test]
    fn without_a_change_of_sign_it_is_the_better_end() {
        assert!((solve(1.0, 2.0, |x| x).0 - 1.0).abs() < 1e-15);
        assert!(solve(-1.0, 1.0, |x| if x.abs() < 1.0 { f64::NAN } else { x }).0.is_nan());
    }
}
