"""Means by team, over replicates."""

import numpy as np

from analysis.estimators.compiled import compiled

__all__ = ["team_means"]


@compiled
def team_means(values: np.ndarray, team: np.ndarray, teams: int) -> np.ndarray:
    """Means of what was seen, (B, teams), NaN where nothing was; team is (1 or B, n)."""
    replicates, n = values.shape
    means = np.zeros((replicates, teams))
    for b in range(replicates):
        of = team[b if team.shape[0] > 1 else 0]
        seen = np.zeros(teams)
        for i in range(n):
            if not np.isnan(values[b, i]):
                means[b, of[i]] += values[b, i]
                seen[of[i]] += 1.0
        means[b] /= seen
    return means
