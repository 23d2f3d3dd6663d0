//! What a pass over the rows does with numbers and categories.

use std::ops::Range;

use super::cells::{add, add_compensated, add_pairs, add_runs, add_strided, look_up, look_up_compensated};
use super::{Block, Mixed};
use crate::design::{add_columns, add_products};
use crate::{Design, Gram, Precision, Work, kernel};

impl Mixed<'_> {
    pub(super) fn add_eta_plain(&self, rows: &Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        if self.intercept {
            eta.iter_mut().for_each(|eta| *eta += params[0]);
        }
        let (numbers, own): (Vec<_>, Vec<_>) = self.numbers().map(|(x, j)| (&x[rows.clone()], params[j])).unzip();
        add_columns(numbers.into_iter(), &own, eta, Precision::Plain);
        for (term, columns) in self.written().filter(|(term, _)| term.column().is_none()) {
            work.x.resize(eta.len() * columns.len(), 0.0);
            term.write(rows.clone(), &mut work.x);
            add_columns(work.x.chunks_exact(eta.len()), &params[columns], eta, Precision::Plain);
        }
        let blocks = work.codes(self, rows);
        for block in &blocks {
            look_up(&params[block.columns.clone()], block, eta, &mut work.x);
        }
        work.keep_codes(self, rows, blocks);
    }

    pub(super) fn add_eta_compensated(&self, rows: &Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        let (m, written) = (eta.len(), self.written_columns());
        self.write(rows, &mut work.x, written.len());
        let mut error = vec![0.0; m];
        for (x, j) in work.x.chunks_exact(m).zip(&written) {
            kernel::axpy_compensated(params[*j], x, eta, &mut error);
        }
        for block in self.coded(rows) {
            look_up_compensated(&params[block.columns.clone()], &block, eta, &mut error);
        }
        eta.iter_mut().zip(&error).for_each(|(eta, error)| *eta += error);
    }

    pub(super) fn add_gradient_plain(&self, rows: &Range<usize>, slope: &[f64], gradient: &mut [f64], work: &mut Work) {
        if self.intercept {
            gradient[0] += kernel::sum(slope);
        }
        for (term, columns) in self.written() {
            match term.column() {
                Some(column) => gradient[columns.start] += kernel::dot(&column[rows.clone()], slope),
                None => {
                    work.x.resize(slope.len() * columns.len(), 0.0);
                    term.write(rows.clone(), &mut work.x);
                    add_products(work.x.chunks_exact(slope.len()), slope, &mut gradient[columns], Precision::Plain);
                }
            }
        }
        let blocks = work.codes(self, rows);
        for block in &blocks {
            let amounts = block.times(slope, &mut work.scratch);
            add(&mut gradient[block.columns.clone()], &block.places, amounts, &mut work.x);
        }
        work.keep_codes(self, rows, blocks);
    }

    pub(super) fn add_gradient_compensated(
        &self,
        rows: &Range<usize>,
        slope: &[f64],
        gradient: &mut [f64],
        work: &mut Work,
    ) {
        let written = self.written_columns();
        self.write(rows, &mut work.x, written.len());
        for (x, j) in work.x.chunks_exact(slope.len()).zip(&written) {
            gradient[*j] += kernel::dot_compensated(x, slope);
        }
        for block in self.coded(rows) {
            add_compensated(&mut gradient[block.columns.clone()], &block, slope);
        }
    }

    /// gram += Xᵀ·diag(weight)·X: numbers by numbers in a dense kernel, the rest by adding weights into cells.
    pub(super) fn add_cells(&self, rows: &Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        let (m, written) = (rows.len(), self.written_columns());
        if !gram.is_laid_out(&self.gram_layout()) {
            gram.make_lower();
        }
        self.write(rows, &mut work.x, written.len());
        add_numbers(&written, weight, gram, work);
        work.scratch.clear();
        let products = |x| weight.iter().zip(x).map(|(weight, x)| weight * x);
        work.x.chunks_exact(m).for_each(|x| work.scratch.extend(products(x)));
        let by_rows = by_rows(&work.scratch, m);
        let blocks = work.codes(self, rows);
        let mut buffers = (Vec::new(), Vec::new());
        let spare = written.len().max(1);
        gram.add_spare(spare);
        for (t, block) in blocks.iter().enumerate() {
            let (before, together) = written.split_at(run_after(&written, block.columns.end));
            for (j, scaled) in before.iter().zip(work.scratch.chunks_exact(m)) {
                let amounts = block.times(scaled, &mut buffers.0);
                let Line { first, stride } = Line::across(gram, &block.columns, *j);
                add_strided(&mut gram.values_mut()[first..], stride, &block.places, amounts);
            }
            if let [j, ..] = together {
                let Line { first, stride } = Line::across(gram, &block.columns, *j);
                let runs = by_rows.chunks_exact(written.len()).map(|row| &row[before.len()..]);
                add_runs(&mut gram.values_mut()[first..], stride, block, (together.len(), runs));
            }
            let scaled = block.times(weight, &mut buffers.0);
            let Line { first, stride } = Line::diagonal(gram, &block.columns);
            let squares = block.times(scaled, &mut buffers.1);
            add_strided(&mut gram.values_mut()[first..], stride, &block.places, squares);
            for other in &blocks[..t] {
                let Line { first, stride } = Line::across(gram, &other.columns, block.columns.start);
                let amounts = other.times(scaled, &mut buffers.1);
                add_pairs(&mut gram.values_mut()[first..], stride, (&other.places, &block.places), amounts);
            }
        }
        gram.remove_spare(spare);
        work.keep_codes(self, rows, blocks);
    }

    /// outᵢ = xᵢᵀ V xᵢ.
    pub(super) fn forms(&self, rows: &Range<usize>, v: &[f64], out: &mut [f64], work: &mut Work) {
        let (m, n, written) = (rows.len(), self.n_columns(), self.written_columns());
        let d = written.len();
        self.write(rows, &mut work.x, d);
        let own: Vec<f64> = written.iter().flat_map(|j| written.iter().map(move |i| v[j * n + i])).collect();
        work.scratch.resize(m * d, 0.0);
        kernel::multiply(&mut work.scratch, false, &work.x, &own, (m, d, d));
        out.fill(0.0);
        for (x, product) in work.x.chunks_exact(m).zip(work.scratch.chunks_exact(m)) {
            out.iter_mut().zip(x.iter().zip(product)).for_each(|(out, (x, product))| *out += x * product);
        }
        let blocks: Vec<Block> = self.coded(rows).collect();
        for (t, block) in blocks.iter().enumerate() {
            for (i, out) in out.iter_mut().enumerate() {
                let Some(j) = block.column(i) else { continue };
                let (column, number) = (&v[j * n..(j + 1) * n], block.number(i));
                let numbers: f64 = written.iter().zip(work.x.chunks_exact(m)).map(|(j, x)| column[*j] * x[i]).sum();
                let earlier = blocks[..t].iter();
                let others: f64 = earlier.filter_map(|other| Some(column[other.column(i)?] * other.number(i))).sum();
                *out += number * (2.0 * (numbers + others) + number * column[j]);
            }
        }
    }
}

/// gram += what the columns that are written out have with each other.
fn add_numbers(written: &[usize], weight: &[f64], gram: &mut Gram, work: &mut Work) {
    let mut own = Gram::zeros(written.len());
    own.add_block(&work.x, weight, &mut work.scratch);
    for (a, i) in written.iter().enumerate() {
        written[..=a].iter().enumerate().for_each(|(b, j)| gram.add(*i, *j, own.get(a, b)));
    }
}

/// A column-major block of m rows, by rows.
fn by_rows(x: &[f64], m: usize) -> Vec<f64> {
    let n = x.len() / m;
    let mut rows = vec![0.0; x.len()];
    for (j, column) in x.chunks_exact(m).enumerate() {
        rows.chunks_exact_mut(n).zip(column).for_each(|(row, x)| row[j] = *x);
    }
    rows
}

/// Where in an ascending list the columns begin that follow each other to its end and are all at or after a column: the
/// Gram has their elements with an earlier column side by side.
fn run_after(columns: &[usize], end: usize) -> usize {
    let gaps = columns.windows(2).rposition(|pair| pair[1] != pair[0] + 1).map_or(0, |gap| gap + 1);
    gaps.max(columns.partition_point(|column| *column < end))
}

/// Where the elements of a Gram are that a term's columns have with one column, or with themselves.
struct Line {
    first: usize,
    stride: usize,
}

impl Line {
    fn across(gram: &Gram, columns: &Range<usize>, other: usize) -> Self {
        Self::through(columns, |column| gram.place(column.max(other), column.min(other)))
    }

    fn diagonal(gram: &Gram, columns: &Range<usize>) -> Self {
        Self::through(columns, |column| gram.place(column, column))
    }

    /// Elements of one term are all equally far apart.
    fn through(columns: &Range<usize>, place: impl Fn(usize) -> Option<usize>) -> Self {
        let mut places = columns.clone().map(|column| {
            let place = place(column);
            assert!(place.is_some(), "the Gram has no place for an element that a row may have");
            place.unwrap_or(0)
        });
        let first = places.next().unwrap_or(0);
        Self { first, stride: places.next().map_or(1, |second| second - first) }
    }
}
