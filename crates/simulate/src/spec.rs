//! What a model is: a response and the hidden layers below it. With no hidden layer it is a GLM.

use anyhow::Result;
use nn::Network;

/// A model. Going from regression to network changes [`hidden`](Self::hidden) and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spec {
    /// Family and link, as `glm_core::spec::response` reads them.
    pub(crate) response: &'static str,
    /// From the features upwards; empty is the GLM.
    pub(crate) hidden: Vec<Hidden>,
    /// The probability with which each feature of each layer is dropped in training; a GLM drops none.
    pub(crate) dropout: f64,
}

/// GLMs side by side, whose means are the features of what comes next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hidden {
    /// How many.
    pub(crate) width: usize,
    /// As `glm_core::spec::activation` reads it.
    pub(crate) activation: String,
}

impl Spec {
    /// The GLM of this response.
    pub(crate) fn regression(response: &'static str) -> Self {
        Self { response, hidden: Vec::new(), dropout: 0.0 }
    }

    /// The model as a network on so many features.
    pub(crate) fn network(&self, inputs: usize) -> Result<Network> {
        let mut network = Network::new(inputs, glm_core::spec::response(self.response)?)?;
        for Hidden { width, activation } in &self.hidden {
            network = network.dropout(self.dropout)?.hidden(*width, glm_core::spec::activation(activation)?)?;
        }
        if self.is_regression() { Ok(network) } else { Ok(network.dropout(self.dropout)?) }
    }

    /// Whether there is no hidden layer.
    pub(crate) fn is_regression(&self) -> bool {
        self.hidden.is_empty()
    }

    /// `10-64·gelu-1·binomial(logit)`, for reports.
    pub(crate) fn describe(&self, inputs: usize) -> String {
        let layers: String = self.hidden.iter().map(|layer| format!("-{}·{}", layer.width, layer.activation)).collect();
        format!("{inputs}{layers}-1·{}", self.response)
    }
}

/// Hidden layers of these widths, all with one activation or each with its own; `None` where the numbers do not match.
pub(crate) fn hidden(widths: &[usize], activations: &[&str]) -> Option<Vec<Hidden>> {
    let activation = |index: usize| match activations {
        [one] => Some(*one),
        several if several.len() == widths.len() => several.get(index).copied(),
        _ => None,
    };
    let layer = |(index, width): (usize, &usize)| {
        activation(index).map(|activation| Hidden { width: *width, activation: activation.to_owned() })
    };
    widths.iter().enumerate().map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hidden_layer_is_the_glm() {
        let regression = Spec { dropout: 0.5, ..Spec::regression("binomial(logit)") };
        let network = regression.network(10).unwrap();
        assert_eq!((network.n_params(), network.layers().len()), (11, 0));
        assert_eq!(regression.describe(10), "10-1·binomial(logit)");
    }

    #[test]
    fn hidden_layers_have_their_widths_activations_and_dropout() {
        let layers = hidden(&[4, 3], &["relu", "sigmoid"]).unwrap();
        let spec = Spec { hidden: layers, ..Spec::regression("gaussian") };
        let network = spec.network(2).unwrap();
        assert_eq!(network.n_params(), 3 * 4 + 5 * 3 + 4);
        assert_eq!(network.layers().len(), 2);
        assert_eq!(spec.describe(2), "2-4·relu-3·sigmoid-1·gaussian");
        // One before each block.
        assert_eq!(Spec { dropout: 0.1, ..spec }.network(2).unwrap().layers().len(), 5);
    }

    #[test]
    fn one_activation_serves_all_layers() {
        let layers = hidden(&[4, 3], &["gelu"]).unwrap();
        assert!(layers.iter().all(|layer| layer.activation == "gelu"));
        assert_eq!(hidden(&[], &["gelu"]), Some(Vec::new()));
        assert_eq!(hidden(&[4, 3, 2], &["gelu", "relu"]), None);
    }
}
