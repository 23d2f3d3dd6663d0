//! A property-test runner with a fixed seed and no files of its own.

use proptest::test_runner::{Config, RngSeed, TestRunner};

/// A runner of `cases` cases.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let rng_seed = RngSeed::Fixed(20_240_229);
    TestRunner::new(Config { cases, rng_seed, failure_persistence: None, ..Config::default() })
}
