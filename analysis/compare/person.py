"""One person's year under each scenario: what happened, how it ended, and who was there.

A person's difference in one future is mostly luck; this shows how an effect comes about, not how
large it is to be expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.compare.caseloads import CaseloadsSpec
from analysis.compare.looks import TOTAL_COLUMNS
from analysis.compare.outcomes import LIFE_OUTCOMES, life_table, life_tables, outcome_at
from analysis.figures.canvas import blank_figure
from analysis.figures.maps import ego_map
from analysis.measures.study import code_labels
from sim.errors import InputError
from sim.world.kinds import TIE_CLASSES, Diagnosis, Event, Group, Household, Kind
from sim.world.run import History, Place, Watched, live, run_in
from sim.world.streams import key_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PersonLives", "lives_of_person", "person_of"]

TURN = 0.381966
"""Of a circle: steps of it spread any number of members over a map."""
MAP_INCHES = 4.2


@dataclass(frozen=True)
class PersonLives:
    """One person under each scenario, in replicate 0.

    Attributes
    ----------
    spec : CaseloadsSpec
    name : str
        Site, team and number.
    histories : tuple of History
        Of that person alone, one for each scenario, kept at every look.
    before : ndarray, (outcomes,)
        What was counted of totals before week 0.
    """

    spec: CaseloadsSpec
    name: str
    histories: tuple[History, ...]
    before: np.ndarray

    @property
    def who(self) -> str:
        """The person in a few words."""
        ego = self.histories[0].egos[0, 0]  # as at the first look
        sex = "man" if ego["male"] else "woman"
        diagnosis = Diagnosis(ego["diagnosis"]).name.lower().replace("_", " ")
        household = Household(ego["household"]).name.lower()
        return f"{sex}, {ego['age']}, {diagnosis}; household: {household}"

    def outcomes(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """A row for each outcome and look: the figure under each scenario; totals since week 0."""
        tables = [life_tables(one)[:, 0] - self.before for one in self.histories]
        return [
            {
                "person": self.name, "week": week, "outcome": name,
                "label": LIFE_OUTCOMES[outcome_at(name)].label,
                **{
                    self._column(at): float(table[look, outcome_at(name)])
                    for at, table in enumerate(tables)
                },
            }
            for name in names
            for look, week in enumerate(self.spec.weeks)
        ]  # fmt: skip

    def _column(self, scenario: int) -> str:
        return f"{scenario + 1} {self.spec.scenarios[scenario].id}"

    def events(self) -> list[dict[str, Any]]:
        """A row for each thing that happened under any scenario, and under which it did."""
        words = code_labels("truth/events", "event")
        happened = [{tuple(event[name] for name in KEY) for event in one.events}
                    for one in self.histories]  # fmt: skip
        return [
            {
                "person": self.name, "week": int(week),
                "event": words[Event(code).name.lower()],
                "tie": Kind(kind).name.lower().replace("_", " ") if identity else "",
                **{self._column(at): one in found for at, found in enumerate(happened)},
            }
            for one in sorted(set().union(*happened))
            for week, code, identity, kind in [one]
        ]  # fmt: skip

    def figure(self) -> Figure:
        """Maps at the end under each scenario; who is not there as under the first is hollow."""
        from analysis.figures.steady_layout import SteadyLayout

        figure = blank_figure((MAP_INCHES * len(self.histories), MAP_INCHES + 0.6))
        above = SteadyLayout(rect=(0, 0.025, 1, 0.93))  # room for titles
        figure.set_layout_engine(above)
        panels = figure.subplots(1, len(self.histories), squeeze=False)[0]
        first = _members(self.histories[0])
        for at, (history, ax) in enumerate(zip(self.histories, panels, strict=True)):
            before = first if at else None
            ego_map(_members(history), ax, before=before, title=self.spec.scenarios[at].id)
        return figure


KEY = ("week", "event", "identity", "kind")


def person_of(words: str, spec: CaseloadsSpec) -> tuple[Place, int]:
    """The team and the position in it of a person such as ``2.1.17``, numbered from 1.

    Raises
    ------
    InputError
        If there is no such person among the teams that are lived.
    """
    parts = words.split(".")
    numbers = [int(part) if part.isdecimal() else 0 for part in parts]
    places = {(one.site, one.team): one for one in spec.places}
    most = spec.scenarios[0].world.caseload
    if len(numbers) != 3 or tuple(numbers[:2]) not in places or not 1 <= numbers[2] <= most:
        teams = ", ".join(f"{site}.{team}" for site, team in places)
        raise InputError(
            f"--person {words}: there is nobody of that name; give site.team.number, of teams "
            f"{teams} and a number from 1 to {most}"
        )
    return places[numbers[0], numbers[1]], numbers[2] - 1


def lives_of_person(spec: CaseloadsSpec, words: str) -> PersonLives:
    """Live a person's team in replicate 0 under each scenario, and keep what was theirs."""
    place, ego = person_of(words, spec)
    key, stop = key_of(spec.seed, 0), spec.weeks[-1] + 1
    start = run_in(spec.scenarios[0], place, key)
    watched = Watched(np.array([ego], np.int32), np.array([spec.weeks], np.int32))
    histories = []
    for one in spec.scenarios:
        lived = live(one, place, start, key, stop, watched=watched)
        mine = lived.events[lived.events["ego"] == ego]
        histories.append(replace(lived, events=mine))
    before = np.where(TOTAL_COLUMNS, life_table(start)[ego], 0)
    return PersonLives(spec, words, tuple(histories), before)


def _members(history: History) -> dict[str, np.ndarray]:
    """Who is in touch at the last look, as a map has them: the more important the nearer."""
    ties = {name: history.column(name)[0, -1] for name in
            ("group", "active", "identity", "kind", "importance")}  # fmt: skip
    there = (ties["group"] >= 0) & (ties["active"] > 0)
    identity = ties["identity"][there].astype(int)
    angle = 2 * np.pi * ((identity * TURN) % 1)
    radius = 0.06 + 0.42 * (1 - np.clip(ties["importance"][there], 0, 1))
    kinds, groups = ties["kind"][there].astype(int), ties["group"][there].astype(int)
    return {
        "alter_id": identity.astype(str).astype(object),
        "alter_name": np.array([Kind(k).name.lower().replace("_", " ") for k in kinds], object),
        "tie_class": np.array([TIE_CLASSES[Group(g).tie_class] for g in groups], object),
        "map_x": 0.5 + radius * np.cos(angle), "map_y": 0.5 + radius * np.sin(angle),
    }  # fmt: skip
