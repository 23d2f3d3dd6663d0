//! A design is its dense rows: whatever `Dense` does faster equals the definition, and a design of one's own needs the
//! four required methods alone.

use std::ops::Range;

use glm_core::{
    At, Batch, CanonicalGlm, Dense, Design, Error, Expansion, Gram, Information, Objective, Order, Poisson, Precision,
    Softmax, Work, accumulate, fold_rows, spec,
};

const N: usize = 1300;

fn columns() -> Vec<f64> {
    (0..3 * N).map(|i| (i as f64 * 0.37).sin() * if i < N { 100.0 } else { 1.0 }).collect()
}

/// A user's design: a column of ones and powers of one covariate, stored once.
#[derive(Debug)]
struct Powers(Vec<f64>);

impl Design for Powers {
    fn n_rows(&self) -> usize {
        self.0.len()
    }
    fn n_cols(&self) -> usize {
        3
    }
    fn has_intercept(&self) -> bool {
        true
    }
    fn dense(&self, rows: Range<usize>, out: &mut [f64]) {
        let m = rows.len();
        for (i, x) in self.0[rows].iter().enumerate() {
            (out[i], out[m + i], out[2 * m + i]) = (1.0, *x, x * x);
        }
    }
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "lengths");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} is not {expected}");
    }
}

#[test]
fn every_kernel_of_a_dense_design_is_the_definition() {
    let x = columns();
    let design = Dense::with_intercept(x.chunks_exact(N)).unwrap();
    let (rows, p) = (500..900, 4);
    let m = rows.len();
    let mut block = vec![0.0; m * p];
    design.dense(rows.clone(), &mut block);
    let value = |i: usize, j: usize| if j == 0 { 1.0 } else { x[(j - 1) * N + 500 + i] };
    assert!((0..m).all(|i| (0..p).all(|j| (block[j * m + i] - value(i, j)).abs() == 0.0)), "rows are copied");

    let params = [0.5, -1.0, 2.0, 0.25];
    let weight: Vec<f64> = (0..m).map(|i| (i as f64 * 0.9).cos()).collect();
    for precision in [Precision::Plain, Precision::Compensated] {
        let mut work = Work::with_precision(precision);
        let mut eta = vec![0.125; m];
        design.add_eta(rows.clone(), &params, &mut eta, &mut work);
        close(&eta, &(0..m).map(|i| 0.125 + (0..p).map(|j| value(i, j) * params[j]).sum::<f64>()).collect::<Vec<_>>());
        let mut gradient = vec![1.0; p];
        design.add_gradient(rows.clone(), &weight, &mut gradient, &mut work);
        close(
            &gradient,
            &(0..p).map(|j| 1.0 + (0..m).map(|i| value(i, j) * weight[i]).sum::<f64>()).collect::<Vec<_>>(),
        );
        let mut gram = Gram::zeros(p);
        design.add_gram(rows.clone(), &weight, &mut gram, &mut work);
        let entry = |j: usize, k: usize| (0..m).map(|i| value(i, j) * value(i, k) * weight[i]).sum::<f64>();
        assert!((0..p).all(|j| (0..p).all(|k| (gram.get(j, k) - entry(j, k)).abs() < 1e-8)), "the Gram is XᵀWX");
        let v: Vec<f64> = (0..p * p).map(|k| (k % p + k / p) as f64).collect();
        let mut out = vec![f64::NAN; m];
        design.quadratic(rows.clone(), &v, &mut out, &mut work);
        let form = |i: usize| (0..p * p).map(|k| value(i, k % p) * v[k] * value(i, k / p)).sum::<f64>();
        close(&out, &(0..m).map(form).collect::<Vec<_>>());
    }
}

#[test]
fn a_design_of_ones_own_needs_only_its_rows() {
    let x: Vec<f64> = (0..N).map(|i| (i as f64 * 0.01).sin()).collect();
    let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
    let dense = Dense::with_intercept([&x[..], &squares[..]]).unwrap();
    let own = Powers(x.clone());
    let y: Vec<f64> = (0..N).map(|i| (i % 4) as f64).collect();
    let expansion = |design: &dyn Design| {
        let batch = Batch { design, y: &y, weights: &[], offset: &[] };
        let mut into = Expansion::zeros(Order::Expected, 3);
        let at = At::Params(&[0.1, -0.2, 0.3]);
        accumulate(&CanonicalGlm::new(Poisson), batch, 0..N, at, Order::Expected, &mut Work::new(), &mut into);
        into
    };
    let (a, b) = (expansion(&dense), expansion(&own));
    close(&[a.loss], &[b.loss]);
    close(&a.gradient, &b.gradient);
    assert_eq!(a.information, b.information);
}

/// The pass over a coupled response as an objective, to differentiate.
struct Pass<'a>(&'a Softmax, Batch<'a>);

impl Objective for Pass<'_> {
    fn n_params(&self) -> usize {
        4 * 2
    }
    fn evaluate(&self, params: &[f64], order: Order, into: &mut Expansion) -> Result<(), Error> {
        *into = fold_rows(N, &|rows| {
            let mut sum = Expansion::zeros(order, self.n_params());
            accumulate(self.0, self.1, rows, At::Params(params), order, &mut Work::new(), &mut sum);
            Ok::<_, Error>(sum)
        })?;
        Ok(())
    }
}

#[test]
fn gradient_and_gram_of_a_coupled_response_are_its_derivatives() {
    let x: Vec<f64> = columns().iter().map(|x| x / 100.0).collect();
    let design = Dense::with_intercept(x.chunks_exact(N)).unwrap();
    let y: Vec<f64> = (0..N).map(|i| (i * 7 % 3) as f64).collect();
    let weights: Vec<f64> = (0..N).map(|i| (i % 5) as f64).collect();
    let softmax = Softmax::baseline(3).unwrap();
    let pass = Pass(&softmax, Batch { design: &design, y: &y, weights: &weights, offset: &[] });
    let params = [0.3, -0.1, 0.2, 0.5, -0.4, 0.6, -0.2, 0.1];
    let at = |params: &[f64]| {
        let mut into = Expansion::zeros(Order::Observed, 8);
        pass.evaluate(params, Order::Observed, &mut into).unwrap();
        into
    };
    let here = at(&params);
    let Information::Gram(gram) = &here.information else { panic!("a Gram was asked for") };
    let mut rooted = Expansion::zeros(Order::Root, 8);
    pass.evaluate(&params, Order::Root, &mut rooted).unwrap();
    let Information::Root(root) = &rooted.information else { panic!("a root was asked for") };
    for j in 0..8 {
        for k in 0..=j {
            let square: f64 = root.column(j).iter().zip(root.column(k)).map(|(a, b)| a * b).sum();
            let size = (gram.get(j, j) * gram.get(k, k)).sqrt();
            assert!((square - gram.get(j, k)).abs() < 1e-13 * size, "root {j}, {k}: {square}");
        }
        let step = 1e-5;
        let moved = |by: f64| {
            let mut params = params;
            params[j] += by;
            at(&params)
        };
        let (up, down) = (moved(step), moved(-step));
        let slope = (up.loss - down.loss) / (2.0 * step);
        assert!((slope - here.gradient[j]).abs() < 1e-5, "gradient {j}: {slope} {}", here.gradient[j]);
        for k in 0..8 {
            let bend = (up.gradient[k] - down.gradient[k]) / (2.0 * step);
            assert!((bend - gram.get(j, k)).abs() < 1e-5 * gram.get(k, k), "curvature {j}, {k}: {bend}");
        }
    }
}

/// One Newton step from zero on the expansion at the start is weighted least squares on the working response.
#[test]
fn the_start_of_a_gaussian_is_least_squares() {
    let x = columns();
    let design = Dense::with_intercept(x.chunks_exact(N)).unwrap();
    let offset: Vec<f64> = (0..N).map(|i| i as f64 / 100.0).collect();
    let truth = [1.0, -2.0, 3.0, 0.5];
    let mut y = offset.clone();
    for rows in glm_core::blocks(0..N) {
        design.add_eta(rows.clone(), &truth, &mut y[rows], &mut Work::new());
    }
    let response = spec::response("gaussian").unwrap();
    let batch = Batch { design: &design, y: &y, weights: &[], offset: &offset };
    let mut start = Expansion::zeros(Order::Expected, 4);
    accumulate(&*response, batch, 0..N, At::Start, Order::Expected, &mut Work::new(), &mut start);
    let Information::Gram(gram) = &start.information else { panic!("a Gram was asked for") };
    for j in 0..4 {
        let product: f64 = (0..4).map(|k| gram.get(j, k) * truth[k]).sum();
        assert!((product + start.gradient[j]).abs() < 1e-9 * gram.get(j, j), "normal equation {j}");
    }
}
