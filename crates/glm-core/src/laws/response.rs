//! The laws of a response.

use super::assert_near;
use super::difference::assert_derivative;
use super::recession::recession;
use crate::{Interval, Order, Response, Units};

/// What a response says about one row.
struct Row {
    loss: f64,
    slope: Vec<f64>,
    curvature: Vec<f64>,
}

fn row(response: &dyn Response, y: f64, eta: &[f64], order: Order) -> Row {
    let q = response.n_predictors();
    let (slopes, curvatures) = match order {
        Order::Loss => (0, 0),
        Order::Gradient => (q, 0),
        _ => (q, q * (q + 1) / 2),
    };
    let mut loss = [f64::NAN];
    let mut found = Row { loss: 0.0, slope: vec![f64::NAN; slopes], curvature: vec![f64::NAN; curvatures] };
    let out = Units { loss: &mut loss, slope: &mut found.slope, curvature: &mut found.curvature };
    response.units(&[y], eta, order, out);
    found.loss = loss[0];
    found
}

/// Asserts the laws of a response, on the given possible values of y.
///
/// The loss is never negative and never NaN; slope and observed curvature are its derivatives; the expected curvature
/// does not depend on y, is not negative and, where there is a family, is the observed one at y = μ; a block of rows is
/// its rows side by side; observed is expected curvature where the link is canonical; the loss never rises in the directions of its recession, and grows in all others; starting values are finite and have finite losses; outside the domain the loss is infinite;
/// a response that is NaN or outside the support is refused.
///
/// # Panics
///
/// Where a law is broken.
pub fn response(response: &dyn Response, y: &[f64]) {
    let domain = response.link().map_or(Interval::REAL, |link| link.domain());
    for eta in predictors(response, &domain) {
        for y in y {
            derivatives(response, *y, &eta, &domain);
            if let Some(rises) = response.rises(*y) {
                let place = format!("{}, y = {y}, η = {eta:?}", response.name());
                recession(&place, &rises, &eta, |eta| row(response, *y, eta, Order::Loss).loss);
            }
        }
        expected(response, y, &eta);
    }
    blocks(response, y, &domain);
    start(response, y);
    outside(response, y, &domain);
    tails(response, y, &domain);
    assert_eq!(response.check(y), Ok(()), "{} refuses its own values", response.name());
    assert!(response.check(&[y[0], f64::NAN]).is_err(), "{} accepts NaN", response.name());
    if let Some(support) = response.family().map(crate::Family::support) {
        for value in [support.lower - 1.0, support.upper + 1.0].into_iter().filter(|value| value.is_finite()) {
            assert!(response.check(&[value]).is_err(), "{} accepts {value}, outside {support}", response.name());
        }
    }
}

/// Predictors of moderate size: a grid, each coordinate of a coupled response running through it at its own pace.
fn predictors(response: &dyn Response, domain: &Interval) -> Vec<Vec<f64>> {
    let grid: Vec<f64> = domain.grid(20).into_iter().filter(|eta| eta.abs() < 12.0).collect();
    let q = response.n_predictors();
    let at = |i: usize| (0..q).map(|j| grid[(i * (2 * j + 1) + 3 * j) % grid.len()]).collect();
    (0..grid.len()).map(at).collect()
}

fn derivatives(response: &dyn Response, y: f64, eta: &[f64], domain: &Interval) {
    let place = format!("{}, y = {y}, η = {eta:?}", response.name());
    let here = row(response, y, eta, Order::Observed);
    assert!(here.loss >= 0.0, "the loss is {} at {place}", here.loss);
    if response.is_canonical() {
        let expected = row(response, y, eta, Order::Expected);
        let pairs = here.curvature.iter().zip(&expected.curvature).filter(|(observed, _)| !observed.is_nan());
        for (observed, expected) in pairs {
            assert_near("the expected curvature is the observed one", &place, *expected, *observed, 1e-13, 0.0);
        }
    }
    if !here.loss.is_finite() {
        return;
    }
    for order in [Order::Loss, Order::Gradient, Order::Expected] {
        let loss = row(response, y, eta, order).loss;
        assert_near("the loss does not depend on the order", &place, loss, here.loss, 1e-14, 0.0);
    }
    let shifted = |i: usize, x: f64, order: Order| {
        let mut eta = eta.to_vec();
        eta[i] = x;
        row(response, y, &eta, order)
    };
    let mut entry = 0;
    for i in 0..eta.len() {
        let loss = |x| shifted(i, x, Order::Loss).loss;
        assert_derivative("slope = ∂loss/∂η", &format!("{place}[{i}]"), loss, eta[i], domain, (here.slope[i], 1e-24));
        for j in i..eta.len() {
            let slope = |x| shifted(i, x, Order::Gradient).slope[j];
            let place = format!("{place}[{i}, {j}]");
            assert_derivative("observed = ∂²loss/∂η²", &place, slope, eta[i], domain, (here.curvature[entry], 1e-24));
            entry += 1;
        }
    }
}

fn expected(response: &dyn Response, y: &[f64], eta: &[f64]) {
    let place = format!("{}, η = {eta:?}", response.name());
    let first = row(response, y[0], eta, Order::Expected);
    if !first.loss.is_finite() {
        return;
    }
    for y in y {
        let root = row(response, *y, eta, Order::Root);
        for (value, first) in root.curvature.iter().zip(&first.curvature) {
            assert_near("expected curvature does not depend on y", &place, *value, *first, 1e-10, 1e-300);
        }
    }
    let Some(support) = response.family().map(crate::Family::support) else { return };
    let mut mu = vec![f64::NAN; response.n_means()];
    response.mean(eta, &mut mu);
    assert!(first.curvature[0] >= 0.0, "the expected curvature is {} at {place}", first.curvature[0]);
    if support.contains(mu[0]) {
        let observed = |y| row(response, y, eta, Order::Observed).curvature[0];
        // μ as a value of y is only as good as its distance from zero; observed curvature is linear in y.
        let (low, high) = (y[0], y[y.len() - 1]);
        let rounding = 1e-5 * (observed(high) - observed(low)).abs() / (high - low).abs() * (1.0 + mu[0].abs());
        let law = "expected curvature is the observed one at y = μ";
        assert_near(law, &place, observed(mu[0]), first.curvature[0], 1e-9, rounding);
    }
}

/// Several rows at once are the rows one by one.
fn blocks(response: &dyn Response, y: &[f64], domain: &Interval) {
    let (q, k, m) = (response.n_predictors(), response.n_means(), y.len());
    let all = predictors(response, domain);
    let rows: Vec<&Vec<f64>> = (0..m).map(|row| &all[row % all.len()]).collect();
    let eta: Vec<f64> = (0..q).flat_map(|j| rows.iter().map(move |eta| eta[j])).collect();
    let mut loss = vec![0.0; m];
    let mut slope = vec![0.0; m * q];
    let mut curvature = vec![0.0; m * q * (q + 1) / 2];
    let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
    response.units(y, &eta, Order::Observed, out);
    let mut means = vec![0.0; m * k];
    response.mean(&eta, &mut means);
    for (i, y) in y.iter().enumerate() {
        let place = format!("{}, y = {y}, η = {:?}", response.name(), rows[i]);
        let own = row(response, *y, rows[i], Order::Observed);
        assert_near("the loss of a block's row", &place, loss[i], own.loss, 1e-14, 0.0);
        let mut mean = vec![0.0; k];
        response.mean(rows[i], &mut mean);
        for (block, own) in [(&means, &mean), (&slope, &own.slope), (&curvature, &own.curvature)] {
            for (j, own) in own.iter().enumerate().filter(|(_, own)| !own.is_nan()) {
                assert_near("a block's row", &place, block[j * m + i], *own, 1e-14, 0.0);
            }
        }
    }
}

fn start(response: &dyn Response, y: &[f64]) {
    let (q, m) = (response.n_predictors(), y.len());
    for weights in [vec![], vec![2.0; m]] {
        let mut eta = vec![f64::NAN; m * q];
        response.start(y, &weights, &mut eta);
        for (i, y) in y.iter().enumerate() {
            let own: Vec<f64> = (0..q).map(|j| eta[j * m + i]).collect();
            let loss = row(response, *y, &own, Order::Loss).loss;
            let finite = own.iter().all(|eta| eta.is_finite()) && loss.is_finite();
            assert!(finite, "{} starts y = {y} at η = {own:?}, where the loss is {loss}", response.name());
        }
    }
}

fn outside(response: &dyn Response, y: &[f64], domain: &Interval) {
    for eta in [domain.lower - 1.0, domain.upper + 1.0].into_iter().filter(|eta| eta.is_finite()) {
        for order in [Order::Loss, Order::Observed] {
            let loss = row(response, y[0], &vec![eta; response.n_predictors()], order).loss;
            assert!(loss == f64::INFINITY, "{} has loss {loss} at η = {eta}, outside {domain}", response.name());
        }
    }
}

/// Far out the loss may overflow but is a number, and where it is finite so are its derivatives.
fn tails(response: &dyn Response, y: &[f64], domain: &Interval) {
    for eta in [-750.0, -40.0, 40.0, 750.0].into_iter().filter(|eta| domain.contains(*eta)) {
        for y in y {
            for order in [Order::Expected, Order::Observed] {
                let found = row(response, *y, &vec![eta; response.n_predictors()], order);
                let numbers = found.slope.iter().chain(&found.curvature).all(|value| !value.is_nan());
                let right = found.loss >= 0.0 && (numbers || found.loss == f64::INFINITY);
                assert!(
                    right,
                    "{} at y = {y}, η = {eta}: {:?}",
                    response.name(),
                    (found.loss, found.slope, found.curvature)
                );
            }
        }
    }
}
