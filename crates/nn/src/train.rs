//! The training loop: epochs of batches, each one pass and one step.

use std::ops::Range;

use glm_core::Error as CoreError;

use crate::lanes::Lanes;
use crate::pass::{Noise, Plan, Task, Wanted};
use crate::random::{Draw, generator, shuffle};
use crate::rows::Rows;
use crate::top::Total;
use crate::trained::Stopped;
use crate::{
    BatchSize, Block, Data, Epoch, Error, History, Network, Observer, Optimizer, Reduction, Steps, Storage, Trained,
    Training, Validation,
};

impl Network {
    /// Trains on data. The result depends on the data, the settings and the seed, and not on the number of threads.
    ///
    /// Once the buffers are made, a step allocates nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] and [`Error::Mismatch`] where the data do not fit, [`Error::Setting`] where a setting is not
    /// allowed, and [`Error::Diverged`] with the best network met so far where the loss stops being finite.
    ///
    /// ```
    /// use glm_core::{CanonicalGlm, Gaussian};
    /// use nn::{BatchSize, Data, Network, Sgd, Training, Validation};
    /// let (x, y) = ([-1.0, 0.0, 1.0], [1.0, 3.0, 5.0]);
    /// let line = Network::new(1, Box::new(CanonicalGlm::new(Gaussian)))?;
    /// let training = Training { batch_size: BatchSize::Full, ..Training::with(Sgd::new(0.5)) };
    /// let trained = line.train::<f64>(&Data::new([&x[..]], &y)?, Validation::None, &training, &mut ())?;
    /// assert!((trained.params[0] - 3.0).abs() < 1e-12 && (trained.params[1] - 2.0).abs() < 1e-12);
    /// # Ok::<(), nn::Error>(())
    /// ```
    pub fn train<S: Storage>(
        &self,
        data: &Data<'_>,
        validation: Validation<'_>,
        training: &Training,
        observer: &mut dyn Observer,
    ) -> Result<Trained<S>, Error> {
        training.check(validation)?;
        Optimizer::check(S::optimizer(&*training.optimizer))?;
        self.check(data)?;
        let params = training.initial.params(self, training.seed)?.into_iter().map(S::from_f64).collect();
        let (mut rows, held_out) = split(data, validation, training.seed)?;
        let held_out = match validation {
            Validation::None => None,
            Validation::Split(_) => Some((data, Rows::Picked(&held_out))),
            Validation::Data(other) => {
                self.check(other)?;
                Some((other, Rows::Range(0..other.n_rows())))
            }
        };
        let longest = held_out.as_ref().map_or(0, |(_, rows)| rows.len()).max(batch_rows(training, rows.len()));
        Run::new(self, training, data, params, longest).epochs(&mut rows, held_out, observer)
    }
}

/// The rows to train on and, where a part is split off, those that validate; both in ascending order.
fn split(data: &Data<'_>, validation: Validation<'_>, seed: u64) -> Result<(Vec<usize>, Vec<usize>), Error> {
    let mut rows: Vec<usize> = (0..data.n_rows()).collect();
    let Validation::Split(share) = validation else { return Ok((rows, Vec::new())) };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in 0..=n"
    )]
    let count = (share * rows.len() as f64).round() as usize;
    if count == 0 || count == rows.len() {
        let allowed = "such that a row is left on either side";
        return Err(Error::Setting { what: "the share of validation rows", value: share, allowed });
    }
    shuffle(&mut rows, &mut generator(seed, Draw::Split));
    let mut held_out = rows.split_off(rows.len() - count);
    for part in [&mut rows, &mut held_out] {
        part.sort_unstable();
        if !data.weights().is_empty() && part.iter().all(|row| data.weights()[*row] <= 0.0) {
            return Err(CoreError::AllWeightsZero.into());
        }
    }
    Ok((rows, held_out))
}

fn batch_rows(training: &Training, n_rows: usize) -> usize {
    match training.batch_size {
        BatchSize::Full => n_rows,
        BatchSize::Rows(rows) => rows.min(n_rows),
    }
}

/// A training under way.
#[derive(Debug)]
struct Run<'a, S> {
    network: &'a Network,
    training: &'a Training,
    data: &'a Data<'a>,
    plan: Plan<'a, S>,
    lanes: Lanes<S>,
    steps: Box<dyn Steps<S>>,
    params: Vec<S>,
    /// Where the weights are, between the intercepts.
    weights: Vec<Range<usize>>,
    step: u64,
}

/// The best parameters so far; their epoch's loss is what the next has to beat.
struct Best<S> {
    epoch: usize,
    loss: f64,
    params: Vec<S>,
}

impl<'a, S: Storage> Run<'a, S> {
    fn new(network: &'a Network, training: &'a Training, data: &'a Data<'a>, params: Vec<S>, longest: usize) -> Self {
        let plan = Plan::new(network, Wanted::Gradient);
        let lanes = Lanes::new(&plan, longest);
        let steps = S::optimizer(&*training.optimizer).begin(params.len());
        let starts = network.blocks().into_iter().scan(0, |start, block| {
            let first = *start;
            *start += block.n_params();
            Some((first, block))
        });
        let shift = |(first, block): (usize, Block)| block.weights().map(move |r| first + r.start..first + r.end);
        let weights = starts.flat_map(shift).collect();
        Self { network, training, data, plan, lanes, steps, params, weights, step: 0 }
    }

    fn epochs(
        mut self,
        rows: &mut [usize],
        held_out: Option<(&Data<'_>, Rows<'_>)>,
        observer: &mut dyn Observer,
    ) -> Result<Trained<S>, Error> {
        let early = self.training.early_stopping;
        let mut best = Best { epoch: 0, loss: f64::INFINITY, params: self.params.clone() };
        let mut before = self.params.clone();
        let mut history = History { epochs: Vec::with_capacity(self.training.epochs.min(1 << 16)) };
        let mut stopped = Stopped::Epochs;
        for epoch in 1..=self.training.epochs {
            before.copy_from_slice(&self.params);
            let training_loss = self.epoch(epoch, rows);
            let validation_loss = held_out.as_ref().map(|(data, rows)| self.loss(data, rows.clone()));
            history.epochs.push(Epoch { epoch, training_loss, penalty: self.penalty(), validation_loss });
            // A training loss is that of the parameters before the epoch, a validation loss of those after it.
            let (loss, params) = validation_loss.map_or((training_loss, &before), |loss| (loss, &self.params));
            let finite = training_loss.is_finite() && loss.is_finite();
            if !finite || self.params.iter().any(|param| !param.to_f64().is_finite()) {
                let best = self.trained(best.params, history, best.epoch, Stopped::Diverged).widened();
                return Err(Error::Diverged { epoch, best: Box::new(best) });
            }
            if loss < best.loss - early.map_or(0.0, |early| early.min_delta) {
                (best.epoch, best.loss) = (epoch, loss);
                best.params.copy_from_slice(params);
            }
            let enough = history.last().is_some_and(|epoch| observer.observe(epoch).is_break());
            if enough || early.is_some_and(|early| epoch - best.epoch >= early.patience) {
                stopped = if enough { Stopped::Observer } else { Stopped::Patience };
                break;
            }
        }
        let params = if early.is_some() { best.params } else { std::mem::take(&mut self.params) };
        Ok(self.trained(params, history, best.epoch, stopped))
    }

    fn trained(&self, params: Vec<S>, history: History, best_epoch: usize, stopped: Stopped) -> Trained<S> {
        let epochs_run = history.epochs.len();
        Trained { network: self.network.clone(), params, history, epochs_run, best_epoch, stopped }
    }

    /// One epoch; its mean training loss.
    fn epoch(&mut self, epoch: usize, rows: &mut [usize]) -> f64 {
        let batch = batch_rows(self.training, rows.len());
        if self.training.shuffle && batch < rows.len() {
            shuffle(rows, &mut generator(self.training.seed, Draw::Shuffle { epoch }));
        }
        let mut sum = Total::default();
        for batch in rows.chunks(batch) {
            let total = self.step(batch);
            sum.loss += total.loss;
            sum.weight += total.weight;
            if !sum.loss.is_finite() {
                break;
            }
        }
        sum.loss / sum.weight
    }

    /// One step, unless the batch has no weight or its loss is not finite.
    fn step(&mut self, batch: &[usize]) -> Total {
        let noise = Some(Noise { seed: self.training.seed, step: self.step });
        self.step += 1;
        let (params, data, wanted) = (&self.params, self.data, Wanted::Gradient);
        let task = Task { params, data, rows: Rows::Picked(batch), wanted, noise };
        let total = self.lanes.pass(&self.plan, &task);
        if total.weight <= 0.0 || !total.loss.is_finite() {
            return total;
        }
        let gradient = self.lanes.gradient();
        if self.training.reduction == Reduction::Mean {
            let scale = S::from_f64(total.weight.recip());
            gradient.iter_mut().for_each(|slope| *slope *= scale);
        }
        if self.training.l2 > 0.0 {
            let l2 = S::from_f64(self.training.l2);
            for range in &self.weights {
                for (slope, weight) in gradient[range.clone()].iter_mut().zip(&self.params[range.clone()]) {
                    *slope += l2 * *weight;
                }
            }
        }
        self.steps.step(&mut self.params, gradient);
        total
    }

    /// ½λ‖W‖².
    fn penalty(&self) -> f64 {
        if self.training.l2 <= 0.0 {
            return 0.0;
        }
        let weights = self.weights.iter().flat_map(|range| &self.params[range.clone()]);
        0.5 * self.training.l2 * weights.map(|weight| weight.to_f64() * weight.to_f64()).sum::<f64>()
    }

    /// The loss per unit weight without dropout.
    fn loss(&mut self, data: &Data<'_>, rows: Rows<'_>) -> f64 {
        let task = Task { params: &self.params, data, rows, wanted: Wanted::Loss, noise: None };
        let total = self.lanes.pass(&self.plan, &task);
        total.loss / total.weight
    }
}
