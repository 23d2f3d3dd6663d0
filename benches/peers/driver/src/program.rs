//! The programs that are compared, and how each is started.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Size;

/// One column of the summary.
#[derive(Debug)]
pub(crate) struct Program {
    /// What the worker and the command line call it.
    pub(crate) name: &'static str,
    /// What the tables call it.
    pub(crate) label: &'static str,
    /// What the measured time contains besides the coefficients.
    pub(crate) includes: &'static str,
    /// What brings it to this machine.
    pub(crate) install: &'static str,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A binary of this workspace.
    Rust(&'static str),
    Python,
    R,
}

const SE: &str = "SE";
const NOTHING: &str = "–";
const PYTHON: &str = "pip install -r benches/peers/python/requirements.txt, and PYTHON=… if it is not python3's";

/// Ours first: everything is compared with it.
pub(crate) const PROGRAMS: [Program; 12] = [
    Program { name: "ours", label: "ours", includes: "SE, certificate, existence", install: "cargo", kind: OURS },
    Program {
        name: "ours-qr",
        label: "ours, QR",
        includes: "SE, certificate, existence",
        install: "cargo",
        kind: OURS,
    },
    Program { name: "r", label: "R glm.fit", includes: SE, install: "install R", kind: Kind::R },
    Program { name: "statsmodels", label: "statsmodels", includes: SE, install: PYTHON, kind: Kind::Python },
    Program { name: "glum-se", label: "glum + SE", includes: SE, install: PYTHON, kind: Kind::Python },
    Program { name: "glum", label: "glum", includes: NOTHING, install: PYTHON, kind: Kind::Python },
    Program { name: "sklearn-nc", label: "sklearn Cholesky", includes: NOTHING, install: PYTHON, kind: Kind::Python },
    Program { name: "sklearn-lbfgs", label: "sklearn L-BFGS", includes: NOTHING, install: PYTHON, kind: Kind::Python },
    Program { name: "numpy", label: "numpy", includes: SE, install: PYTHON, kind: Kind::Python },
    Program {
        name: "ndarray-glm",
        label: "ndarray-glm",
        includes: SE,
        install: "install libopenblas-dev",
        kind: Kind::Rust("peer-ndarray-glm"),
    },
    Program { name: "anofox", label: "anofox", includes: SE, install: "cargo", kind: Kind::Rust("peer-anofox") },
    Program { name: "linfa", label: "linfa", includes: NOTHING, install: "cargo", kind: Kind::Rust("peer-linfa") },
];

const OURS: Kind = Kind::Rust("peer-ours");

/// How many threads a program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    /// One, by every environment variable that a library here reads.
    One,
    /// As many as the program takes by itself.
    Installed,
}

const THREAD_VARIABLES: [&str; 5] =
    ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "RAYON_NUM_THREADS"];

/// Those that fit categories without writing out their columns.
const WITH_CATEGORIES: [&str; 3] = ["ours", "glum", "glum-se"];

impl Program {
    /// Whether it is asked about problems of this size.
    pub(crate) fn takes(&self, size: Size) -> bool {
        !size.has_categories() || WITH_CATEGORIES.contains(&self.name)
    }

    /// The package of this workspace that it is built from.
    pub(crate) fn package(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Rust(package) => Some(package),
            Kind::Python | Kind::R => None,
        }
    }

    /// The command that starts it on a problem's files.
    pub(crate) fn command(&self, binaries: &Path, data: &Path, Size(n, p): Size, threads: Threads) -> Command {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut command = match self.kind {
            Kind::Rust(binary) => Command::new(binaries.join(binary)),
            Kind::Python => {
                let mut command = Command::new(env::var_os("PYTHON").unwrap_or_else(|| "python3".into()));
                command.arg(here.join("python/worker.py"));
                command
            }
            Kind::R => {
                let mut command = Command::new("Rscript");
                command.arg(here.join("r/worker.R"));
                command
            }
        };
        command.arg(self.name).arg(data).args([n.to_string(), p.to_string()]);
        for variable in THREAD_VARIABLES {
            match threads {
                Threads::One => command.env(variable, "1"),
                Threads::Installed => command.env_remove(variable),
            };
        }
        // On an unknown CPU with AVX-512, OpenBLAS would choose its AVX2 kernels and be up to twice as slow.
        if has_avx512() && env::var_os("OPENBLAS_CORETYPE").is_none() {
            command.env("OPENBLAS_CORETYPE", "SkylakeX");
        }
        command
    }
}

/// Whether Linux says that the CPU has AVX-512; unknown elsewhere.
pub(crate) fn has_avx512() -> bool {
    std::fs::read_to_string("/proc/cpuinfo").is_ok_and(|text| text.contains(" avx512f "))
}

/// Where cargo put this program, and the workers beside it.
pub(crate) fn binaries() -> std::io::Result<PathBuf> {
    Ok(env::current_exe()?.parent().map(Path::to_path_buf).unwrap_or_default())
}
