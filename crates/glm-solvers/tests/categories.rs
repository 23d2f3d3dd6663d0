//! Designs that never write their rows out fit like dense ones: estimates, aliasing, separation, and the same bits on any
//! number of threads.

#![expect(clippy::unwrap_used, reason = "what does not converge is a failure of the test")]

use glm_core::{Categories, Dense, Design, Mixed, Sparse, Term, spec};
use glm_solvers::{Error, Fit, Problem, Towards, fisher_scoring, irls, newton_raphson};

/// Whole numbers below `below` that look random.
fn codes(n: usize, below: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let mut next = || {
        // Knuth's MMIX generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % below as u64) as u32
    };
    (0..n).map(|_| next()).collect()
}

struct Data {
    x: Vec<f64>,
    small: Vec<u32>,
    large: Vec<u32>,
    y: Vec<f64>,
}

const SMALL: usize = 4;

impl Data {
    fn new(n: usize, large: usize) -> Self {
        let x: Vec<f64> = codes(n, 1000, 1).iter().map(|code| f64::from(*code) / 500.0 - 1.0).collect();
        let (small, many) = (codes(n, SMALL, 2), codes(n, large, 3));
        let noise = codes(n, 100, 4);
        let eta = |i: usize| 0.3 * x[i] + 0.2 * f64::from(small[i]) + 0.3 * f64::from(many[i]).sin();
        let y = (0..n).map(|i| (eta(i).exp() + 0.02 * f64::from(noise[i])).floor() + 1.0).collect();
        Self { x, small, large: many, y }
    }

    fn design(&self, large: usize) -> Mixed<'_> {
        let helmert = [-1.0, 1.0, 0.0, 0.0, -1.0, -1.0, 2.0, 0.0, -1.0, -1.0, -1.0, 3.0];
        let small = Categories::with_contrasts(&self.small, SMALL, &helmert).unwrap();
        let design = Mixed::new(self.x.len()).intercept().term(&self.x).unwrap().term(&small).unwrap();
        let own = Categories::treatment(&self.small, SMALL).unwrap();
        let design = design.term(Categories::treatment(&self.large, large).unwrap()).unwrap();
        design.term(Term::from(&self.x).by(own)).unwrap()
    }
}

/// The columns of a design.
fn written(design: &dyn Design) -> Vec<f64> {
    let mut x = vec![0.0; design.n_rows() * design.n_cols()];
    design.dense(0..design.n_rows(), &mut x);
    x
}

fn same(found: &Fit, expected: &Fit) {
    assert_eq!((found.rank, &found.aliased), (expected.rank, &expected.aliased), "rank");
    let pairs =
        found.coefficients.iter().zip(&expected.coefficients).zip(found.std_errors.iter().zip(&expected.std_errors));
    for (j, ((a, b), (s, t))) in pairs.enumerate() {
        let both_missing = a.is_nan() && b.is_nan();
        assert!(both_missing || (a - b).abs() <= 1e-9 * t, "coefficient {j}: {a} {b}, standard error {t}");
        assert!(both_missing || (s / t - 1.0).abs() <= 1e-10, "standard error {j}: {s} {t}");
    }
    for i in 0..found.rank {
        for j in 0..found.rank {
            let (a, b) = (found.covariance[(i, j)], expected.covariance[(i, j)]);
            let size = (expected.covariance[(i, i)] * expected.covariance[(j, j)]).sqrt();
            assert!((a - b).abs() <= 1e-10 * size, "covariance {i}, {j}: {a} {b}");
        }
    }
    assert!((found.deviance / expected.deviance - 1.0).abs() < 1e-10, "deviance");
}

/// Few and many columns, by the two forms of a Cholesky factor and by QR.
#[test]
fn a_mixed_design_fits_like_its_dense_expansion() {
    for (rows, levels, names) in [
        (3000, 12, &["poisson", "gamma(log)", "gaussian", "negative-binomial(2)(log)"][..]),
        (20_000, 260, &["poisson"]),
    ] {
        let data = Data::new(rows, levels);
        let mixed = data.design(levels);
        let x = written(&mixed);
        let dense = Dense::with_intercept(x[rows..].chunks_exact(rows)).unwrap();
        let offset: Vec<f64> = data.x.iter().map(|x| 0.1 * x * x).collect();
        for name in names {
            let response = spec::response(name).unwrap();
            let fit = |design: &dyn Design, solver: &glm_solvers::Solver| {
                let problem = Problem::new(design, &*response, data.y.clone()).unwrap();
                solver.fit(&problem.with_offset(offset.clone()).unwrap()).unwrap()
            };
            let expected = fit(&dense, &fisher_scoring());
            same(&fit(&mixed, &fisher_scoring()), &expected);
            same(&fit(&mixed, &newton_raphson()), &expected);
            if levels < 100 {
                same(&fit(&mixed, &irls()), &expected);
            }
        }
    }
}

#[test]
fn a_sparse_design_fits_like_its_dense_expansion() {
    let (rows, levels) = (5000, 40);
    let data = Data::new(rows, levels);
    let mixed = data.design(levels);
    let x = written(&mixed);
    let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for column in x[rows..].chunks_exact(rows) {
        for (row, value) in (0_u32..).zip(column).filter(|(_, value)| **value != 0.0) {
            indices.push(row);
            values.push(*value);
        }
        starts.push(values.len());
    }
    let sparse = Sparse::from_columns(rows, &starts, &indices, &values).unwrap().with_intercept();
    let response = spec::response("poisson").unwrap();
    let fit =
        |design: &dyn Design| fisher_scoring().fit(&Problem::new(design, &*response, data.y.clone()).unwrap()).unwrap();
    same(&fit(&sparse), &fit(&mixed));
}

/// A column for every level beside the intercept, and a cell of an interaction without rows.
#[test]
fn aliased_columns_are_those_of_the_dense_expansion() {
    for levels in [6, 150] {
        let rows = 2400;
        let data = Data::new(rows, levels);
        let full = Categories::full(&data.large, levels).unwrap();
        // No row of the last level is in the second level of the small factor.
        let small: Vec<u32> = data
            .large
            .iter()
            .zip(&data.small)
            .map(|(l, s)| if *l as usize == levels - 1 { 0 } else { s % 2 })
            .collect();
        let small = Categories::treatment(&small, 2).unwrap();
        let mixed = Mixed::new(rows).intercept().term(&data.x).unwrap().term(&full).unwrap();
        let mixed = mixed.term(&small).unwrap().term(Term::from(&full).by(&small)).unwrap();
        let x = written(&mixed);
        let dense = Dense::with_intercept(x[rows..].chunks_exact(rows)).unwrap();
        let response = spec::response("poisson").unwrap();
        let fit = |design: &dyn Design| {
            fisher_scoring().fit(&Problem::new(design, &*response, data.y.clone()).unwrap()).unwrap()
        };
        let found = fit(&mixed);
        // The last level's column; its cell; and the last of the other cells, which the small factor's column makes up for.
        assert_eq!(found.aliased, [levels + 1, 2 * levels + 1, 2 * levels + 2]);
        same(&found, &fit(&dense));
    }
}

/// A level without a count has no finite estimate under a log link, and is named.
#[test]
fn a_level_without_counts_is_separated() {
    let data = Data::new(600, 5);
    let y = data.y.iter().zip(&data.large).map(|(y, level)| if *level == 3 { 0.0 } else { *y }).collect();
    let design = Mixed::new(600).intercept().term(&data.x).unwrap();
    let design = design.term(Categories::treatment(&data.large, 5).unwrap()).unwrap();
    let response = spec::response("poisson").unwrap();
    let problem = Problem::new(&design, &*response, y).unwrap();
    match fisher_scoring().fit(&problem) {
        Err(Error::Separation(found)) => {
            assert_eq!(found.columns, [(1 + 3, Towards::MinusInfinity)]);
            assert!(found.rows.iter().all(|row| data.large[*row] == 3) && !found.complete);
        }
        other => panic!("{other:?}"),
    }
}

/// Rows of several groups, and columns enough for the blocked factor.
#[test]
fn threads_do_not_change_a_bit() {
    let (rows, levels) = (40_000, 200);
    let data = Data::new(rows, levels);
    let design = data.design(levels);
    let response = spec::response("poisson").unwrap();
    let problem = Problem::new(&design, &*response, data.y.clone()).unwrap();
    let bits = |threads: usize| -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let fit = pool.install(|| fisher_scoring().fit(&problem)).unwrap();
        fit.coefficients.iter().chain(&fit.std_errors).chain([&fit.deviance]).map(|value| value.to_bits()).collect()
    };
    assert!(design.rows_per_group() * 3 < rows);
    let one = bits(1);
    assert_eq!(bits(4), one);
}
