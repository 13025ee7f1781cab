"""Sources as a protocol cites them: numbers in brackets, in the order of their first use."""

from __future__ import annotations

import re

from analysis.pages.blocks import Section, section_of
from analysis.pages.render import text
from sim.world.parameters import sources

__all__ = ["References"]

WORD = re.compile(r"\w+")
TWICE = re.compile(r"(\[\d+\])(?:[;,]? \1)+")
"""Figures of one source, cited one after the other."""
FOUNDING_PAPER = "brooks2020"


class References:
    """The sources of one document."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def cite(self, *keys: str) -> str:
        """`[1, 2]` for ids of sources.toml; figures of the founding paper are that paper."""
        numbers = [self._numbers.setdefault(_whole(key), len(self._numbers) + 1) for key in keys]
        return f"[{', '.join(map(str, dict.fromkeys(numbers)))}]"

    def of(self, words: str | None) -> str:
        """Where a number comes from, ready to follow it: ` [1]`, ` (assumed)`.

        Parameters
        ----------
        words
            From `[plan.sources]`; None if nothing is said.
        """
        if words is None:
            return " (no source given)"
        said = self.within(words)
        return f" {said}" if re.fullmatch(r"\[\d+\]([;,]? \[\d+\])*", said) else f" ({said})"

    def within(self, words: str) -> str:
        """The words, with every id of sources.toml replaced by its number."""
        known = sources()
        said = WORD.sub(
            lambda one: self.cite(one.group()) if one.group() in known else one.group(), words
        )
        return TWICE.sub(r"\1", said)

    def section(self) -> Section | None:
        """The list, for the end of the document; None where nothing was cited."""
        if not self._numbers:
            return None
        entries = [(number, sources()[key], _year(key)) for key, number in self._numbers.items()]
        return section_of(text("pages/references.md.j2", {"entries": entries}))


def _whole(key: str) -> str:
    """The source that a figure is of."""
    return FOUNDING_PAPER if sources()[key].status == "founding-paper" else key


def _year(key: str) -> int | None:
    """The year of a source; None where its words have it."""
    one = sources()[key]
    return one.year if one.year and str(one.year) not in one.text else None
