"""What `egocohort show` lists: a scenario or a study, with everything filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.questions.of_study import plan_in
from egocohort.results.result import Result
from egocohort.results.settings import (
    ParameterSetting,
    find_recipe,
    parameters_of,
    shock_targets,
)
from egocohort.results.shock_words import shocks_in_words
from sim.study.frame import check_frame, lived_scenario
from sim.study.spec import Study
from sim.world.scenario import Scenario, World, read_scenario
from sim.world.shock import Shock

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Listing", "listing"]


@dataclass(frozen=True)
class Listing(Result):
    """A scenario, and the study if one was asked for, with everything filled in.

    Attributes
    ----------
    scenario
        The world; None for the plain catalogue.
    study
        The study; None unless one was asked for.
    named
        As it was asked for: by what name or path; empty for the plain catalogue.
    """

    scenario: Scenario | None
    study: Study | None = None
    settings: tuple[ParameterSetting, ...] = field(default=())
    named: str = ""

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

        rows = [
            one.model_dump(exclude={"who"}) | {"words": words}
            for one, words in zip(self._shocks, self._in_words, strict=True)
        ]
        return pd.DataFrame(rows, columns=[*Shock.model_fields.keys() - {"who"}, "words"])

    @property
    def targets(self) -> pd.DataFrame:
        """What a shock can act on."""
        import pandas as pd

        return pd.DataFrame(shock_targets())

    def as_data(self) -> dict[str, Any]:
        """The listing as plain data."""
        said: dict[str, Any] = {}
        for kind, one in (("study", self.study), ("scenario", self.scenario)):
            if one is not None:
                said[kind] = {**one.resolved(), "hash": one.hash}
        if self.scenario:
            said["shocks_in_words"] = self._in_words
        return {**said, "parameters": [one._asdict() for one in self.settings]}

    @property
    def title(self) -> str:
        """That of the study, of the scenario, or of all parameters."""
        return next((one.title for one in (self.study, self.scenario) if one), "Parameters")

    @property
    def headline(self) -> str:
        """The shocks in words."""
        return "\n".join(self._in_words)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`changed` and all `parameters`, `shocks`, and `targets` of shocks."""
        return {
            "changed": self.parameters[[one.before is not None for one in self.settings]],
            "parameters": self.parameters, "shocks": self.shocks, "targets": self.targets,
        }  # fmt: skip

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """What the scenario changes, at once and later; all parameters where there is none."""
        return ("changed", "shocks") if self.scenario else ("parameters",)

    @property
    def _shocks(self) -> tuple[Shock, ...]:
        return self.scenario.shocks if self.scenario else ()

    @property
    def _in_words(self) -> list[str]:
        return shocks_in_words(self.scenario) if self.scenario else []

    def summary(self) -> str:
        """Everything filled in, as text; the studies and scenarios there are if none was named."""
        import click

        from egocohort.results.listing_text import blocks

        shown = blocks(self.study, self.scenario, self.settings, named=self.named)
        return click.unstyle("\n\n".join(shown))


def listing(name: str | Path | None = None) -> Listing:
    """Gather what is to be shown; see `egocohort.api.show`."""
    if name is None:
        return Listing(None, None, parameters_of(None))
    found = find_recipe(name)
    if isinstance(found, Study):
        scenario = read_scenario(found.scenario)
        plan = plan_in(found)
        if plan is None or plan.process == "world":  # the panel needs no world
            check_frame(found, lived_scenario(scenario, found))
        return Listing(scenario, found, parameters_of(scenario), str(name))
    return Listing(found, None, parameters_of(found), str(name))
