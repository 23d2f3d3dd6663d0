//! What the columns of a file are, where guessing is not enough.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{Column, Contrasts, Error, Frame};

/// The types of columns by name; a column that is not named is inferred.
///
/// ```
/// use glm_frame::{ColumnType, Schema};
/// let schema = Schema::from_json(r#"{ "columns": {
///     "age": { "type": "number" },
///     "dose": { "type": "ordered", "levels": ["low", "high"], "contrasts": "treatment" } } }"#)?;
/// assert_eq!(schema.columns["age"], ColumnType::Number {});
/// # Ok::<(), glm_frame::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// By name.
    pub columns: BTreeMap<String, ColumnType>,
}

/// The type of a column.
///
/// Levels are texts, exactly as in the data, and their order is kept; without them the levels are those of the data,
/// sorted: as numbers if all of them are numbers, else by their bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum ColumnType {
    /// Numbers.
    Number {},
    /// Levels whose order means nothing.
    Category {
        /// All levels, if they are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        levels: Option<Vec<String>>,
        /// The contrasts, if they are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contrasts: Option<Contrasts>,
    },
    /// Levels in an order that means something.
    Ordered {
        /// All levels, if they are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        levels: Option<Vec<String>>,
        /// The contrasts, if they are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contrasts: Option<Contrasts>,
    },
}

impl ColumnType {
    /// The levels, if they are given.
    #[must_use]
    pub fn levels(&self) -> Option<&[String]> {
        match self {
            Self::Number {} => None,
            Self::Category { levels, .. } | Self::Ordered { levels, .. } => levels.as_deref(),
        }
    }

    /// The type of a column that is read already, with its levels.
    #[must_use]
    pub fn of(column: &Column) -> Self {
        match column {
            Column::Numbers(_) => Self::Number {},
            Column::Categories(factor) => {
                let (levels, contrasts) = (Some(factor.levels.clone()), factor.contrasts);
                match factor.ordered {
                    true => Self::Ordered { levels, contrasts },
                    false => Self::Category { levels, contrasts },
                }
            }
        }
    }
}

impl Schema {
    /// From the JSON of a file given with `--schema`.
    ///
    /// # Errors
    ///
    /// [`Error::Schema`] with the place in the JSON, and what [`Schema::validate`] finds.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let schema: Self = serde_json::from_str(json).map_err(|error| {
            let text = error.to_string();
            let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message).to_owned();
            Error::Schema { line: error.line(), column: error.column(), message }
        })?;
        schema.validate()?;
        Ok(schema)
    }

    /// The types of all columns of a frame, with their levels, to read further files alike.
    #[must_use]
    pub fn of(frame: &Frame) -> Self {
        let typed = |name: &str| Some((name.to_owned(), ColumnType::of(frame.column(name)?)));
        Self { columns: frame.names().filter_map(typed).collect() }
    }

    /// Whether each list of levels has some and names none twice.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyLevels`] and [`Error::DuplicateLevel`] with the column.
    pub fn validate(&self) -> Result<(), Error> {
        for (column, kind) in &self.columns {
            let Some(levels) = kind.levels() else { continue };
            if levels.is_empty() {
                return Err(Error::EmptyLevels { column: column.clone() });
            }
            let mut seen = HashSet::new();
            if let Some(level) = levels.iter().find(|level| !seen.insert(level.as_str())) {
                return Err(Error::DuplicateLevel { column: column.clone(), level: level.clone() });
            }
        }
        Ok(())
    }
}
