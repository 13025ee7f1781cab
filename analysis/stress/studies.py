"""The studies an analysis is given: one lived world for all conditions of a replicate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from analysis.stress.asked import Estimated
from analysis.stress.code import Limits, UserCode
from analysis.stress.collected import HandedTables, as_collected
from analysis.stress.conditions import Condition
from analysis.stress.planted_effect import PlantedEffect
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.data.errors.sheets import FILES
from sim.study.conditions import as_held
from sim.study.error_settings import sort_of_errors
from sim.study.fieldwork import Fieldwork, Sample, SiteFlow
from sim.study.frame import lived_scenario
from sim.study.recruit import sainte_lague, site_weights
from sim.study.reference import solved_absence
from sim.study.simulate import interview
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.study.tables import study_tables
from sim.world.parameters import catalogue
from sim.world.run import Place
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["StressSpec", "StudyCase", "case_of", "prepare_cases", "studies_of"]

Fieldworked = tuple[Sample, tuple[SiteFlow, ...]]
LIVES = ("frame", "arms", "waves")
"""Tables of a study file on which lives depend, beside whom it recruits."""


class StudyCase(NamedTuple):
    """A condition, the study under it, and the world that study is held in."""

    condition: str
    is_null: bool
    study: Study
    lived: Scenario
    is_planted: bool = False

    @property
    def lives(self) -> str:
        """Cases of one value share their people, of whom a smaller study has the first."""
        said = self.study.resolved()
        asked = {k: one for k, one in said["recruitment"].items() if k not in ("n", "site_quota")}
        said.get("arms", {}).pop("planted", None)  # of what people score, not of their lives
        return json.dumps([asked, *(said.get(name) for name in LIVES)], sort_keys=True)

    @property
    def sequence(self) -> np.ndarray:
        """Sites in the order in which people are enrolled."""
        return sainte_lague(site_weights(self.study, self.lived), self.study.recruitment.n)


@dataclass(frozen=True)
class StressSpec:
    """All that the rows of a run depend on, conditions in words, and what the user said."""

    code: UserCode
    limits: Limits
    world: Scenario
    cases: tuple[StudyCase, ...]
    conditions: Mapping[str, str]
    asked: Estimated
    seed: int
    named: str
    study: Study
    effect: PlantedEffect | None = None


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
    lived: dict[str, Fieldworked] = {}
    for case in spec.cases:
        largest = max(groups[case.lives], key=lambda one: one.study.recruitment.n)
        if case.lives not in lived:
            lived[case.lives] = Fieldwork(largest.study, largest.lived, key, begun).run(1)
        sample, flow = lived[case.lives]
        mine = sample if case.sequence.size == largest.sequence.size else _first(sample, case)
        yield case, _tables(spec, case, replicate, (mine, flow))


def _first(sample: Sample, case: StudyCase) -> Sample:
    """Those of a sample whom the smaller study of a case would have enrolled, in its order."""
    here = {site: iter(np.flatnonzero(sample.site == site).tolist())
            for site in np.unique(sample.site).tolist()}  # fmt: skip
    chosen = [next(here[site + 1], None) for site in case.sequence.tolist() if site + 1 in here]
    rows = np.array([one for one in chosen if one is not None], int)
    by_person = {one.name: getattr(sample, one.name)[rows]
                 for one in fields(sample) if one.name != "histories"}  # fmt: skip
    return replace(sample, **by_person)


def _tables(spec: StressSpec, case: StudyCase, replicate: int, seen: Fieldworked) -> HandedTables:
    sample, flow = seen
    key, params = key_of(spec.seed, replicate), catalogue().record(case.lived.parameters)
    dial, measure = solved_absence(case.study, case.lived)
    held = interview(case.study, sample, params, key, dial, measure)
    study = SimulatedStudy(
        case.study, spec.world, case.lived, spec.seed, replicate, key, params, sample, flow,
        held.telephone, *held.scored, held.visits, held.maps, dial, None,
    )  # fmt: skip
    found = study_tables(study)
    errors = sort_of_errors(case.study.errors or {}, "file")
    if not errors:
        plain = {name: tables.build(name, found[name]) for name in ON_HAND}
        return HandedTables(plain, plain).of(study)
    clean = {name: tables.build(name, found[name]) for name in FILES}
    return as_collected(clean, errors, key, ON_HAND).of(study)


def case_of(
    study: Study, world: Scenario, condition: Condition, effect: PlantedEffect | None = None
) -> StudyCase:
    """A case: a study that a condition has changed, with the world it is held in."""
    study = as_held(study)
    lived = lived_scenario(world, study)
    is_planted = effect is not None and not condition.without_it
    return StudyCase(condition.name, condition.is_null, study, lived, is_planted)
