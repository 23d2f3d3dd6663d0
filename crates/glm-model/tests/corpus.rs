//! What was found by fuzzing, and where fuzzing starts, through the fuzz targets' own functions: none panics.

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/targets.rs"]
mod targets;

/// Runs a target on every file of its corpus, and on every file cut short and with a byte changed.
fn run(target: &str, run: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files = 0;
    for entry in fs::read_dir(corpus).expect("a corpus") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("a file");
        run(&bytes);
        for place in 0..bytes.len().min(300) {
            run(&bytes[..place]);
            let mut changed = bytes.clone();
            changed[place] ^= 0x15;
            run(&changed);
        }
        files += 1;
    }
    assert!(files > 4, "the corpus of {target} has {files} files");
}

#[test]
fn formulas() {
    run("formula", targets::formula);
}

#[test]
fn files() {
    run("csv", targets::csv);
}

#[test]
fn models() {
    run("model", targets::model);
}
