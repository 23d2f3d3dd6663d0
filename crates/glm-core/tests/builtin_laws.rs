//! Every built-in family, link, activation and response obeys the laws, and every name is read back.

use glm_core::laws::{self, Measure};
use glm_core::{
    Binomial, Cumulative, CumulativeLink, Error, Exponential, Family, Gamma, Gaussian, Interval, InverseGaussian,
    NegativeBinomial, OddsPower, Order, Poisson, Power, Quasi, QuasiBinomial, QuasiPoisson, Response, Softmax, Tweedie,
    Units, spec,
};
use proptest::prelude::*;

/// Names with parameters put in.
fn filled(names: &[&str]) -> Vec<String> {
    let mut filled = Vec::new();
    for name in names {
        match name.split_once('(') {
            None => filled.push((*name).to_owned()),
            Some((word @ "tweedie", _)) => filled.extend(["1.1", "1.5", "1.9"].map(|p| format!("{word}({p})"))),
            Some((word @ "negative-binomial", _)) => filled.extend(["0.3", "2"].map(|p| format!("{word}({p})"))),
            Some((word @ "quasi", _)) => {
                filled.extend(["0", "1", "2", "3", "0.5", "-1", "1.5", "2.5"].map(|p| format!("{word}({p})")));
            }
            Some((word @ ("multinomial" | "softmax"), _)) => filled.extend(["2", "4"].map(|p| format!("{word}({p})"))),
            Some((word @ ("power" | "odds-power"), _)) => {
                filled.extend(["0.5", "-1", "2", "0.3333333333333333"].map(|p| format!("{word}({p})")));
            }
            Some((word, _)) => filled.extend(["0.01", "0.5", "1"].map(|p| format!("{word}({p})"))),
        }
    }
    filled
}

#[test]
fn activations() {
    for name in filled(spec::ACTIVATIONS) {
        let activation = spec::activation(&name).unwrap();
        assert_eq!(activation.name(), name);
        laws::activation(&activation);
    }
    for name in ["sigmoid", "identity", "exp", "probit", "cloglog", "loglog", "cauchit"] {
        laws::activation(&spec::activation(name).unwrap());
    }
}

#[test]
fn links() {
    for name in filled(spec::LINKS) {
        let link = spec::link(&name).unwrap();
        assert_eq!(link.name(), name);
        laws::link(&link);
    }
}

#[test]
fn families() {
    for name in filled(spec::FAMILIES) {
        let family = spec::family(&name).unwrap();
        assert_eq!(family.name(), name);
        laws::family(&family);
        laws::exponential(family.exponential().unwrap());
    }
}

#[test]
fn densities() {
    for dispersion in [1.0, 0.5, 0.125] {
        for counts in [&Poisson as &dyn Exponential, &NegativeBinomial::new(1.7).unwrap(), &Binomial] {
            laws::density(counts, Measure::Lattice, dispersion);
        }
        for continuous in [&Gaussian as &dyn Exponential, &Gamma, &InverseGaussian] {
            laws::density(continuous, Measure::Lebesgue, dispersion);
        }
        for power in [1.3, 1.5, 1.8] {
            laws::density(&Tweedie::new(power).unwrap(), Measure::LebesgueAndZero, dispersion);
        }
    }
}

#[test]
fn canonical_pairs() {
    laws::canonical(Gaussian);
    laws::canonical(Binomial);
    laws::canonical(Poisson);
    laws::canonical(Gamma);
    laws::canonical(InverseGaussian);
    laws::canonical(QuasiBinomial);
    laws::canonical(QuasiPoisson);
    laws::canonical(Tweedie::new(1.5).unwrap());
    laws::canonical(Tweedie::new(1.2).unwrap());
}

/// Possible responses of a family, away from its means' own scale and at its edges.
fn responses(support: &Interval) -> Vec<f64> {
    let values = [-1.5, 0.0, 0.3, 1.0, 2.0, 7.0];
    values.into_iter().filter(|value| support.contains(*value)).collect()
}

#[test]
fn every_pair() {
    let (mut joined, mut refused) = (0, 0);
    for family in filled(spec::FAMILIES) {
        let support = spec::family(&family).unwrap().support();
        for link in filled(spec::LINKS) {
            match spec::pair(&family, &link) {
                Ok(response) => {
                    assert_eq!(response.name(), format!("{family}({link})"));
                    assert_eq!(spec::response(&response.name()).unwrap().name(), response.name());
                    laws::response(response.as_ref(), &responses(&support));
                    joined += 1;
                }
                Err(Error::InvalidPair { valid, .. }) => {
                    assert!(valid.contains("log"), "{family}({link}) could be {valid}");
                    refused += 1;
                }
                Err(error) => panic!("{family}({link}): {error}"),
            }
        }
    }
    assert!(joined > 150 && refused > 50, "{joined} pairs, {refused} refused");
}

#[test]
fn softmax() {
    for name in filled(spec::RESPONSES) {
        let response = spec::response(&name).unwrap();
        assert_eq!(response.name(), name);
        laws::response(response.as_ref(), &[0.0, 1.0]);
    }
    let three = Softmax::new(3).unwrap();
    laws::response(&three, &[0.0, 1.0, 2.0]);
    assert_eq!(three.check(&[0.0, 3.0]), Err(Error::NotAClass { row: 1, value: 3.0, classes: 3 }));
    assert!(three.check(&[0.5]).is_err() && Softmax::baseline(1).is_err());
    let mut eta = [0.0; 6];
    Softmax::baseline(3).unwrap().start(&[0.0, 1.0, 1.0], &[2.5, 1.0, 2.5], &mut eta);
    let shares = [(4.0_f64 / 3.0).ln(), (0.5_f64 / 3.0).ln()];
    for (eta, share) in eta.iter().zip([shares[0]; 3].iter().chain(&[shares[1]; 3])) {
        assert!((eta - share).abs() < 1e-15, "{eta} {share}");
    }
}

#[test]
fn cumulative() {
    for name in ["logit", "probit", "cloglog", "loglog", "cauchit"] {
        let link: CumulativeLink = name.parse().unwrap();
        for classes in [2, 3, 5] {
            let response = Cumulative::new(classes, link).unwrap();
            assert_eq!(response.name(), format!("cumulative({classes}, {name})"));
            let y: Vec<f64> = (0..classes).map(|class| class as f64).collect();
            laws::response(&response, &y);
            expected_curvature_is_the_mean_of_the_observed(&response);
            cut_points_may_rise(&response);
        }
    }
    let error = "log".parse::<CumulativeLink>().unwrap_err();
    assert!(matches!(error, Error::UnknownName { .. }) && error.to_string().contains("cauchit"));
    let three = Cumulative::new(3, CumulativeLink::Logit).unwrap();
    assert_eq!(three.check(&[0.0, 3.0]), Err(Error::NotAClass { row: 1, value: 3.0, classes: 3 }));
    assert!(Cumulative::new(1, CumulativeLink::Logit).is_err());
    let mut mu = [0.0; 3];
    three.mean(&[1.0, 1.0], &mut mu);
    assert!(mu.iter().all(|mu| mu.is_nan()), "cut points that do not increase have no means");
}

/// The loss falls as the upper cut point rises or the lower one falls, and grows without bound the other way, whether the
/// link is log-concave or not.
fn cut_points_may_rise(response: &Cumulative) {
    let (k, q) = (response.classes(), response.classes() - 1);
    let loss = |y: usize, eta: &[f64]| {
        let (mut loss, mut slope, mut curvature) = ([0.0], [0.0; 4], [0.0; 10]);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        response.units(&[y as f64], eta, Order::Loss, units);
        loss[0]
    };
    for (y, cut, sign) in (0..k).flat_map(|y| {
        response.cut_rises(y).into_iter().filter_map(move |rise| match (rise.up, rise.down) {
            (Some(cut), None) => Some((y, cut, 1.0)),
            (None, Some(cut)) => Some((y, cut, -1.0)),
            _ => None,
        })
    }) {
        // Cut points beyond the one that moves make way.
        let at = |step: f64| {
            let eta = |j: usize| if (j as f64 - cut as f64) * sign >= 0.0 { sign * step } else { 0.0 };
            let eta: Vec<f64> = (0..q).map(|j| 0.7 * j as f64 - 1.2 + eta(j)).collect();
            loss(y, &eta)
        };
        let place = format!("{} at {y}, cut point {cut}", response.name());
        let losses: Vec<f64> = (0..8).map(|step| at(f64::from(step))).collect();
        assert!(losses[1] < losses[0] && losses.is_sorted_by(|near, far| near >= far), "{place}: {losses:?}");
        let other = response.cut_rises(y).len() == 1;
        let far = if other { -1e6 } else { -0.7 + 1e-9 };
        assert!(at(far) > at(0.0) + 10.0, "{place}: {} {}", at(far), at(0.0));
    }
    let total: usize = (0..k).map(|y| response.cut_rises(y).len()).sum();
    assert_eq!(total, 2 * q, "each cut point is next to two classes");
}

fn expected_curvature_is_the_mean_of_the_observed(response: &Cumulative) {
    let (k, q) = (response.classes(), response.classes() - 1);
    let eta: Vec<f64> = (0..q).map(|cut| -1.2 + 0.7 * cut as f64).collect();
    let curvature = |y: f64, order: Order| {
        let (mut loss, mut slope, mut curvature) = ([0.0], vec![0.0; q], vec![0.0; q * (q + 1) / 2]);
        response.units(&[y], &eta, order, Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature });
        curvature
    };
    let mut mu = vec![0.0; k];
    response.mean(&eta, &mut mu);
    assert!((mu.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{}", response.name());
    let expected = curvature(0.0, Order::Expected);
    for (entry, expected) in expected.iter().enumerate() {
        let mean: f64 = (0..k).map(|class| mu[class] * curvature(class as f64, Order::Observed)[entry]).sum();
        assert!((mean - expected).abs() < 1e-13, "{}: {mean} {expected}", response.name());
    }
}

#[test]
fn unknown_names_and_bad_parameters() {
    for name in ["guassian", "poisson(2)", "tweedie", "tweedie(log)", "gamma(log", ""] {
        let error = spec::response(name).unwrap_err();
        assert!(matches!(error, Error::UnknownName { kind: "family", .. }), "{name}: {error}");
    }
    assert!(spec::link("lgoit").unwrap_err().to_string().contains("logit"));
    assert!(spec::activation("rule").unwrap_err().to_string().contains("relu"));
    for name in ["tweedie(2)", "negative-binomial(0)", "quasi(inf)", "poisson(power(0))", "softmax(1)"] {
        let error = spec::response(name).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { .. }), "{name}: {error}");
    }
    let error = spec::response("gamma(logit)").unwrap_err().to_string();
    assert!(error.contains("(0, 1)") && error.contains("inverse-squared") && !error.contains("probit,"), "{error}");
}

/// The default links are R's.
#[test]
fn default_links() {
    for (name, full) in [
        ("gaussian", "gaussian(identity)"),
        ("binomial", "binomial(logit)"),
        ("Poisson", "poisson(log)"),
        ("Gamma", "gamma(inverse)"),
        ("inverse.gaussian(1/mu^2)", "inverse-gaussian(inverse-squared)"),
        ("quasi(2)", "quasi(2)(identity)"),
        ("quasibinomial", "quasi-binomial(logit)"),
        ("Negative Binomial(2)", "negative-binomial(2)(log)"),
        ("tweedie(1.5)", "tweedie(1.5)(log)"),
        ("quasi(3)(mu^0.25)", "quasi(3)(power(0.25))"),
    ] {
        assert_eq!(spec::response(name).unwrap().name(), full);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: proptest::test_runner::RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parameters(theta in 0.05..50.0_f64, p in 1.05..1.95_f64, power in -3.0..4.0_f64, lambda in -2.5..2.5_f64) {
        laws::family(&NegativeBinomial::new(theta).unwrap());
        laws::family(&Tweedie::new(p).unwrap());
        laws::family(&Quasi::new(power).unwrap());
        if lambda.abs() > 0.1 {
            laws::link(&Power::new(lambda).unwrap());
            laws::link(&OddsPower::new(lambda).unwrap());
        }
    }

    /// ½d of the power variance against the integral of (y − t)/t^p from μ to y, by Simpson's rule.
    #[test]
    fn power_deviance_is_an_integral(power in -2.0..4.0_f64, mu in 0.1..10.0_f64, ratio in 0.2..5.0_f64) {
        let y = mu * ratio;
        let integrand = |t: f64| (y - t) * t.powf(-power);
        let (n, width) = (2000, (y - mu) / 2000.0);
        let inner: f64 = (1..n).map(|i| f64::from(2 + 2 * (i % 2)) * integrand(mu + width * f64::from(i))).sum();
        let integral = width / 3.0 * (integrand(mu) + inner + integrand(y));
        let deviance = Quasi::new(power).unwrap().unit_deviance(y, mu.into());
        prop_assert!((0.5 * deviance - integral).abs() <= 1e-9 * integral, "{deviance} {integral}");
    }
}
