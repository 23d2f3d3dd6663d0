//! Laws of the special functions over their whole domains: recurrences, reflections, and quantiles undone.

use glm_core::special::*;
use proptest::prelude::*;

/// Whether two numbers agree to a relative tolerance, or both are below the normal numbers.
fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()) + 1e-306
}

/// A number spread evenly over its logarithm.
fn magnitude(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn logit_undoes_sigmoid(x in -700.0..30.0_f64) {
        let back = logit(sigmoid(x));
        // Above 0 the spacing of numbers near 1 is what is left of x.
        prop_assert!((back - x).abs() <= 1e-15 * (x.abs() + (1.0 + x.exp())), "{x} {back}");
        prop_assert!(close(softplus(x) - softplus(-x), x, 1e-15 + 1e-15 * softplus(x.abs()) / x.abs()));
    }

    #[test]
    fn ln_1m_exp_is_its_own_inverse(x in magnitude(1e-280, 600.0)) {
        prop_assert!(close(ln_1m_exp(ln_1m_exp(-x)), -x, 3e-15 * (1.0 + x + (1.0 / x).ln().abs())));
    }

    #[test]
    fn normal_quantile_undoes_the_cdf(x in -37.0..5.0_f64) {
        let slack = 2e-15 + 2e-16 * normal_cdf(x) / normal_pdf(x) / x.abs();
        prop_assert!(close(normal_quantile(normal_cdf(x)), x, slack));
        prop_assert!(close(normal_quantile_of_ln(ln_normal_cdf(x)), x, slack));
    }

    #[test]
    fn deep_normal_tails(x in magnitude(1.0, 1e100)) {
        prop_assert!(close(normal_quantile_of_ln(ln_normal_cdf(-x)), -x, 2e-15));
        // x < φ/Φ(-x) < x + 1/x (Gordon, 1941).
        let mills = inverse_mills_ratio(-x);
        prop_assert!(mills >= x && mills <= (x + 1.0 / x) * (1.0 + 1e-15), "{x} {mills}");
    }

    #[test]
    fn cauchy_quantile_undoes_the_cdf(x in magnitude(1e-10, 1e300)) {
        prop_assert!(close(cauchy_quantile(cauchy_cdf(-x)), -x, 1e-15 * (1.0 + 1.0 / x)));
    }

    #[test]
    fn deviance_kernel_is_homogeneous(y in magnitude(1e-100, 1e100), r in magnitude(1e-3, 1e3)) {
        let twice = deviance_kernel(2.0 * y, 2.0 * y * r);
        prop_assert!(close(twice, 2.0 * deviance_kernel(y, y * r), 1e-15));
        prop_assert!(twice >= 0.0);
    }

    #[test]
    fn gamma_function_recurrences(x in magnitude(1e-6, 1e6)) {
        prop_assert!((digamma(x + 1.0) - digamma(x) - 1.0 / x).abs() <= 3e-15 * (1.0 / x + digamma(x).abs() + 1.0));
        prop_assert!((trigamma(x) - trigamma(x + 1.0) - 1.0 / x / x).abs() <= 3e-15 * trigamma(x));
        prop_assert!((ln_beta(x, 1.0) + x.ln()).abs() <= 3e-15 * (1.0 + x.ln().abs()));
    }

    #[test]
    fn incomplete_gamma_recurrence(a in magnitude(0.01, 300.0), r in magnitude(0.01, 5.0)) {
        // P(a, x) - P(a+1, x) = x^a e^-x/Γ(a+1).
        let x = a * r;
        let density = (a * x.ln() - x - ln_factorial(a)).exp();
        let slack = 1e-14 * (1.0 + a * (1.0 + x.ln().abs()));
        prop_assert!((gamma_p(a, x) - gamma_p(a + 1.0, x) - density).abs() <= slack * density + 4e-16);
        prop_assert!((gamma_p(a, x) + gamma_q(a, x) - 1.0).abs() <= 1e-15);
    }

    #[test]
    fn incomplete_beta_reflection(a in magnitude(1e-3, 1e5), b in magnitude(1e-3, 1e5), x in 0.0..1.0_f64) {
        let y = 1.0 - x;
        let x = 1.0 - y;
        prop_assert!(close(beta_inc(a, b, x), beta_inc_complement(b, a, y), 1e-15));
        prop_assert!((beta_inc(a, b, x) + beta_inc_complement(a, b, x) - 1.0).abs() <= 1e-15);
    }

    #[test]
    fn binomial_is_a_beta(n in 1_u32..60, k in 0_u32..60, x in 0.01..0.99_f64) {
        prop_assume!(k < n);
        // P(Bin(n, x) <= k) = I_(1-x)(n-k, k+1).
        let (n, k) = (f64::from(n), f64::from(k));
        let mut sum = 0.0;
        let mut j = 0.0;
        while j <= k {
            sum += (ln_choose(n, j) + j * x.ln() + (n - j) * (-x).ln_1p()).exp();
            j += 1.0;
        }
        prop_assert!(close(beta_inc_complement(k + 1.0, n - k, x), sum, 1e-12));
    }

    #[test]
    fn gamma_quantile_is_undone(a in magnitude(0.05, 1e5), ln_p in magnitude(1e-3, 600.0)) {
        let p = (-ln_p).exp();
        let x = gamma_quantile(p, a);
        prop_assume!(x > 1e-300);
        // One rounding of x moves ln P by the condition number, at most a - ln p or so.
        prop_assert!(close(gamma_p(a, x), p, 1e-15 * (10.0 + a.sqrt() * 40.0 + a.min(ln_p) * 10.0)), "{a} {p} {x}");
        let x = gamma_quantile_upper(p, a);
        prop_assert!(close(gamma_q(a, x), p, 1e-15 * (10.0 + a.sqrt() * 40.0 + 10.0 * ln_p)), "{a} {p} {x}");
    }

    #[test]
    fn upper_gamma_quantile_of_tiny_shapes(a in magnitude(1e-14, 0.05), fraction in 0.05..0.98_f64) {
        // From Q = 0.5 down to e^-600: x from far below 1 to some hundreds.
        let q = (fraction * -600.0).exp();
        let x = gamma_quantile_upper(q, a);
        prop_assert!(close(gamma_q(a, x), q, 1e-15 * (10.0 + 2.0 * x)), "{a} {q} {x}");
    }

    #[test]
    fn beta_quantile_is_undone(a in magnitude(0.05, 1e4), b in magnitude(0.05, 1e4), ln_p in magnitude(0.7, 300.0)) {
        let p = (-ln_p).exp();
        let x = beta_quantile(p, a, b);
        prop_assume!(x > 1e-300 && x < 0.999);
        let condition = a + 1e3 * b.min(1.0) + b * x / (1.0 - x) * ln_p;
        prop_assert!(close(beta_inc(a, b, x), p, 1e-15 * (20.0 + condition)), "{a} {b} {p} {x}");
    }

    #[test]
    fn t_and_f_are_undone(df in magnitude(0.3, 1e6), t in magnitude(1e-3, 30.0)) {
        prop_assert!(close(t_quantile(t_cdf(-t, df), df), -t, 1e-12 * (1.0 + 1e-3 / t)));
        prop_assert!(close(f_sf(t * t, 1.0, df), 2.0 * t_sf(t, df), 1e-13));
        let p = f_cdf(t, 3.0, df);
        prop_assert!(close(f_cdf(f_quantile(p, 3.0, df), 3.0, df), p, 1e-13));
    }
}
