//! The columns of a design as a network reads them: without the intercept, standardised.

use glm_core::{Design, blocks};
use serde::{Deserialize, Serialize};

use crate::Error;

/// How columns are standardised: (x − centre)/scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Inputs {
    intercept: bool,
    centres: Vec<f64>,
    /// One where the column is constant.
    scales: Vec<f64>,
}

impl Inputs {
    /// The means and standard deviations (of n, not n − 1) of the columns of a design.
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    pub(super) fn learn(design: &dyn Design) -> Result<Self, Error> {
        let (intercept, n) = (design.has_intercept(), design.n_rows() as f64);
        let columns = columns(design, intercept);
        if columns.is_empty() {
            let message = "a network needs a column beside the intercept; add a term to the formula".to_owned();
            return Err(Error::Usage { message });
        }
        let centres: Vec<f64> = columns.iter().map(|column| column.iter().sum::<f64>() / n).collect();
        let deviation = |(column, centre): (&Vec<f64>, &f64)| {
            let variance = column.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / n;
            let varies = variance.sqrt() > 1e-12 * centre.abs();
            if varies { variance.sqrt() } else { 1.0 }
        };
        let scales = columns.iter().zip(&centres).map(deviation).collect();
        Ok(Self { intercept, centres, scales })
    }

    /// The number of columns.
    pub(super) fn width(&self) -> usize {
        self.centres.len()
    }

    /// The standardised columns of a design.
    pub(super) fn of(&self, design: &dyn Design) -> Result<Vec<Vec<f64>>, Error> {
        let mut columns = columns(design, self.intercept);
        if columns.len() != self.centres.len() || self.scales.len() != self.centres.len() {
            let what = "the model file is damaged: its network has other columns than its design".to_owned();
            return Err(Error::ModelFile { file: None, what });
        }
        for (column, (centre, scale)) in columns.iter_mut().zip(self.centres.iter().zip(&self.scales)) {
            column.iter_mut().for_each(|x| *x = (*x - centre) / scale);
        }
        Ok(columns)
    }
}

/// The columns of a design but the intercept.
pub(crate) fn columns(design: &dyn Design, intercept: bool) -> Vec<Vec<f64>> {
    let (n, p, first) = (design.n_rows(), design.n_cols(), usize::from(intercept));
    let mut columns = vec![vec![0.0; n]; p - first];
    let mut block = Vec::new();
    for rows in blocks(0..n) {
        block.resize(rows.len() * p, 0.0);
        design.dense(rows.clone(), &mut block);
        for (column, values) in columns.iter_mut().zip(block.chunks_exact(rows.len()).skip(first)) {
            column[rows.clone()].copy_from_slice(values);
        }
    }
    columns
}
