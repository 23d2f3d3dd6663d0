//! What a pass over the rows does with numbers and categories.

use std::ops::Range;

use super::Mixed;
use super::cells::{add, add_compensated, add_pairs, look_up, look_up_compensated};
use super::runs::Runs;
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
        let mut error = vec![0.0; eta.len()];
        for (x, j) in self.columns(rows, &mut work.x).into_iter().zip(self.written_columns()) {
            kernel::axpy_compensated(params[j], x, eta, &mut error);
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
        let (numbers, places): (Vec<_>, Vec<_>) = self.numbers().map(|(x, j)| (&x[rows.clone()], j)).unzip();
        let mut own = vec![0.0; places.len()];
        add_products(numbers.into_iter(), slope, &mut own, Precision::Plain);
        places.iter().zip(own).for_each(|(j, product)| gradient[*j] += product);
        for (term, columns) in self.written().filter(|(term, _)| term.column().is_none()) {
            work.x.resize(slope.len() * columns.len(), 0.0);
            term.write(rows.clone(), &mut work.x);
            add_products(work.x.chunks_exact(slope.len()), slope, &mut gradient[columns], Precision::Plain);
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
        for (x, j) in self.columns(rows, &mut work.x).into_iter().zip(self.written_columns()) {
            gradient[j] += kernel::dot_compensated(x, slope);
        }
        for block in self.coded(rows) {
            add_compensated(&mut gradient[block.columns.clone()], &block, slope);
        }
    }

    /// gram += Xᵀ·diag(weight)·X: numbers by numbers in a dense kernel, the rest by adding weights into cells.
    pub(super) fn add_cells(&self, rows: &Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        let layout = self.gram_layout();
        if !gram.is_laid_out(&layout) {
            let mut own = Gram::with_layout(gram.n(), &layout);
            self.add_cells(rows, weight, &mut own, work);
            return gram.merge(&own);
        }
        let blocks = work.codes(self, rows);
        let columns = self.columns(rows, &mut work.x);
        add_numbers(&columns, &self.written_columns(), weight, gram, &mut work.scratch);
        let runs = Runs::new(weight, &columns, std::mem::take(&mut work.runs));
        let spare = Runs::width(columns.len());
        gram.add_spare(spare);
        for (t, block) in blocks.iter().enumerate() {
            let Line { first, stride } = Line::diagonal(gram, &block.columns);
            runs.add(&mut gram.values_mut()[first..], stride, block);
            let (mut own, mut both) = (Vec::new(), Vec::new());
            let scaled = block.times(weight, &mut own);
            for other in &blocks[..t] {
                let Line { first, stride } = Line::across(gram, &other.columns, block.columns.start);
                let amounts = other.times(scaled, &mut both);
                add_pairs(&mut gram.values_mut()[first..], stride, (&other.places, &block.places), amounts);
            }
        }
        gram.remove_spare(spare);
        work.runs = runs.into_buffer();
        work.keep_codes(self, rows, blocks);
    }

    /// The columns that are written out, those of numbers where they are.
    fn columns<'x>(&'x self, rows: &Range<usize>, made: &'x mut Vec<f64>) -> Vec<&'x [f64]> {
        let m = rows.len();
        let others = || self.written().filter(|(term, _)| term.column().is_none());
        let n_made = usize::from(self.intercept) + others().map(|(_, columns)| columns.len()).sum::<usize>();
        made.resize(m * n_made, 0.0);
        let (ones, mut rest) = made.split_at_mut(m * usize::from(self.intercept));
        ones.fill(1.0);
        for (term, columns) in others() {
            let (own, behind) = rest.split_at_mut(m * columns.len());
            term.write(rows.clone(), own);
            rest = behind;
        }
        let mut made = made.chunks_exact(m);
        let mut columns: Vec<_> = made.by_ref().take(usize::from(self.intercept)).collect();
        for (term, places) in self.written() {
            match term.column() {
                Some(column) => columns.push(&column[rows.clone()]),
                None => columns.extend(made.by_ref().take(places.len())),
            }
        }
        columns
    }

    /// outᵢ = xᵢᵀ V xᵢ.
    pub(super) fn forms(&self, rows: &Range<usize>, v: &[f64], out: &mut [f64], work: &mut Work) {
        let (m, n, written) = (rows.len(), self.n_columns(), self.written_columns());
        let d = written.len();
        let x = self.columns(rows, &mut work.x).concat();
        let own: Vec<f64> = written.iter().flat_map(|j| written.iter().map(move |i| v[j * n + i])).collect();
        work.scratch.resize(m * d, 0.0);
        kernel::multiply(&mut work.scratch, false, &x, &own, (m, d, d));
        out.fill(0.0);
        for (x, product) in x.chunks_exact(m).zip(work.scratch.chunks_exact(m)) {
            out.iter_mut().zip(x.iter().zip(product)).for_each(|(out, (x, product))| *out += x * product);
        }
        let blocks = self.coded(rows);
        for (t, block) in blocks.iter().enumerate() {
            for (i, out) in out.iter_mut().enumerate() {
                let Some(j) = block.column(i) else { continue };
                let (column, number) = (&v[j * n..(j + 1) * n], block.number(i));
                let numbers: f64 = written.iter().zip(x.chunks_exact(m)).map(|(j, x)| column[*j] * x[i]).sum();
                let earlier = blocks[..t].iter();
                let others: f64 = earlier.filter_map(|other| Some(column[other.column(i)?] * other.number(i))).sum();
                *out += number * (2.0 * (numbers + others) + number * column[j]);
            }
        }
    }
}

/// gram += what columns have with each other that are at these places of the design.
fn add_numbers(columns: &[&[f64]], places: &[usize], weight: &[f64], gram: &mut Gram, scratch: &mut Vec<f64>) {
    let mut own = Gram::zeros(columns.len());
    if !own.add_columns(columns.iter().copied(), weight, scratch) {
        own.add_block(&columns.concat(), weight, scratch);
    }
    for (a, i) in places.iter().enumerate() {
        places[..=a].iter().enumerate().for_each(|(b, j)| gram.add(*i, *j, own.get(a, b)));
    }
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
