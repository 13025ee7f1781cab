"""Studies by their clusters: who is in which, and the rows of a model with an effect of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.estimators.asked import Enquiry, OutcomesOfPeople, in_first_arm, level
from analysis.estimators.contract import Fits
from analysis.estimators.kernels.teams import team_means
from analysis.estimators.random_intercept import random_intercept
from sim.errors import InputError

if TYPE_CHECKING:
    from analysis.estimators.record import Analysis

__all__ = ["Homes", "by_means", "homes_of", "mixed"]


class Homes(NamedTuple):
    """The clusters of the people of two arms, numbered through.

    Attributes
    ----------
    treated : ndarray of bool, (K,)
        Whether a cluster is of the arm named first.
    unit : ndarray of int, (n,)
        Cluster of each person.
    """

    treated: np.ndarray
    unit: np.ndarray

    def means(self, values: np.ndarray) -> np.ndarray:
        """Of what was seen of each cluster, (B, K), NaN where nothing was."""
        own = np.ascontiguousarray(values, np.float64)
        return np.asarray(team_means(own, self.unit[None], self.treated.size))

    def by_row(self, values: np.ndarray) -> np.ndarray:
        """Values of people, (B, n), as (B, K, m): up to m people of each cluster, NaN for none."""
        order = np.argsort(self.unit, kind="stable")
        first = np.searchsorted(self.unit[order], np.arange(self.treated.size))
        place = np.empty(order.size, np.int64)
        place[order] = np.arange(order.size) - first[self.unit[order]]
        rows = np.full((len(values), self.treated.size, int(place.max()) + 1), np.nan)
        rows[:, self.unit, place] = values
        return rows


def homes_of(asked: Enquiry, studies: OutcomesOfPeople, analysis: str) -> Homes:
    """The clusters of people of both arms.

    Raises
    ------
    sim.errors.InputError
        If somebody is in none.
    """
    if (studies.cluster < 0).any():
        raise InputError(
            f'"{analysis}" is about clusters, but people of an arm are in none; give the arm its '
            'own in plan.panel.clusters, or use "cluster_t"'
        )
    treated = in_first_arm(asked, studies.arm)
    _, first, unit = np.unique(
        np.stack([treated, studies.cluster]), axis=1, return_index=True, return_inverse=True
    )
    return Homes(treated[first], unit.reshape(-1).astype(np.int64))


def by_means(asked: Enquiry, studies: OutcomesOfPeople, one: Analysis) -> Fits:
    """The difference between arms at a wave, by an analysis of weighted means of clusters."""
    homes = homes_of(asked, studies, one.name)
    arm = homes.treated[homes.unit].astype(float)
    return one.of_arrays(studies.y[:, :, asked.wave], arm, homes.unit, level=level(asked))


def mixed(
    asked: Enquiry, studies: OutcomesOfPeople, analysis: str, *, from_baseline: bool = False
) -> Fits:
    """The difference between arms at a wave, by a linear mixed model with an effect of clusters.

    Parameters
    ----------
    analysis
        Its name, for messages.
    from_baseline
        Whether to adjust for the mean of each cluster at baseline, and for how far people were
        from it.
    """
    homes = homes_of(asked, studies, analysis)
    y = homes.by_row(studies.y[:, :, asked.wave])
    arm = np.broadcast_to(homes.treated[:, None] * 1.0, y.shape[1:])
    X = np.stack([np.ones(arm.shape), arm], axis=-1)
    if from_baseline:
        before = studies.y[:, :, 0]
        mean = homes.means(before)[:, :, None]
        apart = homes.by_row(before) - mean
        shared = np.broadcast_to(X, (*y.shape, 2))
        # Where all are alone in their clusters nobody is away from its mean: no such slope.
        more = ([apart] if np.nanmax(np.abs(apart)) > 0 else []) + [np.broadcast_to(mean, y.shape)]
        X = np.concatenate([shared, np.stack(more, axis=-1)], axis=-1)
    return random_intercept(y, X, np.eye(X.shape[-1])[1], level=level(asked))
