"""Work done side by side: on threads, with results in the order of the work."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Protocol, TypeVar

__all__ = ["Progress", "side_by_side", "silent"]

Item = TypeVar("Item")
Made = TypeVar("Made")


class Progress(Protocol):
    """Told how far work has come; of several stages, one after the other."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """So many of the steps of a stage are done."""


def silent(stage: str, done: int, total: int, /) -> None:
    """Tell nobody."""


def side_by_side(
    work: Callable[[Item], Made],
    items: Iterable[Item],
    threads: int = 1,
    *,
    progress: Progress | None = None,
    stage: str = "",
    first_alone: bool = False,
    ahead: int | None = None,
) -> Iterator[Made]:
    """What `work` makes of each item, in the order of the items.

    What has not begun is given up when the work is interrupted, or one item fails.

    Parameters
    ----------
    work
        Lets other threads run while it computes: compiled code does.
    items
        What to work on.
    threads
        How many at a time; no result depends on it.
    progress, stage
        Told after each item, under the name of the stage, by the thread that takes the results.
    first_alone
        Whether the first is done before the others begin: it compiles and solves what all share.
    ahead
        Most items begun whose results are not taken yet, which bounds memory; all by default.
    """
    todo = list(items)
    alone = len(todo) if threads <= 1 else int(first_alone)
    made = _made(work, todo, alone, threads, len(todo) if ahead is None else ahead)
    for done, one in enumerate(made, start=1):
        if progress is not None:
            progress(stage, done, len(todo))
        yield one


def _made(
    work: Callable[[Item], Made], todo: list[Item], alone: int, threads: int, ahead: int
) -> Iterator[Made]:
    yield from map(work, todo[:alone])
    if alone >= len(todo):
        return
    pool = ThreadPoolExecutor(threads)
    try:
        coming = (pool.submit(work, item) for item in todo[alone:])
        begun = deque(islice(coming, ahead))
        while begun:
            one = begun.popleft().result()
            begun.extend(islice(coming, 1))
            yield one
    finally:
        pool.shutdown(cancel_futures=True)
