"""Saturation in words: codes, rules, numbers of people, and a sentence for COREQ.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.pages.render import lines
from analysis.saturation.code_table import Pair, WaveRow
from analysis.saturation.coreq import coreq
from analysis.saturation.result import SaturationResult

__all__ = ["saturation_in_words"]

PARTS = ("numbers", "codes", "absence", "pairs", "rules", "report", "notes", "last")
"""In the order in which they are said, those that have something to say."""

TOGETHER = 5
TELLING, MATTERS = 2.5, 0.05
"""A difference is shown from so many of its Monte Carlo errors, and this share of a code, on."""


def saturation_in_words(result: SaturationResult) -> str:
    """The whole of it."""
    facts = {
        "result": result,
        "likeliest_first": sorted(result.codes, key=lambda one: -one.per_person.value),
        "widest": max(len(one.code.name) for one in result.codes),
        "absent": _absent(result),
        "together": _together(result),
        "coreq": coreq(result),
    }
    filters = {"signed": lambda gap: f"{gap:+.3f}"}
    opening, *parts = (
        lines("saturation/words.md.j2", one, facts, filters) for one in ("opening", *PARTS)
    )
    said = [[result.study.title, *opening], *parts]
    return "\n\n".join("\n".join(one) for one in said if one)


def _absent(result: SaturationResult) -> Sequence[WaveRow]:
    """Codes rarer among those interviewed than among all enrolled, then those more frequent."""
    last = result.study.waves.weeks[-1]
    rows = [
        one
        for one in result.by_wave
        if one.week == last > 0
        and abs(one.difference.value) > TELLING * one.difference.mcse
        and abs(one.difference.value) > MATTERS * one.among_all.value
    ]
    return sorted(rows, key=lambda one: one.difference.value / max(one.among_all.value, 1e-9))


def _together(result: SaturationResult) -> Sequence[Pair]:
    """The pairs of codes that go together most; stated codes are independent."""
    close = [one for one in result.pairs if one.phi != 0]
    return close[:TOGETHER] if result.simulated else []
