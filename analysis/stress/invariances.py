"""Changes of a study that should not change its estimates, or change them in a known way.

Other labels for the people, rows and columns in another order, another time zone and language of
the machine leave every estimate as it is; an outcome in units four times as small makes estimates
and standard errors of it four times as large. The seed is the same, so an analysis that draws from
it draws the same. All that is tried where a study has one answer alone, as `analysis.stress.apart`
finds out.
"""

from __future__ import annotations

import locale
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.stress.answers import Row, rows_of_reply
from analysis.stress.apart import answers_apart
from analysis.stress.collected import as_table
from analysis.stress.compared import Invariant, gap_between, invariant_of
from analysis.stress.run import study_seed
from analysis.stress.studies import StressSpec, studies_of
from analysis.stress.workers.hand import Hand
from sim.study.instruments import SCORE_COLUMNS
from sim.study.settings import SCORES

__all__ = ["INVARIANCES", "Invariance", "changes_of", "invariances_of"]

TIMES = 4.0
"""By how much an outcome is rescaled: a power of two, so that no digit is lost."""
FAR_AWAY = "Pacific/Kiritimati"
LANGUAGES = ("de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8", "tr_TR.UTF-8", "C.UTF-8")
A_HUNDRED = 100
"""The number of a person, times this, and the wave are the number of an interview."""

Tables = Mapping[str, pa.Table]


class Invariance(NamedTuple):
    """A change that should make no difference.

    Attributes
    ----------
    name, words : str
    change : callable
        Makes other tables of the tables of a study, with a source of chance.
    settings : mapping of str to str
        Of the environment in which the code runs.
    rescales : bool
        Whether estimates of scales are multiplied by `TIMES`.
    """

    name: str
    words: str
    change: Callable[[Tables, np.random.Generator], Tables]
    settings: Mapping[str, str] = {}
    rescales: bool = False


def _as_it_is(tables: Tables, _: np.random.Generator) -> Tables:
    return tables


def _other_labels(tables: Tables, draw: np.random.Generator) -> Tables:
    """Every person has the label of another one, in every table."""
    persons = tables["persons"]
    number = persons["ego_num"].to_numpy()
    label = np.array(persons["ego_pid"].to_pylist(), object)
    order = draw.permutation(number.size)
    new_label = dict(zip(label.tolist(), label[order].tolist(), strict=True))
    new_number = np.zeros(int(number.max()) + 1, np.int64)
    new_number[number] = number[order]

    def relabelled(table: pa.Table) -> pa.Table:
        changed = {}
        for name in table.column_names:
            column = table[name]
            if name == "ego_pid":
                changed[name] = pa.array([new_label[one] for one in column.to_pylist()])
            elif name == "ego_num":
                changed[name] = pa.array(new_number[column.to_numpy()], column.type)
            elif name == "egoID":
                old = column.to_numpy()
                of = new_number[old // A_HUNDRED] * A_HUNDRED + old % A_HUNDRED
                changed[name] = pa.array(of, column.type)
        for name, values in changed.items():
            table = table.set_column(table.column_names.index(name), name, values)
        return table

    return {name: relabelled(table) for name, table in tables.items()}


def _rows_shuffled(tables: Tables, draw: np.random.Generator) -> Tables:
    return {name: one.take(draw.permutation(one.num_rows)) for name, one in tables.items()}


def _columns_shuffled(tables: Tables, draw: np.random.Generator) -> Tables:
    return {
        name: one.select([one.column_names[k] for k in draw.permutation(one.num_columns)])
        for name, one in tables.items()
    }


def _rescaled(tables: Tables, _: np.random.Generator) -> Tables:
    egos = tables["egos"]
    for name in SCORE_COLUMNS.values():
        at = egos.column_names.index(name)
        values = egos[name].to_numpy(zero_copy_only=False) * TIMES
        egos = egos.set_column(at, egos.schema.field(at), pa.array(values, from_pandas=True))
    return {**tables, "egos": egos}


INVARIANCES = (
    Invariance("people", "people have other labels", _other_labels),
    Invariance("rows", "rows are in another order", _rows_shuffled),
    Invariance("columns", "columns are in another order", _columns_shuffled),
    Invariance(
        "units", f"scales are in units {TIMES:g} times as small", _rescaled, rescales=True
    ),
    Invariance("time zone", f"the time zone is {FAR_AWAY}", _as_it_is, {"TZ": FAR_AWAY}),
    Invariance("language", "the machine speaks another language", _as_it_is, {"LC_ALL": ""}),
)  # fmt: skip


def invariances_of(spec: StressSpec, rows: pa.Table) -> list[Invariant]:
    """Whether a study has one answer, and if it has, whether that stays as it should.

    Parameters
    ----------
    spec, rows
        Of a run.
    """
    again, alone = answers_apart(spec, rows)
    return [again] if again.holds is False else [again, alone, *changes_of(spec)]


def changes_of(spec: StressSpec, replicates: Sequence[int] = (0, 1, 2)) -> list[Invariant]:
    """Try each of `INVARIANCES` on some studies of the first case whose files have no errors."""
    plain = [one for one in spec.cases if not one.errors_of_files]
    if not plain:
        said = "files with errors alone were run"
        return [Invariant(one.name, one.words, None, np.nan, said) for one in INVARIANCES]
    alone = replace(spec, cases=tuple(plain[:1]))
    given = [
        (r, {name: as_table(name, one) for name, one in tables.items()})
        for r in replicates
        for _, tables in studies_of(alone, r)
    ]
    usual = _rows(alone, given, INVARIANCES[0]._replace(change=_as_it_is))
    return [_tried(alone, given, usual, one) for one in INVARIANCES]


def _rows(
    spec: StressSpec, given: Sequence[tuple[int, Tables]], one: Invariance
) -> dict[tuple[int, str], Row]:
    found = {}
    with Hand(spec.code, spec.limits, one.settings) as hand:
        for replicate, tables in given:
            draw = np.random.default_rng([spec.seed, replicate])
            reply = hand.ask(one.change(tables, draw), study_seed(spec, replicate))
            for row in rows_of_reply(reply, spec.asked.terms):
                found[replicate, row.term] = row
    return found


def _tried(
    spec: StressSpec,
    given: Sequence[tuple[int, Tables]],
    usual: Mapping[tuple[int, str], Row],
    one: Invariance,
) -> Invariant:
    if "LC_ALL" in one.settings:
        language = _another_language()
        if language is None:
            return Invariant(one.name, one.words, None, np.nan, "this machine has no other")
        one = one._replace(settings={"LC_ALL": language}, words=f"the language is {language}")
    changed = _rows(spec, given, one)
    return invariant_of(one.name, one.words, _gaps(spec, usual, changed, one))


def _gaps(
    spec: StressSpec,
    usual: Mapping[tuple[int, str], Row],
    changed: Mapping[tuple[int, str], Row],
    one: Invariance,
) -> Iterator[tuple[str, float]]:
    """How far each estimate has moved from where the change should leave it."""
    questions = dict(zip(spec.asked.terms, spec.asked.questions, strict=True))
    scales = {term for term, question in questions.items() if question.outcome in SCORES}
    for (replicate, term), old in usual.items():
        times = TIMES if one.rescales and term in scales else 1.0
        where = f"{term} of study {replicate}"
        yield where, gap_between(old, changed.get((replicate, term)), times)


def _another_language() -> str | None:
    """A language with other signs than this process's, if the machine has one."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in LANGUAGES:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_ALL, name)
                if name != before:
                    return name
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return None
