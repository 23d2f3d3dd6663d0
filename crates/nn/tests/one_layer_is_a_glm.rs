//! A network with no hidden layer has the loss and gradient of the GLM, bit for bit.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail where the test would")]

use glm_core::{At, Batch, Expansion, Objective, Order, Work, accumulate, fold_rows, spec};
use nn::{Data, Network, Output};

/// Numbers in [0, 1) from a multiplicative congruence, so that the test has no generator in common with the crate.
fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..n).map(|_| next()).collect()
}

fn glm(name: &str, batch: Batch<'_>, params: &[f64]) -> Expansion {
    let response = spec::response(name).unwrap();
    let group = |rows| {
        let mut into = Expansion::zeros(Order::Gradient, params.len());
        let at = At::Params(params);
        accumulate(&*response, batch, rows, at, Order::Gradient, &mut Work::new(), &mut into);
        Ok::<_, ()>(into)
    };
    fold_rows(batch.y.len(), &group).unwrap()
}

fn network(network: &Network, data: &Data<'_>, params: &[f64]) -> Expansion {
    let mut expansion = Expansion::zeros(Order::Gradient, params.len());
    network.objective(data).unwrap().evaluate(params, Order::Gradient, &mut expansion).unwrap();
    expansion
}

/// More rows than a group, and a last block that is not full.
const ROWS: usize = 8192 + 700;

/// A uniform number made a response.
type Draw = fn(f64) -> f64;

#[test]
fn bit_for_bit_with_weights_and_offset() {
    let p = 3;
    let x = numbers(ROWS * p, 1);
    let mut weights = numbers(ROWS, 2);
    weights.iter_mut().step_by(7).for_each(|weight| *weight = 0.0);
    let cases: [(&str, Draw); 6] = [
        ("gaussian(identity)", |u| u - 0.5),
        ("binomial(logit)", |u| (2.0 * u).floor()),
        ("binomial(cloglog)", |u| u),
        ("poisson(log)", |u| (5.0 * u).floor()),
        ("gamma(inverse)", |u| u + 0.1),
        ("softmax(3)", |u| (3.0 * u).floor()),
    ];
    for (name, y) in cases {
        let response = spec::response(name).unwrap();
        let q = response.n_predictors();
        let y: Vec<f64> = numbers(ROWS, 3).into_iter().map(y).collect();
        let offset = numbers(ROWS * q, 4);
        let params: Vec<f64> = numbers((p + 1) * q, 5).iter().map(|u| 0.2 + 0.3 * u).collect();
        let data = Data::new(x.chunks_exact(ROWS), &y).unwrap();
        let whole = data.clone().with_weights(&weights).unwrap().with_offset(&offset).unwrap();
        for data in [data, whole] {
            let (weights, offset) = (data.weights(), data.offset());
            let expected = glm(name, Batch { design: data.design(), y: &y, weights, offset }, &params);
            let found = network(&Network::new(p, spec::response(name).unwrap()).unwrap(), &data, &params);
            assert!(found.loss.is_finite() && found.loss > 0.0, "{name}: {}", found.loss);
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn responses_side_by_side_are_as_many_glms() {
    let (p, q) = (2, 3);
    let x = numbers(ROWS * p, 6);
    let y: Vec<f64> = numbers(ROWS * q, 7).iter().map(|u| (4.0 * u).floor()).collect();
    let (weights, offset, params) = (numbers(ROWS, 8), numbers(ROWS * q, 9), numbers((p + 1) * q, 10));
    let data = Data::new(x.chunks_exact(ROWS), &y).unwrap();
    let data = data.with_weights(&weights).unwrap().with_offset(&offset).unwrap();
    let output = Output::side_by_side(spec::response("poisson(log)").unwrap(), q).unwrap();
    let found = network(&Network::with_output(p, output).unwrap(), &data, &params);
    let mut loss = 0.0;
    for k in 0..q {
        let part = |values: &[f64]| values[k * ROWS..(k + 1) * ROWS].to_vec();
        let (y, offset) = (part(&y), part(&offset));
        let batch = Batch { design: data.design(), y: &y, weights: &weights, offset: &offset };
        let alone = glm("poisson(log)", batch, &params[k * (p + 1)..(k + 1) * (p + 1)]);
        assert_eq!(found.gradient[k * (p + 1)..(k + 1) * (p + 1)], alone.gradient);
        loss += alone.loss;
    }
    assert!((found.loss / loss - 1.0).abs() < 1e-13, "{} {loss}", found.loss);
}

#[test]
fn a_row_of_weight_zero_is_absent() {
    let (x, y, params) = ([0.5, 1000.0, -0.5], [1.0, 3.0, 0.0], [0.1, 1.0]);
    let data = Data::new([&x[..]], &y).unwrap().with_weights(&[2.0, 0.0, 1.0]).unwrap();
    let poisson = Network::new(1, spec::response("poisson(log)").unwrap()).unwrap();
    let found = network(&poisson, &data, &params);
    let (x, y) = ([0.5, -0.5], [1.0, 0.0]);
    let kept = Data::new([&x[..]], &y).unwrap().with_weights(&[2.0, 1.0]).unwrap();
    let expected = network(&poisson, &kept, &params);
    assert!((found.loss - expected.loss).abs() < 1e-15 && found.is_finite(), "{found:?}");
}
