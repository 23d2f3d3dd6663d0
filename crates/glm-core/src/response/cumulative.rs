//! The cumulative response: ordered classes, cut from a latent variable at increasing points.

mod between;

use std::str::FromStr;

use super::class::{check_classes, check_number_of_classes, class_number, smoothed_shares};
use crate::{Cauchit, Cloglog, Error, Link, Logit, Loglog, Mean, Order, Probit, Recession, Response, Rise, Units};
use between::Between;

/// The link of a cumulative model: the quantile function of its latent variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CumulativeLink {
    /// Logistic: proportional odds.
    Logit,
    /// Normal.
    Probit,
    /// Gumbel, minimum: proportional hazards, P(Y ≤ k) = 1 − exp(−e^η).
    Cloglog,
    /// Gumbel, maximum, P(Y ≤ k) = exp(−e^(−η)).
    Loglog,
    /// Cauchy.
    Cauchit,
}

impl CumulativeLink {
    /// The link as binary responses have it.
    #[must_use]
    pub fn link(self) -> &'static dyn Link {
        match self {
            Self::Logit => &Logit,
            Self::Probit => &Probit,
            Self::Cloglog => &Cloglog,
            Self::Loglog => &Loglog,
            Self::Cauchit => &Cauchit,
        }
    }
}

impl FromStr for CumulativeLink {
    type Err = Error;

    /// `logit`, `probit`, `cloglog`, `loglog` or `cauchit`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let all = [Self::Logit, Self::Probit, Self::Cloglog, Self::Loglog, Self::Cauchit];
        all.into_iter().find(|link| link.link().name() == name).ok_or_else(|| Error::UnknownName {
            kind: "cumulative link",
            name: name.to_owned(),
            known: all.map(|link| link.link().name()).join(", "),
        })
    }
}

/// k ordered classes with k − 1 increasing cut points η: `P(y ≤ c) = F(η_c)`, so
/// `μ_c = F(η_c) − F(η_(c−1))` with −∞ and ∞ at the ends; y is the class number 0, 1, …, k − 1.
///
/// The loss is `−ln μ_y`, where the difference is never formed: ln μ has a closed form for each link, or a series where
/// the cut points are close, and relative error below 1e-13 in both tails. Cut points that do not increase have an
/// infinite loss. Observed curvature is the Hessian of the loss; the expected one is its mean over y.
///
/// ```
/// use glm_core::{Cumulative, CumulativeLink, Response};
/// let grades = Cumulative::new(3, CumulativeLink::Logit)?;
/// let mut mu = [0.0; 3];
/// grades.mean(&[-700.0, 0.0], &mut mu);
/// assert!(mu[0] > 0.0 && (mu[1] - 0.5).abs() < 1e-15 && mu[2] == 0.5);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cumulative {
    classes: usize,
    link: CumulativeLink,
}

impl Cumulative {
    /// k ordered classes.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] for fewer than two classes.
    pub fn new(classes: usize, link: CumulativeLink) -> Result<Self, Error> {
        check_number_of_classes("cumulative response", classes)?;
        Ok(Self { classes, link })
    }

    /// k.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The link.
    #[must_use]
    pub fn cumulative_link(&self) -> CumulativeLink {
        self.link
    }

    /// The cut points η of class shares, which need not sum to one.
    #[must_use]
    pub fn cut_points(&self, shares: &[f64]) -> Vec<f64> {
        let total: f64 = shares.iter().sum();
        let cut = |class: usize| {
            let (mu, complement) = (shares[..class].iter().sum::<f64>(), shares[class..].iter().sum::<f64>());
            self.link.link().eta(Mean { mu: mu / total, complement: complement / total })
        };
        (1..self.classes).map(cut).collect()
    }

    /// The differences of cut points that may rise for ever where y is this class, as long as all cut points increase: the
    /// upper end of its interval upward, the lower end downward.
    ///
    /// For every link, because F increases from 0 to 1; that of the cauchit need not be log-concave for that. It is no
    /// [`Response::rises`] beyond two classes: cut points that y is not next to do not change the loss at all, until they
    /// cross. In a model whose classes all have rows, and where all rows share their distances, they are next to some y.
    #[must_use]
    pub fn cut_rises(&self, class: usize) -> Vec<Rise> {
        let lower = class.checked_sub(1).map(|cut| Rise { up: None, down: Some(cut) });
        let upper = Some(Rise { up: Some(class), down: None }).filter(|_| class + 1 < self.classes);
        lower.into_iter().chain(upper).collect()
    }

    /// ln μ of a class at a row of a block of `m` rows; `None` where the cut points do not increase.
    fn class_at(&self, class: usize, eta: &[f64], row: usize, m: usize) -> Between {
        let a = if class == 0 { f64::NEG_INFINITY } else { eta[(class - 1) * m + row] };
        let b = if class + 1 == self.classes { f64::INFINITY } else { eta[class * m + row] };
        self.link.between(a, b)
    }

    fn increasing(&self, eta: &[f64], row: usize, m: usize) -> bool {
        (1..self.classes - 1).all(|cut| eta[(cut - 1) * m + row] < eta[cut * m + row])
    }

    /// Adds `share` times the outer product of a class's slope, or its Hessian, to a row's curvature.
    fn add_curvature(&self, class: usize, [aa, ab, bb]: [f64; 3], (row, m): (usize, usize), curvature: &mut [f64]) {
        let q = self.classes - 1;
        // The lower triangle, column by column: column c begins at c q − c (c − 1)/2.
        let column = |cut: usize| cut * q - cut * cut.saturating_sub(1) / 2;
        if class > 0 {
            curvature[column(class - 1) * m + row] += aa;
        }
        if class < q {
            curvature[column(class) * m + row] += bb;
        }
        if class > 0 && class < q {
            curvature[(column(class - 1) + 1) * m + row] += ab;
        }
    }

    fn derivatives(&self, class: usize, eta: &[f64], (row, m): (usize, usize), order: Order, out: &mut Units<'_>) {
        let q = self.classes - 1;
        let own = self.class_at(class, eta, row, m);
        for cut in 0..q {
            out.slope[cut * m + row] = match cut {
                _ if cut + 1 == class => -own.d1[0],
                _ if cut == class => -own.d1[1],
                _ => 0.0,
            };
        }
        if order == Order::Gradient {
            return;
        }
        out.curvature.iter_mut().skip(row).step_by(m).take(q * (q + 1) / 2).for_each(|entry| *entry = 0.0);
        if order == Order::Observed {
            return self.add_curvature(class, own.d2.map(|d2| -d2), (row, m), out.curvature);
        }
        for class in 0..self.classes {
            let Between { ln, d1: [a, b], .. } = self.class_at(class, eta, row, m);
            let share = ln.exp();
            // A class without probability counts for nothing, however steep its logarithm.
            if share > 0.0 {
                let outer = [share * a * a, share * a * b, share * b * b];
                self.add_curvature(class, outer, (row, m), out.curvature);
            }
        }
    }
}

impl Response for Cumulative {
    fn units(&self, y: &[f64], eta: &[f64], order: Order, mut out: Units<'_>) {
        let m = y.len();
        for (row, y) in y.iter().enumerate() {
            let Some(class) = class_number(*y, self.classes).filter(|_| self.increasing(eta, row, m)) else {
                out.loss[row] = f64::INFINITY;
                continue;
            };
            out.loss[row] = -self.class_at(class, eta, row, m).ln;
            if order >= Order::Gradient {
                self.derivatives(class, eta, (row, m), order, &mut out);
            }
        }
    }

    /// NaN where the cut points do not increase.
    fn mean(&self, eta: &[f64], mu: &mut [f64]) {
        let m = mu.len() / self.classes;
        for row in 0..m {
            let increasing = self.increasing(eta, row, m);
            for class in 0..self.classes {
                mu[class * m + row] = if increasing { self.class_at(class, eta, row, m).ln.exp() } else { f64::NAN };
            }
        }
    }

    /// The cut points of the class shares, each class given half an observation more so that all are finite.
    fn start(&self, y: &[f64], weights: &[f64], eta: &mut [f64]) {
        let m = y.len();
        let cuts = self.cut_points(&smoothed_shares(y, weights, self.classes));
        for (column, cut) in eta.chunks_exact_mut(m).zip(cuts) {
            column.fill(cut);
        }
    }

    /// `cumulative(k, logit)`.
    fn name(&self) -> String {
        format!("cumulative({}, {})", self.classes, self.link.link().name())
    }

    fn n_predictors(&self) -> usize {
        self.classes - 1
    }

    fn n_means(&self) -> usize {
        self.classes
    }

    fn is_categorical(&self) -> bool {
        true
    }

    /// Known for two classes; see [`Cumulative::cut_rises`].
    fn recession(&self, y: f64) -> Option<Recession> {
        let class = class_number(y, self.classes).filter(|_| self.classes == 2)?;
        Some(if class == 0 { Recession::Upward } else { Recession::Downward })
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
