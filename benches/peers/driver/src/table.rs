//! The tables in Markdown: one row per problem for readers in a hurry, one row per problem and program for others.

use std::fmt::Write;

use crate::measure::Row;
use crate::process::{Answer, Silence};
use crate::program::{Program, Threads};

/// Above this distance from our coefficients, in standard errors, a result is marked.
const FAR: f64 = 0.01;

/// Median, least and greatest of one cost.
struct Spread {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Spread {
    fn of(answers: &[Answer], cost: impl Fn(&Answer) -> f64) -> Self {
        let mut values: Vec<f64> = answers.iter().map(cost).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median =
            if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) };
        Self { median, least: values[0], greatest: values[values.len() - 1] }
    }

    /// `82.0 ms (78.1–90.2)`, all in the unit of the median.
    fn pretty(&self) -> String {
        let (scale, unit) = unit(self.median);
        let digits = |value: f64| three_digits(value * scale);
        format!("{} {unit} ({}–{})", digits(self.median), digits(self.least), digits(self.greatest))
    }
}

fn unit(seconds: f64) -> (f64, &'static str) {
    match seconds {
        ..1e-3 => (1e6, "µs"),
        ..1.0 => (1e3, "ms"),
        _ => (1.0, "s"),
    }
}

fn three_digits(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// One row per problem: our CPU seconds, and the others' as multiples.
pub(crate) fn summary(rows: &[Row], threads: Threads) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.threads == threads).collect();
    let mut programs: Vec<&Program> = Vec::new();
    for row in &rows {
        if programs.iter().all(|known| known.name != row.program.name) {
            programs.push(row.program);
        }
    }
    let Some((_, others)) = programs.split_first() else { return String::new() };
    let labels: Vec<&str> = others.iter().map(|program| program.label).collect();
    let mut text = format!("| problem | ours | {} |\n|---|---{}|\n", labels.join(" | "), "|---".repeat(others.len()));
    for ours in rows.iter().filter(|row| row.program.name == "ours") {
        let Some(base) = cpu(ours) else { continue };
        let (scale, unit) = unit(base);
        let cells = others.iter().map(|program| {
            let same = |row: &&&Row| row.program.name == program.name && is_same_problem(row, ours);
            rows.iter().find(same).map_or("–".to_owned(), |row| multiple(row, ours, base))
        });
        let cells: Vec<String> = cells.collect();
        let problem = format!("{}, {}", ours.family, ours.size.pretty());
        let _ = writeln!(text, "| {problem} | {} {unit} | {} |", three_digits(base * scale), cells.join(" | "));
    }
    text
}

fn is_same_problem(row: &Row, other: &Row) -> bool {
    row.family == other.family && row.size == other.size && row.threads == other.threads
}

/// The median of the CPU seconds.
fn cpu(row: &Row) -> Option<f64> {
    row.answers
        .as_ref()
        .ok()
        .filter(|answers| !answers.is_empty())
        .map(|answers| Spread::of(answers, |one| one.cpu).median)
}

/// `5.4`, with `≠` where the coefficients are not ours; or why there is no number.
fn multiple(row: &Row, ours: &Row, base: f64) -> String {
    match (&row.answers, cpu(row)) {
        (_, Some(cpu)) => {
            let ratio = cpu / base;
            let digits = match ratio {
                ..0.095 => format!("{ratio:.2}"),
                ..9.95 => format!("{ratio:.1}"),
                _ => format!("{ratio:.0}"),
            };
            if distance(row, ours).is_none_or(|far| far <= FAR) { digits } else { format!("{digits} ≠") }
        }
        (Err(Silence::TooLong(limit)), None) => format!("> {} s", limit.as_secs()),
        (Err(Silence::NotAsked), None) => "–".to_owned(),
        _ => "fails".to_owned(),
    }
}

/// The greatest difference of a coefficient from ours, in our standard errors; infinite where there is no number.
fn distance(row: &Row, ours: &Row) -> Option<f64> {
    let (theirs, ours) = (row.answers.as_ref().ok()?.last()?, ours.answers.as_ref().ok()?.last()?);
    let errors = ours.std_errors.as_ref()?;
    if theirs.coefficients.len() != ours.coefficients.len() {
        return Some(f64::INFINITY);
    }
    let each = theirs.coefficients.iter().zip(&ours.coefficients).zip(errors);
    let each = each.map(|((theirs, ours), error)| Some(((*theirs)? - (*ours)?).abs() / (*error)?));
    Some(each.fold(0.0, |worst, one| one.map_or(f64::INFINITY, |one| if one > worst { one } else { worst })))
}

/// One row per problem and program.
pub(crate) fn details(rows: &[Row]) -> String {
    let mut text =
        "| problem | threads | program | includes | CPU, median (range) | wall, median (range) | runs | × ours | \
                    iterations | furthest coefficient, SE |\n|---|---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for row in rows {
        let problem = format!("{}, {}", row.family, row.size.pretty());
        let threads = if row.threads == Threads::One { "1" } else { "as installed" };
        let _ = write!(text, "| {problem} | {threads} | {} | {} | ", row.program.label, row.program.includes);
        let ours = rows.iter().find(|other| other.program.name == "ours" && is_same_problem(other, row));
        let _ = match &row.answers {
            Ok(answers) if !answers.is_empty() => writeln!(text, "{} |", measured(row, answers, ours)),
            Ok(_) => writeln!(text, "no answer ||||||"),
            Err(Silence::TooLong(limit)) => writeln!(text, "stopped after {} s ||||||", limit.as_secs()),
            Err(Silence::NotAsked) => writeln!(text, "not asked: stopped on a smaller problem ||||||"),
            Err(Silence::Ended(words) | Silence::Failed(words)) => {
                writeln!(text, "{} ||||||", words.replace('|', "/").chars().take(90).collect::<String>())
            }
        };
    }
    text
}

fn measured(row: &Row, answers: &[Answer], ours: Option<&Row>) -> String {
    let spread = |cost: fn(&Answer) -> f64| Spread::of(answers, cost).pretty();
    let ratio = ours.and_then(|ours| Some(multiple(row, ours, cpu(ours)?))).unwrap_or_default();
    let iterations = answers.last().and_then(|answer| answer.iterations).map_or("–".to_owned(), |k| k.to_string());
    let far = ours.and_then(|ours| distance(row, ours)).map_or("–".to_owned(), |far| match far {
        0.0 => "0".to_owned(),
        far => format!("{far:.0e}"),
    });
    let (cpu, wall) = (spread(|one| one.cpu), spread(|one| one.wall));
    format!("{cpu} | {wall} | {} | {ratio} | {iterations} | {far}", answers.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cpu: f64, coefficient: Option<f64>) -> Answer {
        let (coefficients, std_errors) = (vec![coefficient], Some(vec![Some(0.5)]));
        Answer { cpu, wall: 2.0 * cpu, iterations: Some(4), coefficients, std_errors }
    }

    fn row(program: usize, answers: Result<Vec<Answer>, Silence>) -> Row {
        let (program, size) = (&crate::program::PROGRAMS[program], crate::problem::Size(100, 4));
        Row { program, size, family: "gamma", threads: Threads::One, version: String::new(), answers }
    }

    #[test]
    fn medians_and_ranges_share_a_unit() {
        let answers = [3e-3, 0.9e-3, 2e-3, 1e-3].map(|cpu| answer(cpu, None));
        assert_eq!(Spread::of(&answers, |one| one.cpu).pretty(), "1.50 ms (0.90–3.00)");
        assert_eq!(Spread::of(&answers[..3], |one| one.wall).pretty(), "4.00 ms (1.80–6.00)");
    }

    #[test]
    fn a_fast_wrong_peer_is_marked() {
        let limit = std::time::Duration::from_secs(9);
        let rows = [
            row(0, Ok(vec![answer(1e-3, Some(1.0))])),
            row(1, Ok(vec![answer(2.5e-3, Some(1.004))])),
            row(2, Ok(vec![answer(2e-2, Some(1.006))])),
            row(3, Ok(vec![answer(1e-4, None)])),
            row(4, Err(Silence::TooLong(limit))),
            row(5, Ok(vec![answer(4e-5, Some(1.0))])),
            row(6, Err(Silence::NotAsked)),
        ];
        let table = summary(&rows, Threads::One);
        assert!(table.ends_with("| gamma, 100 × 4 | 1.00 ms | 2.5 | 20 ≠ | 0.1 ≠ | > 9 s | 0.04 | – |\n"), "{table}");
        assert!(details(&rows).lines().all(|line| line.matches('|').count() == 11), "{}", details(&rows));
    }
}
