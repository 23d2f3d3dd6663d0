//! Types that are given: what they do to columns, and what is wrong with a schema.

use glm_frame::{Column, ColumnType, Contrasts, Error, Factor, Frame, ReadOptions, Schema};

fn schema(columns: &str) -> Result<Schema, Error> {
    Schema::from_json(&format!("{{ \"columns\": {{ {columns} }} }}"))
}

fn read(text: &str, columns: &str) -> Result<Frame, Error> {
    let schema = schema(columns)?;
    Frame::from_bytes(text.as_bytes(), &ReadOptions { schema: Some(&schema), ..ReadOptions::default() })
}

fn factor<'a>(frame: &'a Frame, name: &str) -> &'a Factor {
    match frame.column(name) {
        Some(Column::Categories(factor)) => factor,
        other => panic!("`{name}` is no column of categories: {other:?}"),
    }
}

#[test]
fn levels_are_as_given() {
    let frame = read(
        "dose,x\nlow,1\nhigh,2\n,3\nNA,4\nlow,5\n",
        r#""dose": { "type": "ordered", "levels": ["low", "mid", "high"], "contrasts": "helmert" }"#,
    )
    .unwrap();
    let expected = Factor {
        codes: vec![0, 2, glm_frame::MISSING, glm_frame::MISSING, 0],
        levels: ["low", "mid", "high"].map(String::from).to_vec(),
        ordered: true,
        contrasts: Some(Contrasts::Helmert),
    };
    assert_eq!(factor(&frame, "dose"), &expected);
    assert!(matches!(frame.column("x"), Some(Column::Numbers(_))));
}

#[test]
fn numbers_as_categories_keep_their_text() {
    let text = "g,h\n10,b\n9,10\n1.0,9\n-1,b\n";
    let frame = read(text, r#""g": { "type": "category" }, "h": { "type": "category", "contrasts": "sum" }"#).unwrap();
    assert_eq!(factor(&frame, "g").levels, ["-1", "1.0", "9", "10"]);
    assert_eq!(factor(&frame, "g").codes, [3, 2, 1, 0]);
    assert_eq!(factor(&frame, "h").levels, ["10", "9", "b"]);
    assert_eq!(factor(&frame, "h").contrasts, Some(Contrasts::Sum));
    let empty = read("g,x\n,1\nNA,2\na,3\n", r#""g": { "type": "category", "levels": ["", "NA", "a"] }"#).unwrap();
    assert_eq!(factor(&empty, "g").codes, [0, 1, 2]);
}

#[test]
fn logical_levels_take_all_spellings() {
    let given = r#""g": { "type": "category", "levels": ["FALSE", "TRUE"] }"#;
    let frame = read("g\nT\nfalse\nTRUE\nF\n", given).unwrap();
    assert_eq!(factor(&frame, "g").codes, [1, 0, 1, 0]);
    let texts = read("g\nT\nfalse\n", r#""g": { "type": "category" }"#).unwrap();
    assert_eq!(factor(&texts, "g").levels, ["T", "false"]);
}

#[test]
fn a_value_that_is_no_level() {
    let message = |columns: &str| read("g,x\nred,1\n\"gre\nen\",2\ngren,3\n", columns).unwrap_err().to_string();
    let given = r#""g": { "type": "category", "levels": ["red", "gre\nen", "green"] }"#;
    assert_eq!(
        message(given),
        "the input, line 5, column `g`: `gren` is not one of the levels given; did you mean `green`?"
    );
    assert_eq!(message(r#""gg": { "type": "number" }"#), "the input has no column `gg`; did you mean `g`?");
}

#[test]
fn errors_of_schemas() {
    let message = |columns: &str| schema(columns).unwrap_err().to_string();
    assert_eq!(
        message(r#""a": { "type": "category", "levels": [] }"#),
        "the schema gives the column `a` no levels; leave `levels` out to take those of the data"
    );
    let twice = r#""a": { "type": "ordered", "levels": ["x", "y", "x"] }"#;
    assert_eq!(message(twice), "the schema names the level `x` of the column `a` twice");
    let start = "the schema, line 1, column ";
    for (columns, what) in [
        (r#""a": { "type": "integer" }"#, "unknown variant `integer`, expected one of `number`, `category`, `ordered`"),
        (r#""a": { "type": "number", "levels": ["x"] }"#, "unknown field `levels`"),
        (r#""a": { "type": "category", "levels": [1] }"#, "invalid type: integer `1`, expected a string"),
        (r#""a": { "type": "category", "contrasts": "dummy" }"#, "unknown variant `dummy`"),
        (r#""a": { }"#, "missing field `type`"),
        (r#""a": "#, "expected value"),
    ] {
        let message = message(columns);
        assert!(message.starts_with(start) && message.contains(what), "{message}");
    }
}

#[test]
fn the_schema_of_a_frame_reads_alike() {
    let text = "x,g,h,l\n1,b,1,T\n2,a,2,F\nNA,,10,NA\n";
    let first = read(text, r#""h": { "type": "ordered", "contrasts": "treatment" }"#).unwrap();
    let schema = Schema::of(&first);
    assert_eq!(schema.columns["x"], ColumnType::Number {});
    assert_eq!(schema.columns["h"].levels().unwrap(), ["1", "2", "10"]);
    let json = serde_json::to_string(&schema).unwrap();
    assert_eq!(Schema::from_json(&json).unwrap(), schema);
    let again = Frame::from_bytes(text.as_bytes(), &ReadOptions { schema: Some(&schema), ..ReadOptions::default() });
    let part =
        Frame::from_bytes(b"x,g,h,l\n7,b,2,true\n", &ReadOptions { schema: Some(&schema), ..Default::default() });
    for name in ["g", "h", "l"] {
        assert_eq!(factor(&first, name), factor(again.as_ref().unwrap(), name));
        assert_eq!(factor(part.as_ref().unwrap(), name).codes, [1]);
    }
}
