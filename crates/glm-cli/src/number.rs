//! Numbers as R prints them: as many digits as tell, the same number of decimals in a column.

/// Beyond these, a number is written with an exponent.
const LARGE: f64 = 1e9;
const SMALL: f64 = 1e-4;
/// R's `.Machine$double.eps`, to the digits that are printed: a smaller p-value is not told apart.
const LEAST_P: f64 = 2.2e-16;
/// What does not exist.
const NOTHING: &str = "NA";

/// One number with so many significant digits and no zeros at the end, R's `format(x, digits)`.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return NOTHING.to_owned();
    }
    let scientific = scientific(value, digits);
    let exponent = exponent(value, digits);
    if value != 0.0 && !(-5..15).contains(&exponent) {
        return scientific;
    }
    let fixed = format!("{value:.*}", decimals(exponent, digits));
    let fixed = without_zeros(&fixed);
    if fixed.len() <= scientific.len() { fixed.to_owned() } else { scientific }
}

/// A column: as many decimals for each number as the one that needs most for so many significant digits, except numbers so
/// large or small that only an exponent can tell them.
pub(crate) fn column(values: &[Option<f64>], digits: usize) -> Vec<String> {
    columns(&[values], digits, &[]).into_iter().flatten().collect()
}

/// Columns that share their decimals, which are those that the first of them need; after them, further ones that follow.
pub(crate) fn columns(first: &[&[Option<f64>]], digits: usize, further: &[&[Option<f64>]]) -> Vec<Vec<String>> {
    let needs = |value: f64| {
        let text = format!("{value:.*}", decimals(exponent(value, digits), digits));
        without_zeros(&text).split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let fixed = first.iter().flat_map(|values| values.iter().flatten().copied()).filter(|value| is_fixed(*value));
    let decimals = fixed.map(needs).max().unwrap_or(0);
    let text = |value: &Option<f64>| match *value {
        Some(value) if is_fixed(value) => format!("{value:.decimals$}"),
        Some(value) if value.is_finite() => scientific(value, digits),
        _ => NOTHING.to_owned(),
    };
    first.iter().chain(further).map(|values| values.iter().map(text).collect()).collect()
}

/// Whether a number is written without an exponent.
fn is_fixed(value: f64) -> bool {
    value == 0.0 || (SMALL..LARGE).contains(&value.abs())
}

/// A column with exactly so many decimals.
pub(crate) fn decimals_column(values: &[Option<f64>], decimals: usize) -> Vec<String> {
    let text = |value: f64| match value.abs() < LARGE {
        true => format!("{value:.decimals$}"),
        false => scientific(value, decimals + 1),
    };
    values.iter().map(|value| value.filter(|value| value.is_finite()).map_or(NOTHING.to_owned(), text)).collect()
}

/// P-values as R's `format.pval` with three digits has them.
pub(crate) fn p_values(values: &[Option<f64>]) -> Vec<String> {
    const DIGITS: usize = 3;
    // R's rule: those from 0.001 on share their decimals, each smaller one stands for itself.
    let is_joint = |value: f64| value >= 1e-3;
    let joint: Vec<Option<f64>> = values.iter().map(|value| value.filter(|value| is_joint(*value))).collect();
    let together = column(&joint, DIGITS);
    let text = |(value, joint): (&Option<f64>, String)| match *value {
        Some(value) if is_joint(value) => joint,
        Some(value) if value < LEAST_P => "<2e-16".to_owned(),
        Some(value) if value.is_finite() => significant(value, DIGITS),
        _ => NOTHING.to_owned(),
    };
    values.iter().zip(together).map(text).collect()
}

/// The stars of a p-value.
pub(crate) fn stars(p_value: Option<f64>) -> &'static str {
    match p_value {
        Some(p) if p < 0.001 => "***",
        Some(p) if p < 0.01 => "**",
        Some(p) if p < 0.05 => "*",
        Some(p) if p < 0.1 => ".",
        _ => "",
    }
}

/// The power of ten of the first digit, after rounding to so many digits.
fn exponent(value: f64, digits: usize) -> i32 {
    let text = format!("{:.*e}", digits.saturating_sub(1), value);
    text.rsplit_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// The decimals that so many digits need.
fn decimals(exponent: i32, digits: usize) -> usize {
    let digits = i32::try_from(digits).unwrap_or(i32::MAX);
    usize::try_from(digits.saturating_sub(1).saturating_sub(exponent)).unwrap_or(0)
}

/// `1.5e-07`.
fn scientific(value: f64, digits: usize) -> String {
    let text = format!("{:.*e}", digits.saturating_sub(1), value);
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
    format!("{}e{sign}{exponent:0>2}", without_zeros(mantissa))
}

fn without_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_numbers_are_rs() {
        // R: format(x, digits = 4)
        let numbers = [
            (56.76131, "56.76"),
            (1.0, "1"),
            (123_456.0, "123456"),
            (0.000_123_46, "0.0001235"),
            (1.5e-7, "1.5e-07"),
            (0.0, "0"),
            (-2.5, "-2.5"),
            (1e15, "1e+15"),
            (0.099_999_9, "0.1"),
            (f64::NAN, "NA"),
        ];
        for (number, text) in numbers {
            assert_eq!(significant(number, 4), text);
        }
    }

    #[test]
    fn columns_share_their_decimals() {
        // R: format(c(3.044522, -0.454255, -0.2929871), digits = 4)
        let values = [3.044_522_4, -0.454_255_3, -0.292_987_1].map(Some);
        assert_eq!(column(&values, 4), ["3.0445", "-0.4543", "-0.2930"]);
        assert_eq!(column(&[Some(12.5), None, Some(3.0)], 4), ["12.5", "NA", "3.0"]);
        assert_eq!(column(&[Some(1.25e-9), Some(2.0)], 4), ["1.25e-09", "2"]);
        let shared = columns(&[&[Some(12.5)], &[Some(0.25)]], 4, &[&[Some(1.0 / 3.0)]]);
        assert_eq!(shared.concat(), ["12.50", "0.25", "0.33"]);
        assert_eq!(decimals_column(&[Some(17.8149), Some(-2.0)], 3), ["17.815", "-2.000"]);
    }

    #[test]
    fn p_values_are_those_of_format_pval() {
        // R: format.pval(p, digits = 3, eps = 2.2e-16) without the blank after `<`
        let values = [0.0, 1e-17, 0.000_146_2, 3.69e-8, 0.024_6, 0.549_5, 1.0].map(Some);
        assert_eq!(p_values(&values), ["<2e-16", "<2e-16", "0.000146", "3.69e-08", "0.0246", "0.5495", "1.0000"]);
        assert_eq!(p_values(&[None]), ["NA"]);
    }

    #[test]
    fn stars_have_rs_borders() {
        let of = [0.0005, 0.001, 0.01, 0.05, 0.1].map(|p| stars(Some(p)));
        assert_eq!(of, ["***", "**", "*", ".", ""]);
        assert_eq!(stars(None), "");
    }
}
