"""What ties between members say of each interview, all measures in one walk."""

import numpy as np

from analysis.measures.networks.compiled import compiled
from analysis.measures.networks.kernels.betweenness import (
    ego_betweenness_of,
    highest_betweenness_of,
)
from analysis.measures.networks.kernels.components import component_count
from analysis.measures.networks.kernels.density import density_of
from analysis.measures.networks.kernels.neighbours import fill_network
from analysis.measures.networks.kernels.structural_holes import constraint_of, effective_size_of

__all__ = ["MEASURES_OF_TIES", "network_structure"]

MEASURES_OF_TIES = (
    "density", "components", "constraint", "effective_size", "betweenness", "max_betweenness",
)  # fmt: skip
"""Columns of what `network_structure` returns."""


@compiled
def network_structure(begin, tie_begin, source, target, asked):
    """Measures (n, 6) in the order of `MEASURES_OF_TIES`; nan where ties were not asked about."""
    found = np.full((asked.size, 6), np.nan)
    most = 0
    for i in range(asked.size):
        most = max(most, begin[i + 1] - begin[i])
    known, near = np.zeros((most, most), np.bool_), np.zeros((most, most), np.int64)
    degree, steps, line = np.zeros((3, most), np.int64)
    between, paths, owed = np.zeros((3, most))
    reached = np.zeros(most, np.bool_)
    for i in range(asked.size):
        if not asked[i]:
            continue
        size, first, last = begin[i + 1] - begin[i], tie_begin[i], tie_begin[i + 1]
        fill_network(source[first:last], target[first:last], size, known, near, degree)
        found[i, 0] = density_of(last - first, size)
        found[i, 1] = component_count(size, near, degree, reached, line)
        found[i, 2] = constraint_of(size, near, degree)
        found[i, 3] = effective_size_of(last - first, size)
        found[i, 4] = ego_betweenness_of(size, known, near, degree)
        found[i, 5] = highest_betweenness_of(size, near, degree, between, paths, steps, owed, line)
    return found
