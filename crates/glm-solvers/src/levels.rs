//! Steps of the levels of factors, on the scale of the mean.
//!
//! With the log link a step in a level's parameter multiplies the mean of the level's rows. Where V = μᵖ and nothing else
//! moves, the maximum is where that factor is r = Σ w y μ¹⁻ᵖ/Σ w μ²⁻ᵖ, the sums being over those rows. Newton's step d is
//! not ln r: in the expected information it is r − 1, in the observed one (r − 1)/(1 + (p − 1)(r − 1)). Either tells r,
//! hence the step to the maximum, to which d is only the tangent. So the layout of one factor is fitted in one step, and where
//! there are more, or numbers, the next step has to mend what each says about the others, and no longer how far each of a
//! thousand levels with few events was overshot. As d tends to zero so does the difference, like d²: convergence stays
//! quadratic.

use std::ops::Range;

use glm_core::{Expansion, Order, kernel};

use crate::Problem;
use crate::descent::Step;

/// A mean that is to change by more than this factor is left to Newton's step, unless that is the longer one.
const FAR: f64 = 10.0;

/// The factors of a problem with log link and V = μᵖ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Levels {
    /// p.
    variance_power: f64,
    has_intercept: bool,
    /// The columns of each factor.
    indicators: Vec<Range<usize>>,
}

impl Levels {
    /// `None` where steps are no better on the scale of the mean.
    pub(crate) fn of(problem: &Problem<'_>) -> Option<Self> {
        let (response, design) = (problem.response(), problem.design());
        let single = response.n_predictors() == 1 && response.link().is_some_and(glm_core::Link::is_log);
        let variance_power = response.family().filter(|_| single)?.variance_power()?;
        let (has_intercept, indicators) = (design.has_intercept(), design.indicators());
        (!indicators.is_empty()).then_some(Self { variance_power, has_intercept, indicators })
    }

    /// The step with the levels' parameters on the scale of the mean, found in an information of this order; `None` where
    /// the loss does not fall that way.
    pub(crate) fn step(&self, step: &Step, at: &Expansion, order: Order) -> Option<Step> {
        let shift = if self.has_intercept { step.direction[0] } else { 0.0 };
        let constant = self.change(shift, order);
        let mut direction = step.direction.clone();
        if self.has_intercept {
            direction[0] = constant;
        }
        for column in self.indicators.iter().flat_map(|columns| columns.clone()) {
            direction[column] = self.change(shift + direction[column], order) - constant;
        }
        let decrease = -kernel::dot(&at.gradient, &direction);
        (decrease > 0.0).then(|| Step { direction, decrease, ..step.clone() })
    }

    /// ln r, where Newton's step for some rows is d.
    fn change(&self, d: f64, order: Order) -> f64 {
        let bend = if order == Order::Observed { self.variance_power - 1.0 } else { 0.0 };
        let change = (d / (1.0 - bend * d)).ln_1p();
        let trusted = change.abs() <= d.abs().max(FAR.ln());
        if trusted && bend * d < 1.0 { change } else { d }
    }
}

#[cfg(test)]
mod tests {
    use glm_core::{At, Categories, Mixed, Precision, spec};

    use super::*;
    use crate::Factor;
    use crate::descent::{Descent, Newton};

    const LEVELS: usize = 5;
    /// The level of each row.
    const CODES: [u32; 15] = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 4, 3, 2, 1, 0];

    /// The solution of one factor with offsets and weights: ln(Σ w y e^((1−p)o)/Σ w e^((2−p)o)) for each level.
    fn maximum(problem: &Problem<'_>, power: f64, level: u32) -> f64 {
        let rows = || (0..CODES.len()).filter(|row| CODES[*row] == level);
        let sum = |y: &dyn Fn(usize) -> f64, exponent: f64| -> f64 {
            rows().map(|row| problem.weight(row) * y(row) * (exponent * problem.offset()[row]).exp()).sum()
        };
        (sum(&|row| problem.y()[row], 1.0 - power) / sum(&|_| 1.0, 2.0 - power)).ln()
    }

    #[test]
    fn one_factor_is_fitted_in_one_step() {
        let (n, levels) = (CODES.len(), Categories::treatment(&CODES, LEVELS).unwrap());
        let y: Vec<f64> = (0..n).map(|i| 0.5 + f64::from(u8::try_from(i * i % 7).unwrap())).collect();
        let offset: Vec<f64> = y.iter().map(|y| (3.0 * y).sin() / 2.0).collect();
        let weights: Vec<f64> = y.iter().map(|y| 1.0 + y / 3.0).collect();
        let with_intercept = Mixed::new(n).intercept().term(&levels).unwrap();
        let without = Mixed::new(n).term(Categories::full(&CODES, LEVELS).unwrap()).unwrap();
        for (name, power) in [
            ("quasipoisson(log)", 1.0),
            ("gamma(log)", 2.0),
            ("inverse-gaussian(log)", 3.0),
            ("tweedie(1.5)(log)", 1.5),
        ] {
            let response = spec::response(name).unwrap();
            for (design, intercept) in [(&with_intercept, true), (&without, false)] {
                let problem = Problem::new(design, &*response, y.clone()).unwrap();
                let problem = problem.with_offset(offset.clone()).unwrap().with_weights(weights.clone()).unwrap();
                let levels = Levels::of(&problem).unwrap();
                assert!((levels.variance_power - power).abs() < 1e-15, "{name}");
                for newton in [Newton::FISHER, Newton::RAPHSON] {
                    let params = [0.6, 0.1, -0.2, 0.3, 0.2];
                    let order = if newton == Newton::FISHER { Order::Expected } else { Order::Observed };
                    let at = problem.expand(At::Params(&params), order, Precision::Plain).unwrap();
                    let start = Factor::new(&at.information, &[0, 1, 2, 3, 4]).unwrap();
                    let step = newton.begin(&start).step(&params, &at).unwrap();
                    let step = levels.step(&step, &at, order).unwrap();
                    for level in 0..5 {
                        let own = params[level] + step.direction[level];
                        let base = if intercept && level > 0 { params[0] + step.direction[0] } else { 0.0 };
                        let expected = maximum(&problem, power, u32::try_from(level).unwrap());
                        let place = format!("{name} {order:?}, intercept {intercept}, level {level}");
                        assert!((own + base - expected).abs() < 1e-12, "{place}: {} {expected}", own + base);
                    }
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_told_is_newtons_step() {
        let levels = Levels { variance_power: 2.0, has_intercept: false, indicators: vec![] };
        // A level without events, whose maximum is at −∞; one whose mean is to be infinite; and others far off.
        assert_eq!((levels.change(-1.0, Order::Expected), levels.change(1.0, Order::Observed)), (-1.0, 1.0));
        assert_eq!((levels.change(-1.5, Order::Expected), levels.change(2.5, Order::Observed)), (-1.5, 2.5));
        assert!((levels.change(-0.99, Order::Expected) + 0.99).abs() < 1e-15);
        assert!((levels.change(99.0, Order::Expected) - 100.0_f64.ln()).abs() < 1e-12);
        assert!((levels.change(-99.0, Order::Observed) + 100.0_f64.ln()).abs() < 1e-12);
    }
}
