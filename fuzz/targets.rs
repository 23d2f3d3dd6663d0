//! What is fuzzed: whatever bytes come, there is a result or an error, never a panic, and what is written reads back.
#![allow(dead_code, reason = "each target uses one of these functions")]

use std::num::NonZeroUsize;

use glm_frame::{
    Chunks, Column, ColumnType, Columns, Factor, FittedDesign, Formula, Frame, MISSING, Options, ReadOptions, Schema,
};
use glm_model::{Error, Interval, Missing, Model, ModelSpec, PredictOptions, Scale, Unseen};

/// A formula: printed and read again, learnt on a small table, and fitted there if there is a response.
pub(crate) fn formula(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(formula) = Formula::parse(text) else { return };
    reads_back(&formula);
    let frame = table();
    let Ok((design, columns)) = FittedDesign::learn(&formula, &frame, &omitting()) else { return };
    same_columns(&design, &columns, &frame);
    drop(design.columns(&others()));
    if design.names().len() < 30 && design.response_label().is_some() {
        fitted(text, &frame);
    }
}

/// A file, and a design on its columns: by its first line if that is a formula, otherwise of all columns but the first for
/// that one.
pub(crate) fn csv(bytes: &[u8]) {
    let first_line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let given = std::str::from_utf8(&bytes[..first_line]).ok().filter(|line| line.contains('~'));
    let file = if given.is_some() { bytes.get(first_line + 1..).unwrap_or_default() } else { bytes };
    let Ok(frame) = Frame::from_bytes(file, &ReadOptions::default()) else { return };
    if !file.starts_with(b"PAR1") {
        same_in_parts(file, &frame);
    }
    let Some(first) = frame.names().next() else { return };
    let all = format!("`{}` ~ .", first.replace('\\', "\\\\").replace('`', "\\`"));
    let Ok(formula) = Formula::parse(given.unwrap_or(&all)) else { return };
    let Ok((design, columns)) = FittedDesign::learn(&formula, &frame, &omitting()) else { return };
    assert!(columns.n_rows() + columns.omitted().len() == frame.n_rows(), "rows are used or omitted");
    same_columns(&design, &columns, &frame);
}

/// A saved model, which predicts if it can be loaded, and is the same model when it is saved and loaded again.
pub(crate) fn model(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(model) = Model::from_json(text) {
        saves(&model);
    }
}

/// What is printed reads back as what prints the same, and has the same terms.
fn reads_back(formula: &Formula) {
    let printed = formula.to_string();
    let again = Formula::parse(&printed).unwrap_or_else(|fault| panic!("{printed:?} does not read back: {fault}"));
    assert_eq!(again.to_string(), printed, "printed twice");
    let names = ["y", "x", "n", "g"];
    let labels = |formula: &Formula| {
        let terms = formula.terms(&names).ok()?;
        Some((terms.intercept, terms.terms.iter().map(|term| terms.label(term)).collect::<Vec<_>>()))
    };
    assert_eq!(labels(formula), labels(&again), "{printed:?} has other terms");
}

/// A design builds the columns that it was learnt with, bit for bit, and has a name for each.
fn same_columns(design: &FittedDesign, learnt: &Columns<'_>, frame: &Frame) {
    if learnt.n_rows() * design.names().len() > 1_000_000 {
        return;
    }
    let built = if learnt.response().is_some() { design.columns_and_response(frame) } else { design.columns(frame) };
    let built = built.unwrap_or_else(|error| panic!("built again: {error}"));
    assert_eq!(built.omitted(), learnt.omitted(), "rows that are left out");
    match (learnt.design(), built.design()) {
        (Ok(learnt), Ok(built)) => {
            let (n, p) = (learnt.n_rows(), learnt.n_cols());
            assert_eq!((p, p), (design.names().len(), built.n_cols()), "a name for each column");
            let [mut a, mut b] = [vec![0.0; n * p], vec![0.0; n * p]];
            learnt.dense(0..n, &mut a);
            built.dense(0..n, &mut b);
            assert!(a.iter().zip(&b).all(|(a, b)| a.to_bits() == b.to_bits()), "columns that are built again");
        }
        (learnt, built) => assert_eq!(learnt.is_err(), built.is_err(), "a design or none"),
    }
}

/// A file in parts of three rows is the file at once, where all columns are numbers.
fn same_in_parts(file: &[u8], frame: &Frame) {
    let mut schema = Schema::default();
    for name in frame.names() {
        if let Some(Column::Numbers(_)) = frame.column(name) {
            schema.columns.insert(name.to_owned(), ColumnType::Number {});
        }
    }
    let rows = NonZeroUsize::MIN.saturating_add(2);
    let options = ReadOptions { schema: Some(&schema), ..ReadOptions::default() };
    if schema.columns.is_empty() {
        return;
    }
    let chunks = Chunks::from_reader(std::io::Cursor::new(file.to_vec()), rows, &options);
    let chunks = chunks.unwrap_or_else(|error| panic!("the file was read before: {error}"));
    let mut parts = vec![Vec::new(); schema.columns.len()];
    for part in chunks {
        let part = part.unwrap_or_else(|error| panic!("the file was read before: {error}"));
        for (all, name) in parts.iter_mut().zip(schema.columns.keys()) {
            if let Some(Column::Numbers(values)) = part.column(name) {
                all.extend(values.iter().map(|value| value.to_bits()));
            }
        }
    }
    for (all, name) in parts.iter().zip(schema.columns.keys()) {
        if let Some(Column::Numbers(values)) = frame.column(name) {
            assert!(values.iter().map(|value| value.to_bits()).eq(all.iter().copied()), "`{name}` in parts");
        }
    }
}

/// A model of a formula, with few iterations, if there is one.
fn fitted(formula: &str, frame: &Frame) {
    let spec = ModelSpec { max_iterations: Some(10), missing: Missing::Omit, ..ModelSpec::new(formula) };
    if let Ok(model) = spec.fit(frame) {
        saves(&model);
    }
}

/// A model that was saved and loaded predicts what it predicted before, bit for bit; one with numbers that JSON lacks is
/// not saved.
fn saves(model: &Model) {
    let json = match model.to_json() {
        Err(Error::NotFinite { .. }) => return,
        json => json.unwrap_or_else(|error| panic!("a model is written: {error}")),
    };
    let again = Model::from_json(&json).unwrap_or_else(|error| panic!("what was written is read: {error}"));
    assert_eq!(again.to_json().ok(), Some(json), "the file of a model that was loaded");
    for frame in [table(), others()] {
        for interval in [None, Some(Interval::Confidence), Some(Interval::Prediction)] {
            for scale in [Scale::Response, Scale::Link] {
                let options = PredictOptions { scale, interval, level: 0.9, unseen: Unseen::Missing };
                // NaN is not equal to NaN, but its text is; the texts of other numbers are equal if their bits are.
                let [before, after] =
                    [model, &again].map(|model| format!("{:?}", model.predict_with(&frame, &options)));
                assert_eq!(before, after, "predictions of a model that was loaded");
            }
        }
        drop(model.evaluate(&frame));
    }
}

fn omitting() -> Options {
    Options { missing: Missing::Omit, ..Options::default() }
}

/// Numbers, whole numbers, and a category.
fn table() -> Frame {
    let numbers = |f: fn(f64) -> f64| Column::Numbers((0..12).map(|i| f(f64::from(i))).collect());
    let codes = (0..12).map(|i| i % 3).collect();
    frame([numbers(|i| 1.0 + i * i), numbers(|i| (i + 0.5).sqrt()), numbers(|i| i % 4.0)], codes, &["a", "b", "c"])
}

/// Other rows: with values that are missing, large or unseen.
fn others() -> Frame {
    let numbers = |values: [f64; 5]| Column::Numbers(values.to_vec());
    let (y, x) = (numbers([1.0, 0.0, 3.0, f64::NAN, 2.0]), numbers([f64::NAN, 1e300, -2.5, 0.0, 7.0]));
    frame([y, x, numbers([0.0, 1.0, -1.0, 3.0, 0.5])], vec![1, 0, MISSING, 3, 2], &["b", "a", "c", "d"])
}

fn frame([y, x, n]: [Column; 3], codes: Vec<u32>, levels: &[&str]) -> Frame {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    let g = Column::Categories(Factor { codes, levels, ordered: false, contrasts: None });
    let columns = [("y", y), ("x", x), ("n", n), ("g", g)].map(|(name, column)| (name.to_owned(), column));
    Frame::new(columns.to_vec()).unwrap_or_else(|error| unreachable!("{error}"))
}
