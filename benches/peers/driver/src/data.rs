//! The inputs: drawn once from a seed, kept as raw little-endian doubles that every language reads.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use sim::{draw, uniform};

use crate::problem::{FAMILIES, Size};

/// A change of what is drawn needs a new name.
const DIRECTORY: &str = "peers-data-1";

/// The directory of a problem's files below `root`, which are drawn if they are not there.
pub(crate) fn directory(root: &Path, size: Size) -> Result<PathBuf, Box<dyn Error>> {
    let directory = root.join(DIRECTORY).join(size.to_string());
    if !directory.is_dir() {
        eprintln!("drawing {size}");
        // Under another name until it is complete.
        let part = directory.with_extension("part");
        fs::create_dir_all(&part)?;
        write_problem(&part, size)?;
        fs::rename(&part, &directory)?;
    }
    Ok(directory)
}

fn write_problem(directory: &Path, size @ Size(n, p): Size) -> Result<(), Box<dyn Error>> {
    let mut rng = sim::rng(n as u64, p as u64);
    let (x, eta) = design(&mut rng, size)?;
    write_numbers(&directory.join("x.f64"), &x)?;
    for family in FAMILIES {
        let y: Result<Vec<f64>, _> = eta.iter().map(|eta| response(&mut rng, family, *eta)).collect();
        write_numbers(&directory.join(format!("{family}.f64")), &y?)?;
    }
    Ok(())
}

/// Normal, uniform and 0/1 columns, the first two kinds correlated with their neighbours; and a linear predictor of
/// mean 0 and standard deviation 1.
#[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
fn design(rng: &mut ChaCha8Rng, Size(n, p): Size) -> Result<(Vec<f64>, Vec<f64>), sim::Error> {
    let (mut x, mut eta) = (vec![0.0; n * p], vec![0.0; n]);
    for column in 0..p {
        let (before, rest) = x.split_at_mut(column * n);
        let neighbour = column.checked_sub(1).map(|previous| &before[previous * n..]);
        let beta = draw::gaussian(rng, 0.0, 1.0)?;
        for row in 0..n {
            let own = match column % 4 {
                0 | 1 => draw::gaussian(rng, 0.0, 1.0)?,
                2 => uniform::between(rng, -2.0, 2.0),
                _ => draw::bernoulli(rng, 0.3)?,
            };
            let shared = if column % 4 == 3 { 0.0 } else { neighbour.map_or(0.0, |values| 0.3 * values[row]) };
            rest[row] = own + shared;
            eta[row] += beta * rest[row];
        }
    }
    let mean = eta.iter().sum::<f64>() / n as f64;
    let deviation = (eta.iter().map(|eta| (eta - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
    eta.iter_mut().for_each(|eta| *eta = (*eta - mean) / deviation);
    Ok((x, eta))
}

fn response(rng: &mut ChaCha8Rng, family: &str, eta: f64) -> Result<f64, sim::Error> {
    match family {
        "gaussian" => draw::gaussian(rng, 1.0 + eta, 1.0),
        "binomial" => draw::bernoulli(rng, glm_core::special::sigmoid(eta - 0.5)),
        "poisson" => draw::poisson(rng, (0.2 + 0.5 * eta).exp()),
        _ => draw::gamma(rng, (1.0 + 0.5 * eta).exp(), 0.5),
    }
}

fn write_numbers(path: &Path, values: &[f64]) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    Ok(file.flush()?)
}
