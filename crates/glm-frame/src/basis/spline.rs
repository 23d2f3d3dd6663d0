//! B-splines, and the natural splines among them.
//!
//! The B-splines of order k on knots t₀ ≤ t₁ ≤ … are Bᵢ,₁ = 1 on [tᵢ, tᵢ₊₁) and
//! Bᵢ,ₘ(x) = (x − tᵢ)/(tᵢ₊ₘ₋₁ − tᵢ) Bᵢ,ₘ₋₁(x) + (tᵢ₊ₘ − x)/(tᵢ₊ₘ − tᵢ₊₁) Bᵢ₊₁,ₘ₋₁(x), with 0/0 = 0 (Cox and de Boor). The boundary
//! knots stand k times; beyond them the first and the last piece go on, or, of natural splines, their tangents.

use serde::{Deserialize, Serialize};

/// The knots and the degree of a spline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spline {
    /// The degree of the pieces.
    pub(crate) degree: usize,
    /// The inner knots, ascending.
    pub(crate) knots: Vec<f64>,
    /// The boundary knots.
    pub(crate) boundary: [f64; 2],
    /// Whether the first B-spline is kept, so that the columns span a constant.
    pub(crate) intercept: bool,
}

impl Spline {
    /// The number of columns, before the two conditions of natural splines.
    pub(crate) fn n_cols(&self) -> usize {
        self.knots.len() + self.degree + usize::from(self.intercept)
    }

    pub(crate) fn is_sound(&self) -> bool {
        let [left, right] = self.boundary;
        let inside = self.knots.iter().all(|knot| (left..=right).contains(knot));
        let bounded = left.is_finite() && right.is_finite() && left < right;
        bounded && inside && self.knots.is_sorted() && (1..=super::HIGHEST).contains(&self.degree)
    }

    /// All knots, the boundary ones as often as the order says.
    fn all_knots(&self) -> Vec<f64> {
        let [left, right] = self.boundary.map(|knot| std::iter::repeat_n(knot, self.degree + 1));
        left.chain(self.knots.iter().copied()).chain(right).collect()
    }

    /// The B-spline columns.
    pub(crate) fn columns(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let all = self.all_knots();
        let skipped = usize::from(!self.intercept);
        let mut columns = vec![vec![0.0; x.len()]; self.n_cols()];
        let mut values = vec![0.0; self.degree + 1];
        for (row, x) in x.iter().enumerate() {
            let first = b_splines(&all, self.degree, *x, 0, &mut values);
            for (place, value) in (first..).zip(&values).filter(|(place, _)| *place >= skipped) {
                columns[place - skipped][row] = *value;
            }
        }
        columns
    }

    /// The natural spline columns: those combinations of the B-splines that have no second derivative at the boundary.
    /// They are the last columns of Q, where Q R are the two rows of conditions, transposed (Householder).
    pub(crate) fn natural_columns(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let all = self.all_knots();
        let [v, w] = reflections(self.boundary.map(|x| self.row(&all, x, 2)));
        let both: f64 = v.iter().zip(&w).map(|(v, w)| v * w).sum();
        let skipped = usize::from(!self.intercept);
        let mut columns = vec![vec![0.0; x.len()]; self.n_cols().saturating_sub(2)];
        let [left, right] = self.boundary;
        let (mut values, mut slopes) = (vec![0.0; self.degree + 1], vec![0.0; self.degree + 1]);
        for (row, x) in x.iter().enumerate() {
            let near = x.clamp(left, right);
            let first = b_splines(&all, self.degree, near, 0, &mut values);
            if near < *x || *x < near {
                b_splines(&all, self.degree, near, 1, &mut slopes);
                values.iter_mut().zip(&slopes).for_each(|(value, slope)| *value += (x - near) * slope);
            }
            for (place, value) in (first..).zip(&values).filter(|(place, _)| *place >= skipped) {
                // What this B-spline gives to the natural ones: row `own` of Q = (I − v vᵀ)(I − w wᵀ) without two columns.
                let own = place - skipped;
                let (by_v, by_w) = (v[own], w[own] - v[own] * both);
                for (to, column) in (2..).zip(&mut columns) {
                    let kept = if to == own { 1.0 } else { 0.0 };
                    column[row] += value * (kept - by_v * v[to] - by_w * w[to]);
                }
            }
        }
        columns
    }

    /// A derivative of all B-splines at one place.
    fn row(&self, all: &[f64], x: f64, derivative: usize) -> Vec<f64> {
        let mut row = vec![0.0; self.n_cols() + usize::from(!self.intercept)];
        let mut values = vec![0.0; self.degree + 1];
        let first = b_splines(all, self.degree, x, derivative, &mut values);
        row[first..=first + self.degree].copy_from_slice(&values);
        row.split_off(usize::from(!self.intercept))
    }
}

/// Writes a derivative of the degree + 1 B-splines that are not zero at x, and returns the place of the first.
fn b_splines(knots: &[f64], degree: usize, x: f64, derivative: usize, out: &mut [f64]) -> usize {
    let span = span(knots, degree, x);
    let knot = |place: usize| knots[span + place - degree]; // place 0 is the first knot of the first spline
    let over = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    out.fill(0.0);
    out[degree] = 1.0;
    for order in 2..=degree + 1 {
        // Splines degree + 1 − order, …, degree of this order from those of the order before; `right` is that to the right.
        for i in degree + 1 - order..=degree {
            let right = if i < degree { out[i + 1] } else { 0.0 };
            let (rise, fall) = (knot(i + order - 1) - knot(i), knot(i + order) - knot(i + 1));
            out[i] = if order + derivative > degree + 1 {
                #[expect(clippy::cast_precision_loss, reason = "degrees are small")]
                let factor = (order - 1) as f64;
                factor * (over(out[i], rise) - over(right, fall))
            } else {
                over(x - knot(i), rise) * out[i] + over(knot(i + order) - x, fall) * right
            };
        }
    }
    span - degree
}

/// The place of the knot at the left of the piece that x is in; the first or the last piece beyond the boundary.
fn span(knots: &[f64], degree: usize, x: f64) -> usize {
    let last = knots.len() - degree - 2;
    let (left, right) = (knots[degree], knots[last + 1]);
    if x < left {
        knots.partition_point(|knot| *knot <= left) - 1
    } else if x < right {
        knots.partition_point(|knot| *knot <= x) - 1
    } else {
        knots.partition_point(|knot| *knot < right) - 1
    }
}

/// The two Householder vectors that make two columns upper triangular, each with squared length 2.
fn reflections([mut a, mut b]: [Vec<f64>; 2]) -> [Vec<f64>; 2] {
    let v = householder(&mut a, 0);
    reflect(&v, &mut b);
    [v, householder(&mut b, 1)]
}

/// v with (I − v vᵀ) a = ∓‖a‖ e from a place on, the sign being that which does not cancel.
fn householder(a: &mut [f64], from: usize) -> Vec<f64> {
    a[..from].fill(0.0);
    let norm = a.iter().fold(0.0, |norm: f64, a| norm.hypot(*a));
    if norm == 0.0 {
        return a.to_vec();
    }
    let mut v: Vec<f64> = a.iter().map(|a| a / norm).collect();
    v[from] += if v[from] < 0.0 { -1.0 } else { 1.0 };
    let length = v.iter().fold(0.0, |norm: f64, v| norm.hypot(*v));
    v.iter_mut().for_each(|v| *v *= std::f64::consts::SQRT_2 / length);
    v
}

fn reflect(v: &[f64], values: &mut [f64]) {
    let dot: f64 = v.iter().zip(&*values).map(|(v, value)| v * value).sum();
    values.iter_mut().zip(v).for_each(|(value, v)| *value -= dot * v);
}
