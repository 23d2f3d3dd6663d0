//! A small generator, so that random cases do not depend on anything else (Steele, Lea and Flood, 2014).

/// Its state.
#[derive(Debug)]
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In 0..n.
    pub(crate) fn below(&mut self, n: i64) -> i64 {
        i64::try_from(self.next() >> 1).unwrap() % n
    }
}
