//! Parquet and Arrow to columns: types, nulls, parts, and what is wrong with a file.
#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "common/columns.rs"]
mod columns;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int64Array,
    LargeStringArray, NullArray, RecordBatch, StringArray, StringViewArray, UInt8Array,
};
use columns::{factor, numbers};
use glm_frame::{Chunks, Error, Frame, MISSING, ReadOptions, Schema, column_names};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

/// The bytes of a file of row groups of at most 1000 rows.
fn parquet(batches: &[RecordBatch], compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(1000));
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), Some(properties.build())).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

/// Every type that is read, with a null in the second row.
fn of_all_types() -> RecordBatch {
    let dictionary: DictionaryArray<Int8Type> = vec![Some("z"), None, Some("b"), Some("z")].into_iter().collect();
    let values = Arc::new(Float64Array::from(vec![2.5, -1.0]));
    let keys = arrow_array::Int32Array::from(vec![Some(1), None, Some(0), Some(1)]);
    let coded = DictionaryArray::<Int32Type>::try_new(keys, values).unwrap();
    let decimals = Decimal128Array::from(vec![Some(12345), None, Some(-5), Some(0)]).with_precision_and_scale(9, 3);
    batch(vec![
        ("u8", Arc::new(UInt8Array::from(vec![Some(1), None, Some(255), Some(0)]))),
        ("i64", Arc::new(Int64Array::from(vec![Some(-7), None, Some(1 << 53), Some(0)]))),
        ("f32", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(f32::NAN), Some(-0.0)]))),
        ("decimal", Arc::new(decimals.unwrap())),
        ("coded", Arc::new(coded)),
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), None, Some(true), Some(true)]))),
        ("text", Arc::new(StringArray::from(vec![Some("b"), None, Some(""), Some("NA")]))),
        ("large", Arc::new(LargeStringArray::from(vec![Some("b"), None, Some("a"), Some("b")]))),
        ("view", Arc::new(StringViewArray::from(vec![Some("b"), None, Some("a"), Some("b")]))),
        ("dictionary", Arc::new(dictionary)),
    ])
}

fn check_all_types(frame: &Frame) {
    let expected: [(&str, [f64; 4]); 5] = [
        ("u8", [1.0, f64::NAN, 255.0, 0.0]),
        ("i64", [-7.0, f64::NAN, 9_007_199_254_740_992.0, 0.0]),
        ("f32", [f64::from(0.1f32), f64::NAN, f64::NAN, -0.0]),
        ("decimal", [12.345, f64::NAN, -0.005, 0.0]),
        ("coded", [-1.0, f64::NAN, 2.5, -1.0]),
    ];
    for (name, values) in expected {
        let same = numbers(frame, name)
            .iter()
            .zip(values)
            .all(|(x, y)| x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan()));
        assert!(same, "{name}: {:?}", numbers(frame, name));
    }
    let expected: [(&str, &[&str], [u32; 4]); 5] = [
        ("flag", &["FALSE", "TRUE"], [1, MISSING, 1, 1]),
        ("text", &["", "NA", "b"], [2, MISSING, 0, 1]),
        ("large", &["a", "b"], [1, MISSING, 0, 1]),
        ("view", &["a", "b"], [1, MISSING, 0, 1]),
        ("dictionary", &["b", "z"], [1, MISSING, 0, 1]),
    ];
    for (name, levels, codes) in expected {
        assert_eq!(
            (factor(frame, name).levels.as_slice(), factor(frame, name).codes.as_slice()),
            (levels.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>().as_slice(), codes.as_slice()),
            "{name}"
        );
    }
}

#[test]
fn each_type_is_read() {
    let options = ReadOptions::default();
    check_all_types(&Frame::from_batches([of_all_types()], &options).unwrap());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::SNAPPY] {
        let bytes = parquet(&[of_all_types()], compression);
        check_all_types(&Frame::from_bytes(&bytes, &options).unwrap());
        check_all_types(&Frame::from_reader(&bytes[..], &options).unwrap());
    }
    let nothing = batch(vec![("x", Arc::new(NullArray::new(2)))]);
    assert!(numbers(&Frame::from_batches([nothing], &options).unwrap(), "x").iter().all(|x| x.is_nan()));
}

#[test]
fn the_schema_decides() {
    let schema =
        r#"{"columns": {"i64": {"type": "category"}, "text": {"type": "number"}, "f32": {"type": "ordered"}}}"#;
    let schema = Schema::from_json(schema).unwrap();
    let options = ReadOptions { schema: Some(&schema), ..ReadOptions::default() };
    let error = Frame::from_batches([of_all_types()], &options).unwrap_err().to_string();
    let advice = "if the column is a category, say so in the schema";
    assert_eq!(error, format!("the input, row 1, column `text`: `b` is not a number; {advice}"));
    let options = ReadOptions { columns: Some(&["i64", "f32"]), ..options };
    let frame = Frame::from_batches([of_all_types()], &options).unwrap();
    assert_eq!(factor(&frame, "i64").levels, ["-7", "0", "9007199254740992"]);
    assert_eq!((factor(&frame, "f32").levels.join(" "), factor(&frame, "f32").ordered), ("-0 0.1".to_owned(), true));
    let given = Schema::from_json(r#"{"columns": {"view": {"type": "category", "levels": ["bb", "a"]}}}"#).unwrap();
    let error = Frame::from_batches([of_all_types()], &ReadOptions { schema: Some(&given), ..Default::default() });
    let expected = "the input, row 1, column `view`: `b` is not one of the levels given";
    assert_eq!(error.unwrap_err().to_string(), expected);
}

#[test]
fn types_that_are_refused() {
    let dates = batch(vec![("when", Arc::new(Date32Array::from(vec![1]))), ("x", Arc::new(Int64Array::from(vec![1])))]);
    let error = Frame::from_batches([dates.clone()], &ReadOptions::default()).unwrap_err().to_string();
    let advice = "write it as a number (such as days since a date), or as text for a category";
    assert_eq!(error, format!("the input, column `when` has the type Date32; {advice}"));
    let options = ReadOptions { columns: Some(&["x"]), ..ReadOptions::default() };
    assert_eq!(numbers(&Frame::from_batches([dates], &options).unwrap(), "x"), [1.0]);
    let infinite = batch(vec![("x", Arc::new(Float64Array::from(vec![1.0, f64::NEG_INFINITY])))]);
    let error = Frame::from_batches([infinite], &ReadOptions::default()).unwrap_err().to_string();
    let advice = "a regression needs finite numbers (write NA for a missing value)";
    assert_eq!(error, format!("the input, row 2, column `x`: -inf is infinite; {advice}"));
    let batches = ["x", "y"].map(|name| batch(vec![(name, Arc::new(Int64Array::from(vec![1])))]));
    let error = Frame::from_batches(batches, &ReadOptions::default()).unwrap_err().to_string();
    assert_eq!(error, "batch 2 has other columns or types than the first");
}

/// A file of 2500 rows in three row groups, and its columns.
fn long(directory: &tempfile::TempDir) -> (PathBuf, Vec<f64>, Vec<String>) {
    let x: Vec<f64> = (0..2500).map(|i| f64::from(i) / 7.0).collect();
    let g: Vec<String> = (0..2500).map(|i| format!("g{}", i * 7 % 13)).collect();
    let array = |g: &[String]| Arc::new(StringArray::from_iter_values(g)) as ArrayRef;
    let batch = batch(vec![("x", Arc::new(Float64Array::from(x.clone()))), ("g", array(&g))]);
    let path = directory.path().join("long");
    std::fs::write(&path, parquet(&[batch], Compression::SNAPPY)).unwrap();
    (path, x, g)
}

#[test]
fn parts_are_the_whole() {
    let directory = tempfile::tempdir().unwrap();
    let (path, x, g) = long(&directory);
    let whole = Frame::read(&path, &ReadOptions::default()).unwrap();
    assert_eq!(numbers(&whole, "x"), x);
    let texts = factor(&whole, "g").codes.iter().map(|&code| &factor(&whole, "g").levels[code as usize]);
    assert!(texts.eq(&g));
    assert_eq!(column_names(&path, &ReadOptions::default()).unwrap(), ["x", "g"]);
    assert_eq!(whole.place(2499).to_string(), format!("{}, row 2500", path.display()));
    let schema = Schema::of(&whole);
    for rows in [1, 7, 1000, 1001, 2500, 9999] {
        let options = ReadOptions { schema: Some(&schema), ..ReadOptions::default() };
        let chunks = Chunks::open(&path, NonZeroUsize::new(rows).unwrap(), &options).unwrap();
        let parts: Vec<Frame> = chunks.collect::<Result<_, _>>().unwrap();
        assert!(parts.iter().rev().skip(1).all(|part| part.n_rows() == rows));
        assert_eq!(parts.iter().flat_map(|part| numbers(part, "x").to_vec()).collect::<Vec<_>>(), x);
        let codes: Vec<u32> = parts.iter().flat_map(|part| factor(part, "g").codes.clone()).collect();
        assert_eq!(codes, factor(&whole, "g").codes);
        let last = parts.last().unwrap();
        assert_eq!(last.place(last.n_rows() - 1), whole.place(2499));
    }
}

#[test]
fn files_that_are_cut_or_empty() {
    let bytes = parquet(&[of_all_types()], Compression::SNAPPY);
    for length in [4, 8, 100, bytes.len() - 1] {
        let error = Frame::from_bytes(&bytes[..length], &ReadOptions::default()).unwrap_err();
        assert_eq!(error, Error::Truncated { file: None }, "{length} bytes");
    }
    let empty = parquet(&[of_all_types().slice(0, 0)], Compression::SNAPPY);
    let error = Frame::from_bytes(&empty, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the input has a header but no rows");
    let options = ReadOptions { columns: Some(&["flags"]), ..ReadOptions::default() };
    let error = Frame::from_bytes(&bytes, &options).unwrap_err().to_string();
    assert_eq!(error, "the input has no column `flags`; did you mean `flag`?");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(6), ..ProptestConfig::default() })]

    #[test]
    fn damaged_bytes_do_not_panic(at in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = parquet(&[of_all_types()], Compression::SNAPPY);
        let _ = Frame::from_bytes(&[&bytes[..cut.index(bytes.len())], &b"PAR1"[..]].concat(), &ReadOptions::default());
        let at = 4 + at.index(bytes.len() - 4);
        bytes[at] = value;
        let _ = Frame::from_bytes(&bytes, &ReadOptions::default());
    }
}
