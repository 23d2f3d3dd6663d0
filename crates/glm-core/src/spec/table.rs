//! The tables of names.

use super::name::Name;
use crate::{
    Activation, Binomial, Canonical, Cauchit, Cloglog, Elu, Error, Family, Gamma, Gaussian, Gelu, Identity, Inverse,
    InverseGaussian, InverseSquared, LeakyRelu, Link, Log, Logit, Loglog, NegativeBinomial, OddsPower, Poisson, Power,
    Probit, Quasi, QuasiBinomial, QuasiPoisson, Relu, Softmax, Softplus, Sqrt, Tanh, Tweedie,
};

/// The names of the families; θ and p stand for a number.
pub const FAMILIES: &[&str] = &[
    "gaussian",
    "binomial",
    "poisson",
    "gamma",
    "inverse-gaussian",
    "negative-binomial(θ)",
    "tweedie(p)",
    "quasi-binomial",
    "quasi-poisson",
    "quasi(p)",
];

/// The names of the links; λ stands for a number.
pub const LINKS: &[&str] = &[
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
    "power(λ)",
    "odds-power(λ)",
];

/// The names of the activations that are not the inverse of a link; a stands for a number and may be left out.
pub const ACTIVATIONS: &[&str] = &["relu", "leaky-relu(a)", "tanh", "softplus", "elu(a)", "gelu"];

/// The names of the responses that are not a family with a link; k stands for the number of classes.
pub const RESPONSES: &[&str] = &["multinomial(k)", "softmax(k)"];

/// What to make of a family once its type is known.
pub(super) trait Use {
    /// What is made.
    type Output;
    /// Of any family.
    fn any<F: Family + 'static>(&self, family: F) -> Self::Output;
    /// Of a family that has a canonical link.
    fn canonical<F: Canonical<Link: 'static> + 'static>(&self, family: F) -> Self::Output;
}

/// Makes a boxed family.
pub(super) struct Boxed;

impl Use for Boxed {
    type Output = Box<dyn Family>;
    fn any<F: Family + 'static>(&self, family: F) -> Box<dyn Family> {
        Box::new(family)
    }
    fn canonical<F: Canonical<Link: 'static> + 'static>(&self, family: F) -> Box<dyn Family> {
        Box::new(family)
    }
}

type Found<T> = Option<Result<T, Error>>;

pub(super) fn family<U: Use>(name: &Name, user: &U) -> Found<U::Output> {
    let found = match (name.word.as_str(), name.parameter) {
        ("gaussian" | "normal", None) => Ok(user.canonical(Gaussian)),
        ("binomial" | "bernoulli", None) => Ok(user.canonical(Binomial)),
        ("poisson", None) => Ok(user.canonical(Poisson)),
        ("gamma", None) => Ok(user.canonical(Gamma)),
        ("inverse-gaussian", None) => Ok(user.canonical(InverseGaussian)),
        ("quasi-binomial" | "quasibinomial", None) => Ok(user.canonical(QuasiBinomial)),
        ("quasi-poisson" | "quasipoisson", None) => Ok(user.canonical(QuasiPoisson)),
        ("negative-binomial", Some(theta)) => NegativeBinomial::new(theta).map(|family| user.any(family)),
        ("tweedie", Some(power)) => Tweedie::new(power).map(|family| user.canonical(family)),
        ("quasi", Some(power)) => Quasi::new(power).map(|family| user.any(family)),
        _ => return None,
    };
    Some(found)
}

/// The link that a family has when none is named.
pub(super) fn default_link(family: &str) -> &'static str {
    match family {
        "gaussian" | "normal" | "quasi" => "identity",
        "binomial" | "bernoulli" | "quasi-binomial" | "quasibinomial" => "logit",
        "gamma" => "inverse",
        "inverse-gaussian" => "inverse-squared",
        _ => "log",
    }
}

pub(super) fn link(name: &Name) -> Found<Box<dyn Link>> {
    let found: Box<dyn Link> = match (name.word.as_str(), name.parameter) {
        ("identity", None) => Box::new(Identity),
        ("log", None) => Box::new(Log),
        ("logit", None) => Box::new(Logit),
        ("probit", None) => Box::new(Probit),
        ("cloglog", None) => Box::new(Cloglog),
        ("loglog", None) => Box::new(Loglog),
        ("cauchit", None) => Box::new(Cauchit),
        ("inverse", None) => Box::new(Inverse),
        ("inverse-squared" | "1/mu^2", None) => Box::new(InverseSquared),
        ("sqrt", None) => Box::new(Sqrt),
        ("power", Some(exponent)) => return Some(Power::new(exponent).map(|link| Box::new(link) as Box<dyn Link>)),
        ("odds-power", Some(exponent)) => {
            return Some(OddsPower::new(exponent).map(|link| Box::new(link) as Box<dyn Link>));
        }
        _ => return None,
    };
    Some(Ok(found))
}

pub(super) fn activation(name: &Name) -> Found<Box<dyn Activation>> {
    let found: Box<dyn Activation> = match (name.word.as_str(), name.parameter) {
        ("relu", None) => Box::new(Relu),
        ("leaky-relu", None) => Box::new(LeakyRelu::default()),
        ("tanh", None) => Box::new(Tanh),
        ("softplus", None) => Box::new(Softplus),
        ("elu", None) => Box::new(Elu::default()),
        ("gelu", None) => Box::new(Gelu),
        ("sigmoid" | "logistic", None) => Box::new(Logit),
        ("exp", None) => Box::new(Log),
        ("linear", None) => Box::new(Identity),
        ("leaky-relu", Some(slope)) => {
            return Some(LeakyRelu::new(slope).map(|it| Box::new(it) as Box<dyn Activation>));
        }
        ("elu", Some(scale)) => return Some(Elu::new(scale).map(|it| Box::new(it) as Box<dyn Activation>)),
        _ => return None,
    };
    Some(Ok(found))
}

/// The coupled responses.
#[expect(clippy::cast_possible_truncation, reason = "a whole number, and a saturated one is no memory we could have")]
pub(super) fn coupled(name: &Name) -> Found<Softmax> {
    let make = match name.word.as_str() {
        "multinomial" => Softmax::baseline,
        "softmax" => Softmax::new,
        _ => return None,
    };
    let classes = name.parameter.filter(|classes| *classes >= 0.0 && classes.fract() == 0.0)?;
    Some(make(classes as usize))
}
