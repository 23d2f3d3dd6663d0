//! R's formula language: `y ~ a * b + log(x) + offset(log(t))`.

mod expr;
mod fault;
mod parse;
mod terms;
mod token;

pub(crate) use expr::number;
pub use expr::{Argument, Expr, Kind};
pub use fault::Fault;
pub use terms::Terms;

use std::fmt;

/// A formula that was read, not yet expanded: what `.` stands for depends on the data.
///
/// ```
/// use glm_frame::Formula;
/// let formula = Formula::parse("log(y) ~ a*b - a + offset(log(t))")?;
/// let terms = formula.terms(&["y", "a", "b", "t"])?;
/// let labels: Vec<String> = terms.terms.iter().map(|term| terms.label(term)).collect();
/// assert_eq!(labels, ["b", "a:b"]);
/// assert_eq!(terms.columns(), ["y", "a", "b", "t"]);
/// let fault = Formula::parse("y ~ a + * b").unwrap_err();
/// assert!(fault.to_string().contains("  y ~ a + * b\n          ^"));
/// # Ok::<(), glm_frame::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    text: String,
    response: Option<Expr>,
    predictors: Expr,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that shows the place.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let (response, predictors) = parse::parse(text)?;
        Ok(Self { text: text.to_owned(), response, predictors })
    }

    /// The text as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The response, where there is one.
    #[must_use]
    pub fn response(&self) -> Option<&Expr> {
        self.response.as_ref()
    }

    /// The terms on data with these columns, which is what `.` needs.
    ///
    /// # Errors
    ///
    /// A [`Fault`] where an operator joins no terms, a number is no intercept, an offset is part of an interaction, or the
    /// response is a predictor.
    pub fn terms(&self, names: &[&str]) -> Result<Terms, Fault> {
        terms::terms(&self.text, self.response.as_ref(), &self.predictors, names)
    }

    /// A fault at an expression of this formula.
    pub(crate) fn fault(&self, expr: &Expr, message: impl Into<String>, advice: impl Into<String>) -> Fault {
        Fault::new(&self.text, expr.span.clone(), message, advice)
    }
}

/// As R prints it.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.response {
            Some(response) => write!(f, "{response} ~ {}", self.predictors),
            None => write!(f, "~{}", self.predictors),
        }
    }
}
