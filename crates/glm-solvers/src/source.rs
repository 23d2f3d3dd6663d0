//! Where the information that a step rests on comes from: from the point itself, or from an earlier one where that serves.
//!
//! Near the maximum the residual r = √(gᵀI⁻¹g) of a Newton step falls to about c r². A step in the information of a point
//! that was D away falls to 2 c D r: slower, but without XᵀWX a pass over the rows costs a fraction, the smaller the more
//! columns there are. The rate c is learnt from the run, and of all ways to the goal the cheapest is taken. Nothing rests on
//! a guess: a residual at its goal counts only in information from where it is, and one that falls slowly has it found
//! again.

use glm_core::Order;

use crate::descent::Step;

/// Where an information comes from, and what the run has learnt about its change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Source {
    /// The order at which it was found here; `Gradient` where it is that of an earlier point.
    pub(crate) order: Order,
    /// Which information it is, wherever it was found.
    pub(crate) information: Order,
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
        Self { order, information: order, distance: 0.0, before: None, rate: None, spread: 0.0 }
    }

    /// Whether it was found here, at this order.
    pub(crate) fn is_of(self, order: Order) -> bool {
        self.order == order
    }

    /// At the end of a run on a sample, one row of which stands for `ratio`: residuals there are smaller by its root.
    pub(crate) fn sampled(self, spread: f64, ratio: f64) -> Self {
        let rate = self.rate.map(|rate| rate / ratio.sqrt());
        Self { order: Order::Gradient, distance: 0.0, before: None, rate, spread, ..self }
    }

    /// Taken from a sample, where it is the expected one, by a method of this order: another one's rate says nothing.
    pub(crate) fn taken_by(self, order: Order) -> Self {
        Self { rate: self.rate.filter(|_| order == Order::Expected), ..self }
    }

    /// After it was found again.
    pub(crate) fn renewed(self, order: Order) -> Self {
        Self { order, information: order, distance: 0.0, spread: 0.0, ..self }
    }

    /// After a step of this residual to a point that was looked at in this order.
    pub(crate) fn after(self, residual: f64, order: Order) -> Self {
        let own = self.order >= Order::Expected;
        let rate = self.learnt(residual);
        let before = own.then_some(residual);
        match order < Order::Expected {
            true => Self { order, distance: self.distance + residual, before, rate, ..self },
            false => Self { order, information: order, distance: 0.0, before, rate, spread: 0.0 },
        }
    }

    /// The rate by what became of the residual before.
    fn learnt(self, residual: f64) -> Option<f64> {
        self.before.map(|before| residual / (before * before)).or(self.rate)
    }

    /// What to look for at the end of a full step: nothing but the gradient where a way to the goal that begins so costs
    /// less, and at the end what a run is judged by. XᵀWX costs `gram` passes without it.
    pub(crate) fn order_ahead(self, own: Order, step: &Step, goal: f64, gram: f64) -> Order {
        let Some(rate) = self.learnt(step.residual) else { return own };
        let ways = Ways { rate, spread: self.spread, goal: Self::SAFE * goal, gram };
        let ahead = ways.after(step.residual, self.distance, self.spread);
        match () {
            () if ahead.residual <= ways.goal => {
                if own == Order::Observed {
                    Order::Expected
                } else {
                    own
                }
            }
            () if ways.with_kept(ahead, LOOKS) < ways.with_own(ahead, LOOKS) => Order::Gradient,
            () => own,
        }
    }

    /// Whether this serves for a step from a point with about this residual.
    pub(crate) fn serves_at(self, residual: f64) -> bool {
        self.spread + self.rate.map_or(UNKNOWN, |rate| rate * residual) <= Self::SLOW
    }
}

/// Points to look at, at most, when ways to the goal are compared.
const LOOKS: usize = 7;
/// What the change of an information takes off a step when nothing is known about it.
const UNKNOWN: f64 = 0.15;

/// Ways to the goal: at every point either the information is found, or that of an earlier one is kept.
#[derive(Debug, Clone, Copy)]
struct Ways {
    /// c.
    rate: f64,
    /// How far the information at hand is from that of its point.
    spread: f64,
    goal: f64,
    /// The cost of XᵀWX, where that of the rest of a pass is one.
    gram: f64,
}

/// A point that has not been looked at: the residual to expect there, and how far back the information is.
#[derive(Debug, Clone, Copy)]
struct Ahead {
    residual: f64,
    distance: f64,
}

impl Ways {
    /// Where a step of this residual ends, in an information of so far back and so far off.
    fn after(self, residual: f64, distance: f64, spread: f64) -> Ahead {
        let share = spread + self.rate * (2.0 * distance + residual);
        Ahead { residual: share * residual, distance: distance + residual }
    }

    /// The least cost from here to the end, where the information is found in any case.
    fn cost(self, at: Ahead, looks: usize) -> f64 {
        match looks {
            _ if at.residual <= self.goal => 1.0 + self.gram,
            0 => f64::INFINITY,
            _ => self.with_own(at, looks).min(self.with_kept(at, looks)),
        }
    }

    /// The same where the information is found here.
    fn with_own(self, at: Ahead, looks: usize) -> f64 {
        1.0 + self.gram + Self { spread: 0.0, ..self }.cost(self.after(at.residual, 0.0, 0.0), looks - 1)
    }

    /// The same where it is not, as long as it serves.
    fn with_kept(self, at: Ahead, looks: usize) -> f64 {
        let next = self.after(at.residual, at.distance, self.spread);
        match next.residual <= Source::SLOW * at.residual {
            true => 1.0 + self.cost(next, looks - 1),
            false => f64::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(residual: f64) -> Step {
        Step { direction: vec![], decrease: 0.0, residual, size: 0.0 }
    }

    #[test]
    fn the_dearer_the_information_the_longer_it_is_kept() {
        let source = Source { rate: Some(5e-4), ..Source::new(Order::Expected) };
        let order = |residual: f64, gram: f64| source.order_ahead(Order::Expected, &step(residual), 1e-8, gram);
        // 5e-4, then 1e-10, both with an information; or 5e-4 and 5e-7 without, then 5e-10 with one.
        assert_eq!((order(1.0, 0.5), order(1.0, 10.0)), (Order::Expected, Order::Gradient));
        // The next point is the last one.
        assert_eq!((order(1e-4, 0.5), order(1e-4, 10.0)), (Order::Expected, Order::Expected));
        assert_eq!(source.order_ahead(Order::Observed, &step(1e-4), 1e-9, 1.0), Order::Expected);
        // Nothing is known.
        assert_eq!(Source::new(Order::Expected).order_ahead(Order::Expected, &step(1.0), 1e-9, 10.0), Order::Expected);
    }

    #[test]
    fn an_information_that_is_far_off_is_not_kept() {
        let far = Source { rate: Some(5e-4), spread: 0.3, ..Source::new(Order::Gradient) };
        assert_eq!(far.order_ahead(Order::Expected, &step(1.0), 1e-9, 100.0), Order::Expected);
        assert!(!far.serves_at(1.0));
        let near = Source { spread: 0.1, ..far };
        assert_eq!(near.order_ahead(Order::Expected, &step(50.0), 1e-9, 100.0), Order::Gradient);
        assert!(near.serves_at(50.0) && !near.serves_at(500.0));
    }
}
