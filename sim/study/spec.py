"""Studies: TOML files that say who is asked, when, how, and who stays away.

A study names no world of its own: it is held in the world of a scenario, whose size its `[frame]`
may set. What is read here is checked, frozen and hashed, and travels with every output.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FiniteFloat,
    create_model,
)

from sim.errors import InputError, counted, meant_or_known, nearest
from sim.study.error_settings import ErrorRates, error_table, settle_errors
from sim.study.owners import owned_tables, owner_of
from sim.study.settings import (
    EVERYBODY,
    Arms,
    Frame,
    MapRules,
    Outcomes,
    Participation,
    Recruitment,
    Waves,
)
from sim.world.ids import names_a_folder
from sim.world.parameters import sources
from sim.world.scenario import Scenario, World, parse_scenario, read_scenario
from sim.world.shock import MOST_WEEKS, STRICT, as_tuple
from sim.world.toml_file import TomlFile, read_named, shipped_names, toml_text

__all__ = ["Study", "list_studies", "parse_study", "read_study"]


class _StudyFile(BaseModel):
    """What a study file may say."""

    model_config = STRICT

    id: Annotated[str, AfterValidator(names_a_folder)]
    title: str
    note: str = ""
    cite: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = ()
    scenario: str = "usual-care"
    frame: Frame = Frame()
    recruitment: Recruitment
    arms: Arms | None = None
    waves: Waves = Waves()
    map: MapRules = MapRules()
    participation: Participation = Participation()
    outcomes: Outcomes = Outcomes()
    errors: dict[str, FiniteFloat] | None = None


class Study(_StudyFile):
    """A study, checked; immutable. Attributes are the tables of the file.

    Attributes
    ----------
    errors
        Rates of the errors asked for (`sim.study.error_settings`); None if none are.
    overlays
        Scenario of each arm that has one of its own.
    asked
        By name, the tables that belong to other rooms (`sim.study.owners`), settled.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    overlays: tuple[tuple[str, Scenario], ...] = ()
    asked: dict[str, Any] = {}

    @property
    def arm_names(self) -> tuple[str, ...]:
        """Names of the arms, in the order of the file; empty without arms."""
        return self.arms.names if self.arms else ()

    @property
    def horizon(self) -> int:
        """Weeks from the first study week until the last possible interview is over."""
        return self.recruitment.last_entry + self.waves.weeks[-1] + self.waves.window + 1

    def world(self, scenario: Scenario) -> World:
        """The scenario's world at the size the study's frame asks for.

        Raises an `InputError` if no world is so large.
        """
        changes = self.frame.model_dump(exclude_none=True)
        size = {**dict(scenario.world), **changes, "horizon_weeks": self.horizon}
        return TomlFile(f"{self.id} in {scenario.id}", "", size).validate(World)

    def but(self, **changes: Any) -> Study:
        """The same study with some of its fields changed, checked and hashed again."""
        same = {name: getattr(self, name) for name in Study.model_fields}
        return Study(**{**same, **changes})

    def wanting(self, n: int) -> Study:
        """The same study with n people wanted, in the same proportions by site.

        A quota adds up to the people that its file wants: of others it says only the proportions,
        so here it is kept as it is and not checked again.
        """
        asked = self.recruitment.model_copy(update={"n": n})
        same = {name: getattr(self, name) for name in Study.model_fields}
        return Study.model_construct(**{**same, "recruitment": asked})

    def with_errors(self, rates: ErrorRates) -> Study:
        """The same study with these errors in place of its own."""
        return self.but(errors=rates or None)

    @property
    def arms_act(self) -> bool:
        """Whether arms differ in what they live or score."""
        return bool(self.overlays) or (self.arms is not None and self.arms.planted is not None)

    def with_arms_alike(self) -> Study:
        """The same study with arms that do nothing."""
        alike = self.arms and self.arms.model_copy(update={"scenario": {}, "planted": None})
        return self.but(arms=alike, overlays=())

    def resolved(self) -> dict[str, Any]:
        """Everything the study says, nothing left to look up, as JSON-ready data."""
        said = self.model_dump(mode="json", exclude_none=True, exclude={"overlays", "asked"})
        for name, table in self.asked.items():
            said[name] = table.model_dump(mode="json", exclude_none=True)
        if self.overlays:
            said["arms"]["scenario"] = {arm: one.resolved() for arm, one in self.overlays}
        return said

    def to_toml(self) -> str:
        """The study as a TOML file that `read_study` reads back."""
        return toml_text(self.resolved())

    @cached_property
    def hash(self) -> str:
        """sha256 of the canonical JSON of what moves the study: all but its names and scenario.

        Nor do the tables that belong to other rooms.
        """
        said = self.resolved()
        for key in ("id", "title", "note", "cite", "scenario", *self.asked):
            said.pop(key, None)
        for one in said.get("arms", {}).get("scenario", {}).values():
            for key in ("id", "title", "note", "cite"):
                one.pop(key, None)
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def read_study(name_or_path: str | Path) -> Study:
    """Read a study: a shipped one by name, or a `.toml` file by path.

    Raises
    ------
    InputError
        Anything wrong with the file; the message says where, and what would be right.
    """
    return _study(read_named(name_or_path, "studies", "there is no study"))


def parse_study(data: Mapping[str, Any], name: str = "study") -> Study:
    """A study from data that never was a file, such as `Study.resolved()`."""
    return _study(TomlFile(name, "", dict(data)))


def list_studies() -> list[str]:
    """Names of the shipped studies."""
    return shipped_names("studies")


def _study(file: TomlFile) -> Study:
    theirs = [name for name in owned_tables() if name in file.data]
    said = file.validate(_with_tables(theirs, "errors" in file.data))
    for key in said.cite:
        if key not in sources():
            file.fail(("cite",), f'there is no source "{key}"{nearest(key, sources())}')
    _check_participation(file, said)
    _check_length(file, said)
    _check_planted(file, said)
    arms = said.arms.names if said.arms else ()
    asked = {
        name: owner_of(name).settle(getattr(said, name), arms, said.waves.weeks, file.fail)
        for name in theirs
    }
    own = {name: getattr(said, name) for name in _StudyFile.model_fields}
    if said.errors is not None:
        rates = settle_errors(said.errors)
        own["errors"] = rates or None
    return Study(**own, overlays=_overlays(file, said.arms), asked=asked)


def _with_tables(theirs: Sequence[str], has_errors: bool) -> type[_StudyFile]:
    """What a study file with these tables of other rooms, or one of errors, may say."""
    fields: dict[str, Any] = {
        name: (owner_of(name).model if name in theirs else Any, None) for name in owned_tables()
    }
    if has_errors:
        fields["errors"] = (error_table(), ...)
    return create_model("StudyFile", __base__=_StudyFile, **fields)


def _overlays(file: TomlFile, arms: Arms | None) -> tuple[tuple[str, Scenario], ...]:
    """The scenario of each arm that has one."""
    found = []
    for arm, one in (arms.scenario if arms else {}).items():
        if arms and arm not in arms.names:
            _no_such_arm(file, ("arms", "scenario", arm), arm, arms.names)
        try:
            overlay = parse_scenario(one, arm) if isinstance(one, dict) else read_scenario(one)
        except InputError as error:
            file.fail(("arms", "scenario", arm), str(error))
        found.append((arm, overlay))
    return tuple(found)


def _check_length(file: TomlFile, said: _StudyFile) -> None:
    """No interview takes place after the longest run of a world."""
    weeks, window, entry = said.waves.weeks[-1], said.waves.window, said.recruitment.last_entry
    if entry + weeks + window >= MOST_WEEKS:
        file.fail(
            ("waves", "weeks"),
            f"the last interview would be in week {entry + weeks + window} (entry up to week "
            f"{entry}, a wave after {weeks}, {window} late), but a world has at most {MOST_WEEKS} "
            f"weeks; the last wave can be at {max(MOST_WEEKS - 1 - entry - window, 0)}",
        )


def _check_planted(file: TomlFile, said: _StudyFile) -> None:
    """A planted effect is of an arm there is, and has a shift for every wave after the first."""
    planted = said.arms.planted if said.arms else None
    if said.arms is None or planted is None:
        return
    if planted.arm not in said.arms.names:
        _no_such_arm(file, ("arms", "planted", "arm"), planted.arm, said.arms.names)
    waves = len(said.waves.weeks) - 1
    if len(planted.shift) != waves:
        file.fail(
            ("arms", "planted", "shift"),
            f"has {counted(len(planted.shift), 'value')}, but the study has "
            f"{counted(waves, 'wave')} after the first",
        )


def _check_participation(file: TomlFile, said: _StudyFile) -> None:
    """Every arm has its settings, and retention fits the waves and never rises."""
    arms = said.arms.names if said.arms else ()
    for setting in ("retention", "mechanism", "odds_ratio"):
        table = getattr(said.participation, setting)
        where = ("participation", setting)
        for arm in table:
            if arm != EVERYBODY and arm not in arms:
                _no_such_arm(file, (*where, arm), arm, arms)
        absent = [arm for arm in arms if arm not in table]
        if table and EVERYBODY not in table and absent:
            file.fail(where, f'says nothing of arm "{absent[0]}"; name every arm, or use "all"')
    for retention in said.participation.retention.values():
        _check_retention(file, retention, len(said.waves.weeks) - 1)


def _check_retention(file: TomlFile, retention: tuple[float, ...], followups: int) -> None:
    where = ("participation", "retention")
    if len(retention) != followups:
        file.fail(
            where,
            f"has {counted(len(retention), 'value')}, but the study has "
            f"{counted(followups, 'wave')} after the first",
        )
    for before, after in pairwise(retention):
        if after > before:
            file.fail(where, f"rises from {before:g} to {after:g}; it can only fall")


def _no_such_arm(file: TomlFile, where: tuple[str, ...], arm: str, arms: tuple[str, ...]) -> None:
    hint = meant_or_known(arm, arms, "it has")
    file.fail(where, f'the study has no arm "{arm}"{hint}')
