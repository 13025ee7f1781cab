"""Scenarios: TOML files that describe a world and its shocks.

A scenario may extend another. What is read here is checked, merged, frozen and hashed, and
travels with every output.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sim.errors import InputError, counted, nearest
from sim.world.ids import names_a_folder
from sim.world.kinds import ROLES
from sim.world.latents import check_correlations
from sim.world.parameters import Catalogue, catalogue, sources
from sim.world.shock import (
    DIAGNOSES,
    EVENTS,
    STRICT,
    Shock,
    Who,
    as_tuple,
    check_places,
    check_results,
    check_target,
)
from sim.world.size import RolePosts, Staff, World
from sim.world.toml_file import (
    TomlFile,
    as_path,
    read_toml,
    shipped,
    toml_text,
    unknown_file,
)

__all__ = [
    "DIAGNOSES",
    "EVENTS",
    "ROLES",
    "RolePosts",
    "Scenario",
    "Shock",
    "Staff",
    "Who",
    "World",
    "list_scenarios",
    "parse_scenario",
    "read_scenario",
]

NOT_SCENARIOS = ("codes.toml", "errors.toml", "parameters.toml", "scales.toml", "sources.toml")
MOST_SHOCKS = 500


class _ScenarioFile(BaseModel):
    """What one scenario file may say."""

    model_config = STRICT

    id: Annotated[str, AfterValidator(names_a_folder)]
    title: str
    note: str = ""
    extends: str | None = None
    cite: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = ()
    parameters: dict[str, Any] = {}
    shock: Annotated[
        tuple[Shock, ...], BeforeValidator(as_tuple), Field(max_length=MOST_SHOCKS)
    ] = ()
    world: World = World()


class Scenario(BaseModel):
    """A world and its shocks, checked, with everything it extends merged in.

    Immutable, and hashable by its content.

    Attributes
    ----------
    id, title, note, cite
        As in the file; `cite` holds ids of `sources.toml`, those of extended scenarios first.
    changed
        Paths and values of the parameters that differ from the catalogue, sorted by path.
    shocks
        In the order in which they apply: those of extended scenarios first.
    world
        Size and length.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str
    title: str
    note: str = ""
    cite: tuple[str, ...] = ()
    changed: tuple[tuple[str, float], ...] = ()
    shocks: tuple[Shock, ...] = ()
    world: World = World()

    @property
    def parameters(self) -> dict[str, float]:
        """The changed parameters, path to value; a fresh dict."""
        return dict(self.changed)

    @property
    def values(self) -> dict[str, float]:
        """All parameters, path to value: its own, or the catalogue's; a fresh dict."""
        return {path: one.value for path, one in catalogue().items()} | self.parameters

    def but(self, **changes: Any) -> Scenario:
        """The same scenario with some of its fields changed, and checked again."""
        same = {name: getattr(self, name) for name in Scenario.model_fields}
        return Scenario(**{**same, **changes})

    def with_parameters(self, values: Mapping[str, float]) -> Scenario:
        """The same scenario with these parameters beside those that it changes already."""
        return self.but(changed=tuple(sorted({**self.parameters, **values}.items())))

    def resolved(self) -> dict[str, Any]:
        """Everything the scenario says, nothing left to look up, as plain JSON-ready data.

        `parse_scenario` reads it back.
        """
        shocks = [shock.model_dump(mode="json", exclude_none=True) for shock in self.shocks]
        for shock in shocks:
            for key, usual in (("who", {}), ("uptake", 1), ("adherence", 1)):
                if shock[key] == usual:
                    del shock[key]
        return {
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "cite": list(self.cite),
            "world": self.world.model_dump(mode="json"),
            "parameters": self.parameters,
            "shock": shocks,
        }

    def to_toml(self) -> str:
        """The scenario as one TOML file that extends nothing; `read_scenario` reads it back."""
        return toml_text(self.resolved())

    @cached_property
    def hash(self) -> str:
        """sha256 of the canonical JSON of what moves the world: parameters, shocks, size.

        Two scenarios that differ in name, title, note or citations alone share it.
        """
        said = self.resolved()
        moving = {key: said[key] for key in ("parameters", "shock", "world")}
        text = json.dumps(moving, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.hash)

    def check_horizon(self, weeks: int) -> None:
        """Raise an `InputError` if a shock would start after a run of so many weeks has ended."""
        for number, shock in enumerate(self.shocks, start=1):
            if shock.starts >= weeks:
                raise InputError(
                    f"{self.id}: shock {number} on {shock.acts_on} starts in week {shock.starts}, "
                    f"but the run has {counted(weeks, 'week')}, from 0 on; start it earlier or "
                    "run for longer"
                )


class _Layer(NamedTuple):
    """One file in a chain of `extends`, checked by itself."""

    file: TomlFile
    said: _ScenarioFile
    parameters: dict[str, float]


def read_scenario(name_or_path: str | Path, known: Catalogue | None = None) -> Scenario:
    """Read a scenario and all that it extends.

    Parameters
    ----------
    name_or_path
        Name of a shipped scenario, or path of a `.toml` file.
    known
        Catalogue of parameters; the shipped one by default.

    Raises
    ------
    InputError
        Anything wrong with the files; the message says where, and what would be right.
    """
    known = known if known is not None else catalogue()
    layers: list[_Layer] = []
    seen: list[str] = []
    wanted: str | Path | None = name_or_path
    asking: TomlFile | None = None
    folder = Path()
    while wanted is not None:
        path = as_path(wanted)
        place = str((folder / path).resolve()) if path else str(wanted)
        if place in seen and asking is not None:
            chain = " -> ".join(Path(one).name for one in [*seen[seen.index(place) :], place])
            asking.fail(("extends",), f"goes round in a circle: {chain}")
        seen.append(place)
        file = _found(wanted, folder, asking)
        folder = (folder / path).parent if path else folder
        layers.insert(0, _layer(file, known))
        wanted, asking = layers[0].said.extends, file
    return _merged(layers, known)


def parse_scenario(
    data: Mapping[str, Any], name: str = "scenario", known: Catalogue | None = None
) -> Scenario:
    """A scenario from data that never was a file, such as `Scenario.resolved()`.

    Parameters
    ----------
    data
        The tables of a scenario file that extends nothing.
    name
        What messages call it.
    known
        Catalogue of parameters; the shipped one by default.
    """
    known = known if known is not None else catalogue()
    layer = _layer(TomlFile(name, "", dict(data)), known)
    if layer.said.extends is not None:
        layer.file.fail(("extends",), "has no meaning here; resolve the scenario first")
    return _merged([layer], known)


def list_scenarios() -> list[str]:
    """Names of the shipped scenarios."""
    names = [one.name for one in shipped().iterdir() if one.name.endswith(".toml")]
    return sorted(name.removesuffix(".toml") for name in names if name not in NOT_SCENARIOS)


def _found(wanted: str | Path, folder: Path, asking: TomlFile | None) -> TomlFile:
    """The file a user means; `asking` is the file whose `extends` names it."""
    path = as_path(wanted)
    if path is None and f"{wanted}.toml" not in NOT_SCENARIOS:
        shipped_file = shipped() / f"{wanted}.toml"
        if shipped_file.is_file():
            return read_toml(shipped_file)
    if path is not None and ((folder / path).exists() or asking is None):
        return read_toml(folder / path)
    what = unknown_file("there is no scenario", wanted, list_scenarios())
    if path is not None:
        what = f"no such file: {folder / path}"
    if asking is not None:
        asking.fail(("extends",), what)
    raise InputError(what)


def _layer(file: TomlFile, known: Catalogue) -> _Layer:
    """Check all of one file that can be checked without the others."""
    said = file.validate(_ScenarioFile)
    parameters = {}
    for path, value in _flat(said.parameters):
        parameters[path] = known.check(path, value, file.where(("parameters", path)))
    if said.cite:
        for key in said.cite:
            if key not in sources():
                file.fail(("cite",), f'there is no source "{key}"{nearest(key, sources())}')
    for index, shock in enumerate(said.shock):
        check_target(shock, known, _failer(file, index))
    return _Layer(file, said, parameters)


def _flat(table: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Paths and values of `[parameters]`, whether or not the paths are in quotes."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        path = f"{above}{key}"
        found += _flat(value, f"{path}.") if isinstance(value, dict) else [(path, value)]
    return found


def _failer(file: TomlFile, index: int) -> Any:
    """Reports what is wrong with a key of one shock of one file."""

    def fail(key: str, what: str) -> NoReturn:
        file.fail(("shock", index, *key.split(".")), what)

    return fail


def _merged(layers: list[_Layer], known: Catalogue) -> Scenario:
    """One scenario out of a chain of files, the most general first."""
    last = layers[-1]
    parameters: dict[str, float] = {}
    world: dict[str, Any] = {}
    for layer in layers:
        parameters |= layer.parameters
        staff = world.get("staff", {})
        own = layer.said.world.model_dump(exclude_unset=True)
        world |= own
        if "staff" in own:
            world["staff"] = staff | own["staff"]
    size = TomlFile(last.file.name, last.file.text, world).validate(World)
    homes = [(layer.file, at) for layer in layers for at in range(len(layer.said.shock))]
    shocks = tuple(shock for layer in layers for shock in layer.said.shock)
    for (file, at), shock in zip(homes, shocks, strict=True):
        check_places(shock, size.teams_per_site, _failer(file, at))
    values = {path: parameters.get(path, known[path].value) for path in known}
    check_correlations(values, last.file.where(("parameters",)))

    def check(index: int, path: str, value: float) -> None:
        file, at = homes[index]
        known.check(path, value, f"{file.where(('shock', at, 'value'))}: with this shock")

    check_results(shocks, values, check)
    return Scenario(
        id=last.said.id,
        title=last.said.title,
        note=last.said.note,
        cite=tuple(dict.fromkeys(key for layer in layers for key in layer.said.cite)),
        changed=tuple(sorted(parameters.items())),
        shocks=shocks,
        world=size,
    )
