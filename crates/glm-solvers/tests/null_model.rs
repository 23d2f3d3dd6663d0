//! The null deviance beside an offset is that of the model with the intercept alone.

use glm_core::{Dense, spec};
use glm_solvers::{Problem, fisher_scoring};

const N: u32 = 300;

/// Numbers that look random.
fn numbers(seed: u32) -> Vec<f64> {
    (0..N).map(|i| (f64::from(i + 1) * (0.37 + f64::from(seed) * 0.113)).sin()).collect()
}

#[test]
fn the_null_deviance_beside_an_offset_is_that_of_the_intercept_alone() {
    let (x, noise) = (numbers(1), numbers(2));
    let (all, one) = (Dense::with_intercept([&x[..]]).unwrap(), Dense::intercept_only(N as usize).unwrap());
    let offset: Vec<f64> = numbers(3).iter().map(|o| 1.5 * o).collect();
    let weights: Vec<f64> = numbers(4).iter().map(|w| if *w < -0.9 { 0.0 } else { 1.0 + w }).collect();
    let positive: Vec<f64> = (0..N as usize).map(|i| (0.4 * x[i] + offset[i] + 0.8 * noise[i]).exp()).collect();
    let counts: Vec<f64> = positive.iter().map(|y| y.floor()).collect();
    let cases = [
        ("gaussian", &noise),
        ("gaussian(log)", &positive),
        ("poisson", &counts),
        ("quasi-poisson", &counts),
        ("gamma(log)", &positive),
        ("inverse-gaussian(log)", &positive),
        ("tweedie(1.6)(log)", &counts),
        ("quasi(2.5)(log)", &positive),
        // Without a closed form.
        ("negative-binomial(2)", &counts),
    ];
    for (name, y) in cases {
        let response = spec::response(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let deviances = |design| {
            let problem = Problem::new(design, &*response, y.clone()).unwrap();
            let problem = problem.with_weights(weights.clone()).unwrap().with_offset(offset.clone()).unwrap();
            let fit = fisher_scoring().fit(&problem).unwrap_or_else(|error| panic!("{name}: {error}"));
            (fit.deviance, fit.null_deviance)
        };
        let ((own, null), (alone, _)) = (deviances(&all), deviances(&one));
        assert!((null / alone - 1.0).abs() < 1e-12, "{name}: {null} {alone}");
        assert!(own < null, "{name}: {own} {null}");
    }
}
