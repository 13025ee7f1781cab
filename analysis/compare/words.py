"""A comparison in words: how numbers and people are said, and what is told of deaths and of few.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.deaths import alike_in_death
from analysis.compare.drawn import Assumed
from analysis.compare.looks import fork_week
from analysis.compare.outcomes import DIED, LIFE_OUTCOMES, outcome_at
from analysis.compare.person import PersonLives
from analysis.compare.shown import unit_of_change
from analysis.compare.tables import WHO, difference_rows
from analysis.pages.render import lines

__all__ = [
    "assumed_in_words", "deaths_in_words", "died_rows", "individuals_in_words", "is_clear",
    "outcome_and_week", "person_in_words", "said", "said_ends", "said_percent", "signed",
    "sizes_of_ends", "spoken_of", "spoken_unit", "whose",
]  # fmt: skip

TEMPLATE = "compare/words.md.j2"
HEADLINE = ("kept", "crises", "hospital_days", "wellbeing")
SPOKEN_OF = 4
EVERYONE = WHO[EVERYBODY]
SCALE_IN_WORDS = "on a scale from 0 to 1"
Row = Mapping[str, Any]


def said(value: float) -> str:
    """A number to about three figures; nothing smaller than a hundredth of a thousandth."""
    size = abs(value)
    for least, digits in ((99.5, 0), (9.95, 1), (0.995, 2), (0.0995, 3), (0.00995, 4)):
        if size >= least:
            return f"{value:.{digits}f}"
    return f"{value:.5f}" if size >= 5e-6 else "0"


def said_ends(row: Row, name: str) -> str:
    """The interval of a figure in a row; empty where there is none."""
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    return f"{said(low)} to {said(high)}" if isfinite(low) else ""


def signed(value: float) -> str:
    """A figure with its sign."""
    return f"+{said(value)}" if value > 0 and said(value) != "0" else said(value)


def is_clear(row: Row, name: str) -> bool:
    """Whether the 95 % interval of a figure leaves zero out; False without an interval."""
    return bool(row[f"{name}_lo"] > 0 or row[f"{name}_hi"] < 0)


def sizes_of_ends(row: Row, name: str) -> list[float]:
    """How far the ends of a 95 % interval are from zero, the nearer first."""
    return sorted(abs(row[f"{name}_{end}"]) for end in ("lo", "hi"))


def said_percent(value: float) -> str:
    """The size of a change in %, whole from ten on."""
    return f"{abs(value):.0f} %" if abs(value) >= 9.5 else f"{abs(value):.2g} %"


def spoken_unit(unit: str) -> str:
    """The unit of a difference as a sentence has it."""
    return SCALE_IN_WORDS if unit == "0-1" else unit_of_change(unit)


def outcome_and_week(row: Row) -> str:
    """What an outcome is called; of a level, which is not of all weeks, with the one it is of."""
    one = LIFE_OUTCOMES[outcome_at(row["outcome"])]
    if one.total or one is DIED:
        return one.label
    return f"{one.label} at the end of week {row['week']}"


def whose(lived: Caseloads, who: str = EVERYONE) -> str:
    """A group of the tables in words: of those asked about, if that is not everybody."""
    if lived.spec.who is None:
        return who
    asked = ", ".join(f"{name}={level}" for name, level in lived.spec.who.conditions)
    return f"people with {asked}" + ("" if who == EVERYONE else f", {who}")


def _with_ends(row: Row, name: str) -> str:
    ends = said_ends(row, name)
    return f"{said(row[name])}{f'; {ends}' if ends else ''}"


def died_rows(lived: Caseloads) -> list[Row]:
    """Who dies by the last look, of everybody: a row for each scenario but the first."""
    return [
        row for row in difference_rows(lived, ["died"])
        if row["who"] == EVERYONE and row["week"] == lived.spec.weeks[-1]
    ]  # fmt: skip


def deaths_in_words(lived: Caseloads, rows: Sequence[Row], outcomes: Sequence[str]) -> list[str]:
    """Who dies, and which effects are others while alive or with death counted; by scenario.

    Parameters
    ----------
    rows : sequence of mapping
        Of `deaths.death_rows`.
    outcomes : sequence of str
        Those that are shown.
    """
    told, stop = [], lived.spec.weeks[-1] + 1
    parting = fork_week(lived.spec.scenarios, stop)
    if parting == stop:
        return []  # worlds never part, and those who live in them are those alive at the end
    for at, row in enumerate(died_rows(lived), start=1):
        mine = [one for one in rows if one["scenario"] == row["scenario"] and one["beyond_noise"]]
        few = [one for one in mine if one["outcome"] in spoken_of(outcomes)]
        told.append({
            "scenario": row["scenario"], "weeks": stop - parting, "parting": parting,
            "alike": alike_in_death(lived, at), "died": f"{said(row['usual'])} %",
            "died_apart": None if row["difference"] == 0 else _died_apart(row),
            "has_interval": lived.replicates > 1 and len(rows) > 0,
            "beyond": bool(mine), "more": len(mine) - len(few),
            "few": [
                f"{outcome_and_week(one)} {said(one['alive'])} and "
                f"{said(one['composite']) if isfinite(one['composite']) else 'not defined'} "
                f"{unit_of_change(one['unit'])} (of everybody {_with_ends(one, 'difference')})"
                for one in few
            ],
        })  # fmt: skip
    return lines(TEMPLATE, "deaths", {"told": told, "usual": lived.spec.scenarios[0].id})


def _died_apart(row: Row) -> str:
    value, ends = row["difference"], said_ends(row, "difference")
    points = f"{said(abs(value))} percentage points {'more' if value > 0 else 'fewer'}"
    return f"{points} ({ends})" if ends else points


def individuals_in_words(rows: Sequence[Row]) -> list[str]:
    """Whom harm is to be expected of, given the state; a paragraph a scenario."""
    told = [{**row, "spread": said(row["spread"]), "mean": said(row["mean"])} for row in rows]
    return lines(TEMPLATE, "individuals", {"rows": told})


def person_in_words(person: PersonLives, outcomes: Sequence[str]) -> list[str]:
    """One person's year: figures at the last look, and what happens under some scenarios alone."""
    worlds, last = [one.id for one in person.spec.scenarios], person.spec.weeks[-1]
    figures = [row for row in person.outcomes(spoken_of(outcomes)) if row["week"] == last]
    events = []
    for row in person.events():
        *_, there = zip(*list(row.items())[-len(worlds) :], strict=True)
        if not all(there):
            only = ", ".join(world for world, yes in zip(worlds, there, strict=True) if yes)
            tie = f" ({row['tie']})" if row["tie"] else ""
            events.append(f"week {row['week']}, {only} only: {row['event']}{tie}")
    told = [
        f"{row['label']}: "
        + ", ".join(f"{world} {said(value)}" for world, value in
                    zip(worlds, list(row.values())[-len(worlds) :], strict=True))
        for row in figures
    ]  # fmt: skip
    facts = {"name": person.name, "who": person.who, "outcomes": told, "events": events}
    return lines(TEMPLATE, "person", facts)


def assumed_in_words(assumed: Assumed, outcomes: Sequence[str]) -> list[str]:
    """What holds whatever is assumed, of everybody, and what it hangs on; a line each."""
    few = spoken_of(outcomes)
    movers = assumed.movers(few)
    bands = []
    for row in assumed.bands(few):
        if row["who"] != EVERYONE:
            continue
        mine = [one for one in movers if _same(one, row) and one["above_noise"]]
        bands.append({
            "scenario": row["scenario"], "unit": unit_of_change(row["unit"]),
            "label": outcome_and_week({**row, "week": assumed.spec.lived.weeks[-1]}),
            "band": said_ends(row, "band") or None,
            "more": _percent(row["clearly_more"]), "less": _percent(row["clearly_less"]),
            "neither": _percent(row["not_clear"]),
            "movers": [f"{one['parameter']} ({one['rank_correlation']:+.2f})" for one in mine],
        })  # fmt: skip
    facts = {"sets": assumed.spec.sets, "near": int(assumed.near.sum()), "bands": bands}
    return lines(TEMPLATE, "assumed", facts)


def _same(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in ("scenario", "outcome"))


def spoken_of(outcomes: Sequence[str]) -> tuple[str, ...]:
    """The few outcomes of which sentences and pictures of subgroups speak."""
    if set(HEADLINE) <= set(outcomes):
        return HEADLINE
    return tuple(outcomes[:SPOKEN_OF])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
