//! The entry for who has a matrix and no formula.

use glm_frame::{Column, Frame};

use crate::{Error, Model, ModelSpec};

impl ModelSpec {
    /// Fits to columns of numbers and their names.
    ///
    /// The columns make a table together with the response, which is called `y`. An empty formula means all columns but
    /// those that the specification names for something else: weights, trials, offset, exposure. A name may be any text.
    ///
    /// ```
    /// use glm_model::ModelSpec;
    /// let (dose, weeks) = ([1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 2.0, 4.0, 4.0, 5.0]);
    /// let spec = ModelSpec::new("").family("poisson").exposure("weeks");
    /// let model = spec.fit_matrix(&["dose in mg", "weeks"], &[&dose, &weeks], &[3.0, 5.0, 14.0, 20.0, 37.0])?;
    /// assert_eq!(model.summary().formula, "y ~ `dose in mg`");
    /// assert_eq!(model.summary().coefficients[1].term, "`dose in mg`");
    /// # Ok::<(), glm_model::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); [`Error::Usage`] for another number of names than of columns.
    pub fn fit_matrix(&self, names: &[&str], columns: &[&[f64]], y: &[f64]) -> Result<Model, Error> {
        if names.len() != columns.len() {
            let message = format!("{} names for {} columns; name each column once", names.len(), columns.len());
            return Err(Error::Usage { message });
        }
        let numbers = |values: &[f64]| Column::Numbers(values.to_vec());
        let mut table = vec![("y".to_owned(), numbers(y))];
        table.extend(names.iter().zip(columns).map(|(name, values)| ((*name).to_owned(), numbers(values))));
        let spec = match self.formula.trim().is_empty() {
            true => Self { formula: self.all_columns(names), ..self.clone() },
            false => self.clone(),
        };
        spec.fit(&Frame::new(table)?)
    }

    /// `y ~ a + b` of these columns.
    fn all_columns(&self, names: &[&str]) -> String {
        let is_predictor = |name: &&&str| !self.further_columns().any(|other| other == **name);
        let terms: Vec<String> = names.iter().filter(is_predictor).map(|name| quoted(name)).collect();
        if terms.is_empty() { "y ~ 1".to_owned() } else { format!("y ~ {}", terms.join(" + ")) }
    }
}

/// In backticks, unless it is a plain name.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_plain = name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_plain && !["TRUE", "FALSE"].contains(&name) {
        return name.to_owned();
    }
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_any_text() {
        let x = [[1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 2.0]];
        let names = ["a`b", "TRUE", "c\\d\n"];
        let model = ModelSpec::new("").fit_matrix(&names, &[&x[0], &x[1], &x[2]], &[1.0, 3.0, 2.0, 5.0]).unwrap();
        let inputs: Vec<String> = model.inputs().into_iter().map(|input| input.name).collect();
        assert_eq!(inputs, names);
    }
}
