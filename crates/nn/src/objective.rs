//! A network on data as an objective: what it shares with every other model that can be fitted.

use std::ops::Range;

use glm_core::{Error as CoreError, Expansion, Order};

use crate::pass::{Lane, Plan, Task, Wanted};
use crate::rows::Rows;
use crate::{Data, Network};

/// Half the deviance of a network on data, weighted and summed over rows, and its gradient by backpropagation; no
/// dropout and no penalty.
///
/// There is no curvature to be had: whatever order is asked for, the information is
/// [`Information::None`](glm_core::Information::None). With no hidden layer, loss and gradient equal those of
/// `glm_core::accumulate` bit for bit.
#[derive(Debug)]
pub struct NetworkObjective<'a> {
    plan: Plan<'a, f64>,
    data: &'a Data<'a>,
}

impl<'a> NetworkObjective<'a> {
    pub(crate) fn new(network: &'a Network, data: &'a Data<'a>) -> Self {
        Self { plan: Plan::new(network, Wanted::Gradient), data }
    }
}

impl glm_core::Objective for NetworkObjective<'_> {
    fn n_params(&self) -> usize {
        self.plan.n_params()
    }

    /// # Panics
    ///
    /// When the number of parameters is wrong.
    fn evaluate(&self, params: &[f64], order: Order, into: &mut Expansion) -> Result<(), CoreError> {
        assert_eq!(params.len(), self.plan.n_params(), "the number of parameters");
        let wanted = if order >= Order::Gradient { Wanted::Gradient } else { Wanted::Loss };
        let group = |rows: Range<usize>| {
            let mut lane = Lane::new(&self.plan, rows.len());
            lane.run(&self.plan, &Task { params, data: self.data, rows: Rows::Range(rows), wanted, noise: None }, 0);
            let mut expansion = Expansion::zeros(Order::Loss, 0);
            (expansion.loss, expansion.merit) = (lane.total.loss, lane.total.loss);
            if wanted == Wanted::Gradient {
                expansion.gradient = lane.gradient;
            }
            Ok::<_, CoreError>(expansion)
        };
        *into = glm_core::fold_rows(self.data.n_rows(), &group)?;
        Ok(())
    }
}
