//! The table of an analysis of deviance.

use glm_stats::{Change, DevianceTable, Test};

use super::DIGITS;
use crate::compare::Compared;
use crate::number::{column, p_values, significant, stars};
use crate::text_table::{TextColumn, render};

/// The comparison of models, each with the one before.
pub(crate) fn of_comparison(models: &[Compared], deviances: &DevianceTable) -> String {
    let rows = &deviances.rows;
    let all =
        |of: fn(&Change) -> Option<f64>| rows.iter().map(|row| row.change.as_ref().and_then(of)).collect::<Vec<_>>();
    let only = |numbers: Vec<String>| blank_first(numbers);
    let (statistic, p_name) = match deviances.test {
        Test::LikelihoodRatio => ("Chi-square", "Pr(>Chi)"),
        Test::Score => ("Score", "Pr(>Chi)"),
        Test::F => ("F", "Pr(>F)"),
    };
    let p = all(|change| change.p_value);
    let df = rows.iter().map(|row| row.change.map_or(String::new(), |change| change.df.to_string()));
    let columns = [
        TextColumn::right("Resid. Df", rows.iter().map(|row| row.df_residual.to_string()).collect()),
        TextColumn::right("Resid. Dev", column(&rows.iter().map(|row| Some(row.deviance)).collect::<Vec<_>>(), DIGITS)),
        TextColumn::right("Df", df.collect()),
        TextColumn::right("Deviance", only(column(&all(|change| Some(change.deviance)), DIGITS))),
        TextColumn::right(statistic, only(column(&all(|change| change.statistic), DIGITS))),
        TextColumn::right(p_name, only(p_values(&p))),
        TextColumn::left("", p.iter().map(|p| stars(*p).to_owned()).collect()),
        TextColumn::left("", models.iter().map(|model| format!("{}: {}", model.file, model.formula)).collect()),
    ];
    let mut text = "Analysis of deviance\n\n".to_owned() + &render(&columns);
    text += &format!("\nDispersion: {}", significant(deviances.dispersion, DIGITS));
    text += &match deviances.df_dispersion.is_finite() {
        true => format!(", of the largest model, on {} degrees of freedom\n", deviances.df_dispersion),
        false => ", known\n".to_owned(),
    };
    text
}

/// The first model is compared with none.
fn blank_first(mut cells: Vec<String>) -> Vec<String> {
    cells.iter_mut().take(1).for_each(String::clear);
    cells
}
