//! The table of coefficients: estimates, tests, stars and intervals.

use glm_model::{Coefficient, Summary};

use crate::number::{columns, decimals_column, p_values, significant, stars};
use crate::text_table::{TextColumn, render};

/// Digits of estimates and standard errors, as R's `summary` has them.
const DIGITS: usize = 4;
/// Decimals of z and t.
const DECIMALS: usize = 3;

const LEGEND: &str = "Signif. codes: 0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1\n";

/// The coefficients of a fit.
pub(crate) fn table(summary: &Summary, conf_level: f64) -> String {
    let rows = &summary.coefficients;
    let all = |of: fn(&Coefficient) -> Option<f64>| rows.iter().map(of).collect::<Vec<_>>();
    let statistic = summary.statistic.as_deref().unwrap_or("z");
    let p = all(|row| row.p_value);
    let (low, high) = bounds(conf_level);
    let estimated = [all(|row| row.estimate), all(|row| row.std_error)];
    let ends = [all(|row| row.conf_low), all(|row| row.conf_high)];
    let mut numbers = columns(&[&estimated[0], &estimated[1]], DIGITS, &[&ends[0], &ends[1]]).into_iter();
    let mut next = || numbers.next().unwrap_or_default();
    let (estimate, std_error, conf_low, conf_high) = (next(), next(), next(), next());
    let table = [
        TextColumn::left("", rows.iter().map(|row| row.term.clone()).collect()),
        TextColumn::right("Estimate", estimate),
        TextColumn::right("Std. Error", std_error),
        TextColumn::right(&format!("{statistic} value"), decimals_column(&all(|row| row.statistic), DECIMALS)),
        TextColumn::right(&format!("Pr(>|{statistic}|)"), p_values(&p)),
        TextColumn::left("", p.iter().map(|p| stars(*p).to_owned()).collect()),
        TextColumn::right(&low, conf_low),
        TextColumn::right(&high, conf_high),
    ];
    let mut text = render(&table);
    text += "---\n";
    if p.iter().any(|p| !stars(*p).is_empty()) {
        text += LEGEND;
    }
    match rows.iter().filter(|row| row.aliased).count() {
        0 => {}
        1 => text += "NA: not estimable, a linear combination of the terms above it\n",
        _ => text += "NA: not estimable, linear combinations of the terms above them\n",
    }
    text
}

/// The headings of an interval: `2.5 %` and `97.5 %`.
fn bounds(level: f64) -> (String, String) {
    let tail = (1.0 - level) / 2.0;
    let percent = |share: f64| format!("{} %", significant(100.0 * share, 6));
    (percent(tail), percent(1.0 - tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_the_quantiles() {
        assert_eq!(bounds(0.95), ("2.5 %".to_owned(), "97.5 %".to_owned()));
        assert_eq!(bounds(0.9), ("5 %".to_owned(), "95 %".to_owned()));
        assert_eq!(bounds(0.999), ("0.05 %".to_owned(), "99.95 %".to_owned()));
    }
}
