//! Nothing that comes from outside makes a panic: formulas, tables and model files of random bytes, and of bytes that are
//! nearly right.

use std::sync::OnceLock;

use glm_frame::{Formula, Frame, ReadOptions, Schema};
use glm_model::{Interval, Model, ModelSpec, PredictOptions};
use proptest::prelude::*;

const DATA: &[u8] = b"x,y,g,w\n1,0,a,1\n2,1,b,2\n3,1,a,0\n4,3,c,1\n5,2,b,1\n6,5,c,NA\n7,4,a,1\n8,7,b,2\n";
const FAMILIES: [&str; 7] =
    ["gaussian", "poisson", "binomial", "gamma", "negative-binomial", "quasi(1.5)", "multinomial"];

/// Parts of formulas, between blanks.
const WORDS: &str = "x y g w z 1 0 2 -1 ~ + - * : / ^ ( ) , log( I( ns( poly(x,2) offset( cbind( factor( C(g,sum) %in% \
                     ` . \" é df=3 1e400";

/// What formulas are made of.
fn formula() -> impl Strategy<Value = String> {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let some = prop::collection::vec(prop::sample::select(words), 0..12);
    let some = (some, prop::bool::ANY).prop_map(|(words, apart)| words.join(if apart { " " } else { "" }));
    prop_oneof![some.clone(), some.prop_map(|right| format!("y ~ {right}")), any::<String>()]
}

/// What tables are made of. Beyond 1e100 the equations of aliased columns can overflow, and such a model cannot be read back.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let words: [&[u8]; 21] = [
        b"x", b"y", b"g", b"w", b",", b",", b"\n", b"\n", b"\r\n", b"1", b"0", b"2.5", b"-3", b"1e100", b"NA", b"\"",
        b"a", b"Inf", b"\xff", b" ", b"1e-320",
    ];
    let some = prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat());
    let rows =
        prop::collection::vec((any::<i8>(), 0_u8..4, prop::sample::select(vec!["a", "b", "NA", "1e100"])), 0..12);
    let lines = rows.prop_map(|rows| {
        let line = |(x, y, g): (i8, u8, &str)| format!("{x},{y},{g},{y}\n");
        ("x,y,g,w\n".to_owned() + &rows.into_iter().map(line).collect::<String>()).into_bytes()
    });
    prop_oneof![some, lines, prop::collection::vec(any::<u8>(), 0..200)]
}

/// Reads, fits, summarises, saves and predicts, as far as it goes.
fn through(formula: &str, data: &[u8], family: &str) {
    let Ok(frame) = Frame::from_bytes(data, &ReadOptions::default()) else { return };
    let spec = ModelSpec::new(formula).family(family).omit_missing();
    let Ok(model) = spec.fit(&frame) else { return };
    let text = model.to_json().unwrap_or_else(|error| panic!("a model that cannot be saved: {error}"));
    let again = Model::from_json(&text).unwrap_or_else(|error| panic!("a model that cannot be read: {error}"));
    assert_eq!(again.summary(), model.summary(), "a file keeps the summary");
    // A prediction may be refused, but not fail.
    let _ = again.predict(&frame);
}

fn saved() -> &'static str {
    static SAVED: OnceLock<String> = OnceLock::new();
    SAVED.get_or_init(|| {
        let frame = Frame::from_bytes(DATA, &ReadOptions::default()).expect("a table");
        let spec = ModelSpec::new("y ~ poly(x, 2) + g").family("poisson");
        spec.fit(&frame).expect("a fit").to_json().expect("a model")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(3), ..ProptestConfig::with_cases(400) })]

    #[test]
    fn formulas(formula in formula(), family in prop::sample::select(&FAMILIES[..])) {
        let _ = Formula::parse(&formula);
        through(&formula, DATA, family);
    }

    #[test]
    fn tables(data in table(), family in prop::sample::select(&FAMILIES[..])) {
        for formula in ["y ~ x", "y ~ x * g", "g ~ x", "y ~ .", "cbind(y, w) ~ ns(x, df = 3)"] {
            through(formula, &data, family);
        }
    }

    #[test]
    fn schemas(text in ".{0,200}") {
        let _ = Schema::from_json(&text);
    }

    #[test]
    fn model_files(at in any::<prop::sample::Index>(), length in 0_usize..8, with in "[-0-9a-z\\[\\]{},:\"]{0,4}") {
        let text = saved();
        let begin = at.index(text.len());
        prop_assume!(text.is_char_boundary(begin));
        let end = (begin + length..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
        let damaged = [&text[..begin], &with, &text[end..]].concat();
        let frame = Frame::from_bytes(DATA, &ReadOptions::default()).expect("a table");
        if let Ok(model) = Model::from_json(&damaged) {
            let interval = PredictOptions { interval: Some(Interval::Confidence), ..PredictOptions::default() };
            let _ = (model.predict(&frame), model.predict_with(&frame, &interval), model.inputs());
        }
        prop_assert!(Model::from_json(&text[..begin]).is_err(), "half a model");
    }
}
