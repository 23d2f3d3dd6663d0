//! How a model is trained: optimiser, rate, batches, penalty and early stopping; the same for a regression and a network.

use std::fmt;
use std::sync::Arc;

use anyhow::Result;
use clap::ValueEnum;
use nn::{
    Adam, AdamW, AnyOptimizer, BatchSize, Data, EarlyStopping, Initial, Observer, Reduction, RmsProp, Sgd, Trained,
    Training, Validation,
};

use crate::spec::Spec;

/// Settings of a training.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recipe {
    pub(crate) optimizer: OptimizerName,
    pub(crate) learning_rate: f64,
    pub(crate) batch_size: BatchSize,
    pub(crate) epochs: usize,
    /// λ of ½λ‖W‖²; under `adamw` its decoupled decay.
    pub(crate) l2: f64,
    /// Epochs without a better validation loss after which to stop and go back to the best.
    pub(crate) patience: Option<usize>,
    pub(crate) reduction: Reduction,
    pub(crate) initial: Initial,
}

/// The optimisers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OptimizerName {
    /// Plain gradient descent
    Sgd,
    /// Gradient descent with momentum 0.9
    Momentum,
    /// Nesterov's variant of it
    Nesterov,
    /// Root-mean-square scaled gradients
    Rmsprop,
    /// Momentum and root mean square together
    Adam,
    /// Adam with decoupled weight decay
    Adamw,
}

impl OptimizerName {
    /// The learning rate where none is given.
    pub(crate) fn usual_rate(self) -> f64 {
        match self {
            Self::Sgd => 0.1,
            Self::Momentum | Self::Nesterov => 0.01,
            Self::Rmsprop | Self::Adam | Self::Adamw => 1e-3,
        }
    }

    fn build(self, rate: f64, decay: f64) -> Arc<dyn AnyOptimizer> {
        let momentum = |nesterov| Arc::new(Sgd { rate, momentum: 0.9, nesterov });
        match self {
            Self::Sgd => Arc::new(Sgd::new(rate)),
            Self::Momentum => momentum(false),
            Self::Nesterov => momentum(true),
            Self::Rmsprop => Arc::new(RmsProp::new(rate)),
            Self::Adam => Arc::new(Adam::new(rate)),
            Self::Adamw => Arc::new(AdamW { adam: Adam::new(rate), decay }),
        }
    }
}

impl fmt::Display for OptimizerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sgd => "sgd",
            Self::Momentum => "momentum",
            Self::Nesterov => "nesterov",
            Self::Rmsprop => "rmsprop",
            Self::Adam => "adam",
            Self::Adamw => "adamw",
        })
    }
}

impl Recipe {
    /// The training of a model; there is no penalty without hidden layers.
    fn training(&self, spec: &Spec, seed: u64) -> Training {
        let penalty = if spec.is_regression() { 0.0 } else { self.l2 };
        let decoupled = self.optimizer == OptimizerName::Adamw;
        Training {
            optimizer: self.optimizer.build(self.learning_rate, penalty),
            epochs: self.epochs,
            batch_size: self.batch_size,
            l2: if decoupled { 0.0 } else { penalty },
            reduction: self.reduction,
            early_stopping: self.patience.map(|patience| EarlyStopping { patience, min_delta: 0.0 }),
            initial: self.initial.clone(),
            seed,
            ..Training::default()
        }
    }

    /// Fits a model, be it a regression or a network, in single precision: the steps of an optimiser are far coarser.
    pub(crate) fn fit(
        &self,
        spec: &Spec,
        data: &Data<'_>,
        validation: Validation<'_>,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<Trained<f32>> {
        let network = spec.network(data.n_features())?;
        Ok(network.train(data, validation, &self.training(spec, seed), observer)?)
    }

    /// The settings in one line.
    pub(crate) fn describe(&self, spec: &Spec) -> String {
        let batch = match self.batch_size {
            BatchSize::Full => "full batch".to_owned(),
            BatchSize::Rows(rows) => format!("batches of {rows}"),
        };
        let penalty = match () {
            () if spec.is_regression() => "no L2 (no hidden layer)".to_owned(),
            () if self.l2 <= 0.0 => "no L2".to_owned(),
            () if self.optimizer == OptimizerName::Adamw => format!("decoupled decay {:?}", self.l2),
            () => format!("L2 {:?}", self.l2),
        };
        let gradient = if self.reduction == Reduction::Sum { ", summed gradient" } else { "" };
        let stop = match self.patience {
            Some(patience) => format!("early stopping after {patience} epochs without a better validation loss"),
            None => "no early stopping".to_owned(),
        };
        format!(
            "{}, rate {:?}, {batch}{gradient}, at most {} epochs,\n  {penalty}, dropout {}, {stop}",
            self.optimizer,
            self.learning_rate,
            self.epochs,
            if spec.is_regression() { 0.0 } else { spec.dropout },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::hidden;

    fn recipe(optimizer: OptimizerName) -> Recipe {
        let (batch_size, reduction, initial) = (BatchSize::Rows(8), Reduction::Mean, Initial::Glorot);
        let (learning_rate, epochs, l2, patience) = (optimizer.usual_rate(), 3, 0.1, Some(2));
        Recipe { optimizer, learning_rate, batch_size, epochs, l2, patience, reduction, initial }
    }

    #[test]
    fn there_is_no_penalty_without_hidden_layers() {
        let regression = Spec::regression("binomial");
        let network = Spec { hidden: hidden(&[2], &["tanh"]).unwrap(), ..regression.clone() };
        let adam = recipe(OptimizerName::Adam);
        assert!(adam.training(&regression, 1).l2 <= 0.0);
        assert!(adam.training(&network, 1).l2 > 0.0);
        assert!(adam.describe(&regression).contains("no L2"), "{}", adam.describe(&regression));
        assert!(adam.describe(&network).contains("L2 0.1"), "{}", adam.describe(&network));
        let adamw = recipe(OptimizerName::Adamw);
        assert!(adamw.training(&network, 1).l2 <= 0.0, "the decay is not applied twice");
        let shown = |spec| format!("{:?}", adamw.training(spec, 1).optimizer);
        assert!(shown(&network).contains("decay: 0.1") && shown(&regression).contains("decay: 0.0"));
    }

    #[test]
    fn every_optimizer_makes_the_loss_fall() {
        let x: Vec<f64> = (0..64).map(|i| f64::from(i) / 32.0 - 1.0).collect();
        let y: Vec<f64> = x.iter().map(|x| 0.5 + x).collect();
        let data = Data::new([&x[..]], &y).unwrap();
        for name in OptimizerName::value_variants() {
            assert_eq!(name.to_string(), name.to_possible_value().unwrap().get_name());
            let recipe = Recipe { epochs: 20, patience: None, ..recipe(*name) };
            let spec = Spec::regression("gaussian");
            let trained = recipe.fit(&spec, &data, Validation::None, 1, &mut ()).unwrap();
            let losses: Vec<f64> = trained.history.training_losses().collect();
            assert!(losses[19] < losses[0], "{name}: {losses:?}");
        }
    }
}
