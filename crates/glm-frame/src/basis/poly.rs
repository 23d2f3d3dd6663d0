//! Orthogonal polynomials on the values of a column, by their three-term recurrence.
//!
//! p₀ = 1, p₁ = x − α₁, pₖ₊₁ = (x − αₖ₊₁) pₖ − (‖pₖ‖² / ‖pₖ₋₁‖²) pₖ₋₁ with αₖ₊₁ = Σ x pₖ² / ‖pₖ‖² are monic and orthogonal on
//! the values (Stieltjes); column k is pₖ / ‖pₖ‖. These are the columns, signs and norms of R's `poly`.

use serde::{Deserialize, Serialize};

use super::{mean, sum};

/// The coefficients of the recurrence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Poly {
    /// α₁, …, α of the highest degree.
    alpha: Vec<f64>,
    /// ‖p₀‖², …, ‖p‖² of the highest degree.
    norm2: Vec<f64>,
}

impl Poly {
    /// Learns polynomials up to a degree, which must be less than the number of distinct values.
    pub(crate) fn learn(x: &[f64], degree: usize) -> Self {
        // About the mean, so that values far from zero lose nothing.
        let center = mean(x);
        let x: Vec<f64> = x.iter().map(|x| x - center).collect();
        let (mut alpha, mut norm2) = (Vec::new(), Vec::new());
        let (mut before, mut p) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        for k in 0..=degree {
            norm2.push(sum(p.iter().map(|p| p * p)));
            if k < degree {
                let shift = sum(x.iter().zip(&p).map(|(x, p)| x * p * p)) / norm2[k];
                let ratio = if k == 0 { 0.0 } else { norm2[k] / norm2[k - 1] };
                let next =
                    x.iter().zip(&p).zip(&before).map(|((x, p), before)| (x - shift) * p - ratio * before).collect();
                before = std::mem::replace(&mut p, next);
                alpha.push(center + shift);
            }
        }
        Self { alpha, norm2 }
    }

    pub(crate) fn degree(&self) -> usize {
        self.alpha.len()
    }

    pub(crate) fn columns(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let mut columns: Vec<Vec<f64>> = Vec::with_capacity(self.degree());
        let (mut before, mut p) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        for k in 0..self.degree() {
            let ratio = if k == 0 { 0.0 } else { self.norm2[k] / self.norm2[k - 1] };
            let shift = self.alpha[k];
            let next = x.iter().zip(&p).zip(&before).map(|((x, p), before)| (x - shift) * p - ratio * before).collect();
            before = std::mem::replace(&mut p, next);
            let norm = self.norm2[k + 1].sqrt();
            columns.push(p.iter().map(|p| p / norm).collect());
        }
        columns
    }

    pub(crate) fn is_sound(&self) -> bool {
        let finite = self.alpha.iter().chain(&self.norm2).all(|value| value.is_finite());
        finite
            && !self.alpha.is_empty()
            && self.norm2.len() == self.alpha.len() + 1
            && self.norm2.iter().all(|n| *n > 0.0)
    }

    /// Orthonormal polynomials of all degrees from 1 on 1, …, n, column-major: each is x times the one before, made
    /// orthogonal to all before twice.
    #[expect(clippy::cast_precision_loss, reason = "levels are few")]
    pub(crate) fn orthonormal(n: usize) -> Vec<f64> {
        let center = (n as f64 - 1.0) / 2.0;
        let mut columns: Vec<Vec<f64>> = vec![vec![1.0 / (n as f64).sqrt(); n]];
        for _ in 1..n {
            let last = &columns[columns.len() - 1];
            let mut p: Vec<f64> = last.iter().enumerate().map(|(i, p)| (i as f64 - center) * p).collect();
            for before in columns.iter().chain(&columns) {
                let dot = sum(p.iter().zip(before).map(|(a, b)| a * b));
                p.iter_mut().zip(before).for_each(|(p, b)| *p -= dot * b);
            }
            let norm = sum(p.iter().map(|p| p * p)).sqrt();
            p.iter_mut().for_each(|p| *p /= norm);
            columns.push(p);
        }
        columns.into_iter().skip(1).flatten().collect()
    }
}
