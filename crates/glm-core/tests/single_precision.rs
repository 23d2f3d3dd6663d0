//! Columns of `f32` are the same numbers in columns of `f64`, bit for bit in every sum.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{
    At, Batch, CanonicalGlm, Dense, Design, Error, Expansion, Gram, Information, Order, Poisson, Precision, Softmax,
    Work, accumulate,
};

/// Rows: some blocks, and one that fills neither a block nor a register.
const N: usize = 1203;

/// Columns of all sizes, subnormal numbers and a constant among them.
fn singles(p: usize) -> Vec<f32> {
    let number = |i: usize, j: usize| match j % 7 {
        3 => 1.1,
        5 => f32::from_bits(u32::try_from(i * 7919 + j).unwrap()),
        _ => (i as f32 * 0.37 + j as f32).sin() * [1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1e3][j % 7],
    };
    (0..p).flat_map(|j| (0..N).map(move |i| number(i, j))).collect()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

/// Both storages of the same numbers, with an intercept and without.
fn designs<'a>(single: &'a [f32], double: &'a [f64]) -> [(Dense<'a, f32>, Dense<'a>); 2] {
    let columns = (single.chunks_exact(N), double.chunks_exact(N));
    let with = (Dense::with_intercept(columns.0.clone()).unwrap(), Dense::with_intercept(columns.1.clone()).unwrap());
    [with, (Dense::without_intercept(columns.0).unwrap(), Dense::without_intercept(columns.1).unwrap())]
}

/// Everything that a design is asked for over some rows.
fn answers(design: &dyn Design, precision: Precision) -> Vec<Vec<u64>> {
    let (p, mut work, mut answers) = (design.n_cols(), Work::with_precision(precision), Vec::new());
    for rows in [0..512, 512..1024, 1024..N, 3..40, 700..701] {
        let params: Vec<f64> = (0..p).map(|j| (j as f64 + 0.5).cos()).collect();
        let slope: Vec<f64> = rows.clone().map(|i| (i as f64 * 0.9).sin()).collect();
        let (mut block, mut eta, mut gradient) = (vec![0.0; rows.len() * p], slope.clone(), params.clone());
        let (mut gram, mut quadratic) = (Gram::zeros(p), vec![0.0; rows.len()]);
        design.dense(rows.clone(), &mut block);
        design.add_eta(rows.clone(), &params, &mut eta, &mut work);
        design.add_gradient(rows.clone(), &slope, &mut gradient, &mut work);
        design.add_gram(rows.clone(), &slope, &mut gram, &mut work);
        let v: Vec<f64> = (0..p * p).map(|k| (k % p + k / p) as f64).collect();
        design.quadratic(rows, &v, &mut quadratic, &mut work);
        let lower: Vec<f64> = (0..p * p).map(|k| gram.get(k % p, k / p)).collect();
        answers.extend([block, eta, gradient, lower, quadratic].map(|numbers| bits(&numbers)));
    }
    answers
}

#[test]
fn every_answer_has_the_bits_of_the_same_numbers_widened() {
    for p in [1, 3, 4, 7, 8, 13, 20, 144, 150] {
        let single = singles(p);
        let double: Vec<f64> = single.iter().map(|x| f64::from(*x)).collect();
        for (narrow, wide) in designs(&single, &double) {
            assert_eq!((narrow.n_rows(), narrow.n_cols()), (wide.n_rows(), wide.n_cols()));
            assert_eq!(narrow.columns().concat(), single);
            for precision in [Precision::Plain, Precision::Compensated] {
                assert_eq!(answers(&narrow, precision), answers(&wide, precision), "{p} columns, {precision:?}");
            }
        }
    }
}

/// The sums are the definition: numbers so large that their products in single precision would overflow.
#[test]
fn sums_are_double() {
    let x = [3.0e38_f32, -3.0e38, 1.5e-45];
    let design = Dense::without_intercept([&x[..]]).unwrap();
    let (mut eta, mut gradient, mut gram, mut work) = ([0.0; 3], [0.0], Gram::zeros(1), Work::new());
    design.add_eta(0..3, &[1e30], &mut eta, &mut work);
    design.add_gradient(0..3, &[0.0, 0.0, 1e-100], &mut gradient, &mut work);
    design.add_gram(0..3, &[1.0, 0.0, 0.0], &mut gram, &mut work);
    let [large, _, small] = x.map(f64::from);
    assert_eq!(bits(&eta), bits(&[large * 1e30, -large * 1e30, small * 1e30]));
    assert_eq!(bits(&gradient), bits(&[small * 1e-100]));
    assert_eq!(gram.get(0, 0).to_bits(), (large * large).to_bits());
}

#[test]
fn passes_have_the_same_bits() {
    let single = singles(3);
    let double: Vec<f64> = single.iter().map(|x| f64::from(*x)).collect();
    let y: Vec<f64> = (0..N).map(|i| (i * 7 % 3) as f64).collect();
    let weights: Vec<f64> = (0..N).map(|i| (i % 5) as f64 * 0.5).collect();
    let offset: Vec<f64> = (0..2 * N).map(|i| (i as f64).sin()).collect();
    let pass = |design: &dyn Design, classes: bool, order: Order, at: At<'_>| {
        let (softmax, poisson) = (Softmax::baseline(3).unwrap(), CanonicalGlm::new(Poisson));
        let batch = Batch { design, y: &y, weights: &weights, offset: if classes { &offset } else { &offset[..N] } };
        let n_params = design.n_cols() * if classes { 2 } else { 1 };
        let mut into = Expansion::zeros(order, n_params);
        let at = if let At::Params(params) = at { At::Params(&params[..n_params]) } else { at };
        let response: &dyn glm_core::Response = if classes { &softmax } else { &poisson };
        accumulate(response, batch, 0..N, at, order, &mut Work::new(), &mut into);
        let curvature = match &into.information {
            Information::Gram(gram) => (0..n_params * n_params).map(|k| gram.get(k % n_params, k / n_params)).collect(),
            Information::Root(root) => (0..n_params).flat_map(|j| root.column(j).to_vec()).collect(),
            _ => Vec::new(),
        };
        [bits(&[into.loss]), bits(&into.gradient), bits(&curvature)]
    };
    let params = [0.3, -0.1, 0.2, 0.05, -0.4, 0.6, -0.2, 0.1].map(|param| param / 10.0);
    for (narrow, wide) in designs(&single, &double) {
        for (classes, order) in [false, true].into_iter().flat_map(|classes| {
            [Order::Loss, Order::Gradient, Order::Expected, Order::Observed, Order::Root].map(|order| (classes, order))
        }) {
            for at in [At::Params(&params), At::Start] {
                assert_eq!(pass(&narrow, classes, order, at), pass(&wide, classes, order, at), "{order:?}, {at:?}");
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_column_is_named() {
    let (mut x, z) = ([0.5_f32; 40], [1.0_f32; 40]);
    for odd in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
        x[33] = odd;
        let error = Dense::with_intercept([&z[..], &x[..]]).unwrap_err();
        let Error::NotFinite { what: "x", row: 33, column: Some(1), value } = error else { panic!("{error:?}") };
        assert!(value.to_bits() == f64::from(odd).to_bits() || value.is_nan() && odd.is_nan(), "{value}");
    }
    let lengths = Dense::without_intercept([&z[..], &z[..39]]).unwrap_err();
    assert_eq!(lengths, Error::LengthMismatch { what: "x", expected: 40, found: 39 });
    assert_eq!(Dense::with_intercept([&z[..0]]).unwrap_err(), Error::NoRows);
    assert_eq!(Dense::<f32>::without_intercept([]).unwrap_err(), Error::NoColumns);
}
