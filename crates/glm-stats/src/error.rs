//! What inference can refuse, with the place and the value, and what to do about it.

/// Everything that `glm-stats` can refuse.
///
/// Rows, columns and the fits of a list count from zero.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] glm_core::Error),
    /// A confidence level that is no probability between none and certainty.
    #[error("the confidence level {level} is not allowed; it must lie between 0 and 1, as 0.95 does")]
    Level {
        /// The level given.
        level: f64,
    },
    /// Estimates of one response and means of another.
    #[error("the estimates are those of {fitted}, the response given is {given}; pass the one that was fitted")]
    OtherResponse {
        /// The response of the fit.
        fitted: String,
        /// The response given.
        given: String,
    },
    /// Standard errors of predictions of a response with several linear predictors, or without a link.
    #[error(
        "{response} has no single linear predictor with a link, so there are no standard errors of its predictions here; \
         ask for its means alone"
    )]
    NoSinglePredictor {
        /// The response's name.
        response: String,
    },
    /// A prediction interval that would not have the probability that it states.
    #[error("{response} has no exact prediction interval: {reason}")]
    NoPredictionInterval {
        /// The response's name.
        response: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
    /// Saved estimates that do not fit together.
    #[error("the saved estimates have {found} {what} where {expected} are needed; save the model again")]
    InconsistentEstimates {
        /// What there is too much or too little of.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Fewer than two fits to compare.
    #[error("a comparison needs two fits at least, and here are {found}")]
    TooFewFits {
        /// How many were given.
        found: usize,
    },
    /// Fits of different families, parameters of families (θ of a negative binomial) or links: their deviances are on different scales, and neither is within the other.
    #[error(
        "fit {fit} is of {response}, the first of {first}; compare fits of one family, its parameter, and one link"
    )]
    DifferentResponses {
        /// The fit's place in the list.
        fit: usize,
        /// Its response.
        response: String,
        /// The first fit's.
        first: String,
    },
    /// Fits of different numbers of rows, as where one model's columns have more missing values.
    #[error("fit {fit} used {n_used} observations, the first {first}; fit all on the rows that are complete for all")]
    DifferentRows {
        /// The fit's place in the list.
        fit: usize,
        /// The observations of that fit.
        n_used: usize,
        /// The first fit's.
        first: usize,
    },
    /// Fits whose null models differ, so that y, weights or offset do.
    #[error(
        "the null model of fit {fit} has the deviance {null_deviance}, that of the first {first}: they are of different \
         data; use the same response, weights and offset"
    )]
    DifferentData {
        /// The fit's place in the list.
        fit: usize,
        /// The deviance of its null model.
        null_deviance: f64,
        /// The first fit's.
        first: f64,
    },
    /// Of two fits that follow each other, the one with more parameters fits worse, or with as many another way.
    #[error(
        "fit {fit} and the one before it are not nested: with {df} degrees of freedom more for its parameters, the \
         larger model has the deviance {larger} and the smaller {smaller}"
    )]
    NotNested {
        /// The place of the second of the two in the list.
        fit: usize,
        /// The difference of their degrees of freedom.
        df: usize,
        /// The deviance of the one with more parameters.
        larger: f64,
        /// The deviance of the one with fewer.
        smaller: f64,
    },
    /// Fits with sampling weights: a difference of their deviances has no chi-squared or F distribution.
    #[error("fit {fit} has sampling weights, and so no likelihood; test its coefficients by their robust covariance")]
    Sampled {
        /// The fit's place in the list.
        fit: usize,
    },
    /// The largest model leaves no degrees of freedom to estimate the dispersion from.
    #[error("fit {fit}, the largest, has no residual degrees of freedom to estimate the dispersion from; leave it out")]
    NoDispersion {
        /// The fit's place in the list.
        fit: usize,
    },
    /// A score test without the score of each pair of fits.
    #[error("the score test of these fits needs {expected} scores, and has {found}; they are found on the data")]
    Scores {
        /// Pairs of fits that follow each other.
        expected: usize,
        /// Scores given.
        found: usize,
    },
    /// A model whose expected information, where another is fitted, is singular.
    #[error(
        "where the smaller model is fitted, the information of {response} in the larger is singular: no score test"
    )]
    NoInformation {
        /// The response's name.
        response: String,
    },
    /// A row that the fit follows whatever its response is, so that HC2 and HC3 divide by zero.
    #[error("row {} has the leverage {leverage}: it determines a coefficient alone; use hc0 or hc1", row + 1)]
    FullLeverage {
        /// The row.
        row: usize,
        /// Its leverage.
        leverage: f64,
    },
    /// Clusters that do not fit the rows, or too few of them.
    #[error("{given} rows of {rows} are in {groups} clusters; each row needs one, and there must be two at least")]
    Clusters {
        /// Rows of the data.
        rows: usize,
        /// Rows that a cluster was given for.
        given: usize,
        /// Clusters.
        groups: usize,
    },
}
