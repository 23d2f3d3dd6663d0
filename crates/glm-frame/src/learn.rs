//! From expressions of a formula to variables that have learnt what they need from a table.

mod arguments;
mod bases;
mod categories;
mod expressions;

use crate::category::Category;
use crate::node::Node;
use crate::quantity::Quantity;
use crate::variable::Variable;
use crate::{Error, Expr, Fault, Formula, Frame, Kind};

/// A formula beside the table that it is learnt from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Learner<'a> {
    pub(crate) formula: &'a Formula,
    pub(crate) frame: &'a Frame,
}

/// An expression of columns of numbers.
#[derive(Debug)]
struct Learnt {
    node: Node,
    /// What is appended to the name of the variable for each column, if it has several.
    names: Vec<String>,
    /// Whether it is true or false.
    logical: bool,
}

impl Learnt {
    fn single(node: Node) -> Self {
        Self { node, names: vec![String::new()], logical: false }
    }
}

impl<'a> Learner<'a> {
    /// A variable: a category, or columns of numbers.
    pub(crate) fn variable(&self, expr: &Expr) -> Result<Variable, Error> {
        if let Some(category) = self.category(expr)? {
            return Ok(Variable::Category(category));
        }
        let Learnt { node, names, logical } = self.expression(expr)?;
        let label = expr.to_string();
        if !logical {
            return Ok(Variable::Quantity(Quantity::new(label, node, names)));
        }
        let node = self.single(expr, node, &names)?;
        Ok(Variable::Category(Category::of_node(label, node, true, self.frame)?))
    }

    /// One column of numbers.
    pub(crate) fn quantity(&self, expr: &Expr) -> Result<Quantity, Error> {
        Ok(Quantity::new(expr.to_string(), self.one_column(expr)?, vec![String::new()]))
    }

    fn one_column(&self, expr: &Expr) -> Result<Node, Error> {
        let Learnt { node, names, .. } = self.expression(expr)?;
        self.single(expr, node, &names)
    }

    fn single(&self, expr: &Expr, node: Node, names: &[String]) -> Result<Node, Error> {
        if names.len() == 1 {
            return Ok(node);
        }
        let message = format!("`{expr}` has {} columns where one is needed", names.len());
        Err(self.fault(expr, message, "choose one of them").into())
    }

    fn fault(&self, expr: &Expr, message: impl Into<String>, advice: impl Into<String>) -> Fault {
        self.formula.fault(expr, message, advice)
    }

    /// The column that an expression names, if it is one that the table has.
    fn column(&self, expr: &Expr) -> Option<(&str, &'a crate::Column)> {
        let Kind::Name(name) = &expr.kind else { return None };
        self.frame.names().find(|known| known == name).zip(self.frame.column(name))
    }

    /// A column that the table does not have.
    fn no_column(&self, expr: &Expr, name: &str) -> Fault {
        let advice = match crate::nearest::nearest(name, self.frame.names()) {
            Some(near) => format!("is it `{near}`?"),
            None => "the formula names columns of the data; put names with spaces in back-ticks".to_owned(),
        };
        self.fault(expr, format!("the data have no column `{name}`"), advice)
    }
}
