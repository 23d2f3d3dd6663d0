//! A reference case: its table as a user would load it, and what R made of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use glm_frame::{Column, Contrasts, Factor, Frame, MISSING};
use serde_json::Value;

/// A reference case.
pub(crate) struct Case {
    value: Value,
}

/// A file of comma-separated texts with a header.
pub(crate) struct Table {
    columns: BTreeMap<String, Vec<String>>,
    names: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../reference")
}

/// The cases that have a formula.
pub(crate) fn cases() -> Vec<Case> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root().join("cases")).expect("cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read =
        |path: PathBuf| Case { value: serde_json::from_str(&fs::read_to_string(path).expect("a case")).expect("JSON") };
    paths.into_iter().map(read).filter(|case| case.text("formula").is_some()).collect()
}

impl Table {
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut lines = text.lines();
        let names = fields(lines.next().expect("a header"));
        let mut columns: BTreeMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
        for line in lines {
            for (name, field) in names.iter().zip(fields(line)) {
                columns.get_mut(name).expect("a column").push(field);
            }
        }
        Self { columns, names }
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// A column of numbers.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let column = self.columns.get(name).unwrap_or_else(|| panic!("no column {name}"));
        column.iter().map(|text| text.parse().expect("a number")).collect()
    }
}

/// The fields of a line; commas in quotes do not separate.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().expect("one at least").push(c),
        }
    }
    fields
}

impl Case {
    pub(crate) fn id(&self) -> &str {
        self.value["id"].as_str().expect("an id")
    }

    pub(crate) fn text(&self, field: &str) -> Option<String> {
        self.value[field].as_str().map(ToOwned::to_owned)
    }

    pub(crate) fn design(&self) -> Table {
        Table::read(self.value["design"].as_str().expect("a design"))
    }

    pub(crate) fn design_columns(&self) -> Vec<String> {
        strings(&self.value["design_columns"])
    }

    /// The omitted rows, from zero.
    pub(crate) fn omitted(&self) -> Vec<usize> {
        let rows = self.value["na_action"]["omitted_rows_1based"].as_array();
        let row = |row: &Value| usize::try_from(row.as_u64().expect("a row")).expect("small") - 1;
        rows.map(|rows| rows.iter().map(row).collect()).unwrap_or_default()
    }

    /// The data as a user would load them.
    pub(crate) fn frame(&self) -> Frame {
        let table = Table::read(self.value["data"].as_str().expect("data"));
        let columns = table.names.iter().map(|name| (name.clone(), self.column(name, &table.columns[name])));
        Frame::new(columns.collect()).expect("a frame")
    }

    fn column(&self, name: &str, texts: &[String]) -> Column {
        let number = |text: &String| if text == "NA" { Some(f64::NAN) } else { text.parse().ok() };
        let numbers: Option<Vec<f64>> = texts.iter().map(number).collect();
        match (self.levels(name), numbers) {
            (Some(levels), _) => self.category(name, texts, levels),
            (None, Some(numbers)) => Column::Numbers(numbers),
            (None, None) => {
                let mut levels: Vec<String> = texts.iter().filter(|text| *text != "NA").cloned().collect();
                levels.sort();
                levels.dedup();
                self.category(name, texts, levels)
            }
        }
    }

    fn levels(&self, name: &str) -> Option<Vec<String>> {
        self.value["factors"].get(name).map(|factor| strings(&factor["levels"]))
    }

    fn category(&self, name: &str, texts: &[String], levels: Vec<String>) -> Column {
        let place = |text: &String| levels.iter().position(|level| level == text);
        let code = |text: &String| place(text).map_or(MISSING, |place| u32::try_from(place).expect("few levels"));
        let declared = &self.value["factors"][name];
        let contrasts = match declared["contrasts"].as_str() {
            Some("contr.treatment") => Some(Contrasts::Treatment),
            Some("contr.sum") => Some(Contrasts::Sum),
            Some("contr.helmert") => Some(Contrasts::Helmert),
            Some("contr.poly") => Some(Contrasts::Poly),
            _ => None,
        };
        let ordered = declared["ordered"].as_bool().unwrap_or(false);
        Column::Categories(Factor { codes: texts.iter().map(code).collect(), levels, ordered, contrasts })
    }

    /// New rows, whose categories have only the levels that they show, and their model matrix.
    pub(crate) fn new_data(&self) -> Option<(Frame, Table)> {
        let predictions = &self.value["expected"]["predictions"];
        let new = predictions["newdata"].as_object()?;
        let column = |(name, values): (&String, &Value)| {
            let values: Vec<&Value> = values.as_array().expect("rows").iter().collect();
            let column = match self.levels(name) {
                None => Column::Numbers(values.iter().map(|value| value.as_f64().expect("a number")).collect()),
                Some(levels) => {
                    let level = |code: &&Value| {
                        levels[usize::try_from(code.as_u64().expect("a code")).expect("small") - 1].clone()
                    };
                    let texts: Vec<String> = values.iter().map(level).collect();
                    let mut shown = texts.clone();
                    shown.sort();
                    shown.dedup();
                    self.category(name, &texts, shown)
                }
            };
            (name.clone(), column)
        };
        let frame = Frame::new(new.iter().map(column).collect()).expect("a frame");
        let names = self.design_columns();
        let rows = predictions["X"]["data"].as_array().expect("rows");
        let texts = |j: usize| rows.iter().map(|row| row[j].to_string()).collect();
        let columns = names.iter().enumerate().map(|(j, name)| (name.clone(), texts(j))).collect();
        Some((frame, Table { columns, names }))
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}
