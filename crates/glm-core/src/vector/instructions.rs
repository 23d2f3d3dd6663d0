//! The instruction sets that this processor has, so that a test can ask each for the same.

use pulp::{Simd, WithSimd};

#[derive(Debug, Clone, Copy)]
pub(super) enum Instructions {
    Scalar(pulp::Scalar),
    #[cfg(target_arch = "x86_64")]
    V3(pulp::x86::V3),
    #[cfg(target_arch = "x86_64")]
    V4(pulp::x86::V4),
}

impl Instructions {
    /// All of them, the plainest first.
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![Self::Scalar(pulp::Scalar)];
        #[cfg(target_arch = "x86_64")]
        all.extend(pulp::x86::V3::try_new().map(Self::V3));
        #[cfg(target_arch = "x86_64")]
        all.extend(pulp::x86::V4::try_new().map(Self::V4));
        all
    }

    pub(super) fn run<O: WithSimd>(self, operation: O) -> O::Output {
        match self {
            Self::Scalar(simd) => operation.with_simd(simd),
            #[cfg(target_arch = "x86_64")]
            Self::V3(simd) => Simd::vectorize(simd, operation),
            #[cfg(target_arch = "x86_64")]
            Self::V4(simd) => Simd::vectorize(simd, operation),
        }
    }
}
