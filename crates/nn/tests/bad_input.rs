//! Everything that can be wrong is refused with its place, its value and advice.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail where the test would")]

use glm_core::{Error as CoreError, Logit, spec};
use nn::{
    Adam, AdamW, BatchSize, Data, Dense, EarlyStopping, Error, Initial, Network, Output, RmsProp, Sgd, Training,
    Validation,
};

const X: [f64; 6] = [1.0, 2.0, 3.0, 0.0, 1.0, 0.5];
const Y: [f64; 3] = [0.0, 1.0, 1.0];

fn data() -> Data<'static> {
    Data::new(X.chunks_exact(3), &Y).unwrap()
}

fn logistic() -> Network {
    Network::new(2, spec::response("binomial").unwrap()).unwrap()
}

fn train(network: &Network, data: &Data<'_>, validation: Validation<'_>, training: &Training) -> Option<Error> {
    network.train::<f64>(data, validation, training, &mut ()).err()
}

fn check<T>(result: Result<T, Error>, expected: &str) {
    let message = result.err().map(|error| error.to_string()).unwrap();
    assert!(message.starts_with(expected), "`{message}` where `{expected}` is expected");
}

#[test]
fn data_that_cannot_be_learned_from() {
    let bad_x = [1.0, 2.0, 3.0, 0.0, f64::INFINITY, 0.5];
    check(Data::new(bad_x.chunks_exact(3), &Y), "x is inf at row 1, column 1");
    check(Data::new(X.chunks_exact(3), &[0.0, f64::NAN, 1.0]), "y is NaN at row 1");
    check(Data::new(X.chunks_exact(3), &[0.0, 1.0]), "y has 2 values but 3 are needed");
    check(Data::new(X.chunks_exact(3), &[]), "y has 0 values but 3 are needed");
    check(Data::new([&X[..3], &X[..2]], &Y), "x has 2 values but 3 are needed");
    check(Data::new([&X[..0]], &Y), "there are no rows");
    check(Data::new([], &Y), "the design has no columns");
    check(data().with_weights(&[1.0, -2.0, 1.0]), "the weight at row 1 is -2");
    check(data().with_weights(&[1.0, f64::NAN, 1.0]), "weights is NaN at row 1");
    check(data().with_weights(&[1.0]), "weights has 1 values but 3 are needed");
    check(data().with_weights(&[0.0; 3]), "all weights are zero");
    check(data().with_offset(&[0.0, 0.0, f64::NEG_INFINITY]), "offset is -inf at row 2");
    check(data().with_offset(&[0.0; 4]), "offset has 4 values but 3 are needed");
}

#[test]
fn data_that_do_not_fit_the_network() {
    let training = Training::default();
    let narrow = Data::new([&X[..3]], &Y).unwrap();
    let two = [0.0; 6];
    let wide = Data::new(X.chunks_exact(3), &two).unwrap();
    let impossible = Data::new(X.chunks_exact(3), &[0.0, 1.5, 1.0]).unwrap();
    let offsets = data().with_offset(&two).unwrap();
    for (data, expected) in [
        (&narrow, "features: 1 given where 2 are needed"),
        (&wide, "columns of y: 2 given where 1 are needed"),
        (&impossible, "y is 1.5 at row 1"),
        (&offsets, "columns of the offset: 2 given where 1 are needed"),
    ] {
        check(logistic().train::<f64>(data, Validation::None, &training, &mut ()), expected);
        check(logistic().train::<f32>(&self::data(), Validation::Data(data), &training, &mut ()), expected);
        check(logistic().objective(data).map(|_| ()), expected);
        check(logistic().with_params(vec![0.0; 3]).unwrap().loss(data), expected);
    }
    let softmax = Network::new(2, spec::response("softmax(2)").unwrap()).unwrap();
    check(softmax.objective(&impossible).map(|_| ()), "y is 1.5 at row 1; a class is one of the whole numbers 0 to 1");
}

#[test]
fn networks_that_cannot_be() {
    check(
        Network::new(0, spec::response("binomial").unwrap()),
        "the width of a layer is 0; it must be from 1 to 16777216",
    );
    // Found by fuzzing: the number of parameters overflowed.
    check(logistic().hidden(usize::MAX, Logit), "the width of a layer is 18446744073709552000; it must be from 1");
    let classes = spec::response("multinomial(18446744073709551615)").unwrap();
    check(Network::new(2, classes), "the width of a layer is 18446744073709552000; it must be from 1");
    check(Output::side_by_side(spec::response("binomial").unwrap(), 0), "the width of a layer is 0");
    check(logistic().hidden(0, Logit), "the width of a layer is 0");
    for probability in [-0.1, 1.0, f64::NAN] {
        check(logistic().dropout(probability), "the dropout probability is");
    }
    check(logistic().layer(Dense::new(3, 2, Logit).unwrap()), "inputs of a layer: 3 given where 2 are needed");
    check(logistic().with_params(vec![0.0; 2]), "parameters: 2 given where 3 are needed");
    check(logistic().sensitivity(&[0.0; 4], &data()), "parameters: 4 given where 3 are needed");
}

#[test]
fn settings_that_are_not_allowed() {
    let with = Training::default;
    let early = |patience, min_delta| Some(EarlyStopping { patience, min_delta });
    let adam = Adam::new(0.1);
    for (training, expected) in [
        (Training { epochs: 0, ..with() }, "the number of epochs is 0"),
        (Training { batch_size: BatchSize::Rows(0), ..with() }, "the batch size is 0"),
        (Training { l2: -1.0, ..with() }, "the L2 penalty is -1"),
        (Training { l2: f64::NAN, ..with() }, "the L2 penalty is NaN"),
        (Training { early_stopping: early(0, 0.0), ..with() }, "the patience is 0"),
        (Training { early_stopping: early(1, -0.5), ..with() }, "min_delta is -0.5"),
        (Training { initial: Initial::Uniform(0.0), ..with() }, "the half-width of the starting parameters is 0"),
        (Training { initial: Initial::Given(vec![0.0]), ..with() }, "parameters: 1 given where 3 are needed"),
        (Training { initial: Initial::Given(vec![f64::NAN; 3]), ..with() }, "a starting parameter is NaN"),
        (Training::with(Sgd::new(0.0)), "the learning rate is 0; it must be above 0"),
        (Training::with(Sgd::new(f64::INFINITY)), "the learning rate is inf"),
        (Training::with(Sgd { momentum: 1.0, ..Sgd::new(0.1) }), "the momentum is 1"),
        (Training::with(Sgd { nesterov: true, ..Sgd::new(0.1) }), "the momentum of Nesterov's rule is 0"),
        (Training::with(RmsProp { alpha: -0.1, ..RmsProp::new(0.1) }), "alpha is -0.1"),
        (Training::with(RmsProp { epsilon: 0.0, ..RmsProp::new(0.1) }), "epsilon is 0"),
        (Training::with(Adam { beta1: 1.0, ..adam }), "beta1 is 1"),
        (Training::with(Adam { beta2: f64::NAN, ..adam }), "beta2 is NaN"),
        (Training::with(AdamW { adam, decay: -1.0 }), "the decay is -1"),
    ] {
        let error = train(&logistic(), &data(), Validation::Split(0.5), &training).map(|error| error.to_string());
        assert!(
            error.as_ref().is_some_and(|text| text.starts_with(expected)),
            "{error:?} where {expected} is expected"
        );
    }
}

#[test]
fn validation_that_is_not_there() {
    let training =
        Training { early_stopping: Some(EarlyStopping { patience: 1, min_delta: 0.0 }), ..Training::default() };
    let error = train(&logistic(), &data(), Validation::None, &training).unwrap();
    assert!(matches!(error, Error::Setting { what: "the share of validation rows", .. }), "{error}");
    for share in [0.0, 0.1, 0.9, 1.0, f64::NAN] {
        let error = train(&logistic(), &data(), Validation::Split(share), &Training::default()).unwrap();
        assert!(matches!(error, Error::Setting { what: "the share of validation rows", .. }), "{share}: {error}");
    }
    let one_row = data().with_weights(&[0.0, 1.0, 0.0]).unwrap();
    let error = train(&logistic(), &one_row, Validation::Split(0.4), &Training::default()).unwrap();
    assert!(matches!(error, Error::Core(CoreError::AllWeightsZero)), "{error}");
}

#[test]
fn losses_that_mean_nothing() {
    let poisson = Network::new(2, spec::response("poisson").unwrap()).unwrap().with_params(vec![0.0; 3]).unwrap();
    check(poisson.cross_entropy(&data()), "poisson(log) is not a probability model");
    let softmax = Network::new(2, spec::response("softmax(2)").unwrap()).unwrap().with_params(vec![0.0; 6]).unwrap();
    check(softmax.mean_squared_error(&data()), "means to take squared errors of: 2 given where 1 are needed");
    check(poisson.predict([&X[..3]], &[]), "features: 1 given where 2 are needed");
    check(poisson.predict(X.chunks_exact(3), &[0.0]), "offset has 1 values but 3 are needed");
}
