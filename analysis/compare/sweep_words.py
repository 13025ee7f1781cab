"""A sweep in words: where effects pass levels, or how far they go.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.deaths import alike_in_death
from analysis.compare.doses import BEGINS, LASTS
from analysis.compare.looks import begins_in
from analysis.compare.moved import over_from
from analysis.compare.outcomes import UNVISITED
from analysis.compare.sweep import Sweep
from analysis.compare.words import TEMPLATE, outcome_and_week, said, spoken_unit
from analysis.pages.render import lines

__all__ = ["sweep_basis_in_words", "sweep_in_words"]

Row = Mapping[str, Any]
SIGNED = "SD"
"""The unit in which zero is no end: everything else cannot fall by more than there is."""


def sweep_in_words(sweep: Sweep, rows: Sequence[Row], thresholds: Sequence[Row]) -> list[str]:
    """A sentence for each threshold; without any, one for each outcome."""
    over = [one.name for one in sweep.spec.over]
    ends = []
    for name in dict.fromkeys(row["outcome"] for row in rows) if not thresholds else ():
        mine = [row for row in rows if row["outcome"] == name]
        found = [row["difference"] for row in mine]
        ends.append({
            "label": outcome_and_week(mine[0]), "unit": spoken_unit(mine[0]["unit"]),
            "least": said(min(found)), "most": said(max(found)),
        })  # fmt: skip
    facts = {
        "usual": sweep.spec.first.id, "points": len(sweep.spec.points), "ends": ends,
        "has_interval": sweep.lived[0].replicates > 1,
        "thresholds": [_passed(row, over) for row in thresholds],
    }  # fmt: skip
    return lines(TEMPLATE, "sweep", facts)


def sweep_basis_in_words(sweep: Sweep, outcomes: Sequence[str]) -> list[str]:
    """What the figures rest on.

    Parameters
    ----------
    outcomes
        Those of which sentences speak.
    """
    first = sweep.lived[0]
    facts = {
        "replicates": first.replicates, "teams": len(first.spec.places), "seed": first.spec.seed,
        "points": len(sweep.spec.points), "scenario": sweep.spec.other.id,
        "week": first.spec.weeks[-1], "has_interval": first.replicates > 1,
        "is_mortal": any(
            not alike_in_death(one, number)
            for one in sweep.lived for number in range(1, len(one.spec.scenarios))
        ),
        "over": sum(
            len(over_from(one.scenarios, one.weeks[-1] + 1)) for one in sweep.spec.parts
        ),
        "swings": UNVISITED.label if UNVISITED.name in outcomes else "",
        "lasts": LASTS in (one.name for one in sweep.spec.over),
        "part": 0 if BEGINS in (one.name for one in sweep.spec.over) else _part(sweep),
    }  # fmt: skip
    return lines(TEMPLATE, "sweep_basis", facts)


def _part(sweep: Sweep) -> int:
    spec = sweep.spec
    return begins_in([spec.first, spec.other], spec.parts[0].weeks[-1] + 1)[spec.other.id]


def _passed(row: Row, over: Sequence[str]) -> dict[str, Any]:
    ends = {
        end: f"{row[end]:.3g}" if isfinite(row[end]) else None for end in ("dose", "least", "most")
    }
    return {
        "label": outcome_and_week(row), "unit": spoken_unit(row["unit"]),
        "over": row["over"],
        "past": "up by more than" if row["level"] > 0 else "down by more than",
        "level": f"{abs(row['level']):g}", "from_start": row["from_start"], **ends,
        "surely_none": row["surely_none"], "all_there_is": _all_there_is(row),
        "beside": ", ".join(f"{name} {row[name]:g}" for name in over[1:]),
    }  # fmt: skip


def _all_there_is(row: Row) -> str:
    """What the first scenario has, where a fall is asked for that is larger; else empty."""
    if row["unit"] == SIGNED or -row["level"] <= row["usual"]:
        return ""
    return f"{said(row['usual'])} {spoken_unit(row['unit'])}"
