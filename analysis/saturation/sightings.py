"""Simulated studies as far as codes go: who has which, who was interviewed, what was seen.

What world codes people have, and who stays away, comes from simulated studies, one to a replicate.
Stated codes are given to people at random. Whether a code that applies is seen in an interview is
drawn once for each person, code and interview.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.saturation.code_list import world_codes
from analysis.saturation.codes import has_code
from analysis.saturation.lived import Lived
from analysis.saturation.settings import Saturation
from sim.errors import InputError, counted
from sim.side_by_side import Progress, side_by_side
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.world.scenario import Scenario, read_scenario

__all__ = ["Code", "Sightings", "codes_of", "see"]

PURPOSE = 4_150
"""Sets these draws apart from others of the same seed."""


@dataclass(frozen=True)
class Code:
    """One code of a study: where it comes from, when it may come up, how easily it is seen.

    Attributes
    ----------
    name, counts : str
    patterns : tuple of str
        Empty for a stated code.
    waves : tuple of int
        Positions of the interviews at which it may come up.
    detection : float
    prevalence : float or None
        None for a code of the world.
    """

    name: str
    counts: str
    patterns: tuple[str, ...]
    waves: tuple[int, ...]
    detection: float
    prevalence: float | None


@dataclass(frozen=True)
class Sightings:
    """R studies of N people at W waves, and C codes.

    Attributes
    ----------
    codes : tuple of Code
    has : ndarray of bool, (R, N, W, C)
        Who has the code at an interview, held or not; false where it cannot come up.
    held : ndarray of bool, (R, N, W)
        Interviews that took place.
    seen : ndarray of bool, (R, N, W, C)
    simulated : bool
        Whether the world was simulated: it is not where nothing depends on it.
    """

    codes: tuple[Code, ...]
    has: np.ndarray
    held: np.ndarray
    seen: np.ndarray
    simulated: bool


def codes_of(study: Study, asked: Saturation) -> tuple[Code, ...]:
    """The codes of a study: those of the world first, then those stated."""
    weeks = study.waves.weeks
    known, found = world_codes(), []
    for name in asked.codes:
        one = known[name]
        waves = range(1 if one.at == "follow-ups" else 0, len(weeks))
        detects = asked.detection_of.get(name, asked.detection)
        found.append(Code(name, one.counts, one.patterns, tuple(waves), detects, None))
    for stated in asked.stated:
        at = tuple(weeks.index(week) for week in stated.at_weeks) or tuple(range(len(weeks)))
        usual = asked.detection_of.get(stated.name, asked.detection)
        detects = usual if stated.detection is None else stated.detection
        counts = "Stated by the study file."
        found.append(Code(stated.name, counts, (), at, detects, stated.prevalence))
    return tuple(found)


def see(
    study: Study,
    asked: Saturation,
    people: int,
    replicates: int,
    *,
    at_least: int,
    seed: int,
    threads: int = 1,
    progress: Progress | None = None,
) -> Sightings:
    """Simulate studies of so many people and see what codes come up.

    Parameters
    ----------
    people : int
        N, or as many as consent in every study. The first n of them are a study of n people.
    replicates : int
        R.
    at_least : int
        Fewer are an error.
    seed : int
    threads : int
        Studies side by side; the result does not depend on it.
    progress : callable, optional
        Called with the name of the stage, the number of studies done, and of all.

    Raises
    ------
    InputError
        If the frame does not have so many people, or `at_least` do not consent.
    """
    codes = codes_of(study, asked)
    simulated = _needs_world(study, codes)
    shape = (replicates, people, len(study.waves.weeks), len(codes))
    has, held, seen = np.zeros(shape, bool), np.ones(shape[:3], bool), np.zeros(shape, bool)
    world, larger = read_scenario(study.scenario), _enlarged(study, people)
    if simulated:
        _check_people(study, world, people)

    def work(replicate: int) -> int:
        """One study, into its place in the arrays; how many people took part."""
        enrolled = people
        if simulated:
            lived = _simulate(world, larger, seed, replicate)
            enrolled = lived.n
            _check_enrolled(study, enrolled, at_least, replicate)
            held[replicate, :enrolled] = lived.visits.attended
            _count_world_codes(lived, asked, has[replicate, :enrolled])
        _draw(codes, seed, replicate, has[replicate], held[replicate], seen[replicate])
        return enrolled

    fewest = min(
        side_by_side(
            work, range(replicates), threads, progress=progress, stage="simulating studies",
            first_alone=True,
        )
    )  # fmt: skip
    return Sightings(codes, has[:, :fewest], held[:, :fewest], seen[:, :fewest], simulated)


def _needs_world(study: Study, codes: tuple[Code, ...]) -> bool:
    """Whether anything hangs on it: a code of its own, or who is there for a late interview."""
    late = any(max(one.waves) > 0 for one in codes)
    return any(one.prevalence is None for one in codes) or (
        late and bool(study.participation.retention)
    )


def _simulate(world: Scenario, study: Study, seed: int, replicate: int) -> SimulatedStudy:
    return simulate_study(world, study, seed=seed, replicate=replicate, interviews_only=True)


def _enlarged(study: Study, people: int) -> Study:
    """The same study with more people wanted, in the same proportions by site."""
    recruitment = study.recruitment.model_copy(update={"n": people})
    return study.model_copy(update={"recruitment": recruitment})


def _check_people(study: Study, scenario: Scenario, people: int) -> None:
    world = study.world(scenario)
    frame = sum(world.teams_per_site) * world.caseload
    if people > frame:
        raise InputError(
            f"{study.id}, saturation.people_at_most: {counted(people, 'person')} wanted, but the "
            f"frame holds {frame}; ask for fewer, or add teams"
        )


def _check_enrolled(study: Study, enrolled: int, at_least: int, replicate: int) -> None:
    if enrolled < at_least:
        raise InputError(
            f"{study.id}: {counted(at_least, 'person')} wanted, but only {enrolled} of the frame "
            f"consent in simulated study {replicate}; ask for fewer, or add teams to [frame]"
        )


def _count_world_codes(lived: SimulatedStudy, asked: Saturation, has: np.ndarray) -> None:
    people = Lived(lived)
    for number, name in enumerate(asked.codes):
        has[:, :, number] = has_code(people, name)


def _draw(
    codes: tuple[Code, ...],
    seed: int,
    replicate: int,
    has: np.ndarray,
    held: np.ndarray,
    seen: np.ndarray,
) -> None:
    """Give people the stated codes, and draw what is seen, person by person."""
    key = np.random.SeedSequence([seed, PURPOSE, replicate])
    people, waves, n_codes = has.shape
    u = np.random.Generator(np.random.Philox(key)).random((people, waves + 1, n_codes), np.float32)
    for number, code in enumerate(codes):
        if code.prevalence is not None:
            has[:, list(code.waves), number] = (u[:, 0, number] < code.prevalence)[:, None]
    detection = np.array([code.detection for code in codes], np.float32)
    seen[:] = has & held[:, :, None] & (u[:, 1:] < detection)
