//! Arguments of functions in a formula, by name, by the beginning of a name, or by place, and the constants that they are.

use super::Learner;
use crate::category::text;
use crate::{Argument, Error, Expr, Fault, Kind};

/// Constants beside each other beyond which they are a mistake.
const MOST: usize = 100_000;

impl Learner<'_> {
    /// The arguments of a call, one place for each parameter.
    pub(super) fn arguments<'e>(
        &self,
        call: &Expr,
        given: &'e [Argument],
        parameters: &[&str],
    ) -> Result<Vec<Option<&'e Expr>>, Fault> {
        let mut places: Vec<Option<&Expr>> = vec![None; parameters.len()];
        for Argument { name, value } in given {
            let Some(name) = name else { continue };
            let begins = |parameter: &str| parameter.starts_with(name.as_str());
            let whole = parameters.iter().position(|parameter| parameter == name);
            let unique = parameters.iter().filter(|parameter| begins(parameter)).count() == 1;
            let place = whole.or_else(|| parameters.iter().position(|parameter| unique && begins(parameter)));
            match place {
                Some(place) if places[place].is_none() => places[place] = Some(value),
                Some(place) => {
                    return Err(self.fault(call, format!("`{}` is given twice", parameters[place]), "leave one out"));
                }
                None => {
                    let advice = format!("its arguments are {}", parameters.join(", "));
                    return Err(self.fault(value, format!("no argument is called `{name}` here"), advice));
                }
            }
        }
        let mut free = (0..parameters.len()).filter(|place| places[*place].is_none()).collect::<Vec<_>>().into_iter();
        for Argument { value, .. } in given.iter().filter(|argument| argument.name.is_none()) {
            match free.next() {
                Some(place) => places[place] = Some(value),
                None => {
                    return Err(self.fault(
                        value,
                        "one argument too many",
                        format!("they are {}", parameters.join(", ")),
                    ));
                }
            }
        }
        let null = |value: &&Expr| matches!(&value.kind, Kind::Name(name) if name == "NULL");
        Ok(places.into_iter().map(|place| place.filter(|value| !null(value))).collect())
    }

    /// The first argument, without which a call means nothing.
    pub(super) fn first<'e>(&self, call: &Expr, arguments: &[Option<&'e Expr>]) -> Result<&'e Expr, Fault> {
        let first = arguments.first().copied().flatten();
        first.ok_or_else(|| self.fault(call, "an argument is missing", "write the column between the parentheses"))
    }

    /// A constant number.
    pub(super) fn number(&self, expr: &Expr) -> Result<f64, Error> {
        let value = self.expression(expr)?.node.constant().filter(|value| value.is_finite());
        Ok(value.ok_or_else(|| self.fault(expr, format!("`{expr}` is no number"), "write a number here"))?)
    }

    /// A constant whole number in a range.
    pub(super) fn whole(&self, expr: &Expr, least: usize, most: usize) -> Result<usize, Error> {
        let value = self.number(expr)?;
        #[expect(clippy::cast_precision_loss, reason = "the bounds are small")]
        let allowed = value.fract() == 0.0 && (least as f64..=most as f64).contains(&value);
        if allowed {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bounds")]
            return Ok(value as usize);
        }
        let message = format!("`{expr}` is no whole number from {least} to {most}");
        Err(self.fault(expr, message, "write one here").into())
    }

    /// `c(1, 2, 5:7)` or one number.
    pub(super) fn numbers(&self, expr: &Expr) -> Result<Vec<f64>, Error> {
        match &expr.kind {
            Kind::Call { function, arguments } if function == "c" => {
                self.all(expr, arguments, |value| self.numbers(value))
            }
            Kind::Binary(":", from, to) => {
                let (from, to) = (self.number(from)?, self.number(to)?);
                let steps = (to - from).abs();
                if steps > 10_000.0 {
                    return Err(self.fault(expr, "too many numbers", "write fewer").into());
                }
                let step = if from <= to { 1.0 } else { -1.0 };
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10 000")]
                Ok((0..=steps as u32).map(|i| from + step * f64::from(i)).collect())
            }
            _ => Ok(vec![self.number(expr)?]),
        }
    }

    /// The constants of all arguments of `c()`.
    fn all<T>(
        &self,
        expr: &Expr,
        arguments: &[Argument],
        each: impl Fn(&Expr) -> Result<Vec<T>, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        for Argument { value, .. } in arguments {
            all.append(&mut each(value)?);
            if all.len() > MOST {
                return Err(self.fault(expr, format!("more than {MOST} constants"), "write fewer").into());
            }
        }
        Ok(all)
    }

    /// `c("a", "b")`, one text, or numbers as texts.
    pub(super) fn texts(&self, expr: &Expr) -> Result<Vec<String>, Error> {
        match &expr.kind {
            Kind::Text(text) => Ok(vec![text.clone()]),
            Kind::Logical(truth) => Ok(vec![if *truth { "TRUE" } else { "FALSE" }.to_owned()]),
            Kind::Call { function, arguments } if function == "c" => {
                self.all(expr, arguments, |value| self.texts(value))
            }
            _ => Ok(self.numbers(expr)?.into_iter().map(text).collect()),
        }
    }

    /// `TRUE`, `FALSE`, `T` or `F`.
    pub(super) fn logical(&self, expr: &Expr) -> Result<bool, Fault> {
        match &expr.kind {
            Kind::Logical(truth) => Ok(*truth),
            Kind::Name(name) if name == "T" => Ok(true),
            Kind::Name(name) if name == "F" => Ok(false),
            _ => Err(self.fault(expr, format!("`{expr}` is neither TRUE nor FALSE"), "write one of them here")),
        }
    }
}
