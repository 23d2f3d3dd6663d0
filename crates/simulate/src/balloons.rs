//! The balloons: two targets, and for each a regression and a network that differ in their hidden layers alone.

use anyhow::{Context, Result};
use glm_core::{Dense, spec};
use glm_solvers::{Problem, irls};
use nn::{BatchSize, Data, Initial, Reduction, Validation};
use sim::Balloons;

use crate::json::{BalloonsResult, Coefficients, EpochLosses};
use crate::options::Options;
use crate::progress::Progress;
use crate::recipe::{OptimizerName, Recipe};
use crate::spec::{Hidden, Spec};

/// Rows to train on where the user does not say.
const ROWS: usize = 100_000;
/// Training rows per validation row.
const ROWS_PER_VALIDATION_ROW: usize = 5;

/// What is to be learnt.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) response: &'static str,
    y: fn(&Balloons) -> &[f64],
    /// What a person reads, per row, for each unit of loss: half the deviance is half the squared error.
    loss_factor: f64,
}

/// The number: mean squared error.
pub(crate) const NUMBER: Target =
    Target { name: "number", response: "gaussian(identity)", y: |balloons| &balloons.number, loss_factor: 2.0 };

/// The colour: binary cross-entropy.
pub(crate) const COLOR: Target =
    Target { name: "color", response: "binomial(logit)", y: |balloons| &balloons.red, loss_factor: 1.0 };

/// Our defaults: model and training.
pub(crate) fn network(target: &Target) -> (Spec, Recipe) {
    let layer = |width| Hidden { width, activation: "tanh".to_owned() };
    let spec = Spec { hidden: vec![layer(16), layer(16)], ..Spec::regression(target.response) };
    let recipe = Recipe {
        optimizer: OptimizerName::Adam,
        learning_rate: 1e-3,
        batch_size: BatchSize::Rows(128),
        epochs: 50,
        l2: 0.0,
        patience: None,
        reduction: Reduction::Mean,
        initial: Initial::Glorot,
    };
    (spec, recipe)
}

/// The four models.
pub(crate) fn run(options: &Options, seed: u64, progress: Progress) -> Result<Vec<BalloonsResult>> {
    let n = options.n.unwrap_or(ROWS);
    let (train, validation) = (Balloons::new(n, seed), Balloons::validation(n / ROWS_PER_VALIDATION_ROW, seed));
    let mut results = Vec::new();
    for target in &[NUMBER, COLOR] {
        let (network, recipe) = options.knobs.apply(network(target));
        let regression = Spec { hidden: Vec::new(), ..network.clone() };
        for (name, spec) in [("regression", regression), ("network", network)] {
            let model = Model { target, name, spec, recipe: &recipe };
            results.push(model.fit(&train, &validation, seed, progress)?);
        }
    }
    Ok(results)
}

/// One of the four.
struct Model<'a> {
    target: &'a Target,
    name: &'static str,
    spec: Spec,
    recipe: &'a Recipe,
}

impl Model<'_> {
    /// Trains it: the same lines for regression and network.
    fn fit(&self, train: &Balloons, validation: &Balloons, seed: u64, progress: Progress) -> Result<BalloonsResult> {
        let Self { target, name, spec, recipe } = self;
        let data = Data::new(train.columns(), (target.y)(train))?;
        let held_out = Data::new(validation.columns(), (target.y)(validation))?;
        let mut watch = progress.watch(&format!("balloons: {} {name}", target.name), recipe.epochs);
        let trained = recipe
            .fit(spec, &data, Validation::Data(&held_out), seed, &mut watch)
            .with_context(|| format!("the {name} of the balloons' {}", target.name))?;
        let losses = trained.history.epochs.iter().map(|epoch| EpochLosses {
            loss: target.loss_factor * epoch.training_loss,
            val_loss: target.loss_factor * epoch.validation_loss.unwrap_or(f64::NAN),
        });
        let glm = spec.is_regression().then(|| coefficients(&trained.widened().params));
        Ok(BalloonsResult {
            target: target.name,
            model: name,
            epochs: losses.collect(),
            weights: glm.as_ref().map(|glm| glm.weights.clone()),
            bias: glm.as_ref().map(|glm| glm.bias),
            direct: glm.map(|_| direct(target, train)).transpose()?,
        })
    }
}

/// Least squares or logistic regression by IRLS.
fn direct(target: &Target, train: &Balloons) -> Result<Coefficients> {
    let design = Dense::with_intercept(train.columns())?;
    let response = spec::response(target.response)?;
    let problem = Problem::new(&design, &*response, (target.y)(train).to_vec())?;
    let fit = irls().fit(&problem).with_context(|| format!("IRLS for the balloons' {}", target.name))?;
    Ok(coefficients(&fit.coefficients))
}

fn coefficients(params: &[f64]) -> Coefficients {
    let (bias, weights) = params.split_first().map_or((f64::NAN, &[][..]), |(bias, weights)| (*bias, weights));
    Coefficients { weights: weights.to_vec(), bias }
}
