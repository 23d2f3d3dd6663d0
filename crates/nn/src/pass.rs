//! One pass over rows, forward through the layers and the top, and backward; a block of rows at a time, in buffers that
//! are made once.

use std::ops::Range;

use glm_core::{BLOCK, Order};

use crate::random::{Draw, generator};
use crate::rows::Rows;
use crate::top::{Top, Total};
use crate::{Block, Data, Layer, Network, Output, Recorded, Shape, Storage};

/// A network resolved to one storage: its layers, and where the parameters of each are.
#[derive(Debug)]
pub(crate) struct Plan<'a, S> {
    stages: Vec<Stage<'a, S>>,
    pub(crate) output: &'a Output,
    block: Block,
    top: Range<usize>,
}

#[derive(Debug)]
struct Stage<'a, S> {
    layer: &'a dyn Layer<S>,
    shape: Shape,
    params: Range<usize>,
    /// Whether anything below wants ∂loss/∂x.
    pulls: bool,
}

/// What a pass is to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// The loss.
    Loss,
    /// The loss and the gradient in the parameters.
    Gradient,
    /// And ∂loss/∂x.
    Sensitivity,
}

/// Where the randomness of a training step comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    pub(crate) seed: u64,
    pub(crate) step: u64,
}

/// A pass over rows, all but the buffers.
#[derive(Debug, Clone)]
pub(crate) struct Task<'a, S> {
    pub(crate) params: &'a [S],
    pub(crate) data: &'a Data<'a>,
    pub(crate) rows: Rows<'a>,
    pub(crate) wanted: Wanted,
    /// None outside training.
    pub(crate) noise: Option<Noise>,
}

/// Buffers for a block of rows, and the sums over the blocks.
#[derive(Debug)]
pub(crate) struct Lane<S> {
    /// `features[l]` is what layer l reads, the ones included; the last is what the top reads.
    features: Vec<Vec<S>>,
    tapes: Vec<Vec<S>>,
    delta: Vec<S>,
    below: Vec<S>,
    top: Top<S>,
    /// Summed over the rows.
    pub(crate) gradient: Vec<S>,
    /// Summed over the rows.
    pub(crate) total: Total,
    /// ∂loss/∂x of the rows, row block after row block, where it was wanted.
    pub(crate) sensitivity: Vec<S>,
}

impl<'a, S: Storage> Plan<'a, S> {
    pub(crate) fn new(network: &'a Network, wanted: Wanted) -> Self {
        let mut start = 0;
        let mut pulls = wanted == Wanted::Sensitivity;
        let stages = network.layers().iter().map(|layer| {
            let layer = S::layer(&**layer);
            let n_params: usize = layer.blocks().into_iter().map(Block::n_params).sum();
            let stage = Stage { layer, shape: layer.shape(), params: start..start + n_params, pulls };
            (start, pulls) = (start + n_params, pulls || n_params > 0);
            stage
        });
        let stages = stages.collect();
        let block = network.top();
        Self { stages, output: network.output(), block, top: start..start + block.n_params() }
    }

    pub(crate) fn n_params(&self) -> usize {
        self.top.end
    }

    fn inputs(&self) -> usize {
        self.stages.first().map_or(self.block.inputs, |stage| stage.shape.inputs)
    }

    /// Whether the lowest gradient wanted is below the top.
    fn pulls_from_top(&self, wanted: Wanted) -> bool {
        wanted == Wanted::Sensitivity || self.top.start > 0
    }
}

impl<S: Storage> Lane<S> {
    /// Buffers for blocks of at most `rows` rows.
    pub(crate) fn new(plan: &Plan<'_, S>, rows: usize) -> Self {
        let rows = rows.min(BLOCK);
        let buffer = |width: usize| vec![S::default(); rows * width];
        let shapes = || plan.stages.iter().map(|stage| stage.shape);
        let widths = || shapes().map(|shape| shape.inputs).chain([plan.block.inputs]);
        let widest = widths().max().unwrap_or(0) + 1;
        Self {
            features: widths().map(|width| buffer(width + 1)).collect(),
            tapes: shapes().map(|shape| buffer(shape.tape)).collect(),
            delta: buffer(widest),
            below: buffer(widest),
            top: Top::new(plan.block, rows),
            gradient: vec![S::default(); plan.n_params()],
            total: Total::default(),
            sensitivity: Vec::new(),
        }
    }

    /// Goes over the rows, `first` being the position of the first of them in the batch.
    pub(crate) fn run(&mut self, plan: &Plan<'_, S>, task: &Task<'_, S>, first: usize) {
        self.total = Total::default();
        if task.wanted >= Wanted::Gradient {
            self.gradient.fill(S::default());
        }
        let order = if task.wanted >= Wanted::Gradient { Order::Gradient } else { Order::Loss };
        for (position, rows) in task.rows.blocks() {
            self.forward(plan, task, &rows, first + position);
            let total = self.top.units(plan.output, task.data, &rows, order);
            self.total.loss += total.loss;
            self.total.weight += total.weight;
            if task.wanted >= Wanted::Gradient {
                self.backward(plan, task, rows.len());
            }
        }
    }

    /// The linear predictors of a block of rows, m×q.
    pub(crate) fn forward(
        &mut self,
        plan: &Plan<'_, S>,
        task: &Task<'_, S>,
        rows: &Rows<'_>,
        position: usize,
    ) -> &[f64] {
        let m = rows.len();
        let x = &mut self.features[0][..m * (plan.inputs() + 1)];
        for (out, column) in x[m..].chunks_exact_mut(m).zip(task.data.columns()) {
            rows.gather(column, out);
        }
        for (index, stage) in plan.stages.iter().enumerate() {
            let (head, tail) = self.features.split_at_mut(index + 1);
            let x = &mut head[index][..m * (stage.shape.inputs + 1)];
            x[..m].fill(S::from_f64(1.0));
            let out = &mut tail[0][m..m * (stage.shape.outputs + 1)];
            let tape = &mut self.tapes[index][..m * stage.shape.tape];
            let params = &task.params[stage.params.clone()];
            match task.noise {
                None => stage.layer.forward(params, x, out, tape),
                Some(Noise { seed, step }) => {
                    let mut rng = generator(seed, Draw::Layer { step, layer: index, position });
                    stage.layer.forward_in_training(params, x, out, tape, &mut rng);
                }
            }
        }
        let x = &self.features[plan.stages.len()][..m * (plan.block.inputs + 1)];
        let params = &task.params[plan.top.clone()];
        self.top.linear_predictors(plan.block, params, x, task.data.offset(), rows)
    }

    fn backward(&mut self, plan: &Plan<'_, S>, task: &Task<'_, S>, m: usize) {
        let (params, gradient) = (&task.params[plan.top.clone()], &mut self.gradient[plan.top.clone()]);
        let x = &self.features[plan.stages.len()][..m * (plan.block.inputs + 1)];
        let wanted = if plan.pulls_from_top(task.wanted) { x.len() } else { 0 };
        self.top.backward(plan.block, params, x, &mut self.delta[..wanted], gradient);
        for (index, stage) in plan.stages.iter().enumerate().rev() {
            if !stage.pulls && stage.params.is_empty() {
                break;
            }
            let x = &self.features[index][..m * (stage.shape.inputs + 1)];
            let at = Recorded {
                params: &task.params[stage.params.clone()],
                x,
                out: &self.features[index + 1][m..m * (stage.shape.outputs + 1)],
                tape: &self.tapes[index][..m * stage.shape.tape],
            };
            let dx = &mut self.below[..if stage.pulls { x.len() } else { 0 }];
            let delta = &mut self.delta[m..m * (stage.shape.outputs + 1)];
            stage.layer.backward(at, delta, dx, &mut self.gradient[stage.params.clone()]);
            std::mem::swap(&mut self.delta, &mut self.below);
        }
        if task.wanted == Wanted::Sensitivity {
            self.sensitivity.extend_from_slice(&self.delta[m..m * (plan.inputs() + 1)]);
        }
    }
}
