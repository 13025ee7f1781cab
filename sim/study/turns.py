"""Studies that recruit from the same caseloads, one after the other; most often there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.study.recruit import Candidates, candidates_of_site
from sim.study.spec import Study
from sim.world.scenario import Scenario

__all__ = ["SiteFlow", "Turn", "next_turn", "to_watch"]

MARGIN, SPARE = 1.25, 3  # people watched beyond a quota, for those found too unwell or discharged
FEWEST_LEFT = 0.25
"""Share of a site that is reckoned with at least where others have recruited before."""


@dataclass(frozen=True)
class SiteFlow:
    """Recruitment at one site: everybody in order, and what became of those approached.

    Attributes
    ----------
    candidates : Candidates
    fate : ndarray of int8, shape (k,)
        Code in `recruit.FATES` of the first k candidates, who were approached.
    wanted : int
        The site's quota; fewer are enrolled where the site has no more who are willing.
    """

    candidates: Candidates
    fate: np.ndarray
    wanted: int

    @property
    def enrolled(self) -> np.ndarray:
        """Positions of the enrolled among the candidates."""
        return np.flatnonzero(self.fate == 0)


class Turn(NamedTuple):
    """One of the studies that recruit from the same caseloads.

    Attributes
    ----------
    quotas : tuple of int
        People wanted of each site.
    sites : list of Candidates
    wanted : list of int
        How many who would consent are watched at each site, for those who turn out not eligible.
    flows : dict of SiteFlow
        Of the sites where somebody is wanted, from 0, as they are found.
    """

    quotas: tuple[int, ...]
    sites: list[Candidates]
    wanted: list[int]
    flows: dict[int, SiteFlow]

    @property
    def in_order(self) -> tuple[SiteFlow, ...]:
        """Recruitment by site, of the sites where somebody was wanted."""
        return tuple(self.flows[s] for s in sorted(self.flows) if self.quotas[s])


def next_turn(
    study: Study, lived: Scenario, key: np.ndarray, quotas: Sequence[int], before: Sequence[Turn]
) -> Turn:
    """A study that wants so many people of each site, others having recruited before it."""
    sites = [
        candidates_of_site(study, lived, site, key, len(before))
        for site in range(1, len(quotas) + 1)
    ]
    wanted = []
    for s, quota in enumerate(quotas):
        taken = sum(turn.quotas[s] for turn in before) / sites[s].address.size
        wanted.append(int(quota * MARGIN / max(1 - taken, FEWEST_LEFT)) + SPARE)
    return Turn(tuple(quotas), sites, wanted, {})


def to_watch(turns: Sequence[Turn], s: int) -> Candidates:
    """Whom to watch at a site: for each turn those who may be asked in it, everybody once."""
    found = turns[0].sites[s]
    found = found.of(found.to_watch(turns[0].wanted[s]))
    for turn in turns[1:]:
        site = turn.sites[s]
        more = site.of(site.to_watch(turn.wanted[s])).without(found.address)
        found = found.and_then(more)
    return found
