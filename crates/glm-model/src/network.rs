//! The upper rungs: a network on the columns that the regression of the same formula would have.
//!
//! Inputs are standardised by the means and standard deviations of the rows of the fit, which the model remembers. On
//! top of a regression ([`ModelSpec::skip`], [`ModelSpec::nest`]) the network learns what is added to its linear
//! predictor: `η = η of the regression + head(hidden(x))`, the head beginning at zero, so that the model is the
//! regression until the first step.

pub(crate) mod inputs;
mod training;

use glm_core::{Dense as DenseDesign, Response, spec as names};
use glm_frame::{Columns, FittedDesign, Frame};
use glm_stats::{Estimates, SavedEstimates};
use nn::{Data, Network, Observer, Trained};
use serde::{Deserialize, Serialize};

use crate::model::Fitted;
use crate::naming::Names;
use crate::rows::{Kind, Rows};
use crate::summary::{self, TrainingSummary, WarningSummary, number};
use crate::{DispersionChoice, Error, Model, ModelSpec, SolverChoice, Summary};
use inputs::Inputs;

/// A network with its parameters, as it is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FittedNetwork {
    response: String,
    hidden: Vec<usize>,
    activation: String,
    inputs: Inputs,
    /// In the order of [`Network::blocks`].
    params: Vec<f64>,
    base: Option<Nested>,
}

/// The regression that a network stands on: its design and its estimates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nested {
    design: FittedDesign,
    estimates: SavedEstimates,
}

impl Nested {
    /// Of a fitted regression; `None` of a network.
    pub(crate) fn of(model: &Model) -> Option<Self> {
        let estimates = SavedEstimates::from(model.estimates()?);
        Some(Self { design: model.design.clone(), estimates })
    }

    /// The linear predictors of the rows that are used, predictor by predictor.
    fn eta(&self, frame: &Frame, columns: &Columns<'_>) -> Result<Vec<f64>, Error> {
        let own = self.design.columns(frame)?;
        let estimates = Estimates::try_from(self.estimates.clone())?;
        let offset = own.offset().unwrap_or_default().repeat(estimates.n_predictors());
        let eta = estimates.linear_predictor(&*own.design()?, &offset)?;
        let mut of_row = vec![usize::MAX; frame.n_rows()];
        (0..own.n_rows()).for_each(|used| of_row[own.row(used)] = used);
        let mut all = Vec::with_capacity(columns.n_rows() * estimates.n_predictors());
        for eta in eta.chunks_exact(own.n_rows()) {
            for used in 0..columns.n_rows() {
                let value = eta.get(of_row[columns.row(used)]).copied().filter(|value| value.is_finite());
                all.push(value.ok_or_else(|| Error::Value {
                    place: Box::new(frame.place(columns.row(used))),
                    what: "the linear predictor of the regression below".to_owned(),
                    value: f64::NAN,
                    advice: "it has missing values there, or does not determine it".to_owned(),
                })?);
            }
        }
        Ok(all)
    }
}

impl FittedNetwork {
    /// The name of the response.
    pub(crate) fn response(&self) -> &str {
        &self.response
    }

    /// The network, which must be as large as its parameters.
    pub(crate) fn trained(&self) -> Result<Trained<f64>, Error> {
        let network = network(&self.response, self.inputs.width(), &self.hidden, &self.activation, 0.0)?;
        network.with_params(self.params.clone()).map_err(network_error)
    }

    /// The linear predictors of the rows that are used.
    pub(crate) fn eta(&self, frame: &Frame, columns: &Columns<'_>) -> Result<Vec<f64>, Error> {
        let trained = self.trained()?;
        let inputs = self.inputs.of(&*columns.design()?)?;
        let offset = offset(self.base.as_ref(), frame, columns, trained.network.output().n_predictors())?;
        trained.linear_predictor(inputs.iter().map(Vec::as_slice), &offset).map_err(network_error)
    }
}

/// What is added to the top linear predictors: the regression below, or the offset.
fn offset(base: Option<&Nested>, frame: &Frame, columns: &Columns<'_>, predictors: usize) -> Result<Vec<f64>, Error> {
    match base {
        Some(base) => base.eta(frame, columns),
        None => Ok(columns.offset().unwrap_or_default().repeat(predictors)),
    }
}

fn network(response: &str, width: usize, hidden: &[usize], activation: &str, dropout: f64) -> Result<Network, Error> {
    let mut network = Network::new(width, names::response(response).map_err(Error::Name)?).map_err(network_error)?;
    for width in hidden {
        let activation = names::activation(activation).map_err(Error::Name)?;
        network =
            network.dropout(dropout).and_then(|network| network.hidden(*width, activation)).map_err(network_error)?;
    }
    network.dropout(dropout).map_err(network_error)
}

fn network_error(error: nn::Error) -> Error {
    match error {
        nn::Error::Core(error) => Error::Input(error),
        error @ nn::Error::Diverged { .. } => {
            Error::NotConverged { solver: "adam".to_owned(), reason: error.to_string(), best: None }
        }
        error => Error::Network(Box::new(error)),
    }
}

/// What a network is fitted from.
pub(crate) struct Fit<'a> {
    pub(crate) spec: &'a ModelSpec,
    pub(crate) frame: &'a Frame,
    pub(crate) design: &'a FittedDesign,
    pub(crate) columns: &'a Columns<'a>,
    pub(crate) rows: &'a Rows<'a>,
    pub(crate) label: &'a str,
}

impl Fit<'_> {
    pub(crate) fn fit(&self, kind: &Kind, observer: &mut dyn Observer) -> Result<(Fitted, Summary), Error> {
        let spec = self.spec;
        self.check()?;
        let base = self.base()?;
        let response = self.response(kind, base.as_ref())?;
        let names = self.names();
        let (null_deviance, null) = self.null(&*response, &names)?;
        let matrix = self.columns.design()?;
        let inputs = Inputs::learn(&*matrix)?;
        let standardised = inputs.of(&*matrix)?;
        let (q, weights) = (response.n_predictors(), self.rows.total().unwrap_or_default());
        let offset = offset(base.as_ref(), self.frame, self.columns, q)?;
        let data = Data::new(standardised.iter().map(Vec::as_slice), &self.rows.y);
        let data = data.and_then(|data| if weights.is_empty() { Ok(data) } else { data.with_weights(&weights) });
        let data = data.and_then(|data| if offset.is_empty() { Ok(data) } else { data.with_offset(&offset) });
        let in_words = |error| match error {
            nn::Error::Core(error) => names.input(error),
            error => network_error(error),
        };
        let data = data.map_err(in_words)?;
        let net = network(&response.name(), inputs.width(), &spec.hidden, &spec.activation, spec.training.dropout)?;
        let start = if base.is_some() { None } else { Some(null.as_slice()) };
        let run = training::Run { network: &net, data: &data, settings: &spec.training, start };
        let trained = run.train(observer).map_err(in_words)?;
        let deviance = 2.0 * trained.loss(&data).map_err(in_words)? * data.total_weight();
        let mut summary = self.summary(kind, &*response, base.is_some(), &trained);
        (summary.deviance, summary.null_deviance) = (number(deviance), null_deviance);
        let (hidden, activation) = (spec.hidden.clone(), spec.activation.clone());
        let params = trained.params;
        let fitted = FittedNetwork { response: response.name(), hidden, activation, inputs, params, base };
        Ok((Fitted::Network(Box::new(fitted)), summary))
    }

    /// The words of errors; the null model, which is all that a solver fits here, is never described.
    fn names(&self) -> Names<'_> {
        Names {
            frame: self.frame,
            columns: self.columns,
            terms: &[],
            response: self.label,
            weights: self.spec.weights.as_deref(),
            levels: self.rows.levels.as_deref(),
            describe: &|fit| Err(Error::Usage { message: fit.response.clone() }),
        }
    }

    /// Refuses what only a regression has.
    fn check(&self) -> Result<(), Error> {
        let (spec, refuse) = (self.spec, |what: &str| {
            let message =
                format!("{what} belongs to a regression; leave it out, or put the network on one with `skip`");
            Err(Error::Usage { message })
        });
        match () {
            () if spec.skip => Ok(()),
            () if spec.bias_reduction => refuse("bias reduction"),
            () if spec.solver != SolverChoice::Auto => refuse("a solver"),
            () if spec.dispersion != DispersionChoice::Family => refuse("an estimate of the dispersion"),
            () if spec.start.is_some() => refuse("a start"),
            () => Ok(()),
        }
    }

    fn base(&self) -> Result<Option<Nested>, Error> {
        let base = match (&self.spec.nested, self.spec.skip) {
            (Some(nested), _) => Some((**nested).clone()),
            (None, true) => {
                let regression = ModelSpec { hidden: Vec::new(), skip: false, ..self.spec.clone() };
                Nested::of(&regression.fit(self.frame)?)
            }
            (None, false) => None,
        };
        match &base {
            Some(base) if base.design.has_offset() != self.design.has_offset() => {
                let message =
                    "the network and the regression below it must both have the offset, or neither".to_owned();
                Err(Error::Usage { message })
            }
            _ => Ok(base),
        }
    }

    /// The response, with θ where the regression below has estimated one.
    fn response(&self, kind: &Kind, base: Option<&Nested>) -> Result<Box<dyn Response>, Error> {
        let below = base.map(|base| base.estimates.response.clone());
        let own = match kind {
            Kind::Plain(response) => response.name(),
            Kind::Ordinal(_) => {
                let message = "a network of ordered classes is not possible; use the family multinomial".to_owned();
                return Err(Error::Usage { message });
            }
            Kind::Multinomial => format!("multinomial({})", self.rows.levels.as_ref().map_or(0, Vec::len)),
            Kind::Tweedie(_) => below.clone().ok_or_else(|| Error::Usage {
                message: "a network needs the power of its Tweedie family: write tweedie(POWER), or put it on a \
                          regression with `skip`"
                    .to_owned(),
            })?,
            Kind::NegativeBinomial(_) => below.clone().ok_or_else(|| Error::Usage {
                message: "a network needs the θ of its negative binomial: write negative-binomial(θ), or put it on a \
                          regression with `skip`"
                    .to_owned(),
            })?,
        };
        if let Some(below) = below.filter(|below| *below != own) {
            let message =
                format!("the network is of {own}, and the regression below it of {below}; they must be the same");
            return Err(Error::Usage { message });
        }
        names::response(&own).map_err(Error::Name)
    }

    /// The deviance of the model without any column, and its linear predictors.
    fn null(&self, response: &dyn Response, names: &Names<'_>) -> Result<(Option<f64>, Vec<f64>), Error> {
        let constant = DenseDesign::intercept_only(self.columns.n_rows()).map_err(|error| names.input(error))?;
        let problem = self.rows.problem(&constant, response, self.columns.offset());
        let problem = problem.map_err(|error| names.solver(error))?;
        Ok(match glm_solvers::auto().fit(&problem) {
            Ok(fit) => (number(fit.deviance), fit.coefficients),
            Err(_) => (None, vec![0.0; response.n_predictors()]),
        })
    }

    fn summary(&self, kind: &Kind, response: &dyn Response, on_regression: bool, trained: &Trained<f64>) -> Summary {
        let standardised =
            "the columns were standardised by their means and standard deviations on the rows of the fit";
        let mut warnings = vec![WarningSummary::new("inputs_standardised", standardised)];
        if on_regression {
            let message =
                "the network is added to the linear predictor of the regression below it, which stays as it is";
            warnings.push(WarningSummary::new("on_regression", message));
        }
        let n_used = self.rows.total().map_or(self.rows.y.len(), |w| w.iter().filter(|w| **w > 0.0).count());
        let (family, link) = (kind.name(), response.link().map(|link| link.name()));
        let Self { spec, frame: table, columns, rows, label, .. } = *self;
        let around = summary::Frame { spec, terms: &[], rows, label, table, columns, family, link };
        Summary {
            solver: "adam".to_owned(),
            n_used,
            warnings,
            hidden: Some(spec.hidden.clone()),
            activation: Some(spec.activation.clone()),
            n_params: Some(trained.params.len()),
            training: Some(TrainingSummary::of(trained, &spec.training)),
            ..Summary::empty(&around)
        }
        .with_rows_omitted()
    }
}
