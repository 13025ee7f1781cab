"""The lives participants would have had in other arms: the same people, weeks and draws.

Two contrasts. "all": everybody in one arm, against everybody in the first. "direct": a
participant's own unit of allocation (the person, its worker with all the worker's people, or the
team) in another arm while all others stay as allocated. Teams do not interact, so where whole
teams or sites are allocated the two are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.side_by_side import Progress, side_by_side
from sim.study.allocate import Allocation, GivenArms, workers_of
from sim.study.columns import Columns, pids
from sim.study.eligible import true_parts
from sim.study.fieldwork import Fieldwork
from sim.study.how_much_truth import LIVED, HowMuchTruth
from sim.study.recruit import candidates_of_site
from sim.study.seen import gather
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.study.tally import COUNTED, Parts, sums_by_arm, values_of
from sim.study.texts import Texts, words
from sim.world.run import Place, places
from sim.world.state import Team

__all__ = ["OtherLives", "check_arms", "counterfactual", "live_otherwise"]

OUTCOMES = {"score_mean": "score", "map_size": "map_size", "map_loss": "map_loss"}
"""Estimands that have a value in each person, and what that is called."""


class OtherLives(NamedTuple):
    """What n participants are in each of A arms, whichever they were in.

    Attributes
    ----------
    contrast : {"all", "direct"}
    top, bottom : ndarray of float64, (A, n, W, Q)
        As `tally.Parts`.
    alive : ndarray of bool, (A, n, W)
    """

    contrast: str
    top: np.ndarray
    bottom: np.ndarray
    alive: np.ndarray

    def sums(self, arm: int, among: tuple[int, int]) -> np.ndarray:
        """Sums in one arm, (W, Q, 2), over people alive in both of two arms."""
        both = (self.alive[among[0]] & self.alive[among[1]])[:, :, None]
        parts = Parts(np.where(both, self.top[arm], 0), np.where(both, self.bottom[arm], 0))
        return sums_by_arm(parts, np.zeros(both.shape[0], int), 0)[0]


class _Life(NamedTuple):
    """A world to live: an allocation, whom to look at in it, and as lives in which arm."""

    allocation: GivenArms
    people: np.ndarray
    seen_as: np.ndarray


def live_otherwise(
    study: SimulatedStudy,
    asked: HowMuchTruth,
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> OtherLives | None:
    """Live the participants' other lives; None if only those lived were asked for.

    Parameters
    ----------
    study : SimulatedStudy
    asked : str
        One of TRUTHS. "counterfactual" is of the contrast all. "direct" lives a team once for
        each unit and arm: as often as it has participants where people are allocated one by one.
    threads : int
        Teams side by side; the result is the same to the last bit.
    progress : callable, optional
        As for `simulate_study`.

    Raises
    ------
    InputError
        If the study has no arms.
    """
    if asked == LIVED:
        return None
    check_arms(study.study, asked)
    arms, sample = study.study.arm_names, study.sample
    contrast = "direct" if asked == "direct" else "all"
    there = set(zip(sample.site.tolist(), sample.team.tolist(), strict=True))
    teams = [place for place in places(study.lived) if (place.site, place.team) in there]
    shape = (len(arms), study.n, sample.weeks.shape[1])
    top, bottom = np.zeros((2, *shape, len(COUNTED)), np.float64)
    found = OtherLives(contrast, top, bottom, np.zeros(shape, np.bool_))

    def work(place: Place) -> None:
        _live_team(study, place, found)

    list(side_by_side(work, teams, threads, progress=progress, stage="living other lives"))
    return found


def check_arms(study: Study, asked: HowMuchTruth) -> None:
    """Raise an `InputError` if there are no arms for other lives to be lived in."""
    if not study.arm_names:
        raise InputError(
            f'{study.id}: truth = "{asked}" compares arms, but the study has none; give it [arms], '
            f'or ask for the truth "{LIVED}"'
        )


def _live_team(study: SimulatedStudy, place: Place, found: OtherLives) -> None:
    """The other lives of one team's participants."""
    sample, begun = study.sample, dict[Place, Team]()
    people = np.flatnonzero((sample.site == place.site) & (sample.team == place.team))
    work = Fieldwork(study.study, study.lived, study.key, begun)
    site = candidates_of_site(study.study, study.lived, place.site, study.key)
    entry = site.entry_of_team(place.team)
    as_it_was, team = work.allocation, work.team(place)
    for life in _lives(study, found.contrast, as_it_was, team, place, people):
        work.allocation = life.allocation
        egos = sample.ego[life.people]
        history = work.watch(place, egos, entry[egos], entry, weekly=False)
        states, members = gather([history], [np.arange(egos.size)])
        parts = true_parts(study.study, states, members, life.seen_as, study.params, study.key)
        at = (life.seen_as, life.people)
        found.top[at], found.bottom[at], found.alive[at] = *parts, states["alive"] > 0


def _lives(
    study: SimulatedStudy,
    contrast: str,
    allocation: Allocation | GivenArms,
    team: Team,
    place: Place,
    people: np.ndarray,
) -> Iterator[_Life]:
    """The worlds that show each participant of a team in each arm."""
    arms = study.study.arms
    own, posts = allocation.of_team(place, team)
    assert arms is not None and own is not None  # noqa: S101, PT018  # the caller has looked
    names, with_staff = allocation.names, posts is not None
    numbers = range(len(names))
    if contrast == "all" or arms.unit in ("team", "site"):
        for a in numbers:
            everybody = GivenArms.everybody_in(names, a, team, with_staff)
            yield _Life(everybody, people, np.full(people.size, a))
        return
    mine = study.sample.ego[people]
    yield _Life(GivenArms(names, own, posts), people, own[mine])
    unit = np.arange(own.size) + team.posts.size
    if arms.unit == "worker":
        worker = workers_of(team)
        unit = np.where(worker >= 0, worker, unit)
    for one in np.unique(unit[mine]).tolist():
        theirs = people[unit[mine] == one]
        for a in numbers:
            if a != own[unit == one][0]:
                flipped = np.where(unit == one, a, own).astype(np.int32)
                of_posts = posts if posts is None else posts.copy()
                if of_posts is not None and one < team.posts.size:
                    of_posts[one] = a
                other = GivenArms(names, flipped, of_posts)
                yield _Life(other, theirs, np.full(theirs.size, a))


def counterfactual(study: SimulatedStudy, other: OtherLives) -> Columns:
    """Columns of truth/counterfactual: each participant in each arm, against the first arm."""
    told = np.array([q for q, one in enumerate(COUNTED) if one.estimand in OUTCOMES])
    values = values_of(np.stack([other.top[..., told], other.bottom[..., told]], axis=-1))
    others = np.arange(1, len(study.study.arm_names))
    a, i, k, q = (one.ravel() for one in np.indices((others.size, *values.shape[1:])))
    first_wave = np.array([COUNTED[one].first_wave for one in told.tolist()])
    a, i, k, q = (one[k + 1 >= first_wave[q]] for one in (a, i, k, q))
    names = np.array(study.study.arm_names)
    value, versus = values[others[a], i, k, q], values[0, i, k, q]
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "outcome": Texts(told[q], np.array([OUTCOMES.get(one.estimand, "") for one in COUNTED])),
        "item": Texts(told[q], np.array([one.item for one in COUNTED])),
        "contrast": words(np.zeros(i.size, int), other.contrast),
        "lived_arm": Texts(study.sample.arm[i], names),
        "arm": Texts(others[a], names),
        "versus": words(np.zeros(i.size, int), str(names[0])),
        "in_arm": value,
        "in_versus": versus,
        "effect": value - versus,
    }
