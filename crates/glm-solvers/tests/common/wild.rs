//! Problems that nobody would choose: tiny, near-collinear, badly scaled, aliased, with responses at the edge or far out.

use glm_core::{Dense, Mean, Response, spec};
use glm_solvers::Problem;
use sim::uniform;

use crate::simulate::{draw_one, means};

/// A problem, and what is odd about it.
#[derive(Debug, Clone)]
pub(crate) struct Wild {
    pub(crate) family: &'static str,
    pub(crate) link: &'static str,
    pub(crate) design: Design,
    pub(crate) kind: Kind,
    pub(crate) intercept: bool,
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) y: Vec<f64>,
    pub(crate) weights: Vec<f64>,
    pub(crate) offset: Vec<f64>,
}

/// What is odd about a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Design {
    Plain,
    NearCollinear,
    BadlyScaled,
    Duplicated,
    NoIntercept,
    Dummies,
    SmallIntegers,
    Outlying,
}

/// What is odd about a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Drawn,
    Noisy,
    Huge,
    Bound,
    Mixed,
    HeavyTailed,
    Constant,
    Split,
    Rare,
}

const DESIGNS: [Design; 8] = [
    Design::Plain,
    Design::NearCollinear,
    Design::BadlyScaled,
    Design::Duplicated,
    Design::NoIntercept,
    Design::Dummies,
    Design::SmallIntegers,
    Design::Outlying,
];

const KINDS: [Kind; 10] = [
    Kind::Drawn,
    Kind::Drawn,
    Kind::Noisy,
    Kind::Huge,
    Kind::Bound,
    Kind::Mixed,
    Kind::HeavyTailed,
    Kind::Constant,
    Kind::Split,
    Kind::Rare,
];

/// Uniform numbers of one seed.
struct Dice(Box<dyn FnMut() -> f64>);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut rng = sim::rng(seed, 0);
        Self(Box::new(move || uniform::unit(&mut rng)))
    }

    fn unit(&mut self) -> f64 {
        (self.0)()
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// In 0..n.
    fn index(&mut self, n: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
        let index = (self.unit() * n as f64) as usize;
        index
    }
}

impl Wild {
    /// The problem of a seed.
    pub(crate) fn new(family: &'static str, link: &'static str, seed: u64) -> Self {
        let rng = &mut Dice::new(seed);
        let design = DESIGNS[rng.index(DESIGNS.len())];
        let kind = KINDS[rng.index(KINDS.len())];
        let slopes = rng.index(6);
        let p = slopes + 1;
        let n = match rng.index(4) {
            0 => p + rng.index(4),
            1 | 2 => p + rng.index(30),
            _ => p + rng.index(201 - p),
        };
        let intercept = design != Design::NoIntercept || slopes == 0;
        let mut columns = base(rng, design, n, slopes);
        let signal = signal(rng, &columns, n);
        distort(rng, design, &mut columns);
        let (weights, offset) = (weights(rng, family, n), offset(rng, n));
        let mut wild = Self { family, link, design, kind, intercept, columns, y: Vec::new(), weights, offset };
        wild.y = wild.responses(rng, seed, &signal);
        wild
    }

    /// The design with its intercept, if any.
    pub(crate) fn dense(&self) -> Dense<'_> {
        let columns = self.columns.iter().map(Vec::as_slice);
        match (self.intercept, self.columns.is_empty()) {
            (true, true) => Dense::intercept_only(self.y.len()),
            (true, false) => Dense::with_intercept(columns),
            _ => Dense::without_intercept(columns),
        }
        .expect("finite columns of one length")
    }

    /// The problem on that design.
    pub(crate) fn problem<'a>(&self, design: &'a Dense<'a>, response: &'a dyn Response) -> Problem<'a> {
        Problem::new(design, response, self.y.clone())
            .and_then(|problem| problem.with_weights(self.weights.clone()))
            .and_then(|problem| problem.with_offset(self.offset.clone()))
            .expect("a response inside its support")
    }

    /// One row of the design.
    pub(crate) fn row(&self, row: usize) -> Vec<f64> {
        let intercept = self.intercept.then_some(1.0);
        intercept.into_iter().chain(self.columns.iter().map(|column| column[row])).collect()
    }

    /// The rows of positive weight.
    pub(crate) fn used(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.y.len()).filter(|row| self.weights[*row] > 0.0)
    }

    pub(crate) fn weight_of(&self, row: usize) -> f64 {
        self.weights[row]
    }

    pub(crate) fn offset_of(&self, row: usize) -> f64 {
        self.offset[row]
    }

    /// Whether the means are proportions.
    fn proportions(&self) -> bool {
        self.family.ends_with("binomial")
    }

    /// Whether a response may be any real number.
    fn real(&self) -> bool {
        ["gaussian", "quasi(0)"].contains(&self.family)
    }

    /// The least response there is, if it is one.
    fn zero_allowed(&self) -> bool {
        !["gamma", "inverse-gaussian", "quasi(2.5)"].contains(&self.family)
    }

    // Over budget: one arm for each kind of response.
    fn responses(&self, rng: &mut Dice, seed: u64, signal: &[f64]) -> Vec<f64> {
        let link = spec::link(self.link).expect("a link of the table");
        let (low, high) = match (self.kind, self.proportions()) {
            (Kind::Noisy, true) => (0.02, 0.97),
            (Kind::Noisy, false) if !self.real() => (0.05, 30.0),
            _ => means(self.family, &link.range()),
        };
        let ends = [low, high].map(|mu| link.eta(Mean::from(mu)));
        let (middle, half) = (0.5 * (ends[0] + ends[1]), 0.35 * (ends[1] - ends[0]).abs());
        let drawn = |row: usize| {
            let mean = link.mu(middle + half * signal[row]);
            let weight =
                if self.proportions() { self.weights[row].floor().max(1.0) } else { self.weights[row].max(0.01) };
            draw_one((seed, row as u64 + 1), self.family, mean, weight)
        };
        let least = if self.proportions() || self.zero_allowed() { 0.0 } else { 1e-8 };
        let level = drawn(0);
        (0..signal.len())
            .map(|row| {
                let y = drawn(row);
                let coin = rng.unit();
                match self.kind {
                    Kind::Drawn | Kind::Noisy => y,
                    Kind::Huge if self.proportions() => f64::from(u8::from(coin < 0.5)),
                    Kind::Huge if self.real() => (coin - 0.5) * 10.0_f64.powf(rng.between(-8.0, 8.0)),
                    Kind::Huge => y.max(0.5).round() * 10.0_f64.powf(rng.between(0.0, 8.0)).round(),
                    Kind::Bound if seed.is_multiple_of(2) || !self.proportions() => least,
                    Kind::Bound => 1.0,
                    Kind::Mixed if coin < 0.4 => least,
                    Kind::Mixed if coin < 0.6 && self.proportions() => 1.0,
                    Kind::HeavyTailed if self.real() => (3.0 * (coin - 0.5)).tan().powi(3),
                    Kind::HeavyTailed if coin < 0.1 && !self.proportions() => (y.max(1.0) / (coin + 1e-6)).round(),
                    Kind::Constant => level,
                    Kind::Split if signal[row] > 0.1 && self.proportions() => 1.0,
                    Kind::Split if signal[row] <= 0.1 => least,
                    Kind::Rare if row != signal.len() / 2 => least,
                    _ => y,
                }
            })
            .collect()
    }
}

/// Columns of about unit size.
fn base(rng: &mut Dice, design: Design, n: usize, slopes: usize) -> Vec<Vec<f64>> {
    let levels: Vec<usize> = (0..n).map(|_| rng.index(slopes + 1)).collect();
    let positive = rng.unit() < 0.5;
    let element = |rng: &mut Dice, row: usize, j: usize| match design {
        Design::Dummies => f64::from(u8::from(levels[row] == j)),
        Design::SmallIntegers => rng.index(5) as f64 - 2.0,
        Design::Outlying => (3.1 * (rng.unit() - 0.5)).tan(),
        Design::NoIntercept if positive => rng.between(0.2, 1.0),
        _ => rng.between(-1.0, 1.0),
    };
    (0..slopes).map(|j| (0..n).map(|row| element(rng, row, j)).collect()).collect()
}

/// A random combination of the columns, at most one in size.
fn signal(rng: &mut Dice, columns: &[Vec<f64>], n: usize) -> Vec<f64> {
    let shares: Vec<f64> = columns.iter().map(|_| rng.between(-1.0, 1.0)).collect();
    let sum = |row: usize| columns.iter().zip(&shares).map(|(column, share)| share * column[row]).sum::<f64>();
    let signal: Vec<f64> = (0..n).map(sum).collect();
    let largest = signal.iter().fold(1e-12, |a: f64, b| a.max(b.abs()));
    signal.iter().map(|value| value / largest).collect()
}

/// Makes the columns what the design says.
fn distort(rng: &mut Dice, design: Design, columns: &mut [Vec<f64>]) {
    for j in 0..columns.len() {
        let previous = columns[j.saturating_sub(1)].clone();
        match design {
            Design::NearCollinear if j > 0 => {
                let share = 10.0_f64.powf(rng.between(-9.0, -3.0));
                columns[j].iter_mut().zip(previous).for_each(|(x, before)| *x = before + share * *x);
            }
            Design::BadlyScaled => {
                let scale = 10.0_f64.powi([-8, 0, 8][rng.index(3)]);
                columns[j].iter_mut().for_each(|x| *x *= scale);
            }
            Design::Duplicated if j > 0 && rng.unit() < 0.5 => {
                let scale = [1.0, -2.0, 0.3][rng.index(3)];
                columns[j] = previous.iter().map(|x| scale * x).collect();
            }
            _ => {}
        }
    }
}

fn weights(rng: &mut Dice, family: &str, n: usize) -> Vec<f64> {
    let kind = rng.index(5);
    let mut weights: Vec<f64> = (0..n)
        .map(|_| match kind {
            0 | 1 => 1.0,
            2 if family.ends_with("binomial") => 1.0 + rng.index(20) as f64,
            2 => rng.between(0.5, 2.0),
            3 if rng.unit() < 0.3 => 0.0,
            3 => 1.0,
            _ => 10.0_f64.powf(rng.between(-4.0, 4.0)),
        })
        .collect();
    if weights.iter().all(|weight| *weight == 0.0) {
        weights[0] = 1.0;
    }
    weights
}

fn offset(rng: &mut Dice, n: usize) -> Vec<f64> {
    match rng.index(4) {
        0 => (0..n).map(|_| rng.between(-0.2, 0.2)).collect(),
        1 => (0..n).map(|_| rng.between(-3.0, 3.0)).collect(),
        _ => vec![0.0; n],
    }
}
