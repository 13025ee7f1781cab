"""A simulated study in the hand: its tables, measures and pictures, in memory or read from disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from matplotlib.figure import Figure

    from analysis.measures.study import Loss
    from sim.data.bundle import Bundle
    from sim.data.provenance import Recipe

__all__ = ["Content", "Simulation"]

PLOTS = ("maps", "retention", "ties")


class Content(NamedTuple):
    """All that a bundle holds, before it is written; made when it is first asked for.

    Attributes
    ----------
    tables, truth : Mapping
        Tables by name.
    rest : Mapping
        ``estimands`` and ``provenance``.
    study, scenario
        What was simulated.
    seed, replicate
        The key of the random draws.
    """

    tables: Mapping[str, pa.Table]
    truth: Mapping[str, pa.Table]
    rest: Mapping[str, Any]
    study: Recipe
    scenario: Recipe
    seed: int
    replicate: int | None

    def manifest(self) -> dict[str, Any]:
        """What was simulated and with what, as manifest.json has it."""
        source = self.rest["provenance"]
        said: dict[str, Any] = {
            "versions": dict(source.versions),
            "git_commit": source.git_commit,
            "command": list(source.command),
            "seed": self.seed,
            "replicate": self.replicate,
        }
        for kind, one in (("scenario", self.scenario), ("study", self.study)):
            said[kind] = {"id": one.id, "hash": one.hash, "resolved": one.resolved()}
        return said


class _Tables(Protocol):
    """Where the tables come from: `Content` wrapped in memory, or a bundle on disk."""

    def arrow(self, name: str) -> pa.Table:
        """Return one table by its name in the codebook."""


class _InMemory:
    def __init__(self, content: Content) -> None:
        self._content = content

    def arrow(self, name: str) -> pa.Table:
        place, _, last = name.rpartition("/")
        found = {"": self._content.tables, "truth": self._content.truth}.get(place, {})
        if last not in found:
            known = [*self._content.tables, *(f"truth/{one}" for one in self._content.truth)]
            raise InputError(f'this study has no table "{name}"{nearest(name, known)}')
        return found[last]


class Simulation:
    """One simulated study: SYNTHETIC, simulated people, not real ones.

    What `egocohort.simulate` returns. Tables and measures are pandas DataFrames. All is made
    when it is first asked for, with only what that needs.

    Attributes
    ----------
    study, scenario : str
        Ids of what was simulated.
    seed, replicate
        The key of the random draws.
    folder : pathlib.Path or None
        Where the bundle lies; None while it is in memory alone.
    """

    def __init__(
        self,
        tables: _Tables,
        find_manifest: Callable[[], Mapping[str, Any]],
        *,
        study: str,
        scenario: str,
        seed: int,
        replicate: int | None,
        folder: Path | None = None,
    ) -> None:
        self._tables, self._find_manifest = tables, find_manifest
        self._content: Content | None = None
        self.study, self.scenario = study, scenario
        self.seed, self.replicate = seed, replicate
        self.folder = folder

    @classmethod
    def from_content(cls, content: Content) -> Simulation:
        """Wrap a study that was just simulated."""
        made = cls(
            _InMemory(content),
            content.manifest,
            study=content.study.id,
            scenario=content.scenario.id,
            seed=content.seed,
            replicate=content.replicate,
        )
        made._content = content
        return made

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Simulation:
        """Wrap a bundle on disk."""
        said = bundle.manifest
        return cls(
            bundle,
            lambda: said,
            study=str(said["study"]["id"]),
            scenario=str(said["scenario"]["id"]),
            seed=said["seed"],
            replicate=said["replicate"],
            folder=bundle.folder,
        )

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What was simulated and with what, as in manifest.json; its files only from disk."""
        return self._find_manifest()

    def save(self, out: str | Path, *, force: bool = False) -> Path:
        """Write the bundle as a folder inside `out`, whole or not at all.

        Parameters
        ----------
        out
            Folder that will hold the bundle's folder; made if need be.
        force
            Replace this bundle if it is already there.

        Returns
        -------
        pathlib.Path
            The bundle's folder.

        Raises
        ------
        sim.errors.InputError
            If the bundle is there already, or files that are no part of it, or this one was itself
            read from disk.
        sim.errors.HeldError
            If another run is writing it.
        sim.errors.RunError
            If the disk is full or cannot be written.
        """
        from sim.data.place import Which
        from sim.data.writing import write_bundle

        if self._content is None:
            raise InputError(f"{self.folder}: already on disk; copy the folder instead")
        which = Which(self.study, self.scenario, self.seed, self.replicate)
        folder = Path(out) / which.folder_name
        made = self._content
        self.folder = write_bundle(
            folder,
            tables=made.tables,
            truth=made.truth,
            scenario=made.scenario,
            study=made.study,
            force=force,
            **made.rest,
        )
        return self.folder

    def arrow(self, name: str) -> pa.Table:
        """Return one table by its name in the codebook, as pyarrow has it."""
        return self._tables.arrow(name)

    def table(self, name: str) -> pd.DataFrame:
        """Return one table by its name in the codebook, for instance ``truth/missing``."""
        return self.arrow(name).to_pandas(date_as_object=False)

    @cached_property
    def persons(self) -> pd.DataFrame:
        """Participants, one row each."""
        return self.table("persons")

    @cached_property
    def egos(self) -> pd.DataFrame:
        """Interviews, one row each."""
        return self.table("egos")

    @cached_property
    def alters(self) -> pd.DataFrame:
        """Network members, one row per interview and member."""
        return self.table("alters")

    @cached_property
    def aaties(self) -> pd.DataFrame:
        """Ties between network members."""
        return self.table("aaties")

    @cached_property
    def attrition(self) -> pd.DataFrame:
        """Scheduled waves, kept and missed."""
        return self.table("attrition")

    @cached_property
    def flow(self) -> pd.DataFrame:
        """Numbers of people by stage of the study."""
        return self.table("flow")

    @cached_property
    def truth_ties(self) -> pd.DataFrame:
        """Ties that were alive in the study window, whether or not the study saw them."""
        return self.table("truth/ties")

    @cached_property
    def truth_events(self) -> pd.DataFrame:
        """Events in the lives of the egos."""
        return self.table("truth/events")

    @cached_property
    def truth_weekly(self) -> pd.DataFrame:
        """States of every ego in every week."""
        return self.table("truth/weekly")

    @cached_property
    def table_one(self) -> pd.DataFrame:
        """Table 1 beside that of the founding paper."""
        from analysis.measures import study as measures

        return _frame(measures.table_one(self.arrow("persons"), self.arrow("alters")))

    @cached_property
    def retention(self) -> pd.DataFrame:
        """Who was interviewed at each wave, with 95 % intervals."""
        from analysis.measures import study as measures

        return _frame(measures.retention(self.arrow("attrition")))

    @cached_property
    def ties_lost(self) -> pd.DataFrame:
        """What truly became of the ties alive at baseline, by class and cause.

        Up to the last wave, or for a year where the study is longer.
        """
        return _frame(self.losses())

    def losses(self) -> list[Loss]:
        """Count the true ties lost, as rows; `ties_lost` has them as a DataFrame."""
        from analysis.measures import study as measures

        weeks = measures.weeks_followed(self.arrow("egos"))
        return measures.ties_lost(self.arrow("truth/ties"), weeks)

    def plot(self, what: str = "maps") -> Figure:
        """Draw ego maps over the waves, retention, or the ties lost by cause.

        Parameters
        ----------
        what
            "maps", "retention" or "ties".
        """
        from matplotlib.figure import Figure

        from analysis.figures import study as figures
        from analysis.measures import study as measures

        if what not in PLOTS:
            hint = nearest(what, PLOTS) or f"; known: {', '.join(PLOTS)}"
            raise InputError(f'there is no plot "{what}"{hint}')
        if what == "maps":
            return figures.ego_maps(self)
        figure = Figure(figsize=(9, 4), layout="constrained")
        if what == "retention":
            figures.retention(measures.retention(self.arrow("attrition")), figure.subplots())
        else:
            figures.ties_by_cause(self.losses(), figure.subplots())
        return figure

    def summary(self) -> str:
        """Who took part, the maps beside the founding paper's, retention and ties lost, as text."""
        from egocohort.results.summary import as_text

        return as_text(self)

    def __repr__(self) -> str:
        replicate = "" if self.replicate is None else f", replicate {self.replicate}"
        return f"<SYNTHETIC {self.study} in {self.scenario}, seed {self.seed}{replicate}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary())}</pre>"


def _frame(rows: list[Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
