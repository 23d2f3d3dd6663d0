//! A pass in parallel: rows are cut into a fixed number of lanes, whose sums are merged as a balanced tree, so that the
//! result is the same on any number of threads.

use glm_core::for_each_part;

use crate::Storage;
use crate::pass::{Lane, Plan, Task, Wanted};
use crate::top::Total;

/// Lanes that many rows are cut into, whatever the number of threads.
const LANES: usize = 8;

/// Rows that a lane must have.
const LANE_ROWS: usize = 128;

/// How many lanes so many rows are cut into.
pub(crate) fn lane_count(rows: usize) -> usize {
    if rows >= LANES * LANE_ROWS { LANES } else { 1 }
}

/// Buffers for all lanes.
#[derive(Debug)]
pub(crate) struct Lanes<S>(Vec<Lane<S>>);

impl<S: Storage> Lanes<S> {
    /// Buffers for passes over at most `rows` rows.
    pub(crate) fn new(plan: &Plan<'_, S>, rows: usize) -> Self {
        Self((0..lane_count(rows)).map(|_| Lane::new(plan, rows)).collect())
    }

    /// Goes over the rows; the sums are in [`total`](Total) and [`gradient`](Self::gradient).
    pub(crate) fn pass(&mut self, plan: &Plan<'_, S>, task: &Task<'_, S>) -> Total {
        let count = lane_count(task.rows.len());
        let lanes = &mut self.0[..count];
        for_each_part(lanes, &|index, lane| {
            let (first, rows) = task.rows.lane(index, count);
            lane.run(plan, &Task { rows, ..task.clone() }, first);
        });
        merge(lanes, task.wanted >= Wanted::Gradient)
    }

    /// The gradient of the last pass, to be used up.
    pub(crate) fn gradient(&mut self) -> &mut [S] {
        &mut self.0[0].gradient
    }
}

/// Adds the later lanes' sums to the first's.
fn merge<S: Storage>(lanes: &mut [Lane<S>], gradients: bool) -> Total {
    let mut distance = 1;
    while distance < lanes.len() {
        for pair in lanes.chunks_mut(2 * distance) {
            let Some(([left, ..], [right, ..])) = pair.split_at_mut_checked(distance) else { continue };
            left.total.loss += right.total.loss;
            left.total.weight += right.total.weight;
            if gradients {
                for (a, b) in left.gradient.iter_mut().zip(&right.gradient) {
                    *a += *b;
                }
            }
        }
        distance *= 2;
    }
    lanes[0].total
}
