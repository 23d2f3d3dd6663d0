//! The README's code, compiled and run: this library exists for its one doctest, because `simulate` is the crate that
//! knows solvers and networks both.

#![doc = include_str!("../../../README.md")]
