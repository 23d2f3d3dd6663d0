//! Names and what they stand for: `"poisson(log)"` ⇄ a family with its link, for command lines and formulas.
//!
//! A name is a word with, where there is one, its parameter in parentheses: `power(0.5)`, `negative-binomial(2)`. A
//! response is a family followed by its link in parentheses: `gamma(log)`, `tweedie(1.5)(power(-0.5))`; without a link
//! it has its default one: R's, which is the canonical one where the family has it here (log for Tweedie). Case does not
//! matter, `_`, `.` and space count as `-`, and R's names (`Gamma`, `inverse.gaussian`, `1/mu^2`, `mu^0.5`) are
//! understood. What `name()` gives is read back.
//!
//! ```
//! use glm_core::spec;
//! assert_eq!(spec::response("gamma")?.name(), "gamma(inverse)");
//! assert_eq!(spec::response("negative-binomial(2)")?.name(), "negative-binomial(2)(log)");
//! assert_eq!(spec::link("1/mu^2")?.name(), "inverse-squared");
//! assert_eq!(spec::activation("sigmoid")?.mu(0.0), 0.5);
//! assert!(spec::family("guassian").unwrap_err().to_string().contains("gaussian"));
//! # Ok::<(), glm_core::Error>(())
//! ```

mod name;
mod table;

pub use table::{ACTIVATIONS, FAMILIES, LINKS, RESPONSES};

use name::{Name, split_response};
use table::{Boxed, Use};

use crate::{Activation, Canonical, CanonicalGlm, Error, Family, Glm, Interval, Link, Log, Response};

/// The family of a name, one of [`FAMILIES`].
///
/// # Errors
///
/// [`Error::UnknownName`] with the names there are; [`Error::InvalidParameter`] for a parameter that is not allowed.
pub fn family(name: &str) -> Result<Box<dyn Family>, Error> {
    table::family(&Name::parse(name), &Boxed).unwrap_or_else(|| Err(unknown("family", name, &[FAMILIES])))
}

/// The link of a name, one of [`LINKS`].
///
/// # Errors
///
/// As for [`family`].
pub fn link(name: &str) -> Result<Box<dyn Link>, Error> {
    table::link(&Name::parse(name)).unwrap_or_else(|| Err(unknown("link", name, &[LINKS])))
}

/// The activation of a name, one of [`ACTIVATIONS`] or [`LINKS`]; `sigmoid` is the inverse of the logit link, `exp` of
/// the log and `linear` of the identity.
///
/// # Errors
///
/// As for [`family`].
pub fn activation(name: &str) -> Result<Box<dyn Activation>, Error> {
    let parsed = Name::parse(name);
    let as_link = || table::link(&parsed).map(|link| link.map(|link| link as Box<dyn Activation>));
    let nothing = || Err(unknown("activation", name, &[ACTIVATIONS, &["sigmoid", "exp"], LINKS]));
    table::activation(&parsed).or_else(as_link).unwrap_or_else(nothing)
}

/// The response of a name: a family of [`FAMILIES`] with or without a link of [`LINKS`] in parentheses, or one of
/// [`RESPONSES`]. A family with its canonical link is a [`CanonicalGlm`], every other pair a [`Glm`].
///
/// # Errors
///
/// As for [`family`], and [`Error::InvalidPair`] where the link cannot give the family's means.
pub fn response(name: &str) -> Result<Box<dyn Response>, Error> {
    if let Some(softmax) = table::coupled(&Name::parse(name)) {
        return Ok(Box::new(softmax?));
    }
    match split_response(name) {
        (family, Some(link)) => pair(family, link),
        (family, None) => pair(family, table::default_link(&Name::parse(family).word)),
    }
}

/// The response of a family's name and a link's.
///
/// # Errors
///
/// As for [`response`].
pub fn pair(family: &str, link: &str) -> Result<Box<dyn Response>, Error> {
    let joined = table::family(&Name::parse(family), &JoinedWith(link));
    joined.unwrap_or_else(|| Err(unknown("family", family, &[FAMILIES, RESPONSES])))?
}

/// The names in [`LINKS`] of the links that can give every mean of a domain.
#[must_use]
pub fn links_covering(domain: &Interval) -> Vec<String> {
    let covers = |name: &&&str| link(&name.replace('λ', "2")).is_ok_and(|link| link.range().covers(domain));
    LINKS.iter().filter(covers).map(|name| (*name).to_owned()).collect()
}

/// Makes a response of a family and the link of this name.
struct JoinedWith<'a>(&'a str);

impl Use for JoinedWith<'_> {
    type Output = Result<Box<dyn Response>, Error>;

    fn any<F: Family + 'static>(&self, family: F) -> Self::Output {
        let link = link(self.0)?;
        // The log link is by far the commonest that is not canonical, and is worth a loop without dynamic calls.
        if link.name() == "log" { Ok(Box::new(Glm::new(family, Log)?)) } else { Ok(Box::new(Glm::new(family, link)?)) }
    }

    fn canonical<F: Canonical<Link: 'static> + 'static>(&self, family: F) -> Self::Output {
        if link(self.0)?.name() == family.canonical_link().name() {
            return Ok(Box::new(CanonicalGlm::new(family)));
        }
        self.any(family)
    }
}

fn unknown(kind: &'static str, name: &str, known: &[&[&str]]) -> Error {
    Error::UnknownName { kind, name: name.to_owned(), known: known.concat().join(", ") }
}
