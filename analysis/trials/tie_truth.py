"""What analyses of ties estimate, from the shares that people of each arm lose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import optimize, special

from analysis.estimators.catalogue import analysis
from analysis.questions.question import Question

__all__ = ["true_value_of"]

NODES = 60
"""Of the normal intercept."""


def true_value_of(
    question: Question,
    lost: Sequence[float],
    weights: Sequence[float],
    icc: float,
    chances: np.ndarray,
) -> float:
    """What a question asks for, on the scale of its analysis.

    Parameters
    ----------
    question
        Of ties.
    lost
        Share of ties lost, of the arms asked about.
    weights
        People of those arms.
    icc
        Of ties lost, within people.
    chances
        Of having 0, 1, 2, ... ties.
    """
    used = analysis(question.analysis)
    if used.within_people:
        return _conditional(lost, weights, icc, chances)
    means = np.array(lost)
    if len(question.arms) < 2:
        means = np.array([means @ np.array(weights) / sum(weights)])
    if used.of_means is not None:
        means = used.of_means(means)
    return float(means[0] - means[1]) if means.size == 2 else float(means[0])


def _conditional(
    lost: Sequence[float], weights: Sequence[float], icc: float, chances: np.ndarray
) -> float:
    """Log odds ratio to which a logistic mixed model tends (White 1982, doi 10.2307/1912526).

    Shares are beta between people and the model has log odds normal, so this is the value at which
    its likelihood is expected to be largest.
    """
    nodes, share = special.roots_hermitenorm(NODES)
    log_share = np.log(share / share.sum())
    sizes = np.flatnonzero(chances > 1e-9)
    each = [(m, np.arange(m + 1)) for m in sizes[sizes > 0]]
    laws = [[chances[m] * _beta_binomial(k, m, one, icc) for m, k in each] for one in lost]

    def unlikely(theta: np.ndarray) -> float:
        total = 0.0
        for mean, weight, law in zip(theta, weights, laws, strict=False):
            odds = mean + theta[-1] * nodes
            kept, gone = -np.logaddexp(0, odds), -np.logaddexp(0, -odds)
            for (m, k), chance in zip(each, law, strict=True):
                terms = log_share + np.outer(k, gone) + np.outer(m - k, kept)
                total -= weight * float(chance @ special.logsumexp(terms, axis=1))
        return total

    first = special.logit(np.array(lost))
    found = optimize.minimize(unlikely, [*first, 1.0], method="BFGS")
    return float(found.x[0] - found.x[1])


def _beta_binomial(k: np.ndarray, m: int, mean: float, icc: float) -> np.ndarray:
    """Chances of k of m, where the share is beta between people."""
    ways = special.gammaln(m + 1) - special.gammaln(k + 1) - special.gammaln(m - k + 1)
    if icc <= 0:
        return np.asarray(np.exp(ways + k * np.log(mean) + (m - k) * np.log1p(-mean)))
    a, b = mean * (1 / icc - 1), (1 - mean) * (1 / icc - 1)
    return np.asarray(np.exp(ways + special.betaln(k + a, m - k + b) - special.betaln(a, b)))
