//! What a family makes of a response and its weights: y, prior weights, and the names of classes.

use std::borrow::Cow;

use glm_frame::{Columns, Frame, ResponseData};
use glm_solvers::{Problem, Weights};

use crate::{Error, ModelSpec, WeightsKind};

/// The family and link of a specification, as far as they are known before the data.
pub(crate) enum Kind {
    /// A family with a link.
    Plain(Box<dyn glm_core::Response>),
    /// The negative binomial with θ to be estimated.
    NegativeBinomial(Box<dyn glm_core::Link>),
    /// Tweedie with the power to be estimated.
    Tweedie(Box<dyn glm_core::Link>),
    /// Classes without order.
    Multinomial,
    /// Classes in order.
    Ordinal(glm_core::CumulativeLink),
}

/// The response of the rows that are used.
pub(crate) struct Rows<'a> {
    /// y as the family reads it.
    pub(crate) y: Cow<'a, [f64]>,
    /// Analytic weights: trials times prior weights; `None` is all ones.
    pub(crate) analytic: Option<Vec<f64>>,
    /// Frequencies or sampling weights.
    pub(crate) other: Option<Weights>,
    /// The levels, where the response is a category.
    pub(crate) levels: Option<Vec<String>>,
}

impl Kind {
    pub(crate) fn of(spec: &ModelSpec) -> Result<Self, Error> {
        let word: String = spec.family.trim().to_ascii_lowercase().replace(['_', '.', ' '], "-");
        match (word.as_str(), &spec.link) {
            ("negative-binomial", link) => {
                let link = link.as_deref().unwrap_or("log");
                Ok(Self::NegativeBinomial(glm_core::spec::link(link).map_err(Error::Name)?))
            }
            ("tweedie", link) => {
                let link = link.as_deref().unwrap_or("log");
                Ok(Self::Tweedie(glm_core::spec::link(link).map_err(Error::Name)?))
            }
            ("ordinal" | "cumulative", link) => {
                link.as_deref().unwrap_or("logit").parse().map(Self::Ordinal).map_err(Error::Name)
            }
            ("multinomial" | "softmax", None) => Ok(Self::Multinomial),
            ("multinomial" | "softmax", Some(link)) if link.eq_ignore_ascii_case("logit") => Ok(Self::Multinomial),
            ("multinomial" | "softmax", Some(link)) => {
                Err(Error::Usage { message: format!("a multinomial response has the logit link, not `{link}`") })
            }
            (_, Some(link)) => {
                let pair = glm_core::spec::pair(&spec.family, link).map_err(|error| missing_name(error, spec))?;
                Ok(Self::Plain(pair))
            }
            (_, None) => {
                let response = glm_core::spec::response(&spec.family).map_err(|error| missing_name(error, spec))?;
                Ok(Self::Plain(response))
            }
        }
    }

    /// Whether the response is a probability.
    fn is_binomial(&self) -> bool {
        match self {
            Self::Plain(response) => {
                response.family().is_some_and(|family| ["binomial", "quasi-binomial"].contains(&family.name().as_str()))
            }
            _ => false,
        }
    }

    /// The family's name.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Plain(response) => {
                response.family().map_or_else(|| response.name(), |family| family.name().to_string())
            }
            Self::NegativeBinomial(_) => "negative-binomial".to_owned(),
            Self::Tweedie(_) => "tweedie".to_owned(),
            Self::Multinomial => "multinomial".to_owned(),
            Self::Ordinal(_) => "ordinal".to_owned(),
        }
    }
}

/// The names that only this crate knows belong to the list too.
fn missing_name(error: glm_core::Error, spec: &ModelSpec) -> Error {
    match error {
        glm_core::Error::UnknownName { kind: "family", known, .. } => Error::Name(glm_core::Error::UnknownName {
            kind: "family",
            name: spec.family.clone(),
            known: format!("{known}, negative-binomial, tweedie, multinomial, ordinal"),
        }),
        error => Error::Name(error),
    }
}

impl<'a> Rows<'a> {
    pub(crate) fn of(spec: &ModelSpec, kind: &Kind, columns: &Columns<'a>, label: &str) -> Result<Self, Error> {
        let mut rows = match (columns.response(), kind) {
            (None, _) => return Err(glm_frame::Error::NoResponse.into()),
            (Some(ResponseData::Numbers(_)), Kind::Multinomial | Kind::Ordinal(_)) => {
                let refused = "numbers".to_owned();
                return Err(refuse(
                    label,
                    kind,
                    "a category",
                    refused,
                    "name its levels in a schema, or write factor()",
                ));
            }
            (Some(ResponseData::Numbers(y)), _) => Self::plain(y.clone()),
            (Some(ResponseData::Classes { codes, levels, .. }), Kind::Multinomial | Kind::Ordinal(_)) => Self {
                levels: Some(levels.clone()),
                ..Self::plain(Cow::Owned(codes.iter().map(|code| f64::from(*code)).collect()))
            },
            (Some(ResponseData::Classes { codes, levels, .. }), kind) if kind.is_binomial() && levels.len() <= 2 => {
                Self {
                    levels: Some(levels.clone()),
                    ..Self::plain(Cow::Owned(codes.iter().map(|code| f64::from(*code)).collect()))
                }
            }
            (Some(ResponseData::Classes { levels, .. }), kind) => {
                let found = format!("a category of {} levels", levels.len());
                let needed = if kind.is_binomial() { "0 and 1, or two levels" } else { "numbers" };
                return Err(refuse(label, kind, needed, found, "use the family multinomial for classes"));
            }
            (Some(ResponseData::Counts { successes, failures }), kind) if kind.is_binomial() => {
                Self::counts(successes, failures)
            }
            (Some(_), kind) => {
                return Err(refuse(label, kind, "one column", "two".to_owned(), "cbind() is for binomial responses"));
            }
        };
        rows.add_weights(spec, kind, columns)?;
        Ok(rows)
    }

    fn plain(y: Cow<'a, [f64]>) -> Self {
        Self { y, analytic: None, other: None, levels: None }
    }

    /// The share of successes, with the number of trials as its weight; without trials it is absent.
    fn counts(successes: &[f64], failures: &[f64]) -> Self {
        let trials: Vec<f64> = successes.iter().zip(failures).map(|(s, f)| s + f).collect();
        let share = |(s, n): (&f64, &f64)| if *n == 0.0 { 0.0 } else { s / n };
        let y = successes.iter().zip(&trials).map(share).collect();
        Self { analytic: Some(trials), ..Self::plain(Cow::Owned(y)) }
    }

    fn add_weights(&mut self, spec: &ModelSpec, kind: &Kind, columns: &Columns<'_>) -> Result<(), Error> {
        if let Some(trials) = &spec.trials {
            if !kind.is_binomial() || self.analytic.is_some() || self.levels.is_some() {
                let message = format!("trials (`{trials}`) belong to a binomial response that is a proportion");
                return Err(Error::Usage { message });
            }
            self.multiply(&columns.numbers(trials)?);
        }
        let Some(name) = &spec.weights else { return Ok(()) };
        let weights = columns.numbers(name)?;
        match spec.weights_kind {
            WeightsKind::Analytic => self.multiply(&weights),
            WeightsKind::Frequency => self.other = Some(Weights::Frequency(weights.into_owned())),
            WeightsKind::Probability => self.other = Some(Weights::Probability(weights.into_owned())),
        }
        Ok(())
    }

    fn multiply(&mut self, weights: &[f64]) {
        match &mut self.analytic {
            Some(analytic) => analytic.iter_mut().zip(weights).for_each(|(own, by)| *own *= by),
            None => self.analytic = Some(weights.to_vec()),
        }
    }

    /// What each row counts for, where that is not one.
    pub(crate) fn total(&self) -> Option<Vec<f64>> {
        let other = match &self.other {
            Some(Weights::Frequency(weights) | Weights::Probability(weights)) => Some(weights),
            _ => None,
        };
        match (&self.analytic, other) {
            (Some(own), Some(other)) => Some(own.iter().zip(other).map(|(a, b)| a * b).collect()),
            (own, other) => own.as_ref().or(other).cloned(),
        }
    }

    /// The problem of these rows.
    pub(crate) fn problem<'b>(
        &self,
        design: &'b dyn glm_core::Design,
        response: &'b dyn glm_core::Response,
        offset: Option<&[f64]>,
    ) -> Result<Problem<'b>, glm_solvers::Error> {
        let mut problem = Problem::new(design, response, self.y.to_vec())?;
        if let Some(analytic) = &self.analytic {
            problem = problem.with_weights(analytic.clone())?;
        }
        if let Some(other) = &self.other {
            problem = problem.with_weights(other.clone())?;
        }
        match offset {
            Some(offset) => problem.with_offset(offset.repeat(response.n_predictors())),
            None => Ok(problem),
        }
    }
}

fn refuse(label: &str, kind: &Kind, needed: &'static str, found: String, advice: &'static str) -> Error {
    Error::Response { response: label.to_owned(), family: kind.name(), needed, found, advice }
}

/// The place of a used row, for messages.
pub(crate) fn place(frame: &Frame, columns: &Columns<'_>, used: usize) -> glm_frame::Place {
    frame.place(columns.row(used))
}
