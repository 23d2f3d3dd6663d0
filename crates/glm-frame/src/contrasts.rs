//! Contrasts: the matrix that has a row for each level of a category and the columns that stand for it.

use crate::Contrasts;
use crate::basis::Poly;

impl Contrasts {
    /// The columns' values at the levels, levels × (levels − 1) and column-major; `base` is the reference level of
    /// treatment contrasts.
    ///
    /// Sum: column j is 1 at level j and −1 at the last. Helmert: column j is −1 at levels up to j and j at level j + 1,
    /// counted from one. Poly: polynomials in the level's number, orthonormal to 1e-15, of degree 1, 2, …, with a positive
    /// leading coefficient.
    pub(crate) fn matrix(self, levels: usize, base: usize) -> Vec<f64> {
        let columns = 0..levels.saturating_sub(1);
        #[expect(clippy::cast_precision_loss, reason = "levels are few")]
        let element = |level: usize, column: usize| match self {
            Self::Treatment => f64::from(u8::from(level == column + usize::from(column >= base))),
            Self::Sum if level + 1 == levels => -1.0,
            Self::Sum => f64::from(u8::from(level == column)),
            Self::Helmert if level <= column => -1.0,
            Self::Helmert if level == column + 1 => level as f64,
            Self::Helmert | Self::Poly => 0.0,
        };
        match self {
            Self::Poly => Poly::orthonormal(levels),
            _ => columns.flat_map(|column| (0..levels).map(move |level| element(level, column))).collect(),
        }
    }

    /// What R appends to the variable's name for each column.
    pub(crate) fn suffixes(self, levels: &[String], base: usize) -> Vec<String> {
        let columns = 1..levels.len();
        match self {
            Self::Treatment => {
                levels.iter().enumerate().filter(|(level, _)| *level != base).map(|(_, name)| name.clone()).collect()
            }
            Self::Sum | Self::Helmert => columns.map(|column| column.to_string()).collect(),
            Self::Poly => columns
                .map(|degree| match degree {
                    1 => ".L".to_owned(),
                    2 => ".Q".to_owned(),
                    3 => ".C".to_owned(),
                    _ => format!("^{degree}"),
                })
                .collect(),
        }
    }
}
