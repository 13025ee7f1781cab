"""What one study gives: what went into a user's analysis, what came back, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.stress.answers import OFFERED, USABLE
from analysis.stress.cleaning_shares import cleaning_shares
from analysis.stress.code import Limits, user_code
from analysis.stress.collected import GivenTable, as_table
from analysis.stress.conditions import CLEAN, EFFECT
from analysis.stress.effect_words import effect_sentences
from analysis.stress.ladder_words import cleaning_in_words
from analysis.stress.plausible import hints_of
from analysis.stress.result import spec_of_stress
from analysis.stress.run import CLEANING, Hands, run_replicate
from analysis.stress.settings import stress_plan_of
from analysis.stress.studies import StressSpec, studies_of, study_in_turn
from analysis.stress.words import replay_command, short_of_people
from egocohort.results.plain import plain_rows
from egocohort.results.result import Result
from egocohort.results.stress_cleaning import cleaning_table
from egocohort.simulation_run import settled_seed
from sim.data import serialise
from sim.study.spec import read_study

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from egocohort.results.files import FileContent

__all__ = ["AnalysisTried", "try_code"]

FIRST = 0
"""The replicate of a check."""


@dataclass(frozen=True)
class AnalysisTried(Result):
    """An analysis on one study of each condition that was asked for.

    Attributes
    ----------
    spec : StressSpec
    study : str
        As the user named it.
    replicate : int
    found : pyarrow.Table
        Rows, as a whole run has them.
    given : mapping
        Tables by condition and name.
    again : bool
        Whether the same study gave the same rows when it was run once more.
    """

    spec: StressSpec
    study: str
    replicate: int
    found: pa.Table
    given: Mapping[str, Mapping[str, GivenTable]]
    again: bool

    @property
    def title(self) -> str:
        """Of which analysis, on which study."""
        return f"{self.spec.code.said} on replicate {self.replicate} of {self.study}"

    @property
    def usable(self) -> bool:
        """Whether every row is."""
        return all(status == USABLE for status in self.found["status"].to_pylist())

    @property
    def headline(self) -> str:
        """Whether every term came back."""
        status = self.found["status"].to_pylist()
        bad = sum(one != USABLE for one in status)
        if not bad:
            return f"Every term came back: {', '.join(self.spec.asked.terms)}."
        return f"{bad} of {len(status)} rows cannot be used; the first: {self._wrong()[0]}"

    @property
    def hints(self) -> list[str]:
        """What came back and cannot be what its term is to estimate."""
        return hints_of(self.found, self.spec.asked)

    def summary(self) -> str:
        """What went in, what came back, what is wrong, and how to see it again."""
        parts = [self.headline, self._went_in(), self._came_back()]
        if self.hints:
            parts.insert(1, "\n".join(["Look again:", *(f"  {one}" for one in self.hints)]))
        wrong = self._wrong()
        if wrong:
            parts.append("\n".join(["Wrong:", *(f"  {one}" for one in wrong)]))
        cleaned = cleaning_in_words(cleaning_shares(self.found, CLEANING))
        if cleaned:
            parts.append("\n".join(["Cleaned:", *(f"  {one}" for one in cleaned)]))
        if not self.again:
            parts.append(
                "The same study gave other numbers when it was run again: the analysis draws "
                "without the seed it is given (study.seed; EGOCOHORT_SEED), or keeps something "
                "from one study to the next, so no row can be made again."
            )
        again = replay_command(self.spec, self.spec.cases[0].condition, self.replicate)
        return "\n\n".join([*parts, f"Again: {again}", self._bundle()])

    def _bundle(self) -> str:
        """Which study it is to `egocohort simulate`."""
        world, turn = self.spec.place(self.replicate)
        return (
            f"It is study {turn + 1} of world {world}: to egocohort simulate, "
            f"study-{self.spec.cases[0].condition}.toml (--out writes it) with --seed "
            f"{self.spec.seed} --replicate {world}"
        )

    def _went_in(self) -> str:
        lines = ["Went in:"]
        asked = zip(self.spec.asked.terms, self.spec.asked.words, strict=True)
        lines += [f"  {term} is to estimate: {words}" for term, words in asked]
        lines += [f"  {one}" for one in effect_sentences(self.spec)]
        as_tables = {
            condition: {name: as_table(name, one) for name, one in tables.items()}
            for condition, tables in self.given.items()
        }
        for condition, tables in as_tables.items():
            sizes = ", ".join(f"{name} {one.num_rows}" for name, one in tables.items())
            lines.append(f"  rows of {condition}: {sizes}")
        lines += [f"  {one}" for one in short_of_people(self.spec)]
        for name, one in next(iter(as_tables.values())).items():
            lines.append(f"  {name}: {', '.join(one.column_names)}")
        return "\n".join(lines)

    def _came_back(self) -> str:
        lines = ["Came back:"]
        for row in self.found.to_pylist():
            numbers = ", ".join(f"{name} {row[name]:.6g}" for name in OFFERED)
            note = " (warned)" if row["warned"] else ""
            lines.append(f"  {row['condition']}: {row['term']}: {numbers}: {row['status']}{note}")
            if row["warned"] and row["log"]:
                lines.append(f"    {row['log'].splitlines()[0]}")
        return "\n".join(lines)

    def _wrong(self) -> list[str]:
        said: dict[str, None] = {}
        for row in self.found.to_pylist():
            if row["status"] != USABLE:
                log = "\n    ".join(row["log"].splitlines())
                said[f"{row['condition']}: {row['term']}: {row['status']}: {log}"] = None
        return list(said)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`given_back`: the rows, as a whole run has them."""
        return {"given_back": self.found.drop_columns([CLEANING]).to_pandas()}

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "synthetic": True, "answer": self.headline, "usable": self.usable,
            "code": self.spec.code.said, "study": self.study, "seed": self.spec.seed,
            "replicate": self.replicate, "world": self.spec.place(self.replicate)[0],
            "same_again": self.again, "hints": self.hints,
            "rows": plain_rows(self.tables["given_back"]),
            "cleaning": plain_rows(cleaning_table(cleaning_shares(self.found, CLEANING))),
        }  # fmt: skip

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        found: dict[str, FileContent] = dict(super()._contents(out))
        for case in self.spec.cases:
            tables = self.given[case.condition]
            folder = f"{case.condition}-{self.replicate}"
            found |= {
                f"{folder}/{name}.csv": one if isinstance(one, bytes)
                else serialise.csv_bytes(name, one)
                for name, one in tables.items()
            }  # fmt: skip
            in_turn = study_in_turn(self.spec, case, self.spec.place(self.replicate)[1])
            found[f"study-{case.condition}.toml"] = in_turn.to_toml()
        return found


def try_code(
    code: str,
    study: str | Path,
    *,
    replicate: int | None = None,
    estimates: Sequence[str] = (),
    effect: str = "",
    conditions: Sequence[str] = (),
    limits: Limits | None = None,
    seed: int | None = None,
) -> AnalysisTried:
    """Run an analysis on one study; see `egocohort.api.stress.try_analysis`."""
    import pyarrow as pa

    asked = read_study(study)
    usual = EFFECT if effect or stress_plan_of(asked).effect else CLEAN
    spec = spec_of_stress(
        user_code(code), asked, estimates=estimates, limits=limits, seed=settled_seed(seed),
        conditions=conditions or (usual,), named=str(study), effect=effect,
    )  # fmt: skip
    number = FIRST if replicate is None else replicate
    with Hands(spec) as hands:
        rows = pa.table(dict(run_replicate(spec, number, hands)))
        twice = pa.table(dict(run_replicate(spec, number, hands)))
    given = {case.condition: tables for case, tables in studies_of(spec, number)}
    again = bool(rows.to_pandas().equals(twice.to_pandas()))  # to which NaN is NaN
    return AnalysisTried(spec, str(study), number, rows, given, again)
