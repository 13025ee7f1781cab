"""The tables of one study, joined as rules need them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.data.errors.log import LINKED
from sim.world.kinds import WEEKS_A_YEAR
from sim.world.parameters import catalogue
from sim.world.scenario import parse_scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StudyRecord"]


class StudyRecord:
    """What a bundle says, seen and true, as pandas tables.

    Parameters
    ----------
    tables : mapping
        Tables of the codebook by name.
    said : mapping
        Content of the manifest: the study as it was planned, and the scenario's parameters.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], said: Mapping[str, Any]) -> None:
        self._tables = tables
        scenario = parse_scenario(said["scenario"]["resolved"], "the manifest's scenario")
        self._parameters = catalogue().record(scenario.parameters)[0]
        self._start = np.datetime64(str(said["study"]["resolved"]["recruitment"]["start"]), "D")

    def table(self, name: str) -> pd.DataFrame:
        """One table as it was written."""
        return self._tables[name]

    def rate(self, path: str) -> float:
        """Value of a parameter in the world of the study."""
        return float(self._parameters[path.replace(".", "_")])

    def week_of(self, dates: pd.Series) -> np.ndarray:
        """Weeks of the calendar that dates lie in."""
        return (dates.to_numpy().astype("datetime64[D]") - self._start).astype(int) // 7

    @cached_property
    def interviews(self) -> pd.DataFrame:
        """`egos` by person and wave, with `week` since the person's baseline."""
        found = self.table("egos").sort_values(["ego_pid", "wave"], kind="stable")
        found = found.assign(calendar=self.week_of(found["interview_date"]))
        first = found[found["wave"] == 1].set_index("ego_pid")["calendar"]
        return found.assign(week=found["calendar"] - found["ego_pid"].map(first))

    @cached_property
    def baseline(self) -> pd.Series:
        """Calendar week of everybody's first interview, by person."""
        first = self.interviews[self.interviews["wave"] == 1]
        return first.set_index("ego_pid")["calendar"]

    @cached_property
    def ties(self) -> pd.DataFrame:
        """`truth/ties` with the ego's `ego_age`, whole years at baseline, and `ego_sex`."""
        persons = self.table("persons")[["ego_pid", "age_baseline", "sex"]]
        persons = persons.rename(columns={"age_baseline": "ego_age", "sex": "ego_sex"})
        return self.table("truth/ties").merge(persons, on="ego_pid", how="left")

    @cached_property
    def alters(self) -> pd.DataFrame:
        """`alters` without the errors of linking that were put into `alter_id`."""
        found = self.table("alters")
        if "truth/corruption_log" not in self._tables:
            return found
        log = self.table("truth/corruption_log")
        log = log[log["file"] == LINKED]
        ids = found["alter_id"].to_numpy(copy=True)
        ids[log["row_number"].to_numpy() - 1] = log["before"].to_numpy()
        return found.assign(alter_id=ids)

    @cached_property
    def members(self) -> pd.DataFrame:
        """`alters` with `week` of the interview, `ego_age` at it, and `true_...` of the tie.

        `age` is the member's at the interview, in years.
        """
        at = self.interviews[["egoID", "week", "ego_age"]]
        true = self.table("truth/ties").drop(columns=["synthetic"])
        true = true.rename(
            columns={name: f"true_{name}" for name in true if name not in ("ego_pid", "alter_id")}
        )
        found = self.alters.merge(at, on="egoID", how="left")
        found = found.merge(true, on=["ego_pid", "alter_id"], how="left")
        return found.assign(age=found["true_alter_age"] + found["week"] / WEEKS_A_YEAR)

    @cached_property
    def events(self) -> pd.DataFrame:
        """`truth/events` as they happened, with `place` in each person's life."""
        found = self.table("truth/events").sort_values(["ego_pid", "week"], kind="stable")
        return found.assign(place=np.arange(len(found)))
