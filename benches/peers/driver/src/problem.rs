//! A problem: a family and a number of rows and columns, or claims of insurance, which have categories.

use std::fmt;

/// Every family with its link; all but gamma's are canonical.
pub(crate) const FAMILIES: [&str; 4] = ["gaussian", "binomial", "poisson", "gamma"];

/// Counts with an exposure, Poisson, of [`LEVELS`] beside the columns of numbers.
pub(crate) const CLAIMS: &str = "claims";

/// The levels of the factors of claims.
pub(crate) const LEVELS: [u32; 3] = [10, 100, 1000];

/// The columns of numbers that claims have, and no other problem.
const NUMBERS: usize = 5;

/// What the tables quote, the dearest last: a program that is too slow for one size is not asked again for the next.
pub(crate) const SIZES: [Size; 6] = [
    Size(100, 4),
    Size(10_000, 10),
    Size(1_000_000, 20),
    Size(100_000, 200),
    Size(1_000_000, 50),
    Size(1_000_000, NUMBERS),
];

/// What shows in a minute that everything runs.
pub(crate) const QUICK_SIZES: [Size; 4] = [Size(100, 4), Size(10_000, 10), Size(100_000, 20), Size(100_000, NUMBERS)];

/// Rows and columns, the intercept not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) usize, pub(crate) usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.0, self.1)
    }
}

impl Size {
    /// Whether these are claims.
    pub(crate) fn has_categories(self) -> bool {
        self.1 == NUMBERS
    }

    /// The families of this size.
    pub(crate) fn families(self) -> &'static [&'static str] {
        if self.has_categories() { &[CLAIMS] } else { &FAMILIES }
    }

    /// `10⁶ × 20`; a number of rows that is no power of ten is written out.
    pub(crate) fn pretty(self) -> String {
        let power = self.0.checked_ilog10().filter(|power| 10_usize.pow(*power) == self.0 && *power > 2);
        let superscript = |digit| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize % 10];
        let rows = power.map_or_else(|| self.0.to_string(), |power| format!("10{}", superscript(power)));
        format!("{rows} × {}", self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_with_powers() {
        assert_eq!(SIZES.map(Size::pretty)[..3], ["100 × 4", "10⁴ × 10", "10⁶ × 20"].map(str::to_owned));
        assert_eq!(Size(20_000, 500).pretty(), "20000 × 500");
    }

    #[test]
    fn claims_alone_have_categories() {
        let with: Vec<Size> = SIZES.into_iter().chain(QUICK_SIZES).filter(|size| size.has_categories()).collect();
        assert!(with.iter().all(|size| size.families() == [CLAIMS]));
        assert_eq!(with, [Size(1_000_000, 5), Size(100_000, 5)]);
    }
}
