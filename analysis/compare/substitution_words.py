"""What becomes of help, in words; the words are in `words.md.j2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.substitution import BY_NOBODY
from analysis.compare.words import (
    EVERYONE,
    TEMPLATE,
    is_clear,
    said,
    said_ends,
    signed,
    sizes_of_ends,
)
from analysis.pages.render import lines

__all__ = ["help_in_words", "substitution_in_words"]

CLOSE = ("partner", "kin")
Row = Mapping[str, Any]


def help_in_words(rows: Sequence[Row]) -> str:
    """Who gives less help and who more, and unmet need beside it; empty where none is clearly lost.

    Parameters
    ----------
    rows
        Of one scenario, of `tables.substitution_rows`.
    """
    head = rows[0]
    if not head["lost_hi"] < 0:
        return ""
    close = [_changed(row["source"], row, "gain") for row in rows if row["source"] in CLOSE]
    facts = {
        "given": [_changed("professionals", head, "lost"), *close],
        "unmet": _changed("unmet need", head, "unmet"),
        "alive": head["of"] != EVERYONE, "week": head["week"],
    }  # fmt: skip
    return lines(TEMPLATE, "help", facts)[0]


def substitution_in_words(rows: Sequence[Row]) -> list[str]:
    """What every source gives more or less, and shares where they are told; a line a scenario."""
    replaced = []
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        mine = [row for row in rows if row["scenario"] == scenario]
        head = mine[0]
        replaced.append({
            "scenario": scenario, "alive": head["of"] != EVERYONE, "week": head["week"],
            "given": [f"professionals {_signed(head, 'lost')}"] + [
                f"{row['source']} {_signed(row, 'gain')}"
                for row in mine if row["source"] != BY_NOBODY
            ],
            "unmet": _signed(head, "unmet"), "told": head["told"],
            "shares": [
                f"{_share(row)} from {row['source']}"
                for row in mine if isfinite(row["share"])
            ],
        })  # fmt: skip
    return lines(TEMPLATE, "substitution", {"replaced": replaced})


def _changed(what: str, row: Row, name: str) -> str:
    """A change with its interval, in words for its sign."""
    if not is_clear(row, name):
        return f"{what} no clear change ({said_ends(row, name)})"
    low, high = map(said, sizes_of_ends(row, name))
    way = "more" if row[name] > 0 else "less"
    return f"{what} {said(abs(row[name]))} {way} ({low} to {high})"


def _signed(row: Row, name: str) -> str:
    """A change with its sign and interval."""
    ends = said_ends(row, name)
    return f"{signed(row[name])}{f' ({ends})' if ends else ''}"


def _share(row: Row) -> str:
    """A share in whole %, never -0."""
    value, low, high = (100 * row[f"share{end}"] for end in ("", "_lo", "_hi"))
    ends = f" ({round(low)} to {round(high)})" if isfinite(low) else ""
    return f"{round(value)} %{ends}"
