//! A network with its parameters: predictions, losses, and how training went.

use std::ops::Range;

use glm_core::{blocks, for_each_part};

use crate::lanes::{Lanes, lane_count};
use crate::pass::{Lane, Plan, Task, Wanted};
use crate::rows::Rows;
use crate::{Data, Error, History, Network, Storage};

/// A network with its parameters.
#[derive(Debug, Clone)]
pub struct Trained<S> {
    /// The network.
    pub network: Network,
    /// The parameters, in the order of [`Network::blocks`].
    pub params: Vec<S>,
    /// What happened, epoch by epoch.
    pub history: History,
    /// Epochs begun.
    pub epochs_run: usize,
    /// The epoch of the lowest validation loss, or without validation of the lowest training loss; counted from one, and
    /// zero where no epoch was finite.
    pub best_epoch: usize,
    /// Why training ended.
    pub stopped: Stopped,
}

/// Why training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// It never began: the parameters were given.
    Untrained,
    /// All epochs were run; the parameters are those of the last.
    Epochs,
    /// The validation loss no longer fell; the parameters are those of the best epoch.
    Patience,
    /// The observer had seen enough; the parameters are those of the last epoch, or with early stopping of the best.
    Observer,
    /// The loss stopped being finite; the parameters are the best met before.
    Diverged,
}

impl<S: Storage> Trained<S> {
    pub(crate) fn untrained(network: Network, params: Vec<S>) -> Self {
        let (history, stopped) = (History::default(), Stopped::Untrained);
        Self { network, params, history, epochs_run: 0, best_epoch: 0, stopped }
    }

    /// The linear predictors of new rows, n×q, predictor by predictor. An empty offset means none.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] and [`Error::Mismatch`] where the columns or offsets do not fit the network.
    pub fn linear_predictor<'a>(
        &self,
        columns: impl IntoIterator<Item = &'a [f64]>,
        offset: &'a [f64],
    ) -> Result<Vec<f64>, Error> {
        let data = Data::without_response(columns, offset)?;
        self.network.check_features(&data)?;
        self.network.output().check_offset(&data)?;
        Ok(self.eta(&data))
    }

    /// The means of new rows, n×[`n_means`](crate::Output::n_means), column by column. An empty offset means none.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] and [`Error::Mismatch`] where the columns or offsets do not fit the network.
    pub fn predict<'a>(
        &self,
        columns: impl IntoIterator<Item = &'a [f64]>,
        offset: &'a [f64],
    ) -> Result<Vec<f64>, Error> {
        Ok(self.means(&self.linear_predictor(columns, offset)?))
    }

    /// Half the deviance per unit weight, without dropout or penalty.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] and [`Error::Mismatch`] where the data do not fit the network.
    pub fn loss(&self, data: &Data<'_>) -> Result<f64, Error> {
        self.network.check(data)?;
        let plan = Plan::new(&self.network, Wanted::Loss);
        let rows = Rows::Range(0..data.n_rows());
        let task = Task { params: &self.params, data, rows, wanted: Wanted::Loss, noise: None };
        let total = Lanes::new(&plan, data.n_rows()).pass(&plan, &task);
        Ok(total.loss / total.weight)
    }

    /// Σ w (y − μ)² / Σ w, summed over the columns of y; twice the loss, where the response is Gaussian.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] where there is not one mean per response (softmax), and as [`loss`](Self::loss).
    pub fn mean_squared_error(&self, data: &Data<'_>) -> Result<f64, Error> {
        self.network.check(data)?;
        let (expected, found) = (self.network.output().columns(), self.network.output().n_means());
        if expected != found {
            let advice = "read the cross-entropy or the loss instead";
            return Err(Error::Mismatch { what: "means to take squared errors of", expected, found, advice });
        }
        let mu = self.means(&self.eta(data));
        let squares = data.y().iter().zip(&mu).map(|(y, mu)| (y - mu) * (y - mu));
        Ok(weighted_sum(squares, data) / data.total_weight())
    }

    /// `−Σ w [y ln μ + (1 − y) ln(1 − μ)] / Σ w` for a binomial response, `−Σ w ln μ_y / Σ w` for classes: the loss, plus the
    /// entropy of the responses where they are proportions.
    ///
    /// # Errors
    ///
    /// [`Error::NoCrossEntropy`] for other responses, and as [`loss`](Self::loss).
    pub fn cross_entropy(&self, data: &Data<'_>) -> Result<f64, Error> {
        let loss = self.loss(data)?;
        let response = self.network.output().response();
        if response.n_means() > 1 {
            return Ok(loss);
        }
        if response.family().is_none_or(|family| family.name() != "binomial") {
            return Err(Error::NoCrossEntropy { response: response.name() });
        }
        let part = |y: f64| if y > 0.0 { -y * y.ln() } else { 0.0 };
        let entropy = data.y().iter().map(|y| part(*y) + part(1.0 - y));
        Ok(loss + weighted_sum(entropy, data) / data.total_weight())
    }

    /// The same in double precision, exactly.
    #[must_use]
    pub fn widened(&self) -> Trained<f64> {
        Trained {
            network: self.network.clone(),
            params: self.params.iter().map(|param| param.to_f64()).collect(),
            history: self.history.clone(),
            epochs_run: self.epochs_run,
            best_epoch: self.best_epoch,
            stopped: self.stopped,
        }
    }

    /// The linear predictors of all rows, predictor by predictor.
    fn eta(&self, data: &Data<'_>) -> Vec<f64> {
        let n = data.n_rows();
        let count = lane_count(n);
        let plan = Plan::new(&self.network, Wanted::Loss);
        let range = |index: usize| n * index / count..n * (index + 1) / count;
        let mut parts: Vec<(Range<usize>, Vec<f64>)> = (0..count).map(|index| (range(index), Vec::new())).collect();
        for_each_part(&mut parts, &|_, (range, eta)| {
            let mut lane = Lane::new(&plan, range.len());
            for rows in blocks(range.clone()).map(Rows::Range) {
                let task = Task { params: &self.params, data, rows: rows.clone(), wanted: Wanted::Loss, noise: None };
                eta.extend_from_slice(lane.forward(&plan, &task, &rows, 0));
            }
        });
        let mut out = vec![0.0; n * self.network.output().n_predictors()];
        for (range, mut eta) in parts {
            for rows in blocks(range) {
                let rest = eta.split_off(rows.len() * self.network.output().n_predictors());
                for (out, eta) in out.chunks_exact_mut(n).zip(eta.chunks_exact(rows.len())) {
                    out[rows.clone()].copy_from_slice(eta);
                }
                eta = rest;
            }
        }
        out
    }

    fn means(&self, eta: &[f64]) -> Vec<f64> {
        let output = self.network.output();
        let n = eta.len() / output.n_predictors();
        let (width, n_means) = (n * output.response().n_predictors(), n * output.response().n_means());
        let mut mu = vec![0.0; n * output.n_means()];
        for (eta, mu) in eta.chunks_exact(width).zip(mu.chunks_exact_mut(n_means)) {
            output.response().mean(eta, mu);
        }
        mu
    }
}

/// Σ w·value over values that come column by column.
fn weighted_sum(values: impl Iterator<Item = f64>, data: &Data<'_>) -> f64 {
    let n = data.n_rows();
    values.enumerate().map(|(index, value)| value * data.weights().get(index % n).copied().unwrap_or(1.0)).sum()
}
