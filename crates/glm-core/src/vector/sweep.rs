//! A formula applied to slices, a register at a time, compiled for every instruction set and chosen once per call.

use pulp::{Arch, Simd, WithSimd};

use super::lanes::Lanes;

/// A function of `I` numbers with `O` results, written once for registers of any width.
///
/// A row's results depend on its own numbers alone, not on its place in the slice nor on the instruction set.
pub(crate) trait Formula<const I: usize, const O: usize> {
    /// The results; always `#[inline(always)]`.
    fn at<S: Simd>(&self, x: [Lanes<S>; I]) -> [Lanes<S>; O];
}

/// Writes the formula's first `P` results.
pub(crate) fn sweep<F, const I: usize, const O: usize, const P: usize>(
    formula: &F,
    input: [&[f64]; I],
    output: [&mut [f64]; P],
) where
    F: Formula<I, O>,
{
    let n = input[0].len();
    assert!(input.iter().all(|slice| slice.len() == n), "a formula's arguments have different lengths");
    assert!(output.iter().all(|slice| slice.len() == n), "a formula's results have another length than its arguments");
    Arch::new().dispatch(Sweep { formula, input, output });
}

struct Sweep<'a, F, const I: usize, const P: usize, const O: usize> {
    formula: &'a F,
    input: [&'a [f64]; I],
    output: [&'a mut [f64]; P],
}

impl<F, const I: usize, const P: usize, const O: usize> WithSimd for Sweep<'_, F, I, P, O>
where
    F: Formula<I, O>,
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { formula, input, output } = self;
        let lanes = S::F64_LANES;
        let n = input[0].len();
        let full = n - n % lanes;
        let heads = input.map(|slice| S::as_simd_f64s(&slice[..full]).0);
        let mut out = output.map(|slice| S::as_mut_simd_f64s(&mut slice[..n]));
        for index in 0..full / lanes {
            let mut x = [Lanes::new(simd, simd.splat_f64s(0.0)); I];
            for k in 0..I {
                x[k].value = heads[k][index];
            }
            let results = formula.at(x);
            for k in 0..P {
                out[k].0[index] = results[k].value;
            }
        }
        if full < n {
            let mut x = [Lanes::new(simd, simd.splat_f64s(0.0)); I];
            for k in 0..I {
                x[k].value = simd.partial_load_f64s(&input[k][full..]);
            }
            let results = formula.at(x);
            for k in 0..P {
                simd.partial_store_f64s(out[k].1, results[k].value);
            }
        }
    }
}
