//! The formula language against R: terms of `terms()`, names of `deparse()`, and faults with their place.

use glm_frame::{Formula, Kind};

fn labels(text: &str) -> (bool, Vec<String>) {
    let terms = Formula::parse(text).and_then(|formula| formula.terms(&["y", "a", "b", "c", "x"]));
    let terms = terms.unwrap_or_else(|fault| panic!("{fault}"));
    (terms.intercept, terms.terms.iter().map(|term| terms.label(term)).collect())
}

// Over budget: a table of formulas.
/// `attr(terms(f), "intercept")` and `"term.labels"` of R 4.2.
#[test]
fn terms_are_those_of_r() {
    for (text, intercept, expected) in [
        ("y ~ a", true, &["a"][..]),
        ("y ~ 1", true, &[]),
        ("y ~ 0", false, &[]),
        ("y ~ 0 + a", false, &["a"]),
        ("y ~ a - 1", false, &["a"]),
        ("y ~ -1 + a", false, &["a"]),
        ("y ~ -1 + a + 1", true, &["a"]),
        ("y ~ a*b", true, &["a", "b", "a:b"]),
        ("y ~ a:b + a", true, &["a", "a:b"]),
        ("y ~ b:a + a", true, &["a", "b:a"]),
        ("y ~ a + b:a", true, &["a", "a:b"]),
        ("y ~ a*b*c", true, &["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("y ~ (a + b + c)^2", true, &["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("y ~ (a + b + c)**2 - a:b", true, &["a", "b", "c", "a:c", "b:c"]),
        ("y ~ (a + b:c + x)^2", true, &["a", "x", "a:x", "b:c", "a:b:c", "b:c:x"]),
        ("y ~ (a*b + c)^2", true, &["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("y ~ (a + b + c)^5", true, &["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("y ~ a*b*c - a:b:c", true, &["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("y ~ a/b", true, &["a", "a:b"]),
        ("y ~ a/b/c", true, &["a", "a:b", "a:b:c"]),
        ("y ~ a/(b + c)", true, &["a", "a:b", "a:c"]),
        ("y ~ (a + b)/c", true, &["a", "b", "a:b:c"]),
        ("y ~ a + b %in% a", true, &["a", "a:b"]),
        ("y ~ a - a", true, &[]),
        ("y ~ a + a", true, &["a"]),
        ("y ~ a:a", true, &["a"]),
        ("y ~ .", true, &["a", "b", "c", "x"]),
        ("log(y) ~ . - x", true, &["a", "b", "c"]),
        ("y ~ .^2 - c - x", true, &["a", "b", "a:b", "a:c", "a:x", "b:c", "b:x", "c:x"]),
        ("y ~ log(x) + I(x^2) + a:log(x)", true, &["log(x)", "I(x^2)", "log(x):a"]),
        ("y ~ a + offset(log(x))", true, &["a"]),
        ("cbind(a, b) ~ c", true, &["c"]),
        ("~ a", true, &["a"]),
        ("y ~ (a)", true, &["a"]),
        ("y ~ ((a + b))^2", true, &["a", "b", "a:b"]),
        ("y ~ a + (b - 1)", false, &["a", "b"]),
        ("y ~ a * b - b", true, &["a", "a:b"]),
        ("y ~ a %in% (b + c)", true, &["a:b:c"]),
        ("y ~ (a - 1):b", false, &["a:b"]),
        ("y ~ a:(b - 1)", false, &["a:b"]),
        ("y ~ (a - 1) * b", false, &["a", "b", "a:b"]),
        ("y ~ (a + b - 1)^2", false, &["a", "b", "a:b"]),
        ("y ~ a/(b - 1)", false, &["a", "a:b"]),
        ("y ~ a %in% (b - 1)", false, &["a:b"]),
        ("y ~ (a - 1) %in% b", false, &["a:b"]),
        ("y ~ b - (a - 1)", true, &["b"]),
    ] {
        assert_eq!(labels(text), (intercept, expected.iter().map(|label| (*label).to_owned()).collect()), "{text}");
    }
}

/// `deparse(quote(…))` of R 4.2.
#[test]
fn names_are_those_of_r() {
    for (text, expected) in [
        ("log( x )", "log(x)"),
        ("I(x ^ 2)", "I(x^2)"),
        ("I(2*x-x/128)", "I(2 * x - x/128)"),
        ("ns(x,df=3)", "ns(x, df = 3)"),
        ("bs(x, knots=c(72,79,85))", "bs(x, knots = c(72, 79, 85))"),
        ("C(a , sum)", "C(a, sum)"),
        ("poly( x,2 , raw=TRUE)", "poly(x, 2, raw = TRUE)"),
        ("I((x+1)*2)", "I((x + 1) * 2)"),
        ("I(-x)", "I(-x)"),
        ("I(x >= 3)", "I(x >= 3)"),
        ("I(x %% 2)", "I(x%%2)"),
        ("I(x %/% 2)", "I(x%/%2)"),
        ("factor(a, levels = c(\"u\", 'v'))", "factor(a, levels = c(\"u\", \"v\"))"),
        ("I(x * 100000)", "I(x * 1e+05)"),
        ("I(x * 123456)", "I(x * 123456)"),
        ("I(x * 0.0001)", "I(x * 1e-04)"),
        ("I(x * 0.001)", "I(x * 0.001)"),
        ("I(x * 1e6)", "I(x * 1e+06)"),
        ("I(x * 0.1234567890123456)", "I(x * 0.123456789012346)"),
        ("I(x * 2L)", "I(x * 2L)"),
        ("`my col`", "`my col`"),
        ("`plain`", "plain"),
        ("I(x^2^3)", "I(x^2^3)"),
        ("I(!a)", "I(!a)"),
        ("I(-x^2)", "I(-x^2)"),
    ] {
        let formula = Formula::parse(&format!("y ~ {text}")).unwrap_or_else(|fault| panic!("{fault}"));
        let terms = formula.terms(&[]).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(terms.variables[0].to_string(), expected);
    }
}

#[test]
fn offsets_and_responses_are_apart() {
    let formula = Formula::parse("cbind(s, n - s) ~ a + offset(log(t)) + offset(u) - 1").expect("a formula");
    let terms = formula.terms(&[]).expect("terms");
    assert_eq!(terms.offsets.iter().map(ToString::to_string).collect::<Vec<_>>(), ["log(t)", "u"]);
    assert_eq!(terms.response.as_ref().map(ToString::to_string).as_deref(), Some("cbind(s, n - s)"));
    assert_eq!((terms.intercept, terms.columns()), (false, vec!["s", "n", "a", "t", "u"]));
    assert!(matches!(&terms.response.expect("a response").kind, Kind::Call { function, .. } if function == "cbind"));
}

#[test]
fn a_fault_shows_its_place() {
    for (text, place, words) in [
        ("", "", "too early"),
        ("y", "", "~"),
        ("y ~", "", "too early"),
        ("y ~ a +", "", "too early"),
        ("y ~ a + * b", "*", "not expected"),
        ("y ~ a b", "b", "without an operator"),
        ("y ~ (a + b", "(", "never closed"),
        ("y ~ a)", ")", "not expected"),
        ("y ~ log(x", "(", "never closed"),
        ("y ~ a ~ b", "~", "second"),
        ("y ~ 2 + a", "2", "no term"),
        ("y ~ a^b", "b", "power"),
        ("y ~ a^0", "0", "power"),
        ("y ~ x == 2", "x == 2", "no terms"),
        ("y ~ \"a\"", "\"a\"", "no term"),
        ("y ~ y + a", "y", "response"),
        ("y ~ a:offset(b)", "a:offset(b)", "offset"),
        ("y ~ offset(b, c)", "offset(b, c)", "one argument"),
        ("y ~ a $ b", "$", "means nothing"),
        ("y ~ `a", "`a", "never closed"),
        ("y ~ ``", "``", "empty name"),
        ("y = a", "=", "="),
        ("y ~ f(a = )", ")", "not expected"),
        ("größe ~ ü $ b", "$", "means nothing"),
    ] {
        let fault = Formula::parse(text).and_then(|formula| formula.terms(&["y", "a"])).expect_err(text);
        assert_eq!(&text[fault.span.clone()], place, "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
        assert!(!fault.advice.is_empty());
    }
}

#[test]
fn a_mark_stands_below_its_place() {
    let fault = Formula::parse("größe ~ ü $ b").expect_err("a dollar");
    assert!(fault.to_string().contains("  größe ~ ü $ b\n            ^\n"), "{fault}");
}

#[test]
fn no_formula_is_too_deep_or_too_wide() {
    let deep = format!("y ~ {}a{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Formula::parse(&deep).is_err());
    let minus = format!("y ~ {}a", "-".repeat(5000));
    assert!(Formula::parse(&minus).is_err());
    let long = format!("y ~ {}", vec!["a"; 20_000].join(" + "));
    assert!(Formula::parse(&long).is_err());
    for operator in ["*", ":", "%in%", "/", "==", "&&"] {
        assert!(Formula::parse(&format!("y ~ {}", vec!["a"; 4000].join(operator))).is_err(), "{operator}");
        assert!(Formula::parse(&format!("{} ~ a", vec!["a"; 4000].join(operator))).is_err(), "{operator}");
    }
    for operator in ["+", "*"] {
        assert!(Formula::parse(&format!("y ~ I({})", vec!["a"; 4000].join(operator))).is_err(), "{operator}");
    }
    let names: Vec<String> = (0..4000).map(|i| format!("x{i}")).collect();
    let wide = Formula::parse(&format!("y ~ {}", names.join(" + "))).expect("4000 terms");
    assert_eq!(wide.terms(&[]).expect("4000 terms").terms.len(), 4000);
    assert_eq!(wide.clone().to_string(), wide.text());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for text in ["y ~ .^3", "y ~ .*.", "y ~ .:."] {
        assert!(Formula::parse(text).expect("short").terms(&names).is_err(), "{text}");
    }
}

/// Found by fuzzing: terms were looked for among all terms before them, which took minutes.
#[test]
fn interactions_of_many_variables_expand() {
    let variables: Vec<String> = (1..=14).map(|i| format!("x{i}")).collect();
    let expanded = Formula::parse(&format!("y ~ {}", variables.join(" * "))).unwrap().terms(&[]).unwrap();
    assert_eq!(expanded.terms.len(), (1 << 14) - 1);
    assert_eq!(expanded.label(&expanded.terms[14]), "x1:x2");
    assert_eq!(expanded.terms.last().unwrap().len(), 14);
}

/// Found by fuzzing: what is printed was not always a formula, or was another one.
#[test]
fn what_is_printed_reads_back() {
    for text in [
        "y ~ I(g == \"a\\n\\t\\r\\\\\\\"b\")",
        "y ~ `f g`(x, `a b` = `c\\`\\\\d`)",
        "y ~ `TRUE`(x)",
        "y ~ I(x / 1.7976931348623157e308)",
        "y ~ I(!-x^-n:2L %in% 'it\\'s')",
    ] {
        let printed = Formula::parse(text).unwrap().to_string();
        assert_eq!(Formula::parse(&printed).unwrap().to_string(), printed, "{text}");
    }
    let text = Formula::parse("y ~ I(g == 'a\\nb')").unwrap().terms(&[]).unwrap().variables[0].to_string();
    assert_eq!(text, "I(g == \"a\\nb\")");
}
