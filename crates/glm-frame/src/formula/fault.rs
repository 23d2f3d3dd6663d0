//! What is wrong with a formula, and where: the text with a caret under the place.

use std::fmt;
use std::ops::Range;

/// A fault in a formula. It prints the formula with the place marked below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The formula as it was given.
    pub formula: String,
    /// The place, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl Fault {
    pub(crate) fn new(
        formula: &str,
        span: Range<usize>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { formula: formula.to_owned(), span, message: message.into(), advice: advice.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.formula[..self.span.start].chars().count();
        let marked = self.formula[self.span.clone()].chars().count().max(1);
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {}", self.formula.replace(['\n', '\t'], " "))?;
        writeln!(f, "  {}{}", " ".repeat(before), "^".repeat(marked))?;
        write!(f, "{}", self.advice)
    }
}

impl std::error::Error for Fault {}
