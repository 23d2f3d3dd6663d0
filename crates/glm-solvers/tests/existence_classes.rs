//! Classes that are separated are always reported, with directions and rows that the data confirm, and others never.

#![allow(clippy::cast_possible_truncation, reason = "the whole numbers of a test are small")]
#![allow(clippy::unwrap_used, reason = "a test may fail at what is not as it should be")]

#[path = "common/random.rs"]
mod random;
#[path = "common/simplex.rs"]
mod simplex;

use glm_core::{Cumulative, CumulativeLink, Dense, Softmax};
use glm_solvers::{
    Error, Existence, Ordinal, Problem, Separation, Solver, Towards, fisher_scoring, gradient_descent, irls, lbfgs,
    newton_raphson,
};
use random::SplitMix;
use simplex::in_cone;

/// Rows of integers, and the class of each.
#[derive(Debug)]
struct Data {
    x: Vec<Vec<i128>>,
    y: Vec<usize>,
    classes: usize,
}

impl Data {
    /// Classes at random, or by the value of a random form and a little noise; mostly none is empty.
    fn random(source: &mut SplitMix, intercept: bool) -> Self {
        let classes = 3 + source.below(2) as usize;
        let (n, p) =
            (classes as i64 + source.below(22), source.below(3) + i64::from(!intercept || source.below(2) > 0));
        let spread = source.below(4) + 1;
        let columns = p.clamp(1, 3);
        let mut element = |j: i64| if j == 0 && intercept { 1 } else { source.below(2 * spread + 1) - spread };
        let x: Vec<Vec<i128>> = (0..n).map(|_| (0..columns).map(|j| i128::from(element(j))).collect()).collect();
        let form: Vec<i128> = (0..columns).map(|_| i128::from(source.below(5) - 2)).collect();
        let (noise, forced) = (source.below(4), source.below(10) > 0);
        let latent = |row: &Vec<i128>| row.iter().zip(&form).map(|(x, d)| x * d).sum::<i128>();
        let mut class = |i: usize| match noise {
            _ if forced && i < classes => i,
            3 => source.below(classes as i64) as usize,
            noise => {
                let value = latent(&x[i]) as i64 + source.below(2 * noise + 1) - noise;
                (value + classes as i64 / 2).clamp(0, classes as i64 - 1) as usize
            }
        };
        let y = (0..n as usize).map(&mut class).collect();
        Self { x, y, classes }
    }

    fn columns(&self) -> Vec<Vec<f64>> {
        (0..self.x[0].len()).map(|j| self.x.iter().map(|row| row[j] as f64).collect()).collect()
    }

    fn y(&self) -> Vec<f64> {
        self.y.iter().map(|class| *class as f64).collect()
    }

    fn has_empty_class(&self) -> bool {
        (0..self.classes).any(|class| !self.y.contains(&class))
    }

    /// `x'(d_c − d_k) ≥ 0` for each other class k, `d_0` being zero.
    fn of_softmax(&self) -> Vec<(usize, Vec<i128>)> {
        let (p, mut forms) = (self.x[0].len(), Vec::new());
        for (i, (x, own)) in self.x.iter().zip(&self.y).enumerate() {
            for other in (0..self.classes).filter(|other| other != own) {
                let mut form = vec![0; (self.classes - 1) * p];
                for (class, sign) in [(*own, 1), (other, -1)].into_iter().filter(|(class, _)| *class > 0) {
                    form[(class - 1) * p..class * p].iter_mut().zip(x).for_each(|(form, x)| *form = sign * x);
                }
                forms.push((i, form));
            }
        }
        forms
    }

    /// `δ_c − x'd ≥ 0` and `x'd − δ_(c−1) ≥ 0`, of the thresholds that there are.
    fn of_cumulative(&self) -> Vec<(usize, Vec<i128>)> {
        let (q, mut forms) = (self.classes - 1, Vec::new());
        for (i, (x, own)) in self.x.iter().zip(&self.y).enumerate() {
            for (cut, sign) in [(Some(*own).filter(|cut| *cut < q), 1), (own.checked_sub(1), -1)] {
                let Some(cut) = cut else { continue };
                let mut form = vec![0; q];
                form[cut] = sign;
                form.extend(x.iter().map(|x| -sign * x));
                forms.push((i, form));
            }
        }
        forms
    }
}

/// What happened to all problems.
#[derive(Debug, Default)]
struct Counts {
    complete: usize,
    quasi: usize,
    fitted: usize,
    empty: usize,
    not_converged: usize,
}

/// The separation against exact arithmetic: which forms move, which coefficients are certain, and the direction.
fn check_separation<F>(what: &str, forms: &[(usize, Vec<i128>)], found: &Separation<F>, aliased: bool) {
    let all: Vec<Vec<i128>> = forms.iter().map(|(_, form)| form.clone()).collect();
    let (mut rows, mut complete) = (Vec::new(), true);
    for (row, form) in forms {
        let moves = !in_cone(&all, &form.iter().map(|value| -value).collect::<Vec<_>>());
        let terms = || form.iter().zip(&found.direction).map(|(a, d)| *a as f64 * d);
        let (step, size) = (terms().sum::<f64>(), terms().map(f64::abs).sum::<f64>());
        assert!(if moves { step > 1e-9 * size } else { step.abs() <= 1e-9 * size }, "{what}: {form:?} moves {step:e}");
        complete &= moves;
        rows.extend(Some(*row).filter(|_| moves));
    }
    rows.dedup();
    assert!(!rows.is_empty(), "{what}: not separated, but {found:?}", found = found.columns);
    assert_eq!((&found.rows, found.complete), (&rows, complete), "{what}");
    let unit = |j: usize, sign: i128| {
        let mut unit = vec![0; found.direction.len()];
        unit[j] = sign;
        in_cone(&all, &unit)
    };
    let certain = |j: usize| match (unit(j, 1), unit(j, -1)) {
        (true, false) => Some((j, Towards::PlusInfinity)),
        (false, true) => Some((j, Towards::MinusInfinity)),
        _ => None,
    };
    let certain: Vec<(usize, Towards)> = (0..found.direction.len()).filter_map(certain).collect();
    assert!(aliased || certain.is_empty() || found.columns == certain, "{what}: {:?} {certain:?}", found.columns);
    for (column, towards) in &found.columns {
        assert_eq!(found.direction[*column] > 0.0, *towards == Towards::PlusInfinity, "{what}");
    }
}

fn is_separated(forms: &[(usize, Vec<i128>)]) -> bool {
    let all: Vec<Vec<i128>> = forms.iter().map(|(_, form)| form.clone()).collect();
    let minus_sum: Vec<i128> = (0..all[0].len()).map(|j| -all.iter().map(|form| form[j]).sum::<i128>()).collect();
    !in_cone(&all, &minus_sum)
}

fn solvers() -> [Solver; 5] {
    [irls(), fisher_scoring(), newton_raphson(), lbfgs(), gradient_descent().with_max_iterations(300)]
}

/// Petals of three species of iris: those of the first are shorter than all others, between which they overlap. R's
/// `multinom` reports large coefficients without a word.
#[test]
fn irises_are_quasi_separated() {
    let length = [1.4, 1.3, 1.5, 1.7, 1.9, 4.7, 4.5, 4.9, 5.1, 3.0, 4.8, 6.0, 5.1, 5.9, 4.5, 4.9];
    let width = [0.2, 0.2, 0.4, 0.5, 0.2, 1.4, 1.5, 1.5, 1.6, 1.1, 1.8, 2.5, 1.9, 2.1, 1.7, 1.5];
    let y: Vec<f64> = [vec![0.0; 5], vec![1.0; 6], vec![2.0; 5]].concat();
    let design = Dense::with_intercept([&length[..], &width[..]]).unwrap();
    for (response, q) in [(Softmax::baseline(3).unwrap(), 2), (Softmax::new(3).unwrap(), 3)] {
        let problem = Problem::new(&design, &response, y.clone()).unwrap();
        for solver in solvers() {
            let Err(Error::Separation(found)) = solver.fit(&problem) else { panic!("{}", solver.name()) };
            assert!(
                !found.complete && found.rows == (0..16).collect::<Vec<_>>(),
                "{}: {:?}",
                solver.name(),
                found.rows
            );
            assert_eq!(found.direction.len(), 3 * q);
            // What tells the second species from the third stays finite.
            let d = |class: usize| &found.direction[3 * (class + q - 3)..][..3];
            assert!(
                d(1).iter().zip(d(2)).all(|(a, b)| (a - b).abs() < 1e-9 * a.abs().max(1.0)),
                "{:?}",
                found.direction
            );
            let text = Error::Separation(found).to_string();
            assert!(text.contains("quasi-completely") && text.contains("for class") && text.len() < 500, "{text}");
        }
    }
}

// Over budget: one arm for each thing that can happen to a fit.
#[test]
fn random_multinomial_problems_agree_with_exact_arithmetic() {
    let (mut source, mut counts, solvers) = (SplitMix(20_261_122), Counts::default(), solvers());
    for case in 0..3200 {
        let intercept = case % 4 > 0;
        let data = Data::random(&mut source, intercept);
        let (columns, solver) = (data.columns(), &solvers[case / 4 % 5]);
        let skip = usize::from(intercept);
        let slopes = columns[skip..].iter().map(Vec::as_slice);
        let design = if intercept && !columns[skip..].is_empty() {
            Dense::with_intercept(slopes).unwrap()
        } else {
            Dense::without_intercept(columns.iter().map(Vec::as_slice)).unwrap()
        };
        let forms = data.of_softmax();
        let response = Softmax::baseline(data.classes).unwrap();
        let problem = Problem::new(&design, &response, data.y()).unwrap();
        let what = format!("multinomial by {}: {data:?}", solver.name());
        match solver.fit(&problem) {
            Ok(fit) => {
                counts.fitted += 1;
                assert!(!is_separated(&forms), "{what}: separated, but a fit {:?}", fit.coefficients);
                assert_eq!(fit.certificate.existence, Existence::Proved, "{what}");
            }
            Err(Error::Separation(found)) => {
                *(if found.complete { &mut counts.complete } else { &mut counts.quasi }) += 1;
                check_separation(&what, &forms, &found, !found.best.aliased.is_empty());
            }
            Err(Error::EmptyClass { .. }) => {
                counts.empty += 1;
                assert!(data.has_empty_class() && is_separated(&forms), "{what}");
            }
            Err(Error::NotConverged(best)) if solver.name() == "gradient-descent" => {
                counts.not_converged += 1;
                assert!(!is_separated(&forms), "{what}: separated, but only not converged");
                assert_eq!(best.certificate.existence, Existence::Proved, "{what}");
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
    assert!(counts.complete > 200 && counts.quasi > 500 && counts.fitted > 1000 && counts.empty > 30, "{counts:?}");
    assert!(counts.not_converged < 100, "{counts:?}");
}

/// Neither the units of columns nor heavy weights nor offsets hide a separation or invent one.
// Over budget: the same questions to two models.
#[test]
fn scales_weights_and_offsets_do_not_matter() {
    let x: Vec<f64> = (0..90).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let z: Vec<f64> = (0..90).map(|i| (f64::from(i) * 1.3).cos()).collect();
    let latent = |i: usize| x[i] + 0.5 * z[i];
    for gap in [true, false] {
        let class = |i: usize| {
            if gap { u8::from(latent(i) > -0.3) + u8::from(latent(i) > 0.4) } else { (i * 5 % 7 / 2) as u8 % 3 }
        };
        let y: Vec<f64> = (0..90).map(|i| f64::from(class(i))).collect();
        for (a, b) in [(1.0, 1.0), (1e8, 1e-8)] {
            let columns = [x.iter().map(|v| a * v).collect::<Vec<_>>(), z.iter().map(|v| b * (v + 100.0)).collect()];
            let with = Dense::with_intercept(columns.iter().map(Vec::as_slice)).unwrap();
            let without = Dense::without_intercept(columns.iter().map(Vec::as_slice)).unwrap();
            let weights: Vec<f64> = (0..90).map(|i| [1.0, 1e-6, 1e6, 0.0][i % 4]).collect();
            let offset: Vec<f64> = (0..180).map(|i| f64::from(i % 11) - 5.0).collect();
            let softmax = Softmax::baseline(3).unwrap();
            let problem = Problem::new(&with, &softmax, y.clone()).unwrap().with_weights(weights.clone()).unwrap();
            let problem = problem.with_offset(offset.clone()).unwrap();
            for solver in [irls(), newton_raphson()] {
                let what = format!("{a} {b} {gap} {}", solver.name());
                match solver.fit(&problem) {
                    Err(Error::Separation(found)) => assert!(gap && found.complete, "{what}"),
                    Err(Error::NotConverged(fit)) => {
                        assert!(!gap && fit.certificate.existence == Existence::Proved, "{what} {:?}", fit.certificate);
                    }
                    Err(error) => panic!("{what}: {error}"),
                    Ok(fit) => assert!(!gap && fit.certificate.existence == Existence::Proved, "{what}"),
                }
                for link in LINKS {
                    let ordinal = Ordinal::new(&without, Cumulative::new(3, link).unwrap(), y.clone()).unwrap();
                    let ordinal = ordinal.with_weights(weights.clone()).unwrap().with_offset(offset[..90].to_vec());
                    match ordinal.unwrap().fit(&solver) {
                        Err(Error::OrdinalSeparation(found)) => assert!(gap && found.complete, "{what} {link:?}"),
                        Err(Error::OrdinalNotConverged(fit)) => {
                            let proved = fit.certificate.existence == Existence::Proved;
                            assert!(!gap && proved, "{what} {link:?} {:?}", fit.certificate);
                        }
                        Err(error) => panic!("{what} {link:?}: {error}"),
                        Ok(fit) => assert!(!gap && fit.certificate.existence == Existence::Proved, "{what} {link:?}"),
                    }
                }
            }
        }
    }
}

const LINKS: [CumulativeLink; 5] = [
    CumulativeLink::Logit,
    CumulativeLink::Probit,
    CumulativeLink::Cloglog,
    CumulativeLink::Loglog,
    CumulativeLink::Cauchit,
];

#[test]
fn random_ordinal_problems_agree_with_exact_arithmetic() {
    let (mut source, mut counts, solvers) = (SplitMix(20_261_123), Counts::default(), solvers());
    for case in 0..3200 {
        let data = Data::random(&mut source, false);
        let (columns, solver, link) = (data.columns(), &solvers[case / 5 % 5], LINKS[case % 5]);
        let design = Dense::without_intercept(columns.iter().map(Vec::as_slice)).unwrap();
        let forms = data.of_cumulative();
        let ordinal = Ordinal::new(&design, Cumulative::new(data.classes, link).unwrap(), data.y()).unwrap();
        let what = format!("{link:?} by {}: {data:?}", solver.name());
        match ordinal.fit(solver) {
            Ok(fit) => {
                counts.fitted += 1;
                assert!(!is_separated(&forms), "{what}: separated, but a fit {:?}", fit.coefficients);
                assert_eq!(fit.certificate.existence, Existence::Proved, "{what}");
            }
            Err(Error::OrdinalSeparation(found)) => {
                *(if found.complete { &mut counts.complete } else { &mut counts.quasi }) += 1;
                check_separation(&what, &forms, &found, !found.best.aliased.is_empty());
            }
            Err(Error::EmptyClass { .. }) => {
                counts.empty += 1;
                assert!(data.has_empty_class(), "{what}");
            }
            Err(Error::OrdinalNotConverged(best))
                if solver.name() == "gradient-descent" || link == CumulativeLink::Cauchit =>
            {
                counts.not_converged += 1;
                assert!(!is_separated(&forms), "{what}: separated, but only not converged");
                assert_eq!(best.certificate.existence, Existence::Proved, "{what}");
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
    assert!(counts.complete > 200 && counts.quasi > 150 && counts.fitted > 1000 && counts.empty > 50, "{counts:?}");
    assert!(counts.not_converged < 200, "{counts:?}");
}
