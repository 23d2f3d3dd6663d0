//! Designs that never write their rows out: every method is the definition by `dense`, and bad input is refused.

#![expect(clippy::unwrap_used, reason = "helpers that a test calls fail as the test does")]
#![expect(clippy::cast_possible_truncation, reason = "codes and indices are small")]
#![expect(clippy::float_cmp, reason = "what is copied is exact")]

use std::ops::Range;

use glm_core::{Categories, Design, Error, Gram, Mixed, Precision, Sparse, Term, Work};
use proptest::prelude::*;

const N: usize = 700;
const LEVELS: [usize; 3] = [2, 3, 7];

/// The four required methods of another design, so that the others are the defaults.
#[derive(Debug)]
struct Definition<'a>(&'a dyn Design);

impl Design for Definition<'_> {
    fn n_rows(&self) -> usize {
        self.0.n_rows()
    }
    fn n_cols(&self) -> usize {
        self.0.n_cols()
    }
    fn has_intercept(&self) -> bool {
        self.0.has_intercept()
    }
    fn dense(&self, rows: Range<usize>, out: &mut [f64]) {
        self.0.dense(rows, out);
    }
}

/// Numbers that look random, the same for the same seed.
fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    (0..).map(move |i: u64| ((i + 1) as f64 * (0.37 + seed as f64 * 0.113)).sin())
}

#[derive(Debug)]
struct Data {
    numbers: Vec<Vec<f64>>,
    codes: Vec<Vec<u32>>,
}

impl Data {
    fn new(seed: u64) -> Self {
        let code = |k: usize| move |x: f64| ((x + 1.0) * 0.5 * LEVELS[k] as f64) as u32 % LEVELS[k] as u32;
        Self {
            numbers: (0..2).map(|k| numbers(seed + k).take(N).collect()).collect(),
            codes: (0..3).map(|k| numbers(seed + 5 + k as u64).take(N).map(code(k)).collect()).collect(),
        }
    }

    /// 0 and 1 are numbers; the others a factor each, by three codings.
    fn factor(&self, which: usize) -> Term<'_> {
        if which < 2 {
            return Term::from(&self.numbers[which]);
        }
        let (k, coding) = ((which - 2) % 3, (which - 2) / 3);
        let (codes, levels) = (&self.codes[k][..], LEVELS[k]);
        Term::from(match coding {
            0 => Categories::treatment_against(codes, levels, k).unwrap(),
            1 => Categories::full(codes, levels).unwrap(),
            _ => {
                let contrasts: Vec<f64> = numbers(9).take(levels * (levels - 1)).collect();
                Categories::with_contrasts(codes, levels, &contrasts).unwrap()
            }
        })
    }

    fn design(&self, intercept: bool, terms: &[Vec<usize>]) -> Mixed<'_> {
        let start = if intercept { Mixed::new(N).intercept() } else { Mixed::new(N) };
        terms.iter().fold(start, |design, parts| {
            let first = self.factor(parts[0]);
            design.term(parts[1..].iter().fold(first, |term, part| term.by(self.factor(*part)))).unwrap()
        })
    }
}

fn close(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}: lengths");
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{what} {i}: {found} is not {expected}");
    }
}

/// Every method on some rows against the defaults; what is there already stays.
fn check(design: &dyn Design, rows: &Range<usize>) {
    let (definition, m, p) = (Definition(design), rows.len(), design.n_cols());
    let mut block = vec![f64::NAN; m * p];
    design.dense(rows.clone(), &mut block);
    for (row, columns) in (0..m).flat_map(|row| design.indicators().into_iter().map(move |columns| (row, columns))) {
        let own: Vec<f64> = columns.clone().map(|column| block[column * m + row]).collect();
        let ones = own.iter().filter(|x| **x == 1.0).count();
        assert!(ones <= 1 && own.iter().all(|x| [0.0, 1.0].contains(x)), "row {row} of {columns:?}: {own:?}");
    }
    let params: Vec<f64> = numbers(20).take(p).collect();
    let weight: Vec<f64> = numbers(21).take(m).collect();
    let v: Vec<f64> =
        (0..p * p).map(|k| ((k % p + k / p) as f64).cos() + f64::from(u8::from(k % p == k / p))).collect();
    for precision in [Precision::Plain, Precision::Compensated] {
        let by = |design: &dyn Design| {
            let mut work = Work::with_precision(precision);
            let (mut eta, mut gradient, mut gram) = (weight.clone(), params.clone(), Gram::zeros(p));
            gram.add_diagonal(&params);
            let mut laid_out = Gram::with_layout(p, &design.gram_layout());
            let mut quadratic = vec![f64::NAN; m];
            // Twice, as buffers are used again.
            for _ in 0..2 {
                design.add_eta(rows.clone(), &params, &mut eta, &mut work);
                design.add_gradient(rows.clone(), &weight, &mut gradient, &mut work);
                design.add_gram(rows.clone(), &weight, &mut gram, &mut work);
                design.add_gram(rows.clone(), &weight, &mut laid_out, &mut work);
                design.quadratic(rows.clone(), &v, &mut quadratic, &mut work);
            }
            let lower = |gram: &Gram| (0..p * p).map(|k| gram.get(k / p, k % p)).collect();
            let grams = [("gram", lower(&gram)), ("gram, laid out", lower(&laid_out))];
            [("eta", eta), ("gradient", gradient), ("quadratic", quadratic)].into_iter().chain(grams)
        };
        let pairs = by(design).zip(by(&definition));
        pairs.for_each(|((what, found), (_, expected))| close(what, &found, &expected));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        rng_seed: proptest::test_runner::RngSeed::Fixed(11),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_kernel_of_a_mixed_design_is_the_definition(
        seed in 0..1000_u64,
        intercept in any::<bool>(),
        terms in prop::collection::vec(prop::collection::vec(0..11_usize, 1..=3), 1..=5),
        start in 0..N - 1,
        length in 1..=512_usize,
    ) {
        let data = Data::new(seed);
        let design = data.design(intercept, &terms);
        prop_assume!(design.n_cols() < 300);
        check(&design, &(start..(start + length).min(N)));
    }

    #[test]
    fn every_kernel_of_a_sparse_design_is_the_definition(
        seed in 0..1000_u64,
        intercept in any::<bool>(),
        p in 1..20_usize,
        density in 0.0..0.6,
        start in 0..N - 1,
        length in 1..=512_usize,
    ) {
        let keep = |x: &f64| x.abs() < density;
        let dense: Vec<f64> = numbers(seed).take(N * p).map(|x| if keep(&x) { x } else { 0.0 }).collect();
        let (mut starts, mut rows, mut values) = (vec![0], Vec::new(), Vec::new());
        for column in dense.chunks_exact(N) {
            for (row, value) in column.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                rows.push(row as u32);
                values.push(*value);
            }
            starts.push(rows.len());
        }
        let by_columns = Sparse::from_columns(N, &starts, &rows, &values).unwrap();
        let by_columns = if intercept { by_columns.with_intercept() } else { by_columns };
        let mut block = vec![f64::NAN; N * by_columns.n_cols()];
        by_columns.dense(0..N, &mut block);
        prop_assert!(!intercept || block[..N].iter().all(|x| *x == 1.0));
        prop_assert_eq!(&block[N * usize::from(intercept)..], &dense[..]);
        check(&by_columns, &(start..(start + length).min(N)));
        // The same elements by rows.
        let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        for row in 0..N {
            for column in (0..p).filter(|column| dense[column * N + row] != 0.0) {
                columns.push(column as u32);
                values.push(dense[column * N + row]);
            }
            starts.push(values.len());
        }
        let by_rows = Sparse::from_rows(p, &starts, &columns, &values).unwrap();
        let by_rows = if intercept { by_rows.with_intercept() } else { by_rows };
        prop_assert_eq!(by_rows, by_columns);
    }
}

/// Tables that are summed by turns, apart, and where they are; a factor of one level, which has no column.
#[test]
fn factors_of_any_number_of_levels() {
    let codes = |levels: usize| -> Vec<u32> { numbers(3).take(N).map(|x| (x.abs() * levels as f64) as u32).collect() };
    for levels in [1, 127, 128, 129, 511, 513, 700] {
        let (codes, x): (_, Vec<f64>) = (codes(levels), numbers(4).take(N).collect());
        let factor = Categories::treatment_against(&codes, levels, levels / 2).unwrap();
        let by_number = Term::from(&factor).by(&x);
        let design = Mixed::new(N).intercept().term(&factor).unwrap().term(&x).unwrap();
        for rows in [0..512, 5..6, 188..N] {
            check(&design, &rows);
        }
        check(&Mixed::new(N).term(&x).unwrap().term(by_number).unwrap(), &(1..400));
    }
}

#[test]
fn an_interaction_of_more_columns_than_can_be_numbered_is_refused() {
    let code = [0; 3];
    let factor = Categories::full(&code, 1 << 16).unwrap();
    let error = Mixed::new(3).term(Term::from(&factor).by(&factor)).unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { of: "an interaction", .. }), "{error}");
}

#[test]
fn columns_are_in_the_order_of_r() {
    let (x, a, b) = ([1.0, 2.0, 3.0, 4.0], [0, 1, 2, 1], [1, 0, 1, 1]);
    let (a, b) = (Categories::treatment(&a, 3).unwrap(), Categories::full(&b, 2).unwrap());
    let helmert = Categories::with_contrasts(&[0, 1, 2, 1], 3, &[-1.0, 1.0, 0.0, -1.0, -1.0, 2.0]).unwrap();
    let design = Mixed::new(4).intercept().term(&a).unwrap().term(Term::from(&a).by(&b).by(&x)).unwrap();
    let design = design.term(helmert).unwrap().term(Term::from(&x).by(&x)).unwrap();
    assert_eq!(design.columns_of_terms().collect::<Vec<_>>(), [1..3, 3..7, 7..9, 9..10]);
    let mut found = vec![f64::NAN; 40];
    design.dense(0..4, &mut found);
    let expected = [
        [1.0, 1.0, 1.0, 1.0],
        [0.0, 1.0, 0.0, 1.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 2.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 4.0],
        [0.0, 0.0, 3.0, 0.0],
        [-1.0, 1.0, 0.0, 1.0],
        [-1.0, -1.0, 2.0, -1.0],
        [1.0, 4.0, 9.0, 16.0],
    ];
    assert_eq!(found, expected.concat());
}

/// In treatment coding one level is none too many: no column.
#[test]
fn a_factor_of_one_level_has_no_columns() {
    let (data, codes) = (Data::new(3), vec![0; N]);
    let one = Categories::treatment(&codes, 1).unwrap();
    let design = Mixed::new(N).intercept().term(&one).unwrap().term(data.factor(3)).unwrap();
    let design = design.term(data.factor(4).by(&one)).unwrap().term(&data.numbers[0]).unwrap();
    assert_eq!(design.n_cols(), 1 + 2 + 1);
    check(&design, &(100..500));
}

#[test]
fn categories_that_cannot_be_are_refused() {
    let codes = [0, 2, 1];
    assert_eq!(Categories::treatment(&codes, 2), Err(Error::UnknownLevel { row: 1, code: 2, levels: 2 }));
    assert_eq!(Categories::full(&codes, 0), Err(Error::UnknownLevel { row: 0, code: 0, levels: 0 }));
    assert!(matches!(Categories::treatment_against(&codes, 3, 3), Err(Error::InvalidParameter { .. })));
    let wrong = Error::LengthMismatch { what: "contrasts", expected: 3, found: 4 };
    assert_eq!(Categories::with_contrasts(&codes, 3, &[1.0; 4]), Err(wrong));
    let infinite = Categories::with_contrasts(&codes, 3, &[0.0, 0.0, 0.0, 0.0, f64::INFINITY, 0.0]);
    let place = Error::NotFinite { what: "contrasts", row: 1, column: Some(1), value: f64::INFINITY };
    assert_eq!(infinite, Err(place));
    let categories = Categories::full(&codes, 3).unwrap();
    assert_eq!(
        Mixed::new(4).term(&categories).unwrap_err(),
        Error::LengthMismatch { what: "codes", expected: 4, found: 3 }
    );
    assert_eq!(Mixed::new(0).term(&[]).unwrap_err(), Error::NoRows);
    let design = Mixed::new(3).term(&categories).unwrap();
    let place = Error::NotFinite { what: "x", row: 2, column: Some(1), value: f64::NEG_INFINITY };
    assert_eq!(design.term(&[0.0, 0.0, f64::NEG_INFINITY]).unwrap_err(), place);
}

#[test]
fn sparsity_that_cannot_be_is_refused() {
    let starts = |starts: &[usize]| Sparse::from_columns(3, starts, &[0, 2, 1], &[1.0; 3]).unwrap_err();
    let invalid = |what, place, found, allowed| Error::InvalidSparsity { what, place, found, allowed };
    assert_eq!(starts(&[1, 3]), invalid("columns", 0, 1, "0, where the first one starts"));
    assert_eq!(starts(&[0, 2, 1, 3]), invalid("columns", 2, 1, "at least the start before it"));
    assert_eq!(starts(&[0, 2]), invalid("columns", 1, 2, "the number of elements, where the last one ends"));
    assert_eq!(starts(&[0, 3]), invalid("rows", 2, 1, "larger than the index before it"));
    assert_eq!(starts(&[0]), Error::LengthMismatch { what: "starts", expected: 2, found: 1 });
    let twice = Sparse::from_rows(3, &[0, 2], &[1, 1], &[1.0; 2]).unwrap_err();
    assert_eq!(twice, invalid("columns", 1, 1, "larger than the index before it"));
    let beyond = Sparse::from_rows(3, &[0, 2], &[1, 3], &[1.0; 2]).unwrap_err();
    assert_eq!(beyond, invalid("columns", 1, 3, "smaller than their number"));
    let length = Sparse::from_rows(3, &[0, 2], &[1, 2], &[1.0]).unwrap_err();
    assert_eq!(length, Error::LengthMismatch { what: "values", expected: 2, found: 1 });
    let infinite = Sparse::from_columns(2, &[0, 1, 2], &[0, 1], &[1.0, f64::INFINITY]).unwrap_err();
    let place = Error::NotFinite { what: "x", row: 1, column: Some(1), value: f64::INFINITY };
    assert_eq!(infinite, place);
    assert_eq!(Sparse::from_columns(0, &[0, 0], &[], &[]).unwrap_err(), Error::NoRows);
}

#[test]
fn groups_grow_with_the_levels_alone() {
    let codes = vec![0; 3];
    let rows = |factors: &[usize], numbers: usize| {
        let design = factors.iter().fold(Mixed::new(3).intercept(), |design, levels| {
            design.term(Categories::full(&codes, *levels).unwrap()).unwrap()
        });
        (0..numbers).fold(design, |design, _| design.term(&[0.0; 3]).unwrap()).rows_per_group() / glm_core::GROUP
    };
    assert_eq!(rows(&[200], 5), 1);
    assert_eq!(rows(&[10_000], 5), 16);
    // 118 791 elements, 45 of them in each row.
    assert_eq!(rows(&[10, 100, 1000], 5), 16);
    assert_eq!(rows(&[200, 200], 0), 32);
    assert_eq!(rows(&[200, 200], 300), 1, "numbers by numbers cost more than merging");
}
