//! Where the information that a step rests on comes from: from the point itself, or from an earlier one where that serves.
//!
//! Near the maximum the residual r = √(gᵀI⁻¹g) of a Newton step falls to about c r². A step in the information of a point
//! that was D away falls to 2 c D r: slower, but without XᵀWX a pass over the rows costs a fraction. The rate c is learnt
//! from the run. Nothing rests on a guess: a residual at its goal counts only in information from where it is, and one
//! that falls slowly has it found again.

use glm_core::Order;

use crate::descent::Step;

/// Where an information comes from, and what the run has learnt about its change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Source {
    /// The order at which it was found here; `Gradient` where it is that of an earlier point.
    pub(crate) order: Order,
    /// The length of the steps since it was found, in its metric.
    distance: f64,
    /// The residual before the last step, where its information was found there.
    before: Option<f64>,
    /// c.
    rate: Option<f64>,
    /// How far it is from that of its point, as one of a sample is by chance.
    spread: f64,
}

impl Source {
    /// A kept information serves while it brings the residual down to this share.
    pub(crate) const SLOW: f64 = 0.25;
    /// The share of the goal that a guess should reach.
    const SAFE: f64 = 0.5;

    /// Found here.
    pub(crate) fn new(order: Order) -> Self {
        Self { order, distance: 0.0, before: None, rate: None, spread: 0.0 }
    }

    /// Whether it was found here, at this order.
    pub(crate) fn is_of(self, order: Order) -> bool {
        self.order == order
    }

    /// At the end of a run on a sample, one row of which stands for `ratio`: residuals there are smaller by its root.
    pub(crate) fn sampled(self, spread: f64, ratio: f64) -> Self {
        let rate = self.rate.map(|rate| rate / ratio.sqrt());
        Self { order: Order::Gradient, distance: 0.0, before: None, rate, spread }
    }

    /// After it was found again.
    pub(crate) fn renewed(self, order: Order) -> Self {
        Self { order, distance: 0.0, spread: 0.0, ..self }
    }

    /// After a step of this residual to a point that was looked at in this order.
    pub(crate) fn after(self, residual: f64, order: Order) -> Self {
        let own = self.order >= Order::Expected;
        let rate = self.learnt(residual);
        let before = own.then_some(residual);
        match order < Order::Expected {
            true => Self { order, distance: self.distance + residual, before, rate, ..self },
            false => Self { order, distance: 0.0, before, rate, spread: 0.0 },
        }
    }

    /// The rate by what became of the residual before.
    fn learnt(self, residual: f64) -> Option<f64> {
        self.before.map(|before| residual / (before * before)).or(self.rate)
    }

    /// What to look for at the end of a full step: nothing but the gradient where the information at hand leads to the goal
    /// as soon as one of its own would, and at the end what a run is judged by.
    pub(crate) fn order_ahead(self, own: Order, step: &Step, goal: f64) -> Order {
        let (near, far) = (step.residual, self.distance);
        let Some(rate) = self.learnt(near) else { return own };
        let ahead = (self.spread + rate * (2.0 * far + near)) * near;
        if ahead <= Self::SAFE * goal {
            return if own == Order::Observed { Order::Expected } else { own };
        }
        let kept = (self.spread + 2.0 * rate * (far + near)) * ahead;
        if kept <= Self::SAFE * goal { Order::Gradient } else { own }
    }
}
