"""What a scenario or a study sets, resolved: parameters, shocks, staff, and sources of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.questions.of_study import plan_in
from sim.errors import InputError, nearest
from sim.study.frame import check_frame, lived_scenario
from sim.study.spec import Study, list_studies, read_study
from sim.world.parameters import Catalogue, Entry, catalogue
from sim.world.scenario import Scenario, World, list_scenarios, read_scenario
from sim.world.shock import EVENTS, ROLES, Shock
from sim.world.toml_file import as_path, read_toml

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Listing",
    "Setting",
    "Target",
    "find",
    "listing",
    "parameters_of",
    "shock_in_words",
    "targets",
    "team_in_words",
    "world_in_words",
]

PLURALS = {
    "psychiatrist": "psychiatrists",
    "cpn": "community psychiatric nurses",
    "care_coordinator": "care co-ordinators",
    "support_worker": "support workers",
}


class Setting(NamedTuple):
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


class Target(NamedTuple):
    """Something a shock can act on: a parameter or an event."""

    acts_on: str
    how: str
    level: str
    unit: str
    low: float
    high: float
    note: str


@dataclass(frozen=True)
class Listing:
    """A scenario, and the study if one was asked for, with everything filled in.

    Attributes
    ----------
    scenario
        The world; None for the plain catalogue.
    study
        The study; None unless one was asked for.
    """

    scenario: Scenario | None
    study: Study | None = None
    settings: tuple[Setting, ...] = field(default=())

    @property
    def world(self) -> World | None:
        """The world at the size it is simulated: a study's frame may change the scenario's."""
        if self.scenario is None:
            return None
        return self.study.world(self.scenario) if self.study else self.scenario.world

    @property
    def parameters(self) -> pd.DataFrame:
        """Every parameter with its value, the one it replaces, unit, range, source and grade."""
        import pandas as pd

        return pd.DataFrame(self.settings)

    @property
    def shocks(self) -> pd.DataFrame:
        """The shocks of the scenario, one row each, with `words` for people."""
        import pandas as pd

        found = self.scenario.shocks if self.scenario else ()
        rows = [one.model_dump(exclude={"who"}) | {"words": shock_in_words(one)} for one in found]
        return pd.DataFrame(rows, columns=[*Shock.model_fields.keys() - {"who"}, "words"])

    @property
    def targets(self) -> pd.DataFrame:
        """What a shock can act on."""
        import pandas as pd

        return pd.DataFrame(targets())

    def as_data(self) -> dict[str, Any]:
        """The listing as plain data."""
        said: dict[str, Any] = {}
        for kind, one in (("study", self.study), ("scenario", self.scenario)):
            if one is not None:
                said[kind] = {**one.resolved(), "hash": one.hash}
        if self.scenario:
            said["shocks_in_words"] = [shock_in_words(one) for one in self.scenario.shocks]
        return {**said, "parameters": [one._asdict() for one in self.settings]}

    def _repr_html_(self) -> str:
        title = next((one.title for one in (self.study, self.scenario) if one), "Parameters")
        shocks = "".join(
            f"<li>{escape(shock_in_words(one))}</li>"
            for one in (self.scenario.shocks if self.scenario else ())
        )
        changed = self.parameters[[one.before is not None for one in self.settings]]
        table = changed.to_html(index=False) if len(changed) else "<p>No parameter is changed.</p>"
        return f"<h3>{escape(title)}</h3><ol>{shocks}</ol>{table}"


def listing(name: str | Path | None = None) -> Listing:
    """Gather what is to be shown; see `egocohort.api.show`."""
    if name is None:
        return Listing(None, None, parameters_of(None))
    found = find(name)
    if isinstance(found, Study):
        scenario = read_scenario(found.scenario)
        plan = plan_in(found)
        if plan is None or plan.process == "world":  # the panel needs no world
            check_frame(found, lived_scenario(scenario, found))
        return Listing(scenario, found, parameters_of(scenario))
    return Listing(found, None, parameters_of(found))


def find(name: str | Path) -> Scenario | Study:
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
    known = [*list_scenarios(), *list_studies()]
    hint = nearest(str(name), known) or f"; known: {', '.join(known)}"
    raise InputError(f'there is no scenario or study "{name}"{hint}, or give a .toml file')


def parameters_of(scenario: Scenario | None, known: Catalogue | None = None) -> tuple[Setting, ...]:
    """Every parameter as a scenario has it, in the order of the catalogue."""
    changed = scenario.parameters if scenario else {}
    return tuple(_setting(one, changed) for one in (known or catalogue()).values())


def _setting(entry: Entry, changed: Mapping[str, float]) -> Setting:
    value = changed.get(entry.path, entry.value)
    before = entry.value if entry.path in changed and value != entry.value else None
    return Setting(
        entry.path, value, before, entry.unit, entry.low, entry.high, entry.source, entry.grade,
        entry.note,
    )  # fmt: skip


def targets() -> list[Target]:
    """What a shock can act on: events first, then every parameter."""
    events = [
        Target(name, "force", "ego", "", 0 if name == "event.closure" else 1, 1, does)
        for name, does in EVENTS.items()
    ]
    return events + [
        Target(one.path, "set, multiply, add", one.level, one.unit, one.low, one.high, one.note)
        for one in catalogue().values()
    ]


def world_in_words(world: World) -> str:
    """How large the world is."""
    teams, sites = sum(world.teams_per_site), len(world.teams_per_site)
    egos = world.caseload
    scaled = "" if world.scale == 1 else f" ({world.egos_per_team} scaled by {world.scale:g})"
    return (
        f"{_many(teams, 'team')} at {_many(sites, 'site')}, {egos} egos in each{scaled}; "
        f"{world.runin_weeks} weeks of run-in, then {world.horizon_weeks} weeks"
    )


def team_in_words(world: World) -> str:
    """Staff of every team: posts and whole-time equivalents by role."""
    by_role = world.staff.by_role()
    said = []
    for role in ROLES:
        fte = by_role[role]
        name = PLURALS[role] if len(fte) != 1 else PLURALS[role].removesuffix("s")
        said.append(f"{len(fte)} {name} ({sum(fte) * world.scale:.1f} full-time)")
    return ", ".join(said)


def shock_in_words(shock: Shock) -> str:
    """A shock as a sentence."""
    return f"{_when(shock)}, {_whom(shock)}: {_what(shock)}"


def _when(shock: Shock) -> str:
    since = "of the study" if shock.from_week is not None else "after each ego's own baseline"
    lasts = f" for {_many(shock.weeks, 'week')}" if shock.weeks else ""
    lasts = lasts or ("" if shock.how == "force" else " to the end")
    return (
        f"from week {shock.starts} {since}{lasts}" if lasts else f"in week {shock.starts} {since}"
    )


def _whom(shock: Shock) -> str:
    who, said = shock.who, []
    if who.share is not None:
        said.append(f"{who.share * 100:g} % of them drawn by chance")
    for name, noun in (("site", "site"), ("team", "team"), ("diagnosis", ""), ("arm", "arm")):
        given = getattr(who, name)
        if given:
            words = " or ".join(str(one).replace("_", " ") for one in given)
            said.append(f"{noun} {words}".strip())
    said += [one.replace("_", " ") for one in who.role or ()]
    for name, yes, no in (
        ("has_partner", "with a partner", "without a partner"),
        ("constrictor", "who constrict in an episode", "who do not constrict in an episode"),
    ):
        given = getattr(who, name)
        if given is not None:
            said.append(yes if given else no)
    return ", ".join(said) if said else "for everybody"


def _what(shock: Shock) -> str:
    if shock.how == "force":
        share = f" ({shock.value * 100:g} % of them)" if shock.acts_on == "event.closure" else ""
        return f"{shock.acts_on} {EVENTS[shock.acts_on].partition(';')[0]}{share}"
    entry = catalogue()[shock.acts_on]
    done = {"set": "is set to", "multiply": "is multiplied by", "add": "has added to it"}[shock.how]
    after = shock.applied(entry.value)
    return (
        f"{shock.acts_on} {done} {shock.value:g} "
        f"({entry.value:g} -> {after:g} {entry.unit}, from the catalogue's value)"
    )


def _many(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
