//! Levels without events among many rows: named at once, without a table of the rows.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{Categories, Mixed, spec};
use glm_solvers::{Error, Problem, Separation, Towards, auto};

const N: usize = 60_000;
const LEVELS: u32 = 100;

/// A factor whose levels take turns, a number, and a response of one row in three.
fn data() -> (Vec<u32>, Vec<f64>, Vec<f64>) {
    let codes = (0_u32..).take(N).map(|row| row * 7919 % LEVELS).collect();
    let number = (0_u32..).take(N).map(|row| f64::from(row * 31 % 997) / 997.0).collect();
    let y = (0_u32..).take(N).map(|row| f64::from(u8::from(row * 13 % 101 < 34))).collect();
    (codes, number, y)
}

fn separation(response: &str, y: Vec<f64>, weights: Vec<f64>) -> Option<Separation> {
    let (codes, number, _) = data();
    let design = Mixed::new(N).intercept().term(&number).unwrap();
    let design = design.term(Categories::treatment(&codes, LEVELS as usize).unwrap()).unwrap();
    let response = spec::response(response).unwrap();
    let problem = Problem::new(&design, &*response, y).unwrap().with_weights(weights).unwrap();
    match auto().fit(&problem) {
        Ok(_) => None,
        Err(Error::Separation(separation)) => Some(*separation),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn levels_at_an_end_are_named() {
    let (codes, _, y) = data();
    // The column of level l is 1 + l: the intercept and the number are before it, the first level has none.
    let set = |level: u32, value: f64| -> Vec<f64> {
        y.iter().zip(&codes).map(|(y, code)| if *code == level { value } else { *y }).collect()
    };
    let rows_of = |level: u32| -> Vec<usize> { (0..N).filter(|row| codes[*row] == level).collect() };
    for (response, level, value, towards) in [
        ("poisson", 7, 0.0, Towards::MinusInfinity),
        ("binomial", 31, 0.0, Towards::MinusInfinity),
        ("binomial", 31, 1.0, Towards::PlusInfinity),
    ] {
        let found = separation(response, set(level, value), vec![1.0; N]).unwrap();
        assert_eq!((found.columns, found.complete), (vec![(1 + level as usize, towards)], false), "{response}");
        assert_eq!(found.rows, rows_of(level), "{response}");
    }
    assert!(separation("poisson", y.clone(), vec![1.0; N]).is_none());
    // Rows of weight zero have no say: without its events the level separates, and with an event of weight zero too.
    let weights: Vec<f64> = (0..N).map(|row| f64::from(u8::from(codes[row] != 5 || y[row] == 0.0))).collect();
    let found = separation("poisson", y, weights).unwrap();
    assert_eq!(found.columns, [(6, Towards::MinusInfinity)]);
}
