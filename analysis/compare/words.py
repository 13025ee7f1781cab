"""A comparison in words: the answer in one sentence a scenario, and what it rests on.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.deaths import alike_in_death
from analysis.compare.drawn import Assumed
from analysis.compare.looks import begins_in
from analysis.compare.person import PersonLives
from analysis.compare.tables import WHO, difference_rows
from analysis.pages.render import lines

__all__ = [
    "answers_in_words", "assumed_in_words", "basis_in_words", "deaths_in_words",
    "equity_in_words", "individuals_in_words",
    "person_in_words", "said", "said_ends", "spoken_of", "substitution_in_words", "whose",
]  # fmt: skip

TEMPLATE = "compare/words.md.j2"
HEADLINE = ("kept", "crises", "hospital_days", "wellbeing")
SPOKEN_OF = 4
ACTS = " acts a week and person"
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


def answers_in_words(
    lived: Caseloads, differences: Sequence[Row], substitution: Sequence[Row]
) -> list[str]:
    """One sentence for each scenario but the first."""
    facts = {
        "weeks": lived.spec.weeks[-1] + 1, "usual": lived.spec.scenarios[0].id,
        "who": None if lived.spec.who is None else whose(lived),
        "scenarios": [_answer(one.id, at, lived, differences, substitution)
                      for at, one in enumerate(lived.spec.scenarios) if at > 0],
    }  # fmt: skip
    return lines(TEMPLATE, "answer", facts)


def whose(lived: Caseloads, who: str = EVERYONE) -> str:
    """A group of the tables in words: of those asked about, if that is not everybody."""
    if lived.spec.who is None:
        return who
    asked = ", ".join(f"{name}={level}" for name, level in lived.spec.who.conditions)
    return f"people with {asked}" + ("" if who == EVERYONE else f", {who}")


def _answer(
    scenario: str, at: int, lived: Caseloads, differences: Sequence[Row], replaced: Sequence[Row]
) -> dict[str, Any]:
    last = [
        row for row in differences
        if (row["scenario"], row["who"], row["week"])
        == (scenario, EVERYONE, lived.spec.weeks[-1])
    ]  # fmt: skip
    named = {row["outcome"]: row for row in last}
    chosen = [named[name] for name in spoken_of([*named])]
    died = _died(lived)[at - 1]
    if not _is_same(died) and died not in chosen:
        chosen.insert(0, died)
    told = [row for row in chosen if _is_told(row)]
    nobody = next(
        (row for row in replaced if (row["scenario"], row["source"]) == (scenario, "nobody")), None
    )
    apart = lived.sums[at] - lived.sums[0]
    return {
        "scenario": scenario, "is_null": not apart[:, EVERYBODY].any(),
        "told": [_moved(row, first=row is told[0]) for row in told],
        "untold": [row["label"] for row in chosen if row not in told and not _is_same(row)],
        "same": [row["label"] for row in chosen if _is_same(row)],
        "nobody": None if nobody is None else _share(nobody),
    }  # fmt: skip


def _is_told(row: Row) -> bool:
    """Whether an interval leaves zero out; without an interval, whether anything differs."""
    low, high = row["difference_lo"], row["difference_hi"]
    return low > 0 or high < 0 if isfinite(low) else row["difference"] != 0


def _is_same(row: Row) -> bool:
    """Whether worlds do not differ in it at all, in any team."""
    return bool(row["difference"] == 0 and not row["difference_mcse"] > 0)


def _moved(row: Row, *, first: bool) -> str:
    value, ends = row["difference"], sorted(abs(row[f"difference_{e}"]) for e in ("lo", "hi"))
    unit = SCALE_IN_WORDS if row["unit"] == "0-1" else row["unit"]
    words = f"{row['label']} {'up' if value > 0 else 'down'} by {said(abs(value))} {unit}"
    if not isfinite(ends[0]):
        return words
    return f"{words} ({'95 % interval ' if first else ''}{said(ends[0])} to {said(ends[1])})"


def _share(row: Row) -> str:
    low, high = (100 * row[f"share_{end}"] for end in ("lo", "hi"))
    ends = f" ({_whole(low)} to {_whole(high)})" if isfinite(low) else ""
    return f"{_whole(100 * row['share'])} %{ends}"


def _whole(value: float) -> str:
    return f"{round(value)}"  # never -0


def basis_in_words(lived: Caseloads, *, has_band: bool = False) -> list[str]:
    """How many people, what the intervals are, what totals hold; a paragraph each."""
    spec = lived.spec
    begins = begins_in(spec.scenarios, spec.weeks[-1] + 1)
    late = {name: week for name, week in begins.items() if week > 0}
    facts = {
        "replicates": lived.replicates, "teams": len(spec.places),
        "people": int(lived.people[:, EVERYBODY].sum()),
        "seed": spec.seed, "usual": spec.scenarios[0].id, "has_interval": lived.replicates > 1,
        "has_band": has_band, "weeks": spec.weeks[-1] + 1,
        "late": late, "year": 52 + max(late.values(), default=0),
        "own_parameters": [
            one.id for one in spec.scenarios[1:] if one.changed != spec.scenarios[0].changed
        ],
    }  # fmt: skip
    return lines(TEMPLATE, "basis", facts)


def substitution_in_words(rows: Sequence[Row]) -> list[str]:
    """What took the place of help lost, a paragraph a scenario."""
    replaced = []
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        mine = [row for row in rows if row["scenario"] == scenario]
        shares = [f"{_share(row)} by {row['source']}" for row in mine if isfinite(row["share"])]
        replaced.append({
            "scenario": scenario, "shares": shares, "alive": mine[0]["of"] != EVERYONE,
            "lost": _with_ends(mine[0], "lost", ACTS), "unmet": _with_ends(mine[0], "unmet"),
        })  # fmt: skip
    return lines(TEMPLATE, "substitution", {"replaced": replaced})


def _with_ends(row: Row, name: str, unit: str = "") -> str:
    ends = said_ends(row, name)
    return f"{said(row[name])}{unit}{f'; {ends}' if ends else ''}"


def _died(lived: Caseloads) -> list[Row]:
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
    told = []
    for at, row in enumerate(_died(lived), start=1):
        mine = [one for one in rows if one["scenario"] == row["scenario"] and one["beyond_noise"]]
        few = [one for one in mine if one["outcome"] in spoken_of(outcomes)]
        told.append({
            "scenario": row["scenario"], "weeks": row["week"] + 1,
            "alike": alike_in_death(lived, at), "died": f"{said(row['usual'])} %",
            "died_apart": None if row["difference"] == 0 else _died_apart(row),
            "has_interval": lived.replicates > 1 and len(rows) > 0,
            "beyond": bool(mine), "more": len(mine) - len(few),
            "few": [
                f"{one['label']} {said(one['alive'])} and "
                f"{said(one['composite']) if isfinite(one['composite']) else 'not defined'} "
                f"{one['unit']} (of everybody {_with_ends(one, 'difference')})"
                for one in few
            ],
        })  # fmt: skip
    return lines(TEMPLATE, "deaths", {"told": told, "usual": lived.spec.scenarios[0].id})


def _died_apart(row: Row) -> str:
    value, ends = row["difference"], said_ends(row, "difference")
    points = f"{said(abs(value))} percentage points {'more' if value > 0 else 'fewer'}"
    return f"{points} ({ends})" if ends else points


def equity_in_words(rows: Sequence[Row], outcomes: Sequence[str]) -> list[str]:
    """Who bears what changes, a paragraph for each scenario and ranked breakdown.

    Parameters
    ----------
    rows : sequence of mapping
        Of `equity.equity_rows`.
    outcomes : sequence of str
        Those that are shown; of a few of them it speaks.
    """
    few, told = spoken_of(outcomes), []
    for scenario, by in dict.fromkeys((row["scenario"], row["by"]) for row in rows):
        here = {r["outcome"]: r for r in rows if (r["scenario"], r["by"]) == (scenario, by)}
        mine = [here[name] for name in few]
        indices = [_index(row) for row in mine if row["told"] == "yes"]
        both = [row["label"] for row in mine if row["told"] == "both ways"]
        if indices or both:
            told.append({"scenario": scenario, "by": by, "first": mine[0]["first"],
                         "last": mine[0]["last"], "indices": indices, "both": both})  # fmt: skip
    return lines(TEMPLATE, "equity", {"told": told})


def _index(row: Row) -> dict[str, str]:
    value = row["concentration_index"]
    low, high = (row[f"concentration_index_{end}"] for end in ("lo", "hi"))
    who = "nobody bears clearly more than their share"
    if low > 0 or high < 0:
        who = f"{row['by']} {row['last' if value > 0 else 'first']} bears more than its share"
    return {
        "label": row["label"], "way": "down" if row["down"] else "up",
        "index": f"{value:+.3f} ({low:+.3f} to {high:+.3f})", "who": who,
    }  # fmt: skip


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
            "scenario": row["scenario"], "label": row["label"], "unit": row["unit"],
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
