//! The digits of NIST's linear sets: ours, the limit that binary64 data set, and those of other programs.

use glm_solvers::{fisher_scoring, irls, newton_raphson};

use crate::measure::nist::{Digits, LIMIT, baseline, digits, programs};
use crate::reference::Case;
use crate::table::table;

const LEGEND: &str = "\
The fewest correct digits (log relative error, at most 15) of the coefficients / of the standard errors; a size where the
certified standard errors are zero; a dash where a program gives none or leaves a column out.
";

/// The text, and whether there is anything to say.
pub(crate) fn of(cases: &[Case]) -> (String, bool) {
    let sets: Vec<&Case> = cases.iter().filter(|case| case.kind == "nist_linear").collect();
    let name = |case: &&Case| case.id.strip_prefix("nist_").unwrap_or(&case.id).to_owned();
    let header: Vec<String> = std::iter::once("program".to_owned()).chain(sets.iter().map(name)).collect();
    let (mut rows, mut all_converged) = (Vec::new(), true);
    for solver in [irls, fisher_scoring, newton_raphson] {
        let found = sets.iter().map(|case| digits(case, solver()));
        let cells = found.map(|found| match found {
            Ok((digits, true)) => cell(digits),
            Ok(_) | Err(_) => {
                all_converged = false;
                "no fit".to_owned()
            }
        });
        rows.push(std::iter::once(format!("this project, {}", solver().name())).chain(cells).collect());
    }
    let mut others = vec![LIMIT.to_owned()];
    for program in sets.iter().flat_map(|case| programs(case)) {
        if !others.contains(&program) {
            others.push(program);
        }
    }
    for program in others {
        let cells = sets.iter().map(|case| cell(baseline(case, &program)));
        rows.push(std::iter::once(program.clone()).chain(cells).collect());
    }
    let numbers: Vec<usize> = (1..header.len()).collect();
    (format!("{LEGEND}\n{}", table(&numbers, &header, rows)), all_converged && !sets.is_empty())
}

fn cell(digits: Digits) -> String {
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.1}"));
    let errors = match digits.size {
        Some(0.0) => "0".to_owned(),
        Some(size) => format!("{size:.0e}"),
        None => number(digits.std_errors),
    };
    format!("{} / {errors}", number(digits.coefficients))
}
