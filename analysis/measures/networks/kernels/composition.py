"""What members are: counts by category, and how diverse that is."""

import numpy as np

from analysis.measures.networks.compiled import compiled

__all__ = ["category_counts", "diversity_of"]


@compiled
def category_counts(begin, code, categories):
    """Members (n, K) of each category at each interview; a code below 0 is of none."""
    n = begin.size - 1
    found = np.zeros((n, categories), np.int64)
    for i in range(n):
        for m in range(begin[i], begin[i + 1]):
            if code[m] >= 0:
                found[i, code[m]] += 1
    return found


@compiled
def diversity_of(counts):
    """Index of qualitative variation and entropy in bits (n, 2) of counts (n, K); nan of none.

    IQV = K / (K - 1) (1 - sum of squared shares) over the K categories that there can be (Agresti &
    Agresti 1978, doi 10.2307/270810): 0 if all are of one, 1 if all are alike. Entropy is the sum
    of p log2(1 / p) (Shannon 1948, doi 10.1002/j.1538-7305.1948.tb01338.x).
    """
    n, categories = counts.shape
    found = np.full((n, 2), np.nan)
    for i in range(n):
        total = counts[i].sum()
        if total == 0:
            continue
        squares, bits = 0.0, 0.0
        for k in range(categories):
            if counts[i, k] > 0:
                share = counts[i, k] / total
                squares += share * share
                bits -= share * np.log2(share)
        found[i, 0] = (1.0 - squares) * categories / (categories - 1)
        found[i, 1] = max(bits, 0.0)
    return found
