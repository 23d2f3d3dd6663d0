//! Forward passes, losses, gradients and optimiser trajectories of another system, at the tolerance of each case.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may fail at its helpers, and its numbers are small or exact"
)]

use std::path::Path;

use glm_core::{Expansion, Objective, Order, spec};
use nn::{Adam, AdamW, BatchSize, Data, Initial, Layer, Network, Output, RmsProp, Sgd, Training, Validation};
use serde_json::Value;

/// The cases of a kind.
fn cases(kind: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/nn");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let cases = files.map(|text| serde_json::from_str::<Value>(&text).unwrap());
    cases.filter(|case| case["kind"] == kind).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Rows of numbers, column by column.
fn columns(value: &Value) -> Vec<f64> {
    let rows: Vec<_> = value.as_array().unwrap().iter().map(numbers).collect();
    (0..rows[0].len()).flat_map(|column| rows.iter().map(move |row| row[column])).collect()
}

/// Weights `out×in` and intercepts of all layers, as parameters of a network.
fn params(layers: &Value) -> Vec<f64> {
    let layer = |layer: &Value| {
        let (weights, intercepts) = (layer["W"].as_array().unwrap().clone(), numbers(&layer["b"]));
        intercepts.into_iter().zip(weights).flat_map(|(b, w)| [b].into_iter().chain(numbers(&w))).collect::<Vec<_>>()
    };
    layers.as_array().unwrap().iter().flat_map(layer).collect()
}

/// A case's network and data, and how its loss relates to half the deviance: `scale`·(half deviance) + `constant`(y).
struct Case {
    json: Value,
    network: Network,
    params: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    scale: f64,
    constant: fn(f64, f64) -> f64,
}

fn entropy(y: f64, _: f64) -> f64 {
    let part = |y: f64| if y > 0.0 { -y * y.ln() } else { 0.0 };
    part(y) + part(1.0 - y)
}

/// The Poisson loss of the case at m = y.
fn poisson(y: f64, _: f64) -> f64 {
    if y > 0.0 { y - y * y.ln() } else { 0.0 }
}

/// The negative binomial's at m = y; Γ(y + k)/(Γ(k) y!) is a product, y being whole.
fn negative_binomial(y: f64, k: f64) -> f64 {
    let product: f64 = (0..y as usize).map(|j| ((k + j as f64) / (j as f64 + 1.0)).ln()).sum();
    let power = if y > 0.0 { y * y.ln() } else { 0.0 };
    (y + k) * (k + y).ln() - power - k * k.ln() - product
}

/// The class of each row of a one-hot matrix.
fn classes(y: &Value) -> Vec<f64> {
    let class = |row: &Value| numbers(row).iter().position(|value| *value > 0.5).unwrap() as f64;
    y.as_array().unwrap().iter().map(class).collect()
}

impl Case {
    fn new(json: Value) -> Self {
        let layers = json["network"]["layers"].as_array().unwrap().clone();
        let (top, hidden) = layers.split_last().unwrap();
        let link = top["activation"].as_str().unwrap();
        let outputs = top["out"].as_u64().unwrap() as usize;
        let loss = &json["loss"];
        let none: fn(f64, f64) -> f64 = |_, _| 0.0;
        let (family, scale, constant): (String, f64, fn(f64, f64) -> f64) = match loss["name"].as_str().unwrap() {
            "bernoulli" => ("binomial".into(), 1.0, entropy),
            "mse" => ("gaussian".into(), 2.0, none),
            "negbin2_nll" => (format!("negative-binomial({})", loss["theta"]), 1.0, negative_binomial),
            "poisson" => ("poisson".into(), 1.0, poisson),
            "poisson_deviance" => ("poisson".into(), 2.0, none),
            "gamma_deviance" => ("gamma".into(), 2.0, none),
            "categorical" => (format!("softmax({outputs})"), 1.0, none),
            other => panic!("a loss called {other}"),
        };
        let output = match link {
            "softmax" => Output::new(spec::response(&family).unwrap()),
            link => {
                let link = match link {
                    "sigmoid" => "logit",
                    "exp" => "log",
                    same => same,
                };
                Output::side_by_side(spec::pair(&family, link).unwrap(), outputs).unwrap()
            }
        };
        let inputs = layers[0]["in"].as_u64().unwrap() as usize;
        let network = hidden.iter().fold(Network::with_output(inputs, output).unwrap(), |network, layer| {
            let activation = spec::activation(layer["activation"].as_str().unwrap()).unwrap();
            network.hidden(layer["out"].as_u64().unwrap() as usize, activation).unwrap()
        });
        let y = if link == "softmax" { classes(&json["y"]) } else { columns(&json["y"]) };
        let weights = if json["weights"].is_null() { Vec::new() } else { numbers(&json["weights"]) };
        let (params, x) = (params(&json["network"]["layers"]), columns(&json["x"]));
        Self { network, params, x, y, weights, scale, constant, json }
    }

    fn data(&self) -> Data<'_> {
        let n = self.json["x"].as_array().unwrap().len();
        let data = Data::new(self.x.chunks_exact(n), &self.y).unwrap();
        if self.weights.is_empty() { data } else { data.with_weights(&self.weights).unwrap() }
    }

    /// What a sum over rows is divided by.
    fn divisor(&self) -> f64 {
        let reduction = self.json["loss"]["reduction"].as_str().unwrap();
        if reduction.starts_with("sum") { 1.0 } else { self.data().total_weight() }
    }

    /// The case's loss, given half the deviance summed over rows.
    fn loss(&self, half_deviance: f64) -> f64 {
        let theta = self.json["loss"]["theta"].as_f64().unwrap_or(0.0);
        let n = self.data().n_rows();
        let weight = |index: usize| self.weights.get(index % n).copied().unwrap_or(1.0);
        let constants = self.y.iter().enumerate().map(|(index, y)| weight(index) * (self.constant)(*y, theta));
        (self.scale * half_deviance + constants.sum::<f64>()) / self.divisor()
    }

    fn compare(&self, what: &str, found: &[f64], expected: &[f64]) {
        let tolerance = &self.json["tolerance"];
        let (relative, absolute) = (number(&tolerance["rel"]), number(&tolerance["abs"]));
        assert_eq!(found.len(), expected.len(), "{} {what}", self.json["id"]);
        for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
            let close = (found - expected).abs() <= relative * expected.abs() + absolute;
            assert!(close, "{} {what} {index}: {found} where {expected} is expected", self.json["id"]);
        }
    }
}

#[test]
fn losses_and_gradients() {
    let cases = cases("nn_gradient");
    assert!(cases.len() >= 12, "{} cases", cases.len());
    for case in cases.into_iter().map(Case::new) {
        let (data, expected) = (case.data(), &case.json["expected"]);
        let mut expansion = Expansion::zeros(Order::Gradient, case.params.len());
        let objective = case.network.objective(&data).unwrap();
        objective.evaluate(&case.params, Order::Gradient, &mut expansion).unwrap();
        case.compare("loss", &[case.loss(expansion.loss)], &[number(&expected["loss"])]);
        let scaled = |values: &[f64]| values.iter().map(|v| case.scale * v / case.divisor()).collect::<Vec<_>>();
        case.compare("gradient", &scaled(&expansion.gradient), &params(&expected["gradients"]));
        let sensitivity = case.network.sensitivity(&case.params, &data).unwrap();
        case.compare("gradient in x", &scaled(&sensitivity), &columns(&expected["gradient_x"]));
    }
}

#[test]
fn forward_passes() {
    for case in cases("nn_gradient").into_iter().map(Case::new) {
        let (n, expected) = (case.data().n_rows(), &case.json["expected"]);
        let trained = case.network.with_params(case.params.clone()).unwrap();
        let mean = trained.predict(case.x.chunks_exact(n), &[]).unwrap();
        case.compare("output", &mean, &columns(&expected["output"]));
        let mut x = case.x.clone();
        let mut start = 0;
        for (layer, expected) in case.network.layers().iter().zip(expected["pre_activations"].as_array().unwrap()) {
            let layer: &dyn Layer<f64> = &**layer;
            let ones_and_x: Vec<f64> = vec![1.0; n].into_iter().chain(x).collect();
            let len = layer.blocks()[0].n_params();
            let mut eta = vec![0.0; n * layer.shape().outputs];
            x = eta.clone();
            layer.forward(&case.params[start..start + len], &ones_and_x, &mut x, &mut eta);
            case.compare("linear predictor", &eta, &columns(expected));
            start += len;
        }
        let eta = trained.linear_predictor(case.x.chunks_exact(n), &[]).unwrap();
        case.compare("top", &eta, &columns(expected["pre_activations"].as_array().unwrap().last().unwrap()));
    }
}

/// Full batches with the case's optimiser.
fn training(case: &Case, epochs: usize) -> Training {
    let settings = &case.json["optimizer"];
    let of = |name: &str| number(&settings[name]);
    let adam = || Adam { rate: of("lr"), beta1: of("beta1"), beta2: of("beta2"), epsilon: of("eps") };
    let training = match settings["name"].as_str().unwrap() {
        "sgd" => Training::with(Sgd { rate: of("lr"), momentum: of("momentum"), nesterov: false }),
        "rmsprop" => Training::with(RmsProp { rate: of("lr"), alpha: of("alpha"), epsilon: of("eps") }),
        "adam" => Training::with(adam()),
        "adamw" => Training::with(AdamW { adam: adam(), decay: of("weight_decay") }),
        other => panic!("an optimiser called {other}"),
    };
    Training { epochs, batch_size: BatchSize::Full, initial: Initial::Given(case.params.clone()), ..training }
}

#[test]
fn trajectories() {
    let cases = cases("nn_optimizer");
    assert!(cases.len() >= 5, "{} cases", cases.len());
    for case in cases.into_iter().map(Case::new) {
        let (data, expected) = (case.data(), &case.json["expected"]);
        for (index, step) in expected["trajectory"].as_array().unwrap().iter().enumerate() {
            let training = training(&case, index + 1);
            let trained = case.network.train::<f64>(&data, Validation::None, &training, &mut ()).unwrap();
            let before = trained.history.last().unwrap().training_loss;
            case.compare("loss", &[case.loss(before * case.divisor())], &[number(&step["loss_before"])]);
            case.compare("parameters", &trained.params, &params(&step["layers"]));
            if index == 4 {
                let last = trained.cross_entropy(&data).unwrap();
                case.compare("last loss", &[last], &[number(&expected["final_loss"])]);
            }
        }
    }
}

/// Nesterov's rule has no reference file; its definition in two steps on one parameter.
#[test]
fn nesterov_by_hand() {
    let (x, y) = ([1.0, -1.0], [2.0, 0.0]);
    let line = Network::new(1, spec::response("gaussian(identity)").unwrap()).unwrap();
    let training = Training {
        epochs: 2,
        batch_size: BatchSize::Full,
        initial: Initial::Zero,
        ..Training::with(Sgd { rate: 0.1, momentum: 0.5, nesterov: true })
    };
    let trained = line.train::<f64>(&Data::new([&x[..]], &y).unwrap(), Validation::None, &training, &mut ()).unwrap();
    // Mean gradient at b: b − 1, for intercept and slope alike. g = −1, v = −1, step 0.1·1.5; then g = −0.85,
    // v = −0.5 − 0.85 = −1.35, step 0.1·(0.85 + 0.675).
    for param in &trained.params {
        assert!((param - (0.15 + 0.1525)).abs() < 1e-15, "{param}");
    }
}
