//! Limited-memory BFGS: curvature from the last few moves.

use std::collections::VecDeque;

use glm_core::{Expansion, Order, kernel};

use crate::descent::gradient::first_order_step;
use crate::{Descent, Direction, Factor, Step};

/// The two-loop recursion of Nocedal (Math. Comp. 35, 1980), begun from the information of the start, so that it does
/// not depend on the units of the columns or on how they are correlated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lbfgs {
    /// How many moves are remembered.
    pub memory: usize,
}

impl Descent for Lbfgs {
    fn begin(&self, start: &Factor) -> Box<dyn Direction> {
        Box::new(LbfgsDirection {
            memory: self.memory,
            start: start.clone(),
            last: None,
            moves: VecDeque::with_capacity(self.memory),
        })
    }
}

#[derive(Debug)]
struct LbfgsDirection {
    memory: usize,
    start: Factor,
    last: Option<(Vec<f64>, Vec<f64>)>,
    moves: VecDeque<Move>,
}

/// A move s, the change y of the gradient, and 1/sᵀy.
#[derive(Debug)]
struct Move {
    s: Vec<f64>,
    y: Vec<f64>,
    rho: f64,
}

impl LbfgsDirection {
    /// Remembers the last move, unless the curvature along it is not positive.
    fn remember(&mut self, params: &[f64], gradient: &[f64]) {
        if let Some((last_params, last_gradient)) = &self.last {
            let s: Vec<f64> = params.iter().zip(last_params).map(|(a, b)| a - b).collect();
            let y: Vec<f64> = gradient.iter().zip(last_gradient).map(|(a, b)| a - b).collect();
            let curvature = kernel::dot(&s, &y);
            if curvature > 1e-10 * (kernel::dot(&s, &s) * kernel::dot(&y, &y)).sqrt() {
                if self.moves.len() == self.memory {
                    self.moves.pop_front();
                }
                self.moves.push_back(Move { s, y, rho: 1.0 / curvature });
            }
        }
        self.last = Some((params.to_vec(), gradient.to_vec()));
    }

    /// H·v by the two loops; the initial H is γ·I⁻¹ with I the information of the start and γ from the last move.
    fn apply(&self, mut v: Vec<f64>) -> Vec<f64> {
        let mut alphas = Vec::with_capacity(self.moves.len());
        for Move { s, y, rho } in self.moves.iter().rev() {
            let alpha = rho * kernel::dot(s, &v);
            kernel::axpy(-alpha, y, &mut v);
            alphas.push(alpha);
        }
        let gamma = self.moves.back().map_or(1.0, |last| 1.0 / (last.rho * self.start.score_norm(&last.y).powi(2)));
        v = self.start.solve(&v);
        v.iter_mut().for_each(|v| *v *= gamma);
        for (Move { s, y, rho }, alpha) in self.moves.iter().zip(alphas.iter().rev()) {
            let beta = rho * kernel::dot(y, &v);
            kernel::axpy(alpha - beta, s, &mut v);
        }
        v
    }
}

impl Direction for LbfgsDirection {
    fn order(&self) -> Order {
        Order::Gradient
    }

    fn step(&mut self, params: &[f64], at: &Expansion) -> Option<Step> {
        let mut gradient = vec![0.0; params.len()];
        self.start.kept().iter().for_each(|j| gradient[*j] = at.gradient[*j]);
        self.remember(params, &gradient);
        let mut direction = self.apply(gradient.clone());
        direction.iter_mut().for_each(|value| *value = -*value);
        Some(first_order_step(&self.start, params, &gradient, direction))
    }

    fn forget(&mut self) -> bool {
        let anything = !self.moves.is_empty();
        self.moves.clear();
        self.last = None;
        anything
    }
}
