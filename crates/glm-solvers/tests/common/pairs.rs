//! Every valid pair of a family and a link, parameters included.

use glm_core::{Response, spec};

/// The families, each parameter at one or more values.
const FAMILIES: [&str; 13] = [
    "gaussian",
    "binomial",
    "poisson",
    "gamma",
    "inverse-gaussian",
    "negative-binomial(8)",
    "tweedie(1.2)",
    "tweedie(1.7)",
    "quasi-binomial",
    "quasi-poisson",
    "quasi(0)",
    "quasi(1.3)",
    "quasi(2.5)",
];

/// The links, each parameter at one or more values.
const LINKS: [&str; 15] = [
    "identity",
    "log",
    "logit",
    "probit",
    "cloglog",
    "loglog",
    "cauchit",
    "inverse",
    "inverse-squared",
    "sqrt",
    "power(0.4)",
    "power(-0.7)",
    "power(2)",
    "odds-power(0.5)",
    "odds-power(-0.5)",
];

/// A family and a link, by name and joined.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) family: &'static str,
    pub(crate) link: &'static str,
    pub(crate) response: Box<dyn Response>,
}

/// The pairs of a family that the library accepts.
pub(crate) fn pairs_of(family: &'static str) -> Vec<Pair> {
    let join = |link| spec::pair(family, link).ok().map(|response| Pair { family, link, response });
    LINKS.into_iter().filter_map(join).collect()
}

/// All pairs that the library accepts.
pub(crate) fn pairs() -> Vec<Pair> {
    let pairs: Vec<Pair> = FAMILIES.into_iter().flat_map(pairs_of).collect();
    // Means on the line and on (0, 1) go with every link, positive means with those that reach all of (0, ∞).
    assert_eq!(pairs.len(), 4 * 15 + 9 * 8, "a pair of the table is missing or new");
    pairs
}
