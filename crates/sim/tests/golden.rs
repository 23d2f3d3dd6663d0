//! The values of a seed, pinned for ever: a change here changes every published result.
//!
//! The expected values come from an independent program that follows the documentation: `ChaCha` with 8 rounds, a
//! 64-bit counter and the stream as nonce; the key from the seed by PCG32 as `rand_core` 0.10 expands it; then our own
//! transforms.

use sim::uniform::unit;
use sim::{Balloons, Split, Toy, k_fold, rng};

/// FNV-1a over the bits of the values.
fn hash<'a>(values: impl IntoIterator<Item = &'a f64>) -> u64 {
    let bytes = values.into_iter().flat_map(|value| value.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-13, "{found} is not {expected}");
}

#[test]
fn uniforms() {
    let mut first = rng(1, 0);
    let found: Vec<u64> = (0..3).map(|_| unit(&mut first).to_bits()).collect();
    let expected = [0.402_485_663_664_848_06_f64, 0.080_383_708_929_781_97, 0.596_560_180_934_854_9];
    assert_eq!(found, expected.map(f64::to_bits));
    assert_eq!(unit(&mut rng(1, 7)).to_bits(), 0.465_004_018_554_318_6_f64.to_bits());
}

#[test]
fn toy() {
    let toy = Toy::new(1000, 1);
    assert_eq!(hash(&toy.coefficients), 0xf2ab_85c5_e6e7_ed03);
    assert_eq!(hash(&toy.x), 0x6a6b_9463_0ff9_3513);
    assert_eq!(hash(&toy.y), 0xf3ec_0656_c433_92c5);
    close(toy.eta[0], 1.908_884_805_751_68);
    close(toy.eta[1], 0.500_657_811_401_779_7);
    let unseen = toy.unseen(1000);
    assert_eq!(hash(&unseen.x), 0x78a0_28ed_14a6_c2ba);
    assert_eq!(hash(&unseen.y), 0x813a_9cb8_051e_8d65);
    close(unseen.eta[0], 2.649_107_371_793_787);
}

#[test]
fn balloons() {
    let check = |b: Balloons, expected: u64| {
        let columns = [&b.relationship, &b.children, &b.age, &b.number, &b.red];
        assert_eq!(hash(columns.into_iter().flatten()), expected);
    };
    check(Balloons::new(1000, 1), 0x5184_2666_6f9a_9ce1);
    check(Balloons::validation(1000, 1), 0xa8ad_810d_8523_ec78);
}

#[test]
fn splits() {
    assert_eq!(Split::by_count(10, 3, 1).unwrap().test, [0, 7, 9]);
    let folds: Vec<Vec<usize>> = k_fold(10, 3, 1).unwrap().into_iter().map(|split| split.test).collect();
    assert_eq!(folds, [vec![5, 6, 7, 9], vec![1, 3, 4], vec![0, 2, 8]]);
}

#[test]
fn gaussians() {
    let mut rng = rng(1, 0);
    for expected in [1.180_694_150_218_984_7, 0.194_697_287_473_175_8, -0.388_864_874_975_000_9] {
        close(sim::draw::gaussian(&mut rng, 0.0, 1.0).unwrap(), expected);
    }
}

#[test]
fn the_oracle_is_calibrated_and_scores_as_it_should() {
    // Over its own truth the expected log-loss is the mean entropy; the mean over 10 000 rows has sd below 0.01.
    let toy = Toy::new(10_000, 1);
    let entropy: f64 = toy.probability.iter().map(|p| -p * p.ln() - (1.0 - p) * (1.0 - p).ln()).sum::<f64>() / 1e4;
    let loss = sim::scores::log_loss_from_logits(&toy.y, &toy.eta, None).unwrap();
    assert!((loss - entropy).abs() < 0.05, "{loss} is not {entropy}");
    for bin in sim::scores::calibration_by_deciles(&toy.y, &toy.probability, None).unwrap() {
        let error = (bin.mean_predicted * (1.0 - bin.mean_predicted) / bin.weight).sqrt();
        assert!((bin.mean_observed - bin.mean_predicted).abs() < 5.0 * error, "{bin:?}");
    }
}
