//! A reference case as arguments and files of the command.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// A reference case.
pub(crate) struct Case {
    pub(crate) value: Value,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../reference")
}

/// All cases, in the order of their names.
pub(crate) fn cases() -> Vec<Case> {
    let entries = fs::read_dir(root().join("cases")).expect("the reference cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| serde_json::from_str(&fs::read_to_string(path).expect("a case")).expect("JSON");
    paths.iter().map(|path| Case { value: read(path) }).collect()
}

impl Case {
    pub(crate) fn id(&self) -> &str {
        self.text("id").expect("an id")
    }

    pub(crate) fn kind(&self) -> &str {
        self.text("kind").expect("a kind")
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.value[field].as_str()
    }

    pub(crate) fn expected(&self, field: &str) -> &Value {
        &self.value["expected"][field]
    }

    pub(crate) fn data(&self) -> PathBuf {
        root().join(self.text("data").expect("data"))
    }

    /// The arguments of `glm fit` after the data, with a schema written into a directory.
    pub(crate) fn arguments(&self, directory: &Path) -> Vec<String> {
        let mut arguments = vec!["--formula".to_owned(), self.text("formula").expect("a formula").to_owned()];
        let mut add = |option: &str, value: Option<String>| {
            arguments.extend(value.into_iter().flat_map(|value| [option.to_owned(), value]));
        };
        let (family, link) = self.family();
        add("--family", Some(family));
        add("--link", link);
        add("--weights", self.text("weights").map(ToOwned::to_owned));
        let is_count_of_rows = ["multinomial", "ordinal"].contains(&self.kind()) && self.text("weights").is_some();
        add("--weights-kind", is_count_of_rows.then(|| "frequency".to_owned()));
        add("--offset", self.text("offset").map(ToOwned::to_owned));
        add("--start", self.value["start"].as_array().map(|start| numbers(start).join(",")));
        // R's summary of a negative binomial with a given θ estimates a dispersion; cases say which they use.
        let is_estimated =
            self.value["family"]["name"] == "negative.binomial" && self.expected("dispersion") != &json!(1);
        add("--dispersion", is_estimated.then(|| "pearson".to_owned()));
        add("--na", (!self.value["na_action"].is_null()).then(|| "omit".to_owned()));
        add("--schema", self.schema(directory));
        if self.kind() == "bias_reduced" {
            arguments.push("--bias-reduction".to_owned());
        }
        arguments
    }

    /// Family and link by the command's names.
    fn family(&self) -> (String, Option<String>) {
        let family = &self.value["family"];
        let power = family["var_power"].as_f64();
        let name = match family["name"].as_str().expect("a family") {
            "Gamma" => "gamma".to_owned(),
            "inverse.gaussian" => "inverse-gaussian".to_owned(),
            "quasibinomial" => "quasi-binomial".to_owned(),
            "quasipoisson" => "quasi-poisson".to_owned(),
            "quasi" => format!("quasi({})", &family["variance"].as_str().expect("a variance")["mu^".len()..]),
            // Tweedie's family has a likelihood for powers between 1 and 2; beyond, the power is only that of a variance.
            "tweedie" if power.is_some_and(|power| power > 2.0) => format!("quasi({})", power.expect("a power")),
            "tweedie" => format!("tweedie({})", power.expect("a power")),
            "negative.binomial" => family["theta"]
                .as_f64()
                .map_or_else(|| "negative-binomial".to_owned(), |theta| format!("negative-binomial({theta})")),
            "cumulative" => "ordinal".to_owned(),
            name => name.to_owned(),
        };
        let link = match (family["link"].as_str(), family["link_power"].as_f64()) {
            (_, Some(power)) if power != 0.0 => Some(format!("power({power})")),
            (_, Some(_)) => Some("log".to_owned()),
            (Some("1/mu^2"), None) => Some("inverse-squared".to_owned()),
            (link, None) => link.filter(|_| name != "multinomial").map(ToOwned::to_owned),
        };
        (name, link)
    }

    fn schema(&self, directory: &Path) -> Option<String> {
        let factors = self.value["factors"].as_object().filter(|factors| !factors.is_empty())?;
        let column = |(name, factor): (&String, &Value)| {
            let kind = if factor["ordered"] == true { "ordered" } else { "category" };
            let contrasts = factor["contrasts"].as_str().map(|name| name.trim_start_matches("contr."));
            (name.clone(), json!({ "type": kind, "levels": factor["levels"], "contrasts": contrasts }))
        };
        let columns: Map<String, Value> = factors.iter().map(column).collect();
        let path = directory.join("schema.json");
        fs::write(&path, json!({ "columns": columns }).to_string()).expect("a schema");
        Some(path.display().to_string())
    }

    /// Writes the new rows of a case that has some; categories are given by the places of their levels.
    pub(crate) fn new_data(&self, directory: &Path) -> Option<PathBuf> {
        let new = self.expected("predictions")["newdata"].as_object()?;
        let text = |name: &str, value: &Value| match &self.value["factors"][name]["levels"] {
            Value::Array(levels) => {
                let code = usize::try_from(value.as_u64().expect("a code")).expect("few levels");
                format!("\"{}\"", levels[code - 1].as_str().expect("a level"))
            }
            _ => value.to_string(),
        };
        let names: Vec<String> = new.keys().map(|name| format!("\"{name}\"")).collect();
        let rows = new.values().next()?.as_array()?.len();
        let mut lines = vec![names.join(",")];
        for row in 0..rows {
            let fields: Vec<String> = new.iter().map(|(name, values)| text(name, &values[row])).collect();
            lines.push(fields.join(","));
        }
        let path = directory.join("new.csv");
        fs::write(&path, lines.join("\n") + "\n").expect("new data");
        Some(path)
    }
}

fn numbers(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::to_string).collect()
}
