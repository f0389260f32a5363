"""Values of other software that the tests compare with: python3 comparisons.py > comparisons.json

Where no package has the method, it is done here by brute force: numerical maximisation, integration, products. Which
versions made the committed file stands in it.
"""

import json
import sys
import warnings

import numpy
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy import integrate, optimize, stats
from sklearn.linear_model import LogisticRegression
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests

warnings.filterwarnings("ignore")
rng = numpy.random.default_rng(11)


def rounded(values, digits=4):
    return [round(float(v), digits) for v in values]


def clustered():
    labels = [int(c) for c in rng.integers(0, 12, 60)]
    values = rounded(rng.normal(0.5, 0.1, 60) + numpy.array([0.3 * (c % 3) for c in labels]))
    fit = sm.OLS(values, numpy.ones(60)).fit(cov_type="cluster", cov_kwds={"groups": labels}, use_t=True)
    low, high = fit.conf_int()[0]
    return {"values": values, "labels": labels, "mean": float(fit.params[0]), "error": float(fit.bse[0]), "low": float(low), "high": float(high), "p": float(fit.pvalues[0])}


def components():
    items = numpy.repeat(numpy.arange(40), 5)
    values = rounded(rng.normal(0, 0.3, 40)[items] + rng.normal(0.5, 0.2, 200))
    # For equal numbers of repeats, restricted maximum likelihood is the method of moments.
    fit = MixedLM(values, numpy.ones(200), items).fit(reml=True, method="powell", xtol=1e-12, ftol=1e-14)
    return {"values": values, "items": items.tolist(), "between": float(fit.cov_re[0][0]), "within": float(fit.scale)}


def tango(b, c, n, confidence=0.95):
    """The score interval with the constrained likelihood maximised numerically."""

    def score(d):
        low, high = max(0, -d), (1 - d) / 2
        # The likelihood in q = P(only B); P(only A) = q + d, the rest is the same for both.
        def loss(q):
            parts = [(b, q + d), (c, q), (n - b - c, 1 - d - 2 * q)]
            return -sum(k * numpy.log(max(p, 1e-300)) for k, p in parts if k)

        q = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
        return (b - c - n * d) / numpy.sqrt(n * (2 * q + d * (1 - d)))

    z = stats.norm.ppf((1 + confidence) / 2)
    estimate = (b - c) / n
    return [
        float(optimize.brentq(lambda d: score(d) - z, -1 + 1e-9, estimate - 1e-9, xtol=1e-12)),
        float(optimize.brentq(lambda d: score(d) + z, estimate + 1e-9, 1 - 1e-9, xtol=1e-12)),
    ]


def a_better(b, c, prior):
    """P(x > 1/2) for x of Beta(prior + b, prior + c), by quadrature of its density."""
    density = stats.beta(prior + b, prior + c).pdf
    return float(integrate.quad(density, 0.5, 1, epsabs=1e-13, epsrel=1e-12, limit=500)[0])


def bradley_terry(with_style):
    strengths = numpy.array([0.9, 0.3, 0.0, -0.2, -1.0])
    games = []
    first, second = rng.integers(0, 900, (2, 400)), rng.integers(0, 900, (2, 400))
    features = stats.zscore((first - second) / (first + second + 1), axis=1).T
    for x in features:
        i, j = rng.choice(5, 2, replace=False)
        p = 1 / (1 + numpy.exp(strengths[j] - strengths[i] - (0.5 * x[0] if with_style else 0)))
        u = rng.random()
        games.append([int(i), int(j), 0.5 if rng.random() < 0.2 else float(u < p)])

    def objective(theta):
        total = 0.005 * (theta[:5] ** 2).sum() + 0.25 * (theta[5:] ** 2).sum()
        for (i, j, y), x in zip(games, features):
            odds = theta[i] - theta[j] + (numpy.dot(theta[5:], x) if with_style else 0)
            total += numpy.logaddexp(0, odds) - y * odds
        return total

    start = numpy.zeros(7 if with_style else 5)
    fit = optimize.minimize(objective, start, method="BFGS", options={"gtol": 1e-9})
    out = {"games": games, "strengths": fit.x[:5].tolist()}
    if with_style:
        out.update(first=first.tolist(), second=second.tolist(), effects=fit.x[5:].tolist())
    return out


def bradley_terry_sklearn():
    """Without ties the fit is a logistic regression without intercept; C = 1 / ridge."""
    games = [[int(i), int(j), float(rng.random() < 0.5 + 0.1 * (j - i))] for i, j in (rng.choice(4, 2, replace=False) for _ in range(300))]
    x = numpy.zeros((300, 4))
    for row, (i, j, _) in enumerate(games):
        x[row, i], x[row, j] = 1, -1
    fit = LogisticRegression(C=1 / 0.01, fit_intercept=False, tol=1e-12, max_iter=10_000).fit(x, [g[2] for g in games])
    return {"games": games, "strengths": fit.coef_[0].tolist()}


def style():
    first, second = rng.integers(0, 900, (2, 30)).tolist(), rng.integers(0, 900, (2, 30)).tolist()
    a, b = numpy.array(first, float), numpy.array(second, float)
    return {"first": first, "second": second, "rows": stats.zscore((a - b) / (a + b + 1), axis=1).T.tolist()}


def kappa():
    out = []
    for _ in range(3):
        truth = rng.integers(0, 3, 80)
        first, second = ([int(t) if rng.random() < 0.7 else int(rng.integers(0, 3)) for t in truth] for _ in range(2))
        table = numpy.zeros((3, 3))
        for i, j in zip(first, second):
            table[i, j] += 1
        fit = cohens_kappa(table)
        out.append({"first": first, "second": second, "kappa": float(fit.kappa), "error": float(fit.std_kappa)})
    return out


def sequence():
    values = rounded(rng.choice([-1, 0, 0, 1, 1], 60), 1)
    alpha, tightest = 0.05, 100
    rho2 = (-2 * numpy.log(alpha) + numpy.log(-2 * numpy.log(alpha)) + 1) / tightest
    halves = []
    for n in range(1, 61):
        v = numpy.var(values[:n])
        s = n * v * rho2 + 1
        halves.append(float(numpy.sqrt(s / (n * n * rho2) * numpy.log(s / alpha**2))))
    stakes = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75]
    null = 0.1
    x = numpy.array(values) - null
    return {
        "values": values,
        "halves": halves,
        "null": null,
        "above": float(numpy.mean([numpy.prod(1 + l / (null + 1) * x) for l in stakes])),
        "below": float(numpy.mean([numpy.prod(1 - l / (1 - null) * x) for l in stakes])),
    }


p_values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.0001, 0.04, 1.0, 0.02]
cells = [(12, 3), (5, 5), (0, 4), (0, 0), (30, 11), (383, 95)]
out = {
    "made_with": {
        "python": sys.version.split()[0],
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "clustered": clustered(),
    "components": components(),
    "mcnemar": [[b, c, float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)] for b, c in cells],
    # Of the definition: the tail without half of what was seen, on both sides.
    "mid_p": [[b, c, float(2 * (stats.binom.cdf(min(b, c), b + c, 0.5) - stats.binom.pmf(min(b, c), b + c, 0.5) / 2))] for b, c in cells],
    "tango": [[b, c, n, *tango(b, c, n)] for b, c, n in [(12, 3, 40), (5, 5, 30), (4, 0, 10), (30, 11, 200), (383, 95, 1319), (1, 0, 9)]],
    "a_better": [[b, c, prior, a_better(b, c, prior)] for b, c in cells for prior in (0.5, 1)],
    "p_values": p_values,
    "holm": multipletests(p_values, method="holm")[1].tolist(),
    "benjamini_hochberg": multipletests(p_values, method="fdr_bh")[1].tolist(),
    "bradley_terry": bradley_terry(False),
    "bradley_terry_style": bradley_terry(True),
    "bradley_terry_sklearn": bradley_terry_sklearn(),
    "style": style(),
    "kappa": kappa(),
    "sequence": sequence(),
}
print("{")
print(",\n".join(f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in out.items()))
print("}")
