"""Who knows whom in one network: neighbours of each member, and a table of pairs."""

from analysis.measures.networks.compiled import compiled

__all__ = ["fill_network"]


@compiled
def fill_network(source, target, size, known, near, degree):
    """Fill in one network of `size` members from its ties.

    Afterwards ``known[a, b]`` says whether a knows b, and ``near[a, :degree[a]]`` are those whom a
    knows.
    """
    known[:size, :size] = False
    degree[:size] = 0
    for t in range(source.size):
        a, b = source[t], target[t]
        known[a, b] = known[b, a] = True
        near[a, degree[a]] = b
        near[b, degree[b]] = a
        degree[a] += 1
        degree[b] += 1
