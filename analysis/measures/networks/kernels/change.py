"""Change: who is on both of two maps of the same ego, and who on one."""

import numpy as np

from analysis.measures.networks.compiled import compiled

__all__ = ["overlap_of"]

BEFORE, AFTER = 1, 2


@compiled
def overlap_of(begin, alter, first, second, alters):
    """Members (p, 3) on the earlier map, on the later, and on both, of each pair of interviews.

    `alter` says who a member is, from 0 to `alters` - 1; `first` and `second` (p,) are interviews.
    """
    found = np.zeros((first.size, 3), np.int64)
    seen = np.zeros(alters, np.int8)
    for p in range(first.size):
        a, b = first[p], second[p]
        for m in range(begin[a], begin[a + 1]):
            if seen[alter[m]] == 0:
                seen[alter[m]] = BEFORE
                found[p, 0] += 1
        for m in range(begin[b], begin[b + 1]):
            if seen[alter[m]] < AFTER:
                found[p, 1] += 1
                found[p, 2] += seen[alter[m]] == BEFORE
                seen[alter[m]] = AFTER
        for m in range(begin[a], begin[a + 1]):
            seen[alter[m]] = 0
        for m in range(begin[b], begin[b + 1]):
            seen[alter[m]] = 0
    return found
