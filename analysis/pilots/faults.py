"""What is wrong with a pilot's tables: all of it at once, each with its file and line."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import InputError

__all__ = ["MOST_FAULTS", "Faults", "shown"]

MOST_FAULTS = 30
"""Faults that are said one by one."""

LONGEST = 30
"""Letters of a cell that a message shows."""


def shown(text: str) -> str:
    """A cell as a message shows it: in quotes, cut short."""
    return repr(text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...")


class Faults:
    """Faults found so far; what is wrong in the same way on many lines is one of them."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, where: str, what: str, lines: Sequence[int] = ()) -> None:
        """Keep a fault.

        Parameters
        ----------
        where
            The file.
        what
            The column, what is wrong with it, and what would be right.
        lines
            On which lines; none if it is of the whole file.
        """
        self._found.setdefault((where, what), []).extend(int(one) for one in lines)

    def join(self, other: Faults) -> None:
        """Take over what another has found."""
        for (where, what), lines in other._found.items():
            self.add(where, what, lines)

    def check(self) -> None:
        """Raise an `InputError` that lists what was found, if anything was."""
        if not self._found:
            return
        said = [_said(where, what, lines) for (where, what), lines in self._found.items()]
        if len(said) == 1:
            raise InputError(said[0])
        more = len(said) - MOST_FAULTS
        rest = [f"and {more} more"] if more > 0 else []
        listed = "\n".join(f"  {one}" for one in [*said[:MOST_FAULTS], *rest])
        raise InputError(f"{len(said)} things to put right:\n{listed}")


def _said(where: str, what: str, lines: list[int]) -> str:
    if not lines:
        return f"{where}: {what}"
    more = len(set(lines)) - 1
    others = f" (and {more} more line{'s' if more > 1 else ''})" if more else ""
    return f"{where}, line {min(lines)}{others}: {what}"
