//! Calibration: what was observed beside what was predicted, bin by bin.

use super::error::ScoreError;
use super::sum::Sum;
use super::{rank, rows};

/// One bin of a calibration table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// The weighted mean of the predictions.
    pub mean_predicted: f64,
    /// The weighted mean of the outcomes.
    pub mean_observed: f64,
    /// The total weight.
    pub weight: f64,
    /// The number of rows of positive weight.
    pub count: usize,
}

/// Mean outcome and mean prediction in ten bins of equal weight: [`calibration`] with `bins = 10`.
///
/// # Errors
///
/// As [`calibration`].
///
/// ```
/// use glm_core::scores::calibration_by_deciles;
///
/// let predicted: Vec<f64> = (0..100).map(|i| f64::from(i) / 100.0).collect();
/// let y: Vec<f64> = predicted.iter().map(|p| 2.0 * p).collect();
/// let deciles = calibration_by_deciles(&y, &predicted, None)?;
/// assert_eq!(deciles.len(), 10);
/// assert_eq!(deciles[0].count, 10);
/// assert!((deciles[9].mean_predicted - 0.945).abs() < 1e-15);
/// assert!((deciles[9].mean_observed - 1.89).abs() < 1e-15);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn calibration_by_deciles(
    y: &[f64],
    predicted: &[f64],
    weights: Option<&[f64]>,
) -> Result<Vec<CalibrationBin>, ScoreError> {
    calibration(y, predicted, weights, 10)
}

/// Mean outcome and mean prediction in bins of equal weight along the prediction, in ascending order.
///
/// Rows are ordered by prediction and those that tie stay together: a group of ties goes to the bin that holds the
/// middle of its weight, `⌊bins · (weight below + ½ weight of the group) / total weight⌋`. Without weights and ties
/// these are the bins of equal count that one expects (for `n` rows, row `i` of the order is in bin
/// `⌊bins (i + ½)/n⌋`, so counts differ by one at most), and a weight of 2 means exactly the row written twice. Bins
/// that receive no group are left out, so heavily tied predictions give fewer bins than asked for. Rows of weight zero
/// are left out too.
///
/// Domain: finite `y` (0/1, proportions, counts, amounts) and `predicted`. Relative error of the means below 1e-15
/// when the terms are of one sign.
///
/// # Errors
///
/// No rows, lengths that differ, a value that is NaN or infinite, bad weights, or zero `bins`.
///
/// ```
/// use glm_core::scores::calibration;
///
/// let bins = calibration(&[0.0, 0.0, 1.0, 1.0], &[0.1, 0.3, 0.6, 0.8], None, 2)?;
/// assert!((bins[0].mean_predicted - 0.2).abs() < 1e-15 && bins[0].mean_observed == 0.0);
/// assert!((bins[1].mean_predicted - 0.7).abs() < 1e-15 && bins[1].mean_observed == 1.0);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn calibration(
    y: &[f64],
    predicted: &[f64],
    weights: Option<&[f64]>,
    bins: usize,
) -> Result<Vec<CalibrationBin>, ScoreError> {
    rows::same_length(y, predicted)?;
    rows::finite("outcome", y)?;
    rows::finite("prediction", predicted)?;
    let weights = rows::Weights::new(weights, y.len())?;
    if bins == 0 {
        return Err(ScoreError::NoBins);
    }
    let mut order = rank::ascending(predicted);
    order.retain(|&row| weights.at(row) > 0.0);
    let scale = weights.scale(order.iter().copied());
    let sum_of = |rows: &[usize], value: &dyn Fn(usize) -> f64| {
        let mut sum = Sum::default();
        rows.iter().for_each(|&row| sum.add(scale * weights.at(row) * value(row)));
        sum.value()
    };
    let summarise = |rows: &[usize]| {
        let weight = sum_of(rows, &|_| 1.0);
        CalibrationBin {
            mean_predicted: sum_of(rows, &|row| predicted[row]) / weight,
            mean_observed: sum_of(rows, &|row| y[row]) / weight,
            weight: weight / scale,
            count: rows.len(),
        }
    };
    Ok(cut(&order, predicted, bins, |rows| sum_of(rows, &|_| 1.0)).into_iter().map(summarise).collect())
}

/// Cuts an ascending order into the runs of rows that share a bin.
fn cut<'a>(
    order: &'a [usize],
    predicted: &[f64],
    bins: usize,
    weight_of: impl Fn(&[usize]) -> f64,
) -> Vec<&'a [usize]> {
    let total = weight_of(order);
    let mut below = Sum::default();
    let mut position = 0;
    // Where each tie begins in the order, and its bin.
    let ties = rank::ties(order, predicted).map(|tie| {
        let (start, group) = (position, weight_of(tie));
        let bin = bin_of(below.value() + 0.5 * group, total, bins);
        below.add(group);
        position += tie.len();
        (start, bin)
    });
    let mut starts: Vec<(usize, usize)> = ties.collect();
    starts.dedup_by_key(|&mut (_, bin)| bin);
    let ends = starts.iter().skip(1).map(|&(start, _)| start).chain([order.len()]);
    starts.iter().zip(ends).map(|(&(start, _), end)| &order[start..end]).collect()
}

/// The bin of a group with this much weight below its middle; multiplying first keeps it exact for whole weights, and
/// rounding may bring the last group to `bins` itself.
fn bin_of(middle: f64, total: f64, bins: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "the floor is what is wanted")]
    let bin = (bins as f64 * middle / total) as usize;
    bin.min(bins - 1)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole weights and halves are exact")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn deciles_of_a_known_example() {
        // Predictions 1..=20, shuffled by a multiplier coprime to 20; the outcome is the square.
        let predicted: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20 + 1)).collect();
        let y: Vec<f64> = predicted.iter().map(|p| p * p).collect();
        let deciles = calibration_by_deciles(&y, &predicted, None).unwrap();
        assert_eq!(deciles.len(), 10);
        for (k, bin) in deciles.iter().enumerate() {
            let (low, high) = ((2 * k + 1) as f64, (2 * k + 2) as f64);
            let expected = CalibrationBin {
                mean_predicted: (low + high) / 2.0,
                mean_observed: (low * low + high * high) / 2.0,
                weight: 2.0,
                count: 2,
            };
            assert_eq!(*bin, expected, "bin {k}");
        }
    }

    #[test]
    fn counts_differ_by_one_when_rows_do_not_divide() {
        let predicted: Vec<f64> = (0..23).map(f64::from).collect();
        let bins = calibration(&predicted, &predicted, None, 10).unwrap();
        assert_eq!(bins.len(), 10);
        assert!(bins.iter().all(|bin| bin.count == 2 || bin.count == 3));
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), 23);
    }

    #[test]
    fn ties_stay_together() {
        let predicted = [0.2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9];
        let y = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
        let bins = calibration(&y, &predicted, None, 4).unwrap();
        assert_eq!(bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [1, 6, 1]);
        assert_eq!(bins[1].mean_observed, 0.5);
        assert_eq!(calibration(&y, &[0.3; 8], None, 4).unwrap().len(), 1);
    }

    #[test]
    fn what_cannot_be_binned_is_an_error() {
        assert_eq!(calibration(&[1.0], &[1.0], None, 0), Err(ScoreError::NoBins));
        assert_eq!(calibration_by_deciles(&[], &[], None), Err(ScoreError::Empty));
        let nan = calibration_by_deciles(&[1.0], &[f64::NAN], None);
        assert!(matches!(nan, Err(ScoreError::NotFinite { what: "prediction", row: 0, .. })));
    }

    proptest! {
        #![proptest_config(crate::scores::seeded())]

        #[test]
        fn weight_is_repetition_and_nothing_is_lost(
            rows in proptest::collection::vec((-5_i8..5, -8_i8..9, 0_u8..4), 0..60), bins in 1_usize..13,
        ) {
            let rows: Vec<_> = rows.into_iter().chain([(1, 1, 1)]).collect();
            let y: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
            let predicted: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();
            let w: Vec<f64> = rows.iter().map(|r| f64::from(r.2)).collect();
            let weighted = calibration(&y, &predicted, Some(&w), bins).unwrap();
            let again: Vec<usize> = (0..y.len()).flat_map(|i| (0..rows[i].2).map(move |_| i)).collect();
            let y2: Vec<f64> = again.iter().map(|&i| y[i]).collect();
            let predicted2: Vec<f64> = again.iter().map(|&i| predicted[i]).collect();
            let repeated = calibration(&y2, &predicted2, None, bins).unwrap();
            prop_assert_eq!(weighted.len(), repeated.len());
            for (a, b) in weighted.iter().zip(&repeated) {
                prop_assert_eq!(a.weight, b.count as f64);
                prop_assert!((a.mean_predicted - b.mean_predicted).abs() < 1e-14);
                prop_assert!((a.mean_observed - b.mean_observed).abs() < 1e-14);
            }
            prop_assert!(weighted.len() <= bins);
            prop_assert!(weighted.windows(2).all(|pair| pair[0].mean_predicted < pair[1].mean_predicted));
            let observed: f64 = weighted.iter().map(|bin| bin.weight * bin.mean_observed).sum();
            let expected: f64 = y.iter().zip(&w).map(|(y, w)| y * w).sum();
            prop_assert!((observed - expected).abs() < 1e-11);
        }
    }
}
