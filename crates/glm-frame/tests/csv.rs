//! CSV to columns: types, missing values, quotes, lines, and every kind of bad input.
#![expect(clippy::unwrap_used, clippy::float_cmp, reason = "helpers of tests; values are read exactly")]

#[path = "common/columns.rs"]
mod columns;

use std::io::Write;
use std::path::{Path, PathBuf};

use columns::{factor, numbers};
use flate2::Compression;
use flate2::write::GzEncoder;
use glm_frame::{Delimiter, Error, Frame, ReadOptions, Schema, column_names};
use proptest::prelude::*;

fn read(text: &str) -> Result<Frame, Error> {
    Frame::from_bytes(text.as_bytes(), &ReadOptions::default())
}

/// The texts of a category; none where it is missing.
fn texts<'a>(frame: &'a Frame, name: &str) -> Vec<Option<&'a str>> {
    let factor = factor(frame, name);
    factor.codes.iter().map(|&code| factor.levels.get(code as usize).map(String::as_str)).collect()
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

/// A file that is gone when the test ends.
fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (directory, path)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn numbers_are_decimal_or_scientific() {
    let frame = read("x\n1\n-2.5\n+.5\n5.\n1e-3\n\" 7 \"\n 8 \n-0\n4.9406564584124654e-324\n").unwrap();
    let expected = [1.0, -2.5, 0.5, 5.0, 1e-3, 7.0, 8.0, -0.0, 5e-324];
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(numbers(&frame, "x")), bits(&expected));
}

#[test]
fn what_is_missing() {
    let frame = read("x,g\nNA,NA\n,\n\"NA\",\"\"\nNaN,NaN\n nan,a\n1, NA\n").unwrap();
    assert_eq!(numbers(&frame, "x").iter().filter(|x| x.is_nan()).count(), 5);
    assert_eq!(texts(&frame, "g"), [None, None, None, Some("NaN"), Some("a"), Some(" NA")]);
    let all = read("x,y\nNA,1\n,2\n").unwrap();
    assert!(numbers(&all, "x").iter().all(|x| x.is_nan()));
}

#[test]
fn logical_columns_have_two_levels() {
    let frame = read("a,b,c,d\nTRUE,F,true,T\nNA,F,false,M\nFALSE,F,true,F\n").unwrap();
    let levels = ["FALSE", "TRUE"];
    assert!(["a", "b", "c"].iter().all(|name| factor(&frame, name).levels == levels));
    assert_eq!(texts(&frame, "a"), [Some("TRUE"), None, Some("FALSE")]);
    assert_eq!(texts(&frame, "b"), [Some("FALSE"); 3]);
    assert_eq!(factor(&frame, "d").levels, ["F", "M", "T"]);
}

#[test]
fn levels_are_sorted_by_bytes() {
    let frame = read("g\nb\nä\nB\na\n10\n9\n").unwrap();
    assert_eq!(factor(&frame, "g").levels, ["10", "9", "B", "a", "b", "ä"]);
    assert_eq!(texts(&frame, "g"), ["b", "ä", "B", "a", "10", "9"].map(Some));
}

#[test]
fn text_far_down_makes_a_category() {
    let mut text = "id,x,g\n".to_owned();
    for row in 0..60_000 {
        text += &format!("{},{},{}\n", row % 7, row, if row == 59_000 { "inf or so" } else { "01" });
    }
    let frame = read(&text).unwrap();
    assert_eq!(factor(&frame, "g").levels, ["01", "inf or so"]);
    assert_eq!(texts(&frame, "g")[58_999..59_001], [Some("01"), Some("inf or so")]);
    assert!(numbers(&frame, "x").iter().enumerate().all(|(row, &x)| x == row as f64));
    assert_eq!((frame.line(0), frame.line(59_999)), (Some(2), Some(60_001)));
}

#[test]
fn quotes_newlines_and_ends_of_lines() {
    let text = "\u{feff}x,\"g,\"\"h\"\"\r\n\",y\r\n1,\"a\r\nb\",2\r\n\r\n\r\n3,\"say \"\"no\"\"\",4\r\n5,5\" nail,6";
    let frame = read(text).unwrap();
    assert_eq!(frame.names().collect::<Vec<_>>(), ["x", "g,\"h\"\r\n", "y"]);
    assert_eq!(texts(&frame, "g,\"h\"\r\n"), [Some("a\r\nb"), Some("say \"no\""), Some("5\" nail")]);
    assert_eq!(numbers(&frame, "y"), [2.0, 4.0, 6.0]);
    assert_eq!([0, 1, 2].map(|row| frame.line(row)), [Some(3), Some(7), Some(8)]);
    assert_eq!(frame.place(1).to_string(), "the input, line 7");
}

#[test]
fn a_record_longer_than_the_buffer() {
    let long = "é\n".repeat(400_000);
    let frame = read(&format!("g,x\n\"{long}\",1\nb,2\n")).unwrap();
    assert_eq!(texts(&frame, "g"), [Some(long.as_str()), Some("b")]);
    assert_eq!((numbers(&frame, "x"), frame.line(1)), (&[1.0, 2.0][..], Some(400_003)));
}

#[test]
fn other_delimiters() {
    for (delimiter, text) in [(Delimiter::Semicolon, "a;b\n1;x,y\n"), (Delimiter::Tab, "a\tb\n1\tx,y\n")] {
        let frame = Frame::from_bytes(text.as_bytes(), &ReadOptions { delimiter, ..Default::default() }).unwrap();
        assert_eq!((numbers(&frame, "a"), texts(&frame, "b")), (&[1.0][..], vec![Some("x,y")]));
    }
}

#[test]
fn only_the_columns_asked_for() {
    let text = b",x,g,bad\n1,2,a,\"\n\xff\"\n2,3,b,inf\n";
    let options = ReadOptions { columns: Some(&["g", "x"]), ..ReadOptions::default() };
    let frame = Frame::from_bytes(text, &options).unwrap();
    assert_eq!(frame.names().collect::<Vec<_>>(), ["x", "g"]);
    assert_eq!((numbers(&frame, "x"), frame.line(1)), (&[2.0, 3.0][..], Some(4)));
    let none = ReadOptions { columns: Some(&[]), ..ReadOptions::default() };
    assert_eq!(Frame::from_bytes(text, &none).unwrap().n_rows(), 2);
    let wrong = ReadOptions { columns: Some(&["x", "gg"]), ..ReadOptions::default() };
    let error = Frame::from_bytes(text, &wrong).unwrap_err();
    assert_eq!(error.to_string(), "the input has no column `gg`; did you mean `g`?");
}

#[test]
fn files_gzip_and_readers_are_alike() {
    let text = "x,g\n1,a\n2,b\n";
    let (_directory, plain) = file("plain", text.as_bytes());
    let (_other, zipped) = file("zipped.csv", &[gzip(b"x,g\n1,a\n"), gzip(b"2,b\n")].concat());
    let options = ReadOptions::default();
    let columns = |frame: Result<Frame, Error>| frame.unwrap().into_columns();
    let expected = columns(read(text));
    assert_eq!(columns(Frame::read(&plain, &options)), expected);
    assert_eq!(columns(Frame::read(&zipped, &options)), expected);
    assert_eq!(columns(Frame::from_reader(text.as_bytes(), &options)), expected);
    assert_eq!(column_names(&zipped, &options).unwrap(), ["x", "g"]);
    let frame = Frame::read(&plain, &options).unwrap();
    assert_eq!(frame.place(1).to_string(), format!("{}, line 3", plain.display()));
}

#[test]
fn errors_of_files() {
    let missing = Frame::read(Path::new("no/such.csv"), &ReadOptions::default()).unwrap_err();
    assert_eq!(missing.to_string(), "there is no file no/such.csv");
    let directory = Frame::read(Path::new("."), &ReadOptions::default()).unwrap_err();
    assert_eq!(directory.to_string(), "cannot read .: is a directory");
    let whole = gzip("x\n1\n2\n".repeat(100).as_bytes());
    let (_directory, cut) = file("cut.csv.gz", &whole[..whole.len() - 9]);
    let error = Frame::read(&cut, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }));
    assert_eq!(error.to_string(), format!("{} ends too early: it is not complete; get it again", cut.display()));
    let zip = Frame::from_bytes(b"PK\x03\x04...", &ReadOptions::default()).unwrap_err();
    assert_eq!(zip.to_string(), "the input is a zip archive or a spreadsheet: save it as CSV");
}

#[test]
fn errors_of_headers() {
    let empty = "the input is empty; a header line with the names of the columns is needed, then the rows";
    assert_eq!(message(""), empty);
    assert_eq!(message("\u{feff}\n\r\n"), empty);
    assert_eq!(message("a,b"), "the input has a header but no rows");
    assert_eq!(message("a,b\n\n\n"), "the input has a header but no rows");
    assert_eq!(message("a,b, a\n1,2,3\n"), "the data have two columns named `a`; rename one");
    let unnamed = "the input: column 2 has no name; name it, or say which columns to read (row names, as R and pandas \
                   write them, are not needed)";
    assert_eq!(message("a,,b\n1,2,3\n"), unnamed);
}

#[test]
fn errors_of_rows() {
    assert_eq!(message("a,b\n1,2\n\"x\ny\",2\n1\n"), "the input, line 5: 1 fields where the header has 2");
    assert_eq!(message("a,b\n1,2,\"3,4\"\n"), "the input, line 2: 3 fields where the header has 2");
    let open = "the input, line 3: a quote is opened in this record and never closed";
    assert_eq!(message("a,b\n1,2\n1,\"2\n1,2\n"), open);
    assert_eq!(message(&format!("a,b\n1,2\n1,\"2{}", "\n1,2".repeat(5_000_000))), open);
    let stray = "the input, line 2, column `b`: text follows a closing quote; a quote within quotes is written twice";
    assert_eq!(message("a,b\n1,\"2\"3\n"), stray);
    assert_eq!(message(&"a".repeat(17 << 20)), "the input, line 1: longer than 16 MB; this is not a CSV file");
}

#[test]
fn errors_of_values() {
    let infinite = |line, value| {
        let advice = "a regression needs finite numbers (write NA for a missing value)";
        format!("the input, line {line}, column `x`: {value} is infinite; {advice}")
    };
    assert_eq!(message("g,x\na,1\n\"\n\",inf\nb,-inf\n"), infinite(4, "inf"));
    assert_eq!(message("x\n1e308\n-1e999\n"), infinite(3, "-1e999"));
    assert_eq!(message("x\n-Infinity\n"), infinite(2, "-Infinity"));
    let latin = b"a,g\n1,caf\xc3\xa9\n2,caf\xe9\n";
    let error = Frame::from_bytes(latin, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the input, line 3, column `g`: not UTF-8; save the file as UTF-8");
    let error = Frame::from_bytes(b"\xff\xfea\0\n\0", &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the input, line 1: not UTF-8; save the file as UTF-8");
}

#[test]
fn text_where_the_schema_says_number() {
    let schema = Schema::from_json(r#"{"columns": {"x": {"type": "number"}}}"#).unwrap();
    let options = ReadOptions { schema: Some(&schema), ..ReadOptions::default() };
    let (_directory, path) = file("a.csv", b"x\n1\n1O\n");
    let error = Frame::read(&path, &options).unwrap_err().to_string();
    let advice = "if the column is a category, say so in the schema";
    assert_eq!(error, format!("{}, line 3, column `x`: `1O` is not a number; {advice}", path.display()));
}

/// A field as RFC 4180 has it, quoted if it must be or if asked.
fn written(text: &str, quote: bool) -> String {
    let must = quote || text.contains([',', '"', '\n', '\r']);
    if must { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(
        rows in prop::collection::vec(
            (any::<f64>(), "[a-c ,\"\n\ré]{0,5}", prop::bool::weighted(0.1), any::<bool>()), 1..60),
        crlf in any::<bool>(),
        last in any::<bool>(),
    ) {
        let newline = if crlf { "\r\n" } else { "\n" };
        let number = |x: f64, missing: bool| if missing || !x.is_finite() { "NA".to_owned() } else { format!("{x:?}") };
        let lines = rows.iter().map(|(x, g, missing, quote)| {
            format!("{},{}", written(&number(*x, *missing), *quote), written(&format!("g{g}"), *quote))
        });
        let text = std::iter::once("x,g".to_owned()).chain(lines).collect::<Vec<_>>().join(newline);
        let frame = read(&(text + if last { newline } else { "" })).unwrap();
        for (row, (x, g, missing, _)) in rows.iter().enumerate() {
            let got = numbers(&frame, "x")[row];
            let same = if *missing || !x.is_finite() { got.is_nan() } else { got.to_bits() == x.to_bits() };
            prop_assert!(same, "{} became {}", x, got);
            let level = format!("g{g}");
            prop_assert_eq!(texts(&frame, "g")[row], Some(level.as_str()));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(prop::sample::select(&b"a1,\"\n\r.e-N A\xff\xef\0"[..]), 0..80)) {
        if let Ok(frame) = Frame::from_bytes(&bytes, &ReadOptions::default()) {
            prop_assert!(frame.n_rows() > 0);
            (0..frame.n_rows()).for_each(|row| assert!(frame.line(row) > Some(row), "a header comes before"));
        }
        let _ = Frame::from_bytes(&[b"x,y\n", &bytes[..]].concat(), &ReadOptions::default());
    }
}
