//! The public conformance kit: what an implementor of a trait of this crate has to prove.
//!
//! Each function asserts a trait's laws and panics with the law, the place and the numbers where one is broken. They
//! are meant for the tests of whoever writes a family, a link, an activation or a response:
//!
//! ```
//! use glm_core::{Binomial, Cloglog, Glm, Relu, laws};
//! laws::activation(&Relu);
//! laws::link(&Cloglog);
//! laws::family(&Binomial);
//! laws::exponential(&Binomial);
//! laws::density(&Binomial, laws::Measure::Lattice, 0.125);
//! laws::canonical(Binomial);
//! laws::response(&Glm::new(Binomial, Cloglog)?, &[0.0, 0.3, 1.0]);
//! # Ok::<(), glm_core::Error>(())
//! ```
//!
//! Derivatives are compared with extrapolated central differences (Ridders), which give about ten digits.

mod activation;
mod canonical;
mod density;
mod difference;
mod exponential;
mod family;
mod link;
mod recession;
mod response;

pub use activation::activation;
pub use canonical::canonical;
pub use density::{Measure, density};
pub use exponential::exponential;
pub use family::family;
pub use link::link;
pub use response::response;

/// Asserts that a value is what it should be, to a relative tolerance of the scale of what was added to get it.
fn assert_near(law: &str, place: &str, value: f64, expected: f64, relative: f64, scale: f64) {
    let allowed = relative * scale.max(expected.abs());
    // Written so that NaN fails; an infinity equals itself.
    let near = (value - expected).abs() <= allowed || (value.is_infinite() && value.to_bits() == expected.to_bits());
    assert!(near, "{law} at {place}: {value:e} should be {expected:e} to within {allowed:e}");
}
