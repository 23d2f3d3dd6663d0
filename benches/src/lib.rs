//! Shared cases of the benches.
