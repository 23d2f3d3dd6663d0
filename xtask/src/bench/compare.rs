//! The changes since a baseline, read from the files that criterion writes: one line per bench.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs, io};

/// Prints what changed in the benches that ran since `start`.
pub(super) fn print(root: &Path, baseline: &str, start: SystemTime) {
    let home = home(root);
    let mut changes = Vec::new();
    if let Err(error) = collect(&home, &home, baseline, start, &mut changes) {
        eprintln!("cannot read {}: {error}", home.display());
    }
    if changes.is_empty() {
        eprintln!("nothing to compare: `cargo xtask bench` keeps a baseline, on the commit to compare with");
        return;
    }
    changes.sort();
    println!("\n| bench | {baseline} | now | change of the median (95 % interval) |\n|---|---|---|---|");
    changes.iter().for_each(|line| println!("{line}"));
}

/// Where criterion writes.
fn home(root: &Path) -> PathBuf {
    env::var_os("CRITERION_HOME").map_or_else(
        || env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("criterion"),
        PathBuf::from,
    )
}

/// Looks for `change/estimates.json` beside the times of the baseline and of the new run.
fn collect(home: &Path, here: &Path, baseline: &str, start: SystemTime, lines: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(here)? {
        let path = entry?.path();
        let file = path.join("estimates.json");
        if path.ends_with("change") && file.is_file() {
            if fs::metadata(&file)?.modified()? >= start {
                let read = |directory: &str| fs::read_to_string(here.join(directory).join("estimates.json"));
                let name = here.strip_prefix(home).unwrap_or(here).display().to_string();
                lines.extend(line(&name, &read(baseline)?, &read("new")?, &read("change")?));
            }
        } else if path.is_dir() {
            collect(home, &path, baseline, start, lines)?;
        }
    }
    Ok(())
}

/// One row of the table, from three of criterion's files.
fn line(name: &str, before: &str, now: &str, change: &str) -> Option<String> {
    let ([_, before, _], [_, now, _], [low, middle, high]) = (median(before)?, median(now)?, median(change)?);
    let milliseconds = |nanoseconds: f64| format!("{:.4} ms", nanoseconds * 1e-6);
    let [low, middle, high] = [low, middle, high].map(|share| format!("{:+.1} %", 100.0 * share));
    Some(format!("| {name} | {} | {} | {middle} ({low} to {high}) |", milliseconds(before), milliseconds(now)))
}

/// Lower bound, estimate and upper bound of the median.
fn median(json: &str) -> Option<[f64; 3]> {
    let (_, object) = json.split_once("\"median\":")?;
    let number = |key: &str| {
        let (_, value) = object.split_once(&format!("\"{key}\":"))?;
        value.split([',', '}']).next()?.trim().parse().ok()
    };
    Some([number("lower_bound")?, number("point_estimate")?, number("upper_bound")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEAN: &str = "{\"mean\":{\"confidence_interval\":{\"confidence_level\":0.95,\"lower_bound\":9.0,\
                        \"upper_bound\":9.0},\"point_estimate\":9.0,\"standard_error\":9.0},";

    fn estimates(low: f64, middle: f64, high: f64) -> String {
        format!(
            "{MEAN}\"median\":{{\"confidence_interval\":{{\"confidence_level\":0.95,\"lower_bound\":{low:e},\
             \"upper_bound\":{high:e}}},\"point_estimate\":{middle:e},\"standard_error\":0.1}}}}"
        )
    }

    #[test]
    fn a_bench_has_one_line() {
        let (before, now) = (estimates(1e6, 2e6, 3e6), estimates(2e6, 2.5e6, 3e6));
        let expected = "| fit/a | 2.0000 ms | 2.5000 ms | +25.0 % (-1.0 % to +51.0 %) |";
        assert_eq!(line("fit/a", &before, &now, &estimates(-0.01, 0.25, 0.51)).as_deref(), Some(expected));
    }

    #[test]
    fn what_is_no_estimate_has_none() {
        assert_eq!(median(MEAN), None);
        assert_eq!(line("a", "", "", ""), None);
    }
}
