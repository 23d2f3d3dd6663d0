//! Everything built in obeys the laws.

use glm_core::{Elu, Gelu, Identity, LeakyRelu, Logit, Relu, Softplus, Tanh, spec};
use nn::{Adam, AdamW, AnyOptimizer, Dense, Dropout, Output, RmsProp, Sgd, laws};

#[test]
fn layers() {
    laws::layer(&Dense::new(4, 3, Identity).unwrap(), 1);
    laws::layer(&Dense::new(4, 3, Logit).unwrap(), 2);
    laws::layer(&Dense::new(1, 3, Relu).unwrap(), 3);
    laws::layer(&Dense::new(4, 1, LeakyRelu::default()).unwrap(), 4);
    laws::layer(&Dense::new(4, 3, Tanh).unwrap(), 5);
    laws::layer(&Dense::new(4, 3, Softplus).unwrap(), 6);
    laws::layer(&Dense::new(4, 3, Elu::default()).unwrap(), 7);
    laws::layer(&Dense::new(4, 3, Gelu).unwrap(), 8);
    laws::layer(&Dropout::new(6, 0.4).unwrap(), 9);
}

#[test]
fn outputs() {
    let cases: [(&str, &[f64]); 6] = [
        ("gaussian(identity)", &[-1.0, 0.0, 2.5, 4.0]),
        ("binomial(probit)", &[0.0, 1.0, 0.25, 1.0]),
        ("poisson(log)", &[0.0, 1.0, 7.0, 2.0]),
        ("gamma(inverse)", &[0.5, 1.0, 7.0, 2.0]),
        ("softmax(3)", &[0.0, 1.0, 2.0, 2.0]),
        ("multinomial(3)", &[0.0, 1.0, 2.0, 2.0]),
    ];
    for (name, y) in cases {
        laws::output(&Output::new(spec::response(name).unwrap()), y);
        laws::output(&Output::side_by_side(spec::response(name).unwrap(), 2).unwrap(), y);
    }
}

#[test]
fn optimizers() {
    let all: [&dyn AnyOptimizer; 6] = [
        &Sgd::new(0.1),
        &Sgd { rate: 0.05, momentum: 0.9, nesterov: false },
        &Sgd { rate: 0.05, momentum: 0.9, nesterov: true },
        &RmsProp::new(0.01),
        &Adam::new(0.02),
        &AdamW { decay: 0.01, ..AdamW::new(0.02) },
    ];
    for optimizer in all {
        laws::optimizer(optimizer, 500);
    }
}

#[test]
#[should_panic(expected = "parameter 0")]
fn a_wrong_derivative_is_found() {
    #[derive(Debug)]
    struct Wrong;
    impl glm_core::Activation for Wrong {
        fn mu(&self, eta: f64) -> f64 {
            eta * eta
        }
        fn dmu_deta(&self, eta: f64) -> f64 {
            eta
        }
    }
    laws::layer(&Dense::new(2, 2, Wrong).unwrap(), 1);
}
