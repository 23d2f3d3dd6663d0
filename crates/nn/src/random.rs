//! One seed, many independent streams, numbered by what is drawn and never by who draws it.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Draw {
    /// Which rows validate.
    Split,
    /// Starting parameters of a block.
    Initial { block: usize },
    /// The order of the rows in an epoch.
    Shuffle { epoch: usize },
    /// What a layer draws for the row at this position of a step's batch, and those after it.
    Layer { step: u64, layer: usize, position: usize },
}

/// The generator for one draw: `ChaCha8Rng` with the kind, the layer and the step as its stream, and the row as its position.
pub(crate) fn generator(seed: u64, draw: Draw) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (kind, index, position) = match draw {
        Draw::Split => (0, 0, 0),
        Draw::Initial { block } => (1, block as u64, 0),
        Draw::Shuffle { epoch } => (2, epoch as u64, 0),
        Draw::Layer { step, layer, position } => (3, (layer as u64) << 44 | step, position as u128),
    };
    rng.set_stream(kind << 60 | index);
    // Each row has 2³² words of its own, more than the features of any layer.
    rng.set_word_pos(position << 32);
    rng
}

/// A number in [0, 1) with 53 random bits.
pub(crate) fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let bits = (rand::Rng::next_u64(rng) >> 11) as f64;
    bits * (0.5 * f64::EPSILON)
}

/// Fisher–Yates.
pub(crate) fn shuffle(rows: &mut [usize], rng: &mut ChaCha8Rng) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, below(last as u64 + 1, rng));
    }
}

/// A whole number below `bound`, without bias (Lemire, ACM Transactions on Modeling and Computer Simulation 29, 2019).
#[expect(clippy::cast_possible_truncation, reason = "the high word is below the bound, which came from a usize")]
fn below(bound: u64, rng: &mut ChaCha8Rng) -> usize {
    loop {
        let product = u128::from(rand::Rng::next_u64(rng)) * u128::from(bound);
        if product as u64 >= bound.wrapping_neg() % bound {
            return (product >> 64) as usize;
        }
    }
}
