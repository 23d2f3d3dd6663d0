//! What the loop needs of a model, be it a problem of rows with their own predictors or one whose predictors share
//! their slopes.

use std::fmt;

use glm_core::{At, Expansion, GROUP, Order, Precision, Response};

use crate::Problem;
use crate::levels::Levels;

/// Rows from which on passes over them are what a fit costs.
const MANY_ROWS: usize = 4 * GROUP;

/// When an information found at one point may serve at the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Keeping {
    /// Not at all: a pass over the rows costs next to nothing.
    Never,
    /// Where that saves more than it costs, an information costing so many passes over the rows without one.
    WhereItPays(f64),
    /// Everywhere: it is the same.
    Always,
}

/// A model that the loop can fit: an [`Objective`](glm_core::Objective) that knows its precision and its scale.
pub(crate) trait Target: fmt::Debug {
    /// Loss, gradient and information at a place.
    fn expand_at(&self, at: At<'_>, order: Order, precision: Precision) -> Result<Expansion, glm_core::Error>;

    /// The response's name.
    fn response_name(&self) -> String;

    /// φ, where it need not be estimated.
    fn known_dispersion(&self) -> Option<f64>;

    /// Rows of positive weight, times the means of each that are free: one, or one less than there are classes.
    fn n_observations(&self) -> usize;

    /// Whether its information changes, and what it costs to find.
    fn keeping(&self) -> Keeping {
        Keeping::Never
    }

    /// The factors whose steps are better taken on the scale of the mean.
    fn levels(&self) -> Option<Levels> {
        None
    }
}

impl Target for Problem<'_> {
    fn expand_at(&self, at: At<'_>, order: Order, precision: Precision) -> Result<Expansion, glm_core::Error> {
        self.expand(at, order, precision)
    }

    fn response_name(&self) -> String {
        self.response().name()
    }

    fn known_dispersion(&self) -> Option<f64> {
        Problem::known_dispersion(self)
    }

    fn n_observations(&self) -> usize {
        self.n_used() * free_means(self.response())
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of predictors is far below 2^53")]
    fn keeping(&self) -> Keeping {
        match self.response().is_location() {
            true => Keeping::Always,
            // q predictors have q(q + 1)/2 informations to q gradients.
            false if is_large(self) => {
                let pairs = (self.response().n_predictors() + 1) as f64 / 2.0;
                Keeping::WhereItPays(pairs * self.design().gram_cost())
            }
            false => Keeping::Never,
        }
    }

    fn levels(&self) -> Option<Levels> {
        Levels::of(self).filter(|_| is_large(self))
    }
}

/// Means of a row that the others do not give: those of classes sum to one.
pub(crate) fn free_means(response: &dyn Response) -> usize {
    response.n_means() - usize::from(response.is_categorical())
}

/// Whether passes over the rows are what a fit costs.
pub(crate) fn is_large(problem: &Problem<'_>) -> bool {
    problem.y().len() >= MANY_ROWS
}
