//! A CSV file in parts is the file.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::num::NonZeroUsize;

use glm_frame::{Chunks, Column, Error, Frame, ReadOptions, Schema};
use proptest::prelude::*;

fn chunks(text: &str, rows: usize, schema: &Schema, columns: Option<&[&str]>) -> Result<Vec<Frame>, Error> {
    let options = ReadOptions { schema: Some(schema), columns, ..ReadOptions::default() };
    let reader = std::io::Cursor::new(text.as_bytes().to_vec());
    Chunks::from_reader(reader, NonZeroUsize::new(rows).unwrap(), &options)?.collect()
}

/// The bits of a column, comparable where values are missing.
fn bits(frame: &Frame, name: &str) -> Vec<u64> {
    match frame.column(name).unwrap() {
        Column::Numbers(values) => values.iter().map(|value| value.to_bits()).collect(),
        Column::Categories(factor) => factor.codes.iter().map(|&code| u64::from(code)).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn parts_are_the_whole(rows in prop::collection::vec((-9..9i32, "[ab\n]{1,3}", 0..3usize), 1..40), size in 1..50usize) {
        let row = |(x, g, blank): &(i32, String, usize)| format!("{x},\"{g}\"\n{}", "\n".repeat(*blank));
        let text = format!("x,g\n{}", rows.iter().map(row).collect::<String>());
        let whole = Frame::from_bytes(text.as_bytes(), &ReadOptions::default()).unwrap();
        let parts = chunks(&text, size, &Schema::of(&whole), None).unwrap();
        prop_assert_eq!(parts.len(), rows.len().div_ceil(size));
        for name in ["x", "g"] {
            let together: Vec<u64> = parts.iter().flat_map(|part| bits(part, name)).collect();
            prop_assert_eq!(together, bits(&whole, name));
        }
        let lines: Vec<_> = parts.iter().flat_map(|part| (0..part.n_rows()).map(|row| part.place(row))).collect();
        prop_assert_eq!(lines, (0..whole.n_rows()).map(|row| whole.place(row)).collect::<Vec<_>>());
    }
}

#[test]
fn many_blocks_in_parts() {
    let text = "x,g\n".to_owned() + &(0..200_000).map(|i| format!("{i},g{}\n", i % 10)).collect::<String>();
    let whole = Frame::from_bytes(text.as_bytes(), &ReadOptions::default()).unwrap();
    let parts = chunks(&text, 33_333, &Schema::of(&whole), Some(&["x"])).unwrap();
    assert_eq!(parts.len(), 7);
    assert!(parts.iter().all(|part| part.names().eq(["x"])));
    let together: Vec<u64> = parts.iter().flat_map(|part| bits(part, "x")).collect();
    assert_eq!(together, (0..200_000).map(|i| f64::from(i).to_bits()).collect::<Vec<_>>());
    assert_eq!(parts[6].line(0), Some(2 + 6 * 33_333));
}

#[test]
fn what_is_wrong_with_parts() {
    let schema = r#"{"columns": {"x": {"type": "number"}, "y": {"type": "number"}, "g": {"type": "category"}}}"#;
    let schema = Schema::from_json(schema).unwrap();
    let message = |text, columns| chunks(text, 2, &schema, columns).unwrap_err().to_string();
    assert_eq!(message("x,g\n1,a\n", None), "the input has no column `y`");
    let untyped = "the schema says nothing of the column `z`; a file read in parts cannot be inferred";
    assert_eq!(message("x,z\n1,a\n", Some(&["x", "z"])), untyped);
    assert_eq!(message("x,z\n", Some(&["x"])), "the input has a header but no rows");
    let columns: Option<&[&str]> = Some(&["x", "g"]);
    let late = message("x,g\n1,a\n2,b\n3,a\nfour,b\n", columns);
    assert!(late.starts_with("the input, line 5, column `x`: `four` is not a number"), "{late}");
    let parts = chunks("x,g\n1,b\n2,a\n3,c\n", 2, &schema, columns).unwrap();
    let levels = parts.iter().map(|part| match part.column("g") {
        Some(Column::Categories(factor)) => factor.levels.join(" "),
        other => panic!("{other:?}"),
    });
    assert!(levels.eq(["a b", "c"]));
    let mut chunks = Chunks::from_reader(
        &b"x\n1\nb\n2\n"[..],
        NonZeroUsize::MIN,
        &ReadOptions { schema: Some(&schema), columns: Some(&["x"]), ..ReadOptions::default() },
    )
    .unwrap();
    assert!(chunks.next().unwrap().is_ok() && chunks.next().unwrap().is_err() && chunks.next().is_none());
}
