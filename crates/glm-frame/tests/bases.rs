//! Splines, polynomials and scaled columns against R 4.2: `predict()` of the learnt basis on new values, within the boundary
//! knots and beyond them.

use glm_frame::{Column, Error, FittedDesign, Formula, Frame, Options};

const X: [f64; 12] = [0.3, 1.7, 2.2, 2.2, 3.1, 4.8, 5.5, 7.25, 8.0, 9.9, 12.5, 13.0];
const NEW: [f64; 6] = [-2.0, 0.3, 2.5, 8.0, 13.0, 20.0];

fn frame(x: &[f64]) -> Frame {
    Frame::new(vec![("x".into(), Column::Numbers(x.to_vec()))]).expect("a frame")
}

fn learnt(term: &str) -> Result<FittedDesign, Error> {
    let formula = Formula::parse(&format!("~ 0 + {term}"))?;
    FittedDesign::learn(&formula, &frame(&X), &Options::default()).map(|(fitted, _)| fitted)
}

fn columns(fitted: &FittedDesign, x: &[f64]) -> Vec<f64> {
    let frame = frame(x);
    let columns = fitted.columns(&frame).expect("columns");
    let design = columns.design().expect("a design");
    let mut out = vec![0.0; design.n_rows() * design.n_cols()];
    design.dense(0..design.n_rows(), &mut out);
    out
}

/// `basis <- ns(x, df = 4); predict(basis, new)`, column after column.
#[test]
fn new_values_are_those_of_r() {
    for line in include_str!("reference/bases.txt").lines().filter(|line| !line.starts_with('#')) {
        let (term, values) = line.split_once(';').expect("a term and values");
        let expected: Vec<f64> = values.split(',').map(|value| value.parse().expect("a number")).collect();
        let fitted = learnt(term).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(fitted.names().len() * NEW.len(), expected.len(), "{term}");
        let ours = columns(&fitted, &NEW);
        for (i, (a, b)) in ours.iter().zip(&expected).enumerate() {
            let scale = expected[i / 6 * 6..][..6].iter().fold(0.0, |scale: f64, b| scale.max(b.abs()));
            assert!((a - b).abs() <= 4e-15 * scale, "{term} column {} at {}: {a} and not {b}", i / 6 + 1, NEW[i % 6]);
        }
    }
}

#[test]
fn scale_remembers() {
    let ours = columns(&learnt("scale(x)").expect("a basis"), &[13.0]);
    assert!((ours[0] - 1.664_537_506_320_903_8).abs() < 1e-15, "{ours:?}");
    for (term, expected) in [
        ("scale(x, center = FALSE)", 13.0 / (X.iter().map(|x| x * x).sum::<f64>() / 11.0).sqrt()),
        ("scale(x, scale = FALSE)", 13.0 - X.iter().sum::<f64>() / 12.0),
        ("scale(x, center = 3, scale = 2)", 5.0),
        ("I(scale(x, 3, 2)^2 + 1)", 26.0),
    ] {
        let ours = columns(&learnt(term).expect(term), &[13.0])[0];
        assert!((ours - expected).abs() < 1e-15 * expected.abs() * 2.0, "{term}: {ours} and not {expected}");
    }
}

/// B-splines are a partition of one; natural splines are straight beyond the boundary; polynomials are orthonormal.
#[test]
fn bases_have_their_properties() {
    let all = columns(&learnt("bs(x, df = 7, intercept = TRUE)").expect("a basis"), &NEW);
    for (row, x) in NEW.iter().enumerate() {
        let sum: f64 = all.iter().skip(row).step_by(NEW.len()).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum} at {x}");
    }
    let natural = columns(&learnt("ns(x, df = 5)").expect("a basis"), &[13.0, 14.0, 15.0, -1.0, -2.0, -3.0]);
    for column in natural.chunks_exact(6) {
        assert!((column[0] - 2.0 * column[1] + column[2]).abs() < 1e-13, "{column:?}");
        assert!((column[3] - 2.0 * column[4] + column[5]).abs() < 1e-13, "{column:?}");
    }
    // Far from zero, where powers of x would lose all digits.
    let far: Vec<f64> = (0..40).map(|i| 1e6 + f64::from(i * i)).collect();
    let formula = Formula::parse("~ poly(x, 6)").expect("a formula");
    let frame = frame(&far);
    let (fitted, _) = FittedDesign::learn(&formula, &frame, &Options::default()).expect("a design");
    let columns = columns(&fitted, &far);
    for (i, a) in columns.chunks_exact(40).enumerate().skip(1) {
        for (j, b) in columns.chunks_exact(40).enumerate() {
            let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            assert!((dot - f64::from(u8::from(i == j))).abs() < 1e-8, "{i}, {j}: {dot}");
        }
    }
}

#[test]
fn what_no_basis_can_be_is_said_at_its_place() {
    for (term, place, words) in [
        ("poly(x, 11)", "poly(x, 11)", "distinct values"),
        ("poly(x, 0)", "0", "whole number"),
        ("poly(x, x)", "x", "no number"),
        ("poly(x, degre = 2, degree = 3)", "poly(x, degre = 2, degree = 3)", "twice"),
        ("ns(x, df = 2.5)", "2.5", "whole number"),
        ("ns(x, df = 100000)", "100000", "whole number"),
        ("ns(x, dg = 2)", "2", "no argument"),
        ("ns(x, knots = 40)", "ns(x, knots = 40)", "knots"),
        ("bs(x, Boundary.knots = c(1, 1))", "bs(x, Boundary.knots = c(1, 1))", "knots"),
        ("bs(x, Boundary.knots = 3)", "bs(x, Boundary.knots = 3)", "two numbers"),
        ("bs(x, df = 2)", "2", "whole number"),
        ("ns()", "ns()", "missing"),
        ("scale(I(x - x))", "scale(I(x - x))", "divide by 0"),
        ("poly(cbind(x, x), 2)", "cbind(x, x)", "2 columns"),
        ("poly(x, 2, raw = 1)", "1", "neither"),
    ] {
        let Err(Error::Formula(fault)) = learnt(term) else { panic!("{term} is accepted") };
        assert_eq!(&fault.formula[fault.span.clone()], place, "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
    }
}
