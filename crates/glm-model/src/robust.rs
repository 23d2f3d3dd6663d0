//! Robust covariances of regressions: which are built for what, and the clusters of rows.
//!
//! Estimates, deviance and likelihood stay those of the model, and statistics are referred to what the model's are: z where
//! the dispersion is known, t where it is estimated.

use glm_frame::{Column, Columns, Error as Data, Frame};
use glm_solvers::{Fit, Problem};
use glm_stats::{Robust, with_robust_covariance};

use crate::rows::Kind;
use crate::{CovarianceChoice, Error, ModelSpec, WeightsKind};

/// Refuses covariances that are not built, and those that two settings ask for in two ways.
pub(crate) fn check(spec: &ModelSpec, kind: &Kind) -> Result<(), Error> {
    if spec.covariance == CovarianceChoice::Model {
        return Ok(());
    }
    let (name, advice) = (spec.covariance.name(), "use the covariance of the model");
    let elsewhere = |what: &str| Err(Error::NotBuilt { what: format!("the covariance {name} {what}"), advice });
    match () {
        () if !spec.hidden.is_empty() => elsewhere("of a network"),
        () if !matches!(kind, Kind::Plain(_)) => elsewhere(&format!("of {}", kind.name())),
        () if spec.bias_reduction => elsewhere("with bias reduction"),
        () if spec.weights_kind == WeightsKind::Probability && spec.weights.is_some() => {
            let message = format!("with sampling weights the covariance is robust already; leave {name} out");
            Err(Error::Usage { message })
        }
        () => Ok(()),
    }
}

/// The fit with the covariance that is asked for.
pub(crate) fn with_covariance(
    fit: Fit,
    problem: &Problem<'_>,
    choice: &CovarianceChoice,
    (frame, columns): (&Frame, &Columns<'_>),
) -> Result<Fit, Error> {
    let clusters = choice.cluster().map(|column| clusters(column, frame, columns)).transpose()?;
    let robust = match (choice, &clusters) {
        (CovarianceChoice::Hc0, _) => Robust::Hc0,
        (CovarianceChoice::Hc1, _) => Robust::Hc1,
        (CovarianceChoice::Hc2, _) => Robust::Hc2,
        (CovarianceChoice::Hc3, _) => Robust::Hc3,
        (_, Some(clusters)) => Robust::Cluster(clusters),
        (_, None) => return Ok(fit),
    };
    Ok(with_robust_covariance(fit, problem, robust)?)
}

/// The cluster of each row in use, numbered by its value in a column.
fn clusters(name: &str, frame: &Frame, columns: &Columns<'_>) -> Result<Vec<usize>, Error> {
    let rows = (0..columns.n_rows()).map(|used| columns.row(used));
    match frame.column(name) {
        Some(Column::Categories(factor)) => Ok(rows.map(|row| factor.codes[row] as usize).collect()),
        Some(Column::Numbers(values)) => {
            let values: Vec<f64> = rows.map(|row| values[row]).collect();
            let mut distinct = values.clone();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            Ok(values.iter().map(|value| distinct.partition_point(|other| other < value)).collect())
        }
        None => Err(Error::Data(Data::NoColumn { column: name.to_owned(), suggestion: None })),
    }
}
