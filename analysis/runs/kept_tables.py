"""Several tables of each replicate, kept in one data set: a folder of Parquet files for each table.

As in `analysis.runs.chunks` there is no index beside what is kept. A record, itself a table, says
of each replicate how many rows each table has of it and their digest; its file is written after
those that it speaks of, so what it names is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.runs.chunks import Driver
from analysis.runs.run import Run
from analysis.runs.store import Store
from sim.data.codebook import SYNTHETIC
from sim.data.tables import digest
from sim.side_by_side import Progress, silent

__all__ = ["RECORD", "REPLICATE", "KeptTables", "keep_tables"]

REPLICATE = "replicate"
"""The column that says of which replicate a row is."""
RECORD = "replicates"
"""Name of the record among the tables."""


@dataclass(frozen=True)
class KeptTables:
    """Where the tables of replicates lie.

    Attributes
    ----------
    record : Store
        Of rows ``replicate``, ``table``, ``rows``, ``digest``.
    stores : mapping of str to Store
        By name of the table, in the same blocks as the record.
    """

    record: Store
    stores: Mapping[str, Store]

    @classmethod
    def of(cls, run: Run, names: Sequence[str], block: int) -> KeptTables:
        """Places for some tables of a run, so many replicates to a file."""
        return cls(
            run.store(RECORD, block=block), {name: run.store(name, block=block) for name in names}
        )

    def count(self) -> int:
        """How many replicates are there: one more than the last."""
        last = max(self.record.folder.glob("from-*.parquet"), default=None)
        if last is None:
            return 0
        found = self.record.read(int(last.stem.removeprefix("from-")))
        return 0 if found is None else int(pc.max(found[REPLICATE]).as_py()) + 1

    def known(self, first: int) -> list[int]:
        """The replicates of a block that are there; none where a table is not as the record says.

        Raises
        ------
        sim.errors.RunError, sim.errors.ResumeError
            A file that cannot be read, or is of another run.
        """
        record = self.record.read(first)
        if record is None:
            return []
        for name, store in self.stores.items():
            table = store.read(first)
            rows = pc.sum(record["rows"].filter(pc.equal(record["table"], name))).as_py()
            if table is None or table.num_rows != rows:
                return []
        return sorted(set(record[REPLICATE].to_pylist()))

    def add(self, first: int, made: Mapping[int, Mapping[str, pa.Table]], *, anew: bool) -> None:
        """Write a block: what is there, unless it is made anew, and the tables of more replicates.

        Raises
        ------
        sim.errors.RunError, sim.errors.ResumeError
            A file that cannot be read or written; one of another run.
        """
        for name, store in self.stores.items():
            tables = [_told(one[name], replicate) for replicate, one in made.items()]
            _append(store, first, tables, anew=anew)
        lines = [
            (replicate, name, one[name].num_rows, digest(one[name]))
            for replicate, one in made.items()
            for name in self.stores
        ]
        _append(self.record, first, [_record(lines)], anew=anew)


def keep_tables(
    work: Callable[[int], Mapping[str, pa.Table]],
    replicates: int,
    kept: KeptTables,
    *,
    driver: Driver,
    progress: Progress | None = None,
    stage: str = "",
) -> None:
    """Make the tables of replicates that are lacking; they are kept when their block is done.

    What the files hold in the end follows from what was asked alone, not from interruptions.

    Parameters
    ----------
    work
        Makes the tables of a replicate, at least those that are kept.
    replicates
        How many, from 0.
    kept
        From `KeptTables.of`.
    driver
        Runs what is lacking.
    progress, stage
        Told after each replicate that is made.

    Raises
    ------
    sim.errors.RunError, sim.errors.ResumeError
        A file that cannot be read or written; one of another run.
    """
    say, size = progress or silent, kept.record.block
    lacking: dict[int, range] = {}
    for first in range(0, replicates, size):
        known = len(kept.known(first))  # the first ones of the block
        lacking[first] = range(first + known, min(first + size, replicates))
    done = replicates - sum(map(len, lacking.values()))
    made = driver(work, [one for absent in lacking.values() for one in absent])
    for first, absent in lacking.items():
        new: dict[int, Mapping[str, pa.Table]] = {}
        for replicate in absent:
            new[replicate] = next(made)
            done += 1
            say(stage, done, replicates)
        if new:
            kept.add(first, new, anew=absent.start == first)


def _told(table: pa.Table, replicate: int) -> pa.Table:
    """The table with the replicate in front; the store marks it as synthetic."""
    number = pa.array(np.full(table.num_rows, replicate, np.int32))
    if SYNTHETIC in table.column_names:
        table = table.drop_columns([SYNTHETIC])
    return table.add_column(0, REPLICATE, number)


def _append(store: Store, first: int, tables: Sequence[pa.Table], *, anew: bool) -> None:
    """Write a block of one table, behind what is there of it."""
    there = None if anew else store.read(first)
    if there is not None:
        tables = [there.drop_columns([SYNTHETIC]), *tables]
    store.write(first, pa.concat_tables(tables).combine_chunks())


def _record(lines: Sequence[tuple[int, str, int, str]]) -> pa.Table:
    replicate, name, rows, digests = zip(*lines, strict=True)
    return pa.table(
        {
            REPLICATE: np.array(replicate, np.int32),
            "table": pa.array(name),
            "rows": np.array(rows, np.int32),
            "digest": pa.array(digests),
        }
    )
