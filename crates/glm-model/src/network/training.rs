//! Training a network by the settings of a specification.

use nn::{Adam, BatchSize, Data, EarlyStopping, Error, Initial, Network, Observer, Trained, Validation};

use crate::Training;

/// What is trained on what.
pub(super) struct Run<'a> {
    pub(super) network: &'a Network,
    pub(super) data: &'a Data<'a>,
    pub(super) settings: &'a Training,
    /// The linear predictors of the null model, where the network begins; without them it begins at the offset.
    pub(super) start: Option<&'a [f64]>,
}

impl Run<'_> {
    /// Trains. A Gaussian response with the identity link is trained in units of its residual standard deviation at the
    /// start, and its head brought back to those of the response: rates then mean the same whatever the units.
    pub(super) fn train(&self, observer: &mut dyn Observer) -> Result<Trained<f64>, Error> {
        let response = self.network.output().response();
        let linear = response.family().is_some_and(|family| family.name() == "gaussian")
            && response.link().is_some_and(glm_core::Link::is_identity);
        if !linear {
            return self.train_on(self.data, self.start, observer);
        }
        let n = self.data.n_rows();
        let centre = self.start.map_or(0.0, |start| start[0]);
        let added = |row: usize| self.data.offset().get(row).copied().unwrap_or(0.0);
        let residual = |(row, y): (usize, &f64)| y - centre - added(row);
        let y: Vec<f64> = self.data.y().iter().enumerate().map(residual).collect();
        let weight = |row: usize| self.data.weights().get(row).copied().unwrap_or(1.0);
        let square: f64 = (0..n).map(|row| weight(row) * y[row] * y[row]).sum();
        let scale = (square / self.data.total_weight()).sqrt();
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let y: Vec<f64> = y.iter().map(|y| y / scale).collect();
        let mut data = Data::new(self.data.columns().iter().copied(), &y)?;
        if !self.data.weights().is_empty() {
            data = data.with_weights(self.data.weights())?;
        }
        let zero = self.start.map(|_| [0.0]);
        let mut trained = self.train_on(&data, zero.as_ref().map(<[f64; 1]>::as_slice), observer)?;
        let head = trained.params.len() - self.network.top().n_params();
        trained.params[head..].iter_mut().for_each(|param| *param *= scale);
        trained.params[head] += centre;
        for epoch in &mut trained.history.epochs {
            epoch.training_loss *= scale * scale;
            epoch.validation_loss = epoch.validation_loss.map(|loss| loss * scale * scale);
        }
        Ok(trained)
    }

    fn train_on(
        &self,
        data: &Data<'_>,
        start: Option<&[f64]>,
        observer: &mut dyn Observer,
    ) -> Result<Trained<f64>, Error> {
        let settings = self.settings;
        let full = settings.batch >= data.n_rows();
        let training = nn::Training {
            epochs: settings.epochs,
            batch_size: if full { BatchSize::Full } else { BatchSize::Rows(settings.batch) },
            l2: settings.l2,
            early_stopping: settings.patience.map(|patience| EarlyStopping { patience, min_delta: 0.0 }),
            initial: Initial::Given(self.initial(start)?),
            seed: settings.seed,
            ..nn::Training::with(Adam::new(settings.rate))
        };
        let validation = match settings.patience {
            Some(_) => Validation::Split(settings.validation),
            None => Validation::None,
        };
        self.network.train(data, validation, &training, observer)
    }

    /// Glorot's weights; the head begins at the null model, or at zero on top of a regression.
    fn initial(&self, start: Option<&[f64]>) -> Result<Vec<f64>, Error> {
        let mut params = Initial::Glorot.params(self.network, self.settings.seed)?;
        let top = self.network.top();
        let head = params.len() - top.n_params();
        match start {
            None => params[head..].fill(0.0),
            Some(start) => {
                let intercepts = params[head..].iter_mut().step_by(top.inputs + 1);
                intercepts.zip(start).for_each(|(param, start)| *param = *start);
            }
        }
        Ok(params)
    }
}
