"""Simulated studies as far as codes go: who has which, who was interviewed, what was seen.

What world codes people have, and who stays away, comes from simulated studies, one to a replicate;
what was seen is kept as rows, one for each person and interview. Stated codes are given to people
at random. Whether a code that applies is seen in an interview is drawn once for each person, code
and interview.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.run import Run
from analysis.saturation.code_list import world_codes
from analysis.saturation.codes import has_code
from analysis.saturation.lived import Lived
from analysis.saturation.settings import Saturation
from sim.errors import InputError, counted
from sim.side_by_side import Progress
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.world.scenario import Scenario, read_scenario

__all__ = ["Code", "Sightings", "codes_of", "see", "see_study"]

PURPOSE = 4_150
"""Sets these draws apart from others of the same seed."""
STUDIES_A_FILE = 20


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
    kept: Run | None = None,
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
    kept : Run, optional
        Where what was seen is kept, and taken from if it is there.
    progress : callable, optional
        Called with the name of the stage, the number of studies done, and of all.

    Raises
    ------
    InputError
        If the frame does not have so many people, or `at_least` do not consent.
    """
    codes = codes_of(study, asked)
    spec = Watched(
        study.wanting(people), read_scenario(study.scenario), asked, codes, people, seed,
        _needs_world(study, codes),
    )  # fmt: skip
    if spec.simulated:
        _check_people(study, spec.world, people)
    store = None if kept is None else kept.store("studies", block=STUDIES_A_FILE, people=people)
    tables = kept_map(
        see_study, spec, range(replicates), store=store,
        driver=on_threads(threads, first_alone=True), progress=progress, stage="simulating studies",
    )  # fmt: skip
    return _put_together(spec, tables, replicates, at_least)


@dataclass(frozen=True)
class Watched:
    """What the sightings of a study depend on."""

    study: Study
    world: Scenario
    asked: Saturation
    codes: tuple[Code, ...]
    people: int
    seed: int
    simulated: bool


def see_study(spec: Watched, replicate: int) -> ChunkRows:
    """One study: a row for each person and interview, whether the person takes part or not."""
    shape = (spec.people, len(spec.study.waves.weeks), len(spec.codes))
    has, held, seen = np.zeros(shape, bool), np.ones(shape[:2], bool), np.zeros(shape, bool)
    enrolled = spec.people
    if spec.simulated:
        lived = _simulate(spec.world, spec.study, spec.seed, replicate)
        enrolled = lived.n
        held[:enrolled] = lived.visits.attended
        _count_world_codes(lived, spec.asked, has[:enrolled])
    _draw(spec.codes, spec.seed, replicate, has, held, seen)
    person, wave = (1 + at.ravel() for at in np.indices(shape[:2]))
    columns = {"person": person, "wave": wave, "enrolled": person <= enrolled, "held": held.ravel()}
    for number, code in enumerate(spec.codes):
        columns[f"has_{code.name}"] = has[:, :, number].ravel()
        columns[f"seen_{code.name}"] = seen[:, :, number].ravel()
    return columns


def _put_together(
    spec: Watched, tables: Iterable[pa.Table], replicates: int, at_least: int
) -> Sightings:
    """Rows of all studies as arrays, of as many people as took part in each."""
    shape = (replicates, spec.people, len(spec.study.waves.weeks), len(spec.codes))
    has, held, seen = np.empty(shape, bool), np.empty(shape[:3], bool), np.empty(shape, bool)
    fewest = spec.people
    for replicate, rows in enumerate(tables):
        enrolled = int(rows["enrolled"].to_numpy().sum()) // shape[2]
        _check_enrolled(spec.study, enrolled, at_least, replicate)
        fewest = min(fewest, enrolled)
        held[replicate] = rows["held"].to_numpy().reshape(shape[1:3])
        for number, code in enumerate(spec.codes):
            has[replicate, :, :, number] = rows[f"has_{code.name}"].to_numpy().reshape(shape[1:3])
            seen[replicate, :, :, number] = rows[f"seen_{code.name}"].to_numpy().reshape(shape[1:3])
    kept = (slice(None), slice(fewest))
    return Sightings(spec.codes, has[kept], held[kept], seen[kept], spec.simulated)


def _needs_world(study: Study, codes: tuple[Code, ...]) -> bool:
    """Whether anything hangs on it: a code of its own, or who is there for a late interview."""
    late = any(max(one.waves) > 0 for one in codes)
    return any(one.prevalence is None for one in codes) or (
        late and bool(study.participation.retention)
    )


def _simulate(world: Scenario, study: Study, seed: int, replicate: int) -> SimulatedStudy:
    return simulate_study(world, study, seed=seed, replicate=replicate, interviews_only=True)


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
