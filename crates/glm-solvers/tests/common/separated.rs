//! Separation by the textbook's table of families and links, and in integers where the design is made of them.

use crate::rational::Side;
use crate::simplex::in_cone;
use crate::tails::split;
use crate::wild::Wild;

/// Where η may go for ever without the loss of y rising; `None` where there is no theorem.
///
/// Proportions of one and zero under a link onto (0, 1): Albert and Anderson (1984). Zero counts under a log: Verbeek (1989).
pub(crate) fn side(family: &str, link: &str, y: f64) -> Option<Side> {
    let falling = if y == 0.0 { Side::NonPositive } else { Side::Zero };
    match (split(family).0, link) {
        ("binomial" | "quasi-binomial", "logit" | "probit" | "cloglog" | "loglog" | "cauchit") => {
            Some(if y >= 1.0 { Side::NonNegative } else { falling })
        }
        ("binomial" | "quasi-binomial" | "poisson" | "quasi-poisson" | "negative-binomial" | "tweedie", "log") => {
            Some(falling)
        }
        ("quasi", "log") if family == "quasi(1.3)" => Some(falling),
        ("gamma", "log") | ("gaussian", "identity") => Some(Side::Zero),
        _ => None,
    }
}

/// Whether the data are separated, for certain: `None` without a theorem, or where the design is not in small integers.
///
/// They are, if some d satisfies all rows and moves one. If c is the sum of the rows that may move, each with its sign,
/// then c·d > 0 for such a d and only for such, and by Farkas' lemma there is none exactly if −c is a nonnegative
/// combination of the rows with their signs, the fixed ones with either.
pub(crate) fn exactly(wild: &Wild) -> Option<bool> {
    let p = wild.row(0).len();
    let (mut vectors, mut target) = (Vec::new(), vec![0_i128; p]);
    for row in wild.used() {
        let x: Vec<i128> = wild.row(row).iter().map(|x| small(*x)).collect::<Option<_>>()?;
        let negative: Vec<i128> = x.iter().map(|x| -x).collect();
        let moved = match side(wild.family, wild.link, wild.y[row])? {
            Side::Zero => {
                vectors.extend([x, negative]);
                continue;
            }
            Side::NonNegative => x,
            Side::NonPositive => negative,
        };
        target.iter_mut().zip(&moved).for_each(|(sum, x)| *sum -= x);
        vectors.push(moved);
    }
    vectors.sort_unstable();
    vectors.dedup();
    Some(!in_cone(&vectors, &target))
}

/// A whole number up to a hundred.
fn small(x: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
    (x.fract() == 0.0 && x.abs() <= 100.0).then_some(x as i128)
}
