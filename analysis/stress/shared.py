"""The shipped analyses on studies that they share, beside what is expected of each.

`analyses/matrix.toml` says what is expected. Every study is made once for all analyses of which
something is expected in its condition; they run in this process, for they are our own.
"""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from analysis.questions.asking import COMPARES_ARMS
from analysis.questions.question import Question
from analysis.runs.purposes import Purpose
from analysis.stress.answers import USABLE, Row, rows_of_reply
from analysis.stress.asked import Estimated, estimated_by
from analysis.stress.code import Limits, user_code
from analysis.stress.collected import GivenTable, as_table
from analysis.stress.conditions import changed_study, chosen_conditions
from analysis.stress.criteria import StudyRows, Zones
from analysis.stress.studies import StressSpec, case_of, prepare_cases, studies_of
from analysis.stress.verdicts import Judgement, Tried, judgements
from analysis.stress.workers.hand import Reply
from analysis.stress.workers.serve import answer_of
from analysis.worlds.census import Truth, census, contrast_of
from sim.study.frame import lived_scenario
from sim.study.spec import Study, parse_study
from sim.world.scenario import read_scenario

__all__ = [
    "ROOM",
    "Expectation",
    "MatrixCell",
    "SharedStudies",
    "answers_of",
    "expectations",
    "matrix_study",
]

ROOM = Path(__file__).with_name("analyses")
"""Where the analyses lie."""
NUMBERS = ("estimate", "se", "lo", "hi", "p")

MatrixCell = tuple[str, str]
"""A condition and the name of an analysis."""


class Expectation(NamedTuple):
    """What is expected of a shipped analysis.

    Attributes
    ----------
    name, estimates : str
    is_right : bool
    holds, fails : tuple of str
        Conditions.
    named : str
        The condition that shows what is wrong with it; "" of a right one.
    is_slow : bool
        Whether that takes some hundred studies.
    fit : callable
        Of a study.
    """

    name: str
    estimates: str
    is_right: bool
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    named: str
    is_slow: bool
    fit: Callable[[Any], Any]


def _matrix() -> dict[str, Any]:
    return tomllib.loads((ROOM / "matrix.toml").read_text("utf-8"))


def expectations() -> dict[str, Expectation]:
    """Every shipped analysis in Python, by name."""
    said = _matrix()
    return {
        name: Expectation(
            name, one["estimates"], kind == "right", tuple(one.get("holds", ())),
            tuple(one["fails"]), one.get("named", ""), one.get("slow", False),
            getattr(import_module(f"analysis.stress.analyses.{kind}"), name),
        )
        for kind in ("right", "wrong")
        for name, one in said[kind].items()
    }  # fmt: skip


def matrix_study() -> Study:
    """The study that all of them get."""
    return parse_study(_matrix()["study"])


def answers_of(one: Expectation, study: Any) -> Row:
    """What an analysis gave for a study, whatever happened."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            reply = Reply("answered", answer_of({one.name: one.fit(study)}), (), "")
        except Exception as error:
            reply = Reply("crashed", [], (), repr(error))
    said = tuple(str(each.message) for each in heard)
    return rows_of_reply(reply._replace(warnings=said), [one.name])[0]


class SharedStudies:
    """Studies of one seed, and what the analyses made of them so far.

    Parameters
    ----------
    cells
        Which analyses are tried in which conditions.
    seed
        Of the studies and of the worlds of truth.
    worlds
        In which what is true is looked up.
    """

    def __init__(self, cells: Collection[MatrixCell], seed: int, worlds: int) -> None:
        self.cells, self.seed = sorted(cells), seed
        self.known, study = expectations(), matrix_study()
        names = {name for _, name in cells}
        self.asked = {name: _question(study, self.known[name]) for name in names}
        self.truths = _truths(study, self.asked, seed, worlds)
        self.rows: dict[MatrixCell, list[Row]] = {cell: [] for cell in self.cells}
        self.studies = 0

    def run(self, studies: int, cells: Collection[MatrixCell] | None = None) -> None:
        """Run some more studies, of the conditions of some cells alone."""
        wanted = set(self.cells if cells is None else cells)
        spec = _spec(sorted({condition for condition, _ in wanted}), self.seed)
        prepare_cases(spec)
        for replicate in range(self.studies, self.studies + studies):
            for case, given in studies_of(spec, replicate):
                study = _in_frames(given, self.seed)
                for condition, name in wanted:
                    if condition == case.condition:
                        self.rows[condition, name].append(answers_of(self.known[name], study))
        self.studies += studies

    def verdicts(self, looks: int = 1) -> dict[MatrixCell, Judgement]:
        """The verdict on each cell that has had all studies, at one of some looks."""
        trials, clean = [], {}
        for condition, name in self.cells:
            rows = self.rows[condition, name]
            if condition == "clean":
                clean[name] = _columns(rows[: self.studies])
            if len(rows) == self.studies:
                trials.append(self._trial(condition, name, _columns(rows)))
        found = judgements(trials, clean, Zones(), [self.studies], looks)
        return {(one.trial.condition, one.trial.term): one for one in found}

    def _trial(self, condition: str, name: str, rows: StudyRows) -> Tried:
        compares = self.asked[name].about in COMPARES_ARMS
        truth = Truth(0.0, 0.0, 0) if condition == "null" else self.truths[name]
        null = compares and truth.value == 0 and truth.mcse == 0
        return Tried(condition, name, rows, truth, compares, null, must=False)


def _question(study: Study, one: Expectation) -> Question:
    code = user_code(f"{ROOM / 'right.py'}:fit")
    return estimated_by(study, code, [one.estimates]).questions[0]


def _spec(conditions: Sequence[str], seed: int) -> StressSpec:
    """The cases of some conditions; the analyses are not run by way of it."""
    study = matrix_study()
    world, cases = read_scenario(study.scenario), []
    for one in chosen_conditions(conditions):
        changed = changed_study(study, one)
        assert changed is not None  # noqa: S101
        cases.append(case_of(changed, world, one))
    code, nothing = user_code(f"{ROOM / 'right.py'}:fit"), Estimated((), (), ())
    return StressSpec(code, Limits(), world, tuple(cases), nothing, seed, study.id)


def _truths(
    study: Study, asked: Mapping[str, Question], seed: int, worlds: int
) -> dict[str, Truth]:
    """What is true of each question, over some worlds; each asked once."""
    once = list({repr(one): one for one in asked.values()}.values())
    lived = lived_scenario(read_scenario(study.scenario), study)
    sums = [census(study, lived, once, seed, r) for r in Purpose.TRUTH.some(worlds)]
    found = {
        repr(one): contrast_of(one, np.stack([each[q] for each in sums]))
        for q, one in enumerate(once)
    }
    return {name: found[repr(one)] for name, one in asked.items()}


def _in_frames(given: Mapping[str, GivenTable], seed: int) -> SimpleNamespace:
    tables = {name: as_table(name, one).to_pandas(date_as_object=False)
              for name, one in given.items()}  # fmt: skip
    return SimpleNamespace(**tables, seed=seed)


def _columns(rows: Sequence[Row]) -> StudyRows:
    numbers = [np.array([getattr(row, name) for row in rows]) for name in NUMBERS]
    usable = np.array([row.status == USABLE for row in rows])
    warned = np.array([row.warned for row in rows])
    estimate, se, lo, hi, p = numbers
    return StudyRows(estimate, se, lo, hi, p, usable, warned)
