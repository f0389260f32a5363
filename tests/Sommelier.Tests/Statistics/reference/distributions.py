"""Values of SciPy, statsmodels and mpmath that the tests compare with: python3 distributions.py > distributions.json

Which versions made the committed file stands in it. mpmath, at 30 digits, where SciPy 1.10 is good to nine only: quantiles
of Student's t and the log beta function of parameters far apart.
"""

import json
import sys

import mpmath
import numpy
import scipy
import statsmodels
from scipy import special, stats
from statsmodels.stats.proportion import proportion_confint

mpmath.mp.dps = 30


def log_beta(a, b):
    return float(mpmath.log(mpmath.beta(a, b)))


def t_upper_tail(t, d):
    t, d = mpmath.mpf(t), mpmath.mpf(d)
    return mpmath.betainc(d / 2, mpmath.mpf(1) / 2, 0, d / (d + t * t), regularized=True) / 2


def t_quantile(p, d):
    start = stats.t.ppf(p, d)
    return float(mpmath.findroot(lambda t: mpmath.log(t_upper_tail(t, d) / (1 - mpmath.mpf(p))), start))


ps = [1e-12, 1e-6, 0.001, 0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975, 0.999, 1 - 1e-9]
xs = [-30, -12, -7.5, -5, -3, -1.96, -1, -0.3, 0, 0.3, 1, 1.96, 3, 5, 7.5]
degrees = [1, 2, 3.5, 9, 29, 77, 500, 20000]

out = {
    "made_with": {
        "python": sys.version.split()[0],
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "mpmath": mpmath.__version__,
    },
    "normal_quantile": [[p, float(stats.norm.ppf(p))] for p in ps],
    "normal_cumulative": [[x, float(stats.norm.cdf(x))] for x in xs],
    "t_two_sided": [[c, d, t_quantile((1 + c) / 2, d)] for c in [0.5, 0.9, 0.95, 0.99, 0.9999] for d in degrees],
    "t_two_sided_p": [[t, d, float(2 * t_upper_tail(t, d))] for t in [1e-9, 0.01, 0.5, 1, 2, 4, 10, 60] for d in degrees],
    "log_gamma": [[x, float(special.gammaln(x))] for x in [1e-6, 0.1, 0.5, 1.5, 2.5, 7, 9.99, 10, 10.01, 33.3, 1e3, 1e6, 1e9]],
    "log_beta": [
        [a, b, log_beta(a, b)]
        for a in [0.1, 0.5, 1, 3.3, 12, 250, 1e6]
        for b in [0.2, 1, 2.5, 9.5, 40, 1e4, 1e7]
    ],
    "beta_cumulative": [
        [x, a, b, float(special.betainc(a, b, x))]
        for x in [0.001, 0.2, 0.5, 0.83, 0.999]
        for a, b in [(0.5, 0.5), (1, 7), (3, 3), (40, 12), (500, 480), (9000, 1000)]
    ],
    "beta_quantile": [
        [p, a, b, float(special.betaincinv(a, b, p))]
        for p in [0.025, 0.1, 0.5, 0.9, 0.975]
        for a, b in [(0.5, 0.5), (1, 7), (3, 3), (40, 12), (500, 480), (9000, 1000)]
    ],
    "binomial_at_most": [
        [k, n, p, float(stats.binom.cdf(k, n, p))]
        for k, n, p in [(0, 5, 0.5), (3, 10, 0.5), (95, 478, 0.5), (12, 20, 0.7), (480, 1000, 0.5), (49000, 100000, 0.5), (3, 1000, 0.001)]
    ],
    "wilson": [[k, n, c, *map(float, proportion_confint(k, n, 1 - c, "wilson"))] for k, n, c in [(0, 5, 0.95), (5, 5, 0.95), (7, 10, 0.9), (81, 100, 0.95), (979, 1000, 0.99)]],
    "mean_t": [],
    "bca": [],
}

rng = numpy.random.default_rng(7)
for size in [2, 5, 30, 200]:
    values = [round(float(v), 4) for v in rng.beta(2, 1, size)]
    test = stats.ttest_1samp(values, 0.6)
    out["mean_t"].append({"values": values, "low": float(test.confidence_interval().low), "high": float(test.confidence_interval().high), "p": float(test.pvalue)})
for size in [12, 40, 90]:
    values = [round(float(v), 4) for v in rng.exponential(0.3, size)]
    test = stats.bootstrap((values,), numpy.mean, n_resamples=400_000, method="BCa", random_state=rng, batch=2000)
    out["bca"].append({"values": values, "low": float(test.confidence_interval.low), "high": float(test.confidence_interval.high)})

print("{")
print(",\n".join(f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in out.items()))
print("}")
