//! What multinomial and ordinal fits must be, whatever the data: derivatives, identities, invariances.

#![allow(clippy::unwrap_used, reason = "a test may fail at what is not as it should be")]

#[path = "common/classes.rs"]
mod classes;

use classes::{Data, LINKS, N, all_estimates, close, data, multinomial, ordinal};
use glm_core::{Cumulative, CumulativeLink, Dense, Expansion, Information, Objective, Order, Response, Softmax, spec};
use glm_solvers::{
    Fit, Ordinal, OrdinalFit, Problem, Warning, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson,
};

// Over budget: a walk through every order.
#[test]
fn ordinal_gradient_and_information_are_derivatives() {
    let data = data();
    let (design, params) = (data.slopes(), [-0.7, 0.9, 0.4, -0.3]);
    for link in LINKS {
        let problem = Ordinal::new(&design, Cumulative::new(3, link).unwrap(), data.y.clone()).unwrap();
        let problem = problem.with_weights(data.weights.clone()).unwrap().with_offset(data.x[1].clone()).unwrap();
        let at = |params: &[f64], order: Order| {
            let mut into = Expansion::zeros(order, 4);
            problem.evaluate(params, order, &mut into).unwrap();
            into
        };
        let here = at(&params, Order::Observed);
        let Information::Gram(gram) = &here.information else { panic!("a Gram was asked for") };
        for j in 0..4 {
            let moved = |by: f64| {
                let mut params = params;
                params[j] += by;
                at(&params, Order::Gradient)
            };
            let (up, down) = (moved(1e-5), moved(-1e-5));
            let slope = (up.loss - down.loss) / 2e-5;
            assert!((slope - here.gradient[j]).abs() < 1e-5, "{link:?} gradient {j}: {slope} {}", here.gradient[j]);
            for k in 0..4 {
                let bend = (up.gradient[k] - down.gradient[k]) / 2e-5;
                let size = (gram.get(j, j) * gram.get(k, k)).abs().sqrt();
                assert!((bend - gram.get(j, k)).abs() < 1e-6 * size, "{link:?} curvature {j}, {k}: {bend}");
            }
        }
        // The root squares to the expected information.
        let (expected, root) = (at(&params, Order::Expected), at(&params, Order::Root));
        let (Information::Gram(gram), Information::Root(root)) = (&expected.information, &root.information) else {
            panic!("a Gram and a root were asked for")
        };
        for j in 0..4 {
            for k in 0..=j {
                let square: f64 = root.column(j).iter().zip(root.column(k)).map(|(a, b)| a * b).sum();
                let size = (gram.get(j, j) * gram.get(k, k)).sqrt();
                assert!((square - gram.get(j, k)).abs() < 1e-13 * size, "{link:?} root {j}, {k}: {square}");
            }
        }
    }
}

// Over budget: a list of what must be equal.
#[test]
fn two_classes_are_a_binomial() {
    let mut data = data();
    data.y.iter_mut().for_each(|y| *y = y.min(1.0));
    let (design, softmax, binomial) =
        (data.design(), Softmax::baseline(2).unwrap(), spec::response("binomial(logit)").unwrap());
    let fit = |response: &dyn Response| {
        newton_raphson().fit(&Problem::new(&design, response, data.y.clone()).unwrap()).unwrap()
    };
    let (found, expected) = (fit(&softmax), fit(&*binomial));
    close(&found.coefficients, &expected.coefficients, 1e-10);
    close(&found.std_errors, &expected.std_errors, 1e-10);
    for (found, expected) in [
        (found.deviance, expected.deviance),
        (found.null_deviance, expected.null_deviance),
        (found.log_likelihood.unwrap(), expected.log_likelihood.unwrap()),
        (found.aic.unwrap(), expected.aic.unwrap()),
        (found.bic.unwrap(), expected.bic.unwrap()),
        (found.pearson_chisq, expected.pearson_chisq),
        (found.df_residual as f64, expected.df_residual as f64),
        (found.df_null as f64, expected.df_null as f64),
    ] {
        close(&[found], &[expected], 1e-10);
    }
    // P(y = 0) = F(θ − x'β) is a binomial for 1 − y with coefficients θ and −β.
    let slopes = data.slopes();
    for link in LINKS {
        let response = spec::response(&format!("binomial({})", link.link().name())).unwrap();
        let mirrored = data.y.iter().map(|y| 1.0 - y).collect();
        let expected = newton_raphson().fit(&Problem::new(&design, &*response, mirrored).unwrap()).unwrap();
        let problem = Ordinal::new(&slopes, Cumulative::new(2, link).unwrap(), data.y.clone()).unwrap();
        let found = problem.fit(&newton_raphson()).unwrap();
        let signed: Vec<f64> =
            expected.coefficients.iter().enumerate().map(|(j, b)| if j > 0 { -b } else { *b }).collect();
        close(&all_estimates(&found), &signed, 1e-9);
        close(&[found.deviance, found.null_deviance], &[expected.deviance, expected.null_deviance], 1e-10);
        if link == CumulativeLink::Logit {
            // Canonical: expected and observed information are one.
            close(&found.std_errors, &expected.std_errors, 1e-9);
        }
    }
}

#[test]
fn weights_are_repetitions() {
    let data = data();
    // Weights are 0, 1, 2, 3 in turn.
    let repeated: Vec<usize> = (0..N).flat_map(|row| vec![row; row % 4]).collect();
    let long = data.rows(&repeated);
    let (a, b) = (
        multinomial(&data, Some(data.weights.clone()), &newton_raphson()),
        multinomial(&long, None, &newton_raphson()),
    );
    close(&a.coefficients, &b.coefficients, 1e-10);
    close(&a.std_errors, &b.std_errors, 1e-10);
    let summary = |fit: &Fit| [fit.deviance, fit.null_deviance, fit.aic.unwrap(), fit.bic.unwrap(), fit.pearson_chisq];
    close(&summary(&a), &summary(&b), 1e-12);
    assert_eq!((a.n_used, a.df_residual, a.df_null), (180, 2 * 180 - 6, 2 * 179));
    for link in LINKS {
        let weighted = ordinal(&data, link, Some(data.weights.clone()), &newton_raphson());
        let plain = ordinal(&long, link, None, &newton_raphson());
        close(&all_estimates(&weighted), &all_estimates(&plain), 1e-10);
        close(&weighted.std_errors, &plain.std_errors, 1e-10);
        let summary = |fit: &OrdinalFit| [fit.deviance, fit.null_deviance, fit.aic.unwrap(), fit.bic.unwrap()];
        close(&summary(&weighted), &summary(&plain), 1e-12);
        assert_eq!((weighted.n_used, weighted.df_residual), (180, 2 * 180 - 4));
    }
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let data = data();
    let shuffled = data.rows(&(0..N).map(|i| i * 77 % N).collect::<Vec<_>>());
    let (a, b) = (multinomial(&data, None, &newton_raphson()), multinomial(&shuffled, None, &newton_raphson()));
    close(&a.coefficients, &b.coefficients, 1e-10);
    close(&a.std_errors, &b.std_errors, 1e-10);
    for link in LINKS {
        let (a, b) = (ordinal(&data, link, None, &newton_raphson()), ordinal(&shuffled, link, None, &newton_raphson()));
        close(&all_estimates(&a), &all_estimates(&b), 1e-9);
        close(&a.std_errors, &b.std_errors, 1e-9);
    }
}

/// Another reference class changes the coefficients by differences and the probabilities not at all; classes in the
/// opposite order mirror an ordinal model.
#[test]
fn the_order_of_the_classes() {
    let data = data();
    let reversed = Data { y: data.y.iter().map(|y| 2.0 - y).collect(), ..data.rows(&(0..N).collect::<Vec<_>>()) };
    let (a, b) = (multinomial(&data, None, &newton_raphson()), multinomial(&reversed, None, &newton_raphson()));
    let (first, second) = a.coefficients.split_at(3);
    let against_last: Vec<f64> =
        (0..3).map(|j| first[j] - second[j]).chain(second.iter().map(|value| -value)).collect();
    close(&b.coefficients, &against_last, 1e-9);
    close(&[a.deviance], &[b.deviance], 1e-12);
    let mirror = |link| match link {
        CumulativeLink::Cloglog => CumulativeLink::Loglog,
        CumulativeLink::Loglog => CumulativeLink::Cloglog,
        link => link,
    };
    for link in LINKS {
        let a = ordinal(&data, link, None, &newton_raphson());
        let b = ordinal(&reversed, mirror(link), None, &newton_raphson());
        close(&b.thresholds, &[-a.thresholds[1], -a.thresholds[0]], 1e-9);
        close(&b.coefficients, &a.coefficients.iter().map(|value| -value).collect::<Vec<_>>(), 1e-9);
    }
}

#[test]
fn every_solver_finds_the_same() {
    let data = data();
    let reference = multinomial(&data, None, &newton_raphson());
    for solver in [irls(), fisher_scoring(), lbfgs(), gradient_descent()] {
        close(&multinomial(&data, None, &solver).coefficients, &reference.coefficients, 1e-7);
    }
    for link in LINKS {
        let reference = ordinal(&data, link, None, &newton_raphson());
        for solver in [irls(), fisher_scoring(), lbfgs(), gradient_descent()] {
            let fit = ordinal(&data, link, None, &solver);
            close(&all_estimates(&fit), &all_estimates(&reference), 1e-7);
            close(&fit.std_errors, &reference.std_errors, 1e-7);
        }
        let solver = newton_raphson().with_start(vec![-3.0, -2.9, 1.5, 1.5]);
        close(&all_estimates(&ordinal(&data, link, None, &solver)), &all_estimates(&reference), 1e-8);
    }
}

/// An aliased column is aliased for every class, and what is left is the fit without it.
#[test]
fn aliased_columns() {
    let data = data();
    let (plain, sum) = (multinomial(&data, None, &newton_raphson()), [&data.x[0], &data.x[1]]);
    let sum: Vec<f64> = (0..N).map(|i| sum[0][i] - 2.0 * sum[1][i] + 3.0).collect();
    let wide = Data { x: vec![data.x[0].clone(), data.x[1].clone(), sum], ..data.rows(&(0..N).collect::<Vec<_>>()) };
    for solver in [irls(), fisher_scoring(), newton_raphson(), lbfgs()] {
        let fit = multinomial(&wide, None, &solver);
        assert_eq!((fit.rank, &fit.aliased[..]), (6, &[3, 7][..]), "{}", solver.name());
        let kept: Vec<f64> = fit.coefficients.iter().copied().filter(|value| !value.is_nan()).collect();
        close(&kept, &plain.coefficients, 1e-7);
        assert_eq!(fit.df_residual, plain.df_residual);
        assert!(fit.warnings.iter().any(|warning| matches!(warning, Warning::Aliased { .. })));
        let fit = ordinal(&wide, CumulativeLink::Logit, None, &solver);
        assert_eq!((fit.rank, &fit.aliased[..]), (4, &[2][..]), "{}", solver.name());
        assert!(fit.coefficients[2].is_nan() && fit.std_errors[4].is_nan());
        let plain = ordinal(&data, CumulativeLink::Logit, None, &newton_raphson());
        close(&fit.thresholds, &plain.thresholds, 1e-7);
    }
    // Without a baseline the last class is superfluous, and so becomes one.
    let (design, softmax) = (data.design(), Softmax::new(3).unwrap());
    let fit = newton_raphson().fit(&Problem::new(&design, &softmax, data.y.clone()).unwrap()).unwrap();
    assert_eq!((fit.rank, &fit.aliased[..]), (6, &[6, 7, 8][..]));
    close(&[fit.deviance, fit.df_residual as f64], &[plain.deviance, plain.df_residual as f64], 1e-12);
}

/// Columns that agree to seven digits: the root of a coupled response's information keeps what a Gram would lose.
#[test]
fn nearly_collinear_columns() {
    let data = data();
    // The sum is rounded, so that z is known to 1e-9 and so is what it explains.
    let near = (0..N).map(|i| data.x[0][i] + 1e-7 * data.x[1][i]).collect();
    let wide = Data { x: vec![data.x[0].clone(), near], ..data.rows(&(0..N).collect::<Vec<_>>()) };
    for solver in [irls(), newton_raphson()] {
        let (plain, fit) = (multinomial(&data, None, &solver), multinomial(&wide, None, &solver));
        close(&[fit.deviance], &[plain.deviance], 1e-10);
        for class in [0, 3] {
            // b₁ x + b₂ (x + 1e-7 z) = (b₁ + b₂) x + 1e-7 b₂ z.
            let scaled = 1e-7 * fit.coefficients[class + 2];
            close(&[scaled], &[plain.coefficients[class + 2]], 1e-6);
            close(&[1e-7 * fit.std_errors[class + 2]], &[plain.std_errors[class + 2]], 1e-6);
        }
        let (plain, fit) = (
            ordinal(&data, CumulativeLink::Probit, None, &solver),
            ordinal(&wide, CumulativeLink::Probit, None, &solver),
        );
        close(&[fit.deviance], &[plain.deviance], 1e-10);
        close(&[1e-7 * fit.coefficients[1]], &[plain.coefficients[1]], 1e-6);
        close(&[1e-7 * fit.std_errors[3]], &[plain.std_errors[3]], 1e-6);
    }
}

/// A column far from zero is as good as one about zero.
#[test]
fn columns_far_from_zero() {
    let data = data();
    // A multiple of 2⁻²⁰, so that the sum is exact.
    let column = |shift: f64| data.x[0].iter().map(|x| (x * 1_048_576.0).round() / 1_048_576.0 + shift).collect();
    let with = |shift: f64| Data { x: vec![column(shift)], ..data.rows(&(0..N).collect::<Vec<_>>()) };
    let (near, far) = (with(0.0), with(1e6));
    for link in LINKS {
        let (near, far) = (ordinal(&near, link, None, &newton_raphson()), ordinal(&far, link, None, &newton_raphson()));
        close(&far.coefficients, &near.coefficients, 1e-8);
        // The cauchit's come from the expected information there.
        if link != CumulativeLink::Cauchit {
            close(&far.std_errors[2..], &near.std_errors[2..], 1e-8);
        }
    }
    let (near, far) = (multinomial(&near, None, &newton_raphson()), multinomial(&far, None, &newton_raphson()));
    for j in [1, 3] {
        close(&[far.coefficients[j], far.std_errors[j]], &[near.coefficients[j], near.std_errors[j]], 1e-8);
    }
}

#[test]
fn offsets_shift_what_they_belong_to() {
    let data = data();
    let (slopes, design) = (data.slopes(), data.design());
    for link in LINKS {
        let plain = ordinal(&data, link, None, &newton_raphson());
        let offset = data.x[0].iter().map(|x| 0.5 * x).collect();
        let problem = Ordinal::new(&slopes, Cumulative::new(3, link).unwrap(), data.y.clone()).unwrap();
        let fit = problem.clone().with_offset(offset).unwrap().fit(&newton_raphson()).unwrap();
        close(&[fit.coefficients[0] + 0.5, fit.coefficients[1]], &plain.coefficients, 1e-9);
        close(&fit.thresholds, &plain.thresholds, 1e-9);
        let fit = problem.with_offset(vec![1.5; N]).unwrap().fit(&newton_raphson()).unwrap();
        close(&[fit.thresholds[0] - 1.5, fit.null_deviance], &[plain.thresholds[0], plain.null_deviance], 1e-10);
    }
    let plain = multinomial(&data, None, &newton_raphson());
    let response = Softmax::baseline(3).unwrap();
    let problem = Problem::new(&design, &response, data.y.clone()).unwrap().with_offset(vec![1.5; 2 * N]).unwrap();
    let fit = newton_raphson().fit(&problem).unwrap();
    close(&[fit.coefficients[0] + 1.5, fit.null_deviance], &[plain.coefficients[0], plain.null_deviance], 1e-10);
}

/// With one indicator the fitted probabilities of a multinomial are the shares within each group.
#[test]
fn a_saturated_multinomial_has_the_shares() {
    let x = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let y = vec![0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 0.0, 1.0, 2.0, 2.0];
    let (design, response) = (Dense::with_intercept([&x[..]]).unwrap(), spec::response("multinomial(3)").unwrap());
    let problem = Problem::new(&design, &*response, y).unwrap();
    let fitted = irls().fit(&problem).unwrap().fitted(&problem).unwrap();
    let found = [fitted[0], fitted[10], fitted[20], fitted[6], fitted[16], fitted[26]];
    close(&found, &[0.5, 1.0 / 3.0, 1.0 / 6.0, 0.25, 0.25, 0.5], 1e-9);
}

/// A class of next to no weight has thresholds next to each other, whose difference is known to its last digit.
#[test]
fn a_rare_class_between_two() {
    let x = [-1.0, 1.0, -1.0, 1.0, -1.0, 1.0];
    let (y, weights) = (vec![0.0, 0.0, 1.0, 1.0, 2.0, 2.0], vec![3.0, 3.0, 1e-7, 1e-7, 3.0, 3.0]);
    let design = Dense::without_intercept([&x[..]]).unwrap();
    for link in LINKS {
        let problem = Ordinal::new(&design, Cumulative::new(3, link).unwrap(), y.clone()).unwrap();
        let fit = problem.with_weights(weights.clone()).unwrap().fit(&newton_raphson()).unwrap();
        let mu = fit.predict(&design, &[]).unwrap();
        assert!((mu[6] / (2e-7 / 12.000_000_2) - 1.0).abs() < 1e-8, "{link:?}: {}", mu[6]);
        assert!(fit.coefficients[0].abs() < 1e-9 && fit.thresholds[0] < fit.thresholds[1], "{link:?}");
    }
}

/// The same response without the constraint of common slopes is an ordinary problem, and fits no worse.
#[test]
fn cumulative_without_common_slopes() {
    let data = data();
    let (design, response) = (data.design(), Cumulative::new(3, CumulativeLink::Logit).unwrap());
    let problem = Problem::new(&design, &response, data.y.clone()).unwrap();
    let free = newton_raphson().fit(&problem).unwrap();
    let common = ordinal(&data, CumulativeLink::Logit, None, &newton_raphson());
    assert_eq!((free.rank, common.rank, free.df_residual), (6, 4, 2 * N - 6));
    let gain = common.deviance - free.deviance;
    assert!((0.0..20.0).contains(&gain), "{gain}");
    close(&[free.null_deviance], &[common.null_deviance], 1e-12);
}
