//! Rao's score test: whether further columns would raise the likelihood, by its slope where the smaller model is fitted.

use std::ops::Range;

use glm_core::{At, Design, Merge, Order, Precision, Root, blocks, fold_rows, kernel};
use glm_solvers::{Factor, Problem, independent_columns};

use crate::Error;

/// Below this pivot a Cholesky factor has lost four digits, and the rows are factorised themselves.
const SAFE_PIVOT: f64 = 1e-2;
/// The share of its length by which a column may leave the span of others by rounding.
const ROUNDING: f64 = 1e-9;

/// gᵀI⁻¹g of a problem where its linear predictors are `eta`, those of a smaller model's fit: g is the gradient of half the
/// deviance in the coefficients, I the expected information.
///
/// Divided by the dispersion it is χ² on the difference of the degrees of freedom if the smaller model is true (Rao, Proc.
/// Camb. Phil. Soc. 44, 1948). `eta` holds the offset too, predictor by predictor; the problem's own offset does not count.
/// `kept` are the coefficients that are not aliased. The relative error is about 1e4 ε, or ε times the condition number of
/// √W·X where that is more, beside the square of the smaller fit's own score.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::Problem;
/// use glm_stats::score_statistic;
/// // Two groups of counts against one mean of 6: Pearson's chi-square, Σ (y − 6)²/6 over the totals of the groups.
/// let (group, y) = ([0.0, 0.0, 1.0, 1.0], vec![2.0, 4.0, 10.0, 8.0]);
/// let (design, poisson) = (Dense::with_intercept([&group[..]])?, spec::response("poisson(log)")?);
/// let problem = Problem::new(&design, &*poisson, y)?;
/// let score = score_statistic(&problem, &[6.0_f64.ln(); 4], &[0, 1])?;
/// assert!((score - (6.0 * 6.0 + 6.0 * 6.0) / 12.0).abs() < 1e-13);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// In [`Error::Input`] an `eta` that is not finite or of another length; [`Error::Sampled`]; [`Error::NoInformation`].
pub fn score_statistic(problem: &Problem<'_>, eta: &[f64], kept: &[usize]) -> Result<f64, Error> {
    if problem.is_sample() {
        return Err(Error::Sampled { fit: 0 });
    }
    let at_fit = problem.clone().with_offset(eta.to_vec()).map_err(|error| match error {
        glm_solvers::Error::Input(error) => Error::Input(error),
        _ => Error::NoInformation { response: problem.response().name() },
    })?;
    let nothing = vec![0.0; problem.design().n_cols() * problem.response().n_predictors()];
    let expand = |order| at_fit.expand(At::Params(&nothing), order, Precision::Compensated);
    let mut expansion = expand(Order::Expected)?;
    let safe = |factor: &Factor| factor.smallest_pivot() > SAFE_PIVOT;
    let mut factor = Factor::new(&expansion.information, kept).filter(safe);
    if factor.is_none() {
        expansion = expand(Order::Root)?;
        factor = Factor::new(&expansion.information, kept);
    }
    let score = factor.map(|factor| factor.score_norm(&expansion.gradient).powi(2)).filter(|score| score.is_finite());
    score.ok_or_else(|| Error::NoInformation { response: problem.response().name() })
}

/// The first column of a design that is no combination of the columns of a larger one on the rows in use; `None` where the
/// one is within the other.
///
/// A column counts as a combination where what it has of its own is below 1e-9 of its length.
///
/// ```
/// use glm_core::Dense;
/// use glm_stats::outside_span;
/// let (x, squares) = ([1.0, 2.0, 3.0, 4.0], [1.0, 4.0, 9.0, 16.0]);
/// let larger = Dense::with_intercept([&x[..]])?;
/// assert_eq!(outside_span(&Dense::with_intercept([&[3.0, 5.0, 7.0, 9.0][..]])?, &larger, |_| true)?, None);
/// assert_eq!(outside_span(&Dense::with_intercept([&squares[..]])?, &larger, |_| true)?, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// In [`Error::Input`] another number of rows.
pub fn outside_span(
    smaller: &dyn Design,
    larger: &dyn Design,
    used: impl Fn(usize) -> bool + Sync,
) -> Result<Option<usize>, Error> {
    let (expected, found) = (larger.n_rows(), smaller.n_rows());
    if expected != found {
        return Err(glm_core::Error::LengthMismatch { what: "the rows of the smaller design", expected, found }.into());
    }
    let own = without_equals(smaller, larger);
    if own.is_empty() {
        return Ok(None);
    }
    let (p, width) = (larger.n_cols(), larger.n_cols() + own.len());
    let group = |rows: Range<usize>| {
        let (mut part, mut x, mut scratch) = (Part(Root::zeros(width)), Vec::new(), Vec::new());
        for rows in blocks(rows) {
            let (m, of_larger) = (rows.len(), rows.len() * p);
            let columns = dense(smaller, rows.clone());
            x.resize(m * width, 0.0);
            larger.dense(rows.clone(), &mut x[..of_larger]);
            for (place, column) in own.iter().zip(x[of_larger..].chunks_exact_mut(m)) {
                column.copy_from_slice(&columns[place * m..(place + 1) * m]);
            }
            let weight: Vec<f64> = rows.map(|row| f64::from(u8::from(used(row)))).collect();
            part.0.add_block(&x, &weight, &mut scratch);
        }
        Ok::<_, Error>(part)
    };
    let Part(root) = fold_rows(larger.n_rows(), &group)?;
    let independent = independent_columns(&root, ROUNDING);
    // What has no length that can be told lies within nothing.
    let is_lost = |column: usize| !kernel::dot(root.column(column), root.column(column)).is_normal();
    let outside = (p..width).find(|column| independent.contains(column) || is_lost(*column));
    Ok(outside.map(|column| own[column - p]))
}

/// The columns of one design that are not, number by number, also columns of the other: mostly none.
fn without_equals(smaller: &dyn Design, larger: &dyn Design) -> Vec<usize> {
    let mut equals: Vec<Vec<usize>> = vec![(0..larger.n_cols()).collect(); smaller.n_cols()];
    for rows in blocks(0..larger.n_rows()) {
        let (own, others, m) = (dense(smaller, rows.clone()), dense(larger, rows.clone()), rows.len());
        for (column, equals) in own.chunks_exact(m).zip(&mut equals) {
            equals.retain(|place| others[place * m..(place + 1) * m] == *column);
        }
    }
    equals.iter().enumerate().filter(|(_, equals)| equals.is_empty()).map(|(column, _)| column).collect()
}

fn dense(design: &dyn Design, rows: Range<usize>) -> Vec<f64> {
    let mut x = vec![0.0; rows.len() * design.n_cols()];
    design.dense(rows, &mut x);
    x
}

struct Part(Root);

impl Merge for Part {
    fn merge(&mut self, other: Self) {
        self.0.merge(&other.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::{Dense, spec};
    use glm_solvers::irls;

    /// The score of two groups against none, where the intercept-only model is fitted.
    fn of_groups(response: &str, y: &[f64], group: &[f64], weights: &[f64]) -> f64 {
        let (response, constant) = (spec::response(response).unwrap(), Dense::intercept_only(y.len()).unwrap());
        let problem =
            |design| Problem::new(design, &*response, y.to_vec()).unwrap().with_weights(weights.to_vec()).unwrap();
        let null = irls().fit(&problem(&constant)).unwrap();
        let eta: Vec<f64> = null.coefficients.iter().flat_map(|eta| vec![*eta; y.len()]).collect();
        let design = Dense::with_intercept([group]).unwrap();
        score_statistic(&problem(&design), &eta, &(0..2 * response.n_predictors()).collect::<Vec<_>>()).unwrap()
    }

    /// Pearson's chi-square of a table of counts.
    fn pearson(table: &[&[f64]]) -> f64 {
        let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
        let columns: Vec<f64> = (0..table[0].len()).map(|j| table.iter().map(|row| row[j]).sum()).collect();
        let total: f64 = rows.iter().sum();
        let cell = |i: usize, j: usize| rows[i] * columns[j] / total;
        let cells = (0..rows.len()).flat_map(|i| (0..columns.len()).map(move |j| (i, j)));
        cells.map(|(i, j)| (table[i][j] - cell(i, j)).powi(2) / cell(i, j)).sum()
    }

    #[test]
    fn of_a_table_it_is_pearsons_chi_square() {
        let expected = pearson(&[&[7.0, 13.0], &[12.0, 5.0]]);
        for link in ["logit", "probit", "cloglog", "cauchit", "log", "identity"] {
            let found = of_groups(&format!("binomial({link})"), &[0.35, 12.0 / 17.0], &[0.0, 1.0], &[20.0, 17.0]);
            assert!((found / expected - 1.0).abs() < 1e-10, "{link}: {found} and not {expected}");
        }
        let expected = pearson(&[&[4.0, 9.0, 2.0], &[8.0, 3.0, 5.0]]);
        let (y, group) = ([0.0, 1.0, 2.0, 0.0, 1.0, 2.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        let found = of_groups("multinomial(3)", &y, &group, &[4.0, 9.0, 2.0, 8.0, 3.0, 5.0]);
        assert!((found / expected - 1.0).abs() < 1e-10, "{found} and not {expected}");
    }

    #[test]
    fn of_least_squares_it_is_the_difference_of_the_deviances() {
        let x: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 + 0.1 * x + (x * 12.9898).sin()).collect();
        let gaussian = spec::response("gaussian").unwrap();
        for distance in [1.0, 1e-3, 1e-7] {
            let near: Vec<f64> = x.iter().map(|x| x + distance * (x * 0.7).cos()).collect();
            let small = Dense::with_intercept([&x[..]]).unwrap();
            let large = Dense::with_intercept([&x[..], &near[..]]).unwrap();
            let problem = |design| Problem::new(design, &*gaussian, y.clone()).unwrap();
            let (first, second) = (irls().fit(&problem(&small)).unwrap(), irls().fit(&problem(&large)).unwrap());
            let eta: Vec<f64> = x.iter().map(|x| first.coefficients[0] + first.coefficients[1] * x).collect();
            let found = score_statistic(&problem(&large), &eta, &[0, 1, 2]).unwrap();
            let expected = first.deviance - second.deviance;
            assert!((found / expected - 1.0).abs() < 1e-14 / distance + 1e-12, "{distance}: {found} {expected}");
        }
    }

    #[test]
    fn what_has_no_score_is_refused() {
        let (design, binomial) = (Dense::with_intercept([&[0.0, 1.0, 2.0][..]]).unwrap(), spec::response("binomial"));
        let binomial = binomial.unwrap();
        let problem = Problem::new(&design, &*binomial, vec![0.0, 1.0, 1.0]).unwrap();
        let of = |eta: [f64; 3]| score_statistic(&problem, &eta, &[0, 1]);
        assert!(matches!(of([-800.0, 800.0, 800.0]), Err(Error::NoInformation { .. })));
        assert!(matches!(of([0.0, f64::NAN, 0.0]), Err(Error::Input(glm_core::Error::NotFinite { row: 1, .. }))));
        let sampled = problem.clone().with_weights(glm_solvers::Weights::Probability(vec![1.0, 2.0, 3.0])).unwrap();
        assert!(matches!(score_statistic(&sampled, &[0.0; 3], &[0, 1]), Err(Error::Sampled { .. })));
    }

    #[test]
    fn rows_that_are_absent_do_not_matter_for_the_span() {
        let (x, other) = ([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 9.0]);
        let larger = Dense::with_intercept([&x[..]]).unwrap();
        let smaller = Dense::without_intercept([&x[..], &other[..]]).unwrap();
        assert_eq!(outside_span(&smaller, &larger, |_| true), Ok(Some(1)));
        assert_eq!(outside_span(&smaller, &larger, |row| row < 3), Ok(None));
    }
}
