"""Two arms allocated by team: each team gives one mean, and the means are compared.

Whatever the correlation within teams, team means are independent, so that the t test on them holds
its level with few teams of similar size (Donner & Klar 2000; Hayes & Moulton 2017). It weighs teams
alike: it estimates the difference between teams' means, not between egos'.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.kernels.teams import team_means
from analysis.estimators.ols import ols
from sim.errors import InputError

__all__ = ["cluster_t"]


def cluster_t(
    y: object,
    arm: object,
    team: object,
    *,
    baseline: object = None,
    level: float = 0.95,
) -> Fits:
    """Difference between arms in the mean of team means.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    arm : array, (n,) or (B, n)
        0 or 1, the same for all egos of a team.
    team : array of int, (n,) or (B, n)
        0, 1, 2, ...
    baseline : array, (B, n), optional
        Its team mean, over those seen at baseline, becomes a covariate; that costs one degree of
        freedom.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        Student's t on teams - 2 degrees of freedom (- 3 with a baseline), for the teams of which
        anybody was seen. Not converged: fewer than three teams (four), or an arm without any.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a team in two arms, numbers of teams that are no indices.
    """
    values = np.ascontiguousarray(y, np.float64)
    of = np.ascontiguousarray(team)
    if values.ndim != 2 or of.shape not in (values.shape, values.shape[1:]):
        raise InputError(
            f"y has shape {values.shape} and team {of.shape}; right are (B, n), and (n,) or (B, n)"
        )
    if not np.issubdtype(of.dtype, np.integer) or of.size == 0 or of.min() < 0:
        raise InputError("team is to hold whole numbers, 0, 1, 2, ...")
    of = of.reshape(-1, values.shape[1]).astype(np.int64)
    teams = int(of.max()) + 1
    arm_of_ego = in_columns(values.shape, arm)[..., 0].reshape(-1, values.shape[1])
    rows = max(len(arm_of_ego), len(of))
    arm_of_ego = np.ascontiguousarray(np.broadcast_to(arm_of_ego, (rows, values.shape[1])))
    arm_of_team = team_means(arm_of_ego, of, teams)
    within = np.take_along_axis(arm_of_team, np.broadcast_to(of, arm_of_ego.shape), axis=1)
    if (np.abs(within - arm_of_ego) > 1e-9).any():
        raise InputError("arm differs within a team; cluster_t is for arms allocated by team")
    means = team_means(values, of, teams)
    columns = [1.0, np.broadcast_to(arm_of_team, means.shape)]
    if baseline is not None:
        columns.append(team_means(np.ascontiguousarray(baseline, np.float64), of, teams))
    X = in_columns(means.shape, *columns)
    names = ["intercept", "arm", "baseline"][: X.shape[-1]]
    arm_alone = np.eye(X.shape[-1])[1]
    return ols(means, X, arm_alone, errors="classical", level=level, columns=names)
