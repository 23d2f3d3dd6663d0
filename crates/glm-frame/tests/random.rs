//! No text panics the parser, and no formula panics on a table.

use glm_frame::{Column, Error, Factor, FittedDesign, Formula, Frame, MISSING, Missing, Options};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn runner(cases: u32) -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, rng)
}

fn table() -> Frame {
    let category = |codes: &[u32], levels: &[&str], ordered| {
        let levels = levels.iter().map(|level| (*level).to_owned()).collect();
        Column::Categories(Factor { codes: codes.to_vec(), levels, ordered, contrasts: None })
    };
    Frame::new(vec![
        ("y".into(), Column::Numbers(vec![1.0, 0.0, 2.0, 3.0, 1.0, 0.0, 5.0])),
        ("x".into(), Column::Numbers(vec![0.5, -1.0, 2.0, f64::NAN, 3.5, 0.0, 1e300])),
        ("z".into(), Column::Numbers(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.0])),
        ("a".into(), category(&[0, 1, 0, 1, 1, 0, 1], &["u", "v"], false)),
        ("b".into(), category(&[0, 1, 2, MISSING, 1, 0, 2], &["r", "s", "t", "never"], true)),
        ("l".into(), category(&[0, 1, 1, 1, 0, 0, 1], &["FALSE", "TRUE"], false)),
        ("one".into(), category(&[0; 7], &["only"], false)),
        ("c d".into(), Column::Numbers(vec![4.0; 7])),
    ])
    .expect("a frame")
}

/// Formulas that mostly make sense.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        8 => prop::sample::select(vec!["x", "z", "a", "b", "l", "`c d`", "one", "y", ".", "nope"]).prop_map(String::from),
        1 => prop::sample::select(vec!["0", "1", "2", "-1", "TRUE", "\"u\"", "1e400", "NULL"]).prop_map(String::from),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let functions = vec![
            "log(#)",
            "I(#)",
            "scale(#)",
            "poly(#, 2)",
            "poly(#, 3, raw = TRUE)",
            "ns(#, df = 3)",
            "bs(#, df = 5)",
            "factor(#)",
            "C(#, sum)",
            "ordered(#)",
            "offset(#)",
            "(#)",
            "-#",
            "cbind(#, z)",
            "bs(#, knots = c(1, 2))",
            "I(# > 1)",
            "pmax(#, 0)",
            "ifelse(#, 1, z)",
            "relevel(#, ref = 2)",
            "unclass(#)",
            "(#)^2",
            "I(# == \"u\")",
            "factor(#, levels = c(\"v\", \"u\"))",
        ];
        let call = (prop::sample::select(functions), inner.clone()).prop_map(|(call, inner)| call.replace('#', &inner));
        let operators = vec![" + ", " - ", "*", ":", "/", " %in% ", "^", " > "];
        let binary =
            (inner.clone(), prop::sample::select(operators), inner).prop_map(|(a, op, b)| format!("{a}{op}{b}"));
        prop_oneof![call, binary]
    })
}

const WORDS: &[&str] = &[
    "y",
    "~",
    "+",
    "-",
    "*",
    ":",
    "^",
    "(",
    ")",
    "log(",
    "`",
    "\"",
    ",",
    "=",
    "1e",
    ".5",
    "%in%",
    "%",
    "\\",
    "ß",
    "\n",
    "!",
    "&&",
    "2L",
    "..",
    "0x",
    "TRUE",
    "é\u{301}",
    "🦀",
    "'",
    "<=",
];

#[test]
fn no_text_panics_the_parser() {
    let words = prop::sample::select(WORDS);
    let texts = prop_oneof![prop::collection::vec(words, 0..12).prop_map(|words| words.concat()), any::<String>()];
    let tested = runner(4000).run(&texts, |text| {
        match Formula::parse(&text) {
            Ok(formula) => {
                let again = Formula::parse(&formula.to_string());
                prop_assert!(again.is_ok(), "{text} prints as {formula}");
                drop(formula.terms(&["y", "a"]));
            }
            Err(fault) => prop_assert!(!fault.to_string().is_empty(), "{text}"),
        }
        Ok(())
    });
    tested.expect("no panic");
}

#[test]
fn no_formula_panics_on_a_table() {
    let frame = table();
    let formulas = (prop::sample::select(vec!["y", "log(y + 1)", "l", "b", "cbind(y, z)", "I(z > 2)", ""]), formula());
    let seen = std::cell::Cell::new(0_u32);
    let tested = runner(4000).run(&formulas, |(response, predictors)| {
        let Ok(formula) = Formula::parse(&format!("{response} ~ {predictors}")) else { return Ok(()) };
        let options = Options { missing: Missing::Omit, ..Options::default() };
        match FittedDesign::learn(&formula, &frame, &options) {
            Ok((fitted, columns)) => {
                seen.set(seen.get() + 1);
                let text = serde_json::to_string(&fitted).expect("it serialises");
                let read: FittedDesign =
                    serde_json::from_str(&text).map_err(|e| TestCaseError::fail(format!("{formula}: {e}")))?;
                prop_assert_eq!(&read, &fitted);
                if let Ok(design) = columns.design() {
                    prop_assert_eq!(design.n_cols(), fitted.names().len(), "{}", formula);
                    prop_assert_eq!(design.n_rows(), columns.n_rows());
                }
                let again = fitted.columns(&frame);
                let unseen = matches!(again, Err(Error::UnseenLevel { .. }));
                prop_assert!(unseen || again.is_ok(), "{}: {:?}", formula, again.err());
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
        Ok(())
    });
    tested.expect("no panic");
    assert!(seen.get() > 500, "only {} formulas made a design", seen.get());
}
