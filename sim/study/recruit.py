"""Recruitment: people of a site are approached in one random order until its quota has consented.

Everything that does not depend on how a person fares is drawn by that person's address beforehand:
place in the order, week of entry, interest, consent. So a larger study only goes further down the
same list, and its people include those of a smaller one.

Studies that recruit from the same caseloads in turn have each an order, interest and consent of
their own, and pass over whom those before have enrolled. When a person would enter is the same for
all of them, so nobody's life depends on how many studies there are.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from sim.study.conditions import is_held, numbers_of
from sim.study.draws import draws
from sim.study.spec import Study
from sim.world.parameters import catalogue
from sim.world.run import places
from sim.world.scenario import Scenario
from sim.world.streams import Stream, address

__all__ = [
    "FATES",
    "Candidates",
    "candidates_of_site",
    "interview_weeks",
    "quota_of",
    "recruit",
    "sainte_lague",
    "site_weights",
]

FATES = (
    "enrolled",
    "not_interested",
    "died",
    "ineligible",
    "ill",
    "not_contactable",
    "circumstances",
    "declined",
)
"""What becomes of a person approached; the position is the code."""


@dataclass(frozen=True)
class Candidates:
    """Everybody of a site in the order in which they are approached.

    Attributes
    ----------
    address : ndarray of uint32, shape (n,)
    team, ego : ndarray of int32, shape (n,)
        Team within the site, from 1; index in the team.
    entry : ndarray of int32, shape (n,)
        Week in which the person would enter.
    interested : ndarray of bool, shape (n,)
    refusal : ndarray of int8, shape (n,)
        Code in `FATES` of an interested, eligible person: 0 consents.
    """

    site: int
    address: np.ndarray
    team: np.ndarray
    ego: np.ndarray
    entry: np.ndarray
    interested: np.ndarray
    refusal: np.ndarray

    def to_watch(self, wanted: int) -> np.ndarray:
        """Positions of the interested among whom `wanted` people would consent if eligible."""
        willing = np.cumsum(self.interested & (self.refusal == 0))
        last = int(np.searchsorted(willing, wanted))
        return np.flatnonzero(self.interested[: last + 1])

    def of(self, which: np.ndarray) -> Candidates:
        """Some of them, by position or as a mask, in this order."""
        return replace(self, **{name: getattr(self, name)[which] for name in _COLUMNS})

    def without(self, taken: np.ndarray) -> Candidates:
        """All but some people, (m,) of their addresses."""
        return self.of(~np.isin(self.address, taken))

    def and_then(self, others: Candidates) -> Candidates:
        """These and then others of the same site."""
        both: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in _COLUMNS
        }
        return replace(self, **both)

    def entry_of_team(self, team: int) -> np.ndarray:
        """Week in which each person of a team would enter, in the order of the team, (E,)."""
        here = self.team == team
        entry = np.zeros(int(here.sum()), np.int32)
        entry[self.ego[here]] = self.entry[here]
        return entry


_COLUMNS = tuple(one.name for one in fields(Candidates) if one.name != "site")


def site_weights(study: Study, scenario: Scenario) -> tuple[float, ...]:
    """What a site's part of the sample is proportional to: its quota, else its caseload.

    Where a study asks for sites of unequal size, that takes the place of both.
    """
    if is_held(study, "sites"):
        return unequal_sizes(len(scenario.world.teams_per_site))
    if study.recruitment.site_quota is not None:
        return study.recruitment.site_quota
    return tuple(teams * scenario.world.caseload for teams in scenario.world.teams_per_site)


@lru_cache(maxsize=8)
def unequal_sizes(sites: int) -> tuple[float, ...]:
    """Sizes of sites, each the same share of the one before, as unequal as errors.toml says."""
    wanted = numbers_of("sites")["size_variation"]
    low, high = 0.0, 1.0
    for _ in range(60):
        share = 0.5 * (low + high)
        low, high = (share, high) if _variation(_falling(share, sites)) > wanted else (low, share)
    return _falling(high, sites)


def _falling(share: float, sites: int) -> tuple[float, ...]:
    sizes = [1.0]
    for _ in range(sites - 1):
        sizes.append(sizes[-1] * share)
    return tuple(sizes)


def _variation(sizes: tuple[float, ...]) -> float:
    """Coefficient of variation; 0 of one."""
    if len(sizes) < 2:
        return 0.0
    mean = sum(sizes) / len(sizes)
    square: float = np.sqrt(sum((one - mean) * (one - mean) for one in sizes) / (len(sizes) - 1))
    return float(square) / mean


@lru_cache(maxsize=8)
def sainte_lague(weights: tuple[float, ...], n: int) -> np.ndarray:
    """The site (from 0) of the 1st, 2nd, ..., n-th person: where weight / (2 k + 1) is largest.

    A shorter sequence is the beginning of a longer one. Not to be written to.
    """
    given = [0] * len(weights)
    sequence = np.zeros(n, np.int32)
    for i in range(n):
        quotients = [weight / (2 * k + 1) for weight, k in zip(weights, given, strict=True)]
        best = quotients.index(max(quotients))
        given[best] += 1
        sequence[i] = best
    sequence.flags.writeable = False
    return sequence


def quota_of(study: Study, lived: Scenario) -> tuple[int, ...]:
    """People that a study wants of each site."""
    sequence = sainte_lague(site_weights(study, lived), study.recruitment.n)
    return tuple(np.bincount(sequence, minlength=len(lived.world.teams_per_site)).tolist())


def candidates_of_site(
    study: Study, scenario: Scenario, site: int, key: np.ndarray, turn: int = 0
) -> Candidates:
    """Everybody of a site, in order of approach, with all that can be known beforehand.

    Parameters
    ----------
    scenario : Scenario
        The lived one.
    site : int
        From 1.
    key : ndarray of uint32, shape (2,)
    turn : int
        How many studies of these caseloads have recruited before.
    """
    n = scenario.world.caseload
    of_site = [place for place in places(scenario) if place.site == site]
    team = np.repeat(np.array([place.team for place in of_site], np.int32), n)
    ego = np.tile(np.arange(n, dtype=np.int32), len(of_site))
    who = (address(site, 0, 0) + team.astype(np.int64) * 4096 + ego).astype(np.uint32)
    asked, p = study.recruitment, catalogue().record(scenario.parameters)[0]
    entry = draws(Stream.RECRUITMENT, who, key)[:, 1] * np.float32(asked.last_entry + 1)
    first = draws(Stream.RECRUITMENT, who, key, when=turn)
    second = draws(Stream.CONSENT, who, key, when=turn)
    why = second[:, 2]
    reason = np.full(who.size, FATES.index("declined"), np.int8)
    reason[why < p["consent_no_reply_share"] + p["consent_circumstances_share"]] = FATES.index(
        "circumstances"
    )
    reason[why < p["consent_no_reply_share"]] = FATES.index("not_contactable")
    reason[second[:, 1] < np.float32(asked.consent)] = 0
    order = np.lexsort((who, first[:, 0]))
    interested = second[:, 0] < np.float32(asked.interest)
    columns = (who, team, ego, entry.astype(np.int32), interested, reason)
    return Candidates(site, *(column[order] for column in columns))


def interview_weeks(
    study: Study, who: np.ndarray, entry: np.ndarray, key: np.ndarray
) -> np.ndarray:
    """Calendar week of each interview: entry, then due weeks give or take the window.

    Parameters
    ----------
    who : ndarray of uint32, shape (n,)
        Addresses.
    entry : ndarray of int, shape (n,)
        Week of the first interview.
    key : ndarray of uint32, shape (2,)

    Returns
    -------
    ndarray of int32, shape (n, W)
    """
    weeks = np.array(study.waves.weeks, np.int32)
    found = entry[:, None] + weeks[None, :]
    window = study.waves.window
    for wave in range(1, weeks.size):
        u = draws(Stream.INTERVIEW, who, key, when=wave)[:, 0]
        found[:, wave] += (u * np.float32(2 * window + 1)).astype(np.int32) - window
    return found.astype(np.int32)


def recruit(
    candidates: Candidates, watched: np.ndarray, state: np.ndarray, quota: int, ceiling: float
) -> tuple[np.ndarray, bool]:
    """Approach people in order until the quota is met.

    Parameters
    ----------
    watched : ndarray of int, shape (m,)
        Positions of the candidates whose state at entry is known.
    state : ndarray of state.EGO, shape (m,)
        That state.
    quota : int
    ceiling : float
        Severity above which a person is too unwell.

    Returns
    -------
    fate : ndarray of int8, shape (k,)
        Code in `FATES` of each person approached.
    enough : bool
        False if the watched ran out before the quota was met.
    """
    found = np.where(candidates.interested, candidates.refusal, FATES.index("not_interested"))
    barred = np.zeros(watched.size, np.int8)
    barred[state["severity"] > np.float32(ceiling)] = FATES.index("ill")
    barred[state["on_caseload"] < 1] = FATES.index("ineligible")
    barred[state["alive"] < 1] = FATES.index("died")
    found[watched] = np.where(barred > 0, barred, found[watched])
    known = int(watched[-1]) + 1 if watched.size else 0
    all_known = not candidates.interested[known:].any()
    reach = found.size if all_known else known
    enrolled = np.cumsum(found[:reach] == 0)
    if quota == 0:
        return found[:0].astype(np.int8), True
    last = int(np.searchsorted(enrolled, quota))
    enough = last < reach or all_known
    return found[: min(last + 1, reach)].astype(np.int8), enough
