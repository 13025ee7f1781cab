"""One way of doing long work: in chunks, side by side, each kept when it is done.

A job is a frozen *spec*, which says all that its chunks depend on, and a function of a module,
``run_chunk(spec, chunk)``, which makes the rows of one chunk: a table with columns of its own and
at least one row. Nothing else goes in and nothing else comes out, so a chunk may be run on a
thread, in another process, or be read where a run before has left it; results are made of rows
alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa

from analysis.runs.store import Store
from sim.side_by_side import Progress, side_by_side, silent

__all__ = ["ChunkRows", "Driver", "RunChunk", "kept_map", "on_threads", "read_or_made"]

Spec = TypeVar("Spec")
Chunk = TypeVar("Chunk")
Label = TypeVar("Label", bound=int | str)
Item = TypeVar("Item")
Made = TypeVar("Made")

ChunkRows: TypeAlias = Mapping[str, "np.ndarray | pa.Array"]
"""Rows of a chunk: values by column, as many in each."""
RunChunk: TypeAlias = Callable[[Spec, Chunk], ChunkRows]
"""Makes the rows of a chunk; at the top of a module, so that another process finds it."""


class Driver(Protocol):
    """Does work on many items: on threads, or in processes."""

    def __call__(self, work: Callable[[Item], Made], items: Sequence[Item], /) -> Iterator[Made]:
        """What the work makes of each item, in their order, as soon as it is there."""


def on_threads(threads: int, *, first_alone: bool = False) -> Driver:
    """So many at a time; see `sim.side_by_side.side_by_side`."""
    return partial(side_by_side, threads=threads, first_alone=first_alone)


def kept_map(
    run_chunk: RunChunk[Spec, Chunk],
    spec: Spec,
    chunks: Sequence[Chunk],
    *,
    store: Store | None = None,
    driver: Driver = side_by_side,
    progress: Progress | None = None,
    stage: str = "",
) -> Iterator[pa.Table]:
    """The rows of each chunk, in order: those that are kept are read, the others made and kept.

    Parameters
    ----------
    run_chunk, spec
        The job. Both can be pickled.
    chunks
        Numbers, or what JSON can say to the bit; the same chunk twice is run once. Numbers share a
        file with their block, others have one of their own.
    store
        Where rows are kept, of this spec alone; None keeps nothing.
    driver
        Runs what is lacking.
    progress, stage
        Told after each chunk, read or run.

    Raises
    ------
    sim.errors.RunError, sim.errors.ResumeError
        A file that cannot be read or written; one of another run.
    """
    labels = [_label(chunk) for chunk in chunks]
    of = dict(zip(labels, chunks, strict=True))
    work, say = partial(_table, run_chunk, spec), progress or silent

    def make(lacking: Sequence[int | str]) -> Iterator[pa.Table]:
        return driver(work, [of[label] for label in lacking])

    for done, table in enumerate(read_or_made(labels, make, store), start=1):
        say(stage, done, len(labels))
        yield table


def read_or_made(
    labels: Sequence[Label],
    make: Callable[[Sequence[Label]], Iterator[pa.Table]],
    store: Store | None,
    name: str = "chunk",
) -> Iterator[pa.Table]:
    """The table of each label, in order: read, or made and written with its file.

    What a file holds in the end follows from what was asked alone, not from interruptions: it is
    written when the last of its tables that are lacking is there, sorted by label.

    Parameters
    ----------
    labels
        Of tables, one for each.
    make
        Makes those that are lacking, in order.
    store
        None keeps nothing.
    name
        The column of labels.
    """
    known = {} if store is None else _read(store, labels, name)
    lacking = [label for label in dict.fromkeys(labels) if label not in known]
    last = {} if store is None else {store.file(label): label for label in lacking}
    made = make(lacking)
    for label in labels:
        if label not in known:
            known[label] = next(made)
            if store is not None and last[store.file(label)] == label:
                _write(store, label, known, name)
        yield known[label]


def _read(store: Store, labels: Sequence[Label], name: str) -> dict[Label, pa.Table]:
    """Tables in the files of some labels."""
    known: dict[Label, pa.Table] = {}
    for label in {store.file(label): label for label in labels}.values():
        table = store.read(label)
        if table is not None:
            there = table[name].combine_chunks().dictionary_encode()
            at = there.indices.to_numpy()
            edges = [*np.flatnonzero(np.diff(at, prepend=-1)).tolist(), at.size]
            rows = table.drop_columns(["synthetic", name])
            for begin, end in pairwise(edges):
                known[there[begin].as_py()] = rows.slice(begin, end - begin)
    return known


def _write(store: Store, label: Label, known: Mapping[Label, pa.Table], name: str) -> None:
    """Write the file of a label with all that is known of it."""
    parts = []
    for one in sorted(one for one in known if store.file(one) == store.file(label)):
        table = _as_made(known[one])
        parts.append(table.add_column(0, name, pa.array([one] * table.num_rows)))
    store.write(label, pa.concat_tables(parts).combine_chunks())


def _as_made(table: pa.Table) -> pa.Table:
    """The table with list columns as they are before Parquet has renamed their items."""
    fields = [
        (one.name, pa.list_(one.type.value_type) if pa.types.is_list(one.type) else one.type)
        for one in table.schema
    ]
    return table.cast(pa.schema(fields))


def _table(run_chunk: RunChunk[Spec, Chunk], spec: Spec, chunk: Chunk) -> pa.Table:
    table = pa.table(dict(run_chunk(spec, chunk)))
    if not table.num_rows:
        raise ValueError(f"chunk {chunk} has no row")
    return table


def _label(chunk: Any) -> int | str:
    """What a chunk is kept under: its number, or a digest of what it says."""
    if isinstance(chunk, int):
        return chunk
    return hashlib.sha256(json.dumps(chunk).encode()).hexdigest()[:16]
