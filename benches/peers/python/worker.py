"""Fits with the Python peers; the protocol is that of the Rust crate `worker`.

usage: worker.py {statsmodels,glum,glum-se,sklearn-nc,sklearn-lbfgs,numpy} DIRECTORY N P
"""

import json
import os
import sys
import time
import warnings

FAMILIES = ["gaussian", "binomial", "poisson", "gamma"]


def say(message):
    print(json.dumps(message), flush=True)


def load(directory, n, p):
    """The design with its column of ones, in Fortran order, and the responses."""
    x = np.empty((n, p + 1), order="F")
    x[:, 0] = 1.0
    x[:, 1:] = np.fromfile(f"{directory}/x.f64", "<f8").reshape((n, p), order="F")
    return x, {family: np.fromfile(f"{directory}/{family}.f64", "<f8") for family in FAMILIES}


def load_claims(directory, n, p):
    """Factors and numbers as tabmat's split matrix, the first level of each factor left out; counts and exposures."""
    import pandas as pd
    import tabmat

    codes = np.fromfile(f"{directory}/codes.u32", "<u4").reshape((n, -1), order="F")
    x = np.fromfile(f"{directory}/x.f64", "<f8").reshape((n, p), order="F")
    columns = {f"f{j}": pd.Categorical(codes[:, j]) for j in range(codes.shape[1])}
    frame = pd.DataFrame(columns | {f"x{j}": x[:, j] for j in range(p)})
    ys = {name: np.fromfile(f"{directory}/{name}.f64", "<f8") for name in ["claims", "exposure"]}
    return tabmat.from_pandas(frame, drop_first=True), ys


def statsmodels_program(x, ys):
    import statsmodels
    import statsmodels.api as sm

    families = {
        "binomial": sm.families.Binomial(),
        "poisson": sm.families.Poisson(),
        "gamma": sm.families.Gamma(sm.families.links.Log()),
    }

    def fit(family):
        if family == "gaussian":
            result = sm.OLS(ys[family], x).fit()
            return result.params, result.bse, None
        # The stopping rule of R: with the default one, the deviance must stand still to eight decimals.
        result = sm.GLM(ys[family], x, family=families[family]).fit(tol=1e-8, rtol=1e-8)
        return result.params, result.bse, result.fit_history["iteration"]

    return statsmodels.__version__, fit


def glum_program(x, ys, standard_errors):
    import glum

    names = {"gaussian": ("normal", "identity"), "binomial": ("binomial", "logit")}
    names |= {"poisson": ("poisson", "log"), "gamma": ("gamma", "log")}

    def fit(family):
        name, link = names[family]
        # The column of ones is the intercept: on a dense design that is the quicker way.
        model = glum.GeneralizedLinearRegressor(family=name, link=link, alpha=0, fit_intercept=False, gradient_tol=1e-5)
        model.fit(x, ys[family])
        errors = None
        if standard_errors:
            errors = model.std_errors(X=x, y=ys[family], robust=False, expected_information=True)
        return model.coef_, errors, model.n_iter_

    return glum.__version__, fit


def glum_claims(x, ys, standard_errors):
    import glum

    offset = np.log(ys["exposure"])

    def fit(family):
        y = ys[family]
        model = glum.GeneralizedLinearRegressor(family="poisson", alpha=0, fit_intercept=True, gradient_tol=1e-5)
        model.fit(x, y, offset=offset)
        errors = None
        if standard_errors:
            errors = model.std_errors(X=x, y=y, offset=offset, robust=False, expected_information=True)
        return np.append(model.intercept_, model.coef_), errors, model.n_iter_

    return glum.__version__, fit


def sklearn_program(x, ys, solver):
    import sklearn
    from sklearn.linear_model import GammaRegressor, LinearRegression, LogisticRegression, PoissonRegressor, Ridge

    # LogisticRegression would copy a design in Fortran order at each fit.
    by_rows = np.ascontiguousarray(x)
    options = {"fit_intercept": False, "solver": solver, "tol": 1e-5, "max_iter": 1000}

    def fit(family):
        if family == "gaussian" and solver == "lbfgs":
            model = LinearRegression(fit_intercept=False).fit(x, ys[family])
        elif family == "gaussian":
            model = Ridge(alpha=0, solver="cholesky", fit_intercept=False).fit(x, ys[family])
        elif family == "binomial":
            model = LogisticRegression(C=np.inf, **options).fit(by_rows, ys[family])
        elif family == "poisson":
            model = PoissonRegressor(alpha=0, **options).fit(x, ys[family])
        else:
            model = GammaRegressor(alpha=0, **options).fit(x, ys[family])
        iterations = getattr(model, "n_iter_", None)
        return np.ravel(model.coef_), None, None if iterations is None else np.max(iterations)

    return sklearn.__version__, fit


def numpy_program(x, ys):
    """Iteratively reweighted least squares as one writes it by hand, around BLAS's dsyrk."""
    import scipy
    from scipy.linalg import cho_factor, cho_solve
    from scipy.linalg.blas import dsyrk
    from scipy.special import expit, xlogy

    start = {"binomial": lambda y: (y + 0.5) / 2, "poisson": lambda y: y + 0.1, "gamma": lambda y: y}

    def deviance(family, y, mu):
        if family == "binomial":
            return -2 * (xlogy(y, mu) + xlogy(1 - y, 1 - mu)).sum()
        if family == "poisson":
            return 2 * (xlogy(y, y / mu) - (y - mu)).sum()
        return 2 * ((y - mu) / mu - np.log(y / mu)).sum()

    def fit(family):
        y = ys[family]
        if family == "gaussian":
            factor = cho_factor(dsyrk(1.0, x, trans=1, lower=1), lower=True)
            coefficients = cho_solve(factor, x.T @ y)
            phi = ((y - x @ coefficients) ** 2).sum() / (len(y) - x.shape[1])
            return coefficients, np.sqrt(phi * np.diag(cho_solve(factor, np.eye(x.shape[1])))), 1
        mu, before = start[family](y), np.inf
        eta = np.log(mu / (1 - mu)) if family == "binomial" else np.log(mu)
        for iteration in range(1, 30):
            weight = {"binomial": lambda: mu * (1 - mu), "poisson": lambda: mu, "gamma": lambda: None}[family]()
            response = eta + (y - mu) / (mu if weight is None else weight)
            scaled = x
            if weight is not None:
                root = np.sqrt(weight)
                scaled, response = x * root[:, None], response * root
            factor = cho_factor(dsyrk(1.0, scaled, trans=1, lower=1), lower=True)
            coefficients = cho_solve(factor, scaled.T @ response)
            eta = x @ coefficients
            mu = expit(eta) if family == "binomial" else np.exp(eta)
            now = deviance(family, y, mu)
            if abs(now - before) < 1e-8 * (abs(now) + 0.1):
                break
            before = now
        phi = (((y - mu) / mu) ** 2).sum() / (len(y) - x.shape[1]) if family == "gamma" else 1.0
        return coefficients, np.sqrt(phi * np.diag(cho_solve(factor, np.eye(x.shape[1])))), iteration

    return f"{np.__version__}, scipy {scipy.__version__}", fit


PROGRAMS = {
    "statsmodels": statsmodels_program,
    "glum": lambda x, ys: glum_program(x, ys, False),
    "glum-se": lambda x, ys: glum_program(x, ys, True),
    "sklearn-nc": lambda x, ys: sklearn_program(x, ys, "newton-cholesky"),
    "sklearn-lbfgs": lambda x, ys: sklearn_program(x, ys, "lbfgs"),
    "numpy": numpy_program,
}


def measure(fit, family, repeats):
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        coefficients, errors, iterations = fit(family)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "cpu": cpu / repeats,
        "wall": wall / repeats,
        "coefficients": [float(value) for value in coefficients],
        "std_errors": None if errors is None else [float(value) for value in errors],
        "iterations": None if iterations is None else int(iterations),
    }


def main():
    warnings.filterwarnings("ignore")
    program, directory, n, p = sys.argv[1:]
    claims = os.path.exists(f"{directory}/codes.u32")
    if claims:
        version, fit = glum_claims(*load_claims(directory, int(n), int(p)), program == "glum-se")
    else:
        version, fit = PROGRAMS[program](*load(directory, int(n), int(p)))
    say({"version": version, "families": ["claims"] if claims else FAMILIES})
    for line in sys.stdin:
        family, repeats = line.split()
        try:
            say(measure(fit, family, int(repeats)))
        except Exception as error:  # A fit that fails is an answer.
            say({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    try:
        import numpy as np

        main()
    except ImportError as error:
        sys.exit(str(error))
