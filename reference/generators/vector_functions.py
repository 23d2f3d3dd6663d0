"""Writes crates/glm-core/tests/data/vector.tsv: values of the functions of slices, beyond double precision.

Run from the root of the repository: python3 reference/generators/vector_functions.py > crates/glm-core/tests/data/vector.tsv
Needs mpmath. Walks the ranges of every function, then once more those where the normal distribution's errors are largest.
Columns: function, argument, value rounded to a double, what rounding took from it.
"""
import math
import random
from mpmath import erfc, exp, expm1, log, log1p, mp, mpf, pi, sqrt, tanh

mp.dps = 60
random.seed(20)


def cdf(x):
    return erfc(-x / sqrt(mpf(2))) / 2


# Function: ranges of the argument, and whether they are walked in the logarithm.
RANGES = {
    "exp": (exp, [(-745.1, -700, 0), (-708, 709.7, 0), (-2, 2, 0), (1e-300, 1e-3, 1)]),
    "exp_m1": (expm1, [(-45, 709.7, 0), (-2, 2, 0), (-0.5, 0.5, 0), (1e-300, 1e-3, 1)]),
    "ln": (log, [(1e-323, 1.7e308, 1), (0.5, 2, 0), (0.99, 1.01, 0), (0.01, 100, 1)]),
    "ln_1p": (log1p, [(1e-320, 1.7e308, 1), (-0.9999999, 1, 0), (-0.5, 0.5, 0), (1e-10, 10, 1)]),
    "tanh": (tanh, [(-20, 20, 0), (-1, 1, 0), (-3, 3, 0), (1e-300, 1, 1)]),
    "normal_pdf": (lambda x: exp(-x * x / 2) / sqrt(2 * pi), [(-38.5, 38.5, 0), (-3, 3, 0), (-8, 8, 0)]),
    "normal_cdf": (cdf, [(-38.4, 9, 0), (-3, 3, 0), (-8, 8, 0)]),
    "ln_normal_cdf": (
        lambda x: log(cdf(x)) if x < 0 else log1p(-cdf(-x)),
        [(-38, 37, 0), (-3, 3, 0), (-8, 8, 0), (-1e8, -36, 0)],
    ),
}

# Small arguments, where the Mills ratio is its excess alone, the body, and the tails.
NORMAL = {
    "normal_pdf": [(-1, 1, 0), (-13, 13, 0)],
    "normal_cdf": [(-0.2, 0.2, 0), (-1, 1, 0), (-6, 3, 0), (-38, -4, 0)],
    "ln_normal_cdf": [(-0.2, 0.2, 0), (-1, 1, 0), (-6, 3, 0), (-60, -30, 0)],
}


def line(name, function, low, high, logarithmic):
    if logarithmic:
        x = math.exp(random.uniform(math.log(low), math.log(high)))
    else:
        x = random.uniform(low, high)
    value = function(mpf(x))
    return f"{name}\t{x!r}\t{float(value)!r}\t{float(value - mpf(float(value)))!r}"


print("# Functions of slices: function, argument, value as a double, the rest of its 60 digits; made by")
print("# reference/generators/vector_functions.py.")
for name, (function, ranges) in RANGES.items():
    for i in range(160):
        print(line(name, function, *ranges[i % len(ranges)]))
for name, ranges in NORMAL.items():
    for i in range(160):
        print(line(name, RANGES[name][0], *ranges[i % len(ranges)]))
