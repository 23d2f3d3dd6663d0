//! Reads the cases of `reference/` (and of `reference-local/`, whose data may not be copied, where that exists).

use std::fs;
use std::path::{Path, PathBuf};

use glm_core::{Dense, Response, spec};
use serde_json::Value;

/// The folders that hold cases: the project's own copy, and the neighbour that is not copied.
pub(crate) fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let local = root.join("../shared/reference-local");
    [root.join("reference"), local].into_iter().filter(|folder| folder.is_dir()).collect()
}

/// One case with its numbers.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) json: Value,
    pub(crate) y: Vec<f64>,
    pub(crate) weights: Vec<f64>,
    pub(crate) offset: Vec<f64>,
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Vec<f64>>,
}

/// Every case of a folder's index that has a design.
pub(crate) fn cases(folder: &Path) -> Vec<Case> {
    let index: Value = parse(&folder.join("index.json"));
    let entries = index.as_array().unwrap();
    let files =
        entries.iter().map(|entry| (entry["kind"].as_str().unwrap(), folder.join(entry["file"].as_str().unwrap())));
    files
        .map(|(kind, file)| (kind, parse(&file)))
        .filter(|(_, json)| json["design"].is_string())
        .map(|(kind, json)| read(folder, kind, json))
        .collect()
}

/// The kind of every entry of a folder's index, with a design or without.
pub(crate) fn kinds(folder: &Path) -> Vec<String> {
    let index: Value = parse(&folder.join("index.json"));
    index.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn parse(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(folder: &Path, kind: &str, json: Value) -> Case {
    let text = fs::read_to_string(folder.join(json["design"].as_str().unwrap())).unwrap();
    let mut lines = text.lines();
    let has_offset = lines.next().expect("a header").split(',').any(|name| name == ".offset");
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for line in lines {
        let numbers: Vec<f64> = line.split(',').map(|field| field.parse().unwrap()).collect();
        columns.resize(numbers.len(), Vec::new());
        columns.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
    }
    // The designs of classes have no offset.
    let rest = columns.split_off(if has_offset { 3 } else { 2 });
    let offset = if has_offset { columns.pop().unwrap() } else { vec![0.0; rest[0].len()] };
    let weights = columns.pop().unwrap();
    let names =
        json["design_columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let id = json["id"].as_str().unwrap().to_owned();
    Case { id, kind: kind.to_owned(), y: columns.pop().unwrap(), weights, offset, names, columns: rest, json }
}

impl Case {
    /// The design, with a proper intercept where the case has one.
    pub(crate) fn design(&self) -> Dense<'_> {
        let columns = self.columns.iter().map(Vec::as_slice);
        if self.names[0] == "(Intercept)" {
            let columns: Vec<&[f64]> = columns.skip(1).collect();
            if columns.is_empty() {
                Dense::intercept_only(self.y.len()).unwrap()
            } else {
                Dense::with_intercept(columns).unwrap()
            }
        } else {
            Dense::without_intercept(columns).unwrap()
        }
    }

    /// The response by our names; `None` for families that are no single-predictor GLM.
    pub(crate) fn response(&self) -> Option<Box<dyn Response>> {
        let family = &self.json["family"];
        let number = |field: &str| family[field].as_f64();
        let name = match family["name"].as_str()? {
            "Gamma" => "gamma".to_owned(),
            "inverse.gaussian" => "inverse-gaussian".to_owned(),
            "negative.binomial" => format!("negative-binomial({})", number("theta")?),
            "quasibinomial" => "quasi-binomial".to_owned(),
            "quasipoisson" => "quasi-poisson".to_owned(),
            "quasi" => match family["variance"].as_str()? {
                "constant" => "quasi(0)".to_owned(),
                "mu" => "quasi-poisson".to_owned(),
                "mu(1-mu)" => "quasi-binomial".to_owned(),
                power => format!("quasi({})", power.strip_prefix("mu^")?),
            },
            "tweedie" => match number("var_power")? {
                power if power > 1.0 && power < 2.0 => format!("tweedie({power})"),
                // Other powers have no Tweedie density with a mass at zero; their estimates are the quasi family's.
                power => format!("quasi({power})"),
            },
            name @ ("gaussian" | "binomial" | "poisson") => name.to_owned(),
            _ => return None,
        };
        let link = match (family["link"].as_str()?, number("link_power")) {
            ("1/mu^2", _) => "inverse-squared".to_owned(),
            (link, Some(power)) if link.starts_with("mu^") => format!("power({power})"),
            (link, _) => link.to_owned(),
        };
        Some(spec::pair(&name, &link).unwrap_or_else(|error| panic!("{}: {error}", self.id)))
    }

    /// Whether the estimate is infinite.
    pub(crate) fn is_infinite(&self) -> bool {
        self.json["expected"]["limit"]["infinite"].is_object()
    }

    /// `expected.<field>` as a number.
    pub(crate) fn expected(&self, field: &str) -> Option<f64> {
        self.json["expected"][field].as_f64()
    }

    /// `expected.<field>`, a map from column name to number or null, in the order of the design.
    pub(crate) fn by_column(&self, field: &str) -> Vec<Option<f64>> {
        self.names.iter().map(|name| self.json["expected"][field][name].as_f64()).collect()
    }

    /// The relative tolerance of a group, and the absolute one.
    pub(crate) fn tolerance(&self, group: &str) -> (f64, f64) {
        let table = &self.json["tolerance"];
        let entry = if table[group].is_object() { &table[group] } else { &table["default"] };
        (entry["rel"].as_f64().unwrap_or(0.0), entry["abs"].as_f64().unwrap_or(0.0))
    }

    /// The starting values that the reference needed.
    pub(crate) fn start(&self) -> Option<Vec<f64>> {
        self.json["start"].as_array().map(|values| values.iter().map(|value| value.as_f64().unwrap()).collect())
    }
}
