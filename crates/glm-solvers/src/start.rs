//! Where a fit starts, and which columns it can tell apart.

use glm_core::{At, Expansion, Information, Mean, Objective, Order, Precision, Root, kernel};

use crate::descent::Descent;
use crate::existence::domain::{self, Domain};
use crate::existence::pattern::for_each_row;
use crate::factor::independent_columns;
use crate::null::of_one_mean;
use crate::source::Source;
use crate::target::{Keeping, Target};
use crate::{Error, Factor, Factorisation, Problem, rank};

/// R's tolerance of `glm`: the share of a column's length that must be outside the span of the columns before it.
pub(crate) const ALIAS: f64 = 1e-11;
/// Below this pivot a Cholesky factor has lost half its digits, and rank and steps are taken from QR.
pub(crate) const SAFE_PIVOT: f64 = 1e-5;

/// A starting point inside the domain, and the factors of the information near it.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) params: Vec<f64>,
    /// At the response's own start, also where the caller gives another: weights at the caller's may be larger or
    /// smaller than at the maximum by any factor, and say nothing about rank, rounding, divergence or the edge of a
    /// domain.
    pub(crate) metric: Factor,
    /// At the starting point: the scale of a first-order method's first steps.
    pub(crate) factor: Factor,
    /// Whether the design is too close to collinear for a Gram; steps then rest on QR, and η and the gradient are summed
    /// with compensation, because columns that cancel leave their rounding errors behind.
    pub(crate) ill_conditioned: bool,
    /// What choosing the starting point took to find out, so that nothing is found out twice.
    pub(crate) known: Known,
    /// The factorisation that the caller wants, in place of one by condition.
    pub(crate) wanted: Option<Factorisation>,
    /// The expected information here as a sample of the rows has it.
    pub(crate) sampled: Option<Sampled>,
}

/// An information found on a sample of the rows, for all of them.
#[derive(Debug, Clone)]
pub(crate) struct Sampled {
    pub(crate) information: Information,
    pub(crate) source: Source,
}

/// By-products of the choice of a starting point.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// An expansion: where, in which order, and what it is.
    here: Option<(Vec<f64>, Order, Expansion)>,
    /// The deviance of the null model, where a constant was tried without an offset.
    pub(crate) null_deviance: Option<f64>,
}

impl Known {
    /// The expansion at these parameters, of this order, where it is known already.
    pub(crate) fn take(&mut self, params: &[f64], order: Order) -> Option<Expansion> {
        let (_, _, at) = self.here.take().filter(|(known, at_order, _)| known == params && *at_order == order)?;
        Some(at)
    }
}

impl Start {
    /// The caller's parameters, or one step of iteratively reweighted least squares from the response's starting means;
    /// where that step is worse than a constant or leaves the domain, the intercept-only fit, or a shorter step. The
    /// step is judged by the expansion of the order that the method will want there.
    pub(crate) fn find(problem: &Problem<'_>, given: Option<&[f64]>, descent: &dyn Descent) -> Result<Self, Error> {
        let here = given.map(|params| expand_given(problem, params, problem.n_params())).transpose()?;
        let (p, name) = (problem.design().n_cols(), problem.response_name());
        let at_start = |order, precision| problem.expand(At::Start, order, precision);
        let First { factor: metric, gradient, ill_conditioned, gram } = match rank::without_qr(problem)? {
            Some(found) => found,
            None => match factorise(at_start, p, name) {
                Ok(found) if found.factor.kept().len() == problem.n_params() => found,
                other => match without_weights(problem, &other)? {
                    Some(better) => better,
                    None => other?,
                },
            },
        };
        if metric.kept().len() < problem.n_params() {
            check_scales(problem, metric.kept())?;
        }
        if let Some((params, here)) = given.zip(here) {
            let factor = Factor::new(&here.information, metric.kept());
            return Ok(Self::new(params.to_vec(), factor, metric, ill_conditioned));
        }
        let step: Vec<f64> = metric.solve(&gradient).iter().map(|value| -value).collect();
        // An ill-conditioned design wants another precision than the choice does.
        let order = if ill_conditioned { Order::Loss } else { descent.begin(&metric).order() };
        // What does not change needs no second look.
        let constant = gram.filter(|_| problem.keeping() == Keeping::Always && order == Order::Expected);
        let (params, known) = inside(problem, &metric, step, (order, constant))?;
        Ok(Self { known, ..Self::new(params, None, metric, ill_conditioned) })
    }

    /// The caller's parameters, or these, which are inside the domain and where the information gives scale and rank.
    pub(crate) fn at<T: Target>(target: &T, own: Vec<f64>, given: Option<&[f64]>) -> Result<Self, Error> {
        let here = given.map(|params| expand_given(target, params, own.len())).transpose()?;
        let expand = |order, precision| target.expand_at(At::Params(&own), order, precision);
        let First { factor: metric, ill_conditioned, .. } = factorise(expand, own.len(), target.response_name())?;
        let factor = here.and_then(|here| Factor::new(&here.information, metric.kept()));
        let params = given.map_or(own, <[f64]>::to_vec);
        Ok(Self::new(params, factor, metric, ill_conditioned))
    }

    /// The factor at the start is trusted only where it is well-conditioned.
    fn new(params: Vec<f64>, factor: Option<Factor>, metric: Factor, ill_conditioned: bool) -> Self {
        let factor = factor.filter(|factor| factor.smallest_pivot() > SAFE_PIVOT).unwrap_or_else(|| metric.clone());
        Self { params, factor, metric, ill_conditioned, known: Known::default(), wanted: None, sampled: None }
    }

    /// A start where the Gram can be trusted.
    pub(crate) fn well_conditioned(params: Vec<f64>, factor: Factor, metric: Factor) -> Self {
        Self { params, factor, metric, ill_conditioned: false, known: Known::default(), wanted: None, sampled: None }
    }

    /// The expansion at parameters, as precise as this design needs.
    pub(crate) fn expand<T: Target>(&self, target: &T, params: &[f64], order: Order) -> Result<Expansion, Error> {
        let precision = if self.ill_conditioned { Precision::Compensated } else { Precision::Plain };
        Ok(target.expand_at(At::Params(params), order, precision)?)
    }
}

/// The expansion at parameters that the caller chose, where they are inside the domain.
fn expand_given<T: Target>(target: &T, params: &[f64], expected: usize) -> Result<Expansion, Error> {
    if params.len() != expected {
        return Err(glm_core::Error::LengthMismatch { what: "start", expected, found: params.len() }.into());
    }
    if let Some(row) = params.iter().position(|value| !value.is_finite()) {
        return Err(glm_core::Error::NotFinite { what: "start", row, column: None, value: params[row] }.into());
    }
    let here = target.expand_at(At::Params(params), Order::Expected, Precision::Plain)?;
    if here.is_finite() { Ok(here) } else { Err(Error::InvalidStart { response: target.response_name() }) }
}

/// The factor at the response's start: by Cholesky where that is safe, otherwise by QR, which also finds the aliased
/// columns. The parameters come in groups of `group`, each on the same columns.
pub(crate) fn factorise(
    expand: impl Fn(Order, Precision) -> Result<Expansion, glm_core::Error>,
    group: usize,
    response: String,
) -> Result<First, Error> {
    let first = expand(Order::Expected, Precision::Plain)?;
    let all: Vec<usize> = (0..first.gradient.len()).collect();
    let no_start = || Error::NoValidStart { response };
    match Factor::new(&first.information, &all).filter(|factor| factor.smallest_pivot() > SAFE_PIVOT) {
        Some(factor) => Ok(First::plain(factor, first)),
        None => {
            let root = expand(Order::Root, Precision::Compensated)?;
            let kept = match &root.information {
                Information::Root(root) => alike(&independent_columns(root, ALIAS), group),
                _ => all,
            };
            let factor = Factor::new(&root.information, &kept).ok_or_else(no_start)?;
            let ill_conditioned = factor.smallest_pivot() <= SAFE_PIVOT;
            Ok(First { factor, gradient: root.gradient, ill_conditioned, gram: None })
        }
    }
}

/// Refuses a column that is dropped only because its length overflows or underflows.
fn check_scales(problem: &Problem<'_>, kept: &[usize]) -> Result<(), Error> {
    let columns: Vec<usize> = (0..problem.design().n_cols()).filter(|column| !kept.contains(column)).collect();
    let mut sizes = vec![(0.0_f64, 0.0_f64); columns.len()];
    for_each_row(problem, &columns, |_, x| {
        for ((largest, squares), x) in sizes.iter_mut().zip(x) {
            (*largest, *squares) = (largest.max(x.abs()), *squares + x * x);
        }
    });
    let lost = sizes.iter().position(|(largest, squares)| *largest > 0.0 && !squares.is_normal());
    match lost {
        Some(place) => Err(Error::ColumnScale { column: columns[place], value: sizes[place].0 }),
        None => Ok(()),
    }
}

/// What is known at the response's start.
#[derive(Debug)]
pub(crate) struct First {
    pub(crate) factor: Factor,
    pub(crate) gradient: Vec<f64>,
    pub(crate) ill_conditioned: bool,
    /// The information, where the factor is its own.
    pub(crate) gram: Option<Information>,
}

impl First {
    /// Where the Gram can be trusted.
    pub(crate) fn plain(factor: Factor, at: Expansion) -> Self {
        Self { factor, gradient: at.gradient, ill_conditioned: false, gram: Some(at.information) }
    }
}

/// The metric of the first constant model that has one, or of the plain design, where the response's starting means have
/// weights that hide columns: zero, or apart by more than a column may be from the others. Only the design and the rows
/// in use say which columns are aliased.
fn without_weights(problem: &Problem<'_>, found: &Result<First, Error>) -> Result<Option<First>, Error> {
    if problem.response().n_predictors() > 1 {
        return Ok(None);
    }
    let columns: Vec<usize> = (0..problem.design().n_cols()).collect();
    let mut plain = Root::zeros(columns.len());
    for_each_row(problem, &columns, |_, x| plain.add_block(x, &[1.0], &mut Vec::new()));
    let kept = independent_columns(&plain, ALIAS);
    let fewer = |found: &First| found.factor.kept() != kept && found.factor.kept().len() <= kept.len();
    let hidden = found.as_ref().map_or(true, fewer);
    if !hidden {
        return Ok(None);
    }
    let ill = |factor: &Factor| factor.smallest_pivot() <= SAFE_PIVOT;
    for params in constants(problem).iter().filter(|params| params.iter().all(|value| value.is_finite())) {
        let here = problem.expand(At::Params(params), Order::Root, Precision::Compensated)?;
        if let Some(factor) = Factor::new(&here.information, &kept).filter(|_| here.is_finite()) {
            let ill_conditioned = ill(&factor);
            return Ok(Some(First { factor, gradient: here.gradient, ill_conditioned, gram: None }));
        }
    }
    let factor = Factor::new(&Information::Root(plain), &kept);
    Ok(factor.map(|factor| {
        let ill_conditioned = ill(&factor);
        First { factor, gradient: vec![0.0; columns.len()], ill_conditioned, gram: None }
    }))
}

/// The columns that are kept, the same for every group: those of the first, before which no other predictor's columns
/// come, in every group that is not superfluous altogether (as the last of a softmax without a baseline is).
fn alike(kept: &[usize], group: usize) -> Vec<usize> {
    let first: Vec<usize> = kept.iter().copied().filter(|column| *column < group).collect();
    let mut groups: Vec<usize> = kept.iter().map(|column| column / group).collect();
    groups.dedup();
    groups.iter().flat_map(|place| first.iter().map(move |column| place * group + column)).collect()
}

/// The step, unless the constant model is better; where neither is inside the domain, shorter steps; where none of these
/// is, a point that is, or the proof that there is none. Beside it, what is known by then: the expansion of an order, of
/// which an information that is the same everywhere may be at hand.
fn inside(
    problem: &Problem<'_>,
    metric: &Factor,
    step: Vec<f64>,
    (order, constant): (Order, Option<Information>),
) -> Result<(Vec<f64>, Known), Error> {
    let loss = |params: &[f64]| -> Result<f64, Error> {
        Ok(problem.expand(At::Params(params), Order::Loss, Precision::Plain)?.loss)
    };
    let unknown = if constant.is_some() { Order::Gradient } else { order };
    let mut here = problem.expand(At::Params(&step), unknown, Precision::Plain)?;
    here.information = constant.unwrap_or(here.information);
    let (at_step, constants) = (here.loss, constants(problem));
    let mut known = Known { here: None, null_deviance: of_one_mean(problem).filter(|_| !constants.is_empty()) };
    let best = best_constant(&constants, at_step.is_finite(), &known, &loss)?;
    match best {
        Some((constant, at)) if at_step.is_nan() || at_step > at => return Ok((constant.clone(), known)),
        _ if at_step.is_finite() => {
            known.here = Some((step.clone(), order, here));
            return Ok((step, known));
        }
        _ => {}
    }
    for power in 0..=20 {
        let shorter: Vec<f64> = step.iter().map(|value| value * 0.5_f64.powi(power)).collect();
        if loss(&shorter)?.is_finite() {
            return Ok((shorter, known));
        }
    }
    let response = problem.response().name();
    match domain::inside(problem, metric.kept()) {
        Domain::Inside(params) if loss(&params)?.is_finite() => Ok((params, known)),
        Domain::Empty(rows) => Err(Error::Infeasible { response, rows }),
        _ => Err(Error::NoValidStart { response }),
    }
}

/// The last constant that was tried, with its loss there, if it is inside the domain: the first that is, or only the first
/// of all where the step is inside already.
fn best_constant<'a>(
    constants: &'a [Vec<f64>],
    inside: bool,
    known: &Known,
    loss: &dyn Fn(&[f64]) -> Result<f64, Error>,
) -> Result<Option<(&'a Vec<f64>, f64)>, Error> {
    let known = known.null_deviance.filter(|deviance| deviance.is_finite());
    let mut best = None;
    for params in constants {
        let at = known.map_or_else(|| loss(params), |deviance| Ok(0.5 * deviance))?;
        let finite = at.is_finite() && params.iter().all(|value| value.is_finite());
        best = finite.then_some((params, at));
        if best.is_some() || inside {
            break;
        }
    }
    Ok(best)
}

/// Intercepts that bring η, everything else being zero, to the link of the weighted mean response: on average over the
/// offset, at its least, at its greatest and between, so that some row sets the start where a domain has an end.
pub(crate) fn constants(problem: &Problem<'_>) -> Vec<Vec<f64>> {
    let Some(link) = problem.response().link().filter(|_| problem.design().has_intercept()) else { return Vec::new() };
    let eta_of = |mu: f64| Some(link.eta(Mean::from(mu))).filter(|eta| link.domain().contains(*eta));
    let middle = || link.range().grid(3).get(1).and_then(|mu| eta_of(*mu));
    let Some(eta) = eta_of(mean_response(problem)).or_else(middle).or_else(|| eta_of(1.0)) else { return Vec::new() };
    let start_at = |eta: f64, offset: f64| {
        let mut params = vec![0.0; problem.design().n_cols()];
        params[0] = eta - offset;
        params
    };
    if problem.offset().is_empty() {
        return vec![start_at(eta, 0.0)];
    }
    let offset = |row: usize| problem.offset().get(row).copied().unwrap_or(0.0);
    let used = || (0..problem.y().len()).filter(|row| problem.weight(*row) > 0.0);
    let least = used().map(offset).fold(f64::INFINITY, f64::min);
    let greatest = used().map(offset).fold(f64::NEG_INFINITY, f64::max);
    let between = [0.0, 1.0, 0.5, 0.25, 0.75].map(|share| least + share * (greatest - least));
    let of_mean = std::iter::once(weighted_mean(problem, offset)).chain(between).map(|offset| start_at(eta, offset));
    // Beside an offset the link of a tiny mean may vanish.
    of_mean.chain(middle().into_iter().flat_map(|eta| between.map(|offset| start_at(eta, offset)))).collect()
}

/// Σ w y / Σ w.
pub(crate) fn mean_response(problem: &Problem<'_>) -> f64 {
    if problem.weights().is_empty() {
        return kernel::sum(problem.y()) / problem.total_weight();
    }
    weighted_mean(problem, |row| problem.y()[row])
}

fn weighted_mean(problem: &Problem<'_>, value: impl Fn(usize) -> f64) -> f64 {
    (0..problem.y().len()).map(|row| problem.weight(row) * value(row)).sum::<f64>() / problem.total_weight()
}
