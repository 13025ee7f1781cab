"""What an analysis gave for one study, as rows: one for each term, whatever happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from analysis.stress.workers.hand import Reply

__all__ = [
    "MOST_EXTRA", "OFFERED", "USABLE", "Row", "columns_of", "not_cleaned", "rows_of_reply",
]  # fmt: skip

NEEDED, OFFERED = ("estimate", "lo", "hi"), ("estimate", "se", "lo", "hi", "p")
"""Numbers that must be given, and those that may: p and se can be left out of all rows."""
USABLE = "usable"
MOST_EXTRA = 8
NAN = math.nan
MISSING = {"", "na", "nan", "none", "null", "."}


class Row(NamedTuple):
    """One term of one study.

    Attributes
    ----------
    term : str
    estimate, se, lo, hi, p : float
        NaN where there is none.
    status : str
        `USABLE`; "not finite", "missing term", "extra term", "malformed"; or how the code ended
        without an answer.
    warned : bool
        Whether the code warned about this study.
    log : str
        What there is to say: of a usable row, its warnings.
    """

    term: str
    estimate: float
    se: float
    lo: float
    hi: float
    p: float
    status: str
    warned: bool
    log: str


def rows_of_reply(reply: Reply, terms: Sequence[str]) -> list[Row]:
    """A row for each term that was asked for, and for each that was not but came.

    Parameters
    ----------
    reply
        Of the user's process.
    terms
        Those declared.
    """
    warned, heard = bool(reply.warnings), "\n".join(reply.warnings)[:2000]
    if reply.ended != "answered":
        return [_without(term, reply.ended, warned, reply.log) for term in terms]
    given: dict[str, list[dict[str, Any]]] = {}
    for one in reply.rows:
        name = str(one.get("term", terms[0] if len(terms) == 1 else "")).strip()
        given.setdefault(name, []).append(one)
    found = []
    for term in terms:
        mine = given.pop(term, [])
        if len(mine) == 1:
            found.append(_judged(term, mine[0], warned, heard))
        elif mine:
            found.append(_without(term, "malformed", warned, f"{len(mine)} rows of this term"))
        else:
            came = ", ".join(list(given)[:MOST_EXTRA]) or "nothing"
            found.append(_without(term, "missing term", warned, f"came: {came}"))
    for name in list(given)[:MOST_EXTRA]:
        found.append(_without(name[:60], "extra term", warned, "was not asked for"))
    return found


def not_cleaned(name: str, said: str) -> Row:
    """The row of a cleaned table that cannot be used, and why."""
    return _without(f"cleaned {name}", "malformed", warned=False, log=said)


def columns_of(rows: Sequence[Row]) -> dict[str, pa.Array]:
    """The columns of a table of rows."""
    return {name: pa.array([row[k] for row in rows]) for k, name in enumerate(Row._fields)}


def _judged(term: str, one: dict[str, Any], warned: bool, heard: str) -> Row:
    lacking = [name for name in NEEDED if name not in one]
    if lacking:
        return _without(term, "malformed", warned, f"gives no {', '.join(lacking)}")
    numbers = {}
    for name in OFFERED:
        try:
            numbers[name] = _number(one[name]) if name in one else NAN
        except ValueError:
            said = f"{name} is {str(one[name])[:40]!r}, which is no number"
            return _without(term, "malformed", warned, said)
    of_user = str(one.get("warning") or "").strip()
    warned, heard = warned or bool(of_user), "\n".join(filter(None, (of_user[:200], heard)))
    odd = [name for name in OFFERED if name in one and not math.isfinite(numbers[name])]
    status, log = USABLE, heard
    if odd:
        said = ", ".join(f"{name} is {numbers[name]}" for name in odd)
        status, log = "not finite", "\n".join(filter(None, (said, heard)))
    elif wrong := _wrong(numbers):
        status, log = "malformed", wrong
    return Row(term, **numbers, status=status, warned=warned, log=log)


def _wrong(numbers: dict[str, float]) -> str:
    """What cannot be true of finite numbers; empty if nothing."""
    if numbers["lo"] > numbers["hi"]:
        return f"lo is {numbers['lo']:g}, above hi, {numbers['hi']:g}"
    if numbers["se"] < 0:
        return f"se is {numbers['se']:g}, below 0"
    if numbers["p"] < 0 or numbers["p"] > 1:
        return f"p is {numbers['p']:g}, not from 0 to 1"
    return ""


def _number(value: Any) -> float:
    if value is None or (isinstance(value, str) and value.strip().lower() in MISSING):
        return NAN
    if isinstance(value, bool):
        raise ValueError
    return float(value)


def _without(term: str, status: str, warned: bool, log: str) -> Row:
    return Row(term, NAN, NAN, NAN, NAN, NAN, status, warned, log)
