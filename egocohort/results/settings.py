"""What a scenario sets, parameter by parameter, and what a shock can act on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError, meant_or_known, typed
from sim.study.spec import Study, list_studies, read_study
from sim.world.parameters import Catalogue, Entry, catalogue, sources
from sim.world.scenario import Scenario, list_scenarios, read_scenario
from sim.world.shock import CLOSURE, EVENTS
from sim.world.toml_file import as_path, read_toml

__all__ = ["ParameterSetting", "ShockTarget", "find_recipe", "parameters_of", "shock_targets"]


class ParameterSetting(NamedTuple):
    """One parameter as a scenario has it; `before` is the catalogue's value where it is changed."""

    path: str
    value: float
    before: float | None
    unit: str
    low: float
    high: float
    source: str
    grade: str
    note: str


class ShockTarget(NamedTuple):
    """Something a shock can act on: a parameter or an event."""

    acts_on: str
    how: str
    level: str
    unit: str
    low: float
    high: float
    note: str


def find_recipe(name: str | Path) -> Scenario | Study:
    """Read the scenario or the study that a name or a file stands for.

    Raises
    ------
    sim.errors.InputError
        If there is none, or anything is wrong with it.
    """
    path = as_path(name)
    if path is not None:
        is_study = "recruitment" in read_toml(path).data
        return read_study(path) if is_study else read_scenario(path)
    if str(name) in list_scenarios():
        return read_scenario(name)
    if str(name) in list_studies():
        return read_study(name)
    if str(name) in sources():
        cite = typed("egocohort", "cite", name)
        raise InputError(f'"{name}" is a source; {cite} says what rests on it')
    known = [*list_scenarios(), *list_studies()]
    hint = meant_or_known(str(name), known)
    raise InputError(f'there is no scenario or study "{name}"{hint}, or give a .toml file')


def parameters_of(
    scenario: Scenario | None, known: Catalogue | None = None
) -> tuple[ParameterSetting, ...]:
    """Every parameter as a scenario has it, in the order of the catalogue."""
    changed = scenario.parameters if scenario else {}
    return tuple(_setting(one, changed) for one in (known or catalogue()).values())


def _setting(entry: Entry, changed: Mapping[str, float]) -> ParameterSetting:
    value = changed.get(entry.path, entry.value)
    before = entry.value if entry.path in changed and value != entry.value else None
    return ParameterSetting(
        entry.path, value, before, entry.unit, entry.low, entry.high, entry.source, entry.grade,
        entry.note,
    )  # fmt: skip


def shock_targets() -> list[ShockTarget]:
    """What a shock can act on: events first, then every parameter."""
    events = [
        ShockTarget(name, "force", "ego", "", 0 if name == CLOSURE else 1, 1, does)
        for name, does in EVENTS.items()
    ]
    return events + [
        ShockTarget(
            one.path, "set, multiply, add", one.level, one.unit, one.low, one.high, one.note
        )
        for one in catalogue().values()
    ]
