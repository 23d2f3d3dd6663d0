//! How far what the command says may be from what a case expects, and where it is not.

use serde_json::Value;

/// The tolerances of a case, and every disagreement found.
pub(crate) struct Agreement {
    tolerance: Value,
    pub(crate) found: Vec<String>,
    pub(crate) compared: usize,
}

/// What differences are measured by, as the reference's README says.
#[derive(Clone, Copy)]
pub(crate) enum Scale {
    /// The expected value.
    Value,
    /// The expected value or this, whichever is larger.
    AtLeast(f64),
    /// Nothing: either the relative or the absolute tolerance holds.
    Either,
}

impl Agreement {
    pub(crate) fn new(tolerance: Value) -> Self {
        Self { tolerance, found: Vec::new(), compared: 0 }
    }

    fn within(&self, group: &str) -> (f64, f64) {
        let of = |group: &str, kind: &str| self.tolerance[group][kind].as_f64();
        match (of(group, "rel"), of(group, "abs")) {
            (None, None) => (of("default", "rel").unwrap_or(1e-8), 0.0),
            (rel, abs) => (rel.unwrap_or(0.0), abs.unwrap_or(0.0)),
        }
    }

    /// A number against a number, or nothing against nothing.
    pub(crate) fn number(&mut self, what: &str, ours: &Value, theirs: &Value, group: &str, scale: Scale) {
        self.compared += 1;
        let close = match (ours.as_f64(), number(theirs)) {
            (Some(ours), Some(theirs)) => self.close(ours, theirs, group, scale),
            (None, None) => ours.is_null(),
            _ => false,
        };
        if !close {
            self.found.push(format!("{what}: {ours} and not {theirs}"));
        }
    }

    fn close(&self, ours: f64, theirs: f64, group: &str, scale: Scale) -> bool {
        let ((rel, abs), difference) = (self.within(group), (ours - theirs).abs());
        match scale {
            Scale::Value => difference <= rel * theirs.abs() + abs,
            Scale::AtLeast(least) => difference <= rel * theirs.abs().max(least) + abs,
            Scale::Either => difference <= (rel * theirs.abs()).max(abs),
        }
    }

    /// A fact.
    pub(crate) fn holds(&mut self, what: &str, is_true: bool) {
        self.compared += 1;
        if !is_true {
            self.found.push(what.to_owned());
        }
    }
}

/// Numbers, and nothing for what is infinite or missing.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().filter(|value| value.is_finite())
}
