"""Components: parts of a network without the ego between which nobody knows anybody."""

from analysis.measures.networks.compiled import compiled

__all__ = ["component_count"]


@compiled
def component_count(size, near, degree, reached, waiting):
    """Number of components; somebody who knows nobody is one. `reached`, `waiting` are scratch."""
    reached[:size] = False
    parts = 0
    for first in range(size):
        if reached[first]:
            continue
        parts += 1
        reached[first] = True
        waiting[0], left = first, 1
        while left > 0:
            left -= 1
            here = waiting[left]
            for d in range(degree[here]):
                there = near[here, d]
                if not reached[there]:
                    reached[there] = True
                    waiting[left] = there
                    left += 1
    return parts
