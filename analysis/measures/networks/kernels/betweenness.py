"""Betweenness: the ego's among the members, and the highest of a member where the ego is left out.

Freeman, L. C. (1977) doi 10.2307/3033543; of egos, Everett & Borgatti (2005) doi
10.1016/j.socnet.2004.11.007; of all at once, Brandes (2001) doi 10.1080/0022250X.2001.9990249.
"""

import numpy as np

from analysis.measures.networks.compiled import compiled

__all__ = ["ego_betweenness_of", "highest_betweenness_of"]


@compiled
def ego_betweenness_of(size, known, near, degree):
    """Share of pairs of members whose shortest path leads over the ego; nan without a pair.

    Two who do not know each other are two steps apart, over the ego or anyone whom both know: the
    ego has one of so many paths.
    """
    if size < 2:
        return np.nan
    total = 0.0
    for a in range(size):
        for b in range(a):
            if known[a, b]:
                continue
            both = 0
            for d in range(degree[a]):
                both += known[near[a, d], b]
            total += 1.0 / (1 + both)
    return total / (size * (size - 1) / 2)


@compiled
def highest_betweenness_of(size, near, degree, between, paths, steps, owed, line):
    """Highest share of pairs of others whose shortest paths lead over one member, without the ego.

    nan with fewer than three members; the last five arguments are scratch.
    """
    if size < 3:
        return np.nan
    between[:size] = 0.0
    for first in range(size):
        if degree[first] > 0:
            _add_paths_from(first, size, near, degree, between, paths, steps, owed, line)
    # each pair was met from both of its ends
    return between[:size].max() / ((size - 1) * (size - 2))


@compiled
def _add_paths_from(first, size, near, degree, between, paths, steps, owed, line):
    """Add to `between` the shares of shortest paths from one member to all others."""
    paths[:size], steps[:size], owed[:size] = 0.0, -1, 0.0
    paths[first], steps[first] = 1.0, 0
    line[0], met, at = first, 1, 0
    while at < met:
        here = line[at]
        at += 1
        for d in range(degree[here]):
            there = near[here, d]
            if steps[there] < 0:
                steps[there] = steps[here] + 1
                line[met] = there
                met += 1
            if steps[there] == steps[here] + 1:
                paths[there] += paths[here]
    for back in range(met - 1, 0, -1):
        here = line[back]
        for d in range(degree[here]):
            there = near[here, d]
            if steps[there] == steps[here] - 1:
                owed[there] += paths[there] / paths[here] * (1.0 + owed[here])
        between[here] += owed[here]
