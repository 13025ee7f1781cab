"""Structural holes: constraint and effective size of the ego, who knows all members.

Burt, R. S. (1992) Structural Holes; Burt (2004), doi 10.1086/421787. All ties count the same.
"""

import numpy as np

from analysis.measures.networks.compiled import compiled

__all__ = ["constraint_of", "effective_size_of"]


@compiled
def constraint_of(size, near, degree):
    """Constraint of the ego: sum over members j of (p_j + sum over q of p_q p_qj) squared.

    p_j = 1 / n; q are members who know j, and p_qj = 1 / (degree of q + 1), as q knows the ego too.
    nan without members.
    """
    if size == 0:
        return np.nan
    total = 0.0
    for j in range(size):
        through = 0.0
        for d in range(degree[j]):
            through += 1.0 / (degree[near[j, d]] + 1)
        held = (1.0 + through) / size
        total += held * held
    return total


@compiled
def effective_size_of(ties, size):
    """Members less their mean degree among each other, n - 2 t / n; nan without members.

    Borgatti, S. P. (1997) Connections 20 (1), 35-38: Burt's measure where all ties count the same.
    """
    return size - 2.0 * ties / size if size > 0 else np.nan
