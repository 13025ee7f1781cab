"""Worlds that have been lived, kept on disk, so that a run taken up again need not live them again.

Of a world only what the questions ask is kept: of a study the people with their outcomes and the
ties of their first maps, of a pair of worlds for the truth the sums of the census. A block of
replicates is written when the last of those asked for has been lived; what its file holds follows
from what was asked alone, not from threads or interruptions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from analysis.runs.chunks import read_or_made
from analysis.runs.store import Store
from analysis.worlds.interviews import Interviews, MappedTies

__all__ = ["WORLDS_A_FILE", "KeptStudies", "KeptTruths", "KeptWorlds"]

WORLDS_A_FILE = 20
"""Replicates of a file; a killed run lives at most so many again."""

PEOPLE = ("arm", "cluster", "place")
Sums = list[np.ndarray]
Made = TypeVar("Made")
Columns = dict[str, np.ndarray | pa.Array]


@dataclass(frozen=True)
class _Kept(ABC, Generic[Made]):
    """What worlds of one kind left behind."""

    store: Store

    def or_lived(
        self, replicates: Sequence[int], live: Callable[[Sequence[int]], Iterator[Made]]
    ) -> Iterator[Made]:
        """What each replicate left: read, or lived by `live`, in order, and written.

        Raises
        ------
        sim.errors.RunError, sim.errors.ResumeError
            A file that cannot be read or written; one of another run.
        """

        def make(lacking: Sequence[int]) -> Iterator[pa.Table]:
            return (pa.table(self._columns(one)) for one in live(lacking))

        return map(self._back, read_or_made(replicates, make, self.store, "replicate"))

    @abstractmethod
    def _columns(self, made: Made) -> Columns:
        """Rows of one replicate."""

    @abstractmethod
    def _back(self, table: pa.Table) -> Made:
        """What those rows were made of, to the bit."""


class KeptStudies(_Kept[Interviews]):
    """Studies: a row for each person, waves as columns, ties as lists."""

    def _columns(self, made: Interviews) -> Columns:
        columns: Columns = {name: getattr(made, name) for name in PEOPLE}
        columns |= _by_wave("attended", made.attended) | _by_wave("alive", made.alive)
        for name, values in made.values.items():
            columns |= _by_wave(f"value_{name}", values)
        if made.ties is not None:
            there = made.ties.of_class >= 0
            ends = np.concatenate([[0], there.sum(axis=1).cumsum()]).astype(np.int32)
            columns["tie_class"] = pa.ListArray.from_arrays(ends, made.ties.of_class[there])
            for wave, lost in enumerate(np.moveaxis(made.ties.lost, 2, 0)):
                columns[f"tie_lost_w{wave}"] = pa.ListArray.from_arrays(ends, lost[there])
            columns |= _by_wave("episode", made.ties.episode)
        return columns

    def _back(self, table: pa.Table) -> Interviews:
        names = [name.removesuffix("_w0") for name in table.column_names if name.endswith("_w0")]
        values = {
            name.removeprefix("value_"): _waves(table, name)
            for name in names
            if name.startswith("value_")
        }
        arm, cluster, place = (table[name].to_numpy() for name in PEOPLE)
        ties = _ties(table) if "tie_class" in table.column_names else None
        attended, alive = (_waves(table, name) for name in ("attended", "alive"))
        return Interviews(values, ties, arm, cluster, attended, alive, place)


class KeptTruths(_Kept[Sums]):
    """Sums of the census: rows by question and mean."""

    def _columns(self, made: Sums) -> Columns:
        sums = np.concatenate(made)
        question = np.repeat(np.arange(1, len(made) + 1), [len(one) for one in made])
        return {"question": question, "total": sums[:, 0], "number": sums[:, 1]}

    def _back(self, table: pa.Table) -> Sums:
        question = table["question"].to_numpy()
        sums = np.stack([table[name].to_numpy() for name in ("total", "number")], axis=1)
        return [sums[question == q] for q in range(1, int(question.max()) + 1)]


@dataclass(frozen=True)
class KeptWorlds:
    """A place for the worlds of one run.

    Attributes
    ----------
    folder : pathlib.Path
    digest : str
        Of what the worlds depend on: `analysis.runs.rows.Rows.digest`.
    """

    folder: Path
    digest: str

    @property
    def studies(self) -> KeptStudies:
        """Of studies."""
        return KeptStudies(Store(self.folder / "studies", self.digest, WORLDS_A_FILE))

    @property
    def truths(self) -> KeptTruths:
        """Of what is true."""
        return KeptTruths(Store(self.folder / "truths", self.digest, WORLDS_A_FILE))


def _by_wave(name: str, array: np.ndarray) -> Columns:
    return {f"{name}_w{k}": np.ascontiguousarray(array[:, k]) for k in range(array.shape[1])}


def _waves(table: pa.Table, name: str) -> np.ndarray:
    columns = [one for one in table.column_names if one.rpartition("_w")[0] == name]
    return np.stack([table[one].to_numpy() for one in columns], axis=1)


def _ties(table: pa.Table) -> MappedTies:
    """Ties as they were: each person's first ones, then none."""
    waves = [name for name in table.column_names if name.startswith("tie_lost_w")]
    of_class = table["tie_class"].combine_chunks()
    counts = of_class.value_lengths().to_numpy()
    there = np.arange(max(int(counts.max(initial=0)), 1)) < counts[:, None]
    classes = np.full(there.shape, -1, np.int8)
    classes[there] = of_class.flatten().to_numpy()
    lost = np.full((*there.shape, len(waves)), np.nan, np.float32)
    for wave, name in enumerate(waves):
        lost[there, wave] = table[name].combine_chunks().flatten().to_numpy()
    return MappedTies(classes, lost, _waves(table, "episode"))
