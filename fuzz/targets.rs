//! What is fuzzed: whatever bytes come, there is a result or an error, never a panic.
#![allow(dead_code, reason = "each target uses one of these functions")]

use glm_frame::{Column, Factor, FittedDesign, Formula, Frame, Options, ReadOptions};
use glm_model::Model;

/// A formula, on a small table.
pub(crate) fn formula(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(formula) = Formula::parse(text) else { return };
    if let Ok((design, columns)) = FittedDesign::learn(&formula, &table(), &Options::default()) {
        assert_eq!(
            design.names().len(),
            columns.design().map_or(design.names().len(), |design| design.n_cols()),
            "names"
        );
    }
}

/// A file, and the design of all its columns but the first for that one.
pub(crate) fn csv(bytes: &[u8]) {
    let Ok(frame) = Frame::from_bytes(bytes, &ReadOptions::default()) else { return };
    let Some(first) = frame.names().next() else { return };
    let Ok(formula) = Formula::parse(&format!("`{}` ~ .", first.replace('`', "\\`"))) else { return };
    let learnt = FittedDesign::learn(&formula, &frame, &Options::default());
    if let Ok((_, columns)) = learnt {
        assert!(columns.n_rows() <= frame.n_rows(), "more rows than the file");
    }
}

/// A saved model, which predicts if it can be loaded.
pub(crate) fn model(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(model) = Model::from_json(text) {
        drop(model.predict(&table()));
    }
}

/// Numbers, whole numbers, and a category.
fn table() -> Frame {
    let numbers = |f: fn(f64) -> f64| Column::Numbers((0..12).map(|i| f(f64::from(i))).collect());
    let codes = (0..12).map(|i| i % 3).collect();
    let factor = Factor { codes, levels: ["a", "b", "c"].map(str::to_owned).to_vec(), ordered: false, contrasts: None };
    Frame::new(vec![
        ("y".to_owned(), numbers(|i| 1.0 + i * i)),
        ("x".to_owned(), numbers(|i| (i + 0.5).sqrt())),
        ("n".to_owned(), numbers(|i| i % 4.0)),
        ("g".to_owned(), Column::Categories(factor)),
    ])
    .unwrap_or_else(|error| unreachable!("{error}"))
}
