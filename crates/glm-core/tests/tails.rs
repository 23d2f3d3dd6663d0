//! Links and responses against 650-digit arithmetic, from one tail to the other.

#![expect(clippy::unwrap_used, reason = "a table that does not parse is a failure of the test")]

use glm_core::{Order, Units, spec};

/// The rows of a table: a name and numbers.
fn rows(text: &str) -> impl Iterator<Item = (&str, Vec<f64>)> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut cells = line.split('\t');
        (cells.next().unwrap(), cells.map(|cell| cell.parse().unwrap()).collect())
    })
}

/// A line about the number that is further off than allowed.
fn compare(failures: &mut Vec<String>, place: &str, value: f64, expected: f64, allowed: f64) {
    let near = (value - expected).abs() <= allowed || (value.is_infinite() && value.to_bits() == expected.to_bits());
    if !near {
        let error = (value - expected).abs() / expected.abs();
        failures.push(format!("{place} = {value:e}, expected {expected:e}, relative error {error:.1e}"));
    }
}

/// Relative error 2e-14 of μ, 1 − μ, their logarithms and all derivatives.
#[test]
fn links() {
    let mut failures = Vec::new();
    for (name, numbers) in rows(include_str!("data/links.tsv")) {
        let (eta, expected) = numbers.split_first().unwrap();
        let at = spec::link(name).unwrap().at(*eta);
        let (own, other) = (at.ln_mu, at.ln_complement);
        let values =
            [at.mu, at.complement, at.dmu, at.d2mu, own.value, own.d1, own.d2, other.value, other.d1, other.d2];
        let whats = ["μ", "1 − μ", "μ′", "μ″", "ln μ", "(ln μ)′", "(ln μ)″", "ln(1 − μ)", "ln(1 − μ)′", "ln(1 − μ)″"];
        // A second derivative that passes through zero is held to the first.
        let floors = [0.0, 0.0, 0.0, at.dmu, 0.0, 0.0, own.d1, 0.0, 0.0, other.d1];
        for (((what, value), expected), floor) in whats.iter().zip(values).zip(expected).zip(floors) {
            if !expected.is_nan() {
                let place = format!("{name} at {eta}: {what}");
                compare(&mut failures, &place, value, *expected, 2e-14 * expected.abs() + 4e-16 * floor.abs() + 1e-305);
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// Relative error 1e-13 of loss, slope and curvatures, besides what one rounding of μ or 1 − μ entails.
#[test]
fn responses() {
    let mut failures = Vec::new();
    for (name, numbers) in rows(include_str!("data/losses.tsv")) {
        let response = spec::response(name).unwrap();
        let at = response.link().unwrap().at(numbers[1]);
        let expected = &numbers[2..];
        let place = format!("{name} at y = {}, η = {}", numbers[0], numbers[1]);
        for (order, index) in [(Order::Expected, 2), (Order::Observed, 3)] {
            let (mut loss, mut slope, mut curvature) = ([0.0], [0.0], [0.0]);
            let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
            response.units(&numbers[..1], &numbers[1..2], order, out);
            // One unit in the last place of μ (or of 1 − μ, where the family reads it) on the scale of η.
            let smaller = if name.starts_with("binomial") { at.mu.min(at.complement) } else { at.mu };
            let ulp = 2.0 * f64::EPSILON * smaller.abs() / at.dmu.abs();
            let rounding = if at.dmu == 0.0 { 0.0 } else { ulp };
            let mut check = |what: &str, value: f64, expected: f64, propagated: f64| {
                let allowed = 1e-13 * expected.abs() + propagated + 1e-305;
                compare(&mut failures, &format!("{place}: {what}"), value, expected, allowed);
            };
            check("loss", loss[0], expected[0], rounding * expected[1].abs());
            check("slope", slope[0], expected[1], rounding * expected[2]);
            check("curvature", curvature[0], expected[index], f64::EPSILON * (expected[2] + expected[1].abs()));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
