"""The studies an analysis is given: one lived world for all conditions of a replicate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.stress.asked import Estimated
from analysis.stress.code import Limits, UserCode
from analysis.stress.collected import HandedTables, as_collected
from analysis.stress.conditions import Condition
from analysis.stress.lived import LivedStudy, SharedSample
from analysis.stress.planted_effect import PlantedEffect
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.data.errors.sheets import FILES
from sim.study.columns import Columns
from sim.study.conditions import as_held, is_held
from sim.study.error_settings import sort_of_errors
from sim.study.frame import lived_scenario
from sim.study.lazy import Lazy
from sim.study.recruit import sainte_lague, site_weights
from sim.study.reference import solved_absence
from sim.study.simulate import interview
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.study.tables import study_tables
from sim.world.run import Place
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["StressSpec", "StudyCase", "case_of", "prepare_cases", "studies_of"]

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

    @property
    def lives(self) -> str:
        """Cases of one value share their people, of whom a smaller study has the first."""
        said = self.study.resolved()
        asked = {k: one for k, one in said["recruitment"].items() if k not in ("n", "site_quota")}
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

    @property
    def conditions(self) -> dict[str, str]:
        """Those of the cases, in words."""
        return {case.condition: case.words for case in self.cases}


def prepare_cases(spec: StressSpec, threads: int = 1) -> None:
    """Solve absence once for each case, before threads would each do so."""
    for case in spec.cases:
        solved_absence(case.study, case.lived, threads)


def studies_of(spec: StressSpec, replicate: int) -> Iterator[tuple[StudyCase, HandedTables]]:
    """What each case recorded in one replicate: tables, or files as collected if it has errors.

    Parameters
    ----------
    spec
        Cases alike in `StudyCase.lives` share one fieldwork, and all share the world before it.
    replicate
        With the seed, the key of all draws: `egocohort simulate` makes the same study of a case.
    """
    key = key_of(spec.seed, replicate)
    groups: dict[str, list[StudyCase]] = {}
    for case in spec.cases:
        groups.setdefault(case.lives, []).append(case)
    begun: dict[Place, Team] | None = {} if len(groups) > 1 else None
    lived: dict[str, LivedStudy] = {}
    for case in spec.cases:
        if case.lives not in lived:
            largest = max(groups[case.lives], key=lambda one: one.study.recruitment.n)
            lived[case.lives] = LivedStudy(largest.study, largest.lived, key, begun)
        yield case, _tables(spec, case, replicate, key, lived[case.lives])


def _tables(
    spec: StressSpec, case: StudyCase, replicate: int, key: np.ndarray, lived: LivedStudy
) -> HandedTables:
    shared = lived.of(case.sequence)
    sample, params = shared.sample, shared.params
    dial, measure = solved_absence(case.study, case.lived)
    scored = shared.scored(case.study)
    held = interview(case.study, sample, params, key, dial, measure, scored=scored)
    study = SimulatedStudy(
        case.study, spec.world, case.lived, spec.seed, replicate, key, params, sample,
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
