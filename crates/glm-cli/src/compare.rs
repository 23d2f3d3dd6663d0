//! `glm compare`: an analysis of deviance of saved models.

use glm_model::{Error, Model};
use glm_stats::{DevianceTable, FitSummary, Test};
use serde_json::{Value, json};

use crate::args::{CompareArgs, Format, TestName};
use crate::failure::{Failure, answer};
use crate::table;

/// A model and what it is called.
pub(crate) struct Compared {
    pub(crate) file: String,
    pub(crate) formula: String,
    pub(crate) fit: FitSummary,
}

/// Compares each model with the one before.
pub(crate) fn run(args: &CompareArgs) -> Result<(), Failure> {
    let test = match args.test {
        Some(TestName::Score) => {
            return Err(Failure::not_built("the score test is not built yet; use --test lr or --test f"));
        }
        _ if args.data.is_some() => {
            return Err(Failure::not_built("--data is for the score test, which is not built yet; leave it out"));
        }
        Some(TestName::Lr) => Some(Test::LikelihoodRatio),
        Some(TestName::F) => Some(Test::F),
        None => None,
    };
    let models: Vec<Compared> = args.models.iter().map(|path| load(path)).collect::<Result<_, _>>()?;
    let fits: Vec<FitSummary> = models.iter().map(|model| model.fit.clone()).collect();
    let deviances = glm_stats::compare(&fits, test).map_err(Error::from)?;
    match args.format {
        Format::Json => answer(format!("{:#}\n", json(&models, &deviances))),
        Format::Table => answer(table::of_comparison(&models, &deviances)),
    }
}

fn load(path: &std::path::Path) -> Result<Compared, Failure> {
    let (model, file) = (Model::load(path)?, path.display().to_string());
    let no_deviance = || Failure::usage(format!("{file} is a network, which has no degrees of freedom to compare by"));
    let fit = model.comparison().ok_or_else(no_deviance)?.clone();
    Ok(Compared { formula: model.summary().formula.clone(), fit, file })
}

fn json(models: &[Compared], deviances: &DevianceTable) -> Value {
    let rows = models.iter().zip(&deviances.rows).map(|(model, row)| {
        let change = row.change;
        json!({
            "model": model.file,
            "formula": model.formula,
            "df_residual": row.df_residual,
            "deviance": row.deviance,
            "df": change.map(|change| change.df),
            "deviance_change": change.map(|change| change.deviance),
            "statistic": change.and_then(|change| change.statistic),
            "p_value": change.and_then(|change| change.p_value),
        })
    });
    json!({
        "test": match deviances.test { Test::LikelihoodRatio => "lr", Test::F => "f" },
        "dispersion": deviances.dispersion,
        "df_dispersion": deviances.df_dispersion.is_finite().then_some(deviances.df_dispersion),
        "models": rows.collect::<Vec<_>>(),
    })
}
