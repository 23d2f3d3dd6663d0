//! Special functions, exact in the tails: relative error stated per function and tested against 60-digit values.
//!
//! | concept | functions | relative error below |
//! |---|---|---|
//! | logistic | [`sigmoid`], [`softplus`], [`ln_sigmoid`], [`logit`] | 1e-15 |
//! | logarithms | [`ln_1m_exp`], [`xlogy`], [`log_sum_exp`], [`cloglog`], [`cloglog_mean`], [`ln_cloglog_mean`] | 2e-15 |
//! | cancellation | [`ln_1p_minus`], [`deviance_kernel`], [`stirling_error`] | 2e-15 |
//! | Cauchy | [`cauchy_pdf`], [`cauchy_cdf`], [`ln_cauchy_cdf`], [`cauchy_quantile`] | 1e-15 |
//! | error function | [`erfcx`] | 2e-15 |
//! | normal | [`normal_pdf`], [`normal_cdf`], [`ln_normal_cdf`], [`inverse_mills_ratio`], [`normal_quantile`] … | 2e-15 |
//!
//! An argument outside a function's domain gives NaN, as in R; nothing here panics. The upper tail of a symmetric
//! distribution is the lower tail at `-x`, and its upper quantile is minus the lower one at the complement.

mod cancellation;
mod cauchy;
mod error_function;
mod logarithm;
mod logistic;
mod normal;

pub use cancellation::{deviance_kernel, ln_1p_minus, stirling_error};
pub use cauchy::{cauchy_cdf, cauchy_pdf, cauchy_quantile, ln_cauchy_cdf};
pub use error_function::erfcx;
pub use logarithm::{cloglog, cloglog_mean, ln_1m_exp, ln_cloglog_mean, log_sum_exp, xlogy};
pub use logistic::{ln_sigmoid, logit, sigmoid, softplus};
pub use normal::{
    inverse_mills_ratio, ln_normal_cdf, ln_normal_pdf, normal_cdf, normal_pdf, normal_quantile, normal_quantile_of_ln,
    normal_sf,
};
