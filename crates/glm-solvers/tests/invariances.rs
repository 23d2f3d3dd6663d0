//! What must not change a fit, and how a fit must change: rows permuted and split, offsets shifted, columns rescaled,
//! recombined and repeated.

#[path = "common/close.rs"]
mod close;
#[path = "common/goodness.rs"]
mod goodness;
#[path = "common/pairs.rs"]
mod pairs;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/simulate.rs"]
mod simulate;

use close::{near, same_coefficients, same_std_errors};
use glm_core::Dense;
use glm_solvers::{Fit, Problem, Solver, Warning, fisher_scoring, irls, lbfgs, newton_raphson};
use goodness::same_goodness;
use pairs::{Pair, pairs};
use proptest::prelude::any;
use proptest::test_runner::TestCaseError;
use runner::runner;
use simulate::{Data, simulate};

const CASES: u32 = 4;

/// The solvers that are held to full accuracy; a case takes the one that its seed says.
fn solver(seed: u64) -> Solver {
    match seed / 2 % 4 {
        0 => newton_raphson(),
        1 => fisher_scoring(),
        2 => irls(),
        _ => lbfgs(),
    }
}

fn fit(problem: &Problem<'_>, seed: u64) -> Result<Fit, TestCaseError> {
    let solver = solver(seed);
    let fail = |error| TestCaseError::fail(format!("{} by {}: {error}", problem.response().name(), solver.name()));
    solver.fit(problem).map_err(fail)
}

fn fit_data(pair: &Pair, data: &Data, seed: u64) -> Result<Fit, TestCaseError> {
    let design = data.design();
    fit(&data.problem(&design, &*pair.response), seed)
}

/// Runs a law on simulated data of every pair.
fn check(law: impl Fn(&Pair, &Data, u64) -> Result<(), TestCaseError>) {
    for pair in pairs() {
        let outcome = runner(CASES).run(&(150_usize..300, 2_usize..4, any::<u64>()), |(n, slopes, seed)| {
            law(&pair, &simulate(pair.family, pair.link, n, slopes, seed), seed)
        });
        assert!(outcome.is_ok(), "{} with {}: {outcome:?}", pair.family, pair.link);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
fn whole(weight: f64) -> usize {
    weight.round() as usize
}

/// The rows in the order given, which may leave rows out or repeat them.
fn rows(data: &Data, order: &[usize]) -> Data {
    let take = |values: &[f64]| order.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    Data {
        columns: data.columns.iter().map(|column| take(column)).collect(),
        y: take(&data.y),
        weights: take(&data.weights),
        offset: take(&data.offset),
    }
}

#[test]
fn permuting_rows_changes_nothing() {
    check(|pair, data, seed| {
        let mut order: Vec<usize> = (0..data.y.len()).collect();
        let mut rng = sim::rng(seed, 0);
        for last in (1..order.len()).rev() {
            #[expect(clippy::cast_possible_truncation, reason = "an index of a small table")]
            order.swap(last, sim::uniform::below(&mut rng, last as u64 + 1) as usize);
        }
        let (before, after) = (fit_data(pair, data, seed)?, fit_data(pair, &rows(data, &order), seed)?);
        same_coefficients("permuted", &after, &before, 1e-8)?;
        same_std_errors("permuted", &after, &before, 1e-8)?;
        same_goodness("permuted", &after, &before, 1e-9)?;
        near("null deviance", after.null_deviance, before.null_deviance, 1e-10, before.null_deviance)
    });
}

#[test]
fn a_weight_is_that_many_rows() {
    check(|pair, data, seed| {
        let mut data = data.clone();
        if pair.family != "binomial" {
            data.weights.iter_mut().enumerate().for_each(|(row, weight)| *weight = 1.0 + (row % 3) as f64);
        }
        let order: Vec<usize> = (0..data.y.len()).flat_map(|row| vec![row; whole(data.weights[row])]).collect();
        let mut long = rows(&data, &order);
        long.weights.fill(1.0);
        let (short, long) = (fit_data(pair, &data, seed)?, fit_data(pair, &long, seed)?);
        same_coefficients("split", &long, &short, 1e-8)?;
        near("split deviance", long.deviance, short.deviance, 1e-10, short.deviance)?;
        near("split null deviance", long.null_deviance, short.null_deviance, 1e-10, short.null_deviance)?;
        near("split Pearson", long.pearson_chisq, short.pearson_chisq, 1e-8, short.pearson_chisq)?;
        let phi = |fit: &Fit| fit.dispersion.unwrap_or(f64::NAN).sqrt();
        for (long_error, short_error) in long.std_errors.iter().zip(&short.std_errors) {
            let (long, short) = (long_error / phi(&long), short_error / phi(&short));
            near("split standard error at φ = 1", long, short, 1e-8, short)?;
        }
        Ok(())
    });
}

/// m trials of which k succeeded are k ones and m − k zeros; the deviances differ by the saturated model's, which has
/// one mean per row: 2 Σ m [y ln y + (1 − y) ln(1 − y)].
#[test]
fn trials_are_zeros_and_ones() {
    for pair in pairs().into_iter().filter(|pair| pair.family == "binomial") {
        let outcome = runner(4).run(&(150_usize..300, 1_usize..4, any::<u64>()), |(n, slopes, seed)| {
            // An odd seed has trials.
            let data = simulate(pair.family, pair.link, n, slopes, seed | 1);
            let mut order = Vec::new();
            let mut y = Vec::new();
            let mut saturated = 0.0;
            for row in 0..n {
                let (trials, share) = (data.weights[row], data.y[row]);
                let successes = (trials * share).round();
                order.extend(vec![row; whole(trials)]);
                y.extend((0..whole(trials)).map(|trial| f64::from(u8::from((trial as f64) < successes))));
                saturated -=
                    [share, 1.0 - share].iter().filter(|p| **p > 0.0).map(|p| trials * p * p.ln()).sum::<f64>();
            }
            let long = Data { y, weights: vec![1.0; order.len()], ..rows(&data, &order) };
            let (short, long) = (fit_data(&pair, &data, seed)?, fit_data(&pair, &long, seed)?);
            same_coefficients("trials", &long, &short, 1e-8)?;
            same_std_errors("trials", &long, &short, 1e-8)?;
            near("deviance of trials", long.deviance, short.deviance + 2.0 * saturated, 1e-10, long.deviance)
        });
        assert!(outcome.is_ok(), "{} with {}: {outcome:?}", pair.family, pair.link);
    }
}

#[test]
fn shifting_the_offset_moves_the_intercept_alone() {
    check(|pair, data, seed| {
        let shift = [-3.0, 0.25, 10.0][(seed % 3) as usize];
        let shifted = Data { offset: data.offset.iter().map(|offset| offset + shift).collect(), ..data.clone() };
        let (before, mut after) = (fit_data(pair, data, seed)?, fit_data(pair, &shifted, seed)?);
        after.coefficients[0] += shift;
        // The shift costs the digits that it has in front of the intercept's standard error.
        let lost = (f64::EPSILON * shift.abs() / before.std_errors[0]).max(1e-8);
        same_coefficients("shifted", &after, &before, lost)?;
        same_std_errors("shifted", &after, &before, 1e-8)?;
        same_goodness("shifted", &after, &before, 1e-9)?;
        near("null deviance", after.null_deviance, before.null_deviance, 1e-9, before.null_deviance)
    });
}

#[test]
fn rescaling_a_column_rescales_its_coefficient_alone() {
    check(|pair, data, seed| {
        let before = fit_data(pair, data, seed)?;
        for power in [-8, -3, 2, 8] {
            let scale = 10.0_f64.powi(power);
            let mut scaled = data.clone();
            scaled.columns[0].iter_mut().for_each(|value| *value *= scale);
            let mut after = fit_data(pair, &scaled, seed)?;
            after.coefficients[1] *= scale;
            after.std_errors[1] *= scale;
            same_coefficients(&format!("times 1e{power}"), &after, &before, 1e-8)?;
            same_std_errors(&format!("times 1e{power}"), &after, &before, 1e-8)?;
            same_goodness(&format!("times 1e{power}"), &after, &before, 1e-9)?;
        }
        Ok(())
    });
}

#[test]
fn a_row_of_weight_zero_is_absent() {
    check(|pair, data, seed| {
        let before = fit_data(pair, data, seed)?;
        let support = pair.response.family().unwrap().support();
        let wild = if support.upper.is_finite() { support.upper } else { 1e30 };
        for position in [0, data.y.len() / 2, data.y.len()] {
            let mut with = data.clone();
            with.columns.iter_mut().for_each(|column| column.insert(position, 1e200));
            with.y.insert(position, wild);
            with.weights.insert(position, 0.0);
            with.offset.insert(position, -1e9);
            let after = fit_data(pair, &with, seed)?;
            same_coefficients("with weight zero", &after, &before, 1e-8)?;
            same_std_errors("with weight zero", &after, &before, 1e-8)?;
            same_goodness("with weight zero", &after, &before, 1e-9)?;
            near("null deviance", after.null_deviance, before.null_deviance, 1e-9, before.null_deviance)?;
            let likelihood = |fit: &Fit| fit.log_likelihood.unwrap_or(f64::NAN);
            near("log-likelihood", likelihood(&after), likelihood(&before), 1e-9, likelihood(&before).abs().max(1.0))?;
            let counts = |fit: &Fit| (fit.n_used, fit.df_residual, fit.df_null, fit.rank, fit.aliased.clone());
            proptest::prop_assert_eq!(counts(&after), counts(&before));
            proptest::prop_assert_eq!(after.n_rows, before.n_rows + 1);
            let kinds = |fit: &Fit| fit.warnings.iter().map(std::mem::discriminant).collect::<Vec<_>>();
            proptest::prop_assert_eq!(kinds(&after), kinds(&before));
        }
        Ok(())
    });
}

#[test]
fn recombining_columns_leaves_the_fitted_values() {
    check(|pair, data, seed| {
        let fitted = |data: &Data| -> Result<(Vec<f64>, Fit), TestCaseError> {
            let design = data.design();
            let problem = data.problem(&design, &*pair.response);
            let fit = fit(&problem, seed)?;
            Ok((fit.fitted(&problem).unwrap(), fit))
        };
        let mut mixed = data.clone();
        for row in 0..data.y.len() {
            let first = data.columns[0][row];
            let second = data.columns.get(1).map_or(0.0, |column| column[row]);
            mixed.columns[0][row] = 3.0 * first - 2.0 * second + 5.0;
            if let Some(column) = mixed.columns.get_mut(1) {
                column[row] = 0.5 * first + second - 1.0;
            }
        }
        let ((before, one), (after, other)) = (fitted(data)?, fitted(&mixed)?);
        for (after, before) in after.iter().zip(&before) {
            near("fitted value", *after, *before, 1e-8, before.abs())?;
        }
        same_goodness("recombined", &other, &one, 1e-9)
    });
}

#[test]
fn a_repeated_column_is_aliased_and_the_rest_stays() {
    check(|pair, data, seed| {
        let before = fit_data(pair, data, seed)?;
        let last = data.columns.len() + 1;
        for position in [2, last] {
            let mut columns: Vec<&[f64]> = data.columns.iter().map(|column| &column[..]).collect();
            columns.insert(position - 1, &data.columns[0]);
            let design = Dense::with_intercept(columns).unwrap();
            let mut after = fit(&data.problem(&design, &*pair.response), seed)?;
            proptest::prop_assert_eq!(&after.aliased, &vec![position]);
            let aliased = Warning::Aliased { columns: vec![position] };
            proptest::prop_assert!(after.warnings.contains(&aliased));
            proptest::prop_assert!(after.coefficients.remove(position).is_nan());
            proptest::prop_assert!(after.std_errors.remove(position).is_nan());
            proptest::prop_assert_eq!((after.rank, after.df_residual), (before.rank, before.df_residual));
            same_coefficients("with a repeated column", &after, &before, 1e-8)?;
            same_std_errors("with a repeated column", &after, &before, 1e-8)?;
            same_goodness("with a repeated column", &after, &before, 1e-9)?;
        }
        Ok(())
    });
}
