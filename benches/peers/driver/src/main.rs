//! `cargo xtask bench --peers`: the same inputs through every program that is installed, and one table.

mod problem;

mod data;

mod program;

mod cargo;

mod process;

mod measure;

mod machine;

mod table;

mod page;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use measure::{Missing, Plan, Row};
use problem::{CLAIMS, FAMILIES, QUICK_SIZES, SIZES};
use program::{PROGRAMS, Threads};

const HELP: &str = "\
cargo xtask bench --peers [options] [word]...

A word that names a program narrows the programs; any other narrows the problems, such as binomial/10000x10, to those that
contain it.

  --quick          small sizes only, three rounds
  --threads WHICH  one, installed or both (default: one)
  --rounds N       measurements of each program on each problem (default: 5)
  --limit SECONDS  stop a program that takes longer for a fit (default: 60)
  --minutes M      begin no new problem after M minutes
  --without NAME   leave a program out; may be repeated
  --write          put the tables into README.md and benches/README.md
";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        let names: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
        println!("{HELP}\nprograms: {}\nfamilies: {}, {CLAIMS}", names.join(", "), FAMILIES.join(", "));
        return Ok(());
    }
    let (plan, write) = plan(args)?;
    let (rows, missing) = measure::run(&plan)?;
    let summary = text(&rows, &plan);
    let details = format!("{}\n{}", machine::describe(&rows), table::details(&rows));
    println!("{summary}\n{details}");
    tell(&missing);
    if write {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        page::replace(&root.join("README.md"), "summary", &summary)?;
        page::replace(&root.join("benches/README.md"), "details", &details)?;
    }
    Ok(())
}

/// What the command line asks for, and whether to write the pages.
fn plan(args: Vec<String>) -> Result<(Plan, bool), Box<dyn Error>> {
    let mut args = args.into_iter();
    let (mut words, mut without, mut write) = (Vec::new(), Vec::new(), false);
    let mut plan = Plan {
        sizes: SIZES.to_vec(),
        threads: vec![Threads::One],
        filters: Vec::new(),
        programs: Vec::new(),
        rounds: 5,
        limit: Duration::from_secs(60),
        end: None,
    };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--quick" => (plan.sizes, plan.rounds) = (QUICK_SIZES.to_vec(), 3),
            "--write" => write = true,
            "--rounds" => plan.rounds = value()?.parse()?,
            "--limit" => plan.limit = Duration::from_secs(value()?.parse()?),
            "--minutes" => plan.end = Some(Instant::now() + Duration::from_secs(60 * value()?.parse::<u64>()?)),
            "--without" => without.push(value()?),
            "--threads" => {
                plan.threads = match value()?.as_str() {
                    "one" => vec![Threads::One],
                    "installed" => vec![Threads::Installed],
                    "both" => vec![Threads::One, Threads::Installed],
                    other => return Err(format!("--threads takes one, installed or both, not {other}").into()),
                }
            }
            option if option.starts_with('-') => return Err(format!("unknown option {option}\n\n{HELP}").into()),
            _ => words.push(arg),
        }
    }
    let (programs, filters): (Vec<_>, Vec<_>) =
        words.into_iter().partition(|word| PROGRAMS.iter().any(|program| program.name == word));
    plan.programs = measure::programs(&programs, &without);
    plan.filters = filters;
    Ok((plan, write))
}

/// The summary, one table per choice of threads, and what there was no time for.
fn text(rows: &[Row], plan: &Plan) -> String {
    let mut text = String::new();
    for threads in &plan.threads {
        let which = match threads {
            Threads::One => "one thread",
            Threads::Installed => "as many threads as each program takes as installed",
        };
        text.push_str(&format!("CPU time with {which}; the peers' as multiples of ours.\n\n"));
        text.push_str(&table::summary(rows, *threads));
        text.push('\n');
    }
    let measured = |size, family: &str| rows.iter().any(|row| row.size == size && row.family == family);
    let problems = plan.sizes.iter().flat_map(|size| size.families().iter().map(|family| (*size, *family)));
    let left = problems.filter(|(size, family)| plan.wants(*size, family) && !measured(*size, family));
    let left: Vec<String> = left.map(|(size, family)| format!("{family}, {}", size.pretty())).collect();
    if !left.is_empty() {
        text.push_str(&format!("Not measured, for want of time: {}.\n", left.join("; ")));
    }
    text
}

fn tell(missing: &Missing) {
    for (program, words) in missing {
        eprintln!("not measured: {} ({words}); to have it: {}", program.label, program.install);
    }
}
