//! The multinomial response: one of k classes, softmax of k (or k − 1) linear predictors.

use super::class::{check_classes, check_number_of_classes, class_number, smoothed_shares};
use crate::{Error, Order, Recession, Response, Rise, Units};

/// Class probabilities `μ_c = e^(η_c)/Σ e^(η_l)`; y is the class number 0, 1, …, k − 1.
///
/// [`new`](Self::new) has k predictors, as the top of a network has; [`baseline`](Self::baseline) has k − 1, with η = 0
/// for class 0, which makes the coefficients of a regression unique. Either has k means. The link is canonical:
/// `slope = μ − [y = c]` and curvature = diag(μ) − μμᵀ, expected and observed alike. The loss is `ln Σ e^η − η_y` by way of
/// the largest η, so that no argument overflows and a loss near zero keeps its digits.
///
/// ```
/// use glm_core::{Order, Response, Softmax, Units};
/// let softmax = Softmax::new(3)?;
/// let mut mu = [0.0; 3];
/// softmax.mean(&[1000.0, 1000.0, -1000.0], &mut mu);
/// assert_eq!(mu, [0.5, 0.5, 0.0]);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Softmax {
    classes: usize,
    /// Classes without a predictor of their own: 1 with a baseline, else 0.
    fixed: usize,
}

impl Softmax {
    /// k classes with k predictors.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] for fewer than two classes.
    pub fn new(classes: usize) -> Result<Self, Error> {
        Self::checked(classes, 0)
    }

    /// k classes with k − 1 predictors; class 0 is the reference.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] for fewer than two classes.
    pub fn baseline(classes: usize) -> Result<Self, Error> {
        Self::checked(classes, 1)
    }

    fn checked(classes: usize, fixed: usize) -> Result<Self, Error> {
        check_number_of_classes("multinomial response", classes)?;
        Ok(Self { classes, fixed })
    }

    /// k.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The predictor of a class at a row of a block of `m` rows.
    fn eta(&self, eta: &[f64], class: usize, row: usize, m: usize) -> f64 {
        if class < self.fixed { 0.0 } else { eta[(class - self.fixed) * m + row] }
    }

    /// The class of the largest predictor, that predictor, and `Σ e^(η_c − largest)` over the other classes.
    fn peak(&self, eta: &[f64], row: usize, m: usize) -> Peak {
        let mut peak = Peak { class: 0, eta: self.eta(eta, 0, row, m), others: 0.0 };
        for class in 1..self.classes {
            let eta = self.eta(eta, class, row, m);
            if eta > peak.eta {
                peak = Peak { class, eta, others: 0.0 };
            }
        }
        let others = (0..self.classes).filter(|class| *class != peak.class);
        peak.others = others.map(|class| (self.eta(eta, class, row, m) - peak.eta).exp()).sum();
        peak
    }

    /// Slopes of one row, and the lower triangle of diag(μ) − μμᵀ column by column.
    fn derivatives(
        &self,
        class: usize,
        eta: &[f64],
        (row, m): (usize, usize),
        peak: &Peak,
        out: &mut Units<'_>,
        curved: bool,
    ) {
        let q = self.n_predictors();
        for column in 0..q {
            out.slope[column * m + row] = peak.mu(column + self.fixed, self.eta(eta, column + self.fixed, row, m));
        }
        let mut entries = out.curvature.iter_mut().skip(row).step_by(m);
        for column in 0..if curved { q } else { 0 } {
            let mu = out.slope[column * m + row];
            for (other, entry) in (column..q).zip(&mut entries) {
                let factor = if other == column {
                    peak.complement(column + self.fixed, mu)
                } else {
                    -out.slope[other * m + row]
                };
                *entry = mu * factor;
            }
        }
        if class >= self.fixed {
            let slope = &mut out.slope[(class - self.fixed) * m + row];
            *slope = -peak.complement(class, *slope);
        }
    }
}

/// The largest predictor of a row, and how much the others add to it.
struct Peak {
    class: usize,
    eta: f64,
    others: f64,
}

impl Peak {
    /// μ of a class with the given predictor.
    fn mu(&self, class: usize, eta: f64) -> f64 {
        let weight = if class == self.class { 1.0 } else { (eta - self.eta).exp() };
        weight / (1.0 + self.others)
    }

    /// 1 − μ, which for the likeliest class is the sum of the others.
    fn complement(&self, class: usize, mu: f64) -> f64 {
        if class == self.class { self.others / (1.0 + self.others) } else { 1.0 - mu }
    }
}

impl Response for Softmax {
    fn units(&self, y: &[f64], eta: &[f64], order: Order, mut out: Units<'_>) {
        let m = y.len();
        for (row, y) in y.iter().enumerate() {
            let Some(class) = class_number(*y, self.classes) else {
                out.loss[row] = f64::INFINITY;
                continue;
            };
            let peak = self.peak(eta, row, m);
            out.loss[row] = (peak.eta - self.eta(eta, class, row, m)) + peak.others.ln_1p();
            if order >= Order::Gradient {
                self.derivatives(class, eta, (row, m), &peak, &mut out, order > Order::Gradient);
            }
        }
    }

    fn mean(&self, eta: &[f64], mu: &mut [f64]) {
        let m = mu.len() / self.classes;
        for row in 0..m {
            let peak = self.peak(eta, row, m);
            for class in 0..self.classes {
                mu[class * m + row] = peak.mu(class, self.eta(eta, class, row, m));
            }
        }
    }

    /// The logarithms of the class shares, each class given half an observation more so that all are finite.
    fn start(&self, y: &[f64], weights: &[f64], eta: &mut [f64]) {
        let m = y.len();
        let shares = smoothed_shares(y, weights, self.classes);
        let total = if self.fixed == 1 { shares[0] } else { shares.iter().sum() };
        for (column, share) in shares[self.fixed..].iter().enumerate() {
            eta[column * m..(column + 1) * m].fill((share / total).ln());
        }
    }

    /// `softmax(k)`, or `multinomial(k)` with a baseline.
    fn name(&self) -> String {
        format!("{}({})", if self.fixed == 1 { "multinomial" } else { "softmax" }, self.classes)
    }

    fn n_predictors(&self) -> usize {
        self.classes - self.fixed
    }

    fn n_means(&self) -> usize {
        self.classes
    }

    fn is_categorical(&self) -> bool {
        true
    }

    fn is_canonical(&self) -> bool {
        true
    }

    fn recession(&self, y: f64) -> Option<Recession> {
        let class = class_number(y, self.classes).filter(|_| self.n_predictors() == 1)?;
        Some(if class == 0 { Recession::Downward } else { Recession::Upward })
    }

    /// The predictor of class y over that of each other class: the loss is `ln(1 + Σ e^(η_c − η_y))`.
    fn rises(&self, y: f64) -> Option<Vec<Rise>> {
        let own = class_number(y, self.classes)?;
        let predictor = |class: usize| class.checked_sub(self.fixed);
        let others = (0..self.classes).filter(|class| *class != own);
        Some(others.map(|class| Rise { up: predictor(own), down: predictor(class) }).collect())
    }

    /// Checks that every response is a class number.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] and [`Error::NotAClass`], with the row and the value.
    fn check(&self, y: &[f64]) -> Result<(), Error> {
        check_classes(y, self.classes)
    }
}
