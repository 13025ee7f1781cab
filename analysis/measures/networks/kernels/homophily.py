"""EI indices: from -1, all ties within one's own category, to 1, all with others.

Krackhardt & Stern (1988) doi 10.2307/2786835.
"""

import numpy as np

from analysis.measures.networks.compiled import compiled
from analysis.measures.networks.kernels.composition import category_counts

__all__ = ["ei_of_members", "ei_of_ties"]


@compiled
def ei_of_members(begin, code, own):
    """(E - I) / (E + I) of members unlike and like the ego, (n,); nan where none was told.

    `own` (n,) is the ego's code; a code below 0 was not told.
    """
    n = begin.size - 1
    found = np.full(n, np.nan)
    for i in range(n):
        unlike, told = 0, 0
        for m in range(begin[i], begin[i + 1]):
            if code[m] >= 0 and own[i] >= 0:
                told += 1
                unlike += code[m] != own[i]
        if told > 0:
            found[i] = (2 * unlike - told) / told
    return found


@compiled
def ei_of_ties(begin, tie_begin, source, target, asked, code, categories):
    """EI of ties between members, (n,), E and I each as a share of the pairs there are.

    So an index of 0 says that members know those of other categories as often as their own. nan
    where pairs of one of both sorts do not exist, and where nobody knows anybody. Members of no
    category count in nothing.
    """
    n = asked.size
    found = np.full(n, np.nan)
    counts = category_counts(begin, code, categories)
    for i in range(n):
        if not asked[i]:
            continue
        count = counts[i]
        told = count.sum()
        within = (count * (count - 1)).sum() // 2
        between = told * (told - 1) // 2 - within
        inside, outside = 0, 0
        for t in range(tie_begin[i], tie_begin[i + 1]):
            a, b = code[begin[i] + source[t]], code[begin[i] + target[t]]
            if a >= 0 and b >= 0:
                inside += a == b
                outside += a != b
        if within > 0 and between > 0 and inside + outside > 0:
            external, internal = outside / between, inside / within
            found[i] = (external - internal) / (external + internal)
    return found
