//! The Tweedie density and its score in ln φ against sums of 50 digits.

use glm_core::{Exponential, Mean, Tweedie};

#[test]
fn agrees_with_the_sum_of_its_definition() {
    let text = include_str!("data/tweedie_density.tsv");
    let (mut rows, mut worst) = (0, [0.0_f64; 2]);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let numbers: Vec<f64> = line.split('\t').map(|field| field.parse().unwrap()).collect();
        let &[p, phi, mu, y, density, score] = &numbers[..] else { panic!("{line}") };
        let family = Tweedie::new(p).unwrap();
        let found = family.ln_density(y, Mean::from(mu), phi).unwrap();
        let slope = family.dispersion_score(y, Mean::from(mu), phi).unwrap();
        let errors = [(found - density).abs() / (1.0 + density.abs()), (slope - score).abs() / (1.0 + score.abs())];
        // Near p = 1 the score feels each rounding error of the number of gammas k times.
        let allowed = [1e-14, 1e-14 + 1e-15 * (2.0 - p) / (p - 1.0)];
        worst = [0, 1].map(|i| worst[i].max(errors[i] / allowed[i]));
        rows += 1;
    }
    assert!(rows > 150 && worst[0] < 1.0 && worst[1] < 1.0, "{rows} {worst:?}");
}
