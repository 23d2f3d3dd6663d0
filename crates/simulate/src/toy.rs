//! The Bernoulli toy: an oracle, a GLM by every solver, the article's network, and ours.

use std::time::Instant;

use anyhow::{Context, Result};
use glm_core::{Dense, spec};
use glm_solvers::{Problem, Solver, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson};
use nn::{BatchSize, Data, Initial, Reduction, Validation};
use sim::{Standardise, Toy, scores};

use crate::json::{Effort, ModelResult, Scores, ToyResult, UnseenScores};
use crate::options::Options;
use crate::progress::Progress;
use crate::recipe::{OptimizerName, Recipe};
use crate::spec::{Spec, hidden};

/// Rows to train on where the user does not say.
const ROWS: usize = 10_000;
/// Rows that no model sees.
pub(crate) const UNSEEN_ROWS: usize = 100_000;
/// The share of the training rows that early stopping watches; the unseen rows have no say.
pub(crate) const VALIDATION_SHARE: f64 = 0.1;

const RESPONSE: &str = "binomial(logit)";

/// Our defaults: model and training.
pub(crate) fn network() -> (Spec, Recipe) {
    let layer = |width| crate::spec::Hidden { width, activation: "gelu".to_owned() };
    let spec = Spec { hidden: vec![layer(64), layer(64)], ..Spec::regression(RESPONSE) };
    let recipe = Recipe {
        optimizer: OptimizerName::Adam,
        learning_rate: 3e-3,
        batch_size: BatchSize::Rows(256),
        epochs: 300,
        l2: 1e-3,
        patience: Some(30),
        reduction: Reduction::Mean,
        initial: Initial::Glorot,
    };
    (spec, recipe)
}

/// The article's network and training: the summed gradient of all rows at a rate of 1e-6, weights from U(−1, 1).
pub(crate) fn article(options: &Options) -> (Spec, Recipe) {
    let layers = hidden(&[100, 85, 80, 70, 60], &["relu", "sigmoid", "relu", "sigmoid", "relu"]);
    let spec =
        Spec { hidden: layers.unwrap_or_default(), dropout: options.article_dropout, ..Spec::regression(RESPONSE) };
    let recipe = Recipe {
        optimizer: OptimizerName::Sgd,
        learning_rate: 1e-6,
        batch_size: BatchSize::Full,
        epochs: options.article_epochs,
        l2: 0.0,
        patience: None,
        reduction: Reduction::Sum,
        initial: Initial::Uniform(1.0),
    };
    (spec, recipe)
}

/// The training rows and the unseen ones.
struct Rows {
    train: Toy,
    unseen: Toy,
    /// The oracle's, on the unseen rows.
    oracle: Scores,
}

/// Columns with mean 0 and standard deviation 1 on the training rows.
struct Standardised {
    train: Vec<Vec<f64>>,
    unseen: Vec<Vec<f64>>,
}

/// All models on the toy data of a seed.
pub(crate) fn run(options: &Options, seed: u64, progress: Progress) -> Result<ToyResult> {
    let rows = Rows::new(options.n.unwrap_or(ROWS), seed)?;
    let mut models = Vec::new();
    for solver in [newton_raphson(), fisher_scoring(), irls(), gradient_descent(), lbfgs()] {
        models.push(rows.glm(&solver)?);
    }
    let columns = rows.standardise()?;
    let article = article(options);
    models.push(rows.network("article network", &article, &columns, seed, progress)?);
    let network = options.knobs.apply(network());
    models.push(rows.network("network", &network, &columns, seed, progress)?);
    Ok(ToyResult { seed, oracle: rows.oracle, models })
}

impl Rows {
    fn new(n: usize, seed: u64) -> Result<Self> {
        let train = Toy::new(n, seed);
        let unseen = train.unseen(UNSEEN_ROWS);
        let oracle = scores(&unseen, &unseen.eta)?;
        Ok(Self { train, unseen, oracle })
    }

    fn standardise(&self) -> Result<Standardised> {
        let fitted = Standardise::fit(&self.train.columns(), None).context("the training rows")?;
        let apply = |toy: &Toy| fitted.apply(&toy.columns());
        Ok(Standardised { train: apply(&self.train)?, unseen: apply(&self.unseen)? })
    }

    /// Main effects by one solver.
    fn glm(&self, solver: &Solver) -> Result<ModelResult> {
        let clock = Instant::now();
        let design = Dense::with_intercept(self.train.columns())?;
        let response = spec::response(RESPONSE)?;
        let problem = Problem::new(&design, &*response, self.train.y.clone())?;
        let fit = solver.fit(&problem).with_context(|| format!("the toy's GLM by {}", solver.name()))?;
        let seconds = clock.elapsed().as_secs_f64();
        let unseen = Dense::with_intercept(self.unseen.columns())?;
        Ok(ModelResult {
            name: "glm",
            solver: Some(fit.solver),
            effort: Effort::Iterations(fit.certificate.iterations),
            train: scores(&self.train, &fit.linear_predictor(&design, &[])?)?,
            unseen: self.beside_oracle(scores(&self.unseen, &fit.linear_predictor(&unseen, &[])?)?),
            coefficients: Some(fit.coefficients),
            seconds,
        })
    }

    /// A network, on standardised columns.
    fn network(
        &self,
        name: &'static str,
        (spec, recipe): &(Spec, Recipe),
        columns: &Standardised,
        seed: u64,
        progress: Progress,
    ) -> Result<ModelResult> {
        let clock = Instant::now();
        let data = Data::new(slices(&columns.train), &self.train.y)?;
        let validation = recipe.patience.map_or(Validation::None, |_| Validation::Split(VALIDATION_SHARE));
        let mut watch = progress.watch(&format!("toy {seed}: {name}"), recipe.epochs);
        let trained = recipe
            .fit(spec, &data, validation, seed, &mut watch)
            .with_context(|| format!("the toy's {name}, seed {seed}"))?;
        let seconds = clock.elapsed().as_secs_f64();
        Ok(ModelResult {
            name,
            solver: None,
            coefficients: None,
            effort: Effort::Epochs(trained.epochs_run),
            train: scores(&self.train, &trained.linear_predictor(slices(&columns.train), &[])?)?,
            unseen: self.beside_oracle(scores(&self.unseen, &trained.linear_predictor(slices(&columns.unseen), &[])?)?),
            seconds,
        })
    }

    fn beside_oracle(&self, scores: Scores) -> UnseenScores {
        UnseenScores { scores, share_of_oracle: scores.auc / self.oracle.auc }
    }
}

fn slices(columns: &[Vec<f64>]) -> impl Iterator<Item = &[f64]> {
    columns.iter().map(Vec::as_slice)
}

fn scores(toy: &Toy, eta: &[f64]) -> Result<Scores> {
    Ok(Scores { auc: scores::auc(&toy.y, eta, None)?, log_loss: scores::log_loss_from_logits(&toy.y, eta, None)? })
}
