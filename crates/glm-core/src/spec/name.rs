//! A name with its parameter, read from text.

/// A word in lower case with `-` between its parts, and a number in parentheses where there is one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    pub(super) word: String,
    pub(super) parameter: Option<f64>,
}

impl Name {
    /// Reads `word` or `word(number)`; anything else becomes a word that nothing is called.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let power = text.strip_prefix("mu^").and_then(number);
        if power.is_some() {
            return Self { word: "power".to_owned(), parameter: power };
        }
        let inner = text.strip_suffix(')').and_then(|open| open.split_once('('));
        match inner.and_then(|(word, inner)| Some((word, number(inner)?))) {
            Some((word, parameter)) => Self { word: canonical(word), parameter: Some(parameter) },
            None => Self { word: canonical(text), parameter: None },
        }
    }
}

/// Splits a response into its family and its link: `tweedie(1.5)(power(-0.5))` into `tweedie(1.5)` and `power(-0.5)`,
/// `gamma(log)` into `gamma` and `log`. The first parentheses hold a parameter if they hold a number.
pub(super) fn split_response(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let Some(open) = text.find('(') else { return (text, None) };
    let Some(close) = closing(&text[open..]).map(|close| open + close) else { return (text, None) };
    let inside = &text[open + 1..close];
    if number(inside).is_none() {
        return if close + 1 == text.len() { (&text[..open], Some(inside)) } else { (text, None) };
    }
    let (family, rest) = text.split_at(close + 1);
    match rest.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(link) => (family, Some(link)),
        None if rest.trim().is_empty() => (family, None),
        None => (text, None),
    }
}

/// The position of the parenthesis that closes the first one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (position, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(position),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn canonical(word: &str) -> String {
    word.trim().to_lowercase().replace(['_', '.', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_responses() {
        let name = |word: &str, parameter| Name { word: word.to_owned(), parameter };
        assert_eq!(Name::parse(" Inverse.Gaussian "), name("inverse-gaussian", None));
        assert_eq!(Name::parse("power( -0.5 )"), name("power", Some(-0.5)));
        assert_eq!(Name::parse("mu^0.25"), name("power", Some(0.25)));
        assert_eq!(Name::parse("power(x)").parameter, None);
        for (text, family, link) in [
            ("poisson", "poisson", None),
            ("gamma(log)", "gamma", Some("log")),
            ("gamma(power(0.5))", "gamma", Some("power(0.5)")),
            ("tweedie(1.5)", "tweedie(1.5)", None),
            ("tweedie(1.5)(power(-0.5))", "tweedie(1.5)", Some("power(-0.5)")),
            ("gamma(log)x", "gamma(log)x", None),
            ("gamma(log", "gamma(log", None),
        ] {
            assert_eq!(split_response(text), (family, link), "{text}");
        }
    }
}
