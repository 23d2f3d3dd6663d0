"""Writes crates/glm-core/tests/data/special_extra.tsv: values of the special functions to 19 digits.

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
    rows.append("\t".join([name, *[repr(float(a)) for a in args], nstr(value, 19, min_fixed=1, max_fixed=0)]))


def both(xs):
    return sorted(set([-x for x in xs] + list(xs)))


def geometric(lo, hi, n):
    """n points log-spaced in [lo, hi], jittered so that no algorithm meets only round numbers."""
    r = (hi / lo) ** (1.0 / (n - 1))
    return [min(hi, lo * r ** (i + 0.3 * rng.random())) for i in range(n)]


def ncdf(x):
    return m.erfc(-x / m.sqrt(2)) / 2


def kernel(y, mu):
    return y * m.log(y / mu) - (y - mu)


def links():
    arguments = both(geometric(1e-18, 700.0, 26) + [0.5, 1.0, 20.0, 36.7, 37.5])
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
    for x in both(geometric(1e-16, 1e300, 24)) + [-1.0, 1.0]:
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
    xs = both(geometric(1e-17, 38.0, 36) + [1.0, 1.5, 10.0 * 2 ** 0.5, 10.0, 5.0, 37.4]) + [0.0]
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
    for ln_p in [-v for v in geometric(1e-300, 30.0, 36)] + [-m.log(2), -1.4, -0.29, -1.39, -0.3, -100.0, -700.0, -4e3]:
        ln_p = float(ln_p)
        with mp.workdps(60):
            ln_p_ = mpf(ln_p)
            put("normal_quantile_of_ln", quantile_of_ln(ln_p_, m.log(-m.expm1(ln_p_))), ln_p)
    for p in [0.999999, 1 - 1e-10, 0.975, 0.75, 0.25, 0.5 + 1e-12]:
        put("normal_quantile", quantile_of_ln(m.log(mpf(p)), m.log(1 - mpf(p))), p)


def deviances():
    for x in both(geometric(1e-17, 0.999, 30)) + geometric(1.0, 1e17, 12) + [4 / 3, -4 / 7]:
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


def lower_gamma(a, x):
    """P(a, x) by its series of positive terms, at any size."""
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -(mp.dps - 5):
        n += 1
        term *= x / (a + n)
        total += term
    return total * m.exp(a * m.log(x) - x - m.loggamma(a + 1))


def upper_gamma(a, x):
    """Q(a, x) by the series of P, or by quadrature of the density where P is too close to 1."""
    if x < 30:
        with mp.workdps(mp.dps + 350 if a < 1 else mp.dps + 60):
            return 1 - lower_gamma(mpf(a), mpf(x))
    return tail_integral(lambda t: (a - 1) * m.log(t) - t - m.loggamma(a), x, max(m.sqrt(a), x / max(x - a, m.sqrt(a))))


def tail_integral(ln_density, x, width, end=None):
    """The integral of a decaying density over [x, x + 60 widths], scaled by its value at x, by Gauss-Legendre panels."""
    at = ln_density(x)
    stops = [x + width * k for k in (0, 0.5, 1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 60, 90)]
    if end is not None:
        stops = [s for s in stops if s < end] + [end]
    value = m.quad(lambda t: m.exp(ln_density(t) - at), stops, maxdegree=5)
    return value * m.exp(at)


def lower_beta(a, b, x):
    """I_x(a, b) by x^a y^b/(a B) Σ (a+b)_n x^n/(a+1)_n, all terms positive; near x = 1 by its complement."""
    if x > 0.995:
        with mp.workdps(mp.dps + 330):
            return 1 - lower_beta(b, a, 1 - x)
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -(mp.dps - 5):
        term *= (a + b + n) * x / (a + 1 + n)
        total += term
        n += 1
        if n > 400000:
            raise ValueError((a, b, x))
    ln_beta = m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b)
    return total * m.exp(a * m.log(x) + b * m.log1p(-x) - ln_beta) / a


def gammas():
    for x in geometric(1e-10, 1e15, 45) + [1.4616321449683622, 1.4616321449683625, 1.46, 1.0, 2.0, 1 + 1e-9, 2 - 1e-9,
                                           9.999, 10.0]:
        x_ = mpf(x)
        put("ln_gamma", m.loggamma(x_), x)
        put("digamma", m.digamma(x_), x)
        put("trigamma", m.psi(1, x_), x)
    sizes = [1e-10, 1e-3, 0.3, 1.0, 1.5, 9.0, 30.0, 1e3, 1e7, 1e12]
    for i, a in enumerate(sizes):
        for b in sizes[i:]:
            with mp.workdps(60):
                put("ln_beta", m.loggamma(mpf(a)) + m.loggamma(mpf(b)) - m.loggamma(mpf(a) + mpf(b)), a, b)
    for n, k in [(5, 1), (10, 3), (52, 5), (1e3, 500), (1e6, 2), (1e9, 5e8), (1e15, 1), (7.5, 2.25)]:
        n_, k_ = mpf(n), mpf(k)
        put("ln_choose", m.loggamma(n_ + 1) - m.loggamma(k_ + 1) - m.loggamma(n_ - k_ + 1), n, k)


def shapes():
    """What a gamma shape is found from; called last, so that the numbers of the other parts stay what they are."""
    for x in geometric(1e-10, 1e15, 100) + [1e-150, 0.5, 1.0, 2.0, 9.999999999999998, 10.0, 10.000000000000002, 1e40]:
        with mp.workdps(200):
            x_ = mpf(x)
            put("ln_minus_digamma", m.log(x_) - m.digamma(x_), x)
            put("trigamma_minus_recip", m.psi(1, x_) - 1 / x_, x)


def incomplete_gammas():
    shapes = [1e-12, 1e-5, 0.02, 0.4, 0.97, 1.0, 1.3, 4.5, 18.0, 130.5, 700.0, 999.0, 1000.0, 2500.0, 3e4, 1e6]
    for a in shapes:
        spread = max(a ** 0.5, 0.5)
        xs = [a + z * spread for z in (-30, -12, -6, -3, -1, -0.1, 0, 0.01, 0.8, 2.5, 7, 15, 36)]
        xs += [a * r for r in (0.002, 0.3, 0.74, 0.76, 1.24, 1.26)]
        if a < 2:
            xs += [1e-200, 1e-20, 1e-6, 0.1, 0.7, 0.99, 1.01, 1.7, 3.0, 30.0, 600.0]
        for x in xs:
            if x <= 0 or (7 < a < 900 and rng.random() < 0.3) or (a > 2e4 and abs(x - a) > 40 * spread):
                continue
            with mp.workdps(45):
                a_, x_ = mpf(a), mpf(x)
                if x > a and x > 30:
                    put("gamma_q", upper_gamma(a_, x_), a, x)
                else:
                    p = lower_gamma(a_, x_)
                    put("gamma_p", p, a, x)
                    if p > 0.5:
                        put("gamma_q", upper_gamma(a_, x_), a, x)
    for a in (1e8, 1e11, 1e14):
        for z in (-35, -9, -2, -0.3, 0.3, 2, 9, 35):
            x = a + z * a ** 0.5
            with mp.workdps(45):
                a_, x_ = mpf(a), mpf(x)
                width = m.sqrt(a_) / max(abs(z), 1)
                f = lambda t: (a_ - 1) * m.log(t) - t - m.loggamma(a_)
                if z > 0:
                    put("gamma_q", tail_integral(f, x_, width), a, x)
                else:
                    put("gamma_p", tail_integral(lambda t: f(2 * x_ - t), x_, width), a, x)
    for a, x in [(3.0, 1e4), (1e3, 1e5), (0.5, 1e3)]:
        with mp.workdps(45):
            put("ln_gamma_q", m.log(m.gammainc(mpf(a), mpf(x), m.inf, regularized=True)), a, x)
    for a, x in [(50.0, 1e-9), (1e4, 10.0), (0.5, 1e-30), (1e3, 1e-200)]:
        with mp.workdps(45):
            put("ln_gamma_p", m.log(lower_gamma(mpf(a), mpf(x))), a, x)


def incomplete_betas():
    shapes = [1e-8, 0.003, 0.5, 1.0, 1.7, 12.0, 90.0, 1500.0, 4e4]
    for a in shapes:
        for b in shapes:
            mean = a / (a + b)
            width = (mean * (1 - mean) / (a + b + 1)) ** 0.5
            xs = [mean + z * width for z in (-25, -8, -2, -0.2, 0.1, 1, 4, 20)]
            xs += [1e-150, 1e-9] if max(a, b) < 20 else []
            xs += [0.03, 0.5, 0.97, 0.99999] if max(a, b) < 200 else []
            for x in rng.sample(xs, min(len(xs), 6)):
                if not 0 < x < 1:
                    continue
                with mp.workdps(45):
                    a_, b_, x_ = mpf(a), mpf(b), mpf(x)
                    if x <= (a + 1) / (a + b + 2):
                        p = lower_beta(a_, b_, x_)
                        q = upper_beta_by_complement(a_, b_, x_) if p > 0.5 else 1 - p
                    else:
                        q = lower_beta(b_, a_, 1 - x_)
                        p = upper_beta_by_complement(b_, a_, 1 - x_) if q > 0.5 else 1 - q
                    put("beta_inc" if p < q else "beta_inc_complement", min(p, q), a, b, x)
                    if rng.random() < 0.15:
                        put("ln_beta_inc", m.log(p) if p < q else m.log1p(-q), a, b, x)
                        put("ln_beta_inc_complement", m.log(q) if q < p else m.log1p(-p), a, b, x)
    for a, b in [(1e6, 1e6), (1e6, 1e5), (3e6, 40.0), (1e8, 3e7), (1e9, 1e9), (1e12, 0.5), (1e15, 7.0)]:
        mean = a / (a + b)
        for z in (-20, -3, -0.5):
            x = mean + z * (mean * (1 - mean) / (a + b)) ** 0.5
            with mp.workdps(60):
                a_, b_, x_ = mpf(a), mpf(b), mpf(x)
                if not 0 < x < 1:
                    continue
                ln_beta = m.loggamma(a_) + m.loggamma(b_) - m.loggamma(a_ + b_)
                rate = (a_ - 1) / x_ - (b_ - 1) / (1 - x_)
                sd = m.sqrt(a_ * b_ / (a_ + b_) ** 3)
                width = min(sd, 1 / rate) if rate > 0 else sd
                f = lambda t: (a_ - 1) * m.log(t) + (b_ - 1) * m.log1p(-t) - ln_beta
                put("beta_inc", tail_integral(lambda s: f(2 * x_ - s), x_, width, 2 * x_), a, b, x)


def upper_beta_by_complement(a, b, x):
    with mp.workdps(mp.dps + 60):
        return 1 - lower_beta(mpf(a), mpf(b), mpf(x))


def t_tail(t, df):
    """P(T < t) for t < 0 by whichever series of the beta function converges the faster."""
    y = t * t / (df + t * t)
    if y < 0.5 * df / (df + 1):
        with mp.workdps(mp.dps + 60):
            return (1 - lower_beta(mpf(1) / 2, mpf(df) / 2, mpf(t) ** 2 / (mpf(df) + mpf(t) ** 2))) / 2
    if df < 500:
        return lower_beta(mpf(df) / 2, mpf(1) / 2, df / (df + t * t)) / 2
    c = m.exp(m.loggamma((df + 1) / 2) - m.loggamma(df / 2)) / m.sqrt(m.pi * df)
    return c * tail_integral(lambda s: -(df + 1) / 2 * m.log1p(s * s / df), -t, 1 / -t)


def distributions():
    for df in [0.02, 0.7, 1.0, 2.5, 3.3, 17.4, 250.0, 1e4 / 3, 1e6, 1e10]:
        for t in [-1e-8, -0.3, -1.1, -4.0, -13.0, -1e4, -1e150]:
            if df > 1e3 and t < -30:
                continue
            with mp.workdps(45):
                put("t_cdf", t_tail(mpf(t), mpf(df)), t, df)


def bisect(f, low, high):
    """The root of an increasing f between two bounds, checked to 24 digits."""
    root = m.findroot(f, (low, high), solver="anderson", tol=mpf(10) ** -60, maxsteps=200, verify=False)
    assert abs(f(root)) < mpf(10) ** -24, (low, high, root)
    return root


def quantile(lower, upper, p):
    """The logarithm of the argument where the smaller tail of p is met."""
    p = mpf(p)
    if p < 0.5:
        f, goal = (lambda s: m.log(lower(m.exp(s)))), m.log(p)
    else:
        f, goal = (lambda s: -m.log(upper(m.exp(s)))), -m.log(1 - p)
    low = high = mpf(0)
    width = mpf(1)
    while f(low) > goal:
        low -= width
        width *= 2
    width = mpf(1) / 4
    while f(high) < goal:
        high += width
    return m.exp(bisect(lambda s: f(s) - goal, low, high))


def odds_quantile(p, a, b):
    a, b = mpf(a), mpf(b)
    return quantile(lambda o: lower_beta(a, b, o / (1 + o)), lambda o: lower_beta(b, a, 1 / (1 + o)), p)


def quantiles():
    with mp.workdps(45):
        for a in [0.05, 0.6, 1.0, 3.7, 45.0]:
            for p in [1e-250, 1e-12, 1e-3, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9]:
                if m.log(mpf(p)) / a < -650:
                    continue
                a_ = mpf(a)
                put("gamma_quantile", quantile(lambda x: lower_gamma(a_, x), lambda x: 1 - lower_gamma(a_, x), p), p, a)
        for a, b in [(0.08, 0.3), (0.5, 5.5), (2.2, 0.4), (3.0, 8.0), (70.0, 25.0)]:
            for p in [1e-200, 1e-10, 0.02, 0.4, 0.6, 0.98, 1 - 1e-9]:
                if m.log(mpf(p)) / a < -650:
                    continue
                odds = odds_quantile(p, a, b)
                put("beta_quantile", odds / (1 + odds), p, a, b)
        for p, df1, df2 in [(0.001, 1.0, 1.0), (0.001, 1.0, 10.0), (0.05, 1.0, 100.0), (0.001, 2.0, 10.0),
                            (0.95, 3.0, 7.5), (1 - 1e-9, 4.0, 9.0), (1e-30, 5.0, 2.0), (0.5, 0.6, 30.0)]:
            put("f_quantile", odds_quantile(p, df1 / 2, df2 / 2) * mpf(df2) / mpf(df1), p, df1, df2)
        for p, df in [(1e-100, 3.5), (1e-12, 1.0), (0.003, 0.4), (0.2, 6.6), (0.4999, 2.0), (0.26, 40.0)]:
            # P(T^2 < t^2) = 1 - 2p, matched by whichever tail the odds search takes.
            upper = lambda o: lower_beta(mpf(df) / 2, mpf(1) / 2, 1 / (1 + o)) / (2 * mpf(p))
            o = quantile(None, lambda o: upper(o) / 2, 0.5)
            put("t_quantile", -m.sqrt(o * mpf(df)), p, df)


if __name__ == "__main__":
    for part in (links, normals, deviances, gammas, incomplete_gammas, incomplete_betas, distributions, quantiles, shapes):
        part()
    with open("crates/glm-core/tests/data/special_extra.tsv", "w") as out:
        out.write("# Special functions to 19 digits: function, arguments, value (tab separated); "
                  "made by reference/generators/special_extra.py.\n")
        out.write("\n".join(rows) + "\n")
    sys.stderr.write(f"{len(rows)} rows\n")
