//! The program behind `cargo xtask reference`: fits every reference case and prints how close the fits come; with `--nist`,
//! the digits of NIST's linear sets beside those of other programs. It fails where a case does.

#![allow(clippy::unwrap_used, reason = "a file that is not as it should be ends the program")]
#![expect(clippy::print_stdout, reason = "this program's purpose is to print")]

#[allow(dead_code, reason = "tests use the rest")]
#[path = "../../tests/common/measure.rs"]
mod measure;
#[allow(dead_code, reason = "tests use the rest")]
#[path = "../../tests/common/reference.rs"]
mod reference;

mod table;

mod digits;
mod summary;

use std::process::ExitCode;

use reference::{Case, cases, folders, kinds};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let cases: Vec<Case> = folders().iter().flat_map(|folder| cases(folder)).collect();
    let (text, pass) = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => summary::of(&cases, &folders().iter().flat_map(|folder| kinds(folder)).collect::<Vec<_>>()),
        ["--nist"] => digits::of(&cases),
        _ => ("cargo xtask reference [--nist]\n".to_owned(), false),
    };
    print!("{text}");
    if pass { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
