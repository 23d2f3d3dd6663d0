//! The public conformance kit.
