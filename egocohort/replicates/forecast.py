"""What many studies will take, said before the work begins: measured on the first two of them."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa

from analysis.runs.chunks import Driver
from egocohort.replicates.request import AHEAD
from sim.data.serialise import parquet_bytes
from sim.errors import counted
from sim.side_by_side import side_by_side

__all__ = ["Forecast", "Tell", "forecasting", "needs_of_folders", "needs_of_tables"]

ALONE = 2
COPIES = 3
"""Of a block's tables in memory while its files are written: as made, joined, as bytes."""


class Forecast(NamedTuple):
    """What is to come.

    Attributes
    ----------
    replicates : int
        Yet to be made.
    seconds : float
    memory : int or None
        Bytes of the program at the most; None where the system does not tell.
    disk : int
        Bytes of the files.
    free : int
        Bytes free on the disk.
    """

    replicates: int
    seconds: float
    memory: int | None
    disk: int
    free: int

    def __str__(self) -> str:
        long = self.seconds >= 100
        time_taken = f"{self.seconds / 60:.1f} min" if long else f"{self.seconds:.0f} s"
        memory = "" if self.memory is None else f", {_size(self.memory)} of memory"
        return (
            f"{counted(self.replicates, 'replicate')}: about {time_taken}{memory}, "
            f"{_size(self.disk)} on disk ({_size(self.free)} free)"
        )


Tell = Callable[[Forecast], None]
Item = TypeVar("Item")
Made = TypeVar("Made")
Needs = Callable[[Any, Any, int], tuple[int, int]]
"""From two results and the number of all: bytes on disk of all, and in memory beside the work."""


def forecasting(threads: int, folder: Path, tell: Tell | None, needs: Needs) -> Driver:
    """Side by side, after two alone, which say what the others will take.

    Parameters
    ----------
    threads
        How many at a time.
    folder
        Where the results will lie.
    tell
        Told the forecast, if there are more than two.
    needs
        What they need of memory and disk.
    """

    def driver(work: Callable[[Item], Made], items: Sequence[Item], /) -> Iterator[Made]:
        alone = 0
        if tell is not None and len(items) > ALONE:
            first = work(items[0])  # compiles, and solves what all share
            began = time.perf_counter()
            second = work(items[1])
            disk, memory = needs(first, second, len(items))
            seconds = (time.perf_counter() - began) * (len(items) - ALONE) / threads
            free = shutil.disk_usage(_there(folder)).free
            tell(Forecast(len(items), seconds, _memory(memory), disk, free))
            yield first
            yield second
            alone = ALONE
        yield from side_by_side(
            work, items[alone:], threads, first_alone=not alone, ahead=AHEAD * threads
        )

    return driver


def needs_of_tables(
    block: int,
    threads: int,
    one: Mapping[str, pa.Table],
    other: Mapping[str, pa.Table],
    number: int,
) -> tuple[int, int]:
    """What tables need in files of so many replicates; the others as `Needs` says."""
    alone = sum(len(parquet_bytes(table)) for table in one.values())
    both = sum(len(parquet_bytes(pa.concat_tables([one[n], other[n]]))) for n in one)
    a_file, each = max(2 * alone - both, 0), both - alone
    held = sum(table.nbytes for table in other.values())
    return a_file * -(-number // block) + each * number, held * (COPIES * block + AHEAD * threads)


def needs_of_folders(threads: int, one: Path, other: Path, number: int) -> tuple[int, int]:
    """What folders need, each made in memory before it is written; as `Needs` says."""
    sizes = [
        sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        for folder in (one, other)
    ]
    return sum(sizes) * number // ALONE, max(sizes) * COPIES * threads


def _memory(more: int) -> int | None:
    """The most that the program has had so far, and more."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (most if sys.platform == "darwin" else most * 1024) + more


def _there(folder: Path) -> Path:
    """The innermost folder of a path that is there already."""
    return next(one for one in (folder, *folder.absolute().parents) if one.exists())


def _size(number: int) -> str:
    """Bytes as people say them."""
    if number < 10**9:
        return f"{max(round(number / 1e6), 1):,} MB"
    return f"{number / 1e9:,.1f} GB"
