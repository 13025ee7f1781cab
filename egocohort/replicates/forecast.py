"""What many studies will take, said before the work begins: measured on the first two of them."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from analysis.runs.chunks import Driver
from egocohort.replicates.request import AHEAD
from sim.data.serialise import parquet_bytes
from sim.errors import counted
from sim.side_by_side import side_by_side

__all__ = ["Forecast", "Tell", "forecasting"]

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
Work = Callable[[int], Mapping[str, pa.Table]]


def forecasting(threads: int, block: int, folder: Path, tell: Tell | None) -> Driver:
    """Side by side, after two alone, which say what the others will take.

    Parameters
    ----------
    threads
        How many at a time.
    block
        Replicates to a file.
    folder
        Where they will lie.
    tell
        Told the forecast, if there are more than two.
    """

    def driver(work: Work, items: Sequence[int], /) -> Iterator[Mapping[str, pa.Table]]:
        alone = 0
        if tell is not None and len(items) > AHEAD:
            first = work(items[0])  # compiles, and solves what all share
            began = time.perf_counter()
            second = work(items[1])
            a_file, each = _sizes(first, second)
            each_takes = (time.perf_counter() - began) / threads
            held = sum(table.nbytes for table in second.values())
            waiting = COPIES * block + AHEAD * threads
            files = -(-len(items) // block)
            tell(
                Forecast(
                    len(items),
                    each_takes * (len(items) - 2),
                    _memory(held * waiting),
                    a_file * files + each * len(items),
                    shutil.disk_usage(_there(folder)).free,
                )
            )
            yield first
            yield second
            alone = 2
        yield from side_by_side(
            work, items[alone:], threads, first_alone=not alone, ahead=AHEAD * threads
        )

    return driver


def _sizes(one: Mapping[str, pa.Table], other: Mapping[str, pa.Table]) -> tuple[int, int]:
    """Bytes of the files of a block without any row, and what each replicate adds to them."""
    alone = sum(len(parquet_bytes(table)) for table in one.values())
    both = sum(len(parquet_bytes(pa.concat_tables([one[n], other[n]]))) for n in one)
    return max(2 * alone - both, 0), both - alone


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
