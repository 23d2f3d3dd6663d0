//! The functions of slices against 60-digit values, at the ends of their domains, and wherever a number stands in a slice.

use glm_core::vector;

type OfSlices = fn(&[f64], &mut [f64]);
type OfNumbers = fn(f64) -> f64;

/// Each function, the error that `vector.rs` states for it in units of the last place, and the scalar function.
const FUNCTIONS: [(&str, OfSlices, f64, OfNumbers); 8] = [
    ("exp", vector::exp, 1.0, f64::exp),
    ("exp_m1", vector::exp_m1, 1.5, f64::exp_m1),
    ("ln", vector::ln, 1.0, f64::ln),
    ("ln_1p", vector::ln_1p, 1.0, f64::ln_1p),
    ("tanh", vector::tanh, 2.0, f64::tanh),
    ("normal_pdf", vector::normal_pdf, 1.0, glm_core::special::normal_pdf),
    ("normal_cdf", vector::normal_cdf, 1.5, glm_core::special::normal_cdf),
    ("ln_normal_cdf", vector::ln_normal_cdf, 2.0, glm_core::special::ln_normal_cdf),
];

fn apply(function: OfSlices, x: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    function(x, &mut out);
    out
}

fn last_place(value: f64) -> f64 {
    value.abs().next_up() - value.abs()
}

#[test]
fn errors_in_units_of_the_last_place() {
    let table = include_str!("data/vector.tsv");
    for (name, function, allowed, _) in FUNCTIONS {
        let rows: Vec<[f64; 3]> = table
            .lines()
            .filter_map(|line| line.split_once('\t').filter(|(first, _)| *first == name))
            .map(|(_, rest)| rest.split('\t').map(|field| field.parse().unwrap()).collect::<Vec<f64>>())
            .map(|fields| fields.try_into().unwrap())
            .collect();
        assert_eq!(rows.len(), if name.contains("normal") { 320 } else { 160 }, "{name}");
        let x: Vec<f64> = rows.iter().map(|row| row[0]).collect();
        for ([x, high, low], found) in rows.iter().zip(apply(function, &x)) {
            let error = ((found - high) - low).abs() / last_place(*high);
            assert!(error <= allowed, "{name}({x:e}) = {found:e} is wrong by {error} ulp");
        }
    }
}

/// Infinities, NaN, zeros with their signs, and both sides of every threshold, as the scalar functions have them.
#[test]
fn special_values_are_those_of_the_scalar_functions() {
    let inf = f64::INFINITY;
    let mut x = vec![0.0, inf, f64::NAN, 5e-324, 1e-310, 1.0, 2.0, 19.5, 40.0, 1e300, f64::MAX, 708.0, 745.0];
    x.extend([709.782_712_893_384, 709.782_712_893_384_1, 745.133_219_101_941_1, 745.133_219_101_941_2, 37.0, 39.0]);
    x.extend(x.clone().iter().map(|x| -x));
    for (name, function, allowed, scalar) in FUNCTIONS {
        for (x, found) in x.iter().zip(apply(function, &x)) {
            let expected = scalar(*x);
            let alike = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
            // The scalar functions are themselves wrong by a little, up to 2e-15 for the normal distribution.
            let close = (found - expected).abs() <= (allowed + 8.0) * last_place(expected);
            let same_sign = found.is_sign_negative() == expected.is_sign_negative();
            let finite = found.is_finite() && expected.is_finite();
            assert!(alike || (finite && close && same_sign), "{name}({x:e}) = {found:e}, expected {expected:e}");
        }
    }
}

#[test]
fn a_number_gives_the_same_bits_wherever_it_stands() {
    let x: Vec<f64> = (0..37).map(|i| (f64::from(i) * 0.7).sin() * 3.0).collect();
    for (name, function, ..) in FUNCTIONS {
        let whole = apply(function, &x);
        // Two registers hold up to sixteen numbers, and as many lengths do not fill them.
        for length in 1..=17 {
            for (start, part) in x.windows(length).enumerate() {
                for (i, found) in apply(function, part).iter().enumerate() {
                    assert_eq!(found.to_bits(), whole[start + i].to_bits(), "{name}({:e})", part[i]);
                }
            }
        }
    }
}
