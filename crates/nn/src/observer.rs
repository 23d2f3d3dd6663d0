//! Who is told of each epoch: a progress bar, a log, somebody who has seen enough.

use std::ops::ControlFlow;

use crate::Epoch;

/// Is told of each epoch when it is over.
///
/// `()` watches in silence; a closure `|epoch: &Epoch| …` is an observer that never stops the training.
pub trait Observer {
    /// An epoch is over; to break is to end the training here.
    fn observe(&mut self, epoch: &Epoch) -> ControlFlow<()>;
}

impl Observer for () {
    fn observe(&mut self, _epoch: &Epoch) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&Epoch)> Observer for F {
    fn observe(&mut self, epoch: &Epoch) -> ControlFlow<()> {
        self(epoch);
        ControlFlow::Continue(())
    }
}
