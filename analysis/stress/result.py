"""A stress test: the cases, the truth, rows up to the look that settles it, and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pyarrow as pa

from analysis.questions.asking import COMPARES_ARMS
from analysis.runs.run import Run
from analysis.stress.asked import Estimated, estimated_by
from analysis.stress.beside import RelativeEfficiency, beside_of
from analysis.stress.cleaning_shares import CleaningShare, cleaning_shares
from analysis.stress.code import Limits, UserCode
from analysis.stress.compared import Invariant
from analysis.stress.conditions import CLEAN, EFFECT, MUST, changed_study, chosen_conditions
from analysis.stress.criteria import StudyRows, Zones, rows_by_term, study_rows, zones_with
from analysis.stress.invariances import invariances_of
from analysis.stress.ladder import Ladder, ladders_of
from analysis.stress.ladder_words import whence
from analysis.stress.planted_effect import planted_effect
from analysis.stress.run import CLEANING, Hands, rows_of_run, truths_of
from analysis.stress.settings import stress_plan_of
from analysis.stress.shared_worlds import KeptLives, studies_a_world
from analysis.stress.studies import StressSpec, case_of
from analysis.stress.verdicts import (
    FAILS,
    NOTHING,
    UNDECIDED,
    Judgement,
    Tried,
    is_settled,
    judgements,
    looks_up_to,
)
from analysis.worlds.census import Truth
from analysis.worlds.process import worlds_of_truth
from sim.errors import InputError
from sim.side_by_side import Progress, silent
from sim.study.conditions import as_held
from sim.study.frame import lived_scenario
from sim.study.spec import Study
from sim.world.scenario import read_scenario

__all__ = ["FEWEST_STUDIES", "StressResult", "spec_of_stress", "stress_study"]

FEWEST_STUDIES = 2


@dataclass(frozen=True)
class StressResult:
    """What came of a stress test.

    Attributes
    ----------
    spec : StressSpec
    rows : pyarrow.Table
        One for each condition, replicate and term.
    truths : tuple of Truth
        Of each term; where an effect is planted and no condition is without it, as `planted`.
    judged : list of Judgement
    must : tuple of str
        Conditions that must hold.
    replicates, most : int
        Studies of each condition, and those planned at most.
    seconds : float
        That the code itself took, of rows made now.
    zones : Zones
    invariances : list of Invariant
    planted : tuple of Truth
        Of each term with the planted effect; empty without one.
    marginal : Truth or None
        Of a planted effect on ties: the log odds ratio of recorded loss.
    """

    spec: StressSpec
    rows: pa.Table
    truths: tuple[Truth, ...]
    judged: list[Judgement]
    must: tuple[str, ...]
    replicates: int
    most: int
    seconds: float
    zones: Zones
    invariances: list[Invariant]
    planted: tuple[Truth, ...] = ()
    marginal: Truth | None = None

    @property
    def study(self) -> Study:
        """As its file has it."""
        return self.spec.study

    @property
    def worlds(self) -> int:
        """In which the studies of a condition took place."""
        return len(self.rows["world"].unique())

    @property
    def effective(self) -> float:
        """Studies that share no world and tell as much of a bias, of the term that has fewest."""
        found = [one.of("bias") for one in self.judged]
        shares = [one.effective / one.n for one in found if one is not None and one.n]
        return self.replicates * min(shares, default=1.0)

    @cached_property
    def ladders(self) -> list[Ladder]:
        """Where each bias comes from."""
        return ladders_of(self.rows, self.judged)

    @property
    def whence(self) -> list[str]:
        """Where biases come from, in words."""
        return whence(self.judged, self.ladders, self.spec.conditions, self.zones.bias)

    @cached_property
    def beside(self) -> list[RelativeEfficiency]:
        """Terms beside a right analysis of the same clean studies."""
        clean = (one for one in self.judged if one.trial.condition == CLEAN)
        return beside_of(self.spec, self.rows, {one.trial.term for one in clean if one.is_biased})

    @cached_property
    def cleaning(self) -> list[CleaningShare]:
        """How cleaned tables compare with what the errors have changed; empty if none came."""
        return cleaning_shares(self.rows, CLEANING)

    @property
    def failed(self) -> list[Judgement]:
        """What must hold and does not."""
        return [one for one in self.judged if one.trial.must and one.verdict == FAILS]

    @property
    def undecided(self) -> list[Judgement]:
        """What must hold and is not known to."""
        return [one for one in self.judged if one.trial.must and one.verdict == UNDECIDED]

    @property
    def has_null(self) -> bool:
        """Whether there is nothing to find somewhere, so that significance is an error."""
        return any(one.of("type I error") is not None for one in self.judged)

    @property
    def silent(self) -> list[Judgement]:
        """What fails and does not say so, whether it must hold or not."""
        return [one for one in self.judged if one.silent]


def spec_of_stress(
    code: UserCode,
    study: Study,
    *,
    estimates: Sequence[str] = (),
    conditions: Sequence[str] = (),
    limits: Limits | None = None,
    seed: int,
    named: str = "",
    effect: str = "",
) -> StressSpec:
    """What is to be run; `named` is what the user called the study, if not by its id.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with what is asked; conditions that change nothing in this study.
    """
    asked = estimated_by(study, code, estimates)
    world = read_scenario(study.scenario)
    plan = stress_plan_of(study)
    planted = None
    if said := effect or plan.effect:
        where = "--effect" if effect else f"{named or study.id}, stress.effect:"
        planted = planted_effect(study, world, said, where)
    conditions = tuple(conditions) or plan.conditions
    cases = []
    for one in chosen_conditions(conditions, plan.own):
        changed = changed_study(study, one, planted)
        if changed is not None and (not one.is_null or _compares(asked)):
            cases.append(case_of(changed, world, one, planted))
        elif one.name == EFFECT and one.name in conditions:
            raise InputError(f'condition "{EFFECT}": no effect is given; --effect plants one')
        elif one.name in conditions:
            raise InputError(
                f'condition "{one.name}": {study.id} is the same with it, so there is nothing to '
                f"try; {one.words} is not about this study or what is estimated"
            )
    limits = limits or Limits()
    name = named or study.id
    whole = as_held(study if planted is None else planted.of(study))
    largest = whole.wanting(max(whole.recruitment.n, plan.people))  # whichever are run
    many = studies_a_world(largest, lived_scenario(world, whole), compares=_compares(asked))
    return StressSpec(code, limits, world, tuple(cases), asked, seed, name, study, planted, many)


def _compares(asked: Estimated) -> bool:
    return any(one.about in COMPARES_ARMS for one in asked.questions)


def stress_study(
    spec: StressSpec,
    *,
    replicates: int,
    must: Sequence[str] = (),
    zones: Mapping[str, float] | None = None,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress = silent,
) -> StressResult:
    """Run an analysis until what must hold is settled, and judge it.

    Parameters
    ----------
    spec
        From `spec_of_stress`.
    replicates
        Studies of each condition at most; there is looked at some of `verdicts.LOOKS` before.
    must
        Conditions that must hold; of `conditions.MUST` those that are run by default.
    zones
        Edges of where an analysis is as it should be, by their names, in place of the usual ones.
    kept
        Where rows lie from which to go on.
    """
    edges = zones_with({**stress_plan_of(spec.study).zones, **(zones or {})})
    gate = _gate(spec, must)
    truths, planted, marginal = _truths(
        spec, partial(
            truths_of, worlds=worlds_of_truth(replicates), kept=kept, threads=threads,
            progress=progress,
        ),
    )  # fmt: skip
    planned = looks_up_to(replicates)
    parts: list[pa.Table] = []
    judged: list[Judgement] = []
    n, lives = 0, KeptLives(replicates)
    with Hands(spec) as hands:
        for k, n in enumerate(planned, start=1):
            new = range(planned[k - 2] if k > 1 else 0, n)
            parts.append(
                rows_of_run(
                    spec, hands, new, kept=kept, lives=lives, threads=threads, progress=progress
                )
            )
            trials, clean = _trials(spec, pa.concat_tables(parts), truths, planted, gate)
            judged = judgements(trials, clean, edges, planned[:k], len(planned))
            if is_settled(judged):
                break
    rows = pa.concat_tables(parts).combine_chunks()
    return StressResult(
        spec, rows, truths, judged, gate, n, replicates, hands.seconds, edges,
        invariances_of(spec, rows), planted, marginal,
    )  # fmt: skip


def _truths(
    spec: StressSpec, truths_of_study: Callable[[StressSpec, Study], tuple[Truth, ...]]
) -> tuple[tuple[Truth, ...], tuple[Truth, ...], Truth | None]:
    """What is true without the planted effect, with it, and of ties between the arms it is in."""
    study, effect, asked = spec.study, spec.effect, spec.asked.questions
    if effect is None:
        return truths_of_study(spec, study), (), None
    more = effect.marginal_question(study, spec.code)
    with_more = replace(spec, asked=spec.asked._replace(questions=(*asked, *more)))
    found = truths_of_study(with_more, effect.of(study))
    planted = found[: len(asked)]
    plain = any(not (case.is_null or case.is_planted) for case in spec.cases)
    truths = truths_of_study(spec, study) if plain else planted
    return truths, planted, found[-1] if more else None


def _gate(spec: StressSpec, must: Sequence[str]) -> tuple[str, ...]:
    """What must hold: what is said, or what the study file says of what is run, or the usual."""
    there = {case.condition for case in spec.cases}
    for name in must:
        if name not in there:
            raise InputError(f"--must {name}: is not run here; run are {', '.join(sorted(there))}")
    planned, usual = (
        tuple(name for name in names if name in there)
        for names in (stress_plan_of(spec.study).must, MUST)
    )
    return tuple(must) or planned or usual


def _trials(
    spec: StressSpec,
    rows: pa.Table,
    truths: Sequence[Truth],
    planted: Sequence[Truth],
    must: Sequence[str],
) -> tuple[list[Tried], dict[str, StudyRows]]:
    """Every term in every condition in which something is true of it; and the clean ones."""
    by_key = _by_key(rows)
    found, clean = [], {}
    beside = EFFECT if any(case.condition == EFFECT for case in spec.cases) else CLEAN
    for case in spec.cases:
        for q, term in enumerate(spec.asked.terms):
            compares = spec.asked.questions[q].about in COMPARES_ARMS
            mine = by_key[case.condition, term]
            if case.condition == beside:
                clean[term] = mine
            if case.is_null and not compares:
                continue
            true = planted if case.is_planted else truths
            truth = NOTHING if case.is_null else true[q]
            found.append(Tried(case.condition, term, mine, truth, compares, case.condition in must))
    return found, clean


def _by_key(rows: pa.Table) -> dict[tuple[str, str], StudyRows]:
    all_rows = study_rows(rows)
    return {
        key: StudyRows(*(one[mine] for one in all_rows)) for key, mine in rows_by_term(rows).items()
    }
