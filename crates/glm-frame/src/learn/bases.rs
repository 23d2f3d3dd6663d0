//! `scale`, `poly`, `ns` and `bs`: what they learn, by R's rules.
//!
//! They learn from all rows in which their argument is there, before rows that miss something else are left out.

use super::{Learner, Learnt};
use crate::basis::{Basis, HIGHEST, Poly, Scale, Spline};
use crate::node::Node;
use crate::view::View;
use crate::{Argument, Error, Expr};

/// Columns of a basis beyond which it is a mistake.
const MOST: usize = 10_000;

impl Learner<'_> {
    /// The basis that a call means, if it means one.
    pub(super) fn basis(&self, call: &Expr, function: &str, given: &[Argument]) -> Result<Option<Learnt>, Error> {
        let parameters: &[&str] = match function {
            "scale" => &["x", "center", "scale"],
            "poly" => &["x", "degree", "raw"],
            "ns" => &["x", "df", "knots", "intercept", "Boundary.knots"],
            "bs" => &["x", "df", "knots", "degree", "intercept", "Boundary.knots"],
            _ => return Ok(None),
        };
        let arguments = self.arguments(call, given, parameters)?;
        let argument = self.first(call, &arguments)?;
        let inner = self.one_column(argument)?;
        let mut x = inner.evaluate(&View::all(self.frame))?.single(self.frame.n_rows()).into_owned();
        x.retain(|value| value.is_finite());
        x.sort_unstable_by(f64::total_cmp);
        if x.is_empty() {
            return Err(self.fault(argument, format!("`{argument}` has no values"), "every row misses it").into());
        }
        let basis = match function {
            "scale" => self.scale(call, &arguments, &x)?,
            "poly" => self.poly(call, &arguments, &x)?,
            _ => self.spline(call, function == "ns", &arguments, &x)?,
        };
        let names = (1..=basis.n_cols()).map(|column| column.to_string()).collect();
        Ok(Some(Learnt { node: Node::Basis(basis, Box::new(inner)), names, logical: false }))
    }

    fn scale(&self, call: &Expr, arguments: &[Option<&Expr>], x: &[f64]) -> Result<Basis, Error> {
        let setting = |given: Option<&Expr>, off: f64| match given {
            None => Ok(None),
            Some(expr) => match self.logical(expr) {
                Ok(learn) => Ok(if learn { None } else { Some(off) }),
                Err(_) => self.number(expr).map(Some),
            },
        };
        let scale = Scale::learn(x, setting(arguments[1], 0.0)?, setting(arguments[2], 1.0)?);
        if Basis::Scale(scale).is_sound() && scale.scale != 0.0 {
            return Ok(Basis::Scale(scale));
        }
        let message = format!("`{call}` would take {} away and divide by {}", scale.center, scale.scale);
        Err(self.fault(call, message, "the column does not vary; leave it out").into())
    }

    fn poly(&self, call: &Expr, arguments: &[Option<&Expr>], x: &[f64]) -> Result<Basis, Error> {
        let degree = arguments[1].map_or(Ok(1), |degree| self.whole(degree, 1, HIGHEST))?;
        if arguments[2].map_or(Ok(false), |raw| self.logical(raw))? {
            return Ok(Basis::Powers(degree));
        }
        let distinct = x.chunk_by(|a, b| a.to_bits() == b.to_bits()).count();
        let poly = Poly::learn(x, degree.min(distinct));
        if degree >= distinct || !poly.is_sound() {
            let message = format!("`{call}` needs more than {degree} distinct values but there are {distinct}");
            return Err(self.fault(call, message, "lower the degree").into());
        }
        Ok(Basis::Poly(poly))
    }

    fn spline(&self, call: &Expr, natural: bool, arguments: &[Option<&Expr>], x: &[f64]) -> Result<Basis, Error> {
        let degree = if natural { None } else { arguments[3] };
        let degree = degree.map_or(Ok(3), |degree| self.whole(degree, 1, HIGHEST))?;
        let [intercept, boundary] = if natural { [arguments[3], arguments[4]] } else { [arguments[4], arguments[5]] };
        let intercept = intercept.map_or(Ok(false), |intercept| self.logical(intercept))?;
        let mut boundary = boundary.map_or_else(|| Ok(vec![x[0], x[x.len() - 1]]), |knots| self.numbers(knots))?;
        boundary.sort_unstable_by(f64::total_cmp);
        let [left, right] = boundary[..] else {
            return Err(self.fault(call, "the boundary knots are two numbers", "write c(lower, upper)").into());
        };
        let inside: Vec<f64> = x.iter().copied().filter(|x| (left..=right).contains(x)).collect();
        // Natural splines spend two degrees of freedom less: their two conditions.
        let spent = if natural { 1 } else { degree } + usize::from(intercept);
        let mut knots = match (arguments[2], arguments[1]) {
            (Some(given), _) => {
                let knots = self.numbers(given)?;
                if knots.len() > MOST {
                    return Err(self.fault(given, format!("more than {MOST} knots"), "choose fewer").into());
                }
                knots
            }
            (None, Some(df)) => {
                let inner = self.whole(df, spent.max(1), MOST)? - spent;
                #[expect(clippy::cast_precision_loss, reason = "at most 10 000")]
                (1..=inner).map(|k| quantile(&inside, k as f64 / (inner + 1) as f64)).collect()
            }
            (None, None) => Vec::new(),
        };
        knots.sort_unstable_by(f64::total_cmp);
        let spline = Spline { degree, knots, boundary: [left, right], intercept };
        let basis = if natural { Basis::Natural(spline) } else { Basis::Spline(spline) };
        if basis.is_sound() {
            return Ok(basis);
        }
        let message = format!("the knots of `{call}` do not lie between {left} and {right}");
        Err(self.fault(call, message, "knots lie between the boundary knots, which are two different numbers").into())
    }
}

/// R's quantile of type 7 of ascending values.
fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^53")]
    let place = last as f64 * probability;
    let below = (place + 4.0 * f64::EPSILON).floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the last place")]
    let at = (below as usize).min(last);
    let share = place - below;
    if share.abs() < 4.0 * f64::EPSILON {
        sorted[at]
    } else {
        (1.0 - share) * sorted[at] + share * sorted[(at + 1).min(last)]
    }
}
