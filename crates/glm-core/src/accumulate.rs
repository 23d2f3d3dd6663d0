//! The one pass over the rows: η, then loss, slope and curvature, then gradient and information, a block at a time.

use std::ops::Range;

use crate::design::Block;
use crate::pearson::Responses;
use crate::rows::blocks;
use crate::{Design, Expansion, Family, Gram, Information, Mixed, Order, Response, Root, Units, kernel};

/// Rows with everything that belongs to them; slices are indexed by the design's own rows.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The X side.
    pub design: &'a dyn Design,
    /// One response per row.
    pub y: &'a [f64],
    /// One prior weight per row; empty means all one.
    pub weights: &'a [f64],
    /// One offset per row and predictor, predictor by predictor; empty means none.
    pub offset: &'a [f64],
}

impl<'a> Batch<'a> {
    /// The weights of these rows; empty means all one.
    fn weights_of(&self, rows: &Range<usize>) -> &'a [f64] {
        self.weights.get(rows.clone()).unwrap_or(&[])
    }
}

/// Where the expansion is wanted.
#[derive(Debug, Clone, Copy)]
pub enum At<'a> {
    /// At parameters.
    Params(&'a [f64]),
    /// At parameters in twice the working precision, `high` + `low`.
    Twofold {
        /// The parameters rounded to working precision.
        high: &'a [f64],
        /// What rounding took.
        low: &'a [f64],
    },
    /// At the response's starting linear predictors, which are not of the form Xβ: the expansion at β = 0 of the
    /// working least-squares problem there, so that one Newton step from zero is the first step of IRLS.
    Start,
}

/// How η and the gradient are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// In plain `f64`.
    #[default]
    Plain,
    /// With the rounding error of every product and sum carried along: as if in twice the precision, rounded once.
    Compensated,
}

/// Buffers that a pass reuses from block to block; one per thread.
#[derive(Debug, Clone, Default)]
pub struct Work {
    pub(crate) precision: Precision,
    pub(crate) x: Vec<f64>,
    pub(crate) scratch: Vec<f64>,
    pub(crate) runs: Vec<f64>,
    eta: Vec<f64>,
    loss: Vec<f64>,
    slope: Vec<f64>,
    curvature: Vec<f64>,
    pair: Option<Gram>,
    codes: Codes,
}

/// What a design has read of its codes, and the buffers for it.
#[derive(Debug, Clone, Default)]
struct Codes {
    /// Whether the next question may be about the same rows, as within one pass over a block.
    asked_again: bool,
    /// The design, by its address, since one may pass on to others, and the rows.
    of: Option<(usize, Range<usize>)>,
    blocks: Vec<Block>,
}

impl Work {
    /// Buffers that grow to what the first block needs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Buffers of a pass with this precision.
    #[must_use]
    pub fn with_precision(precision: Precision) -> Self {
        Self { precision, ..Self::default() }
    }

    /// How η and the gradient are summed.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The rows of a design as a dense block.
    pub(crate) fn dense_block<D: Design + ?Sized>(&mut self, design: &D, rows: Range<usize>) -> &[f64] {
        self.x.resize(rows.len() * design.n_cols(), 0.0);
        design.dense(rows, &mut self.x);
        &self.x
    }

    /// What a design reads of its codes, or has read when it was asked about the same rows before.
    pub(crate) fn codes(&mut self, design: &Mixed<'_>, rows: &Range<usize>) -> Vec<Block> {
        let mut blocks = std::mem::take(&mut self.codes.blocks);
        if self.codes.of.take() != Some((address(design), rows.clone())) {
            design.read_codes(rows, &mut blocks);
        }
        blocks
    }

    /// Takes them back.
    pub(crate) fn keep_codes(&mut self, design: &Mixed<'_>, rows: &Range<usize>, blocks: Vec<Block>) {
        self.codes.blocks = blocks;
        self.codes.of = self.codes.asked_again.then(|| (address(design), rows.clone()));
    }

    /// Before and after a pass over a block, in which the codes stay as they are.
    fn expect_codes(&mut self, asked_again: bool) {
        (self.codes.asked_again, self.codes.of) = (asked_again, None);
    }

    /// A buffer lent out, so that a method that borrows the rest of the work can run beside it. What it held is still there.
    fn take(buffer: &mut Vec<f64>, len: usize) -> Vec<f64> {
        let mut buffer = std::mem::take(buffer);
        buffer.resize(len, 0.0);
        buffer
    }
}

/// Where a design is, which no other can be during a pass.
fn address(design: &Mixed<'_>) -> usize {
    std::ptr::from_ref(design).addr()
}

/// Adds the rows' part of loss, gradient and information to `into`, which tells by its form what is wanted.
///
/// Prior weights are multiplied in after the response has spoken, and rows of weight zero are absent (so that 0·∞ does
/// not arise). A stream of batches feeds the same function, batch by batch.
pub fn accumulate(
    response: &dyn Response,
    batch: Batch<'_>,
    rows: Range<usize>,
    at: At<'_>,
    order: Order,
    work: &mut Work,
    into: &mut Expansion,
) {
    kernel::rest_vector_unit(); // The caller may come from a factorisation.
    let expected = matches!(order, Order::Expected | Order::Root) && !matches!(at, At::Start);
    let support = response.family().filter(|_| expected && response.n_predictors() == 1).map(Family::support);
    for rows in blocks(rows) {
        let (m, q) = (rows.len(), response.n_predictors());
        work.expect_codes(true);
        let mut eta = Work::take(&mut work.eta, m * q);
        let mut loss = Work::take(&mut work.loss, m);
        let mut slope = Work::take(&mut work.slope, m * q);
        let mut curvature = Work::take(&mut work.curvature, m * q * (q + 1) / 2);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        linear_predictors(response, batch, rows.clone(), at, &mut eta, work);
        response.units(&batch.y[rows.clone()], &eta, order, units);
        if matches!(at, At::Start) {
            subtract_offset(batch, rows.clone(), &mut eta);
            linearise((m, q), &eta, &curvature, &mut slope);
        }
        multiply_weights(batch.weights_of(&rows), [&mut loss, &mut slope, &mut curvature]);
        into.loss += kernel::sum(&loss);
        into.merit = into.loss;
        into.pearson = into.pearson.zip(support).map(|(pearson, support)| {
            let responses = Responses { y: &batch.y[rows.clone()], support };
            pearson.with(responses, batch.weights_of(&rows), (&slope, &curvature), &mut loss)
        });
        if order >= Order::Gradient {
            add_derivatives(batch.design, rows, &slope, &curvature, work, into);
        }
        (work.eta, work.loss, work.slope, work.curvature) = (eta, loss, slope, curvature);
        work.expect_codes(false);
    }
}

/// Writes η = offset + Xβ for each predictor, or the response's starting values, over rows that fit in a block.
pub fn linear_predictors(
    response: &dyn Response,
    batch: Batch<'_>,
    rows: Range<usize>,
    at: At<'_>,
    eta: &mut [f64],
    work: &mut Work,
) {
    match at {
        At::Start => {
            let weights = batch.weights_of(&rows);
            response.start(&batch.y[rows], weights, eta);
        }
        At::Params(params) => {
            eta.fill(0.0);
            add_parts(batch, rows, &[params], eta, work);
        }
        At::Twofold { high, low } => {
            eta.fill(0.0);
            add_parts(batch, rows, &[high, low], eta, work);
        }
    }
}

/// η += offset + Σ X·part for each predictor.
fn add_parts(batch: Batch<'_>, rows: Range<usize>, parts: &[&[f64]], eta: &mut [f64], work: &mut Work) {
    let (n, p) = (batch.design.n_rows(), batch.design.n_cols());
    for (k, eta) in eta.chunks_exact_mut(rows.len()).enumerate() {
        if let Some(offset) = batch.offset.get(k * n..(k + 1) * n) {
            kernel::axpy(1.0, &offset[rows.clone()], eta);
        }
        for part in parts.iter().map(|part| &part[k * p..(k + 1) * p]) {
            // Least squares starts at zero.
            if part.iter().any(|param| *param != 0.0) {
                batch.design.add_eta(rows.clone(), part, eta, work);
            }
        }
    }
}

fn subtract_offset(batch: Batch<'_>, rows: Range<usize>, eta: &mut [f64]) {
    let n = batch.design.n_rows();
    for (k, eta) in eta.chunks_exact_mut(rows.len()).enumerate() {
        if let Some(offset) = batch.offset.get(k * n..(k + 1) * n) {
            kernel::axpy(-1.0, &offset[rows.clone()], eta);
        }
    }
}

/// slope at η ↦ slope at 0 of the quadratic model: slope − C·η, C the symmetric curvature of each row.
fn linearise((m, q): (usize, usize), eta: &[f64], curvature: &[f64], slope: &mut [f64]) {
    let mut columns = curvature.chunks_exact(m);
    for b in 0..q {
        for a in b..q {
            let Some(curvature) = columns.next() else { return };
            for row in 0..m {
                slope[a * m + row] -= curvature[row] * eta[b * m + row];
                if a != b {
                    slope[b * m + row] -= curvature[row] * eta[a * m + row];
                }
            }
        }
    }
}

/// Every column of these parts times the weights; empty weights are all one.
fn multiply_weights(weights: &[f64], parts: [&mut [f64]; 3]) {
    if weights.is_empty() {
        return;
    }
    for column in parts.into_iter().flat_map(|part| part.chunks_exact_mut(weights.len())) {
        for (value, weight) in column.iter_mut().zip(weights) {
            *value = if *weight > 0.0 { *value * weight } else { 0.0 };
        }
    }
}

/// gradient += Xᵀ·slope and information += XᵀWX, predictor by predictor and pair by pair.
fn add_derivatives(
    design: &dyn Design,
    rows: Range<usize>,
    slope: &[f64],
    curvature: &[f64],
    work: &mut Work,
    into: &mut Expansion,
) {
    let (m, p) = (rows.len(), design.n_cols());
    for (slope, gradient) in slope.chunks_exact(m).zip(into.gradient.chunks_exact_mut(p)) {
        design.add_gradient(rows.clone(), slope, gradient, work);
    }
    let q = slope.len() / m;
    match &mut into.information {
        Information::None => {}
        Information::Gram(gram) if q == 1 => design.add_gram(rows, curvature, gram, work),
        Information::Gram(gram) => {
            let layout = design.gram_layout();
            let kept = work.pair.take().filter(|pair| pair.n() == p && pair.is_laid_out(&layout));
            let mut pair = kept.unwrap_or_else(|| Gram::with_layout(p, &layout));
            let positions = (0..q).flat_map(|b| (b..q).map(move |a| (a, b)));
            for (weight, (a, b)) in curvature.chunks_exact(m).zip(positions) {
                pair.clear();
                design.add_gram(rows.clone(), weight, &mut pair, work);
                gram.add_at(&pair, a, b);
            }
            work.pair = Some(pair);
        }
        Information::Root(root) if q == 1 => {
            work.dense_block(design, rows);
            root.add_block(&work.x, curvature, &mut work.scratch);
        }
        Information::Root(root) => {
            work.dense_block(design, rows);
            add_coupled_root(&work.x, curvature, (m, p, q), &mut work.scratch, root);
        }
    }
}

/// Stacks the root of a coupled response's information. With the curvature of row i factorised as `LLᵀ`, each column c
/// of L gives the row `(L₁c xᵢ, …, L_qc xᵢ)`.
fn add_coupled_root(
    x: &[f64],
    curvature: &[f64],
    (m, p, q): (usize, usize, usize),
    scratch: &mut Vec<f64>,
    root: &mut Root,
) {
    let mut factors = curvature.to_vec();
    kernel::row_roots(&mut factors, m, q);
    let (ones, mut block) = (vec![1.0; m], vec![0.0; m * p * q]);
    let mut columns = factors.chunks_exact(m);
    for c in 0..q {
        block[..c * m * p].fill(0.0);
        for (block, factor) in block[c * m * p..].chunks_exact_mut(m * p).zip(&mut columns) {
            for (target, x) in block.chunks_exact_mut(m).zip(x.chunks_exact(m)) {
                target.iter_mut().zip(x.iter().zip(factor)).for_each(|(target, (x, factor))| *target = x * factor);
            }
        }
        root.add_block(&block, &ones, scratch);
    }
}
