//! The inputs: drawn once from a seed, kept as raw little-endian doubles that every language reads.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use sim::{draw, uniform};

use crate::problem::{CLAIMS, FAMILIES, LEVELS, Size};

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
        let write = if size.has_categories() { write_claims } else { write_problem };
        write(&part, size)?;
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

/// Counts with an exposure; the codes of the factors are uniform, one factor after the other.
fn write_claims(directory: &Path, Size(n, p): Size) -> Result<(), Box<dyn Error>> {
    let mut rng = sim::rng(n as u64, p as u64);
    let (mut x, mut codes, mut eta) = (Vec::new(), Vec::new(), vec![-1.0; n]);
    for _ in 0..p {
        let beta = draw::gaussian(&mut rng, 0.0, 0.1)?;
        for eta in &mut eta {
            x.push(draw::gaussian(&mut rng, 0.0, 1.0)?);
            *eta += beta * x[x.len() - 1];
        }
    }
    for levels in LEVELS {
        let effects: Vec<f64> = (0..levels).map(|_| draw::gaussian(&mut rng, 0.0, 0.3)).collect::<Result<_, _>>()?;
        for eta in &mut eta {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number of levels")]
            let code = uniform::between(&mut rng, 0.0, f64::from(levels)) as u32;
            *eta += effects[code as usize];
            codes.extend(code.to_le_bytes());
        }
    }
    let exposure: Vec<f64> = (0..n).map(|_| uniform::between(&mut rng, 0.1, 1.0)).collect();
    let y: Result<Vec<f64>, _> =
        eta.iter().zip(&exposure).map(|(eta, exposure)| draw::poisson(&mut rng, exposure * eta.exp())).collect();
    write_numbers(&directory.join("x.f64"), &x)?;
    write_numbers(&directory.join("exposure.f64"), &exposure)?;
    write_numbers(&directory.join(format!("{CLAIMS}.f64")), &y?)?;
    Ok(fs::write(directory.join("codes.u32"), codes)?)
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
