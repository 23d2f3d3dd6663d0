//! Balloons: how many does a child get, and are they red; two outcomes whose slopes depend on the relationship.

use crate::uniform::{OWN_STREAMS, rng, unit};

/// The names of the columns that the learner sees.
pub const COLUMNS: [&str; 3] = ["relationship", "children", "age"];

const TRAINING: u64 = OWN_STREAMS + 3;
const VALIDATION: u64 = OWN_STREAMS + 4;

/// The balloons of the second article.
///
/// `relationship` is −½ or +½ with equal chance; `children, age ~ U(−½, ½)`.
///
/// | relationship | number of balloons | red if |
/// |---|---|---|
/// | −½ | `0.1 children − 0.2 age` | `0.8 children + 0.2 age > 0` |
/// | +½ | `0.8 children + 0.5 age` | `0.5 children + 0.5 age > 0` |
///
/// Both outcomes are exact functions of the columns, so a model with interactions can reach loss 0, and main effects
/// cannot. The best linear model of the number is `0 · relationship + 0.45 children + 0.15 age` with mean squared
/// error `(0.35² + 0.35²)/12 = 0.0204`.
///
/// The article's text prints "1. * children" for the first coefficient. Its own results, weights 0.435 and 0.142 and
/// validation loss 0.0204, are those of 0.1, which is what is used here.
///
/// Rows are drawn one after the other (relationship, children, age), so a larger `n` keeps the first rows.
///
/// ```
/// use sim::Balloons;
///
/// let train = Balloons::new(1000, 1);
/// let validation = Balloons::validation(1000, 1);
/// assert_ne!(train.age, validation.age);
/// let [relationship, children, age] = train.columns();
/// assert_eq!(relationship.len() + children.len() + age.len(), 3000);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Balloons {
    /// −½ or +½.
    pub relationship: Vec<f64>,
    /// Number of children, centred and scaled to `(−½, ½)`.
    pub children: Vec<f64>,
    /// Age, centred and scaled to `(−½, ½)`.
    pub age: Vec<f64>,
    /// The number of balloons, centred and scaled: the outcome of the regressions.
    pub number: Vec<f64>,
    /// 1 where the balloons are red, else 0: the outcome of the classifications.
    pub red: Vec<f64>,
}

impl Balloons {
    /// `n` training rows of a seed.
    pub fn new(n: usize, seed: u64) -> Self {
        Self::draw(n, seed, TRAINING)
    }

    /// `n` validation rows of a seed, from a stream that shares nothing with the training rows.
    pub fn validation(n: usize, seed: u64) -> Self {
        Self::draw(n, seed, VALIDATION)
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.number.len()
    }

    /// The three columns that the learner sees, in the order of [`COLUMNS`].
    pub fn columns(&self) -> [&[f64]; 3] {
        [&self.relationship, &self.children, &self.age]
    }

    fn draw(n: usize, seed: u64, stream: u64) -> Self {
        let mut rng = rng(seed, stream);
        let mut balloons = Self::default();
        for _ in 0..n {
            let relationship = if unit(&mut rng) < 0.5 { -0.5 } else { 0.5 };
            let children = unit(&mut rng) - 0.5;
            let age = unit(&mut rng) - 0.5;
            let (number, redness) = if relationship < 0.0 {
                (0.1 * children - 0.2 * age, 0.8 * children + 0.2 * age)
            } else {
                (0.8 * children + 0.5 * age, 0.5 * children + 0.5 * age)
            };
            balloons.relationship.push(relationship);
            balloons.children.push(children);
            balloons.age.push(age);
            balloons.number.push(number);
            balloons.red.push(f64::from(u8::from(redness > 0.0)));
        }
        balloons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Least squares without intercept by Cramer's rule on the 3 × 3 normal equations.
    fn least_squares(columns: [&[f64]; 3], y: &[f64]) -> [f64; 3] {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram = columns.map(|a| columns.map(|b| dot(a, b)));
        let right = columns.map(|a| dot(a, y));
        let determinant = |m: [[f64; 3]; 3]| {
            let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
            m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
        };
        std::array::from_fn(|j| {
            let mut replaced = gram;
            (0..3).for_each(|i| replaced[i][j] = right[i]);
            determinant(replaced) / determinant(gram)
        })
    }

    #[test]
    fn the_best_linear_fit_is_the_closed_form() {
        let n = 40_000;
        let train = Balloons::new(n, 11);
        let weights = least_squares(train.columns(), &train.number);
        // The residual is ±(0.35 children + 0.35 age), sd 0.143, and the columns have sd 0.29, so 5 standard errors are
        // 0.0125.
        for (found, expected) in weights.iter().zip([0.0, 0.45, 0.15]) {
            assert!((found - expected).abs() < 0.0125, "{weights:?}");
        }
        let validation = Balloons::validation(n, 11);
        let [relationship, children, age] = validation.columns();
        let predicted: Vec<f64> =
            (0..n).map(|i| weights[0] * relationship[i] + weights[1] * children[i] + weights[2] * age[i]).collect();
        let loss = crate::scores::mean_squared_error(&validation.number, &predicted, None).unwrap();
        let expected = (0.35_f64.powi(2) + 0.35_f64.powi(2)) / 12.0;
        // The squared residual has sd 0.0245: 5 standard errors are 0.0006.
        assert!((loss - expected).abs() < 0.0006, "{loss} is not {expected}");
    }

    #[test]
    fn both_outcomes_are_the_table() {
        let b = Balloons::new(500, 2);
        for i in 0..b.n_rows() {
            let (c, a) = (b.children[i], b.age[i]);
            let near = b.relationship[i] > 0.0;
            assert!([-0.5, 0.5].contains(&b.relationship[i]), "row {i}");
            assert!(c.abs() <= 0.5 && a.abs() <= 0.5, "row {i}");
            let number = if near { 0.8 * c + 0.5 * a } else { 0.1 * c - 0.2 * a };
            assert!((b.number[i] - number).abs() < 1e-16, "row {i}");
            let red = if near { c + a > 0.0 } else { 4.0 * c + a > 0.0 };
            assert_eq!(b.red[i].to_bits(), f64::from(u8::from(red)).to_bits(), "row {i}");
        }
        let share = b.relationship.iter().filter(|&&r| r > 0.0).count();
        assert!(share.abs_diff(250) < 56, "{share} of 500, beyond 5 standard errors");
    }

    #[test]
    fn growing_keeps_the_first_rows() {
        let (small, large) = (Balloons::new(10, 3), Balloons::new(20, 3));
        assert_eq!(small.number, large.number[..10]);
        assert_eq!(small.red, large.red[..10]);
        assert_ne!(Balloons::validation(10, 3), small);
    }
}
