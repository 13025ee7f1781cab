"""The shipped analyses on studies that they share, beside what is expected of each.

`analyses/matrix.toml` says what is expected. Every study is made once for all analyses of which
something is expected in its condition; they run in this process, for they are our own.
"""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from analysis.questions.asking import COMPARES_ARMS
from analysis.stress.answers import Row, columns_of, rows_of_reply
from analysis.stress.asked import Estimated, estimated_by
from analysis.stress.code import user_code
from analysis.stress.collected import in_frames
from analysis.stress.conditions import CLEAN
from analysis.stress.criteria import StudyRows, Zones, study_rows
from analysis.stress.result import spec_of_stress
from analysis.stress.run import truths_of
from analysis.stress.shared_worlds import KeptLives
from analysis.stress.studies import StressSpec, prepare_cases, studies_of
from analysis.stress.verdicts import LOOKS, NOTHING, Judgement, Tried, judgements
from analysis.stress.workers.hand import Reply
from analysis.stress.workers.serve import answer_of
from sim.study.spec import Study, parse_study

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
CONTRAST = "arms_compared"
"""An analysis that compares arms, so that every condition is about what it estimates."""

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
        self.cells, self.known = sorted(cells), expectations()
        names, study = sorted({name for _, name in cells}), matrix_study()
        self.spec = _spec(study, {name: self.known[name].estimates for name in names},
                          {condition for condition, _ in cells}, seed)  # fmt: skip
        self.questions = dict(zip(names, self.spec.asked.questions, strict=True))
        self.truths = dict(zip(names, truths_of(self.spec, study, worlds), strict=True))
        self.rows: dict[MatrixCell, list[Row]] = {cell: [] for cell in self.cells}
        self.studies, self._lives = 0, KeptLives(LOOKS[-1])

    def run(self, studies: int, cells: Collection[MatrixCell] | None = None) -> None:
        """Run some more studies, of the conditions of some cells alone."""
        wanted = set(self.cells if cells is None else cells)
        conditions = {condition for condition, _ in wanted}
        cases = tuple(one for one in self.spec.cases if one.condition in conditions)
        spec = replace(self.spec, cases=cases)
        prepare_cases(spec)
        for replicate in range(self.studies, self.studies + studies):
            for case, given in studies_of(spec, replicate, self._lives):
                study = in_frames(given, self.spec.seed)
                for condition, name in wanted:
                    if condition == case.condition:
                        self.rows[condition, name].append(answers_of(self.known[name], study))
        self.studies += studies

    def verdicts(self, looks: int = 1) -> dict[MatrixCell, Judgement]:
        """The verdict on each cell that has had all studies, at one of some looks."""
        trials, clean = [], {}
        for condition, name in self.cells:
            rows = self.rows[condition, name]
            if condition == CLEAN:
                clean[name] = self._rows_of(rows[: self.studies])
            if len(rows) == self.studies:
                trials.append(self._trial(condition, name, self._rows_of(rows)))
        found = judgements(trials, clean, Zones(), [self.studies], looks)
        return {(one.trial.condition, one.trial.term): one for one in found}

    def _rows_of(self, rows: Sequence[Row]) -> StudyRows:
        worlds = [self.spec.place(replicate)[0] for replicate in range(len(rows))]
        return study_rows(pa.table({**columns_of(rows), "world": worlds}))

    def _trial(self, condition: str, name: str, rows: StudyRows) -> Tried:
        case = next(one for one in self.spec.cases if one.condition == condition)
        truth = NOTHING if case.is_null else self.truths[name]
        compares = self.questions[name].about in COMPARES_ARMS
        return Tried(condition, name, rows, truth, compares, must=False)


def _spec(
    study: Study, asked: Mapping[str, str], conditions: Collection[str], seed: int
) -> StressSpec:
    """The cases, as of one analysis that is not run itself, with what all of them estimate."""
    code, contrast = user_code(f"{ROOM / 'right.py'}:{CONTRAST}"), expectations()[CONTRAST]
    spec = spec_of_stress(
        code, study, estimates=[contrast.estimates], conditions=sorted(conditions), seed=seed
    )
    questions = [estimated_by(study, code, [words]).questions[0] for words in asked.values()]
    return replace(spec, asked=Estimated(tuple(asked), tuple(questions), tuple(asked.values())))
