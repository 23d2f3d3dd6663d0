//! Functions and operators on numbers, by R's rules.

use serde::{Deserialize, Serialize};

macro_rules! functions {
    ($($variant:ident $name:literal $at:expr,)*) => {
        /// A function of one number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum Function { $(#[doc = concat!("`", $name, "`.")] $variant,)* }

        impl Function {
            /// What R calls them.
            pub(crate) const NAMES: &'static [(&'static str, Self)] = &[$(($name, Self::$variant),)*];

            /// Its value.
            pub(crate) fn at(self, x: f64) -> f64 {
                match self { $(Self::$variant => $at(x),)* }
            }
        }
    };
}

functions! {
    Log "log" libm::log,
    Log2 "log2" libm::log2,
    Log10 "log10" libm::log10,
    Log1p "log1p" libm::log1p,
    Exp "exp" libm::exp,
    Expm1 "expm1" libm::expm1,
    Sqrt "sqrt" f64::sqrt,
    Abs "abs" f64::abs,
    Sign "sign" |x: f64| if x == 0.0 || x.is_nan() { x } else { x.signum() },
    Sin "sin" libm::sin,
    Cos "cos" libm::cos,
    Tan "tan" libm::tan,
    Asin "asin" libm::asin,
    Acos "acos" libm::acos,
    Atan "atan" libm::atan,
    Sinh "sinh" libm::sinh,
    Cosh "cosh" libm::cosh,
    Tanh "tanh" libm::tanh,
    Floor "floor" f64::floor,
    Ceiling "ceiling" f64::ceil,
    Trunc "trunc" f64::trunc,
    Round "round" f64::round_ties_even,
    Negative "-" |x: f64| -x,
    Not "!" |x: f64| truth(x == 0.0, x, x),
}

/// An operator between two numbers; comparisons are 1 or 0, or NaN where a side is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operator {
    /// a + b.
    Add,
    /// a − b.
    Subtract,
    /// a · b.
    Multiply,
    /// a / b.
    Divide,
    /// aᵇ.
    Power,
    /// a − b ⌊a / b⌋.
    Modulo,
    /// ⌊a / b⌋.
    Quotient,
    /// The smaller.
    Least,
    /// The larger.
    Most,
    /// a < b.
    Less,
    /// a ≤ b.
    LessOrEqual,
    /// a > b.
    More,
    /// a ≥ b.
    MoreOrEqual,
    /// a = b.
    Equal,
    /// a ≠ b.
    Unequal,
    /// Both are not zero.
    And,
    /// Either is not zero.
    Or,
}

impl Operator {
    /// The operator that R writes so.
    pub(crate) fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "^" => Self::Power,
            "%%" => Self::Modulo,
            "%/%" => Self::Quotient,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::More,
            ">=" => Self::MoreOrEqual,
            "==" => Self::Equal,
            "!=" => Self::Unequal,
            "&&" => Self::And,
            "||" => Self::Or,
            _ => return None,
        })
    }

    /// Whether the value is true or false.
    pub(crate) fn is_logical(self) -> bool {
        use Operator as O;
        matches!(self, O::Less | O::LessOrEqual | O::More | O::MoreOrEqual | O::Equal | O::Unequal | O::And | O::Or)
    }

    /// Its value.
    #[expect(clippy::float_cmp, reason = "comparing is what the formula asks for")]
    pub(crate) fn at(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => power(a, b),
            Self::Modulo => a - b * (a / b).floor(),
            Self::Quotient => (a / b).floor(),
            Self::Least => {
                if a.is_nan() || b.is_nan() {
                    f64::NAN
                } else {
                    a.min(b)
                }
            }
            Self::Most => {
                if a.is_nan() || b.is_nan() {
                    f64::NAN
                } else {
                    a.max(b)
                }
            }
            Self::Less => truth(a < b, a, b),
            Self::LessOrEqual => truth(a <= b, a, b),
            Self::More => truth(a > b, a, b),
            Self::MoreOrEqual => truth(a >= b, a, b),
            Self::Equal => truth(a == b, a, b),
            Self::Unequal => truth(a != b, a, b),
            Self::And => truth(a != 0.0 && b != 0.0, a, b),
            Self::Or => truth(a != 0.0 || b != 0.0, a, b),
        }
    }
}

/// 1 or 0, NaN where a side is.
fn truth(holds: bool, a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { f64::from(u8::from(holds)) }
}

/// xʸ; whole powers up to 64 carry the products' rounding errors along, so that nearly all are rounded once.
pub(crate) fn power(x: f64, y: f64) -> f64 {
    #[expect(clippy::float_cmp, reason = "whole numbers are exact")]
    let whole = y.trunc() == y && (0.0..=64.0).contains(&y);
    if !whole {
        return libm::pow(x, y);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 64")]
    let times = y as u32;
    if times == 2 {
        return x * x;
    }
    let (mut high, mut low) = (1.0, 0.0);
    for _ in 0..times {
        let product = high * x;
        low = f64::mul_add(high, x, -product) + low * x;
        high = product;
    }
    let sum = high + low;
    if sum.is_finite() { sum } else { libm::pow(x, y) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_rounded_once() {
        // 1.1^10 and (-0.3)^7 to 20 digits, of the binary64 bases.
        assert!((power(1.1, 10.0) - 2.593_742_460_100_002_4).abs() <= 4.5e-16);
        for (x, y, expected) in
            [(2.0, 10.0, 1024.0), (0.0, 0.0, 1.0), (-2.0, 3.0, -8.0), (9.0, 0.5, 3.0), (2.0, -1.0, 0.5)]
        {
            assert_eq!(power(x, y).to_bits(), f64::to_bits(expected), "{x}^{y}");
        }
        assert_eq!(power(1e300, 2.0).to_bits(), f64::INFINITY.to_bits());
        assert!(power(f64::NAN, 2.0).is_nan());
    }

    #[test]
    fn remainders_have_the_sign_of_the_divisor() {
        assert_eq!(
            [Operator::Modulo.at(-7.0, 3.0), Operator::Quotient.at(-7.0, 3.0)].map(f64::to_bits),
            [2.0, -3.0].map(f64::to_bits)
        );
    }

    #[test]
    fn comparing_with_missing_is_missing() {
        assert!(Operator::Less.at(f64::NAN, 1.0).is_nan() && Function::Not.at(f64::NAN).is_nan());
    }
}
