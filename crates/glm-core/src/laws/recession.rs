//! The law of recession: the loss never rises where it says so, and grows everywhere else.

use crate::Rise;

/// The most predictors whose directions are all tried.
const FEW: usize = 4;
/// What rounding may make of a loss that stays the same.
const ROUNDING: f64 = 1e-11;

/// Asserts that along every direction that lets no difference fall the loss falls, or stays where none rises; and that it
/// grows, or is infinite, along every other.
pub(super) fn recession(place: &str, rises: &[Rise], eta: &[f64], loss: impl Fn(&[f64]) -> f64) {
    for direction in directions(eta.len()) {
        let place = format!("{place}, towards {direction:?}");
        let at = |step: f64| {
            let moved: Vec<f64> = eta.iter().zip(&direction).map(|(eta, d)| eta + step * d).collect();
            loss(&moved)
        };
        let value = |predictor: Option<usize>| predictor.map_or(0.0, |predictor| direction[predictor]);
        let moves: Vec<f64> = rises.iter().map(|rise| value(rise.up) - value(rise.down)).collect();
        if moves.iter().any(|step| *step < 0.0) {
            let far = at(600.0);
            assert!(far > at(30.0) + 0.5 || far.is_infinite(), "the loss does not grow for ever at {place}");
            continue;
        }
        let steps = [0.0, 0.25, 1.0, 3.0, 10.0, 30.0].map(at);
        if steps[0].is_infinite() {
            continue;
        }
        let (first, last) = (steps[0], steps[5]);
        let never_rises = steps.is_sorted_by(|near, far| *far <= near * (1.0 + ROUNDING));
        assert!(never_rises, "the loss rises at {place}: {steps:?}");
        let falls = last < first || first < f64::MIN_POSITIVE;
        let stays = last >= first * (1.0 - ROUNDING);
        assert!(if moves.iter().any(|step| *step > 0.0) { falls } else { stays }, "{steps:?} at {place}");
    }
}

/// Every direction of elements −1, 0 and 1 but zero; of many predictors, the first few ones move.
fn directions(q: usize) -> Vec<Vec<f64>> {
    let mut all = vec![Vec::new()];
    for predictor in 0..q {
        let steps: &[f64] = if predictor < FEW { &[-1.0, 0.0, 1.0] } else { &[0.0] };
        all = all.iter().flat_map(|head| steps.iter().map(move |step| [&head[..], &[*step]].concat())).collect();
    }
    all.retain(|direction| direction.iter().any(|step| *step != 0.0));
    all
}
