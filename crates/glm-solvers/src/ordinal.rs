//! Ordinal regression: cut points that share one x'β, `P(y ≤ c) = F(θ_c − x'β)`.
//!
//! An ordinal model is a cumulative response, whose k − 1 linear predictors are the cut points, with the constraint that
//! all have the same slopes. The response's block of slopes and curvature is used as it is; what is done here is the
//! chain rule from cut points to (θ, β). So nothing of the response, the loop, the line search or the certificate exists
//! twice: the model is one more [`Target`] of the loop that fits every [`Problem`](crate::Problem), by any
//! [`Solver`](crate::Solver). (As a `Problem` the same response fits the model without the constraint.)

mod fit;
mod recession;
mod scores;

pub use fit::OrdinalFit;

use std::ops::Range;

use glm_core::{
    At, Cumulative, CumulativeLink, Design, Expansion, Gram, Information, Objective, Order, Precision, Response, Root,
    Units, Work, blocks, fold_rows, kernel,
};

use crate::class_weights::{check_classes, class_weights};
use crate::problem::{check_finite, check_length};
use crate::start::Start;
use crate::target::Target;
use crate::weights::RowWeights;
use crate::{Error, Solver, Weights};

/// Design, ordered classes and the data; it borrows the design, which has no intercept, and cannot exist unvalidated.
///
/// The model is `P(y ≤ c) = F(θ_c − x'β − offset)`, as in R's `polr` and `clm`: a positive coefficient moves y upwards.
/// The parameters are the thresholds θ₀ < … < θ_(k−2), then β.
///
/// ```
/// use glm_core::{Cumulative, CumulativeLink, Dense};
/// use glm_solvers::{Ordinal, newton_raphson};
/// let dose = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0];
/// let design = Dense::without_intercept([&dose[..]])?;
/// let pain = vec![0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 1.0, 2.0, 2.0];
/// let ordinal = Ordinal::new(&design, Cumulative::new(3, CumulativeLink::Logit)?, pain)?;
/// let fit = ordinal.fit(&newton_raphson())?;
/// assert!(fit.certificate.converged() && fit.coefficients[0] > 0.0);
/// assert!(fit.thresholds[0] < fit.thresholds[1]);
/// # Ok::<(), glm_solvers::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ordinal<'a> {
    design: &'a dyn Design,
    response: Cumulative,
    y: Vec<f64>,
    weights: RowWeights,
    offset: Vec<f64>,
}

impl<'a> Ordinal<'a> {
    /// A model with unit weights and no offset; y is the class number 0, 1, …, k − 1.
    ///
    /// # Errors
    ///
    /// [`Error::Intercept`] where the design has one; [`glm_core::Error`] in [`Error::Input`]: y not a class number, or of
    /// the wrong length.
    pub fn new(design: &'a dyn Design, response: Cumulative, y: Vec<f64>) -> Result<Self, Error> {
        if design.has_intercept() {
            return Err(Error::Intercept);
        }
        check_length("y", design.n_rows(), y.len())?;
        response.check(&y)?;
        Ok(Self { design, response, y, weights: RowWeights::default(), offset: Vec::new() })
    }

    /// With [`Weights`] of a type: plain numbers multiply the log-likelihood of their row and leave the degrees of freedom
    /// as they are. Those of another type are kept, and multiply. A row of weight zero is absent.
    ///
    /// # Errors
    ///
    /// Negative, not finite, all zero, or of the wrong length; [`Error::FractionalFrequency`].
    pub fn with_weights(mut self, weights: impl Into<Weights>) -> Result<Self, Error> {
        self.weights = self.weights.with(self.y.len(), weights.into())?;
        Ok(self)
    }

    /// With an offset: a known part of x'β, one value per row.
    ///
    /// # Errors
    ///
    /// Not finite, or of the wrong length.
    pub fn with_offset(mut self, offset: Vec<f64>) -> Result<Self, Error> {
        check_length("offset", self.y.len(), offset.len())?;
        check_finite("offset", &offset)?;
        // An offset of zeros is none, and the null model then has a closed form.
        self.offset = if offset.iter().all(|value| *value == 0.0) { Vec::new() } else { offset };
        Ok(self)
    }

    /// Fits by maximum likelihood, from the thresholds of the class shares and β = 0.
    ///
    /// # Errors
    ///
    /// [`Error::OrdinalSeparation`] where the likelihood has no finite maximum, [`Error::EmptyClass`] where that is because
    /// a class has no rows; [`Error::OrdinalNotConverged`] with the best iterate; [`Error::InvalidStart`] and
    /// [`Error::NoValidStart`].
    pub fn fit(&self, solver: &Solver) -> Result<OrdinalFit, Error> {
        let own = self.start()?;
        let (run, outcome) = solver.run(self, Start::at(self, own, solver.start())?)?;
        let fit = self.decide(OrdinalFit::new(solver.method(), &run, outcome)?)?;
        if fit.certificate.converged() { Ok(fit) } else { Err(Error::OrdinalNotConverged(Box::new(fit))) }
    }

    /// k − 1.
    fn n_thresholds(&self) -> usize {
        self.response.classes() - 1
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.weight(row)
    }

    fn class_weights(&self) -> Vec<f64> {
        class_weights(&self.y, |row| self.weight(row), self.response.classes())
    }

    /// Thresholds of the class shares, at the mean offset, and no slopes: the null model where there is no offset.
    fn start(&self) -> Result<Vec<f64>, Error> {
        let shares = self.class_weights();
        check_classes(&shares)?;
        let total: f64 = shares.iter().sum();
        let offset: f64 = self.offset.iter().enumerate().map(|(row, offset)| self.weight(row) * offset).sum();
        let mut params = self.response.cut_points(&shares);
        params.iter_mut().for_each(|threshold| *threshold += offset / total);
        params.resize(self.n_params(), 0.0);
        Ok(params)
    }

    /// The expansion with a root of the observed information, which exists where the loss is convex in the cut points: for
    /// every link but the cauchit.
    fn with_observed_root(&self, params: &[f64], precision: Precision) -> Result<Option<Expansion>, Error> {
        if self.response.cumulative_link() == CumulativeLink::Cauchit {
            return Ok(None);
        }
        Ok(Some(self.sum(params, Order::Root, Order::Observed, precision)?))
    }

    /// The expansion whose information has the form that one order asks for and is made of the curvature of another.
    fn sum(
        &self,
        params: &[f64],
        form: Order,
        curvature: Order,
        precision: Precision,
    ) -> Result<Expansion, glm_core::Error> {
        fold_rows(self.y.len(), &|rows| {
            let mut into = Expansion::zeros(form, self.n_params());
            self.add_rows(params, rows, curvature, &mut Work::with_precision(precision), &mut into);
            Ok(into)
        })
    }

    /// `θ_c − x'β − offset` of a block of rows, cut point by cut point.
    fn cuts(&self, params: &[f64], offset: Option<&[f64]>, rows: Range<usize>, work: &mut Work) -> Vec<f64> {
        let (thresholds, slopes) = params.split_at(self.n_thresholds());
        let mut eta = offset.map_or_else(|| vec![0.0; rows.len()], <[f64]>::to_vec);
        self.design.add_eta(rows, slopes, &mut eta, work);
        thresholds.iter().flat_map(|threshold| eta.iter().map(move |eta| threshold - eta)).collect()
    }

    /// Adds a group of rows, block by block.
    fn add_rows(&self, params: &[f64], rows: Range<usize>, order: Order, work: &mut Work, into: &mut Expansion) {
        let q = self.n_thresholds();
        for rows in blocks(rows) {
            let m = rows.len();
            let cuts = self.cuts(params, self.offset.get(rows.clone()), rows.clone(), work);
            let (mut loss, mut slope, mut curvature) = (vec![0.0; m], vec![0.0; m * q], vec![0.0; m * q * (q + 1) / 2]);
            let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
            self.response.units(&self.y[rows.clone()], &cuts, order, units);
            for column in [&mut loss, &mut slope, &mut curvature].into_iter().flat_map(|part| part.chunks_exact_mut(m))
            {
                for (value, row) in column.iter_mut().zip(rows.clone()) {
                    let weight = self.weight(row);
                    *value = if weight > 0.0 { *value * weight } else { 0.0 };
                }
            }
            into.loss += kernel::sum(&loss);
            into.merit = into.loss;
            if order >= Order::Gradient {
                self.add_gradient(rows.clone(), &slope, work, &mut into.gradient);
            }
            match &mut into.information {
                Information::Gram(gram) => self.add_gram(rows, &curvature, work, gram),
                Information::Root(root) => self.add_root(rows, curvature, root),
                _ => {}
            }
        }
    }

    /// `∂/∂θ_c = Σ slope_c` and `∂/∂β = −Xᵀ Σ_c slope_c`.
    fn add_gradient(&self, rows: Range<usize>, slope: &[f64], work: &mut Work, gradient: &mut [f64]) {
        let (of_thresholds, of_slopes) = gradient.split_at_mut(self.n_thresholds());
        let mut total = vec![0.0; rows.len()];
        for (slope, gradient) in slope.chunks_exact(rows.len()).zip(of_thresholds) {
            *gradient += kernel::sum(slope);
            kernel::axpy(-1.0, slope, &mut total);
        }
        self.design.add_gradient(rows, &total, of_slopes, work);
    }

    /// With C the curvature of a row in its cut points: C for θ and θ, −(C1) xᵀ for θ and β, (1ᵀC1) x xᵀ for β and β.
    fn add_gram(&self, rows: Range<usize>, curvature: &[f64], work: &mut Work, gram: &mut Gram) {
        let (q, p, m) = (self.n_thresholds(), self.design.n_cols(), rows.len());
        let mut sums = vec![0.0; m * q];
        let entries = (0..q).flat_map(|b| (b..q).map(move |a| (a, b)));
        for (curvature, (a, b)) in curvature.chunks_exact(m).zip(entries) {
            gram.add(a, b, kernel::sum(curvature));
            kernel::axpy(-1.0, curvature, &mut sums[a * m..(a + 1) * m]);
            if a != b {
                kernel::axpy(-1.0, curvature, &mut sums[b * m..(b + 1) * m]);
            }
        }
        let (mut total, mut cross) = (vec![0.0; m], vec![0.0; p]);
        let mut block = Gram::with_layout(p, &self.design.gram_layout());
        for (a, sum) in sums.chunks_exact(m).enumerate() {
            cross.fill(0.0);
            self.design.add_gradient(rows.clone(), sum, &mut cross, work);
            cross.iter().enumerate().for_each(|(j, value)| gram.add(q + j, a, *value));
            kernel::axpy(-1.0, sum, &mut total);
        }
        self.design.add_gram(rows, &total, &mut block, work);
        for j in 0..p {
            (j..p).for_each(|i| gram.add(q + i, q + j, block.get(i, j)));
        }
    }

    /// With `C = LLᵀ`, each column c of L gives the row `(L₁c, …, L_qc, −(Σ_a L_ac) x)`.
    fn add_root(&self, rows: Range<usize>, mut curvature: Vec<f64>, root: &mut Root) {
        let (q, p, m) = (self.n_thresholds(), self.design.n_cols(), rows.len());
        kernel::row_roots(&mut curvature, m, q);
        let mut x = vec![0.0; m * p];
        self.design.dense(rows, &mut x);
        let (ones, mut block, mut scratch) = (vec![1.0; m], vec![0.0; m * (q + p)], Vec::new());
        let mut factors = curvature.chunks_exact(m);
        for c in 0..q {
            let mut shift = vec![0.0; m];
            let (of_thresholds, of_slopes) = block.split_at_mut(m * q);
            of_thresholds[..c * m].fill(0.0);
            for (target, factor) in of_thresholds[c * m..].chunks_exact_mut(m).zip(&mut factors) {
                target.copy_from_slice(factor);
                kernel::axpy(-1.0, factor, &mut shift);
            }
            for (target, x) in of_slopes.chunks_exact_mut(m).zip(x.chunks_exact(m)) {
                target.iter_mut().zip(x.iter().zip(&shift)).for_each(|(target, (x, shift))| *target = x * shift);
            }
            root.add_block(&block, &ones, &mut scratch);
        }
    }
}

impl Objective for Ordinal<'_> {
    fn n_params(&self) -> usize {
        self.n_thresholds() + self.design.n_cols()
    }

    fn evaluate(&self, params: &[f64], order: Order, into: &mut Expansion) -> Result<(), glm_core::Error> {
        *into = self.expand_at(At::Params(params), order, Precision::Plain)?;
        Ok(())
    }
}

impl Target for Ordinal<'_> {
    fn expand_at(&self, at: At<'_>, order: Order, precision: Precision) -> Result<Expansion, glm_core::Error> {
        let (At::Params(params) | At::Twofold { high: params, .. }) = at else {
            panic!("an ordinal model starts at parameters, not at linear predictors")
        };
        self.sum(params, order, order, precision)
    }

    fn response_name(&self) -> String {
        self.response.name()
    }

    fn known_dispersion(&self) -> Option<f64> {
        Some(1.0)
    }

    fn n_observations(&self) -> usize {
        self.weights.n_observations(self.y.len()) * self.n_thresholds()
    }
}
