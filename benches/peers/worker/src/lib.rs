//! What every measured program does: load one problem, then fit it on request and say what the fit cost.
//!
//! A program is called as `program <name> <directory> <n> <p>`. It loads `x.f64` and one file per family from the
//! directory (raw little-endian doubles; the columns of x one after the other, without an intercept), greets with one
//! line of JSON, and then answers each line `family repeats` of its standard input with another. Claims of insurance come
//! with `codes.u32`, the codes of each factor one after the other, and `exposure.f64`.

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cpu_time::ProcessTime;
use serde::Serialize;

/// One problem's numbers.
#[derive(Debug)]
pub struct Input {
    /// Which of its programs the process is to be.
    pub program: String,
    /// Rows.
    pub n: usize,
    /// Columns of x.
    pub p: usize,
    /// The columns, one after the other, without an intercept.
    pub x: Vec<f64>,
    directory: PathBuf,
}

impl Input {
    /// Reads what the command line names.
    ///
    /// # Errors
    ///
    /// Missing arguments or files, and files of another length.
    pub fn from_args() -> Result<Self, Box<dyn Error>> {
        let args: Vec<String> = std::env::args().skip(1).collect();
        let [program, directory, n, p] = &args[..] else { return Err("usage: <name> <directory> <n> <p>".into()) };
        let (directory, n, p) = (PathBuf::from(directory), n.parse()?, p.parse()?);
        let x = read(&directory.join("x.f64"), n * p)?;
        Ok(Self { program: program.clone(), n, p, x, directory })
    }

    /// The responses of a family.
    ///
    /// # Errors
    ///
    /// As [`from_args`](Self::from_args).
    pub fn y(&self, family: &str) -> Result<Vec<f64>, Box<dyn Error>> {
        read(&self.directory.join(format!("{family}.f64")), self.n)
    }

    /// The codes of each factor, where there are any.
    ///
    /// # Errors
    ///
    /// Files that are no multiple of n codes.
    pub fn codes(&self) -> Result<Vec<Vec<u32>>, Box<dyn Error>> {
        let path = self.directory.join("codes.u32");
        if !path.exists() {
            return Ok(Vec::new());
        }
        let bytes = std::fs::read(&path)?;
        let (codes, rest) = bytes.as_chunks::<4>();
        if codes.len() % self.n != 0 || !rest.is_empty() {
            return Err(format!("{}: {} bytes for {} rows", path.display(), bytes.len(), self.n).into());
        }
        let codes: Vec<u32> = codes.iter().map(|code| u32::from_le_bytes(*code)).collect();
        Ok(codes.chunks_exact(self.n).map(<[u32]>::to_vec).collect())
    }

    /// The columns of x, row after row.
    #[must_use]
    pub fn rows(&self) -> Vec<f64> {
        (0..self.n).flat_map(|row| (0..self.p).map(move |column| self.x[column * self.n + row])).collect()
    }
}

fn read(path: &Path, expected: usize) -> Result<Vec<f64>, Box<dyn Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (values, rest) = bytes.as_chunks::<8>();
    if values.len() != expected || !rest.is_empty() {
        return Err(format!("{}: {} bytes for {expected} numbers", path.display(), bytes.len()).into());
    }
    Ok(values.iter().map(|value| f64::from_le_bytes(*value)).collect())
}

/// What a fit must give so that it can be compared.
#[derive(Debug, Serialize)]
pub struct Fitted {
    /// The intercept and one coefficient per column of x.
    pub coefficients: Vec<f64>,
    /// Their standard errors, from a program that computes them.
    pub std_errors: Option<Vec<f64>>,
    /// Iterations, if the program tells.
    pub iterations: Option<usize>,
}

#[derive(Serialize)]
struct Greeting<'a> {
    version: &'a str,
    families: &'a [&'a str],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Measured {
        cpu: f64,
        wall: f64,
        #[serde(flatten)]
        fitted: Fitted,
    },
    Failed {
        error: String,
    },
}

/// Greets, and answers until standard input ends; the cost is that of one fit, the mean of the repeats.
///
/// # Errors
///
/// Requests that are no requests, and broken pipes. A fit that fails is an answer.
pub fn serve(
    version: &str,
    families: &[&str],
    mut fit: impl FnMut(&str) -> Result<Fitted, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    say(&Greeting { version, families })?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (family, repeats) = line.split_once(' ').ok_or("usage: <family> <repeats>")?;
        say(&measure(repeats.parse()?, || fit(family)))?;
    }
    Ok(())
}

fn measure(repeats: u32, mut fit: impl FnMut() -> Result<Fitted, Box<dyn Error>>) -> Answer {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let mut last = fit();
    for _ in 1..repeats {
        last = fit();
    }
    let (cpu, wall) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    let repeats = f64::from(repeats);
    match last {
        Ok(fitted) => Answer::Measured { cpu: cpu / repeats, wall: wall / repeats, fitted },
        Err(error) => Answer::Failed { error: error.to_string() },
    }
}

fn say(message: &impl Serialize) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, message)?;
    writeln!(out)?;
    Ok(out.flush()?)
}
