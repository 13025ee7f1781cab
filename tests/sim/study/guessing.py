"""A guesser for tests of leaks: what can be told of the truth from what should say nothing.

Each feature is cut into eight parts of equal size, so that the logistic model sees any shape of a
relation; it is fitted by ridge-penalised Newton steps and judged on people it has not seen.
"""

import numpy as np

BINS, FOLDS, RIDGE, STEPS = 8, 5, 3.0, 8


def in_bins(features):
    """Indicators of the eighths of each column, (n, 8 columns at most)."""
    columns = []
    for column in np.asarray(features, float).T:
        edges = np.unique(np.quantile(column, np.arange(1, BINS) / BINS))
        part = np.searchsorted(edges, column, side="right")
        columns += [part == one for one in np.unique(part)]
    return np.stack(columns, axis=1).astype(float)


def fitted(x, y):
    """Weights of a logistic model with a ridge on all but the intercept."""
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - p) - penalty * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        weights += np.linalg.solve(curve, slope)
    return weights


def auc(score, y):
    """Share of pairs in the right order, ties half."""
    order = np.argsort(score, kind="stable")
    _, same, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    rank = np.empty(score.size)
    rank[order] = (ends - (counts - 1) / 2)[same]
    ones = y.sum()
    return (rank[y].sum() - ones * (ones + 1) / 2) / (ones * (y.size - ones))


def guessed(features, truth, person):
    """Area under the curve of guesses at `truth`, each by a model of other people."""
    y = np.asarray(truth, bool)
    x = np.column_stack([np.ones(y.size), in_bins(features)])
    _, number = np.unique(np.asarray(person), return_inverse=True)
    fold = np.random.default_rng(1).permutation(number.max() + 1)[number] % FOLDS
    score = np.zeros(y.size)
    for out in range(FOLDS):
        seen = fold != out
        score[~seen] = x[~seen] @ fitted(x[seen], y[seen].astype(float))
    return auc(score, y)
