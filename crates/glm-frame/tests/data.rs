//! What data can do to a formula: missing values, unseen levels, responses, offsets, new tables and their faults.

use std::borrow::Cow;

use glm_frame::{
    Column, Columns, Error, Factor, FittedDesign, Formula, Frame, MISSING, Missing, Options, ResponseData, Unseen,
};

fn numbers(values: &[f64]) -> Column {
    Column::Numbers(values.to_vec())
}

fn category(codes: &[u32], levels: &[&str]) -> Column {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    Column::Categories(Factor { codes: codes.to_vec(), levels, ordered: false, contrasts: None })
}

fn frame(columns: Vec<(&str, Column)>) -> Frame {
    Frame::new(columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect()).expect("a frame")
}

fn table() -> Frame {
    frame(vec![
        ("y", numbers(&[1.0, 2.0, 3.0, 4.0, 5.0])),
        ("x", numbers(&[0.5, f64::NAN, 1.5, 2.0, 4.0])),
        ("z", numbers(&[1.0, 2.0, f64::NAN, 4.0, 5.0])),
        ("f", category(&[0, 1, 1, MISSING, 2], &["a", "b", "c"])),
        ("t", numbers(&[1.0, 2.0, 4.0, 8.0, 16.0])),
        ("w", numbers(&[1.0, 1.0, 1.0, 1.0, f64::NAN])),
        ("answer", category(&[0, 1, 1, 0, 1], &["no", "yes"])),
    ])
}

fn learn<'a>(text: &str, frame: &'a Frame, options: &Options) -> Result<(FittedDesign, Columns<'a>), Error> {
    FittedDesign::learn(&Formula::parse(text)?, frame, options)
}

fn omit() -> Options {
    Options { missing: Missing::Omit, ..Options::default() }
}

fn rows(columns: &Columns<'_>) -> Vec<Vec<f64>> {
    let design = columns.design().expect("a design");
    let row = |i| {
        let mut row = vec![0.0; design.n_cols()];
        design.dense(i..i + 1, &mut row);
        row
    };
    (0..design.n_rows()).map(row).collect()
}

#[test]
fn missing_values_are_an_error_that_says_where() {
    let frame = table();
    let error = learn("y ~ x + f", &frame, &Options::default()).expect_err("missing values");
    let columns = vec![("x".to_owned(), 1), ("f".to_owned(), 1)];
    assert_eq!(error, Error::MissingValues { rows: 2, n_rows: 5, first_row: 1, columns });
    assert_eq!(
        error.to_string(),
        "2 of 5 rows have missing values (1 in `x`, 1 in `f`), the first in row 2; omit them or fill them in"
    );
    assert!(learn("y ~ t", &frame, &Options::default()).is_ok(), "only columns of the formula count");
    let options = Options { complete: vec!["w".into()], ..omit() };
    let (fitted, columns) = learn("y ~ x", &frame, &options).expect("a design");
    assert_eq!((columns.omitted(), columns.n_rows(), columns.row(1)), (&[1, 4][..], 3, 2));
    assert_eq!(columns.numbers("w").expect("weights").len(), 3);
    assert_eq!(fitted.columns(&frame).expect("columns").omitted(), [1], "weights are not needed for predictions");
    let empty =
        learn("y ~ x + z + f", &frame, &Options { complete: vec!["w".into()], ..omit() }).map(|(_, c)| c.n_rows());
    assert_eq!(empty, Err(Error::OneLevel { column: "f".into(), level: Some("a".into()) }));
    let nothing = frame_of_nothing();
    assert_eq!(learn("y ~ x", &nothing, &omit()).map(|_| ()), Err(Error::NoCompleteRows { n_rows: 2 }));
}

fn frame_of_nothing() -> Frame {
    frame(vec![("y", numbers(&[f64::NAN, 1.0])), ("x", numbers(&[1.0, f64::NAN]))])
}

#[test]
fn columns_are_borrowed_unless_rows_are_left_out() {
    let frame = table();
    let (_, columns) = learn("y ~ t + log(t)", &frame, &Options::default()).expect("a design");
    assert!(matches!(columns.response(), Some(ResponseData::Numbers(Cow::Borrowed(_)))));
    assert!(matches!(columns.numbers("t"), Ok(Cow::Borrowed(_))));
    let (_, columns) = learn("answer ~ t", &frame, &Options::default()).expect("a design");
    assert!(matches!(columns.response(), Some(ResponseData::Classes { codes: Cow::Borrowed(_), .. })));
}

#[test]
fn responses_are_numbers_classes_or_counts() {
    let frame = table();
    let response = |text: &str| {
        let (fitted, columns) = learn(text, &frame, &Options::default())?;
        Ok::<_, Error>((fitted.response_label().map(ToOwned::to_owned), columns.response().cloned()))
    };
    let (label, data) = response("sqrt(t) ~ 1").expect("numbers");
    assert_eq!(label.as_deref(), Some("sqrt(t)"));
    assert!(matches!(data, Some(ResponseData::Numbers(y)) if y[2].to_bits() == 2f64.to_bits()));
    let (_, data) = response("answer ~ t").expect("classes");
    let expected = ResponseData::Classes {
        codes: Cow::Owned(vec![0, 1, 1, 0, 1]),
        levels: vec!["no".into(), "yes".into()],
        ordered: false,
    };
    assert_eq!(data, Some(expected));
    let (_, data) = response("I(t > 3) ~ 1").expect("truth");
    assert!(matches!(data, Some(ResponseData::Classes { codes, levels, .. })
        if codes[..] == [0, 0, 1, 1, 1] && levels == ["FALSE", "TRUE"]));
    let (label, data) = response("cbind(y, t - y) ~ 1").expect("counts");
    assert_eq!(label.as_deref(), Some("cbind(y, t - y)"));
    assert!(matches!(data, Some(ResponseData::Counts { successes, failures })
        if successes[2].to_bits() == 3f64.to_bits() && failures[2].to_bits() == 1f64.to_bits()));
    for (text, words) in [
        ("cbind(y) ~ 1", "two columns"),
        ("cbind(y, t, y) ~ 1", "two columns"),
        ("poly(t, 2) ~ 1", "2 columns"),
        ("answer + 1 ~ 1", "a category"),
        ("q ~ t", "no column"),
    ] {
        assert!(response(text).expect_err(text).to_string().contains(words), "{text}");
    }
}

#[test]
fn offsets_are_added_up() {
    let frame = table();
    let options = Options { offset: Some("y".into()), exposure: Some("t".into()), ..Options::default() };
    let (fitted, columns) = learn("~ offset(t) + offset(log(t) / 2)", &frame, &options).expect("a design");
    let expected: Vec<f64> = [1.0, 2.0, 4.0, 8.0, 16.0]
        .iter()
        .zip([1.0, 2.0, 3.0, 4.0, 5.0])
        .map(|(t, y)| t + 1.5 * f64::ln(*t) + y)
        .collect();
    let offset = columns.offset().expect("an offset");
    assert!(offset.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-14), "{offset:?}");
    assert_eq!(fitted.names(), ["(Intercept)"]);
    let new = self::frame(vec![("t", numbers(&[0.0])), ("y", numbers(&[1.0]))]);
    let error = fitted.columns(&new).expect_err("log(0)");
    assert_eq!(error, Error::NotFinite { expression: "log(t)/2".into(), row: 0, value: f64::NEG_INFINITY });
}

#[test]
fn new_tables_have_their_own_levels() {
    let frame = frame(vec![
        ("y", numbers(&[1.0, 2.0, 3.0, 4.0])),
        ("f", category(&[0, 1, 2, 1], &["1", "2", "10"])),
        ("x", numbers(&[1.0, 2.0, 3.0, 5.0])),
    ]);
    let (fitted, _) = learn("y ~ f + x", &frame, &Options::default()).expect("a design");
    let chunk = self::frame(vec![("x", numbers(&[7.0, 8.0])), ("f", category(&[1, 0], &["10", "2"]))]);
    assert_eq!(rows(&fitted.columns(&chunk).expect("columns")), [[1.0, 1.0, 0.0, 7.0], [1.0, 0.0, 1.0, 8.0]]);
    // A file in which all levels look like numbers.
    let typed = self::frame(vec![("x", numbers(&[7.0, 8.0])), ("f", numbers(&[2.0, 10.0]))]);
    assert_eq!(rows(&fitted.columns(&typed).expect("columns")), rows(&fitted.columns(&chunk).expect("columns")));
    let unseen = self::frame(vec![("x", numbers(&[7.0, 8.0, 9.0])), ("f", category(&[0, 1, 2], &["2", "4", "1"]))]);
    let error = fitted.columns(&unseen).expect_err("an unseen level");
    let levels = ["1", "2", "10"].map(ToOwned::to_owned).to_vec();
    assert_eq!(error, Error::UnseenLevel { column: "f".into(), row: 1, level: "4".into(), levels });
    assert!(error.to_string().contains("`4` in row 2"), "{error}");
    let lenient = fitted.clone().with_unseen(Unseen::Missing);
    let columns = lenient.columns(&unseen).expect("columns");
    assert_eq!((columns.omitted(), columns.n_rows()), (&[1][..], 2));
    // A row that misses something else has no level that matters.
    let both = self::frame(vec![("x", numbers(&[7.0, f64::NAN])), ("f", category(&[0, 1], &["2", "4"]))]);
    assert_eq!(fitted.columns(&both).expect("columns").omitted(), [1]);
    // All of a chunk can be missing.
    let missing = self::frame(vec![("x", category(&[MISSING], &[])), ("f", numbers(&[f64::NAN]))]);
    assert_eq!(fitted.columns(&missing).expect("columns").n_rows(), 0);
    let without = self::frame(vec![("X", numbers(&[7.0])), ("f", numbers(&[2.0]))]);
    let error = fitted.columns(&without).expect_err("no x");
    assert_eq!(error.to_string(), "the data have no column `x`; is it `X`?");
    let text = self::frame(vec![("x", category(&[0, 1], &["7", "eight"])), ("f", numbers(&[2.0, 2.0]))]);
    assert_eq!(
        fitted.columns(&text).map(|_| ()),
        Err(Error::NotNumbers { column: "x".into(), row: 0, level: "7".into() })
    );
}

#[test]
fn levels_that_the_formula_lists_are_all() {
    let frame = table();
    let (fitted, columns) = learn("y ~ factor(t, levels = c(2, 1, 16))", &frame, &omit()).expect("a design");
    assert_eq!(columns.omitted(), [2, 3]);
    assert_eq!(fitted.names()[1..], ["factor(t, levels = c(2, 1, 16))1", "factor(t, levels = c(2, 1, 16))16"]);
    assert_eq!(rows(&columns), [[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 1.0]]);
    let error = learn("y ~ factor(t, levels = 2:3)", &frame, &Options::default()).expect_err("missing");
    assert!(error.to_string().contains("4 in `factor(t, levels = 2:3)`"), "{error}");
}

#[test]
fn expressions_compute() {
    let frame = table();
    for (text, expected) in [
        ("I(t^2 - 3 * t)", 64.0 - 24.0),
        ("I(-t^2)", -64.0),
        ("I(t %% 3)", 2.0),
        ("I(t %/% 3)", 2.0),
        ("pmax(t - 3, 0)", 5.0),
        ("pmin(t, y, 3)", 3.0),
        ("ifelse(t > 4, y, -1)", 4.0),
        ("I(ifelse(t > 0, 2, log(t - 100)))", 2.0),
        ("as.numeric(answer == \"no\")", 1.0),
        ("as.numeric(answer != \"no\")", 0.0),
        ("as.numeric(t %in% c(1, 8))", 1.0),
        ("as.numeric(answer)", 1.0),
        ("I(unclass(answer) * 2)", 2.0),
        ("log(t, 2)", 3.0),
        ("log(t, base = 4)", 1.5),
        ("I(pi - pi + (t == 8 && y != 1) + !TRUE)", 1.0),
        ("round(I(t / 3))", 3.0),
        ("sign(I(3 - t))", -1.0),
    ] {
        let new =
            self::frame(vec![("t", numbers(&[8.0])), ("y", numbers(&[4.0])), ("answer", category(&[0], &["no"]))]);
        let (fitted, _) =
            learn(&format!("~ 0 + {text}"), &frame, &Options::default()).unwrap_or_else(|e| panic!("{e}"));
        let value = rows(&fitted.columns(&new).expect("columns"))[0][0];
        assert!((value - expected).abs() < 1e-15, "{text} is {value} and not {expected}");
    }
}

#[test]
fn faults_of_data_name_formula_and_row() {
    let frame = table();
    for (text, words) in [
        ("y ~ log(y - 2)", "`log(y - 2)` is NaN in row 1"),
        ("y ~ sqrt(I(3 - y))", "`sqrt(I(3 - y))` is NaN in row 4"),
        ("y ~ tt + t", "  y ~ tt + t\n      ^^\nis it `t`?"),
        ("y ~ anwser", "is it `answer`?"),
        ("y ~ logg(t)", "is it `log`?"),
        ("y ~ frobnicate(t)", "known are"),
        ("y ~ I(answer * 2)", "`answer` is a category"),
        ("y ~ log(factor(t))", "is a category"),
        ("y ~ I(t + \"a\")", "is no number"),
        ("y ~ C(answer, summ)", "choose treatment"),
        ("y ~ C(answer, base = \"yess\")", "is it `yes`?"),
        ("y ~ C(answer, treatment, base = 3)", "from 1 to 2"),
        ("y ~ C(answer, sum, base = 1)", "only treatment"),
        ("y ~ relevel(answer)", "`ref` is missing"),
        ("y ~ factor(t, levels = c(1, 1))", "listed twice"),
        ("y ~ factor(I(t - t))", "only the level `0`"),
        ("y ~ I(cbind(t, y) + cbind(t, y, t))", "do not go"),
        ("y ~ I(cbind(t, y) > 1)", "2 columns"),
        ("y ~ sqrt(t, y)", "too many"),
        ("y ~ ifelse(t, y)", "three arguments"),
        ("y ~ cbind()", "missing"),
        ("~ offset(cbind(y, t))", "2 columns"),
    ] {
        let error = learn(text, &frame, &Options::default()).map(|_| ()).expect_err(text);
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
    let infinite = self::frame(vec![("y", numbers(&[1.0, 2.0])), ("x", numbers(&[1.0, f64::INFINITY]))]);
    let error = learn("y ~ x", &infinite, &Options::default()).expect_err("infinite");
    assert_eq!(error, Error::NotFinite { expression: "x".into(), row: 1, value: f64::INFINITY });
    let none = learn("~ t", &frame, &Options::default()).expect("a design").0;
    assert_eq!(none.columns_and_response(&frame).map(|_| ()), Err(Error::NoResponse));
    let options = Options { exposure: Some("tt".into()), ..Options::default() };
    assert!(matches!(learn("y ~ 1", &frame, &options), Err(Error::NoColumn { .. })));
}

#[test]
fn interactions_of_names_are_refused_before_they_fill_the_memory() {
    let levels: Vec<String> = (0..2000).map(|i| format!("n{i}")).collect();
    let id = |shift: u32| {
        let codes = (0..2000).map(|i| (i + shift) % 2000).collect();
        Column::Categories(Factor { codes, levels: levels.clone(), ordered: false, contrasts: None })
    };
    let frame = frame(vec![("a", id(0)), ("b", id(1))]);
    let error = learn("~ a * b", &frame, &Options::default()).expect_err("too wide");
    assert!(matches!(error, Error::TooManyColumns { columns: 3_996_001, .. }), "{error}");
    assert!(matches!(learn("~ C(a, sum)", &frame, &Options::default()), Err(Error::TooManyColumns { .. })));
}

#[test]
fn a_damaged_design_is_refused() {
    let frame = table();
    let (fitted, _) = learn("y ~ ns(t, df = 2) * answer", &frame, &Options::default()).expect("a design");
    let text = serde_json::to_string(&fitted).expect("it serialises");
    for (from, to) in [
        ("\"variables\":[[0,false]]", "\"variables\":[[7,false]]"),
        ("\"variables\":[[0,false]]", "\"variables\":[]"),
        ("[\"no\",\"yes\"]", "[\"no\",\"no\"]"),
        ("[\"no\",\"yes\"]", "[\"no\"]"),
        ("[\"no\",\"yes\"]", "[]"),
        ("\"base\":0", "\"base\":5"),
        ("\"boundary\":[1.0,16.0]", "\"boundary\":[16.0,1.0]"),
        ("\"degree\":3", "\"degree\":300"),
        ("\"suffixes\":[\"1\",\"2\"]", "\"suffixes\":[\"1\"]"),
        ("\"options\"", "\"optons\""),
    ] {
        assert!(text.contains(from), "{from} is not in {text}");
        let damaged: Result<FittedDesign, _> = serde_json::from_str(&text.replacen(from, to, 1));
        assert!(damaged.is_err(), "{to}");
    }
}

/// What is learnt can be read back, however deep; what could not be is refused.
#[test]
fn deep_expressions_come_back() {
    let frame = table();
    let sum = |terms: usize| format!("y ~ I({})", vec!["t"; terms].join(" + "));
    let (fitted, _) = learn(&sum(39), &frame, &Options::default()).expect("a design");
    let wrapped = serde_json::json!({ "model": { "designs": [{ "of": fitted }] } }).to_string();
    assert!(serde_json::from_str::<serde_json::Value>(&wrapped).is_ok());
    let text = serde_json::to_string(&fitted).expect("it serialises");
    assert_eq!(serde_json::from_str::<FittedDesign>(&text).expect("it comes back"), fitted);
    let error = learn(&sum(400), &frame, &Options::default()).map(|_| ()).expect_err("too deep");
    assert!(error.to_string().contains("inside each other"), "{error}");
}

/// A file that is read in parts, each with the levels that it shows, has the columns of the whole, bit for bit.
#[test]
fn parts_have_the_columns_of_the_whole() {
    const N: u32 = 40;
    let x = |i: u32| f64::from(i * 7 % 31) * 0.3 + 0.01;
    let level = |i: u32| i * i % 5;
    let part = |rows: std::ops::Range<u32>| {
        let mut shown: Vec<u32> = rows.clone().map(level).collect();
        shown.sort_unstable();
        shown.dedup();
        let place = |i| shown.iter().position(|code| *code == level(i)).and_then(|place| u32::try_from(place).ok());
        let codes: Option<Vec<u32>> = rows.clone().map(place).collect();
        let names: Vec<String> = shown.iter().map(|code| format!("n{code}")).collect();
        frame(vec![
            ("x", Column::Numbers(rows.clone().map(x).collect())),
            ("k", Column::Numbers(rows.map(|i| f64::from(i % 3)).collect())),
            ("f", category(&codes.expect("codes"), &names.iter().map(String::as_str).collect::<Vec<_>>())),
        ])
    };
    let whole = part(0..N);
    let text =
        "~ ns(x, df = 4)*f + poly(x, 3) + scale(log(x)):factor(k) + I(x > 2) + bs(x, df = 5) + I(unclass(f) / 2)";
    let (fitted, columns) = learn(text, &whole, &Options::default()).expect("a design");
    let parts: Vec<Vec<f64>> = [0..1, 1..9, 9..10, 10..N]
        .into_iter()
        .flat_map(|range| rows(&fitted.columns(&part(range)).expect("columns")))
        .collect();
    let bits = |rows: Vec<Vec<f64>>| rows.concat().into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(parts), bits(rows(&columns)));
}
