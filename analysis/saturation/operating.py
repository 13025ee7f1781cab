"""Operating characteristics of a stopping rule: when it stops, and what has been seen by then."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.saturation.estimates import Estimate, estimate
from analysis.saturation.formulas import chao2, expected_coverage
from analysis.saturation.rules import stops_at
from analysis.saturation.settings import FIRST, Rule, Saturation
from analysis.saturation.sightings import Sightings

__all__ = ["Operating", "operating"]

QUANTILES = (0.05, 0.5, 0.95)


class Operating(NamedTuple):
    """How a rule does over simulated studies; one that never stops is judged at its last person.

    Attributes
    ----------
    rule : Rule
    n : ndarray of int, (R,)
        People in each study when it stops.
    stops : Estimate
        Share of studies in which it stops at all.
    people : Estimate
        Mean of n.
    people_at : tuple of float
        Quantiles .05, .5 and .95 of n; infinite where it does not stop.
    share : Estimate
        Mean share of the codes seen in all interviews of those people.
    share_at : tuple of float
        Its quantiles.
    too_early : Estimate
        Share of studies that have then seen less than is wanted.
    said_seen : Estimate
        What a study would say itself: codes seen over codes by Chao2, mean.
    said_coverage : Estimate
        And its estimated sample coverage, mean.
    """

    rule: Rule
    n: np.ndarray
    stops: Estimate
    people: Estimate
    people_at: tuple[float, ...]
    share: Estimate
    share_at: tuple[float, ...]
    too_early: Estimate
    said_seen: Estimate
    said_coverage: Estimate


def operating(rule: Rule, found: Sightings, counts: np.ndarray, asked: Saturation) -> Operating:
    """Apply a rule to every simulated study.

    Parameters
    ----------
    rule : Rule
    found : Sightings
    counts : ndarray of int, (R, N, C)
        People in whom each code has been seen, after 1, 2, ... N people, all their interviews.
    asked : Saturation
        For what counts as seen, and the share wanted.
    """
    looked_at = counts
    if rule.decides_on == FIRST:
        looked_at = np.cumsum(found.seen[:, :, 0], axis=1, dtype=np.int32)
    most = min(asked.people_at_most, counts.shape[1])
    stopped = stops_at((looked_at[:, :most] >= asked.seen_in).sum(axis=2), rule)
    n = np.where(stopped > 0, stopped, most)
    people = counts[np.arange(n.size), n - 1]
    share = (people >= asked.seen_in).mean(axis=1)
    with np.errstate(invalid="ignore"):
        said = (people > 0).sum(axis=1) / chao2(people, n)
    until = np.where(stopped > 0, stopped, np.inf)
    return Operating(
        rule, n, estimate(stopped > 0), estimate(n), _quantiles(until), estimate(share),
        _quantiles(share), estimate(share < asked.share_wanted), estimate(said),
        estimate(expected_coverage(people, n)),
    )  # fmt: skip


def _quantiles(values: np.ndarray) -> tuple[float, ...]:
    """Values that occur: an infinite one does not spoil its neighbour."""
    ranked = np.sort(values)
    return tuple(float(ranked[int(np.ceil(q * ranked.size)) - 1]) for q in QUANTILES)
