"""Measures of the personal networks of a study, as tables and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.result import Result
from egocohort.results.simulation import Simulation
from egocohort.results.whole_bundle import whole_bundle
from egocohort.terminal.output import columns
from sim.errors import counted

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.measures.networks.layout import Networks
    from analysis.measures.networks.tables import MeasureColumns

__all__ = ["NetworkMeasures", "measures_of"]

N_DENSITY = "n_density"
"""Interviews that have a density, which are fewer than there are."""
OF_INTERVIEWS = (
    "size", "comp_ei", N_DENSITY, "density", "constraint", "effective_size", "betweenness",
)  # fmt: skip
OF_STEPS = ("kept", "lost", "new", "stability", "turnover", "jaccard")
"""What a summary shows the means of."""


@dataclass(frozen=True)
class NetworkMeasures(Result):
    """Measures of every interview of a study, of each class of tie, and of change between waves.

    Attributes
    ----------
    study : Simulation
        What was measured.
    """

    study: Simulation

    @cached_property
    def _networks(self) -> Networks:
        from analysis.measures.networks.layout import networks_of

        return networks_of(self.study)

    @cached_property
    def interviews(self) -> pd.DataFrame:
        """Measures of people, objects left out: one row an interview."""
        from analysis.measures.networks.tables import people_measures

        return self._of_interviews(people_measures(self._networks))

    @cached_property
    def with_objects(self) -> pd.DataFrame:
        """The same of all members, objects as members who know nobody."""
        from analysis.measures.networks.tables import member_measures

        return self._of_interviews(member_measures(self._networks))

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Measures of each class by itself: one row a class at an interview."""
        from analysis.measures.networks.tables import class_measures
        from sim.world.kinds import TIE_CLASSES

        found = class_measures(self._networks)
        at = found.pop("interview")
        words = [TIE_CLASSES[one] for one in found.pop("tie_class")]
        return self._of_interviews({"tie_class": words, **found}, at)

    @cached_property
    def change(self) -> pd.DataFrame:
        """Who stayed, left and came: one row for two successive interviews and some members."""
        import numpy as np
        import pandas as pd

        from analysis.measures.networks.tables import change_measures
        from analysis.measures.networks.waves import steps_between
        from sim.world.kinds import TIE_CLASSES

        networks, egos = self._networks, self.study.egos
        person, wave = pd.factorize(egos["ego_pid"])[0], egos["wave"].to_numpy()
        steps = steps_between(person, wave)
        step = {
            "ego_pid": egos["ego_pid"].to_numpy()[steps.first],
            "from_wave": wave[steps.first],
            "to_wave": wave[steps.second],
        }
        groups = {"people": networks.human, "all": np.ones_like(networks.human)}
        groups |= {one: networks.tie_class == code for code, one in enumerate(TIE_CLASSES)}
        parts = [
            pd.DataFrame({**step, "members": name, **change_measures(networks, steps, kept)})
            for name, kept in groups.items()
        ]
        return pd.concat(parts, ignore_index=True)

    def _of_interviews(
        self, found: Mapping[str, Any] | MeasureColumns, at: np.ndarray | slice = slice(None)
    ) -> pd.DataFrame:
        """Measures beside what says which interview they are of."""
        import pandas as pd

        egos = self.study.egos
        said = {
            name: egos[name].to_numpy()[at] for name in ("egoID", "ego_pid", "wave", "aaties_asked")
        }
        return pd.DataFrame({**said, **found})

    @property
    def title(self) -> str:
        """What was measured, in a line."""
        return f"The networks of {self.study.title}"

    @property
    def headline(self) -> str:
        """How large and how dense networks are, in one sentence."""
        table = self.interviews
        people = counted(table["ego_pid"].nunique(), "person")
        said = f"In {counted(len(table), 'interview')}, {people} named {table['size'].mean():.1f} "
        said += "people on average"
        if table["density"].notna().any():
            said += f", with a mean density of {table['density'].mean():.2f}"
        return f"{said}{_without_density(table)}."

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`interviews`, `with_objects`, `classes` and `change`, as the properties say."""
        return {
            "interviews": self.interviews, "with_objects": self.with_objects,
            "classes": self.classes, "change": self.change,
        }  # fmt: skip

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """Those of people; a notebook has the others in `tables`."""
        return "interviews", "change"

    def as_data(self) -> dict[str, Any]:
        """What was measured, the sentence, and the rows of every table."""
        from egocohort.results.plain import plain_rows

        rows = {name: plain_rows(table) for name, table in self.tables.items()}
        return {"study": self.study.title, "synthetic": True, "sentence": self.headline, **rows}

    def summary(self) -> str:
        """The sentence, and means by wave and of the steps between waves."""
        people = self.change[self.change["members"] == "people"]
        parts = [self.headline, "People on the maps, means by wave\n"]
        parts[-1] += _means(self.interviews, ["wave"], OF_INTERVIEWS)
        if len(people):
            parts.append("People who stayed, left and came, means of the steps from wave to wave\n")
            parts[-1] += _means(people, ["from_wave", "to_wave"], OF_STEPS)
        return "\n\n".join(parts)


def _without_density(table: pd.DataFrame) -> str:
    """How many interviews have none, and why; nothing if all have one."""
    broken = int((table["aaties_asked"] == 0).sum())
    few = int(table["density"].isna().sum()) - broken
    why = [f"{broken} broke off"] if broken else []
    why += [f"{few} named fewer than two people"] if few else []
    if not why:
        return ""
    return f"; density is missing for {counted(broken + few, 'interview')}: {', '.join(why)}"


def _means(table: pd.DataFrame, by: list[str], names: tuple[str, ...]) -> str:
    """Means of some columns in lines of text, - where there is none."""
    rows = [("wave", "n", *names)]
    for key, part in table.groupby(by):
        shown = (_mean(part, name) for name in names)
        rows.append((" to ".join(map(str, key)), str(len(part)), *shown))
    return columns(rows, right=range(1, len(rows[0])))


def _mean(part: pd.DataFrame, name: str) -> str:
    if name == N_DENSITY:
        return str(part["density"].count())
    mean = part[name].mean()
    return "-" if mean != mean else f"{mean:.2f}"


def measures_of(bundle: str | Path | Simulation) -> NetworkMeasures:
    """Measure the networks of a bundle; see `egocohort.api.measures`."""
    return NetworkMeasures(bundle if isinstance(bundle, Simulation) else whole_bundle(bundle))
