//! The dispersion by maximum likelihood: closed forms, R's gamma shapes, values of 80 digits, and what has none.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail too")]

use glm_core::{
    CanonicalGlm, Dense, Exponential, Gamma, Gaussian, InverseGaussian, Mean, Response, Softmax, Tweedie, spec, special,
};
use glm_solvers::{DispersionEstimate, DispersionSource, Error, Fit, Problem, fit_gamma_shape, irls, newton_raphson};

const X: [f64; 8] = [0.2, -1.1, 0.7, 1.9, -0.4, 1.2, -1.7, 0.1];
const Y: [f64; 8] = [2.3, 0.8, 2.2, 5.6, 1.9, 2.6, 0.9, 1.2];
const W: [f64; 8] = [1.0, 2.5, 0.4, 3.0, 1.0, 0.7, 1.9, 2.0];

fn likeliest(response: &dyn Response, y: &[f64], weights: &[f64]) -> Result<Fit, Error> {
    let design = Dense::with_intercept([&X[..y.len()]])?;
    let problem = Problem::new(&design, response, y.to_vec())?.with_weights(weights.to_vec())?;
    irls().fit(&problem.with_dispersion(DispersionEstimate::MaximumLikelihood)?)
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{what}: {found:e} instead of {expected:e}");
}

fn means(fit: &Fit) -> [f64; 8] {
    X.map(|x| (fit.coefficients[0] + fit.coefficients[1] * x).exp())
}

#[test]
fn gaussian_and_inverse_gaussian_have_the_deviance_per_row() {
    let rows = || Y.into_iter().zip(W);
    for name in ["gaussian(log)", "inverse-gaussian(log)"] {
        let fit = likeliest(&*spec::response(name).unwrap(), &Y, &W).unwrap();
        let phi = fit.dispersion.unwrap();
        let mu = means(&fit);
        let share = |((y, w), mu): ((f64, f64), f64)| {
            let (square, cube) = ((y - mu) * (y - mu), y * y * y);
            let (deviance, volume) = if name.starts_with('g') { (square, 1.0) } else { (square / (y * mu * mu), cube) };
            (w * deviance, -0.5 * (w * deviance / phi + (std::f64::consts::TAU * phi / w * volume).ln()))
        };
        let (deviance, height) = rows().zip(mu).map(share).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        close(name, phi, deviance / 8.0, 1e-13);
        close(name, fit.log_likelihood.unwrap(), height, 1e-13);
        close(name, fit.aic.unwrap(), 6.0 - 2.0 * height, 1e-13);
        assert_eq!(fit.dispersion_source, DispersionSource::MaximumLikelihood);
    }
}

/// Also by the same density from elsewhere: no other dispersion is more likely, and covariances follow it.
#[test]
fn gamma_and_tweedie_have_no_likelier_neighbour() {
    let (gamma, tweedie) = (Gamma, Tweedie::new(1.4).unwrap());
    let mut with_zero = Y;
    with_zero[6] = 0.0;
    for (model, y) in [(&gamma as &dyn Exponential, Y), (&tweedie, Y), (&tweedie, with_zero)] {
        let response = spec::response(&format!("{}(log)", model.name())).unwrap();
        let fit = likeliest(&*response, &y, &W).unwrap();
        let height = |phi: f64| -> f64 {
            let share = |((y, w), mu): ((f64, f64), f64)| model.ln_density(y, Mean::from(mu), phi / w).unwrap();
            y.into_iter().zip(W).zip(means(&fit)).map(share).sum()
        };
        let phi = fit.dispersion.unwrap();
        close("log-likelihood", fit.log_likelihood.unwrap(), height(phi), 1e-13);
        assert!([0.9, 0.999, 1.001, 1.1].into_iter().all(|factor| height(factor * phi) < height(phi)), "{phi}");
        // Where the maximum is, differences of fourth order see no slope.
        let slope = |h: f64| (height(phi * h.exp()) - height(phi * (-h).exp())) / (2.0 * h);
        assert!(((4.0 * slope(1e-3) - slope(2e-3)) / 3.0).abs() < 1e-10);
        let pearson = irls().fit(
            &Problem::new(&Dense::with_intercept([&X[..]]).unwrap(), &*response, y.to_vec())
                .unwrap()
                .with_weights(W.to_vec())
                .unwrap(),
        );
        let pearson = pearson.unwrap();
        assert_eq!(pearson.dispersion_source, DispersionSource::Pearson);
        let ratio = (phi / pearson.dispersion.unwrap()).sqrt();
        close("standard error", fit.std_errors[1], ratio * pearson.std_errors[1], 1e-8);
    }
}

/// R 4.2.2, `MASS::gamma.shape(it.lim` = 200, eps.max = 1e-13), and sum(dgamma(y, a w, rate = a w/mu, log = TRUE)).
#[test]
fn a_gamma_shape_with_weights_is_that_of_r() {
    let y = [5.96, 4.74, 2.04, 2.7, 6.09, 4.72, 10.1, 2.82, 3.88];
    let sd = [4.24, 4.64, 2.59, 2.32, 4.86, 5.33, 8.1, 3.05, 4.85];
    let weights = vec![134.0, 175.0, 137.0, 184.0, 174.0, 754.0, 209.0, 1151.0, 679.0];
    let (design, response) = (Dense::with_intercept([&sd[..]]).unwrap(), spec::response("gamma(log)").unwrap());
    let problem = Problem::new(&design, &*response, y.to_vec()).unwrap().with_weights(weights).unwrap();
    let found = fit_gamma_shape(&problem, &irls().fit(&problem).unwrap()).unwrap();
    close("shape", found.shape, 0.119_278_399_059_178_45, 1e-9);
    close("standard error", found.std_error, 0.055_881_634_327_409_36, 1e-9);
    let problem = problem.with_dispersion(DispersionEstimate::MaximumLikelihood).unwrap();
    let fit = newton_raphson().fit(&problem).unwrap();
    close("shape", fit.dispersion.unwrap().recip(), found.shape, 1e-12);
    close("log-likelihood", fit.log_likelihood.unwrap(), -10.059_018_773_164_35, 1e-12);
}

/// y = 1 ± δ has μ = 1 and the shape where ln α − ψ(α) = −½ ln(1 − δ²); roots by mpmath with 80 digits.
#[test]
fn gamma_shapes_from_a_twentieth_to_1e14_keep_their_digits() {
    let design = Dense::intercept_only(2).unwrap();
    let gamma = spec::response("gamma(log)").unwrap();
    for (delta, shape) in [
        (2.0_f64.powi(-4), 255.666_231_676_011_93),
        (2.0_f64.powi(-9), 262_143.666_666_242_82),
        (2.0_f64.powi(-17), 17_179_869_183.666_666),
        (2.0_f64.powi(-24), 281_474_976_710_655.66),
        (1.0 - 2.0_f64.powi(-1), 3.634_302_780_577_844),
        (1.0 - 2.0_f64.powi(-10), 0.230_661_911_736_416_2),
        (1.0 - 2.0_f64.powi(-40), 0.063_296_588_662_920_2),
    ] {
        let problem = Problem::new(&design, &*gamma, vec![1.0 - delta, 1.0 + delta]).unwrap();
        let found = fit_gamma_shape(&problem, &irls().fit(&problem).unwrap()).unwrap();
        close("shape", found.shape, shape, 1e-13);
        let information = if shape > 1e6 { shape.powi(-2) } else { 2.0 * (special::trigamma(shape) - shape.recip()) };
        close("standard error", found.std_error, information.sqrt().recip(), 1e-9);
    }
}

/// φ and log-likelihood by mpmath: the density summed as its definition has it with 50 digits, at μ = Σwy/Σw.
#[test]
fn a_tweedie_dispersion_is_that_of_34_digits() {
    let y = [0.0, 3.2, 0.0, 11.7, 0.9, 5.4, 0.0, 2.6, 24.1, 0.0, 1.3, 7.8, 0.3, 4.1, 0.0, 15.6, 2.2, 0.0, 6.5, 9.4];
    let (design, response) = (Dense::intercept_only(20).unwrap(), spec::response("tweedie(1.5)(log)").unwrap());
    for (weights, phi, height) in [
        ([1.0; 4], 3.647_073_713_058_803, -53.038_883_953_848_57),
        ([1.0, 2.0, 0.5, 1.5], 4.016_356_941_135_455, -52.905_819_391_591_26),
    ] {
        let problem = Problem::new(&design, &*response, y.to_vec()).unwrap().with_weights(weights.repeat(5)).unwrap();
        let problem = problem.with_dispersion(DispersionEstimate::MaximumLikelihood).unwrap();
        let fit = irls().fit(&problem).unwrap();
        close("dispersion", fit.dispersion.unwrap(), phi, 1e-13);
        close("log-likelihood", fit.log_likelihood.unwrap(), height, 1e-14);
    }
}

#[test]
fn a_perfect_fit_has_no_maximum() {
    let exact = X.map(|x| (0.3 + 0.8 * x).exp());
    for name in ["gaussian(log)", "gamma(log)", "inverse-gaussian(log)", "tweedie(1.5)(log)"] {
        let response = spec::response(name).unwrap();
        for (y, weights) in [(&exact[..], &W[..]), (&Y[..2], &W[..2])] {
            let error = likeliest(&*response, y, weights).unwrap_err();
            assert!(matches!(&error, Error::ExactFit { response } if response == name), "{name}: {error}");
        }
    }
    let (design, gamma) = (Dense::with_intercept([&X[..]]).unwrap(), spec::response("gamma(log)").unwrap());
    let problem = Problem::new(&design, &*gamma, exact.to_vec()).unwrap();
    let error = fit_gamma_shape(&problem, &irls().fit(&problem).unwrap()).unwrap_err();
    assert!(matches!(error, Error::ExactFit { .. }), "{error}");
}

#[test]
fn what_has_no_likelihood_in_the_dispersion_is_refused() {
    let counts = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0];
    for (name, advice) in [
        ("poisson(log)", "fit_negative_binomial"),
        ("binomial(logit)", "quasi family"),
        ("negative-binomial(2)(log)", "leave it at"),
        ("quasi-poisson(log)", "DispersionEstimate::Pearson"),
        ("quasi-binomial(logit)", "DispersionEstimate::Pearson"),
        ("quasi(3)(log)", "DispersionEstimate::Pearson"),
    ] {
        let response = spec::response(name).unwrap();
        let y = if name == "quasi(3)(log)" { Y } else { counts };
        let error = likeliest(&*response, &y, &W).unwrap_err();
        let message = error.to_string();
        assert!(matches!(error, Error::NoDispersionLikelihood { .. }), "{name}: {message}");
        assert!(message.contains(advice) && message.contains(name), "{message}");
    }
    let classes = Softmax::new(2).unwrap();
    assert!(matches!(likeliest(&classes, &counts, &W), Err(Error::NoDispersionLikelihood { .. })));
}

#[test]
fn other_families_have_no_gamma_shape() {
    let (design, gaussian) = (Dense::with_intercept([&X[..]]).unwrap(), CanonicalGlm::new(Gaussian));
    let problem = Problem::new(&design, &gaussian, Y.to_vec()).unwrap();
    let error = fit_gamma_shape(&problem, &irls().fit(&problem).unwrap()).unwrap_err();
    assert!(matches!(error, Error::NotGamma { .. }), "{error}");
}

#[test]
fn a_fit_says_where_its_dispersion_is_from() {
    let (design, response) = (Dense::with_intercept([&X[..]]).unwrap(), CanonicalGlm::new(InverseGaussian));
    let problem = Problem::new(&design, &response, Y.to_vec()).unwrap();
    for (estimate, source, words) in [
        (DispersionEstimate::Family, DispersionSource::Pearson, "by Pearson's chi-square"),
        (DispersionEstimate::Pearson, DispersionSource::Pearson, "by Pearson's chi-square"),
        (DispersionEstimate::Deviance, DispersionSource::Deviance, "by the deviance"),
        (DispersionEstimate::MaximumLikelihood, DispersionSource::MaximumLikelihood, "by maximum likelihood"),
        (DispersionEstimate::Fixed(0.5), DispersionSource::Fixed, "given"),
    ] {
        let fit = irls().fit(&problem.clone().with_dispersion(estimate).unwrap()).unwrap();
        assert_eq!((fit.dispersion_source, fit.dispersion_source.to_string()), (source, words.to_owned()));
    }
    let poisson = spec::response("poisson(log)").unwrap();
    let fit = irls().fit(&Problem::new(&design, &*poisson, X.map(|x| x.abs().round()).to_vec()).unwrap()).unwrap();
    assert_eq!((fit.dispersion_source, fit.dispersion), (DispersionSource::Known, Some(1.0)));
}
