//! Penalised likelihood-ratio tests and profile intervals: values in 50 digits, closed forms, and laws.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[path = "common/reference.rs"]
#[expect(dead_code, reason = "the fields of other kinds are read by other tests")]
mod reference;

#[path = "common/jeffreys.rs"]
mod jeffreys;

use glm_core::special::{chi2_quantile, chi2_sf};
use glm_core::{Dense, spec};
use glm_solvers::{BiasReducedFit, BiasReduction, DispersionEstimate, Problem, fit_bias_reduced};
use jeffreys::{JEFFREYS, PAIRS, close, columns, on};
use reference::{Case, cases, folders};

fn case(id: &str) -> Case {
    folders().iter().flat_map(|folder| cases(folder)).find(|case| case.id == id).unwrap()
}

fn on_case<T>(id: &str, estimator: BiasReduction, test: impl FnOnce(&Problem<'_>, &BiasReducedFit) -> T) -> T {
    let case = case(id);
    let (response, design) = (case.response().unwrap(), case.design());
    let problem = Problem::new(&design, &*response, case.y.clone()).unwrap();
    let fit = fit_bias_reduced(&problem, estimator).unwrap();
    test(&problem, &fit)
}

/// Both ends, to 1e-8 standard errors.
fn check_interval(problem: &Problem<'_>, fit: &BiasReducedFit, column: usize, level: f64, ends: [f64; 2]) {
    let found = fit.profile_interval(problem, column, level).unwrap_or_else(|error| panic!("{column}: {error}"));
    assert_eq!((found.column, found.level.to_bits()), (column, level.to_bits()), "what was asked for");
    for (found, end) in [found.lower, found.upper].into_iter().zip(ends) {
        let error = (found - end).abs() / fit.fit.std_errors[column];
        assert!(error <= 1e-8, "{column}: {found} instead of {end}, {error:e} standard errors");
    }
}

fn check_test(problem: &Problem<'_>, fit: &BiasReducedFit, columns: &[usize], statistic: f64, p_value: f64) {
    let hypothesis: Vec<(usize, f64)> = columns.iter().map(|column| (*column, 0.0)).collect();
    let found = fit.likelihood_ratio_test(problem, &hypothesis).unwrap_or_else(|error| panic!("{columns:?}: {error}"));
    assert_eq!(found.df, columns.len(), "degrees of freedom");
    close("statistic", found.statistic, statistic, 1e-10);
    assert!((found.p_value / p_value - 1.0).abs() < 1e-8, "{columns:?}: {} instead of {p_value}", found.p_value);
}

/// Heinze and Schemper's endometrial cancer data, separated in NV. These digits, and those of the tests below, were
/// computed in 50-digit arithmetic from l* alone: gradients by central differences, restricted maxima by Newton's method
/// from zero, ends by Newton's method on the stationarity of the others and the height together (Venzon and Moolgavkar).
#[test]
fn endometrial_cancer_is_as_in_50_digits() {
    for estimator in [JEFFREYS, BiasReduction::MeanAdjustedScore] {
        on_case("firth_logit_endometrial", estimator, |problem, fit| {
            check_interval(problem, fit, 0, 0.95, [1.082537108447699, 7.209280498246937]);
            check_interval(problem, fit, 1, 0.95, [0.6097244363032023, 7.854631713877352]);
            check_interval(problem, fit, 2, 0.95, [-0.1244587208517281, 0.04045547318061113]);
            check_interval(problem, fit, 3, 0.95, [-4.3651832472632295, -1.2327210572170049]);
            check_test(problem, fit, &[0], 8.198013575844788, 0.004193627885586675);
            check_test(problem, fit, &[1], 6.7984572486660975, 0.0091236675470856);
            check_test(problem, fit, &[2], 0.7468285134321386, 0.3874822035664388);
            check_test(problem, fit, &[3], 17.759317479438398, 2.5068672148557737e-5);
            check_test(problem, fit, &[2, 1], 7.065825797500522, 0.02921967781940661);
            check_test(problem, fit, &[1, 2, 3], 43.655818465744616, 1.7858602975301849e-9);
            let p_values = fit.likelihood_ratio_p_values(problem).unwrap();
            let expected = [0.004193627885586675, 0.0091236675470856, 0.3874822035664388, 2.5068672148557737e-5];
            p_values.iter().zip(expected).for_each(|(found, expected)| close("p", *found, expected, 1e-9));
            let restricted = fit.likelihood_ratio_test(problem, &[(1, 0.0)]).unwrap().coefficients;
            let expected = [4.869115954659995, 0.0, -0.016821174840650373, -3.334273827275361];
            restricted.iter().zip(expected).for_each(|(found, expected)| close("restricted", *found, expected, 1e-8));
        });
    }
    on_case("firth_probit_endometrial", JEFFREYS, |problem, fit| {
        check_interval(problem, fit, 0, 0.95, [0.5101030250770097, 3.603957450031373]);
        check_interval(problem, fit, 1, 0.95, [0.4611279654381308, 3.7326046946535927]);
        check_interval(problem, fit, 2, 0.95, [-0.05593284124124079, 0.022063336225087334]);
        check_interval(problem, fit, 3, 0.95, [-2.24968417611417, -0.677724500575433]);
        check_test(problem, fit, &[1], 7.776585297432813, 0.005292774805203437);
        check_test(problem, fit, &[2], 0.6522748806344587, 0.41930052270772694);
        check_test(problem, fit, &[1, 2], 8.195190460507678, 0.01661257682782257);
    });
}

#[test]
fn birth_weights_are_as_in_50_digits() {
    on_case("firth_logit_birthwt", JEFFREYS, |problem, fit| {
        check_test(problem, fit, &[2], 3.9124202003648625, 0.047930526047794464);
        check_test(problem, fit, &[5], 7.874007017871771, 0.005015040189805592);
        check_test(problem, fit, &[3, 4], 8.138983319138534, 0.017086071841372338);
    });
}

/// The maximum of the likelihood is at infinity.
#[test]
fn separated_data_are_as_in_50_digits() {
    on_case("firth_logit_separated", JEFFREYS, |problem, fit| {
        check_interval(problem, fit, 0, 0.95, [-17.146439563524034, -0.43405209077200263]);
        check_interval(problem, fit, 1, 0.95, [0.01455845751430762, 0.32386503915544984]);
        check_interval(problem, fit, 0, 0.999, [-56.52055427325238, 1.4861301601524215]);
        check_interval(problem, fit, 1, 0.999, [-0.0189578280356279, 0.6780750099242324]);
        check_test(problem, fit, &[1], 6.338126362336934, 0.011816964077883123);
        let response = spec::response("binomial(cloglog)").unwrap();
        let problem = problem.with_response(&*response).unwrap();
        let fit = fit_bias_reduced(&problem, JEFFREYS).unwrap();
        check_interval(&problem, &fit, 0, 0.95, [-14.484680822050086, -0.517291824577651]);
        check_interval(&problem, &fit, 1, 0.95, [0.011402337809544439, 0.25941762186558137]);
        check_test(&problem, &fit, &[1], 6.718204146577643, 0.009543367560020333);
    });
}

#[test]
fn other_links_and_counts_are_as_in_50_digits() {
    let x: Vec<f64> = (0..10).map(f64::from).collect();
    let y = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
    on("binomial(cauchit)", &[&x], &y, |problem, fit| {
        check_interval(problem, fit, 0, 0.95, [-5.573056863060305, 0.4929893593202938]);
        check_interval(problem, fit, 1, 0.95, [-0.055677858037863986, 1.1276014823833416]);
        check_test(problem, fit, &[1], 2.2960449665205784, 0.12970389253787115);
    });
    on("binomial(probit)", &[&x], &y, |problem, fit| {
        check_interval(problem, fit, 0, 0.95, [-3.6206229894653146, 0.1383098934293993]);
        check_interval(problem, fit, 1, 0.95, [0.016021323753320504, 0.7552957580266738]);
        check_test(problem, fit, &[0], 3.134879293843625, 0.07663405929846233);
        check_test(problem, fit, &[1], 4.311690335572446, 0.03785133341450982);
    });
    // One group has no counts.
    let (group, y) = ([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 3.0, 0.0, 4.0, 0.0, 9.0]);
    on("poisson(log)", &[&x[..8], &group], &y, |problem, fit| {
        check_interval(problem, fit, 0, 0.95, [-8.139517161720667, -1.0109845795408128]);
        check_interval(problem, fit, 1, 0.95, [0.08443785901472002, 0.5807726794980516]);
        check_interval(problem, fit, 2, 0.95, [1.2284403412195333, 8.092861265753266]);
        check_interval(problem, fit, 0, 0.99, [-10.941081573683842, -0.5068865806805346]);
        check_interval(problem, fit, 2, 0.99, [0.7855021879542606, 10.893908862367711]);
        check_test(problem, fit, &[2], 14.705488240910213, 0.00012568002615600228);
        check_test(problem, fit, &[1, 2], 27.81945702651021, 9.10084382916281e-7);
    });
}

/// A test in a closed form: half a count more in each group, and under the hypothesis both halves stay, because the
/// penalty is still that of two columns.
#[test]
fn the_penalty_of_a_hypothesis_is_that_of_all_columns() {
    let (group, y) = ([0.0, 0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 4.0, 7.0, 2.0]);
    let (first, second) = (5.5, 9.5);
    let height = |a: f64, b: f64| first * a.ln() - 3.0 * a + second * b.ln() - 2.0 * b;
    let pooled: f64 = (first + second) / 5.0;
    let statistic = 2.0 * (height(first / 3.0, second / 2.0) - height(pooled, pooled));
    on("poisson(log)", &[&group], &y, |problem, fit| {
        check_test(problem, fit, &[1], statistic, chi2_sf(statistic, 1.0));
        let test = fit.likelihood_ratio_test(problem, &[(1, 0.0)]).unwrap();
        close("pooled", test.coefficients[0], pooled.ln(), 1e-9);
        // Nothing is left to maximise over.
        let statistic = 2.0 * (height(first / 3.0, second / 2.0) - height(2.0, 6.0));
        let all = fit.likelihood_ratio_test(problem, &[(1, 3_f64.ln()), (0, 2_f64.ln())]).unwrap();
        close("both", all.statistic, statistic, 1e-12);
        assert_eq!(all.df, 2);
    });
}

/// W is constant: the penalty is too, T is Wald's z², and the interval his.
#[test]
fn a_linear_model_has_the_intervals_of_wald() {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20) / 10.0 - 1.0).collect();
    let y: Vec<f64> = (0..20).map(|i| f64::from(i * 11 % 17)).collect();
    let (design, response) = (Dense::with_intercept([&x[..]]).unwrap(), spec::response("gaussian").unwrap());
    let problem = Problem::new(&design, &*response, y).unwrap();
    let problem = problem.with_dispersion(DispersionEstimate::Fixed(2.5)).unwrap();
    for estimator in [JEFFREYS, BiasReduction::MeanAdjustedScore] {
        let fit = fit_bias_reduced(&problem, estimator).unwrap();
        let (beta, error) = (&fit.fit.coefficients, &fit.fit.std_errors);
        for (j, (beta, error)) in beta.iter().zip(error).enumerate() {
            let z = chi2_quantile(0.9, 1.0).sqrt();
            check_interval(&problem, &fit, j, 0.9, [beta - z * error, beta + z * error]);
            let statistic = fit.likelihood_ratio_test(&problem, &[(j, 0.0)]).unwrap().statistic;
            close("statistic", statistic, (beta / error).powi(2), 1e-10);
        }
    }
}

/// Gamma with its canonical link and n rows: l* = (n/φ − 1) ln η − η Σy/φ for η > 0, and Wald's lower end is below zero.
#[test]
fn an_end_close_to_the_edge_of_the_domain_is_found() {
    let (y, phi): (_, f64) = ([0.5, 3.0, 1.5], 1.5);
    let (design, response) = (Dense::intercept_only(3).unwrap(), spec::response("gamma").unwrap());
    let problem = Problem::new(&design, &*response, y.to_vec()).unwrap();
    let problem = problem.with_dispersion(DispersionEstimate::Fixed(phi)).unwrap();
    let fit = fit_bias_reduced(&problem, JEFFREYS).unwrap();
    let height = |eta: f64| (3.0 / phi - 1.0) * eta.ln() - eta * 5.0 / phi;
    let found = fit.profile_interval(&problem, 0, 0.95).unwrap();
    assert!(fit.fit.coefficients[0] < 1.96 * fit.fit.std_errors[0] && found.lower > 0.0);
    for end in [found.lower, found.upper] {
        let statistic = 2.0 * (height(fit.fit.coefficients[0]) - height(end));
        close("statistic", statistic, chi2_quantile(0.95, 1.0), 1e-9);
    }
}

#[test]
fn the_statistic_at_an_end_is_the_quantile_and_zero_is_inside_where_it_is_not_rejected() {
    let (x, z, y) = columns();
    for name in PAIRS {
        on(name, &[&x, &z], &y, |problem, fit| {
            let p_values = fit.likelihood_ratio_p_values(problem).unwrap();
            // Cauchit's ends are then thousands of standard errors away.
            let furthest = if name == "binomial(cauchit)" { 0.999 } else { 1.0 - 1e-9 };
            for level in [0.01, 0.5, 0.9, furthest] {
                for interval in fit.profile_intervals(problem, level).unwrap() {
                    let (j, quantile) = (interval.column, chi2_quantile(level, 1.0));
                    for end in [interval.lower, interval.upper] {
                        let test = fit.likelihood_ratio_test(problem, &[(j, end)]).unwrap();
                        close(name, test.statistic, quantile, 1e-7);
                        assert_eq!(test.coefficients[j].to_bits(), end.to_bits());
                    }
                    let inside = interval.lower <= 0.0 && 0.0 <= interval.upper;
                    assert_eq!(inside, p_values[j] >= 1.0 - level, "{name} {j} {level}");
                    assert!(interval.lower < fit.fit.coefficients[j] && fit.fit.coefficients[j] < interval.upper);
                }
            }
        });
    }
}

#[test]
fn units_origins_and_order_of_columns_do_not_matter() {
    let (x, z, y) = columns();
    let year: Vec<f64> = x.iter().map(|x| 2000.0 + 10.0 * x).collect();
    let tiny: Vec<f64> = z.iter().map(|z| -1e-8 * z).collect();
    for name in PAIRS {
        let (plain, p) = on(name, &[&x, &z], &y, |problem, fit| {
            (fit.profile_intervals(problem, 0.95).unwrap(), fit.likelihood_ratio_p_values(problem).unwrap())
        });
        on(name, &[&tiny, &year], &y, |problem, fit| {
            let (first, second) =
                (fit.profile_interval(problem, 1, 0.95).unwrap(), fit.profile_interval(problem, 2, 0.95).unwrap());
            close(name, 10.0 * second.lower, plain[1].lower, 1e-7);
            close(name, 10.0 * second.upper, plain[1].upper, 1e-7);
            close(name, -1e-8 * first.upper, plain[2].lower, 1e-7);
            close(name, -1e-8 * first.lower, plain[2].upper, 1e-7);
            let found = fit.likelihood_ratio_p_values(problem).unwrap();
            close(name, found[1], p[2], 1e-7);
            close(name, found[2], p[1], 1e-7);
        });
    }
}

#[test]
fn an_offset_along_a_column_moves_its_interval() {
    let (x, z, y) = columns();
    for name in PAIRS {
        on(name, &[&x, &z], &y, |problem, fit| {
            let plain = fit.profile_interval(problem, 1, 0.95).unwrap();
            let beside = problem.clone().with_offset(x.iter().map(|x| 0.5 * x).collect()).unwrap();
            let moved = fit_bias_reduced(&beside, JEFFREYS).unwrap().profile_interval(&beside, 1, 0.95).unwrap();
            close(name, moved.lower + 0.5, plain.lower, 1e-8);
            close(name, moved.upper + 0.5, plain.upper, 1e-8);
        });
    }
}

/// By a link that is the same for successes and failures; loglog and cloglog change places.
#[test]
fn failures_for_successes_mirror_every_interval() {
    let (x, z, y) = columns();
    let failures: Vec<f64> = y.iter().map(|y| 1.0 - y).collect();
    for (link, mirror) in
        [("logit", "logit"), ("probit", "probit"), ("cauchit", "cauchit"), ("cloglog", "loglog"), ("loglog", "cloglog")]
    {
        let [here, there] = [(link, &y), (mirror, &failures)].map(|(link, y)| {
            on(&format!("binomial({link})"), &[&x, &z], y, |problem, fit| fit.profile_intervals(problem, 0.95).unwrap())
        });
        for (here, there) in here.iter().zip(there) {
            close(link, here.lower, -there.upper, 1e-8);
            close(link, here.upper, -there.lower, 1e-8);
        }
    }
}

#[test]
fn symmetric_data_have_symmetric_intervals() {
    let x = [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, -2.5, 2.5];
    let even = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    let odd = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    for link in ["logit", "probit", "cauchit"] {
        let name = format!("binomial({link})");
        // The response does not care for the sign of x; and changing it changes every response.
        for (y, column) in [(even, 1), (odd, 0)] {
            on(&name, &[&x], &y, |problem, fit| {
                let found = fit.profile_interval(problem, column, 0.95).unwrap();
                close(&name, found.lower, -found.upper, 1e-8);
                assert!(found.upper > 0.1);
                close(&name, fit.likelihood_ratio_p_values(problem).unwrap()[column], 1.0, 1e-8);
            });
        }
    }
}

#[test]
fn a_repetition_is_a_weight() {
    let (x, z, y) = columns();
    let rows = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|value| [*value, *value]).collect() };
    for name in PAIRS {
        let twice =
            on(name, &[&rows(&x), &rows(&z)], &rows(&y), |problem, fit| fit.profile_intervals(problem, 0.95).unwrap());
        on(name, &[&x, &z], &y, |problem, _| {
            let problem = problem.clone().with_weights(vec![2.0; 20]).unwrap();
            let fit = fit_bias_reduced(&problem, JEFFREYS).unwrap();
            for (a, b) in fit.profile_intervals(&problem, 0.95).unwrap().iter().zip(&twice) {
                close(name, a.lower, b.lower, 1e-8);
                close(name, a.upper, b.upper, 1e-8);
            }
        });
    }
}
