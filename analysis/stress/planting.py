"""How far what a scale measures must be shifted for an arm to score a wanted difference.

Solved on the reference cohort on which absence is solved, too: everybody eligible in some 160 teams
of the study's world, where arms do nothing, scored once as they are and once shifted, with the same
draws. So cutting answers to whole numbers and to the ends of the scale is in it, and the shift is
part of the study: it does not move with the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.stress.clusters import clustered_ratio
from analysis.stress.effects import ScoreEffect, without_effects
from sim.errors import InputError
from sim.study.fieldwork import Fieldwork
from sim.study.frame import lived_scenario
from sim.study.instruments import INSTRUMENTS
from sim.study.reference import eligible_of_team, reference_places
from sim.study.scales import latents, scores_of_latents
from sim.study.settings import SCORES
from sim.study.spec import Study, parse_study
from sim.world.parameters import catalogue
from sim.world.run import Place
from sim.world.scenario import Scenario

__all__ = ["Planting", "solve_planting"]

TEAMS = 160
FARTHEST = 5.0
"""SD by which a latent is shifted at most: then nearly everybody is at the end of the scale."""
ROUNDS, CLOSE, DIGITS = 40, 1e-5, 4
"""Of the search: it ends when differences are so near, in SD; digits of a shift that are kept."""


class Planting(NamedTuple):
    """A solved effect on a scale, with standard errors over the teams of the reference cohort.

    Attributes
    ----------
    shift : tuple of float
        Of the latent at each wave after the first, in SD.
    sd, sd_error : float
        Of observed scores at the week of the effect, without it.
    points, difference, difference_error : float
        Difference of means wanted at the week; that which the shift makes of the cohort.
    at_end, at_end_before : float
        Share of people at the end of the scale towards which they are shifted, with and without.
    """

    shift: tuple[float, ...]
    sd: float
    sd_error: float
    points: float
    difference: float
    difference_error: float
    at_end: float
    at_end_before: float


class _Team(NamedTuple):
    """Eligible people of a team: addresses, latents (n, W, 4), who lives (n, W); their key."""

    who: np.ndarray
    state: np.ndarray
    alive: np.ndarray
    key: np.ndarray


_solved: dict[tuple[object, ...], Planting] = {}


def solve_planting(study: Study, world: Scenario, effect: ScoreEffect) -> Planting:
    """Find the shifts that make the effect of what people score; kept for the next time.

    Parameters
    ----------
    study
        As its file has it; what its arms do by themselves is left out.
    world
        Of the study.

    Raises
    ------
    sim.errors.InputError
        If the scale has no room for the effect.
    """
    known = (study.hash, world.hash, *effect[1:])
    if known not in _solved:
        _solved[known] = _solution(_Cohort(study, world, effect), effect)
    return _solved[known]


def _solution(cohort: _Cohort, effect: ScoreEffect) -> Planting:
    at = cohort.weeks.index(effect.week)
    sd, sd_error = cohort.sd(at)
    share = np.array([effect.share_at(week) for week in cohort.weeks])
    points = effect.size * sd
    shift = np.zeros(share.size)
    if points != 0:
        shift = np.round(_searched(cohort, share, effect, sd), DIGITS)
    after = cohort.scores(shift)
    difference, error = cohort.difference(after, at)
    return Planting(
        tuple(shift[1:].tolist()), sd, sd_error, points, difference, error,
        cohort.share_at_end(after, at), cohort.share_at_end(cohort.before, at),
    )  # fmt: skip


class _Cohort:
    """The reference cohort, scored on one scale."""

    def __init__(self, study: Study, world: Scenario, effect: ScoreEffect) -> None:
        said = study.resolved()
        without_effects(said)
        plain = parse_study(said, study.id)
        lived = lived_scenario(world, plain)
        self.params = catalogue().record(lived.parameters)
        self.alpha = study.outcomes.reliability
        self.scale, self.up = SCORES.index(effect.scale), effect.size >= 0
        self.ends = (INSTRUMENTS[effect.scale].low, INSTRUMENTS[effect.scale].high)
        self.weeks = study.waves.weeks
        self.teams: list[_Team] = []
        for key, chosen in reference_places(lived):
            work = Fieldwork(plain, lived, key)
            self.teams += [self._team(work, place) for place in chosen]
            if len(self.teams) >= TEAMS:
                break
        self.before = self.scores(np.zeros(len(self.weeks)))

    def _team(self, work: Fieldwork, place: Place) -> _Team:
        _, egos, members = eligible_of_team(work, place)
        who = np.ascontiguousarray(egos["address"][:, 0])
        return _Team(who, latents(egos, members, self.params), egos["alive"] > 0, work.key)

    def scores(self, shift: np.ndarray) -> list[np.ndarray]:
        """Observed scores of each team under shifts by wave, (n, W); NaN where there is none."""
        return [self._scores(shift, team) for team in self.teams]

    def _scores(self, shift: np.ndarray, team: _Team) -> np.ndarray:
        by_scale = np.zeros((*team.alive.shape, len(SCORES)), np.float32)
        by_scale[:, :, self.scale] = shift
        found = scores_of_latents(
            team.who, team.state, self.params, team.key, self.alpha, by_scale
        ).scores[:, :, self.scale]
        return np.where(team.alive, found, np.nan).astype(np.float64)

    def difference(self, after: Sequence[np.ndarray], wave: int) -> tuple[float, float]:
        """Of means at a wave, shifted less not, with its standard error over teams."""
        gaps = [new[:, wave] - old[:, wave] for new, old in zip(after, self.before, strict=True)]
        sums = np.array([(np.nansum(gap), np.isfinite(gap).sum()) for gap in gaps])
        mean, error = clustered_ratio(*sums.T)
        return float(mean), float(error)

    def differences(self, shift: np.ndarray) -> np.ndarray:
        """Of means at all waves, (W,)."""
        after = self.scores(shift)
        return np.array([self.difference(after, wave)[0] for wave in range(shift.size)])

    def sd(self, wave: int) -> tuple[float, float]:
        """Of observed scores at a wave as they are, with a jackknife error over teams."""
        known = [one[np.isfinite(one[:, wave]), wave] for one in self.before]
        sums = np.array([(one.size, one.sum(), (one**2).sum()) for one in known])
        without = _sd(sums.sum(axis=0) - sums)
        spread = ((without - without.mean()) ** 2).sum()
        error = np.sqrt((len(sums) - 1) / len(sums) * spread)
        return float(_sd(sums.sum(axis=0, keepdims=True))[0]), float(error)

    def share_at_end(self, scores: Sequence[np.ndarray], wave: int) -> float:
        """Of people at the end of the scale towards which they are shifted."""
        y = np.concatenate([one[:, wave] for one in scores])
        y = y[np.isfinite(y)]
        return float((y >= self.ends[1] if self.up else y <= self.ends[0]).mean())

    def mean(self, wave: int) -> float:
        """Of observed scores as they are."""
        return float(np.nanmean(np.concatenate([one[:, wave] for one in self.before])))


def _sd(sums: np.ndarray) -> np.ndarray:
    """SD of numbers, sums and sums of squares, (m, 3)."""
    n, total, squares = sums.T
    return np.asarray(np.sqrt((squares - total**2 / n) / (n - 1)))


def _searched(cohort: _Cohort, share: np.ndarray, effect: ScoreEffect, sd: float) -> np.ndarray:
    """Shifts by wave, (W,), by false position with halved ends (Illinois); all waves at a time."""
    wanted = share * effect.size * sd
    low, high = np.zeros(share.size), np.where(share > 0, np.copysign(FARTHEST, effect.size), 0)
    most = cohort.differences(high)
    _check_room(cohort, most, wanted, effect, sd)
    off_low, off_high = -wanted, most - wanted
    shift = high
    for _ in range(ROUNDS):
        gap = off_high - off_low
        step = np.divide(off_high * (high - low), gap, out=np.zeros_like(gap), where=gap != 0)
        shift = high - step
        off = cohort.differences(shift) - wanted
        if np.abs(off).max() <= CLOSE * sd:
            break
        beyond = off * off_high > 0
        off_low = np.where(beyond, off_low / 2, off_high)
        low = np.where(beyond, low, high)
        high, off_high = shift, off
    return shift


def _check_room(
    cohort: _Cohort, most: np.ndarray, wanted: np.ndarray, effect: ScoreEffect, sd: float
) -> None:
    """Raise an `InputError` if people cannot score so high, or so low, at some wave."""
    part = np.divide(most, wanted, out=np.full(most.size, np.inf), where=wanted != 0)
    wave = int(part.argmin())
    if part[wave] > 1:
        return
    room = effect.size * float(part[wave])
    side = "above" if cohort.up else "below"
    raise InputError(
        f'"{effect.said}": {abs(wanted[wave]):.1f} points are wanted at week '
        f"{cohort.weeks[wave]}, where people score {cohort.mean(wave):.1f} on average, and "
        f"{effect.scale} has nothing {side} {cohort.ends[cohort.up]:g}; "
        f"at most {np.trunc(100 * room) / 100:g} SD of {sd:.2f} points"
    )
