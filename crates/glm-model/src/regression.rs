//! The first rungs of the ladder: a formula, a table and a family become a fitted regression.

use glm_core::{Response, spec as names};
use glm_frame::{Columns, FittedDesign, Formula, Frame};
use glm_solvers::{BiasReduction, Fit, Solver, TweedieLimit, fit_bias_reduced, fit_negative_binomial, fit_tweedie};
use glm_stats::{Estimates, FitSummary};
use nn::Observer;

use crate::model::Fitted;
use crate::naming::Names;
use crate::rows::{Kind, Rows};
use crate::summary::{self, WarningSummary, number};
use crate::{DispersionChoice, Error, Model, ModelSpec, Power, Summary, Theta, WeightsKind, network, ordinal, robust};

pub(crate) fn fit(spec: &ModelSpec, frame: &Frame, observer: &mut dyn Observer) -> Result<Model, Error> {
    let kind = Kind::of(spec)?;
    check(spec, &kind)?;
    let formula = Formula::parse(&spec.formula).map_err(|fault| Error::Data(fault.into()))?;
    let (design, columns) = FittedDesign::learn(&formula, frame, &spec.options())?;
    let label = design.response_label().unwrap_or_default().to_owned();
    let rows = Rows::of(spec, &kind, &columns, &label)?;
    let (columns, rows, label) = (&columns, &rows, &label);
    let (fitted, summary) = match spec.hidden.is_empty() {
        true => Regression { spec, frame, columns, rows, label, design: &design }.fit(&kind)?,
        false => network::Fit { spec, frame, columns, rows, label, design: &design }.fit(&kind, observer)?,
    };
    Ok(Model::new(spec.clone(), design, fitted, summary))
}

/// Refuses settings that cannot be.
fn check(spec: &ModelSpec, kind: &Kind) -> Result<(), Error> {
    robust::check(spec, kind)?;
    if spec.hidden.is_empty() && (spec.skip || spec.nested.is_some()) {
        let message = "a network stands on a regression only if it has hidden layers; give their widths".to_owned();
        return Err(Error::Usage { message });
    }
    if !(spec.conf_level > 0.0 && spec.conf_level < 1.0) {
        return Err(glm_stats::Error::Level { level: spec.conf_level }.into());
    }
    Ok(())
}

struct Regression<'a> {
    spec: &'a ModelSpec,
    frame: &'a Frame,
    columns: &'a Columns<'a>,
    rows: &'a Rows<'a>,
    label: &'a str,
    design: &'a FittedDesign,
}

impl Regression<'_> {
    fn fit(&self, kind: &Kind) -> Result<(Fitted, Summary), Error> {
        match kind {
            Kind::Plain(response) => {
                let family = response.family().map_or_else(|| response.name(), |family| family.name().to_string());
                let link = response.link().map(|link| link.name());
                self.plain(&**response, family, link)
            }
            Kind::Multinomial => {
                let classes = self.rows.levels.as_ref().map_or(0, Vec::len);
                let response = names::response(&format!("multinomial({classes})")).map_err(Error::Name)?;
                self.plain(&*response, "multinomial".to_owned(), Some("logit".to_owned()))
            }
            Kind::NegativeBinomial(link) => self.negative_binomial(&**link),
            Kind::Tweedie(link) => self.tweedie(&**link),
            Kind::Ordinal(link) => {
                let Self { spec, frame, columns, rows, label, design } = *self;
                ordinal::Fit { spec, frame, columns, rows, label, design }.fit(*link)
            }
        }
    }

    /// A response with nothing of its own to estimate.
    fn plain(&self, response: &dyn Response, family: String, link: Option<String>) -> Result<(Fitted, Summary), Error> {
        let terms = self.terms(response.n_predictors());
        let around = self.around(&terms, family, link);
        let describe = |fit: &Fit| Summary::of(fit, &around);
        let names = self.names(&terms, &describe);
        let design = self.columns.design()?;
        let problem = self.rows.problem(&*design, response, self.columns.offset());
        let problem = problem.and_then(|problem| problem.with_dispersion(self.spec.dispersion.estimate()));
        let problem = problem.map_err(|error| names.solver(error))?;
        let fit = match self.spec.bias_reduction {
            false => solver(self.spec).and_then(|solver| solver.fit(&problem)),
            true => fit_bias_reduced(&problem, BiasReduction::MeanAdjustedScore).map(|reduced| reduced.fit),
        };
        let fit = fit.map_err(|error| names.solver(error))?;
        let fit = robust::with_covariance(fit, &problem, &self.spec.covariance, (self.frame, self.columns))?;
        let summary = describe(&fit)?;
        Ok((fitted(&fit), summary))
    }

    fn negative_binomial(&self, link: &dyn glm_core::Link) -> Result<(Fitted, Summary), Error> {
        if self.spec.bias_reduction {
            let message = "bias reduction needs θ: write negative-binomial(θ)".to_owned();
            return Err(Error::Usage { message });
        }
        let terms = self.terms(1);
        let around = self.around(&terms, "negative-binomial".to_owned(), Some(link.name()));
        let describe = |fit: &Fit| Summary::of(fit, &around);
        let names = self.names(&terms, &describe);
        let design = self.columns.design()?;
        let poisson = names::pair("poisson", &link.name()).map_err(Error::Name)?;
        let problem = self.rows.problem(&*design, &*poisson, self.columns.offset());
        let problem = problem.and_then(|problem| problem.with_dispersion(self.spec.dispersion.estimate()));
        let problem = problem.map_err(|error| names.solver(error))?;
        let found = solver(self.spec).and_then(|solver| fit_negative_binomial(&solver, &problem, link));
        let found = found.map_err(|error| names.solver(error))?;
        let mut summary = describe(&found.fit)?;
        summary.theta =
            Some(Theta { estimate: found.theta.and_then(number), std_error: found.theta_std_error.and_then(number) });
        if found.theta.is_none() {
            let message = "the counts vary no more than Poisson counts: θ is infinite, and this is the Poisson fit";
            summary.warnings.push(WarningSummary::new("poisson_limit", message));
        }
        Ok((fitted(&found.fit), summary))
    }

    fn tweedie(&self, link: &dyn glm_core::Link) -> Result<(Fitted, Summary), Error> {
        self.check_tweedie()?;
        let terms = self.terms(1);
        let around = self.around(&terms, "tweedie".to_owned(), Some(link.name()));
        let describe = |fit: &Fit| Summary::of(fit, &around);
        let names = self.names(&terms, &describe);
        let design = self.columns.design()?;
        // All powers have the same support.
        let response = names::pair("tweedie(1.5)", &link.name()).map_err(Error::Name)?;
        let problem = self.rows.problem(&*design, &*response, self.columns.offset());
        let problem = problem.map_err(|error| names.solver(error))?;
        let found = solver(self.spec).and_then(|solver| fit_tweedie(&solver, &problem, link));
        let found = found.map_err(|error| names.solver(error))?;
        let mut summary = describe(&found.fit)?;
        let (estimate, std_error) = (found.power.and_then(number), found.power_std_error.and_then(number));
        summary.power = Some(Power { estimate, std_error });
        summary.warnings.extend(found.limit.map(|limit| match limit {
            TweedieLimit::Poisson => {
                let message =
                    "the likelihood rises towards the power 1: this is the quasi-Poisson fit, without likelihood";
                WarningSummary::new("poisson_limit", message)
            }
            TweedieLimit::Gamma => {
                let message = "the likelihood rises towards the power 2: this is the gamma fit";
                WarningSummary::new("gamma_limit", message)
            }
        }));
        Ok((fitted(&found.fit), summary))
    }

    /// Refuses what the profile likelihood of the power leaves no room for.
    fn check_tweedie(&self) -> Result<(), Error> {
        let refuse = |what: &str| Err(Error::Usage { message: format!("{what}: write tweedie(POWER)") });
        let is_sample = self.spec.weights.is_some() && self.spec.weights_kind == WeightsKind::Probability;
        match self.spec.dispersion {
            _ if self.spec.bias_reduction => refuse("bias reduction needs the power"),
            _ if is_sample => refuse("with sampling weights there is no likelihood to estimate the power by"),
            DispersionChoice::Family | DispersionChoice::Ml => Ok(()),
            _ => refuse("with the power the dispersion is estimated, by maximum likelihood; another needs the power"),
        }
    }

    /// The names of the coefficients, predictor by predictor.
    fn terms(&self, predictors: usize) -> Vec<String> {
        let names = self.design.names();
        match &self.rows.levels {
            Some(levels) if predictors > 1 || levels.len() > 2 => {
                let first = levels.len().saturating_sub(predictors);
                levels[first..]
                    .iter()
                    .flat_map(|level| names.iter().map(move |name| format!("{level}:{name}")))
                    .collect()
            }
            _ => names.to_vec(),
        }
    }

    fn around<'b>(&'b self, terms: &'b [String], family: String, link: Option<String>) -> summary::Frame<'b> {
        let Self { spec, frame: table, columns, rows, label, .. } = *self;
        summary::Frame { spec, terms, rows, label, table, columns, family, link }
    }

    fn names<'b>(&'b self, terms: &'b [String], describe: &'b dyn Fn(&Fit) -> Result<Summary, Error>) -> Names<'b> {
        Names {
            frame: self.frame,
            columns: self.columns,
            terms,
            response: self.label,
            weights: self.spec.weights.as_deref(),
            levels: self.rows.levels.as_deref(),
            describe,
        }
    }
}

/// The solver with the settings of a specification.
pub(crate) fn solver(spec: &ModelSpec) -> Result<Solver, glm_solvers::Error> {
    let mut solver = spec.solver.solver();
    if let Some(tolerance) = spec.tolerance {
        solver = solver.with_tolerance(tolerance)?;
    }
    if let Some(most) = spec.max_iterations {
        solver = solver.with_max_iterations(most);
    }
    Ok(match &spec.start {
        Some(start) => solver.with_start(start.clone()),
        None => solver,
    })
}

/// What is kept of a fit.
fn fitted(fit: &Fit) -> Fitted {
    Fitted::Regression { estimates: Box::new(Estimates::from(fit)), comparison: Box::new(FitSummary::from(fit)) }
}
