//! A start from a sample: with many rows, one row in sixteen already says where the maximum is to within a few of its
//! standard errors, and passes over those cost a sixteenth.
//!
//! The sample is the first blocks of every group of rows: nothing is drawn, and the result does not depend on the number of
//! threads. It is used only where it is uneventful, that is where the columns are far from collinear and its own fit
//! converges at once, and where the point is inside the domain for all rows; anything else is the business of the fit itself.
//! Only where the sample has no finite maximum, as where a level has no events in it, one row in four is taken instead:
//! that many more rows rarely leave a level without, and from their maximum the fit of all rows is a step or two shorter.

use std::ops::Range;

use glm_core::{
    At, BLOCK, Expansion, GROUP, GramLayout, Interval, Objective, Order, Precision, Work, accumulate, fold_rows_by,
};

use crate::descent::{Descent, Newton};
use crate::levels::Levels;
use crate::run::Run;
use crate::start::{SAFE_PIVOT, Sampled, Start};
use crate::target::{Target, free_means};
use crate::{Error, Factor, Problem};

/// Groups of rows from which on a sample is worth its passes.
const MANY_GROUPS: usize = 4;
/// Rows of the sample per parameter.
const ROWS_PER_PARAMETER: usize = 20;
/// The score of the sample's fit, in its standard errors, that is as good as zero for a start: the lesser one for each
/// parameter, since all of them are off by chance anyway.
const TOLERANCE: [f64; 2] = [0.02, 0.1];
/// Steps within which an uneventful fit is done.
const MAX_STEPS: usize = 10;
/// Blocks of a group: of the first sample, and of the one to take where that has no maximum.
const BLOCKS: [usize; 2] = [1, 4];
/// Below one standard error a step leaves little of the score, unless a linear predictor runs off: that takes off a unit
/// a step, and leaves e^(-1/2) of the score.
const RUNS_OFF: f64 = 0.5;

/// The sampled rows of a problem.
#[derive(Debug)]
struct Sample<'p> {
    problem: &'p Problem<'p>,
    /// Of every group.
    blocks: usize,
    used: usize,
}

/// How the fit of a sample ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Settled,
    /// Some linear predictor runs off: there is no finite maximum.
    RunsOff,
    Unusual,
}

/// The sampled rows of a range that starts with a group, so many blocks of each, block by block.
fn blocks_of(rows: Range<usize>, blocks: usize) -> impl Iterator<Item = Range<usize>> {
    let end = rows.end;
    let starts = rows.step_by(GROUP).flat_map(move |group| (0..blocks).map(move |block| group + block * BLOCK));
    starts.take_while(move |start| *start < end).map(move |start| start..end.min(start + BLOCK))
}

impl<'p> Sample<'p> {
    /// `None` where there are too few rows.
    fn of(problem: &'p Problem<'p>, blocks: usize) -> Option<Self> {
        let n = problem.y().len();
        let used = blocks_of(0..n, blocks).flatten().filter(|row| problem.weight(*row) > 0.0).count();
        let enough = n >= MANY_GROUPS * GROUP && used >= ROWS_PER_PARAMETER * problem.n_params();
        enough.then_some(Self { problem, blocks, used })
    }

    /// The number of rows that each row of the sample stands for.
    #[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^53")]
    fn ratio(&self) -> f64 {
        self.problem.y().len() as f64 / self.used as f64
    }

    /// Whether the rows of some category are all at the same end of the support, as where a level has no events: its
    /// parameter would run off. A category without rows counts; false where only the fit can tell.
    #[expect(clippy::float_cmp, reason = "ends of intervals are constants, and a sum without terms is zero")]
    fn has_a_category_at_an_end(&self) -> bool {
        let (response, layout) = (self.problem.response(), self.problem.design().gram_layout());
        let family = response.family().filter(|_| response.n_predictors() == 1);
        let (Some(family), GramLayout::Exclusive(categories)) = (family, layout) else { return false };
        let Interval { lower, upper, lower_closed, upper_closed } = family.support();
        let all_at = |end: f64| {
            let others = self.column_sums(|y| y != end);
            categories.iter().any(|columns| others[columns.clone()].contains(&0.0))
        };
        (lower_closed && all_at(lower)) || (upper_closed && all_at(upper))
    }

    /// The sums of the design's columns over the sampled rows with such a response.
    fn column_sums(&self, with: impl Fn(f64) -> bool) -> Vec<f64> {
        let (y, design) = (self.problem.y(), self.problem.design());
        let (mut sums, mut work) = (vec![0.0; design.n_cols()], Work::new());
        for rows in blocks_of(0..y.len(), self.blocks) {
            let counts = |row: usize| f64::from(u8::from(with(y[row]) && self.problem.weight(row) > 0.0));
            let slope: Vec<f64> = rows.clone().map(counts).collect();
            design.add_gradient(rows, &slope, &mut sums, &mut work);
        }
        sums
    }

    /// A run on the sample before its first step; `None` where anything is unusual.
    fn begin(&self) -> Result<Option<Run<'_, Self>>, Error> {
        let first = self.expand_at(At::Start, Order::Expected, Precision::Plain)?;
        let Some(metric) = trusted(&first) else { return Ok(None) };
        let params: Vec<f64> = metric.solve(&first.gradient).iter().map(|value| -value).collect();
        let start = Start::well_conditioned(params, metric.clone(), metric);
        let run = Run::begin(self, Newton::FISHER.begin(&start.factor), start)?;
        Ok(Some(run).filter(|run| run.at.is_finite()))
    }

    /// The maximum of the sample as a start, with the sample's metrics scaled to all rows.
    fn end(&self, run: Run<'_, Self>) -> Option<Start> {
        let ratio = self.ratio();
        let (factor, metric) = (trusted(&run.at)?.scaled(ratio), run.start.metric.clone().scaled(ratio));
        let params = run.params.clone();
        Some(Start { sampled: self.information(run), ..Start::well_conditioned(params, factor, metric) })
    }

    /// An information of the sample as one of all rows, from which it differs by chance: in the metric of either, by about
    /// √(p/n) of n rows sampled. `None` where that is too much for a step from where the sample is at rest, which is
    /// √(p (ratio − 1)) standard errors from where all rows are.
    #[expect(clippy::cast_precision_loss, reason = "numbers of rows and columns are far below 2^53")]
    fn information(&self, run: Run<'_, Self>) -> Option<Sampled> {
        let (p, ratio) = (self.problem.n_params() as f64, self.ratio());
        let residual = run.deviation() * (p * (ratio - 1.0)).sqrt();
        let source = run.source.sampled((p / self.used as f64).sqrt(), ratio);
        let mut information = run.at.information;
        information.scale(ratio);
        source.serves_at(residual).then_some(Sampled { information, source })
    }
}

impl Target for Sample<'_> {
    fn expand_at(&self, at: At<'_>, order: Order, precision: Precision) -> Result<Expansion, glm_core::Error> {
        let (problem, design) = (self.problem, self.problem.design());
        let group = |rows| {
            let mut into = Expansion::of_design(order, design, problem.response().n_predictors());
            let mut work = Work::with_precision(precision);
            for rows in blocks_of(rows, self.blocks) {
                accumulate(problem.response(), problem.batch(), rows, at, order, &mut work, &mut into);
            }
            Ok(into)
        };
        // As many rows of the sample as of all rows elsewhere.
        let left_out = GROUP / (BLOCK * self.blocks);
        fold_rows_by(left_out * design.rows_per_group(), problem.y().len(), &group)
    }

    fn response_name(&self) -> String {
        self.problem.response_name()
    }

    fn known_dispersion(&self) -> Option<f64> {
        self.problem.known_dispersion()
    }

    fn n_observations(&self) -> usize {
        self.used * free_means(self.problem.response())
    }

    fn levels(&self) -> Option<Levels> {
        Levels::of(self.problem)
    }
}

/// A start near the maximum of a sample; `None` where there are too few rows, or where anything is unusual.
pub(crate) fn start(problem: &Problem<'_>) -> Result<Option<Start>, Error> {
    for blocks in BLOCKS {
        // Where there are too few rows for the first sample, there are too few in a larger one to be sure of its maximum.
        let Some(sample) = Sample::of(problem, blocks) else { return Ok(None) };
        if sample.has_a_category_at_an_end() {
            continue;
        }
        let Some(mut run) = sample.begin()? else { return Ok(None) };
        match settle(&mut run)? {
            End::Settled => return Ok(sample.end(run)),
            End::RunsOff => {}
            End::Unusual => return Ok(None),
        }
    }
    Ok(None)
}

/// Steps to the maximum of a sample, or until it is known that there is none.
#[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
fn settle(run: &mut Run<'_, Sample<'_>>) -> Result<End, Error> {
    let near = (TOLERANCE[0] * (run.params.len() as f64).sqrt()).max(TOLERANCE[1]);
    let mut last = f64::INFINITY;
    for _ in 0..=MAX_STEPS {
        let Some(step) = run.step()? else { return Ok(End::Unusual) };
        let deviation = run.deviation();
        let falls = step.residual <= RUNS_OFF * last;
        if step.residual <= deviation * if falls { near } else { TOLERANCE[1] } {
            return Ok(End::Settled);
        }
        if last <= deviation && !falls {
            return Ok(End::RunsOff);
        }
        last = step.residual;
        if !run.advance(&step, true)? {
            return Ok(End::Unusual);
        }
    }
    Ok(End::Unusual)
}

/// The factor of an information on all columns, where it is far from singular.
fn trusted(at: &Expansion) -> Option<Factor> {
    let all: Vec<usize> = (0..at.gradient.len()).collect();
    Factor::new(&at.information, &all).filter(|factor| factor.smallest_pivot() > SAFE_PIVOT)
}
