//! A formula applied to slices, a few registers at a time, compiled for every instruction set and chosen once per call.

use pulp::{Arch, Simd, WithSimd};

use super::lanes::{Lanes, REGISTERS};

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
        let step = S::F64_LANES * REGISTERS;
        let n = input[0].len();
        let full = n - n % step;
        let heads = input.map(|slice| S::as_simd_f64s(&slice[..full]).0);
        let out = output.map(|slice| {
            let (head, tail) = slice[..n].split_at_mut(full);
            (S::as_mut_simd_f64s(head).0, tail)
        });
        for index in 0..full / step {
            let mut x = [Lanes::zero(simd); I];
            for k in 0..I {
                for register in 0..REGISTERS {
                    x[k].value[register] = heads[k][index * REGISTERS + register];
                }
            }
            let results = formula.at(x);
            for k in 0..P {
                for register in 0..REGISTERS {
                    out[k].0[index * REGISTERS + register] = results[k].value[register];
                }
            }
        }
        if full < n {
            let mut x = [Lanes::zero(simd); I];
            for k in 0..I {
                x[k].load(&input[k][full..]);
            }
            let results = formula.at(x);
            for k in 0..P {
                results[k].store(out[k].1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::instructions::Instructions;
    use crate::vector::{Bernoulli, CloglogPoints, Counts, ProbitPoints, Proportion, normal};

    /// Every result on every instruction set that this processor has.
    fn check<F: Formula<I, O>, const I: usize, const O: usize>(formula: &F, input: [&[f64]; I]) {
        let n = input[0].len();
        let run = |instructions: Instructions| {
            let mut out = vec![vec![0.0; n]; O];
            let mut slices = out.iter_mut();
            let output: [&mut [f64]; O] = std::array::from_fn(|_| slices.next().unwrap().as_mut_slice());
            instructions.run(Sweep { formula, input, output });
            out.concat().iter().map(|value| if value.is_nan() { 0 } else { value.to_bits() }).collect::<Vec<_>>()
        };
        let all = Instructions::all();
        for instructions in &all[1..] {
            assert_eq!(run(*instructions), run(all[0]), "{instructions:?}");
        }
    }

    struct Normal;

    impl Formula<1, 3> for Normal {
        #[inline(always)]
        fn at<S: Simd>(&self, [x]: [Lanes<S>; 1]) -> [Lanes<S>; 3] {
            [normal::density(x), normal::cdf(x), normal::ln_cdf(x)]
        }
    }

    #[test]
    fn the_instruction_set_does_not_change_a_bit() {
        let eta: Vec<f64> = (0..301).map(|i| (f64::from(i) * 0.31).sin() * 1.07_f64.powi(i % 60)).collect();
        let zero_one: Vec<f64> = (0..301).map(|i| f64::from(i % 2)).collect();
        let shares: Vec<f64> = (0..301).map(|i| f64::from(i % 5) / 4.0).collect();
        check(&Bernoulli, [&zero_one, &eta]);
        check(&Proportion, [&shares, &eta]);
        check(&Counts, [&shares, &eta]);
        check(&Normal, [&eta]);
        check(&ProbitPoints, [&eta]);
        check(&CloglogPoints, [&eta]);
    }
}
