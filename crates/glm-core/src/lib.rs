//! (being written) [`special`] holds the special functions of statistics, exact in their tails.

pub mod special;
