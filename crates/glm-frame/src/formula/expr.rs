//! An expression of a formula and the text by which R calls it.

use std::fmt;
use std::ops::Range;

use super::token::{is_name_part, is_name_start};

/// An expression with its place in the formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// A number; `whole` if it was written `2L`.
    Number {
        /// The value.
        value: f64,
        /// Whether an L follows it.
        whole: bool,
    },
    /// A text in quotes.
    Text(String),
    /// `TRUE` or `FALSE`.
    Logical(bool),
    /// A column.
    Name(String),
    /// `.`, all columns that are not in the response.
    Dot,
    /// A function of arguments, some of them named.
    Call {
        /// The function.
        function: String,
        /// Its arguments.
        arguments: Vec<Argument>,
    },
    /// An operator before its operand.
    Unary(&'static str, Box<Expr>),
    /// An operator between its operands.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// An expression in parentheses.
    Group(Box<Expr>),
}

/// An argument of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// `df` in `df = 3`.
    pub name: Option<String>,
    /// `3` in `df = 3`.
    pub value: Expr,
}

impl Expr {
    /// The columns that it names, in the order in which they appear, each once.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let Kind::Name(name) = &expr.kind
                && !found.contains(&name.as_str())
            {
                found.push(name.as_str());
            }
        });
        found
    }

    /// Visits the expression and everything in it.
    pub(crate) fn visit<'a>(&'a self, visitor: &mut impl FnMut(&'a Self)) {
        visitor(self);
        match &self.kind {
            Kind::Call { arguments, .. } => {
                arguments.iter().for_each(|argument| argument.value.visit(visitor));
            }
            Kind::Unary(_, inner) | Kind::Group(inner) => inner.visit(visitor),
            Kind::Binary(_, left, right) => {
                left.visit(visitor);
                right.visit(visitor);
            }
            _ => {}
        }
    }
}

/// As R deparses it: `log(x)`, `I(x^2)`, `ns(x, df = 3)`, `a/b + 1`.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Number { value, whole: true } => write!(f, "{value}L"),
            Kind::Number { value, whole: false } => f.write_str(&number(*value)),
            Kind::Text(text) => write!(f, "\"{}\"", escaped(text, '"')),
            Kind::Logical(true) => f.write_str("TRUE"),
            Kind::Logical(false) => f.write_str("FALSE"),
            Kind::Name(name) => f.write_str(&quoted_name(name)),
            Kind::Dot => f.write_str("."),
            Kind::Call { function, arguments } => {
                write!(f, "{}(", quoted_name(function))?;
                for (i, Argument { name, value }) in arguments.iter().enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    if let Some(name) = name {
                        write!(f, "{} = ", quoted_name(name))?;
                    }
                    write!(f, "{value}")?;
                }
                f.write_str(")")
            }
            Kind::Unary(operator, inner) => write!(f, "{operator}{inner}"),
            Kind::Binary(operator @ ("^" | ":" | "/" | "%%" | "%/%"), left, right) => {
                write!(f, "{left}{operator}{right}")
            }
            Kind::Binary(operator, left, right) => write!(f, "{left} {operator} {right}"),
            Kind::Group(inner) => write!(f, "({inner})"),
        }
    }
}

/// A name, in back-ticks where it would not be read as one.
pub(crate) fn quoted_name(name: &str) -> String {
    let starts = name.starts_with(is_name_start) && !name.starts_with('_');
    let numeric = name.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let reserved = ["TRUE", "FALSE", "NULL", "NA", "NaN", "Inf", "."].contains(&name);
    if starts && !numeric && !reserved && name.chars().all(is_name_part) {
        name.to_owned()
    } else {
        format!("`{}`", escaped(name, '`'))
    }
}

/// As R escapes what stands between quotes.
fn escaped(text: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ => {
                if c == quote || c == '\\' {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
    }
    escaped
}

/// A number with up to 15 significant digits, in R's choice between fixed and scientific notation: the shorter, fixed if
/// both are as long.
pub(crate) fn number(value: f64) -> String {
    // The largest numbers of all round to infinity.
    let rounded = format!("{value:.14e}").parse().ok().filter(|rounded: &f64| rounded.is_finite()).unwrap_or(value);
    let fixed = format!("{rounded}");
    let scientific = format!("{rounded:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let (sign, size) = exponent.strip_prefix('-').map_or(('+', exponent), |size| ('-', size));
    let scientific = format!("{digits}e{sign}{size:0>2}");
    if fixed.len() <= scientific.len() { fixed } else { scientific }
}
