"""A listing as text, block by block; on a terminal with colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from egocohort.results.scenario_words import team_in_words, world_size_in_words
from egocohort.results.settings import ParameterSetting, shock_targets
from egocohort.results.shock_words import shocks_in_words
from egocohort.terminal.output import columns
from sim.errors import typed
from sim.study.spec import Study, list_studies, read_study
from sim.world.parameters import sources
from sim.world.scenario import Scenario, World, list_scenarios, read_scenario

__all__ = ["available", "blocks"]


def blocks(
    study: Study | None,
    scenario: Scenario | None,
    settings: Sequence[ParameterSetting],
    *,
    named: str = "",
    changed: bool = False,
    parameters: bool = False,
    shocks: bool = False,
) -> list[str]:
    """Parts of the page, in order.

    Parameters
    ----------
    study, scenario
        What was asked for; without either, the studies and scenarios there are.
    settings
        Of every parameter.
    named
        As it was asked for: by what name or path.
    changed
        Leave out the parameters that the scenario does not change.
    parameters, shocks
        Add what can be set, with notes; what a shock can act on.
    """
    parts = []
    if study:
        parts += [_head(study), _study(study)]
    if scenario:
        world = study.world(scenario) if study else scenario.world
        parts += [_head(scenario), _world(world), _shocks(scenario)]
    if shocks:
        parts.append(_targets())
    if parameters or (scenario and not shocks):
        kept = [one for one in settings if one.before is not None or not changed]
        parts.append(_parameters(kept, notes=parameters))
    if scenario:
        parts.append(_sources(scenario, study.scenario if study else named, named))
    return parts or [_catalogue()]


def available() -> dict[str, dict[str, str]]:
    """Titles of the shipped studies and scenarios, by name."""
    return {
        "studies": {name: read_study(name).title for name in list_studies()},
        "scenarios": {name: read_scenario(name).title for name in list_scenarios()},
    }


def _catalogue() -> str:
    parts = []
    for kind, found in available().items():
        parts.append(f"{kind.capitalize()}\n{columns(list(found.items()))}")
    more = "egocohort show NAME shows one; --parameters and --shocks list what can be set."
    return "\n\n".join([*parts, more])


def _head(one: Study | Scenario) -> str:
    note = getattr(one, "note", "")
    title = click.style(f"{one.id}: {one.title}", bold=True)
    return title + ("\n" + textwrap.fill(note, 96) if note else "")


def _world(world: World) -> str:
    return f"World\n  {world_size_in_words(world)}\nEvery team\n  {team_in_words(world)}"


def _study(study: Study) -> str:
    rows = []
    for section, said in study.resolved().items():
        if isinstance(said, dict):
            rows += [
                (f"{section}.{key}", _plain(value)) for key, value in said.items() if value != {}
            ]
    return f"Study\n{columns(rows)}"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        if "id" in value:
            return str(value["id"])
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shocks(scenario: Scenario) -> str:
    lines = [f"  {n}. {one}" for n, one in enumerate(shocks_in_words(scenario), 1)]
    return "Shocks\n" + ("\n".join(lines) or "  none")


def _parameters(settings: Sequence[ParameterSetting], *, notes: bool) -> str:
    """Parameters by section; what is changed stands out and says what it was."""
    if not settings:
        return "Parameters\n  none is changed"
    sections: dict[str, list[tuple[str, ...]]] = {}
    for one in settings:
        row = (
            _cell(one),
            one.unit,
            f"{one.low:g} to {one.high:g}",
            one.grade,
            one.source or "-",
        )
        mark = "* " if one.before is not None else "  "
        sections.setdefault(one.path.partition(".")[0], []).append(
            (mark + one.path, *row, *([one.note] if notes else []))
        )
    heads = (
        "  parameter",
        "value",
        "unit",
        "range",
        "grade",
        "source",
        *(["note"] if notes else []),
    )
    table = columns([heads, *(row for rows in sections.values() for row in rows)], indent=0)
    lines = table.splitlines()
    out, at = ["Parameters (* changed)", lines[0]], 1
    for section, rows in sections.items():
        out += ["", click.style(section, bold=True), *lines[at : at + len(rows)]]
        at += len(rows)
    return "\n".join(out)


def _cell(one: ParameterSetting) -> str:
    if one.before is None:
        return f"{one.value:g}"
    return click.style(f"{one.before:g} -> {one.value:g}", bold=True, fg="yellow")


def _targets() -> str:
    heads = ("acts_on", "how", "level", "unit", "range", "note")
    rows = [
        (one.acts_on, one.how, one.level, one.unit or "-", f"{one.low:g} to {one.high:g}", one.note)
        for one in shock_targets()
    ]
    levels = "Level: what an ego has can be changed for some egos, what a post has for staff posts."
    return f"What a shock can act on\n{columns([heads, *rows])}\n{levels}"


def _sources(scenario: Scenario, whose: str, named: str) -> str:
    lines = [f"  {key}: {sources()[key].text}" for key in scenario.cite]
    cite, show = typed("egocohort", "cite", whose), typed("egocohort", "show", named, "--ledger")
    more = f"  {cite} lists every source behind its numbers, and for what"
    ledger = f"{show} simulates its services: capacity, demand, visits"
    return "\n".join(["Sources", *lines, more, "", ledger])
