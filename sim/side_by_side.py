"""Work done side by side: on threads, with results in the order of the work."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

__all__ = ["Progress", "side_by_side"]

Item = TypeVar("Item")
Made = TypeVar("Made")


class Progress(Protocol):
    """Told how far work has come; of several stages, one after the other."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """So many of the steps of a stage are done."""


def side_by_side(
    work: Callable[[Item], Made],
    items: Iterable[Item],
    threads: int = 1,
    *,
    progress: Progress | None = None,
    stage: str = "",
    first_alone: bool = False,
) -> Iterator[Made]:
    """What `work` makes of each item, in the order of the items.

    Parameters
    ----------
    work
        Lets other threads run while it computes: compiled code does.
    items
        What to work on.
    threads
        How many at a time; no result depends on it.
    progress, stage
        Told after each item, under the name of the stage.
    first_alone
        Whether the first is done before the others begin: it compiles and solves what all share.
    """
    todo = list(items)
    alone = len(todo) if threads <= 1 else int(first_alone)
    pool = ThreadPoolExecutor(threads) if alone < len(todo) else None
    try:
        for done, item in enumerate(todo[:alone], start=1):
            yield _told(work(item), progress, stage, done, len(todo))
        if pool is not None:
            for done, made in enumerate(pool.map(work, todo[alone:]), start=alone + 1):
                yield _told(made, progress, stage, done, len(todo))
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _told(made: Made, progress: Progress | None, stage: str, done: int, total: int) -> Made:
    if progress is not None:
        progress(stage, done, total)
    return made
