//! The machine and the day, as the page tells them.

use std::fs;
use std::process::Command;

use crate::measure::Row;
use crate::program::has_avx512;

/// One paragraph: processor, cores, memory, system, compiler, load, and the versions of the programs.
pub(crate) fn describe(rows: &[Row]) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let vectors = if has_avx512() { "with AVX-512" } else { "without AVX-512" };
    let memory = first_word("/proc/meminfo", "MemTotal").and_then(|kilobytes| kilobytes.parse::<u64>().ok());
    let memory = memory.map_or(String::new(), |kilobytes| format!(", {} GiB", kilobytes >> 20));
    let load = first_word("/proc/loadavg", "").unwrap_or_else(|| "unknown".to_owned());
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| after(&text, "model name"));
    let processor = processor.or_else(|| output("uname", &["-m"])).unwrap_or_default();
    let system = output("uname", &["-sr"]).unwrap_or_else(|| std::env::consts::OS.to_owned());
    let compiler = output("rustc", &["--version"]).unwrap_or_default();
    let date = output("date", &["+%Y-%m-%d"]).unwrap_or_default();
    let commit = output("git", &["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "--short", "HEAD"]);
    let mut versions = vec![format!("ours at commit {}", commit.unwrap_or_default())];
    for row in rows.iter().filter(|row| !row.version.is_empty()) {
        let version = format!("{} {}", row.program.label, row.version);
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    format!(
        "Measured on {date}: {processor}, {cores} cores, {vectors}{memory}; {system}; {compiler}; load average at the end \
         {load}. Versions: {}.\n",
        versions.join("; ")
    )
}

/// The value in a line `name : value`.
fn after(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':').map_or(line, |(_, value)| value).trim().to_owned())
}

fn first_word(path: &str, name: &str) -> Option<String> {
    let value = after(&fs::read_to_string(path).ok()?, name)?;
    value.split_whitespace().next().map(str::to_owned)
}

fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
