"""Writes links.tsv and losses.tsv in crates/glm-core/tests/data: links and units of responses, tails included.

Run from the root of the repository: python3 reference/generators/links_and_families.py
Needs mpmath. The working precision covers the cancellation of every formula, so all digits printed are correct.
links.tsv: link, eta, mu, 1 - mu, mu', mu'', ln mu and two derivatives, ln(1 - mu) and two derivatives (nan where the
logarithm does not exist). losses.tsv: family(link), y, eta, loss, slope, expected, observed curvature.
Numbers that binary64 would flush to zero are printed as they are; rows whose loss exceeds 1e300 are left out.
"""
from mpmath import mp, mpf, nstr
import mpmath as m

mp.dps = 650
FOLDER = "crates/glm-core/tests/data/"


def text(x):
    return "nan" if x is None else nstr(x, 17, min_fixed=1, max_fixed=0)


def ncdf(x):
    return m.erfc(-x / m.sqrt(2)) / 2


def odds(lam, sign):
    def f(x):
        power = (1 + lam * x) ** (1 / lam)
        return power / (1 + power) if sign > 0 else 1 / (1 + power)
    return f


def one_minus(f):
    return lambda x: 1 - f(x)


def cll(x):
    return -m.expm1(-m.exp(x))


def power(lam):
    return lambda x: x ** (1 / mpf(lam))


# name: (mu, 1 - mu)
LINKS = {
    "identity": (lambda x: x, lambda x: 1 - x),
    "log": (m.exp, lambda x: -m.expm1(x)),
    "logit": (lambda x: 1 / (1 + m.exp(-x)), lambda x: 1 / (1 + m.exp(x))),
    "probit": (ncdf, lambda x: ncdf(-x)),
    "cloglog": (cll, lambda x: m.exp(-m.exp(x))),
    "loglog": (lambda x: m.exp(-m.exp(-x)), lambda x: cll(-x)),
    "cauchit": (lambda x: m.acot(-x) / m.pi if x < 0 else 1 - m.acot(x) / m.pi if x > 0 else mpf(1) / 2,
                lambda x: m.acot(x) / m.pi if x > 0 else 1 - m.acot(-x) / m.pi if x < 0 else mpf(1) / 2),
    "inverse": (lambda x: 1 / x, one_minus(lambda x: 1 / x)),
    "inverse-squared": (lambda x: 1 / m.sqrt(x), one_minus(lambda x: 1 / m.sqrt(x))),
    "sqrt": (lambda x: x * x, one_minus(lambda x: x * x)),
    "power(-0.5)": (power(-0.5), one_minus(power(-0.5))),
    "power(0.25)": (power(0.25), one_minus(power(0.25))),
    "odds-power(0.5)": (odds(mpf("0.5"), 1), odds(mpf("0.5"), -1)),
    "odds-power(-2)": (odds(mpf(-2), 1), odds(mpf(-2), -1)),
}
DOMAINS = {"inverse-squared": (0, 1e999), "sqrt": (0, 1e999), "power(-0.5)": (0, 1e999), "power(0.25)": (0, 1e999),
           "odds-power(0.5)": (-2, 1e999), "odds-power(-2)": (-1e999, 0.5)}
ETAS = [-700.0, -300.0, -40.0, -20.0, -8.25, -3.0, -1.75, -1.0, -0.4, -1e-3, -1e-9, 1e-9, 1e-3, 0.4, 0.75, 1.25, 1.75,
        2.5, 3.0, 3.6, 5.0, 8.25, 20.0, 40.0, 300.0, 700.0]


def derivative(link, x, order=1):
    """d mu/d eta from whichever of mu and 1 - mu is the smaller, so that no digits go into the leading one."""
    mu, rest = LINKS[link]
    return m.diff(mu, x, order) if abs(mu(x)) <= abs(rest(x)) else -m.diff(rest, x, order)


def inside(link, eta):
    low, high = DOMAINS.get(link, (-1e999, 1e999))
    return low < eta < high


def links():
    for name, pair in LINKS.items():
        for eta in ETAS:
            if not inside(name, eta) or (name in ("cloglog", "loglog") and abs(eta) > 40):
                continue
            x = mpf(eta)
            numbers = [pair[0](x), pair[1](x), derivative(name, x), derivative(name, x, 2)]
            for f in pair:
                if f(x) > 0:
                    ln = lambda t: m.log(f(t))
                    numbers += [ln(x), m.diff(ln, x), m.diff(ln, x, 2)]
                else:
                    numbers += [None] * 3
            yield "\t".join([name, repr(eta), *map(text, numbers)])


def xlog(x, ratio):
    return mpf(0) if x == 0 else x * m.log(ratio)


def power_family(p):
    p = mpf(p)

    def loss(y, u, _):
        if p == 1:
            return xlog(y, y / u) - y + u
        if p == 2:
            return y / u - 1 - m.log(y / u)
        first = mpf(0) if y == 0 else y ** (2 - p)
        return first / ((1 - p) * (2 - p)) - y * u ** (1 - p) / (1 - p) + u ** (2 - p) / (2 - p)
    return loss, lambda u, _: u ** p


def negative_binomial(theta):
    theta = mpf(theta)
    return (lambda y, u, _: xlog(y, y / u) - (y + theta) * m.log((y + theta) / (u + theta)), lambda u, _: u + u * u / theta)


FAMILIES = {
    "binomial": (lambda y, u, v: xlog(y, y / u) + xlog(1 - y, (1 - y) / v), lambda u, v: u * v),
    "poisson": power_family(1), "gamma": power_family(2), "inverse-gaussian": power_family(3),
    "tweedie(1.125)": power_family(1.125), "tweedie(1.5)": power_family(1.5), "tweedie(1.875)": power_family(1.875),
    "quasi(2.5)": power_family(2.5), "quasi(0.5)": power_family(0.5), "quasi(-1)": power_family(-1),
    "negative-binomial(0.015625)": negative_binomial(0.015625), "negative-binomial(2)": negative_binomial(2),
    "negative-binomial(100000000)": negative_binomial(1e8),
}
PAIRS = [("binomial", link) for link in ["logit", "probit", "cloglog", "loglog", "cauchit", "odds-power(0.5)", "log"]]
PAIRS += [("poisson", "sqrt"), ("poisson", "identity"), ("gamma", "inverse"), ("gamma", "power(-0.5)"),
          ("inverse-gaussian", "inverse-squared"), ("tweedie(1.5)", "power(-0.5)")]
PAIRS += [(family, "log") for family in FAMILIES if family != "binomial"]


def losses():
    for family, link in PAIRS:
        loss, variance = FAMILIES[family]
        mu, rest = LINKS[link]
        zero = family.split("(")[0] in ("binomial", "poisson", "negative-binomial", "tweedie") or family in (
            "quasi(0.5)", "quasi(-1)")
        for eta in ETAS[::2] + [8.25]:
            x = mpf(eta)
            if not inside(link, eta) or (link in ("cloglog", "loglog") and abs(eta) > 6):
                continue
            if mu(x) <= 0 or (family == "binomial" and rest(x) <= 0):
                continue
            if family == "binomial":
                ys = [0.0, 1.0, 0.3, 1e-6]
            else:
                ys = ([0.0] if zero else []) + [1e-5, 1.0, 7.0, 1e6]
                near = float(mu(x) * (1 + mpf("1e-7")))
                ys += [near] if 1e-200 < near < 1e200 else []
            for y in ys:
                d1 = derivative(link, x)
                numbers = [loss(mpf(y), mu(x), rest(x)), (mu(x) - mpf(y)) * d1 / variance(mu(x), rest(x)),
                           d1 ** 2 / variance(mu(x), rest(x))]
                if abs(numbers[0]) < mpf(10) ** 300:
                    numbers.append(observed(link, variance, mpf(y), x))
                    yield "\t".join([f"{family}({link})", repr(y), repr(eta), *map(text, numbers)])


def observed(link, variance, y, x):
    """mu'^2/V + (mu - y)(mu'' V - mu'^2 V')/V^2, with V' by differences."""
    u, v, d1, d2 = LINKS[link][0](x), LINKS[link][1](x), derivative(link, x), derivative(link, x, 2)
    big = variance(u, v)
    dbig = m.diff(lambda s: variance(u * (1 + s), v - u * s), 0) / u
    return d1 * d1 / big + (u - y) * (d2 * big - d1 * d1 * dbig) / big ** 2


for name, rows in [("links.tsv", links()), ("losses.tsv", losses())]:
    with open(FOLDER + name, "w") as out:
        out.write("# Written by reference/generators/links_and_families.py; see there for the columns.\n")
        out.writelines(row + "\n" for row in rows)
