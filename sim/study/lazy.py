"""What is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

__all__ = ["Lazy"]

T = TypeVar("T")


class Lazy(Mapping[str, T], Generic[T]):
    """A mapping whose values are made on first access, and kept.

    Parameters
    ----------
    makers : Mapping
        By name, what makes a value when called; let go of once it has.
    """

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self._makers: dict[str, Callable[[], T] | None] = dict(makers)
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            make = self._makers[name]
            if make is not None:  # else it was made meanwhile
                self._made[name] = make()
                self._makers[name] = None
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
