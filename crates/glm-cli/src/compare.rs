//! `glm compare`: an analysis of deviance of saved models.

use std::path::Path;

use glm_frame::{ColumnType, Frame, ReadOptions, Schema};
use glm_model::{Error, Input, Model, compare_on};
use glm_stats::{DevianceTable, FitSummary, Test};
use serde_json::{Value, json};

use crate::args::{CompareArgs, Format, TestName};
use crate::failure::{Failure, answer};
use crate::fit::delimiter;
use crate::table;

/// A model and what it is called.
pub(crate) struct Compared {
    pub(crate) file: String,
    pub(crate) formula: String,
    pub(crate) fit: FitSummary,
}

/// Compares each model with the one before.
pub(crate) fn run(args: &CompareArgs) -> Result<(), Failure> {
    let test = args.test.map(|name| match name {
        TestName::Lr => Test::LikelihoodRatio,
        TestName::Score => Test::Score,
        TestName::F => Test::F,
    });
    if test == Some(Test::Score) && args.data.is_none() {
        return Err(Failure::usage("the score test needs the data that the models were fitted to: add --data DATA"));
    }
    let loaded: Vec<Model> = args.models.iter().map(|path| load(path)).collect::<Result<_, _>>()?;
    let named = args.models.iter().zip(&loaded);
    let models: Vec<Compared> = named.map(|(path, model)| compared(path, model)).collect::<Result<_, _>>()?;
    let deviances = match &args.data {
        Some(data) => on_data(&loaded, data, test)?,
        None => {
            let fits: Vec<FitSummary> = models.iter().map(|model| model.fit.clone()).collect();
            glm_stats::compare(&fits, test).map_err(Error::from)?
        }
    };
    match args.format {
        Format::Json => answer(format!("{:#}\n", json(&models, &deviances))),
        Format::Table => answer(table::of_comparison(&models, &deviances)),
    }
}

fn load(path: &Path) -> Result<Model, Failure> {
    Ok(Model::load(path)?)
}

fn compared(path: &Path, model: &Model) -> Result<Compared, Failure> {
    let file = path.display().to_string();
    let no_deviance = || {
        let what = if model.spec().hidden.is_empty() { "a model of ordered classes" } else { "a network" };
        Failure::usage(format!("{file} is {what}, which has no degrees of freedom to compare by"))
    };
    let fit = model.comparison().ok_or_else(no_deviance)?.clone();
    Ok(Compared { formula: model.summary().formula.clone(), fit, file })
}

/// The comparison on the data of the fits, which each model reads by the types that its columns had.
fn on_data(models: &[Model], data: &Path, test: Option<Test>) -> Result<DevianceTable, Failure> {
    let read = |model: &Model| {
        let inputs = model.design().inputs();
        let columns: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        let schema = schema(model, &inputs);
        Frame::read(data, &ReadOptions { columns: Some(&columns), schema: Some(&schema), delimiter: delimiter(data) })
    };
    let frames: Vec<Frame> = models.iter().map(read).collect::<Result<_, _>>()?;
    let pairs: Vec<(&Model, &Frame)> = models.iter().zip(&frames).collect();
    Ok(compare_on(&pairs, test)?)
}

/// Numbers where the model needs them, and categories where it knows levels; what is neither is found by reading.
fn schema(model: &Model, inputs: &[Input]) -> Schema {
    let spec = model.spec();
    let counts = |input: &Input| [&spec.weights, &spec.trials].into_iter().flatten().any(|name| *name == input.name);
    let typed = inputs.iter().filter_map(|input| {
        let kind = match &input.levels {
            _ if input.reads_as_numbers() || counts(input) => ColumnType::Number {},
            Some(_) => ColumnType::Category { levels: None, contrasts: None },
            None => return None,
        };
        Some((input.name.clone(), kind))
    });
    Schema { columns: typed.collect() }
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
        "test": match deviances.test { Test::LikelihoodRatio => "lr", Test::Score => "score", Test::F => "f" },
        "dispersion": deviances.dispersion,
        "df_dispersion": deviances.df_dispersion.is_finite().then_some(deviances.df_dispersion),
        "models": rows.collect::<Vec<_>>(),
    })
}
