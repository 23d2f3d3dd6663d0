"""Writes crates/glm-core/tests/data/special_extra.tsv: values of the special functions to 20 digits.

Run from the root of the repository: python3 reference/generators/special_extra.py
Needs mpmath. Arguments are binary64 numbers printed exactly (shortest form that reads back); the working precision
covers the cancellation of every formula, so all digits printed are correct. Values below 1e-307 or above 1e308 are
left out. Columns: function, arguments, value.
"""
import random
import sys
from mpmath import mp, mpf, nstr
import mpmath as m

mp.dps = 60
rng = random.Random(20240229)
rows = []


def put(name, value, *args):
    if value != 0 and not (mpf(10) ** -307 < abs(value) < mpf(10) ** 308):
        return
    rows.append("\t".join([name, *[repr(float(a)) for a in args], nstr(value, 20, min_fixed=1, max_fixed=0)]))


def both(xs):
    return sorted(set([-x for x in xs] + list(xs)))


def geometric(lo, hi, n):
    """n points log-spaced in [lo, hi], jittered so that no algorithm meets only round numbers."""
    r = (hi / lo) ** (1.0 / (n - 1))
    return [min(hi, lo * r ** (i + 0.3 * rng.random())) for i in range(n)]


def ncdf(x):
    return m.erfc(-x / m.sqrt(2)) / 2


def with_digits(f, digits):
    old, mp.dps = mp.dps, digits
    try:
        return f()
    finally:
        mp.dps = old


def kernel(y, mu):
    return y * m.log(y / mu) - (y - mu)


def links():
    arguments = both(geometric(1e-18, 700.0, 40) + [0.5, 1.0, 20.0, 36.7, 37.5])
    for x in arguments:
        x_ = mpf(x)
        with mp.workdps(800):
            put("sigmoid", 1 / (1 + m.exp(-x_)), x)
            put("softplus", m.log(1 + m.exp(x_)), x)
            put("ln_sigmoid", -m.log(1 + m.exp(-x_)), x)
            if x < 0:
                put("ln_1m_exp", m.log(1 - m.exp(x_)), x)
            if x < 6.5:
                put("cloglog_mean", 1 - m.exp(-m.exp(x_)), x)
                put("ln_cloglog_mean", m.log(1 - m.exp(-m.exp(x_))), x)
    for p in geometric(1e-300, 0.5, 25) + [1 - q for q in geometric(1e-16, 0.5, 20)] + [0.25, 0.75, 0.5 + 1e-9]:
        with mp.workdps(400):
            p_ = mpf(p)
            put("logit", m.log(p_ / (1 - p_)), p)
            put("cloglog", m.log(-m.log(1 - p_)), p)
            put("cauchy_quantile", m.tan(m.pi * (p_ - 0.5)), p)
            put("normal_quantile", quantile_of_ln(m.log(p_), m.log(1 - p_)), p)
    for x in both(geometric(1e-16, 1e300, 40)) + [-1.0, 1.0]:
        with mp.workdps(700):
            x_ = mpf(x)
            put("cauchy_cdf", m.atan2(1, -x_) / m.pi, x)
            put("ln_cauchy_cdf", m.log(m.atan2(1, -x_) / m.pi), x)
            put("cauchy_pdf", 1 / (m.pi * (1 + x_ * x_)), x)


def quantile_of_ln(ln_p, ln_q):
    """Newton on the logarithm of the smaller tail, in the working precision."""
    if ln_p > ln_q:
        return -quantile_of_ln(ln_q, ln_p)
    x = -m.sqrt(-2 * ln_p) if ln_p < -1 else mpf(0)
    for _ in range(300):
        f = ncdf(x)
        step = (m.log(f) - ln_p) * f / m.npdf(x)
        x -= step
        if abs(step) <= abs(x) * mpf(10) ** -40 or abs(step) < mpf(10) ** -60:
            break
    return x


def normals():
    xs = both(geometric(1e-17, 38.0, 50) + [1.0, 1.5, 10.0 * 2 ** 0.5, 10.0, 5.0, 37.4]) + [0.0]
    for x in xs:
        with mp.workdps(700):
            x_ = mpf(x)
            put("normal_pdf", m.npdf(x_), x)
            put("normal_cdf", ncdf(x_), x)
            put("ln_normal_cdf", m.log(ncdf(x_)), x)
            put("inverse_mills_ratio", m.npdf(x_) / ncdf(x_), x)
    for x in [-750.0, -1e3, -1e4, -1e10, -1e100, -40.0, -1e150]:
        # 1/x² series: (1 - 1/x² + 3/x⁴ - …) converges far beyond 20 digits for the larger x.
        x_ = -mpf(x)
        with mp.workdps(80):
            series = sum((-1) ** k * m.fac2(2 * k - 1) / x_ ** (2 * k) for k in range(30)) if x < -100 else (
                ncdf(-x_) / m.npdf(x_) * x_)
            put("ln_normal_cdf", -x_ * x_ / 2 - m.log(m.sqrt(2 * m.pi) * x_) + m.log(series), x)
            put("inverse_mills_ratio", x_ / series, x)
    for x in geometric(1e-17, 1e300, 45) + [9.999, 10.0, 10.001, 0.84375, 1.25, 2.857] + [-v for v in
                                                                                        geometric(1e-17, 26.0, 20)]:
        with mp.workdps(60):
            x_ = mpf(x)
            if x > 100:
                z = 1 / (2 * x_ * x_)
                value = sum((-z) ** k * m.fac2(2 * k - 1) for k in range(30)) / (x_ * m.sqrt(m.pi))
            else:
                value = m.exp(x_ * x_) * m.erfc(x_)
            put("erfcx", value, x)
    for ln_p in [-v for v in geometric(1e-300, 30.0, 50)] + [-m.log(2), -1.4, -0.29, -1.39, -0.3, -100.0, -700.0, -4e3]:
        ln_p = float(ln_p)
        with mp.workdps(60):
            ln_p_ = mpf(ln_p)
            put("normal_quantile_of_ln", quantile_of_ln(ln_p_, m.log(-m.expm1(ln_p_))), ln_p)
    for p in [0.999999, 1 - 1e-10, 0.975, 0.75, 0.25, 0.5 + 1e-12]:
        put("normal_quantile", quantile_of_ln(m.log(mpf(p)), m.log(1 - mpf(p))), p)


def deviances():
    for x in both(geometric(1e-17, 0.999, 40)) + geometric(1.0, 1e17, 12) + [4 / 3, -4 / 7]:
        with mp.workdps(120):
            put("ln_1p_minus", m.log(1 + mpf(x)) - mpf(x), x)
    for y in geometric(1e-250, 1e250, 10) + [1.0, 17.0, 1e8]:
        for ratio in [1e-200, 1e-5, 0.3, 3 / 7, 0.43, 0.9, 0.999, 1 - 1e-7, 1 + 3e-16, 1 + 1e-10, 1.01, 2.0, 7 / 3, 2.4,
                      40.0, 1e12]:
            mu = y * ratio
            if 1e-300 < mu < 1e300:
                with mp.workdps(700):
                    put("deviance_kernel", kernel(mpf(y), mpf(mu)), y, mu)
    for n in geometric(1e-300, 0.2, 8) + geometric(0.01, 30.0, 30) + geometric(30.0, 1e300, 12) + [
            0.0 + k / 2 for k in range(1, 25)]:
        with mp.workdps(60):
            n_ = mpf(n)
            if n > 1e4:
                value = sum(m.bernoulli(2 * k) / (2 * k * (2 * k - 1) * n_ ** (2 * k - 1)) for k in range(1, 12))
            else:
                value = m.loggamma(n_ + 1) - (n_ + 0.5) * m.log(n_) + n_ - m.log(2 * m.pi) / 2
            put("stirling_error", value, n)


if __name__ == "__main__":
    for part in (links, normals, deviances):
        part()
    with open("crates/glm-core/tests/data/special_extra.tsv", "w") as out:
        out.write("# Special functions to 20 digits: function, arguments, value (tab separated); "
                  "made by reference/generators/special_extra.py.\n")
        out.write("\n".join(rows) + "\n")
    sys.stderr.write(f"{len(rows)} rows\n")
