//! A reference case: its table read as a user would, its specification, and what R made of it.

use std::fs;
use std::path::PathBuf;

use glm_model::{DispersionChoice, Frame, ModelSpec, ReadOptions, Schema};
use serde_json::{Map, Value, json};

/// A reference case.
pub(crate) struct Case {
    pub(crate) value: Value,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../reference")
}

/// The cases of a kind.
pub(crate) fn cases(kind: &str) -> Vec<Case> {
    let paths =
        fs::read_dir(root().join("cases")).expect("a sound case").map(|entry| entry.expect("a sound case").path());
    let mut paths: Vec<PathBuf> = paths.collect();
    paths.sort();
    let read = |path: PathBuf| Case {
        value: serde_json::from_str(&fs::read_to_string(path).expect("a sound case")).expect("a sound case"),
    };
    paths.into_iter().map(read).filter(|case| case.value["kind"] == kind).collect()
}

/// One case.
pub(crate) fn case(id: &str) -> Case {
    let path = root().join("cases").join(format!("{id}.json"));
    Case { value: serde_json::from_str(&fs::read_to_string(path).expect("a sound case")).expect("a sound case") }
}

impl Case {
    pub(crate) fn id(&self) -> &str {
        self.value["id"].as_str().expect("a sound case")
    }

    pub(crate) fn expected(&self) -> &Value {
        &self.value["expected"]
    }

    /// The relative and the absolute tolerance of a group.
    pub(crate) fn tolerance(&self, group: &str) -> (f64, f64) {
        let tolerances = &self.value["tolerance"];
        let own = tolerances.get(group).unwrap_or(&tolerances["default"]);
        (own["rel"].as_f64().unwrap_or(0.0), own["abs"].as_f64().unwrap_or(0.0))
    }

    /// The data as a user would load them.
    pub(crate) fn frame(&self) -> Frame {
        let path = root().join(self.value["data"].as_str().expect("a sound case"));
        let schema = self.schema(&|_| true);
        Frame::read(&path, &ReadOptions { schema: Some(&schema), ..ReadOptions::default() }).expect("a sound case")
    }

    /// New rows, where the case has some.
    pub(crate) fn new_frame(&self) -> Option<Frame> {
        let new = self.expected()["predictions"]["newdata"].as_object()?;
        let names: Vec<&String> = new.keys().collect();
        let mut text = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
        for row in 0..new[names[0]].as_array().expect("a sound case").len() {
            let field = |name: &&String| self.field(name, &new[*name][row]);
            text += &format!("\n{}", names.iter().map(field).collect::<Vec<_>>().join(","));
        }
        let schema = self.schema(&|name| new.contains_key(name));
        Some(
            Frame::from_bytes(text.as_bytes(), &ReadOptions { schema: Some(&schema), ..ReadOptions::default() })
                .expect("a sound case"),
        )
    }

    /// Categories are given by the number of their level.
    fn field(&self, name: &str, value: &Value) -> String {
        match self.value["factors"].get(name) {
            Some(factor) => {
                let level = usize::try_from(value.as_u64().expect("a sound case")).expect("a sound case") - 1;
                format!("\"{}\"", factor["levels"][level].as_str().expect("a sound case"))
            }
            None => value.to_string(),
        }
    }

    fn schema(&self, keep: &dyn Fn(&str) -> bool) -> Schema {
        let mut columns = Map::new();
        for (name, factor) in self.value["factors"].as_object().into_iter().flatten().filter(|(name, _)| keep(name)) {
            let kind = if factor["ordered"] == true { "ordered" } else { "category" };
            let contrasts =
                factor["contrasts"].as_str().expect("a sound case").strip_prefix("contr.").expect("a sound case");
            columns.insert(name.clone(), json!({ "type": kind, "levels": factor["levels"], "contrasts": contrasts }));
        }
        Schema::from_json(&json!({ "columns": columns }).to_string()).expect("a sound case")
    }

    pub(crate) fn spec(&self) -> ModelSpec {
        let text = |field: &str| self.value[field].as_str().map(ToOwned::to_owned);
        let (family, link) = self.family();
        let mut spec = ModelSpec::new(text("formula").expect("a sound case")).family(family).omit_missing();
        (spec.link, spec.weights, spec.offset) = (link, text("weights"), text("offset"));
        spec.start = self.value["start"]
            .as_array()
            .map(|start| start.iter().map(|x| x.as_f64().expect("a sound case")).collect());
        if self.id().ends_with("_pearson") {
            spec = spec.dispersion(DispersionChoice::Pearson);
        }
        spec
    }

    /// R's names as a user of the command writes them.
    fn family(&self) -> (String, Option<String>) {
        let family = &self.value["family"];
        let (name, link) =
            (family["name"].as_str().expect("a sound case"), family["link"].as_str().expect("a sound case"));
        let power = |variance: &str| variance.trim_start_matches("mu^").to_owned();
        let family_name = match name {
            "negative.binomial" => match family["theta"].as_f64() {
                Some(theta) => format!("negative-binomial({theta})"),
                None => "negative-binomial".to_owned(),
            },
            "quasi" => format!("quasi({})", power(family["variance"].as_str().expect("a sound case"))),
            "tweedie" if family["var_power"] == 3 => "quasi(3)".to_owned(),
            "tweedie" => format!("tweedie({})", family["var_power"]),
            name => name.to_owned(),
        };
        let link = match family["link_power"].as_f64() {
            Some(power) if power != 0.0 => format!("power({power})"),
            _ => link.to_owned(),
        };
        (family_name, (name != "multinomial").then_some(link))
    }
}
