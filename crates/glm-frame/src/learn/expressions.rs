//! Arithmetic, functions and comparisons of columns.

use super::{Learner, Learnt};
use crate::node::{Function, Node, Operator, is_logical};
use crate::{Argument, Column, Error, Expr, Kind};

/// Functions that are not of one number, for advice.
const OTHERS: &[&str] = &[
    "I",
    "poly",
    "ns",
    "bs",
    "scale",
    "factor",
    "ordered",
    "relevel",
    "C",
    "cbind",
    "offset",
    "ifelse",
    "pmin",
    "pmax",
    "as.numeric",
    "as.integer",
    "as.factor",
    "unclass",
];

/// Operations inside each other beyond which a saved design could not be read: JSON readers stop at a depth of 128.
const DEEPEST: usize = 40;

/// Columns that are bound beyond which they are a mistake.
const WIDEST: usize = 100_000;

impl Learner<'_> {
    /// An expression of numbers.
    pub(super) fn expression(&self, expr: &Expr) -> Result<Learnt, Error> {
        let learnt = self.any_expression(expr)?;
        if learnt.node.depth() <= DEEPEST {
            return Ok(learnt);
        }
        let message = format!("more than {DEEPEST} operations inside each other");
        Err(self.fault(expr, message, "compute a part of it as a column of the data").into())
    }

    fn any_expression(&self, expr: &Expr) -> Result<Learnt, Error> {
        match &expr.kind {
            Kind::Number { value, .. } => Ok(Learnt::single(Node::Number(*value))),
            Kind::Logical(truth) => Ok(logical(Node::Number(f64::from(u8::from(*truth))))),
            Kind::Name(name) => self.name(expr, name),
            Kind::Group(inner) | Kind::Unary("+", inner) => self.expression(inner),
            Kind::Unary(operator, inner) => {
                let Learnt { node, names, .. } = self.expression(inner)?;
                let function = if *operator == "!" { Function::Not } else { Function::Negative };
                Ok(Learnt { node: Node::Function(function, Box::new(node)), names, logical: *operator == "!" })
            }
            Kind::Binary(operator, left, right) => self.binary(expr, operator, left, right),
            Kind::Call { function, arguments } => self.call(expr, function, arguments),
            Kind::Text(_) | Kind::Dot => {
                let advice = "compare texts with a category: I(sex == \"male\")";
                Err(self.fault(expr, format!("`{expr}` is no number"), advice).into())
            }
        }
    }

    fn name(&self, expr: &Expr, name: &str) -> Result<Learnt, Error> {
        match self.frame.column(name) {
            Some(Column::Numbers(_)) => Ok(Learnt::single(Node::Column(name.to_owned()))),
            Some(column) if is_logical(column) => Ok(logical(Node::Column(name.to_owned()))),
            Some(Column::Categories(_)) => {
                let advice = format!("a category stands by itself, or is compared: I({expr} == \"a level\")");
                Err(self.fault(expr, format!("`{name}` is a category, not a number"), advice).into())
            }
            None if name == "pi" => Ok(Learnt::single(Node::Number(std::f64::consts::PI))),
            None => Err(self.no_column(expr, name).into()),
        }
    }

    fn binary(&self, expr: &Expr, symbol: &str, left: &Expr, right: &Expr) -> Result<Learnt, Error> {
        if let Some(among) = self.among(symbol, left, right)? {
            return Ok(logical(among));
        }
        let Some(operator) = Operator::of(symbol) else {
            let message = format!("`{symbol}` is no operator on numbers");
            return Err(self.fault(expr, message, "terms are joined outside of functions").into());
        };
        let (a, b) = (self.expression(left)?, self.expression(right)?);
        let names = self.together(expr, a.names, b.names)?;
        let node = Node::Binary(operator, Box::new(a.node), Box::new(b.node));
        Ok(Learnt { node, names, logical: operator.is_logical() })
    }

    /// A comparison of a category with levels: `sex == "male"`, `x %in% c(1, 2)`.
    fn among(&self, symbol: &str, left: &Expr, right: &Expr) -> Result<Option<Node>, Error> {
        let (column, levels) = match (symbol, self.column(left), self.column(right)) {
            ("==" | "!=", Some((name, Column::Categories(_))), None) => (name, right),
            ("==" | "!=", None, Some((name, Column::Categories(_)))) => (name, left),
            ("%in%", Some((name, _)), _) => (name, right),
            _ => return Ok(None),
        };
        let levels = self.texts(levels)?;
        Ok(Some(Node::Among { column: column.to_owned(), levels, among: symbol != "!=" }))
    }

    /// The names of the columns of two expressions together.
    fn together(&self, expr: &Expr, a: Vec<String>, b: Vec<String>) -> Result<Vec<String>, Error> {
        if a.len() == b.len() || b.len() == 1 {
            return Ok(a);
        }
        if a.len() == 1 {
            return Ok(b);
        }
        let message = format!("{} columns do not go with {}", a.len(), b.len());
        Err(self.fault(expr, message, "take as many on both sides").into())
    }

    fn call(&self, expr: &Expr, function: &str, given: &[Argument]) -> Result<Learnt, Error> {
        if let Some(basis) = self.basis(expr, function, given)? {
            return Ok(basis);
        }
        let known = Function::NAMES.iter().find(|(name, _)| *name == function);
        match (function, known) {
            ("I" | "identity", _) => self.expression(self.only(expr, given)?),
            ("unclass" | "as.numeric" | "as.integer", _) => self.as_number(self.only(expr, given)?, function),
            ("log", _) => self.logarithm(expr, given),
            ("pmin", _) => self.folded(expr, given, Operator::Least),
            ("pmax", _) => self.folded(expr, given, Operator::Most),
            ("ifelse", _) => self.choice(expr, given),
            ("cbind", _) => self.bound(expr, given),
            (_, Some((_, function))) => {
                let inner = self.expression(self.only(expr, given)?)?;
                Ok(Learnt { node: Node::Function(*function, Box::new(inner.node)), names: inner.names, logical: false })
            }
            _ => Err(self.no_function(expr, function)),
        }
    }

    /// The argument of a function of one.
    fn only<'e>(&self, expr: &Expr, given: &'e [Argument]) -> Result<&'e Expr, Error> {
        Ok(self.first(expr, &self.arguments(expr, given, &["x"])?)?)
    }

    /// Numbers as they are, and of categories the places of their levels.
    fn as_number(&self, argument: &Expr, function: &str) -> Result<Learnt, Error> {
        let logical = self.column(argument).is_some_and(|(_, column)| is_logical(column));
        if let Some(category) = self.category(argument)?.filter(|_| !logical) {
            return Ok(Learnt::single(Node::Place(Box::new(category))));
        }
        let Learnt { node, names, .. } = self.expression(argument)?;
        let node = if function == "as.integer" { Node::Function(Function::Trunc, Box::new(node)) } else { node };
        Ok(Learnt { node, names, logical: false })
    }

    fn no_function(&self, expr: &Expr, function: &str) -> Error {
        if ["factor", "as.factor", "ordered", "as.ordered", "relevel", "C"].contains(&function) {
            let message = format!("`{expr}` is a category, not a number");
            return self.fault(expr, message, "a category stands by itself in a formula").into();
        }
        let names = Function::NAMES.iter().map(|(name, _)| *name).chain(OTHERS.iter().copied());
        let advice = match crate::nearest::nearest(function, names.clone()) {
            Some(near) => format!("is it `{near}`?"),
            None => format!("known are {}", names.filter(|name| name.len() > 1).collect::<Vec<_>>().join(", ")),
        };
        self.fault(expr, format!("there is no function `{function}`"), advice).into()
    }

    /// The base of a logarithm, whose own logarithm has to be a number, since it is saved.
    fn base(&self, expr: &Expr) -> Result<f64, Error> {
        let base = self.number(expr)?;
        if base > 0.0 {
            return Ok(base);
        }
        Err(self.fault(expr, format!("`{expr}` is no base of logarithms"), "a base is above 0").into())
    }

    fn logarithm(&self, expr: &Expr, given: &[Argument]) -> Result<Learnt, Error> {
        let arguments = self.arguments(expr, given, &["x", "base"])?;
        let Learnt { node, names, .. } = self.expression(self.first(expr, &arguments)?)?;
        let base = arguments[1].map(|base| self.base(base)).transpose()?;
        let by = |function| Node::Function(function, Box::new(node.clone()));
        let node = match base {
            None => by(Function::Log),
            Some(2.0) => by(Function::Log2),
            Some(10.0) => by(Function::Log10),
            Some(base) => Node::Binary(
                Operator::Divide,
                Box::new(by(Function::Log)),
                Box::new(Node::Number(Function::Log.at(base))),
            ),
        };
        Ok(Learnt { node, names, logical: false })
    }

    /// An operator between all arguments.
    fn folded(&self, expr: &Expr, given: &[Argument], operator: Operator) -> Result<Learnt, Error> {
        let mut all: Option<Learnt> = None;
        for Argument { value, .. } in given {
            let next = self.expression(value)?;
            all = Some(match all {
                None => next,
                Some(before) => {
                    let names = self.together(expr, before.names, next.names)?;
                    let node = Node::Binary(operator, Box::new(before.node), Box::new(next.node));
                    Learnt { node, names, logical: false }
                }
            });
        }
        Ok(all.ok_or_else(|| self.fault(expr, "an argument is missing", "write columns between the parentheses"))?)
    }

    fn choice(&self, expr: &Expr, given: &[Argument]) -> Result<Learnt, Error> {
        let arguments = self.arguments(expr, given, &["test", "yes", "no"])?;
        let [Some(test), Some(yes), Some(no)] = arguments[..] else {
            return Err(self.fault(expr, "ifelse() takes three arguments", "write ifelse(test, yes, no)").into());
        };
        let [test, yes, no] = [self.expression(test)?, self.expression(yes)?, self.expression(no)?];
        let names = self.together(expr, yes.names, no.names)?;
        let names = self.together(expr, test.names, names)?;
        Ok(Learnt { node: Node::Choice(Box::new([test.node, yes.node, no.node])), names, logical: false })
    }

    /// Columns side by side, each called by its name.
    fn bound(&self, expr: &Expr, given: &[Argument]) -> Result<Learnt, Error> {
        let (mut nodes, mut names) = (Vec::new(), Vec::new());
        for Argument { name, value } in given {
            let learnt = self.expression(value)?;
            names.extend(match (name, &value.kind, learnt.names.len()) {
                (Some(name), _, 1) => vec![name.clone()],
                (None, Kind::Name(name), 1) => vec![name.clone()],
                _ => learnt.names,
            });
            nodes.push(learnt.node);
            if names.len() > WIDEST {
                let message = format!("more than {WIDEST} columns beside each other");
                return Err(self.fault(expr, message, "bind fewer").into());
            }
        }
        if nodes.is_empty() {
            return Err(self.fault(expr, "an argument is missing", "write columns between the parentheses").into());
        }
        Ok(Learnt { node: Node::Bind(nodes), names, logical: false })
    }
}

fn logical(node: Node) -> Learnt {
    Learnt { logical: true, ..Learnt::single(node) }
}
