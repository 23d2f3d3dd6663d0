//! The measuring: all programs hold the same data, and one fit of each follows one fit of the next.

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::problem::Size;
use crate::process::{Answer, Process, Silence};
use crate::program::{PROGRAMS, Program, Threads, binaries};
use crate::{cargo, data};

/// A first fit below this is a warm-up and not counted.
const WARM_UP: Duration = Duration::from_secs(1);
/// Quick fits are repeated for about this long, and their mean counts.
const SPAN: f64 = 0.1;
const MOST_REPEATS: f64 = 1000.0;

/// What is to be measured.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) sizes: Vec<Size>,
    pub(crate) threads: Vec<Threads>,
    /// Words of which each problem must contain one, if there are any: `binomial`, `1000000x20`.
    pub(crate) filters: Vec<String>,
    pub(crate) programs: Vec<&'static Program>,
    pub(crate) rounds: usize,
    /// The wall time after which a program is stopped, or not asked again for the same problem.
    pub(crate) limit: Duration,
    /// When no new problem is begun.
    pub(crate) end: Option<Instant>,
}

/// One program on one problem.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) program: &'static Program,
    pub(crate) size: Size,
    pub(crate) family: &'static str,
    pub(crate) threads: Threads,
    pub(crate) version: String,
    /// One answer per round, or why there is none.
    pub(crate) answers: Result<Vec<Answer>, Silence>,
}

/// A program with its process, if it runs.
struct Worker {
    program: &'static Program,
    process: Option<Process>,
}

/// Programs that cannot be started here, with what they say.
pub(crate) type Missing = Vec<(&'static Program, String)>;

/// Measures everything, problem after problem; what cannot be started is asked once.
pub(crate) fn run(plan: &Plan) -> Result<(Vec<Row>, Missing), Box<dyn Error>> {
    let (mut rows, mut missing) = (Vec::new(), build(&plan.programs));
    for threads in &plan.threads {
        for size in &plan.sizes {
            let families = size.families().iter().filter(|family| plan.wants(*size, family)).collect::<Vec<_>>();
            if families.is_empty() || plan.is_over() {
                continue;
            }
            let site = Site { data: data::directory(&binaries()?, *size)?, size: *size, threads: *threads };
            let is_here = |program: &Program| missing.iter().all(|(known, _)| known.name != program.name);
            let present = plan.programs.iter().filter(|program| program.takes(*size) && is_here(program));
            let mut workers: Vec<Worker> = present.map(|program| Worker { program, process: None }).collect();
            for family in families.into_iter().take_while(|_| !plan.is_over()) {
                workers.retain_mut(|worker| match worker.wake(&site, plan.limit) {
                    Err(Silence::Ended(words)) => {
                        eprintln!("{} is not here: {words}", worker.program.label);
                        missing.push((worker.program, words));
                        false
                    }
                    _ => true,
                });
                let slow = too_slow(&rows, family, *threads);
                rows.extend(alternate(plan, &site, family, &slow, &mut workers));
            }
        }
    }
    Ok((rows, missing))
}

/// Builds what is written in Rust; our own worker must be there.
fn build(programs: &[&'static Program]) -> Missing {
    let mut missing = Missing::new();
    let mut built: Vec<(&str, Result<(), String>)> = Vec::new();
    for program in programs {
        let Some(package) = program.package() else { continue };
        if built.iter().all(|(known, _)| *known != package) {
            built.push((package, cargo::build(package)));
        }
        let outcome = built.iter().find(|(known, _)| *known == package);
        if let Some((_, Err(words))) = outcome {
            missing.push((program, words.clone()));
        }
    }
    missing
}

impl Plan {
    pub(crate) fn wants(&self, size: Size, family: &str) -> bool {
        let name = format!("{family}/{size}");
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter))
    }

    fn is_over(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() > end)
    }
}

/// What the workers of one size share.
struct Site {
    data: PathBuf,
    size: Size,
    threads: Threads,
}

impl Worker {
    /// Starts the process if it does not run; those that were stopped for their slowness begin again.
    fn wake(&mut self, site: &Site, limit: Duration) -> Result<(), Silence> {
        if self.process.is_none() {
            let command = self.program.command(&binaries().unwrap_or_default(), &site.data, site.size, site.threads);
            self.process = Some(Process::start(command, limit)?);
        }
        Ok(())
    }

    /// One measurement. A process that did not answer is stopped: it would answer a later question with this one's.
    fn fit(&mut self, family: &str, repeats: u32, limit: Duration) -> Result<Answer, Silence> {
        let Some(process) = &mut self.process else { return Err(Silence::TooLong(limit)) };
        let answer = process.fit(family, repeats, limit);
        if matches!(answer, Err(Silence::TooLong(_) | Silence::Ended(_))) {
            self.process = None;
        }
        answer
    }
}

/// The rounds of one problem.
fn alternate(plan: &Plan, site: &Site, family: &'static str, slow: &[&str], workers: &mut [Worker]) -> Vec<Row> {
    let asked = |worker: &Worker| !slow.contains(&worker.program.name);
    let first = |worker: &mut Worker| first(plan, site, family, asked(worker), worker);
    let mut rows: Vec<(Row, u32)> = workers.iter_mut().map(first).collect();
    for _ in 0..plan.rounds {
        for (worker, (row, repeats)) in workers.iter_mut().zip(&mut rows) {
            let Ok(answers) = &mut row.answers else { continue };
            let spent: f64 = answers.iter().map(|answer| answer.wall).sum();
            if answers.len() == plan.rounds || spent > plan.limit.as_secs_f64() {
                continue;
            }
            match worker.fit(family, *repeats, plan.limit) {
                Ok(answer) => answers.push(answer),
                // What is measured so far stays.
                Err(_) if !answers.is_empty() => {}
                Err(silence) => row.answers = Err(silence),
            }
        }
    }
    eprintln!("{family} {}: {} programs", site.size, rows.len());
    rows.into_iter().map(|(row, _)| row).collect()
}

/// The first fit of a program on a problem, if it is asked, and how often to repeat the following ones: the second fit
/// tells, because the first loads what is loaded late.
fn first(plan: &Plan, site: &Site, family: &'static str, asked: bool, worker: &mut Worker) -> (Row, u32) {
    let answer = if asked { worker.fit(family, 1, plan.limit) } else { Err(Silence::NotAsked) };
    let wall = |answer: &Result<Answer, Silence>| answer.as_ref().map_or(f64::INFINITY, |answer| answer.wall);
    let counts = wall(&answer) > WARM_UP.as_secs_f64();
    let second = if counts { f64::INFINITY } else { wall(&worker.fit(family, 1, plan.limit)) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 1000")]
    let repeats = (SPAN / second.max(1e-9)).clamp(1.0, MOST_REPEATS) as u32;
    let version = worker.process.as_ref().map(|process| process.version.clone()).unwrap_or_default();
    let answers = answer.map(|answer| Some(answer).filter(|_| counts).into_iter().collect());
    (Row { program: worker.program, size: site.size, family, threads: site.threads, version, answers }, repeats)
}

/// The programs that were stopped on a problem of this family before.
fn too_slow(rows: &[Row], family: &str, threads: Threads) -> Vec<&'static str> {
    let of_kind = |row: &&Row| row.family == family && row.threads == threads;
    let stopped = |row: &&Row| matches!(row.answers, Err(Silence::TooLong(_) | Silence::NotAsked));
    rows.iter().filter(of_kind).filter(stopped).map(|row| row.program.name).collect()
}

/// Those of [`PROGRAMS`] that the words name, or all of them; ours is always among them.
pub(crate) fn programs(words: &[String], without: &[String]) -> Vec<&'static Program> {
    let chosen = |name: &str| name == "ours" || words.is_empty() || words.iter().any(|word| word == name);
    let left_out = |name: &str| without.iter().any(|word| word == name);
    PROGRAMS.iter().filter(|program| chosen(program.name) && !left_out(program.name)).collect()
}
