//! From words to expressions, with R's precedence of operators.
//!
//! From the tightest: `^` (to the right), unary `+ -`, `:`, `%in% %% %/%`, `* /`, `+ -`, comparisons, `!`, `&&`, `||`, `~`.

use std::ops::Range;

use super::expr::{Argument, Expr, Kind};
use super::fault::Fault;
use super::token::{Token, tokens};

/// How tightly unary plus and minus bind their operand.
const UNARY: u8 = 15;
/// How tightly `!` binds its operand.
const NOT: u8 = 5;
/// Expressions inside each other, beyond which a text is not a formula.
const DEEPEST: usize = 200;

/// Operators beside each other, beyond which a text is not a formula; sums of terms may be longer.
const WIDEST: usize = 1000;

/// Words beyond which a text is not a formula.
const LONGEST: usize = 10_000;

/// The binding powers of an operator to its left and right.
fn binding(operator: &str) -> Option<(u8, u8)> {
    Some(match operator {
        "~" => (1, 2),
        "||" => (2, 3),
        "&&" => (3, 4),
        "<" | ">" | "<=" | ">=" | "==" | "!=" => (6, 7),
        "+" | "-" => (8, 9),
        "*" | "/" => (10, 11),
        "%in%" | "%%" | "%/%" => (12, 13),
        ":" => (14, 15),
        "^" | "**" => (18, 17),
        _ => return None,
    })
}

/// The response, where there is one, and the right-hand side.
pub(super) fn parse(text: &str) -> Result<(Option<Expr>, Expr), Fault> {
    let tokens = tokens(text)?;
    if let Some((_, span)) = tokens.get(LONGEST) {
        return Err(Fault::new(text, span.clone(), "the formula is too long", "`.` stands for all other columns"));
    }
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    let response = if parser.peek() == &Token::Symbol("~") { None } else { Some(parser.expression(2)?) };
    if !parser.take("~") {
        let advice = "a formula is a response, `~` and the predictors: y ~ a + b";
        return Err(parser.fault("a formula needs `~`", advice));
    }
    let predictors = parser.expression(2)?;
    match parser.peek() {
        Token::End => Ok((response, predictors)),
        Token::Symbol("~") => Err(parser.fault("a second `~`", "a formula has one `~`")),
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn span(&self) -> Range<usize> {
        self.tokens[self.at].1.clone()
    }

    /// Moves past a word; the end stays.
    fn next(&mut self) -> (Token, Range<usize>) {
        let token = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn take(&mut self, symbol: &'static str) -> bool {
        let found = self.peek() == &Token::Symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    fn fault(&self, message: impl Into<String>, advice: &str) -> Fault {
        Fault::new(self.text, self.span(), message, advice)
    }

    fn unexpected(&self) -> Fault {
        let found = &self.text[self.span()];
        match self.peek() {
            Token::End => self.fault("the formula ends too early", "something is missing here"),
            Token::Symbol("=") => {
                self.fault("`=` outside a function's arguments", "compare with `==`; respond with `~`")
            }
            Token::Name(_) | Token::Number(..) | Token::Text(_) | Token::Dot => {
                self.fault(format!("`{found}` follows without an operator"), "join terms by + : * / or - ")
            }
            Token::Symbol(_) => self.fault(format!("`{found}` is not expected here"), "a term is missing before it"),
        }
    }

    /// An expression of operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Expr, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("too many expressions inside each other", "leave parentheses out"));
        }
        let mut left = self.operand()?;
        let mut joined = 0;
        while let Token::Symbol(operator) = *self.peek() {
            let Some((_, to_right)) = binding(operator).filter(|(to_left, _)| *to_left >= least) else { break };
            let is_sum = self.depth == 1 && matches!(operator, "+" | "-");
            joined += usize::from(!is_sum);
            if joined > WIDEST {
                return Err(self.fault("too many operators beside each other", "split the formula, or use `.`"));
            }
            self.next();
            let right = self.expression(to_right)?;
            let span = left.span.start..right.span.end;
            let operator = if operator == "**" { "^" } else { operator };
            left = Expr { kind: Kind::Binary(operator, Box::new(left), Box::new(right)), span };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expr, Fault> {
        let bare_names = !self.text[self.span()].starts_with('`');
        let (token, span) = match self.peek() {
            Token::End | Token::Symbol(")" | "," | "=" | "~" | "*" | "/" | ":" | "^") => return Err(self.unexpected()),
            _ => self.next(),
        };
        let kind = match token {
            Token::Number(value, whole) => Kind::Number { value, whole },
            Token::Text(text) => Kind::Text(text),
            Token::Dot => Kind::Dot,
            Token::Name(name) if self.peek() == &Token::Symbol("(") => return self.call(name, span),
            Token::Name(name) if bare_names && (name == "TRUE" || name == "FALSE") => Kind::Logical(name == "TRUE"),
            Token::Name(name) => Kind::Name(name),
            Token::Symbol("(") => {
                let inner = self.expression(2)?;
                let end = self.close(&span)?;
                return Ok(Expr { kind: Kind::Group(Box::new(inner)), span: span.start..end });
            }
            Token::Symbol(operator @ ("+" | "-" | "!")) => {
                let inner = self.expression(if operator == "!" { NOT } else { UNARY })?;
                let span = span.start..inner.span.end;
                return Ok(Expr { kind: Kind::Unary(operator, Box::new(inner)), span });
            }
            _ => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        };
        Ok(Expr { kind, span })
    }

    fn call(&mut self, function: String, name: Range<usize>) -> Result<Expr, Fault> {
        let open = self.next().1;
        let mut arguments = Vec::new();
        while self.peek() != &Token::Symbol(")") {
            arguments.push(self.argument()?);
            if !self.take(",") {
                break;
            }
        }
        let end = self.close(&open)?;
        Ok(Expr { kind: Kind::Call { function, arguments }, span: name.start..end })
    }

    fn argument(&mut self) -> Result<Argument, Fault> {
        let named = match (self.peek(), self.tokens.get(self.at + 1)) {
            (Token::Name(name), Some((Token::Symbol("="), _))) => Some(name.clone()),
            _ => None,
        };
        if named.is_some() {
            self.at += 2;
        }
        Ok(Argument { name: named, value: self.expression(2)? })
    }

    /// The end of the parenthesis that closes one.
    fn close(&mut self, open: &Range<usize>) -> Result<usize, Fault> {
        match self.peek() {
            Token::Symbol(")") => Ok(self.next().1.end),
            Token::End => {
                Err(Fault::new(self.text, open.clone(), "this parenthesis is never closed", "close it by `)`"))
            }
            _ => Err(self.unexpected()),
        }
    }
}
