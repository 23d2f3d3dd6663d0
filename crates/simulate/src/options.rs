//! The command line.

use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, ValueEnum};
use nn::BatchSize;

use crate::recipe::{OptimizerName, Recipe};
use crate::spec::{Spec, hidden};
use crate::{balloons, toy};

const EXAMPLES: &str = "\
Examples:
  both data sets, one seed, our defaults
    cargo xtask simulate
  five truths, and the mean share of the oracle's AUC at the end
    cargo xtask simulate toy --seeds 1..5
  the lowest rung of the ladder: a GLM, trained as a network
    cargo xtask simulate toy --hidden none
  another network
    cargo xtask simulate toy --hidden 32,16 --activation tanh --dropout 0.05
  the article's layers under our training
    cargo xtask simulate toy --hidden 100,85,80,70,60 --activation relu,sigmoid,relu,sigmoid,relu
  another optimiser
    cargo xtask simulate balloons --optimizer sgd --learning-rate 0.1 --batch-size 32 --epochs 5
  one JSON object for another program
    cargo xtask simulate toy --n 1000 --json

The knobs under `Network` change the model called `network`. On the balloons the regressions
share its training, because going from regression to network changes the specification and
nothing else. The `article network` keeps the article's settings. The same options give the
same numbers; only the seconds differ.";

/// Simulates data whose truth is known, fits the whole ladder to it, from a GLM to a network, and compares.
///
/// `toy`: ten columns, a probability made of twenty-one terms of them; an oracle that knows it, a main-effects logistic
/// regression fitted by five solvers, the network of the article, and a network with our defaults; judged by AUC and
/// log-loss on 100 000 rows that none of them has seen.
///
/// `balloons`: how many balloons does a child get, and are they red; linear and logistic regression, trained as networks
/// without hidden layers and beside the direct solution, then the same with hidden layers.
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo xtask simulate", bin_name = "cargo xtask simulate", version, after_long_help = EXAMPLES)]
#[command(after_help = "`--help` has examples.", max_term_width = 120)]
pub(crate) struct Options {
    /// Which data
    #[arg(value_enum, default_value_t = DataSet::All)]
    pub(crate) data: DataSet,

    /// Rows to train on [default: 10000 of the toy; 100000 of the balloons, beside a fifth as many to validate]
    #[arg(long, value_name = "N", value_parser = at_least::<10>)]
    pub(crate) n: Option<usize>,

    /// Where all randomness comes from
    #[arg(long, value_name = "SEED", default_value_t = 1, conflicts_with = "seeds")]
    pub(crate) seed: u64,

    /// Several seeds for the toy, first and last; the balloons take the first
    #[arg(long, value_name = "1..5")]
    pub(crate) seeds: Option<Seeds>,

    /// Print one JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,

    /// The knobs of the network.
    #[command(flatten)]
    pub(crate) knobs: Knobs,

    /// Epochs of the article's network
    #[arg(long, value_name = "EPOCHS", default_value_t = 1000, value_parser = at_least::<1>, help_heading = "Article network")]
    pub(crate) article_epochs: usize,

    /// Dropout on every layer's input of the article's network (the article's option is 0.02)
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability, help_heading = "Article network")]
    pub(crate) article_dropout: f64,
}

/// What changes the network; without them each data set has its own defaults, which the tables print.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Knobs {
    /// Widths of the hidden layers, from the features upwards; `none` is the GLM
    #[arg(long, value_name = "100,85,80,70,60")]
    pub(crate) hidden: Option<Widths>,

    /// Activation of all hidden layers, or one for each: relu, leaky-relu, tanh, softplus, elu, gelu, or the inverse of a
    /// link (sigmoid, probit, …)
    #[arg(long, value_name = "relu,sigmoid,…", value_delimiter = ',', value_parser = activation)]
    pub(crate) activation: Vec<String>,

    /// Rows per step, or `full`
    #[arg(long, value_name = "N|full", value_parser = batch_size)]
    pub(crate) batch_size: Option<BatchSize>,

    /// Probability with which each input of each layer is dropped in training
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) dropout: Option<f64>,

    /// What a step makes of a gradient
    #[arg(long, value_enum)]
    pub(crate) optimizer: Option<OptimizerName>,

    /// Learning rate [default: ours for our optimiser, otherwise the optimiser's usual one]
    #[arg(long, value_name = "RATE", value_parser = positive)]
    pub(crate) learning_rate: Option<f64>,

    /// Passes over the rows, at most
    #[arg(long, value_name = "EPOCHS", value_parser = at_least::<1>)]
    pub(crate) epochs: Option<usize>,

    /// λ of the penalty ½λ‖W‖², under adamw the decoupled decay; a GLM has none
    #[arg(long, value_name = "LAMBDA", value_parser = not_negative)]
    pub(crate) l2: Option<f64>,

    /// Epochs without a better validation loss before stopping early at the best; 0 never stops
    #[arg(long, value_name = "EPOCHS")]
    pub(crate) patience: Option<usize>,
}

/// Which data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataSet {
    /// The Bernoulli toy of the first article
    Toy,
    /// The balloons of the second
    Balloons,
    /// Both
    All,
}

/// Widths of hidden layers, all positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Widths(pub(crate) Vec<usize>);

/// Seeds, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seeds(pub(crate) RangeInclusive<u64>);

impl Options {
    /// Reads the command line; ends the program with status 2 where it is wrong.
    pub(crate) fn parse_or_exit() -> Self {
        Self::checked(Self::parse()).unwrap_or_else(|error| error.exit())
    }

    /// Checks what clap cannot check option by option.
    fn checked(self) -> Result<Self, clap::Error> {
        let defaults =
            [(self.wants_toy(), toy::network()), (self.wants_balloons(), balloons::network(&balloons::NUMBER))];
        for (spec, _) in defaults.into_iter().filter_map(|(wanted, default)| wanted.then_some(default)) {
            let layers = self.knobs.hidden.as_ref().map_or(spec.hidden.len(), |widths| widths.0.len());
            let found = self.knobs.activation.len();
            if self.knobs.apply_to_spec(spec).is_none() {
                let message =
                    format!("{found} activations for {layers} hidden layers; give one, or one for each layer");
                return Err(Self::command().error(ErrorKind::WrongNumberOfValues, message));
            }
        }
        Ok(self)
    }

    pub(crate) fn wants_toy(&self) -> bool {
        self.data != DataSet::Balloons
    }

    pub(crate) fn wants_balloons(&self) -> bool {
        self.data != DataSet::Toy
    }

    /// The seeds, at least one.
    pub(crate) fn seeds(&self) -> RangeInclusive<u64> {
        self.seeds.as_ref().map_or(self.seed..=self.seed, |seeds| seeds.0.clone())
    }
}

impl Knobs {
    /// Default model and training, changed where the user said so.
    pub(crate) fn apply(&self, (spec, recipe): (Spec, Recipe)) -> (Spec, Recipe) {
        let changed = self.apply_to_spec(spec.clone()).unwrap_or(spec);
        (changed, self.apply_to_recipe(recipe))
    }

    /// `None` where there is another number of activations than of layers.
    fn apply_to_spec(&self, spec: Spec) -> Option<Spec> {
        let defaults: Vec<usize> = spec.hidden.iter().map(|layer| layer.width).collect();
        let widths = self.hidden.as_ref().map_or(&defaults[..], |widths| &widths.0);
        let given: Vec<&str> = self.activation.iter().map(String::as_str).collect();
        // All layers of our defaults have the same activation.
        let usual: Vec<&str> = spec.hidden.iter().take(1).map(|layer| layer.activation.as_str()).collect();
        let hidden = hidden(widths, if given.is_empty() { &usual } else { &given })?;
        Some(Spec { hidden, dropout: self.dropout.unwrap_or(spec.dropout), response: spec.response })
    }

    fn apply_to_recipe(&self, recipe: Recipe) -> Recipe {
        let optimizer = self.optimizer.unwrap_or(recipe.optimizer);
        let rate = if optimizer == recipe.optimizer { recipe.learning_rate } else { optimizer.usual_rate() };
        Recipe {
            optimizer,
            learning_rate: self.learning_rate.unwrap_or(rate),
            batch_size: self.batch_size.unwrap_or(recipe.batch_size),
            epochs: self.epochs.unwrap_or(recipe.epochs),
            l2: self.l2.unwrap_or(recipe.l2),
            patience: self.patience.map_or(recipe.patience, |epochs| (epochs > 0).then_some(epochs)),
            ..recipe
        }
    }
}

impl FromStr for Widths {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if matches!(text.trim(), "" | "none") {
            return Ok(Self(Vec::new()));
        }
        text.split(',').map(at_least::<1>).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "write first..last, both included, such as 1..5".to_owned();
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        let (first, last) = (number(first)?, number(last.strip_prefix('=').unwrap_or(last))?);
        if first <= last { Ok(Self(first..=last)) } else { Err(wrong()) }
    }
}

fn at_least<const LEAST: usize>(text: &str) -> Result<usize, String> {
    text.trim().parse().ok().filter(|n| *n >= LEAST).ok_or_else(|| format!("a whole number from {LEAST} is needed"))
}

fn batch_size(text: &str) -> Result<BatchSize, String> {
    if text == "full" {
        return Ok(BatchSize::Full);
    }
    let advice = |error| format!("{error}, or `full`");
    at_least::<1>(text).map(BatchSize::Rows).map_err(advice)
}

fn number(text: &str, ok: impl Fn(f64) -> bool, allowed: &str) -> Result<f64, String> {
    text.parse().ok().filter(|value| ok(*value)).ok_or_else(|| format!("a number {allowed} is needed"))
}

fn positive(text: &str) -> Result<f64, String> {
    number(text, |value| value > 0.0 && value.is_finite(), "above 0")
}

fn not_negative(text: &str) -> Result<f64, String> {
    number(text, |value| value >= 0.0 && value.is_finite(), "from 0")
}

fn probability(text: &str) -> Result<f64, String> {
    number(text, |value| (0.0..1.0).contains(&value), "from 0 and below 1")
}

fn activation(text: &str) -> Result<String, String> {
    match glm_core::spec::activation(text) {
        Ok(_) => Ok(text.trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, clap::Error> {
        Options::try_parse_from(["simulate"].into_iter().chain(line.split_whitespace())).and_then(Options::checked)
    }

    fn widths(line: &str) -> Vec<(usize, String)> {
        let (spec, _) = parse(line).unwrap().knobs.apply(toy::network());
        spec.hidden.into_iter().map(|layer| (layer.width, layer.activation)).collect()
    }

    #[test]
    fn clap_accepts_its_own_definition() {
        Options::command().debug_assert();
    }

    #[test]
    fn without_options_the_defaults_stand() {
        let options = parse("").unwrap();
        assert_eq!((options.data, options.seeds(), options.json), (DataSet::All, 1..=1, false));
        assert_eq!(options.knobs.apply(toy::network()), toy::network());
    }

    #[test]
    fn every_knob_turns() {
        let line = "toy --hidden 7,5 --activation relu,sigmoid --batch-size full --dropout 0.1 --optimizer nesterov \
                    --epochs 9 --l2 0.5 --patience 0 --seeds 2..=4 --n 50 --json";
        let options = parse(line).unwrap();
        assert_eq!((options.data, options.seeds(), options.n, options.json), (DataSet::Toy, 2..=4, Some(50), true));
        let (spec, recipe) = options.knobs.apply(toy::network());
        assert_eq!(spec.hidden, hidden(&[7, 5], &["relu", "sigmoid"]).unwrap());
        assert_eq!((recipe.batch_size, recipe.optimizer), (BatchSize::Full, OptimizerName::Nesterov));
        assert_eq!((recipe.epochs, recipe.patience), (9, None));
        let numbers = [spec.dropout, recipe.l2, recipe.learning_rate];
        assert_eq!(numbers.map(f64::to_bits), [0.1, 0.5, OptimizerName::Nesterov.usual_rate()].map(f64::to_bits));
        let rate = parse("--optimizer sgd --learning-rate 0.25").unwrap().knobs.apply(toy::network()).1.learning_rate;
        assert_eq!(rate.to_bits(), 0.25_f64.to_bits());
    }

    #[test]
    fn hidden_layers_can_be_none() {
        assert_eq!(widths("--hidden none"), []);
        let options = Options::try_parse_from(["simulate", "--hidden", ""]).unwrap();
        assert_eq!(options.knobs.hidden, Some(Widths(Vec::new())));
        let usual = &toy::network().0.hidden[0].activation;
        assert_eq!(widths("--hidden 3"), [(3, usual.clone())]);
        assert!(widths("--activation relu").iter().all(|(_, activation)| activation == "relu"));
    }

    #[test]
    fn bad_usage_is_status_2() {
        for line in [
            "spheres",
            "--n 0",
            "--n many",
            "--seeds 5..1",
            "--seeds 1-5",
            "--seed 1 --seeds 1..5",
            "--hidden 3,,4",
            "--hidden 0",
            "--activation swish9",
            "--hidden 3,4,5 --activation relu,tanh",
            "--batch-size 0",
            "--batch-size half",
            "--dropout 1",
            "--dropout nan",
            "--optimizer lion",
            "--learning-rate 0",
            "--learning-rate inf",
            "--epochs 0",
            "--l2 -1",
            "--article-epochs 0",
            "--unknown",
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}: {error}");
        }
        assert_eq!(parse("--help").unwrap_err().exit_code(), 0);
    }
}
