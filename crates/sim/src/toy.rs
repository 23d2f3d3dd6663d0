//! The Bernoulli toy: ten columns, a linear predictor of twenty-one terms, of which the learner sees only the first
//! ten.

use rand::Rng;

use crate::uniform::{OWN_STREAMS, between, rng, unit};

/// The number of columns that the learner sees.
pub const N_COLUMNS: usize = 10;

/// The number of terms of the true linear predictor, the constant included.
pub const N_TERMS: usize = 21;

/// The names of the columns.
pub const COLUMNS: [&str; N_COLUMNS] = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10"];

/// The terms of the true linear predictor, in the order of [`Toy::coefficients`] and [`terms`].
pub const TERMS: [&str; N_TERMS] = [
    "1",
    "x1",
    "x2",
    "x3",
    "x4",
    "x5",
    "x6",
    "x7",
    "x8",
    "x9",
    "x10",
    "x1^2",
    "x3^2",
    "x2*x4",
    "x2*x8",
    "x7*x9",
    "cos(x4)",
    "sin(x2)",
    "cos(x4)*x1^2",
    "sin(x2)*x3^2",
    "cos(x4)^2",
];

const COEFFICIENTS: u64 = OWN_STREAMS;
const TRAINING: u64 = OWN_STREAMS + 1;
const UNSEEN: u64 = OWN_STREAMS + 2;

/// The Bernoulli toy data of the first article.
///
/// `x1 … x5 ~ U(−2, 2)`, `x6 … x10 ~ Bernoulli(½)`; `η = Σ coefficients · terms(x)` over the 21 [`TERMS`], with
/// coefficients `~ U(−1, 1)`; `y ~ Bernoulli(1/(1 + e^−η))`. The learner sees x1 … x10 only, so a model of main
/// effects is wrong and the true probabilities are the most that anyone can reach.
///
/// The coefficients depend on the seed alone. Rows are drawn one after the other from their own stream (ten columns,
/// then the outcome), so a larger `n` keeps the first rows. Columns and coefficients are the same bits on every
/// machine; `eta` and `probability` depend on the platform's `sin`, `cos` and `exp`, which differ by a unit in the
/// last place at most.
///
/// ```
/// use sim::Toy;
///
/// let toy = Toy::new(1000, 42);
/// assert_eq!(toy.n_rows(), 1000);
/// assert_eq!(toy.column(9).len(), 1000);
/// let longer = Toy::new(2000, 42);
/// assert_eq!(longer.coefficients, toy.coefficients);
/// assert_eq!(longer.column(3)[..1000], *toy.column(3));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Toy {
    /// The columns x1 … x10, one after the other: `x[column * n + row]`.
    pub x: Vec<f64>,
    /// The outcome, 0 or 1.
    pub y: Vec<f64>,
    /// The true linear predictor.
    pub eta: Vec<f64>,
    /// The true probability of `y = 1`.
    pub probability: Vec<f64>,
    /// The true coefficients, in the order of [`TERMS`].
    pub coefficients: [f64; N_TERMS],
    seed: u64,
}

impl Toy {
    /// `n` training rows of a seed; the article has 10 000.
    pub fn new(n: usize, seed: u64) -> Self {
        Self::draw(n, seed, TRAINING)
    }

    /// `m` further rows from the same truth, drawn from a stream that shares nothing with the training rows.
    ///
    /// The unseen rows are the same whatever the number of training rows.
    ///
    /// ```
    /// use sim::Toy;
    ///
    /// let toy = Toy::new(100, 1);
    /// let unseen = toy.unseen(100);
    /// assert_eq!(unseen.coefficients, toy.coefficients);
    /// assert_ne!(unseen.x, toy.x);
    /// ```
    pub fn unseen(&self, m: usize) -> Self {
        Self::draw(m, self.seed, UNSEEN)
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.y.len()
    }

    /// One column, counted from zero.
    ///
    /// # Panics
    ///
    /// If `column` is not below 10.
    pub fn column(&self, column: usize) -> &[f64] {
        assert!(column < N_COLUMNS, "the toy has {N_COLUMNS} columns, there is no column {column}");
        let n = self.n_rows();
        &self.x[column * n..(column + 1) * n]
    }

    /// One row, as [`terms`] takes it.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, row: usize) -> [f64; N_COLUMNS] {
        std::array::from_fn(|column| self.column(column)[row])
    }

    /// All ten columns.
    pub fn columns(&self) -> [&[f64]; N_COLUMNS] {
        std::array::from_fn(|column| self.column(column))
    }

    fn draw(n: usize, seed: u64, stream: u64) -> Self {
        let mut coefficient_rng = rng(seed, COEFFICIENTS);
        let coefficients = std::array::from_fn(|_| between(&mut coefficient_rng, -1.0, 1.0));
        let mut toy = Self {
            x: vec![0.0; N_COLUMNS * n],
            y: Vec::with_capacity(n),
            eta: Vec::with_capacity(n),
            probability: Vec::with_capacity(n),
            coefficients,
            seed,
        };
        let mut row_rng = rng(seed, stream);
        for row in 0..n {
            let x = draw_row(&mut row_rng);
            let eta: f64 = terms(&x).iter().zip(&coefficients).map(|(term, coefficient)| term * coefficient).sum();
            let probability = 1.0 / (1.0 + (-eta).exp());
            (0..N_COLUMNS).for_each(|column| toy.x[column * n + row] = x[column]);
            toy.y.push(f64::from(u8::from(unit(&mut row_rng) < probability)));
            toy.eta.push(eta);
            toy.probability.push(probability);
        }
        toy
    }
}

fn draw_row(rng: &mut impl Rng) -> [f64; N_COLUMNS] {
    std::array::from_fn(
        |column| {
            if column < 5 { between(rng, -2.0, 2.0) } else { f64::from(u8::from(unit(rng) < 0.5)) }
        },
    )
}

/// The values of the 21 [`TERMS`] at one row: what a model that knew the truth's form would be given.
pub fn terms(x: &[f64; N_COLUMNS]) -> [f64; N_TERMS] {
    let &[x1, x2, x3, x4, x5, x6, x7, x8, x9, x10] = x;
    let (cos4, sin2) = (x4.cos(), x2.sin());
    [
        1.0,
        x1,
        x2,
        x3,
        x4,
        x5,
        x6,
        x7,
        x8,
        x9,
        x10,
        x1 * x1,
        x3 * x3,
        x2 * x4,
        x2 * x8,
        x7 * x9,
        cos4,
        sin2,
        cos4 * x1 * x1,
        sin2 * x3 * x3,
        cos4 * cos4,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_stated_distributions() {
        let n = 20_000;
        let toy = Toy::new(n, 5);
        for (j, column) in toy.columns().into_iter().enumerate() {
            let mean = column.iter().sum::<f64>() / n as f64;
            let (expected, variance) = if j < 5 { (0.0, 4.0 / 3.0) } else { (0.5, 0.25) };
            assert!((mean - expected).abs() < 5.0 * (variance / n as f64).sqrt(), "{}: {mean}", COLUMNS[j]);
            let uniform = column.iter().all(|x| (-2.0..2.0).contains(x));
            let binary = column.iter().all(|x| [0.0, 1.0].contains(x));
            assert!(uniform && binary == (j >= 5), "{}", COLUMNS[j]);
        }
    }

    #[test]
    fn the_outcome_follows_the_true_probability() {
        let toy = Toy::new(20_000, 5);
        // Σ (y − p) g(η) has mean 0 and variance Σ p (1 − p) g²: for g = 1 and g = η.
        for g in [|_: f64| 1.0, |eta: f64| eta] {
            let rows = || (0..toy.n_rows()).map(|i| (toy.y[i], toy.probability[i], g(toy.eta[i])));
            let sum: f64 = rows().map(|(y, p, g)| (y - p) * g).sum();
            let variance: f64 = rows().map(|(_, p, g)| p * (1.0 - p) * g * g).sum();
            assert!(sum.abs() < 5.0 * variance.sqrt(), "{sum} with variance {variance}");
        }
    }

    #[test]
    fn the_linear_predictor_is_the_article_s() {
        // Written out again by hand, term by term, at one row.
        let toy = Toy::new(1, 9);
        let x = toy.row(0);
        let b = toy.coefficients;
        let mut eta = b[0] + (0..10).map(|j| b[j + 1] * x[j]).sum::<f64>();
        eta += b[11] * x[0].powi(2) + b[12] * x[2].powi(2) + b[13] * x[1] * x[3] + b[14] * x[1] * x[7];
        eta += b[15] * x[6] * x[8] + b[16] * x[3].cos() + b[17] * x[1].sin();
        eta += b[18] * x[3].cos() * x[0].powi(2) + b[19] * x[1].sin() * x[2].powi(2) + b[20] * x[3].cos().powi(2);
        assert!((toy.eta[0] - eta).abs() < 1e-14, "{} is not {eta}", toy.eta[0]);
        assert!((toy.probability[0].ln() - (-toy.probability[0]).ln_1p() - eta).abs() < 1e-13);
    }

    #[test]
    fn growing_keeps_the_first_rows_and_the_unseen() {
        let (small, large) = (Toy::new(10, 3), Toy::new(25, 3));
        assert_eq!(small.coefficients[..], large.coefficients[..]);
        (0..10).for_each(|j| assert_eq!(*small.column(j), large.column(j)[..10], "column {j}"));
        assert_eq!(small.y, large.y[..10]);
        assert_eq!(small.unseen(7), large.unseen(7));
        let seen: Vec<u64> = large.column(0).iter().map(|x| x.to_bits()).collect();
        assert!(small.unseen(25).column(0).iter().all(|x| !seen.contains(&x.to_bits())));
        assert_ne!(Toy::new(10, 4).coefficients[..], small.coefficients[..]);
        assert_eq!(Toy::new(0, 3).column(9), [0.0; 0]);
    }
}
