//! `glm fit`: the arguments become a specification, the file a table, and both a model.

use std::fs;
use std::path::Path;

use glm_frame::{Delimiter, Frame, ReadOptions, Schema, column_names};
use glm_model::{
    AtomicFile, CovarianceChoice, DispersionChoice, Missing, Model, ModelSpec, SolverChoice, Training, WeightsKind,
};

use crate::args::{CovarianceName, FitArgs, Format, Na, NetworkArgs, SolverName, WeightsName};
use crate::failure::{Failure, answer};
use crate::progress::Progress;
use crate::table;

/// Fits, saves and tells.
pub(crate) fn run(args: &FitArgs) -> Result<(), Failure> {
    let spec = specification(args)?;
    let progress = Progress::on_stderr(args.quiet);
    let frame = read(args, &spec, progress)?;
    let model = {
        let _task = progress.task("fitting");
        spec.fit(&frame)?
    };
    if let Some(path) = &args.save {
        save(&model, path)?;
    }
    match args.format {
        Format::Json => answer(json(&model)? + "\n"),
        Format::Table => answer(table::of_model(&model)),
    }
}

/// What the arguments ask for.
fn specification(args: &FitArgs) -> Result<ModelSpec, Failure> {
    Ok(ModelSpec {
        family: args.family.clone(),
        link: args.link.clone(),
        weights: args.weights.clone(),
        weights_kind: args.weights_kind.map_or_else(WeightsKind::default, weights_kind),
        trials: args.trials.clone(),
        offset: args.offset.clone(),
        exposure: args.exposure.clone(),
        solver: solver(args.solver),
        tolerance: args.tolerance,
        max_iterations: args.max_iterations,
        start: args.start.clone(),
        dispersion: match &args.dispersion {
            Some(how) => how.parse()?,
            None => DispersionChoice::default(),
        },
        bias_reduction: args.bias_reduction,
        covariance: args.cluster.clone().map_or_else(|| covariance(args.covariance), CovarianceChoice::Cluster),
        missing: match args.na {
            Na::Error => Missing::Error,
            Na::Omit => Missing::Omit,
        },
        conf_level: args.conf_level,
        ..network(ModelSpec::new(&args.formula), &args.network)
    })
}

/// The rungs above the regression.
fn network(spec: ModelSpec, args: &NetworkArgs) -> ModelSpec {
    let usual = Training::default();
    let training = Training {
        epochs: args.epochs.unwrap_or(usual.epochs),
        rate: args.learning_rate.unwrap_or(usual.rate),
        batch: args.batch.unwrap_or(usual.batch),
        l2: args.l2.unwrap_or(usual.l2),
        dropout: args.dropout.unwrap_or(usual.dropout),
        patience: args.patience.or(usual.patience),
        seed: args.seed.unwrap_or(usual.seed),
        ..usual
    };
    let activation = args.activation.clone().unwrap_or_else(|| spec.activation.clone());
    ModelSpec { skip: args.skip, ..spec.hidden(args.hidden.clone()).activation(activation).training(training) }
}

/// The columns of the file that the model needs.
fn read(args: &FitArgs, spec: &ModelSpec, progress: Progress) -> Result<Frame, Failure> {
    let schema = args.schema.as_deref().map(read_schema).transpose()?;
    let options = ReadOptions { columns: None, schema: schema.as_ref(), delimiter: delimiter(&args.data) };
    let names = column_names(&args.data, &options)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let columns = spec.columns(&names)?;
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let _task = progress.task(format!("reading {}", args.data.display()));
    Ok(Frame::read(&args.data, &ReadOptions { columns: Some(&columns), ..options })?)
}

fn read_schema(path: &Path) -> Result<Schema, Failure> {
    let json = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    Schema::from_json(&json).map_err(|error| Failure::from(error).of_file(path))
}

/// Tabs in files that are named after them.
pub(crate) fn delimiter(path: &Path) -> Delimiter {
    let name = path.to_string_lossy().to_lowercase();
    let is_tabbed = name.trim_end_matches(".gz").ends_with(".tsv");
    if is_tabbed { Delimiter::Tab } else { Delimiter::Comma }
}

/// A model file is written beside and renamed, too.
fn save(model: &Model, path: &Path) -> Result<(), Failure> {
    let text = model.to_json()? + "\n";
    AtomicFile::write_whole(path, text.as_bytes()).map_err(|error| Failure::writing(path, &error))
}

fn json(model: &Model) -> Result<String, Failure> {
    serde_json::to_string_pretty(model.summary())
        .map_err(|error| Failure::usage(format!("the summary has no JSON: {error}")))
}

fn weights_kind(name: WeightsName) -> WeightsKind {
    match name {
        WeightsName::Analytic => WeightsKind::Analytic,
        WeightsName::Frequency => WeightsKind::Frequency,
        WeightsName::Probability => WeightsKind::Probability,
    }
}

fn solver(name: SolverName) -> SolverChoice {
    match name {
        SolverName::Auto => SolverChoice::Auto,
        SolverName::Irls => SolverChoice::Irls,
        SolverName::Fisher => SolverChoice::Fisher,
        SolverName::Newton => SolverChoice::Newton,
        SolverName::GradientDescent => SolverChoice::GradientDescent,
        SolverName::Lbfgs => SolverChoice::Lbfgs,
    }
}

fn covariance(name: CovarianceName) -> CovarianceChoice {
    match name {
        CovarianceName::Model => CovarianceChoice::Model,
        CovarianceName::Hc0 => CovarianceChoice::Hc0,
        CovarianceName::Hc1 => CovarianceChoice::Hc1,
        CovarianceName::Hc2 => CovarianceChoice::Hc2,
        CovarianceName::Hc3 => CovarianceChoice::Hc3,
    }
}
