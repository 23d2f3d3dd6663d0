//! How well the columns of a factor can be told apart.

use glm_core::kernel;

use super::Factor;

/// Steps of a power iteration.
const POWER_STEPS: usize = 20;

impl Factor {
    /// The condition number of R, so of the weighted design with unit columns: in the 1-norm, or where R begins with unit
    /// columns in the 2-norm, because in the 1-norm it depends on the order of the columns.
    #[must_use]
    pub fn condition(&self) -> f64 {
        if self.units > 0 { self.spectral_condition() } else { self.condition_by(&self.inverse_root()) }
    }

    pub(super) fn condition_by(&self, inverse: &[f64]) -> f64 {
        let k = self.order.len();
        let norm = |matrix: &[f64]| {
            matrix.chunks_exact(k).map(|column| column.iter().map(|v| v.abs()).sum::<f64>()).fold(0.0, f64::max)
        };
        match k {
            0 => 1.0,
            _ if self.units > 0 => self.spectral_condition(),
            _ => norm(&self.r) * norm(inverse),
        }
    }

    /// The ratio of the singular values, by power iteration with RᵀR and its inverse: a lower bound, mostly within a few
    /// per cent.
    fn spectral_condition(&self) -> f64 {
        let forwards = |z: &mut Vec<f64>| {
            *z = self.times(z);
            let norm = kernel::dot(z, z).sqrt();
            let product: Vec<f64> = (0..z.len())
                .map(|j| if j < self.units { z[j] } else { kernel::dot(self.column(j), &z[..=j]) })
                .collect();
            *z = product;
            norm
        };
        let backwards = |z: &mut Vec<f64>| {
            self.solve_lower(z);
            let norm = kernel::dot(z, z).sqrt();
            self.solve_upper(z);
            norm
        };
        largest_singular(self.order.len(), forwards) * largest_singular(self.order.len(), backwards)
    }
}

/// The largest singular value of A, where `apply` turns z into `AᵀAz` and returns |Az|.
fn largest_singular(n: usize, mut apply: impl FnMut(&mut Vec<f64>) -> f64) -> f64 {
    // Any vector that is orthogonal to no singular one.
    let mut z: Vec<f64> = (0..n).map(|j| 1.5 + (j as f64).sin()).collect();
    let mut found = 0.0;
    for _ in 0..POWER_STEPS {
        let norm = kernel::dot(&z, &z).sqrt();
        z.iter_mut().for_each(|z| *z /= norm);
        found = apply(&mut z);
    }
    found
}
