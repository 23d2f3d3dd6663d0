//! A factor: one of a few levels for each row, and the columns that stand for its levels.

use crate::Error;
use crate::error::{check_finite, check_length};

/// In place of a column: the row is in none.
pub(super) const NONE: u32 = u32::MAX;

/// Codes 0, 1, …, levels − 1, borrowed, one for each row, and how levels become columns.
///
/// ```
/// use glm_core::{Categories, Design, Mixed};
/// let colour = [2, 0, 1, 0];
/// let colour = Categories::treatment(&colour, 3)?; // the first level has no column
/// let mut x = [0.0; 8];
/// Mixed::new(4).term(&colour)?.dense(0..4, &mut x);
/// assert_eq!(x, [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Categories<'a> {
    codes: &'a [u32],
    coding: Coding,
}

#[derive(Debug, Clone, PartialEq)]
enum Coding {
    /// A column for each level but one, or for each.
    Indicators { levels: usize, reference: Option<usize> },
    /// Levels × columns, column-major.
    Contrasts { n_cols: usize, levels: usize, values: Vec<f64> },
}

impl<'a> Categories<'a> {
    /// A column of zeros and ones for each level but the first: R's `contr.treatment`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLevel`].
    pub fn treatment(codes: &'a [u32], levels: usize) -> Result<Self, Error> {
        Self::treatment_against(codes, levels, 0)
    }

    /// A column of zeros and ones for each level but the reference.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLevel`]; [`Error::InvalidParameter`] for a reference that is not a level.
    pub fn treatment_against(codes: &'a [u32], levels: usize, reference: usize) -> Result<Self, Error> {
        if reference >= levels {
            let (of, parameter, allowed) = ("treatment coding", "reference", "a level");
            #[expect(clippy::cast_precision_loss, reason = "the value is only shown")]
            return Err(Error::InvalidParameter { of, parameter, value: reference as f64, allowed });
        }
        Self::new(codes, Coding::Indicators { levels, reference: Some(reference) })
    }

    /// A column of zeros and ones for each level. With an intercept the columns are not independent.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLevel`].
    pub fn full(codes: &'a [u32], levels: usize) -> Result<Self, Error> {
        Self::new(codes, Coding::Indicators { levels, reference: None })
    }

    /// Columns that have at level l the elements of row l of a contrast matrix: `contrasts` is levels × columns,
    /// column-major, as of Helmert, sum and polynomial contrasts. Rows of such a factor are written out block by block,
    /// so that it costs the time, though not the memory, of as many columns of numbers.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLevel`]; [`Error::LengthMismatch`] unless each column has `levels` elements;
    /// [`Error::NotFinite`] with level and column.
    pub fn with_contrasts(codes: &'a [u32], levels: usize, contrasts: &[f64]) -> Result<Self, Error> {
        let n_cols = contrasts.len().checked_div(levels).unwrap_or(0);
        check_length("contrasts", n_cols * levels, contrasts.len())?;
        for (j, column) in contrasts.chunks_exact(levels.max(1)).enumerate() {
            check_finite("contrasts", column, Some(j))?;
        }
        Self::new(codes, Coding::Contrasts { n_cols, levels, values: contrasts.to_vec() })
    }

    fn new(codes: &'a [u32], coding: Coding) -> Result<Self, Error> {
        let categories = Self { codes, coding };
        let levels = categories.levels();
        match codes.iter().position(|code| *code as usize >= levels) {
            Some(row) => Err(Error::UnknownLevel { row, code: codes[row], levels }),
            None => Ok(categories),
        }
    }

    /// The number of levels.
    #[must_use]
    pub fn levels(&self) -> usize {
        match &self.coding {
            Coding::Indicators { levels, .. } | Coding::Contrasts { levels, .. } => *levels,
        }
    }

    /// The number of columns.
    #[must_use]
    pub fn n_cols(&self) -> usize {
        match &self.coding {
            Coding::Indicators { levels, reference } => levels - usize::from(reference.is_some()),
            Coding::Contrasts { n_cols, .. } => *n_cols,
        }
    }

    /// The codes.
    #[must_use]
    pub fn codes(&self) -> &'a [u32] {
        self.codes
    }

    /// Tells the column of a level, or [`NONE`], where a level has at most one and that is one there.
    pub(super) fn column_of(&self) -> Option<impl Fn(u32) -> u32 + use<>> {
        match &self.coding {
            Coding::Indicators { reference, .. } => {
                let reference = reference.and_then(|level| u32::try_from(level).ok()).unwrap_or(NONE);
                Some(
                    move |level: u32| {
                        if level == reference { NONE } else { level.wrapping_sub(u32::from(level > reference)) }
                    },
                )
            }
            Coding::Contrasts { .. } => None,
        }
    }

    /// The element of a column at a level.
    pub(super) fn element(&self, level: usize, column: usize) -> f64 {
        match &self.coding {
            Coding::Indicators { reference, .. } => {
                let shift = usize::from(reference.is_some_and(|reference| column >= reference));
                f64::from(u8::from(level == column + shift))
            }
            Coding::Contrasts { levels, values, .. } => values[column * levels + level],
        }
    }
}
