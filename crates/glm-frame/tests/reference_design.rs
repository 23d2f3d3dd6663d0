//! Every reference case that has a formula: columns, names, offset, weights, response, omitted rows and new rows against R.

#[path = "reference/case.rs"]
mod case;

use case::{Case, Table, cases};
use glm_core::Design;
use glm_frame::{Columns, FittedDesign, Formula, Missing, Options, ResponseData};

/// The columns of a design, column-major.
fn dense(design: &dyn Design) -> Vec<f64> {
    let mut x = vec![0.0; design.n_rows() * design.n_cols()];
    design.dense(0..design.n_rows(), &mut x);
    x
}

fn close(id: &str, what: &str, ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len(), "{id}: {what}");
    let scale = theirs.iter().fold(0.0, |scale: f64, value| scale.max(value.abs()));
    for (row, (a, b)) in ours.iter().zip(theirs).enumerate() {
        let tolerance = 1e-13 * b.abs() + 1e-14 * scale;
        assert!((a - b).abs() <= tolerance, "{id}: {what} in row {row}: {a} and not {b}");
    }
}

/// R's model matrix has an intercept where the model is ordinal, though the design of the case leaves it out.
fn compare_columns(case: &Case, fitted: &FittedDesign, columns: &Columns<'_>, expected: &Table, names: &[String]) {
    let x = dense(&*columns.design().unwrap_or_else(|error| panic!("{}: {error}", case.id())));
    let n = columns.n_rows();
    let skipped = usize::from(case.text("kind").as_deref() == Some("ordinal"));
    assert_eq!(&fitted.names()[skipped..], names, "{}", case.id());
    assert_eq!(fitted.assign().len(), fitted.names().len(), "{}", case.id());
    for (name, ours) in names.iter().zip(x.chunks_exact(n).skip(skipped)) {
        close(case.id(), name, ours, &expected.numbers(name));
    }
}

fn compare_response(case: &Case, columns: &Columns<'_>, design: &Table) {
    let (y, w) = (design.numbers(".y"), design.numbers(".w"));
    let weights = case.text("weights").map(|name| columns.numbers(&name).expect("weights"));
    let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
    let ours: Vec<(f64, f64)> = match columns.response().expect("a response") {
        ResponseData::Numbers(y) => y.iter().enumerate().map(|(row, y)| (*y, weight(row))).collect(),
        ResponseData::Classes { codes, .. } => {
            // Classes of multinomial and ordinal cases are counted from one.
            let first = if case.text("kind").as_deref() == Some("glm") { 0.0 } else { 1.0 };
            codes.iter().enumerate().map(|(row, code)| (first + f64::from(*code), weight(row))).collect()
        }
        ResponseData::Counts { successes, failures } => {
            let pairs = successes.iter().zip(failures.iter()).enumerate();
            pairs.map(|(row, (s, f))| (s / (s + f), weight(row) * (s + f))).collect()
        }
        other => panic!("{}: {other:?}", case.id()),
    };
    let (our_y, our_w): (Vec<f64>, Vec<f64>) = ours.into_iter().unzip();
    close(case.id(), "weights", &our_w, &w);
    // R's binomial family forgets responses of weight zero.
    let weighted =
        |y: &[f64]| -> Vec<f64> { y.iter().zip(&w).map(|(y, w)| if *w == 0.0 { 0.0 } else { *y }).collect() };
    close(case.id(), "y", &weighted(&our_y), &weighted(&y));
}

fn check(case: &Case) {
    let id = case.id();
    let frame = case.frame();
    let formula =
        Formula::parse(&case.text("formula").expect("a formula")).unwrap_or_else(|fault| panic!("{id}: {fault}"));
    let mut options = Options { missing: Missing::Omit, offset: case.text("offset"), ..Options::default() };
    options.complete.extend(case.text("weights"));
    let learnt = FittedDesign::learn(&formula, &frame, &options);
    let (fitted, columns) = learnt.unwrap_or_else(|error| panic!("{id}: {error}"));
    let design = case.design();
    compare_columns(case, &fitted, &columns, &design, &case.design_columns());
    compare_response(case, &columns, &design);
    let zeros = vec![0.0; columns.n_rows()];
    let expected = if design.has(".offset") { design.numbers(".offset") } else { zeros.clone() };
    close(id, "offset", columns.offset().unwrap_or(&zeros), &expected);
    assert_eq!(columns.omitted(), case.omitted(), "{id}");
    // A table that comes back from a file builds the same.
    let text = serde_json::to_string(&fitted).expect("it serialises");
    let read: FittedDesign = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
    assert_eq!(read, fitted, "{id}");
    let again = read.columns_and_response(&frame).expect("the same columns");
    let bits = |columns: &Columns<'_>| {
        dense(&*columns.design().expect("a design")).into_iter().map(f64::to_bits).collect::<Vec<_>>()
    };
    assert_eq!((bits(&again), again.response()), (bits(&columns), columns.response()), "{id}");
    if let Some((new, expected)) = case.new_data() {
        let columns = read.columns(&new).unwrap_or_else(|error| panic!("{id}: {error}"));
        compare_columns(case, &read, &columns, &expected, &case.design_columns());
    }
}

#[test]
fn designs_are_those_of_r() {
    let cases = cases();
    assert!(cases.len() > 90, "{} cases have a formula", cases.len());
    let new = cases.iter().filter(|case| case.new_data().is_some()).count();
    assert!(new > 70, "{new} cases have new rows");
    let failed = cases.iter().filter(|case| std::panic::catch_unwind(|| check(case)).is_err());
    let failed: Vec<&str> = failed.map(Case::id).collect();
    assert!(failed.is_empty(), "{failed:?}");
}
