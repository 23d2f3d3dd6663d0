//! How many cases of what kind pass, and the worst digits of each quantity.

use std::collections::BTreeMap;

use crate::measure::finding::Finding;
use crate::measure::{ELSEWHERE, Measured, measure, not_yet};
use crate::reference::Case;
use crate::table::table;

/// The cases of a kind.
#[derive(Default)]
struct Kind {
    cases: usize,
    passed: usize,
    fits: usize,
    values: usize,
    not_yet: Vec<&'static str>,
}

/// The two worst values of a quantity: the one with the fewest digits, and the one nearest to its tolerance.
#[derive(Default)]
struct Quantity {
    values: usize,
    fewest: Option<(f64, String)>,
    largest: Option<(f64, String)>,
}

impl Quantity {
    fn add(&mut self, finding: &Finding, origin: &str) {
        let (digits, share) = (finding.digits(), finding.share());
        self.values += 1;
        if self.fewest.as_ref().is_none_or(|(fewest, _)| digits < *fewest) {
            self.fewest = Some((digits, format!("{origin}{}", finding.place)));
        }
        // NaN is the worst.
        if self.largest.as_ref().is_none_or(|(largest, _)| share.is_nan() || share > *largest) {
            self.largest = Some((share, format!("{origin}{}", finding.place)));
        }
    }
}

const LEGEND: &str = "\
Of each quantity, by every solver or estimator: the fewest correct digits (relative to the value or, for a coefficient, to
its standard error where that is larger, and to one where the value is zero; at most 15), and the largest error in units of
its tolerance.
";

/// The text, and whether all is well.
pub(crate) fn of(cases: &[Case], kinds_of_all: &[String]) -> (String, bool) {
    let (mut kinds, mut quantities, mut wrong) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for case in cases {
        let kind: &mut Kind = kinds.entry(case.kind.as_str()).or_default();
        kind.cases += 1;
        if let Some(reason) = not_yet(case) {
            kind.not_yet.push(reason);
            continue;
        }
        let fits = measure(case);
        kind.fits += fits.len();
        kind.values += fits.iter().map(|fit| fit.findings.all.len()).sum::<usize>();
        kind.passed += usize::from(fits.iter().all(|fit| fit.findings.wrong().is_none()));
        for Measured { by, findings } in fits {
            let origin = format!("{} by {by} ", case.id);
            for finding in &findings.all {
                let quantity: &mut Quantity = quantities.entry(finding.quantity.clone()).or_default();
                quantity.add(finding, &origin);
            }
            wrong.extend(findings.wrong().map(|what| format!("{} by {by}: {what}", case.id)));
        }
    }
    let mut text = format!("{}\n{LEGEND}\n{}", of_kinds(&kinds) + &elsewhere(kinds_of_all), of_quantities(&quantities));
    for wrong in &wrong {
        text.push_str(&format!("WRONG: {wrong}\n"));
    }
    (text, wrong.is_empty() && !cases.is_empty())
}

fn of_kinds(kinds: &BTreeMap<&str, Kind>) -> String {
    let header = ["kind", "cases", "passed", "failed", "not yet", "fits", "values", ""].map(str::to_owned);
    let row = |name: &str, kind: &Kind| {
        let mut reasons = kind.not_yet.clone();
        reasons.dedup();
        let failed = kind.cases - kind.passed - kind.not_yet.len();
        let numbers = [kind.cases, kind.passed, failed, kind.not_yet.len(), kind.fits, kind.values];
        let numbers = numbers.iter().map(ToString::to_string);
        std::iter::once(name.to_owned()).chain(numbers).chain([reasons.join("; ")]).collect()
    };
    let mut rows: Vec<Vec<String>> = kinds.iter().map(|(name, kind)| row(name, kind)).collect();
    let mut all = Kind::default();
    for kind in kinds.values() {
        all.cases += kind.cases;
        all.passed += kind.passed;
        all.fits += kind.fits;
        all.values += kind.values;
        all.not_yet.extend(vec![""; kind.not_yet.len()]);
    }
    rows.push(row("all", &all));
    table(&[1, 2, 3, 4, 5, 6], &header, rows)
}

/// What other tests check.
fn elsewhere(kinds: &[String]) -> String {
    let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
    let line = |(kind, test): &(&str, &str)| format!(" {kind}: {}, in {test}\n", count(kind));
    ELSEWHERE.iter().map(line).collect()
}

fn of_quantities(quantities: &BTreeMap<String, Quantity>) -> String {
    let header = ["quantity", "values", "digits", "fewest in", "of tolerance", "nearest to its tolerance"];
    let row = |(name, quantity): (&String, &Quantity)| {
        let (digits, fewest) = quantity.fewest.clone().unwrap_or_default();
        let (share, largest) = quantity.largest.clone().unwrap_or_default();
        // Where all is exact no case is worse than the others.
        let [fewest, largest] = [fewest, largest].map(|origin| if share == 0.0 { String::new() } else { origin });
        let (digits, share) = (format!("{digits:.1}"), format!("{:.2} %", 100.0 * share));
        vec![name.clone(), quantity.values.to_string(), digits, fewest, share, largest]
    };
    table(&[1, 2, 4], &header.map(str::to_owned), quantities.iter().map(row).collect())
}
