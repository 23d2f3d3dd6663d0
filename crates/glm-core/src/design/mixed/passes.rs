//! What a pass over the rows does with numbers and categories.

use std::ops::Range;

use super::cells::{add, add_compensated, add_pairs, add_strided, look_up, look_up_compensated};
use super::{Block, Mixed};
use crate::design::{add_columns, add_products};
use crate::{Gram, Precision, Work, kernel};

impl Mixed<'_> {
    pub(super) fn add_eta_plain(&self, rows: &Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        if self.intercept {
            eta.iter_mut().for_each(|eta| *eta += params[0]);
        }
        for (term, columns) in self.written() {
            match term.column() {
                Some(column) => kernel::axpy(params[columns.start], &column[rows.clone()], eta),
                None => {
                    work.x.resize(eta.len() * columns.len(), 0.0);
                    term.write(rows.clone(), &mut work.x);
                    add_columns(work.x.chunks_exact(eta.len()), &params[columns], eta, Precision::Plain);
                }
            }
        }
        for block in self.coded(rows) {
            look_up(&params[block.columns.clone()], &block, eta);
        }
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
        for block in self.coded(rows) {
            let amounts = block.times(slope, &mut work.scratch);
            add(&mut gradient[block.columns.clone()], &block.places, amounts);
        }
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
        self.write(rows, &mut work.x, written.len());
        let mut own = Gram::zeros(written.len());
        // Leaves weight·x in the scratch.
        own.add_block(&work.x, weight, &mut work.scratch);
        for (a, i) in written.iter().enumerate() {
            written[..=a].iter().enumerate().for_each(|(b, j)| gram.add(*i, *j, own.get(a, b)));
        }
        let blocks: Vec<Block> = self.coded(rows).collect();
        let (n, cells) = (gram.n(), gram.values_mut());
        let mut buffers = (Vec::new(), Vec::new());
        for (t, block) in blocks.iter().enumerate() {
            let (start, end) = (block.columns.start, block.columns.end);
            for (j, scaled) in written.iter().zip(work.scratch.chunks_exact(m)) {
                let amounts = block.times(scaled, &mut buffers.0);
                if *j < start {
                    add(&mut cells[j * n + start..j * n + end], &block.places, amounts);
                } else {
                    add_strided(&mut cells[start * n + j..], n, &block.places, amounts);
                }
            }
            let scaled = block.times(weight, &mut buffers.0);
            add_strided(&mut cells[start * n + start..], n + 1, &block.places, block.times(scaled, &mut buffers.1));
            for other in &blocks[..t] {
                let cells = &mut cells[other.columns.start * n + start..];
                add_pairs(cells, n, (&other.places, &block.places), other.times(scaled, &mut buffers.1));
            }
        }
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
