//! A link is an invertible activation: η = g(μ), and everything about μ = g⁻¹(η).

mod cauchit;
mod cloglog;
mod identity;
mod inverse;
mod inverse_squared;
mod log;
mod logit;
mod loglog;
mod odds_power;
mod power;
mod probit;
mod sqrt;

pub use cauchit::Cauchit;
pub use cloglog::Cloglog;
pub use identity::Identity;
pub use inverse::Inverse;
pub use inverse_squared::InverseSquared;
pub use log::Log;
pub use logit::Logit;
pub use loglog::Loglog;
pub use odds_power::OddsPower;
pub use power::Power;
pub use probit::Probit;
pub use sqrt::Sqrt;

use crate::{Activation, Interval, Mean, Point, Points};

/// An activation with an inverse, η = g(μ).
///
/// The two required methods of [`Activation`] and the three here make a link. The provided [`at`](Self::at) is right
/// wherever μ and 1 − μ neither underflow nor cancel; a link whose tails matter overrides it.
/// Check a link of your own with [`laws::link`](crate::laws::link).
pub trait Link: Activation {
    /// η = g(μ). Reads whichever of μ and 1 − μ is the accurate one.
    fn eta(&self, mean: Mean) -> f64;

    /// d²μ/dη².
    fn d2mu_deta2(&self, eta: f64) -> f64;

    /// The means that the link can give: the image of [`domain`](Self::domain) under g⁻¹.
    fn range(&self) -> Interval;

    /// The linear predictors at which the link is defined; all of them unless told otherwise.
    fn domain(&self) -> Interval {
        Interval::REAL
    }

    /// Whether μ = η.
    fn is_identity(&self) -> bool {
        false
    }

    /// Whether η = ln μ.
    fn is_log(&self) -> bool {
        false
    }

    /// [`eta`](Self::eta) of each mean, for where a fit starts: to a few rounding errors of the mean, so that what is within
    /// them of one may be infinite.
    fn eta_into(&self, mu: &[f64], eta: &mut [f64]) {
        eta.iter_mut().zip(mu).for_each(|(eta, mu)| *eta = self.eta(Mean::from(*mu)));
    }

    /// [`at`](Self::at) for up to 64 rows; a row outside the domain is declined.
    fn at_block(&self, eta: &[f64], points: &mut Points) {
        let domain = self.domain();
        for (row, eta) in eta.iter().enumerate() {
            if domain.contains(*eta) {
                points.set(row, self.at(*eta));
            } else {
                points.decline(row);
            }
        }
    }

    /// Everything about η at once: μ, 1 − μ, their logarithms, and two derivatives of each.
    fn at(&self, eta: f64) -> Point {
        Point::from_mean(Mean::from(self.mu(eta)), self.dmu_deta(eta), self.d2mu_deta2(eta))
    }
}

impl<L: Link + ?Sized> Link for Box<L> {
    fn eta(&self, mean: Mean) -> f64 {
        (**self).eta(mean)
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        (**self).d2mu_deta2(eta)
    }
    fn range(&self) -> Interval {
        (**self).range()
    }
    fn domain(&self) -> Interval {
        (**self).domain()
    }
    fn is_identity(&self) -> bool {
        (**self).is_identity()
    }
    fn is_log(&self) -> bool {
        (**self).is_log()
    }
    fn eta_into(&self, mu: &[f64], eta: &mut [f64]) {
        (**self).eta_into(mu, eta);
    }
    fn at(&self, eta: f64) -> Point {
        (**self).at(eta)
    }
    fn at_block(&self, eta: &[f64], points: &mut Points) {
        (**self).at_block(eta, points);
    }
}
