"""The studies an analysis is given: one lived world for all conditions of a replicate, or more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.stress.asked import Estimated
from analysis.stress.code import Limits, UserCode
from analysis.stress.collected import HandedTables, as_collected
from analysis.stress.conditions import Condition
from analysis.stress.lived import LivedStudy, SharedSample, lived_in_turn
from analysis.stress.planted_effect import PlantedEffect
from analysis.stress.shared_worlds import KeptLives, world_and_turn
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.data.errors.sheets import FILES
from sim.study.columns import Columns
from sim.study.conditions import as_held, is_held
from sim.study.error_settings import sort_of_errors
from sim.study.frame import lived_scenario
from sim.study.lazy import Lazy
from sim.study.recruit import quota_of, sainte_lague, site_weights
from sim.study.reference import solved_absence
from sim.study.settings import Recruitment
from sim.study.simulate import interview
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.study.tables import study_tables
from sim.world.run import Place
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = [
    "StressSpec",
    "StudyCase",
    "case_of",
    "prepare_cases",
    "studies_of",
    "study_in_turn",
]

LIVES = ("frame", "arms", "waves")
"""Tables of a study file on which lives depend, beside whom it recruits."""
PERSONS = "persons"


class StudyCase(NamedTuple):
    """A condition, in words too, the study under it, and the world that study is held in."""

    condition: str
    words: str
    is_null: bool
    study: Study
    lived: Scenario
    is_planted: bool

    def recruitment_of_all(self, own: Recruitment) -> Recruitment:
        """How people are recruited for all the cases that share them, where the study has its own.

        As many as in the study itself, so that whom an earlier study has taken from a later one is
        the same whatever conditions are run; a case that wants more shares with no smaller one.
        """
        mine = self.study.recruitment
        if mine.n > own.n:
            return mine
        return mine.model_copy(update={"n": own.n, "site_quota": own.site_quota})

    def lives(self, own: Recruitment) -> str:
        """Cases of one value share their people, of whom a smaller study has the first."""
        said = self.study.resolved()
        asked = self.recruitment_of_all(own).model_dump(mode="json")
        said.get("arms", {}).pop("planted", None)  # of what people score, not of their lives
        others = (said.get(name) for name in LIVES)
        return json.dumps([asked, is_held(self.study, "sites"), *others], sort_keys=True)

    @property
    def errors_of_files(self) -> Mapping[str, float]:
        """Rates of the errors of files that the condition has."""
        return sort_of_errors(self.study.errors or {}, "file")

    @property
    def sequence(self) -> np.ndarray:
        """Sites in the order in which people are enrolled."""
        return sainte_lague(site_weights(self.study, self.lived), self.study.recruitment.n)


@dataclass(frozen=True)
class StressSpec:
    """All that the rows of a run depend on, and what the user said."""

    code: UserCode
    limits: Limits
    world: Scenario
    cases: tuple[StudyCase, ...]
    asked: Estimated
    seed: int
    named: str
    study: Study
    effect: PlantedEffect | None = None
    studies_a_world: int = 1

    @cached_property
    def lives(self) -> tuple[str, ...]:
        """Those of each case."""
        return tuple(case.lives(self.study.recruitment) for case in self.cases)

    def place(self, replicate: int) -> tuple[int, int]:
        """The world of a study, and which of its studies it is, from 0."""
        return world_and_turn(replicate, self.studies_a_world)

    @property
    def conditions(self) -> dict[str, str]:
        """Those of the cases, in words."""
        return {case.condition: case.words for case in self.cases}


def prepare_cases(spec: StressSpec, threads: int = 1) -> None:
    """Solve absence once for each case, before threads would each do so."""
    for case in spec.cases:
        solved_absence(case.study, case.lived, threads)


def studies_of(
    spec: StressSpec, replicate: int, kept: KeptLives | None = None
) -> Iterator[tuple[StudyCase, HandedTables]]:
    """What each case recorded in one replicate: tables, or files as collected if it has errors.

    Parameters
    ----------
    spec
        Cases alike in `StudyCase.lives` share one fieldwork, and all share the world before it.
    replicate
        Says the world, whose number with the seed is the key of all draws, and which of its studies
        it is: `egocohort simulate` makes the same study of a case, as `study_in_turn` has it.
    kept
        Where samples of other studies of the same world wait; without it each is lived alone.
    """
    world, turn = spec.place(replicate)
    key = key_of(spec.seed, world)
    begun: dict[Place, Team] | None = {} if len(set(spec.lives)) > 1 else None
    lived: dict[str, LivedStudy] = {}
    for case, lives in zip(spec.cases, spec.lives, strict=True):
        if lives not in lived:
            waiting = kept.take(world, turn, lives) if kept else None
            lived[lives] = waiting or _lived(spec, case, lives, (world, turn), begun, kept)
        yield case, _tables(spec, case, world, key, lived[lives])


def _lived(
    spec: StressSpec,
    case: StudyCase,
    lives: str,
    place: tuple[int, int],
    begun: dict[Place, Team] | None,
    kept: KeptLives | None,
) -> LivedStudy:
    """The fieldwork of a case; that of the studies after it is kept for them."""
    world, turn = place
    studies = max(turn + 1, min(kept.studies, spec.studies_a_world) if kept else 0)
    whole = case.study.but(recruitment=case.recruitment_of_all(spec.study.recruitment))
    found = lived_in_turn(whole, case.lived, key_of(spec.seed, world), begun, studies)
    if kept:
        for later in range(turn + 1, studies):
            kept.put(world, later, lives, found[later])
    return found[turn]


def study_in_turn(spec: StressSpec, case: StudyCase, turn: int) -> Study:
    """The study of a case as its file says which of the studies of a world it is."""
    if not turn:
        return case.study
    whole = case.study.but(recruitment=case.recruitment_of_all(spec.study.recruitment))
    before = (quota_of(whole, case.lived),) * turn
    asked = case.study.recruitment
    earlier = (*(asked.earlier or ()), *before)
    return case.study.but(recruitment=asked.model_copy(update={"earlier": earlier}))


def _tables(
    spec: StressSpec, case: StudyCase, world: int, key: np.ndarray, lived: LivedStudy
) -> HandedTables:
    shared = lived.of(case.sequence)
    sample, params = shared.sample, shared.params
    dial, measure = solved_absence(case.study, case.lived)
    scored = shared.scored(case.study)
    held = interview(case.study, sample, params, key, dial, measure, scored=scored)
    study = SimulatedStudy(
        case.study, spec.world, case.lived, spec.seed, world, key, params, sample,
        shared.followed, lived.flow, held.telephone, *held.scored, held.visits, held.maps, dial,
        None,
    )  # fmt: skip
    found = study_tables(study)
    clean = Lazy({name: partial(_built, name, found, shared) for name in FILES})
    if not case.errors_of_files:
        return HandedTables({name: clean[name] for name in ON_HAND}, clean).of(study)
    return as_collected(clean, case.errors_of_files, key, ON_HAND).of(study)


def _built(name: str, found: Mapping[str, Columns], shared: SharedSample) -> pa.Table:
    """A table; that of people is the same however they are interviewed."""
    if name != PERSONS:
        return tables.build(name, found[name])
    if name not in shared.tables:
        shared.tables[name] = tables.build(name, found[name])
    return shared.tables[name]


def case_of(
    study: Study, world: Scenario, condition: Condition, effect: PlantedEffect | None = None
) -> StudyCase:
    """A case: a study that a condition has changed, with the world it is held in."""
    study = as_held(study)
    lived = lived_scenario(world, study)
    is_planted = effect is not None and not condition.without_it
    return StudyCase(condition.name, condition.words, condition.is_null, study, lived, is_planted)
