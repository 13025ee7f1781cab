"""The reference cohort: a fixed small world on which absence is solved, once per study and world.

Everybody eligible in about 160 teams enters as the study's people would. The intercepts found
are part of the study's design: they do not move with the seed. With so many teams another cohort
would move retention by .002 (standard error).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count

import numpy as np

from sim.errors import InputError
from sim.side_by_side import side_by_side
from sim.study.eligible import is_eligible
from sim.study.fieldwork import Fieldwork
from sim.study.participate import NEVER, Dial, solve_dial, yardstick
from sim.study.planted import study_scores
from sim.study.pull import close_ties_lost, pull_of
from sim.study.recruit import candidates_of_site
from sim.study.seen import gather
from sim.study.solutions import keep_solution, name_of, recall
from sim.study.spec import Study
from sim.world.parameters import catalogue
from sim.world.run import Place, places
from sim.world.scenario import Scenario
from sim.world.streams import key_of

__all__ = ["LivedOnce", "absence_of", "eligible_of_team", "reference_places", "solved_absence"]

SEED = 2**64 - 1  # set apart: users' seeds begin at 0
TEAMS = 160
OF_ABSENCE = ("mnar_attrition",)
PATIENCE = 20
"""Times so many teams in which somebody of every arm must turn up."""

_solved: dict[tuple[str, str], tuple[Dial, np.ndarray]] = {}


Cohort = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""States, arm, scores, ties lost."""


class LivedOnce:
    """A reference cohort for several studies that differ in participation alone."""

    def __init__(self) -> None:
        self.found: Cohort | None = None

    def __call__(self, study: Study, lived: Scenario, threads: int) -> Cohort:
        """The cohort, which is lived when it is first asked for."""
        if self.found is None:
            self.found = _cohort(study, lived, threads, TEAMS)
        return self.found


def solved_absence(
    study: Study, lived: Scenario, threads: int = 1, cohort: LivedOnce | None = None
) -> tuple[Dial, np.ndarray]:
    """The dial of a study in a world, and the yardstick of its deviates; kept from run to run.

    Parameters
    ----------
    lived : Scenario
        From `allocate.lived_scenario`.
    threads : int
        Teams of the cohort side by side.
    cohort : LivedOnce, optional
        Shared with other studies; by default one of its own.
    """
    study = _of_absence(study)
    known = (study.hash, lived.hash)
    if known not in _solved:
        name = name_of(study, lived)
        kept = recall(name)
        if kept is None:
            dial, measure = absence_of(study, lived, threads, cohort=cohort)
            kept = {key: np.asarray(value) for key, value in dial._asdict().items()}
            kept["measure"] = measure
            keep_solution(name, kept)
        measure = kept.pop("measure")
        rate = float(kept.pop("return_rate"))
        _solved[known] = Dial(return_rate=rate, **kept), measure
    return _solved[known]


def absence_of(
    study: Study,
    lived: Scenario,
    threads: int = 1,
    *,
    teams: int | None = None,
    cohort: LivedOnce | None = None,
) -> tuple[Dial, np.ndarray]:
    """The same, solved on so many teams of the reference cohort and kept nowhere."""
    arms = study.arm_names or ("",)
    waves = len(study.waves.weeks)
    if not study.participation.retention or waves == 1:
        never = np.full((len(arms), waves), NEVER, np.float32)
        flat = np.zeros(len(arms), np.float32)
        dial = Dial(never, flat, flat.astype(np.int8), 0.0, np.ones(never.shape))
        return dial, np.tile(np.array([0, 1], np.float32), (waves, 2, 1))
    found = (
        cohort(study, lived, threads) if cohort else _cohort(study, lived, threads, teams or TEAMS)
    )
    egos, arm, scores, lost = found
    pull = pull_of(study, egos, lost)
    primary = study.outcomes.primary
    measure = yardstick(scores, egos, primary)
    if not _arms_differ(study):
        dial = solve_dial(
            study.participation, arms[:1], np.zeros(arm.size, int), scores, egos, primary, measure,
            pull,
        )  # fmt: skip
        n = len(arms)
        dial = Dial(
            np.repeat(dial.intercept, n, axis=0), np.repeat(dial.slope, n),
            np.repeat(dial.mechanism, n), dial.return_rate, np.repeat(dial.expected, n, axis=0),
        )  # fmt: skip
        return dial, measure
    dial = solve_dial(study.participation, arms, arm, scores, egos, primary, measure, pull)
    return dial, measure


def _of_absence(study: Study) -> Study:
    """The study with those of its errors alone that absence hangs on."""
    rates = study.errors
    if rates is None:
        return study
    return study.with_errors({name: rates[name] for name in OF_ABSENCE if name in rates})


def _arms_differ(study: Study) -> bool:
    """Whether absence has to be solved arm by arm."""
    rules = study.participation
    return study.arms_act or any(
        len(table) > 1 for table in (rules.retention, rules.mechanism, rules.odds_ratio)
    )


def reference_places(
    lived: Scenario, wanted: int = TEAMS
) -> Iterator[tuple[np.ndarray, Sequence[Place]]]:
    """Teams of the reference cohort, replicate by replicate, each with its key; without end.

    Parameters
    ----------
    lived : Scenario
    wanted : int
        Of a world with more teams, so many are spread over it.
    """
    all_places = places(lived)
    stride = max(len(all_places) // wanted, 1)
    for replicate in count():
        yield key_of(SEED, replicate), all_places[replicate % stride :: stride]


def _cohort(study: Study, lived: Scenario, threads: int, wanted: int) -> Cohort:
    """Everybody eligible in the reference teams."""
    params = catalogue().record(lived.parameters)
    found: list[Cohort] = []
    seen: set[int] = set()
    arms = len(study.arm_names) or 1
    for key, chosen in reference_places(lived, wanted):
        work = Fieldwork(study, lived, key)
        found += side_by_side(partial(_team, work, params), chosen, threads)
        seen.update(arm for of_team in found for arm in of_team[1].tolist())
        if len(found) >= wanted and len(seen) == arms:
            break
        if len(found) >= wanted and (not seen or len(found) >= PATIENCE * wanted):
            raise InputError(
                f"{study.id}, participation.retention: in {len(found)} teams hardly anybody of "
                "some arm is well enough to be asked (recruitment.severity_ceiling), so absence "
                "cannot be solved for it"
            )
    egos, arm, scores, lost = (np.concatenate(part) for part in zip(*found, strict=True))
    return egos, arm, scores, lost


def eligible_of_team(work: Fieldwork, place: Place) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Everybody eligible in a team that lives, and what interviews of them would see.

    Returns
    -------
    eligible : ndarray of int, (n,)
        Who they are of the team.
    egos, members : ndarray, (n, W) and (n, W, S)
        As `seen.gather` has them.
    """
    site = candidates_of_site(work.study, work.lived, place.site, work.key)
    entry = site.entry_of_team(place.team)
    history = work.watch(place, np.arange(entry.size), entry, entry, weekly=False)
    eligible = np.flatnonzero(is_eligible(work.study, history.egos[:, 0]))
    return eligible, *gather([history], [eligible])


def _team(work: Fieldwork, params: np.ndarray, place: Place) -> Cohort:
    eligible, egos, members = eligible_of_team(work, place)
    arm = work.arms[place]
    arms = np.zeros(eligible.size, np.int32) if arm is None else arm[eligible]
    scored = study_scores(work.study, egos, members, arms, params, work.key)
    return egos, arms, scored.scores, close_ties_lost(members)
