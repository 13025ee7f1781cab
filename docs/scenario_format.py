"""The page docs/scenarios.md, from the code: ``python docs/scenario_format.py`` makes it anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from egocohort.results.settings import ShockTarget, shock_targets
from sim.world.kinds import ROLES
from sim.world.scenario import list_scenarios, read_scenario
from sim.world.shock import DIAGNOSES, EVENTS, Shock, Who
from sim.world.size import World

PAGE = Path(__file__).with_name("scenarios.md")
WHO = {
    "site": "numbers of sites, from 1",
    "team": "numbers of teams within their site, from 1",
    "role": f"staff of these roles: {', '.join(ROLES)}; for what belongs to staff posts",
    "diagnosis": f"people with these: {', '.join(DIAGNOSES)}",
    "has_partner": "people with a partner, or without, in the shock's first week",
    "arm": "people, or staff where teams are allocated, in these arms of a study",
    "share": "that share of those who meet the other conditions, drawn by chance",
    "constrictor": "people who fall back on a core in an episode, or who do not",
}

PLAINLY = {
    "acts_on": "a parameter or an event, of those below",
    "from_week": "first week of the shock; 0 is the first week after the run-in",
    "from_study_week": "in its place: weeks since each person's own baseline interview",
    "weeks": "how many weeks it lasts; to the end if absent",
    "runin_weeks": "weeks lived before week 0, without shocks",
    "horizon_weeks": "weeks lived from week 0 on",
    "staff": "posts of every team by role, `[world.staff.cpn]` with `fte = [1, 0.6]`",
}
"""In place of what docstrings say to those who read code."""

HEAD = """# Scenario files

Made by `python docs/scenario_format.py` from the code; change that, not this page.

A scenario is a small text file (TOML): a world, its parameters where they differ from the
catalogue, and *shocks*: timed changes of a parameter, or events that are made to happen, for
everybody or for some.

```toml
id = "my-cut"                     # names folders and tables; small letters, digits, - and _
title = "Co-ordinators see people half as often at one site"
extends = "usual-care"            # or the path of another file; its shocks come first
cite = ["brooks2020"]             # ids of scenarios/sources.toml; may be left out
note = "Ours, for planning."      # may be left out

[parameters]                      # what is otherwise in the whole of this world; may be left out
"service.missed" = 0.15

[[shock]]                         # as many as are needed, in the order in which they apply
acts_on = "service.coordinator.interval_weeks"
how = "multiply"
value = 2
from_week = 13
weeks = 26
who = { site = 2 }

[[shock]]
acts_on = "event.closure"
how = "force"
value = 0.5
from_week = 13
who = { diagnosis = ["schizophrenia", "psychosis"] }
```

    egocohort new my-cut.toml --scenario              # asks, and writes such a file
    egocohort show my-cut.toml                        # says in words what it does
    egocohort show my-cut.toml --ledger               # and what becomes of capacity and visits
    egocohort compare usual-care my-cut.toml          # and what comes of it (docs/compare.md)

Names are checked when the file is read, and a value that would leave its range is refused with the
range: no shock takes a parameter out of the bounds that the catalogue holds possible. To cut visits
takes two halves: longer intervals alone leave staff with time to keep every promise, less capacity
alone cancels what was promised (`service-cutback` has both).
"""


def attributes(model: type) -> dict[str, str]:
    """What the docstring of a class says of each attribute, names that share a text apart."""
    text = (model.__doc__ or "").partition("----------")[2]
    found = {}
    for names, said in re.findall(r"^    (\w[\w, ]*)\n((?:        .*\n?)+)", text, re.MULTILINE):
        for name in names.split(", "):
            found[name] = " ".join(said.split())
    return {**found, **{name: said for name, said in PLAINLY.items() if name in found}}


def keys(model: type[BaseModel], said: Mapping[str, str]) -> list[str]:
    """A table of the keys of a table of the file."""
    rows = ["| key | what it says | if absent |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        rows.append(f"| `{name}` | {said[name]} | {usual(field.default)} |")
    return rows


def usual(default: Any) -> str:
    """A default in words."""
    if default is PydanticUndefined:
        return "must be there"
    if default is None or isinstance(default, Who):
        return "-"
    if isinstance(default, tuple):
        return str(list(default))
    if isinstance(default, BaseModel):
        posts = default.by_role()  # type: ignore[attr-defined]
        return ", ".join(f"{role}: {list(fte)}" for role, fte in posts.items())
    return f"{default:g}"


def targets() -> list[str]:
    """Tables of what can be acted on, by section."""
    sections: dict[str, list[ShockTarget]] = {}
    for one in shock_targets():
        if one.acts_on not in EVENTS:
            sections.setdefault(one.acts_on.partition(".")[0], []).append(one)
    parts = []
    for section, found in sections.items():
        parts += [
            "",
            f"### {section}",
            "",
            "| acts_on | of | unit | range | |",
            "|---|---|---|---|---|",
        ]
        parts += [
            f"| `{one.acts_on}` | {one.level} | {one.unit} | {one.low:g} to {one.high:g} | "
            f"{one.note.partition(';')[0].replace('|', '/')} |"
            for one in found
        ]
    return parts


def page() -> str:
    """The whole page."""
    shipped = (f"| `{name}` | {read_scenario(name).title} |" for name in list_scenarios())
    lines = [
        HEAD, "## Those that come with it", "", "| | |", "|---|---|", *shipped, "",
        "## `[[shock]]`", "", *keys(Shock, attributes(Shock)), "",
        "## `who`", "",
        "Whom a shock reaches: those who meet every condition given, told when it starts and kept. "
        "Several values of one key are alternatives.", "",
        "| key | who |", "|---|---|", *(f"| `{name}` | {WHO[name]} |" for name in Who.model_fields),
        "", "## `[world]`", "",
        "What is left out is as in the scenario that is extended. Two scenarios are compared only "
        "if they have the same people and staff.", "",
        *keys(World, attributes(World)), "",
        "## Events", "", "With `how = \"force\"`; `from_week` says when, once.", "",
        "| acts_on | |", "|---|---|",
        *(f"| `{name}` | {what} |" for name, what in EVENTS.items()), "",
        "## Parameters", "",
        "With `how` set, multiply or add. What is of an *ego* can be changed for some people; what "
        "is of a *post* for staff of a site, team or role. `egocohort show NAME --parameters` has "
        "values, sources and grades.",
        *targets(), "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
