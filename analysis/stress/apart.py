"""Whether a study has one answer: the same twice, and the same alone as after other studies.

One process of a user's serves study after study, so what the code keeps between them (a cache of a
module, `<<-` of R, a generator made once) may speak in later answers. A few studies are each given
to a process of their own and held against what they gave in their turn. The first is given to two
such processes: what differs there is chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from analysis.stress.answers import Row, rows_of_reply
from analysis.stress.compared import Invariant, gap_between, invariant_of
from analysis.stress.run import study_seed
from analysis.stress.studies import StressSpec, studies_of
from analysis.stress.workers.hand import Hand

__all__ = ["answers_apart"]

RANDOM = "the same study gives different answers: it is random and sets no seed"
DEPENDS = "the answer to a study depends on the studies before it"
Answers = Mapping[str, Row]
"""Rows of a study by term."""


def answers_apart(spec: StressSpec, rows: pa.Table) -> tuple[Invariant, Invariant]:
    """Whether answers are the same twice, and the same alone as in their turn.

    Parameters
    ----------
    spec, rows
        Of a run.
    """
    first, *others = _few_studies(spec, rows)
    once, twice = _alone(spec, *first), _alone(spec, *first)
    alone = {first: once} | {study: _alone(spec, *study) for study in others}
    in_turn = [
        gap
        for study, found in alone.items()
        for gap in _gaps(spec, study, _in_turn(spec, rows, *study), found)
    ]
    return (
        invariant_of("again", "a study is given twice", _gaps(spec, first, once, twice), RANDOM),
        invariant_of("alone", "a study is given alone, to a new process", in_turn, DEPENDS),
    )


def _few_studies(spec: StressSpec, rows: pa.Table) -> list[tuple[int, int]]:
    """Case and replicate of the first study, and of later ones of other cases if there are others.

    Studies of a replicate have one seed, by which a cache may take one case for another.
    """
    last, cases = int(pc.max(rows["replicate"]).as_py()), len(spec.cases)
    return list(dict.fromkeys([(0, 0), (cases - 1, last // 2), (cases // 2, last)]))


def _alone(spec: StressSpec, case: int, replicate: int) -> Answers:
    """What a process gives that has seen no other study."""
    ((_, given),) = studies_of(replace(spec, cases=(spec.cases[case],)), replicate)
    with Hand(spec.code, spec.limits) as hand:
        reply = hand.ask(given, study_seed(spec, replicate))
    return {row.term: row for row in rows_of_reply(reply, spec.asked.terms)}


def _in_turn(spec: StressSpec, rows: pa.Table, case: int, replicate: int) -> Answers:
    """What the run has of a study."""
    of_case = pc.equal(rows["condition"], spec.cases[case].condition)
    found = rows.filter(pc.and_(of_case, pc.equal(rows["replicate"], replicate)))
    return {one["term"]: Row(**one) for one in found.select(Row._fields).to_pylist()}


def _gaps(
    spec: StressSpec, study: tuple[int, int], old: Answers, new: Answers
) -> list[tuple[str, float]]:
    case, replicate = study
    named = f"study {replicate} of {spec.cases[case].condition}"
    return [(f"{term}, {named}", gap_between(row, new.get(term))) for term, row in old.items()]
