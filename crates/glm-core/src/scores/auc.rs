//! The area under the ROC curve, as the Mann–Whitney statistic.

use super::error::ScoreError;
use super::sum::Sum;
use super::{rank, rows};

/// The chance that a random row of class 1 scores above a random row of class 0, ties counted half.
///
/// `AUC = Σᵢⱼ wᵢ wⱼ ([sᵢ > sⱼ] + ½[sᵢ = sⱼ]) / (Σᵢ wᵢ · Σⱼ wⱼ)` over i of class 1 and j of class 0: the Mann–Whitney
/// U statistic over the number of pairs (Bamber 1975), in `O(n log n)`. Any increasing transform of the score
/// gives the same area, so a probability and its logit do equally well.
///
/// Domain: `y` is 0 or 1; `score` is any number, `−∞` and `+∞` included (two equal infinities tie). Relative error
/// below 1e-15 for unit weights.
///
/// # Errors
///
/// No rows, lengths that differ, an outcome that is not 0 or 1, a NaN score, bad weights, or only one class with
/// positive weight.
///
/// ```
/// use glm_core::scores::auc;
///
/// let y = [0.0, 0.0, 1.0, 1.0];
/// assert_eq!(auc(&y, &[0.1, 0.4, 0.35, 0.8], None)?, 0.75);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn auc(y: &[f64], score: &[f64], weights: Option<&[f64]>) -> Result<f64, ScoreError> {
    rows::same_length(y, score)?;
    rows::binary(y)?;
    rows::not_nan("prediction", score)?;
    let weights = rows::Weights::new(weights, y.len())?;
    for class in [0, 1] {
        if !(0..y.len()).any(|row| class_of(y[row]) == class && weights.at(row) > 0.0) {
            return Err(ScoreError::OneClass { class: if class == 0 { 1 } else { 0 } });
        }
    }
    // Each class has its own scale: only the ratio of weights within a class matters.
    let scale = [0, 1].map(|class| weights.scale((0..y.len()).filter(|&row| class_of(y[row]) == class)));

    let order = rank::ascending(score);
    let mut below = [Sum::default(); 2];
    let mut wins = Sum::default();
    for tie in rank::ties(&order, score) {
        let mut here = [Sum::default(); 2];
        for &row in tie {
            let class = class_of(y[row]);
            here[class].add(scale[class] * weights.at(row));
        }
        let [zeros, ones] = here.map(Sum::value);
        wins.add(ones * (below[0].value() + 0.5 * zeros));
        below[0].add(zeros);
        below[1].add(ones);
    }
    Ok(wins.value() / (below[0].value() * below[1].value()))
}

/// The class of a validated outcome.
fn class_of(y: f64) -> usize {
    usize::from(y > 0.5)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole weights and halves are exact")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, pair by pair.
    fn brute(y: &[f64], score: &[f64], weights: &[f64]) -> f64 {
        let (mut wins, mut pairs) = (0.0, 0.0);
        for i in (0..y.len()).filter(|&i| y[i] > 0.5) {
            for j in (0..y.len()).filter(|&j| y[j] < 0.5) {
                let pair = weights[i] * weights[j];
                pairs += pair;
                wins += pair * if score[i] > score[j] { 1.0 } else { f64::from(score[i] >= score[j]) / 2.0 };
            }
        }
        wins / pairs
    }

    /// Rows of (class, score on a coarse grid so that ties abound, weight), both classes with weight.
    fn sample() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<f64>)> {
        let row = (any::<bool>(), -6_i8..7, 0_u8..4);
        proptest::collection::vec(row, 0..60).prop_map(|mut rows| {
            rows.extend([(false, 0, 1), (true, 1, 2)]);
            let y = rows.iter().map(|r| f64::from(u8::from(r.0))).collect();
            let score = rows.iter().map(|r| f64::from(r.1) / 3.0).collect();
            let weights = rows.iter().map(|r| f64::from(r.2)).collect();
            (y, score, weights)
        })
    }

    proptest! {
        #![proptest_config(crate::scores::seeded())]

        #[test]
        fn equals_the_count_of_pairs((y, score, weights) in sample(), unit in 0.01_f64..100.0) {
            let ones = vec![1.0; y.len()];
            prop_assert!((auc(&y, &score, None).unwrap() - brute(&y, &score, &ones)).abs() < 1e-14);
            let scaled: Vec<f64> = weights.iter().map(|w| w * unit).collect();
            prop_assert!((auc(&y, &score, Some(&scaled)).unwrap() - brute(&y, &score, &scaled)).abs() < 1e-13);
        }

        #[test]
        fn weight_is_repetition((y, score, weights) in sample()) {
            let repeats = |row: usize| (0..4).filter(|&k| f64::from(k) < weights[row]).count();
            let rows: Vec<usize> = (0..y.len()).flat_map(|row| std::iter::repeat_n(row, repeats(row))).collect();
            let y2: Vec<f64> = rows.iter().map(|&row| y[row]).collect();
            let score2: Vec<f64> = rows.iter().map(|&row| score[row]).collect();
            prop_assert_eq!(auc(&y, &score, Some(&weights)).unwrap(), auc(&y2, &score2, None).unwrap());
        }

        #[test]
        fn only_the_order_of_the_scores_matters((y, score, weights) in sample()) {
            let once = auc(&y, &score, Some(&weights)).unwrap();
            let logistic: Vec<f64> = score.iter().map(|s| 1.0 / (1.0 + (-s).exp())).collect();
            prop_assert_eq!(auc(&y, &logistic, Some(&weights)).unwrap(), once);
            let reversed: Vec<f64> = score.iter().map(|s| -s).collect();
            prop_assert!((auc(&y, &reversed, Some(&weights)).unwrap() + once - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn closed_forms() {
        let y = [0.0, 1.0, 0.0, 1.0];
        let check = |score: [f64; 4], expected: f64| assert_eq!(auc(&y, &score, None), Ok(expected), "{score:?}");
        check([0.0, 1.0, 0.5, 2.0], 1.0);
        check([2.0, 0.0, 1.0, 0.5], 0.0);
        check([7.0; 4], 0.5);
        check([0.0, -0.0, 0.0, 0.0], 0.5);
        check([f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY, 1.0], 0.625);
    }

    #[test]
    fn classes_of_wildly_different_weight() {
        let y = [0.0, 0.0, 1.0, 1.0];
        let w = [1e308, 1e308, 1e-308, 1e-308];
        assert_eq!(auc(&y, &[0.1, 0.4, 0.35, 0.8], Some(&w)), Ok(0.75));
    }

    #[test]
    fn what_has_no_area_is_an_error() {
        assert_eq!(auc(&[], &[], None), Err(ScoreError::Empty));
        let length = ScoreError::Length { what: "prediction", found: 1, expected: 2 };
        assert_eq!(auc(&[0.0, 1.0], &[1.0], None), Err(length));
        assert_eq!(auc(&[1.0, 1.0], &[1.0, 2.0], None), Err(ScoreError::OneClass { class: 1 }));
        assert_eq!(auc(&[0.0, 0.0], &[1.0, 2.0], None), Err(ScoreError::OneClass { class: 0 }));
        assert_eq!(auc(&[0.0, 1.0], &[1.0, 2.0], Some(&[1.0, 0.0])), Err(ScoreError::OneClass { class: 0 }));
        assert_eq!(auc(&[0.0, 0.5], &[1.0, 2.0], None), Err(ScoreError::NotBinary { row: 1, value: 0.5 }));
        let nan = auc(&[0.0, 1.0], &[1.0, f64::NAN], None);
        assert!(matches!(nan, Err(ScoreError::NotFinite { what: "prediction", row: 1, .. })));
    }
}
