//! A loss, its gradient and its curvature at a point; they add over rows.

use crate::rows::Merge;
use crate::{Design, Gram, GramLayout, Order, Pearson, Root};

/// The loss and its derivatives in the parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion {
    /// Half the deviance, weighted and summed over rows.
    pub loss: f64,
    /// What a search compares; the loss, unless the estimate does not minimise one (adjusted scores).
    pub merit: f64,
    /// ∂loss/∂params.
    pub gradient: Vec<f64>,
    /// Curvature in the parameters.
    pub information: Information,
    /// The Pearson residuals at this point, where one predictor's expected curvature was asked for.
    pub pearson: Option<Pearson>,
}

/// Curvature in the parameters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Information {
    /// None was asked for.
    None,
    /// The matrix itself, expected or observed.
    Gram(Gram),
    /// A triangular root of the expected information.
    Root(Root),
}

impl Information {
    /// Zero, in the form that `order` asks for.
    #[must_use]
    pub fn zeros(order: Order, n: usize) -> Self {
        match order {
            Order::Loss | Order::Gradient => Self::None,
            Order::Expected | Order::Observed => Self::Gram(Gram::zeros(n)),
            Order::Root => Self::Root(Root::zeros(n)),
        }
    }

    /// Adds another sum of the same form.
    ///
    /// # Panics
    ///
    /// When the forms differ.
    pub fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::None, Self::None) => {}
            (Self::Gram(a), Self::Gram(b)) => a.merge(b),
            (Self::Root(a), Self::Root(b)) => a.merge(b),
            _ => panic!("information of different forms cannot be merged"),
        }
    }

    /// Multiplies with a positive number.
    pub fn scale(&mut self, factor: f64) {
        match self {
            Self::None => {}
            Self::Gram(gram) => gram.scale(factor),
            Self::Root(root) => root.scale(factor.sqrt()),
        }
    }

    /// Adds `ridge` ≥ 0 to the diagonal.
    pub fn add_diagonal(&mut self, ridge: &[f64]) {
        match self {
            Self::None => {}
            Self::Gram(gram) => gram.add_diagonal(ridge),
            Self::Root(root) => root.add_diagonal(ridge),
        }
    }
}

impl Expansion {
    /// Zero, ready to be added to.
    #[must_use]
    pub fn zeros(order: Order, n: usize) -> Self {
        let gradient = if order >= Order::Gradient { vec![0.0; n] } else { Vec::new() };
        let pearson = matches!(order, Order::Expected | Order::Root).then_some(Pearson::NONE);
        Self { loss: 0.0, merit: 0.0, gradient, information: Information::zeros(order, n), pearson }
    }

    /// Zero for a design and so many linear predictors, the Gram of one of them laid out as the design asks for.
    #[must_use]
    pub fn of_design(order: Order, design: &dyn Design, n_predictors: usize) -> Self {
        let n = design.n_cols() * n_predictors;
        match (order, design.gram_layout()) {
            (Order::Expected | Order::Observed, layout @ GramLayout::Exclusive(_)) if n_predictors == 1 => {
                let information = Information::Gram(Gram::with_layout(n, &layout));
                let pearson = (order == Order::Expected).then_some(Pearson::NONE);
                Self { information, pearson, ..Self::zeros(Order::Gradient, n) }
            }
            _ => Self::zeros(order, n),
        }
    }

    /// Whether the loss and every element of the gradient are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.loss.is_finite() && self.merit.is_finite() && self.gradient.iter().all(|value| value.is_finite())
    }
}

impl Merge for Expansion {
    fn merge(&mut self, other: Self) {
        self.loss += other.loss;
        self.merit += other.merit;
        for (a, b) in self.gradient.iter_mut().zip(&other.gradient) {
            *a += b;
        }
        self.information.merge(&other.information);
        self.pearson = self.pearson.zip(other.pearson).map(|(mut a, b)| {
            a.merge(b);
            a
        });
    }
}
