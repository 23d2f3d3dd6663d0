"""Writes crates/glm-core/tests/data/tweedie_density.tsv: the Tweedie density and its score in ln phi, to 20 digits.

Run from the root of the repository: python3 reference/generators/tweedie_density.py
Needs mpmath. The density is summed as its definition has it, Poisson probabilities times gamma densities, with 50 digits,
term by term until both tails fall below 1e-42 of the sum. Columns: p, phi, mu, y, ln f, d ln f/d ln phi.
"""
import random
from mpmath import mp, mpf, log, loggamma, exp, nstr

mp.dps = 50
rng = random.Random(11)


def ln_density(y, mu, phi, p):
    """ln f and d ln f/d ln phi."""
    y, mu, phi, p = map(mpf, (y, mu, phi, p))
    mean, shape, scale = mu ** (2 - p) / (phi * (2 - p)), (2 - p) / (p - 1), phi * (p - 1) * mu ** (p - 1)
    if y == 0:
        return -mean, mean
    term = lambda j: (-mean + j * log(mean) - loggamma(j + 1) + (j * shape - 1) * log(y) - y / scale
                      - loggamma(j * shape) - j * shape * log(scale))
    # The mean of the Poisson number is proportional to 1/phi, the scale of the gammas to phi.
    slope = lambda j: mean - j + y / scale - j * shape
    centre = max(1, int(y ** (2 - p) / (phi * (2 - p))))
    largest, total, moment = term(centre), mpf(0), mpf(0)
    for j, step in ((centre, 1), (centre - 1, -1)):
        last = None
        while j >= 1:
            weight = exp(term(j) - largest)
            total += weight
            moment += weight * slope(j)
            if last is not None and weight < last and weight < mpf(10) ** -42 * total:
                break
            last = weight
            j += step
    return largest + log(total), moment / total


def arguments():
    found = []
    while len(found) < 160:
        near = rng.random() < 0.4
        p = rng.choice([1.001, 1.01, 1.05, 1.1, 1.9, 1.95, 1.99, 1.999]) if near else round(rng.uniform(1.05, 1.95), 3)
        phi, mu, ratio = 10 ** rng.uniform(-3, 3), 10 ** rng.uniform(-2, 3), 10 ** rng.uniform(-1.5, 1)
        phi, mu, y = (float(f"{value:.4g}") for value in (phi, mu, mu * ratio))
        # As many terms as a sum term by term can take.
        if y ** (2 - p) / (phi * (2 - p)) * (p - 1) < 160_000:
            found.append((p, phi, mu, y))
    # Whole multiples of phi as p tends to 1, as p tends to 2, and large numbers of gammas.
    return found + [(1.0001, 1.0, 2.5, 3.0), (1.001, 1.0, 2.5, 3.0), (1.01, 1.0, 35.0, 40.0), (1.01, 1.0, 2.5, 3.2),
                    (1.5, 1e-4, 5.0, 5.0), (1.9, 1e-4, 2.1, 2.0), (1.3, 1e-3, 90.0, 100.0), (1.9999, 0.5, 2.1, 2.0),
                    (1.9999, 5.0, 2.1, 0.3), (1.5, 2.0, 4.0, 0.0), (1.05, 0.3, 0.7, 0.0)]


if __name__ == "__main__":
    with open("crates/glm-core/tests/data/tweedie_density.tsv", "w") as out:
        out.write("# p, phi, mu, y, ln f, d ln f/d ln phi (tab separated); made by reference/generators/tweedie_density.py.\n")
        for p, phi, mu, y in arguments():
            value, slope = ln_density(y, mu, phi, p)
            if value > -1e5:
                numbers = [nstr(number, 20, min_fixed=1, max_fixed=0) for number in (value, slope)]
                out.write("\t".join([repr(p), repr(phi), repr(mu), repr(y), *numbers]) + "\n")
