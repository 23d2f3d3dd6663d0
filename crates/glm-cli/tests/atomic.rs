//! Whatever happens, an output has its old contents or the new ones, whole.
#![cfg(unix)]

#[path = "common/glm.rs"]
mod command;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use command::glm;

const ROWS: usize = 300_000;

fn saved_model(directory: &Path) {
    fs::write(directory.join("data.csv"), "x,y\n1,2\n2,3\n3,5\n4,4\n").expect("data");
    let run = glm(directory, &["fit", "data.csv", "--formula", "y ~ x", "--save", "model.json", "--format", "json"]);
    assert_eq!((run.status, &run.json()["certificate"]["converged"]), (0, &true.into()), "{}", run.stderr);
}

/// The sizes of files that are neither the model nor the data nor the output.
fn beside(directory: &Path) -> Vec<u64> {
    let known = ["data.csv", "model.json", "out.csv"];
    let entries = fs::read_dir(directory).expect("the directory").map(|entry| entry.expect("an entry"));
    let others = entries.filter(|entry| known.iter().all(|name| entry.file_name() != *name));
    others.map(|entry| entry.metadata().map_or(0, |metadata| metadata.len())).collect()
}

#[test]
fn killed_while_predictions_stream_it_leaves_the_old_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    saved_model(directory);
    fs::write(directory.join("out.csv"), "the old file\n").expect("an output");
    let mut child = Command::new(env!("CARGO_BIN_EXE_glm"))
        .current_dir(directory)
        .args(["predict", "model.json", "/dev/stdin", "--output", "out.csv"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("glm starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"x\n").expect("a header");
    for row in 0..ROWS {
        writeln!(stdin, "{row}").expect("a row");
    }
    // The pipe stays open: the command has written some of its predictions and waits for more rows.
    let begun = Instant::now();
    while beside(directory).iter().all(|size| *size == 0) {
        assert!(begun.elapsed() < Duration::from_secs(60), "no predictions were written beside the output");
        assert!(child.try_wait().expect("a status").is_none(), "glm ended");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it is gone");
    drop(stdin);
    assert_eq!(fs::read_to_string(directory.join("out.csv")).expect("the old file"), "the old file\n");
    assert_eq!(beside(directory).len(), 1, "what was written so far has another name");
}

#[test]
fn a_stream_that_fails_late_leaves_the_old_file_and_nothing_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    saved_model(directory);
    fs::write(directory.join("out.csv"), "the old file\n").expect("an output");
    let mut new = "x\n".to_owned() + &"1.5\n".repeat(ROWS);
    new += "two\n";
    fs::write(directory.join("data.csv"), new).expect("rows");
    let run = glm(directory, &["predict", "model.json", "data.csv", "--output", "out.csv"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("line {}", ROWS + 2)), "{}", run.stderr);
    assert_eq!(fs::read_to_string(directory.join("out.csv")).expect("the old file"), "the old file\n");
    assert!(beside(directory).is_empty(), "nothing is left");
}

#[test]
fn a_stream_that_ends_well_replaces_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    saved_model(directory);
    fs::write(directory.join("out.csv"), "the old file\n").expect("an output");
    // y = 1.5 + 0.8·x at x = 1.5: the least-squares line through the four points.
    fs::write(directory.join("data.csv"), "x\n".to_owned() + &"1.5\n".repeat(ROWS)).expect("rows");
    let run = glm(directory, &["predict", "model.json", "data.csv", "--output", "out.csv"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let text = fs::read_to_string(directory.join("out.csv")).expect("predictions");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (ROWS + 1, "fit,std_error,conf_low,conf_high"));
    assert!(lines[1..].iter().all(|line| *line == lines[1]), "equal rows have equal predictions");
    let fit: f64 = lines[1].split(',').next().and_then(|fit| fit.parse().ok()).expect("a number");
    assert!((fit - 2.7).abs() < 1e-12, "{fit}");
    assert!(beside(directory).is_empty(), "nothing is left");
}
