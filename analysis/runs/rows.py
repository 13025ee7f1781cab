"""Raw rows of a plan: one for each number of people, replicate and question, kept on disk.

Each design point has a store of its own. Which rows a file holds, and in which order, follows from
what was asked alone: not from threads, nor from how often a run was killed and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.estimators.contract import Fits
from analysis.runs.run import Run
from analysis.runs.store import Store

__all__ = ["BLOCK", "STATUS", "Rows"]

BLOCK = 256
"""Replicates of a file: those whose numbers agree but for a remainder."""

STATUS = ("fitted", "singular", "failed")
"""How a fit went: as it should, with a variance on its boundary, or not at all."""

NUMBERS = ("estimate", "se", "df", "lo", "hi", "p")
ROW = np.dtype(
    [("replicate", "i8"), ("question", "i4"), *((one, "f8") for one in NUMBERS), ("status", "i1")]
)
KEY, COLUMNS = ("replicate", "question"), ("replicate", "question", *NUMBERS)
NOTHING = np.empty(0, ROW)

Make = Callable[[Sequence[int], range], list[list[Fits]]]
"""Estimates by number of people and question of some replicates."""


@dataclass(frozen=True)
class Rows:
    """A place for rows of one run.

    Attributes
    ----------
    folder : pathlib.Path
        Made when the first rows are written.
    digest : str
        Of what the rows depend on; a file with another one is refused.
    says : bytes
        What the digest is of, for `fingerprint.json` beside the folder.
    effect : float
        Multiple of the study file's effects.
    """

    folder: Path
    digest: str
    says: bytes = b"{}"
    effect: float = 1.0

    def of(self, effect: float) -> Rows:
        """The place for rows of the same run with its effects multiplied."""
        return replace(self, effect=effect)

    def begin(self) -> Rows:
        """Say whose rows these are, and remove what a killed run was writing."""
        self.run.begin()
        return self

    @property
    def run(self) -> Run:
        """Whose rows these are."""
        return Run(self.folder.parent, self.digest, self.says)

    def fits(self, sizes: Sequence[int], replicates: range, make: Make) -> list[list[Fits]]:
        """Estimates of some replicates of one block, those not there yet made and kept.

        Parameters
        ----------
        sizes
            Numbers of people.
        replicates
            All of one block.
        make
            Makes those that are lacking; one call serves all sizes that lack the same ones.
        """
        known = {n: self._read(n, replicates.start) for n in sizes}
        for run, lacking in _runs(known, replicates):
            for n, made in zip(lacking, make(lacking, run), strict=True):
                added = _rows(made, run)
                known[n] = np.sort(np.concatenate([known[n], added]), order=KEY)
                self._write(n, replicates.start, known[n])
        return [_fits(known[n], replicates) for n in sizes]

    def at(self, n: int) -> Store:
        """Where rows of studies of n people lie."""
        point = f"n{n:05d}" if self.effect == 1 else f"n{n:05d}-effect{self.effect:g}"
        return Store(self.folder / point, self.digest, BLOCK)

    def _read(self, n: int, replicate: int) -> np.ndarray:
        table = self.at(n).read(replicate)
        if table is None:
            return NOTHING
        found = np.empty(table.num_rows, ROW)
        for name in COLUMNS:
            found[name] = table[name].to_numpy()
        found["status"] = [STATUS.index(one) for one in table["status"].to_pylist()]
        return found

    def _write(self, n: int, replicate: int, rows: np.ndarray) -> None:
        columns = {
            "n": np.full(rows.size, n, np.int32),
            "effect": np.full(rows.size, self.effect),
            **{name: rows[name] for name in COLUMNS},
            "status": np.array(STATUS)[rows["status"]],
        }
        self.at(n).write(replicate, pa.table(columns))


def _runs(known: dict[int, np.ndarray], replicates: range) -> Iterator[tuple[range, list[int]]]:
    """Runs of successive replicates, and the sizes that lack them."""
    lacking: dict[tuple[int, ...], list[int]] = {}
    for n, rows in known.items():
        there = set(rows["replicate"].tolist())
        absent = tuple(one for one in replicates if one not in there)
        lacking.setdefault(absent, []).append(n)
    for absent, sizes in lacking.items():
        if absent:
            numbers = np.array(absent)
            for part in np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1):
                yield range(int(part[0]), int(part[-1]) + 1), sizes


def _rows(fits: Sequence[Fits], replicates: range) -> np.ndarray:
    """Rows of the questions of one number of people."""
    found = np.empty((len(replicates), len(fits)), ROW)
    found["replicate"] = np.array(replicates)[:, None]
    for q, one in enumerate(fits):
        found["question"][:, q] = q + 1
        for name in NUMBERS:
            found[name][:, q] = getattr(one, name)
        found["status"][:, q] = np.where(one.converged, one.singular, STATUS.index("failed"))
    return found.reshape(-1)


def _fits(rows: np.ndarray, replicates: range) -> list[Fits]:
    mine = rows[(rows["replicate"] >= replicates.start) & (rows["replicate"] < replicates.stop)]
    found = []
    for q in range(1, int(mine["question"].max(initial=0)) + 1):
        one = mine[mine["question"] == q]
        numbers = {name: np.ascontiguousarray(one[name]) for name in NUMBERS}
        failed, singular = (one["status"] == STATUS.index(name) for name in ("failed", "singular"))
        found.append(Fits(**numbers, converged=~failed, singular=singular))
    return found
