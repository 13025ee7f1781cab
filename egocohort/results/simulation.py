"""A simulated study in the hand: its tables, measures and pictures, in memory or read from disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.result import Result
from sim.data.place import MAPS, Which
from sim.errors import InputError
from sim.study.lazy import Lazy

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from matplotlib.figure import Figure

    from analysis.measures.study import Loss
    from egocohort.results.bundle_content import BundleContent, StudyTables
    from sim.data.bundle import Bundle

__all__ = ["Simulation"]

COMPUTED = ("table_one", "retention", "ties_lost")
"""Tables that are computed from those of the bundle."""


class Simulation(Result):
    """One simulated study: SYNTHETIC, simulated people, not real ones.

    What `egocohort.simulate` returns. Tables and measures are pandas DataFrames. All is made
    when it is first asked for, with only what that needs.

    Attributes
    ----------
    study_id, scenario_id : str
        What was simulated.
    seed, replicate
        The key of the random draws.
    folder : pathlib.Path or None
        Where the bundle lies; None while it is in memory alone.
    """

    def __init__(
        self,
        source: StudyTables,
        names: Iterable[str],
        find_manifest: Callable[[], Mapping[str, Any]],
        *,
        which: Which,
        folder: Path | None = None,
    ) -> None:
        self._source, self._names, self._find_manifest = source, tuple(names), find_manifest
        self._content: BundleContent | None = None
        self._which = which
        self.study_id, self.scenario_id = which.study, which.scenario
        self.seed, self.replicate = which.seed, which.replicate
        self.folder = folder

    @classmethod
    def from_content(cls, content: BundleContent) -> Simulation:
        """Wrap a study that was just simulated."""
        which = Which.of_recipes(content.study, content.scenario, content.seed, content.replicate)
        made = cls(content, _in_order(content.names), content.manifest, which=which)
        made._content = content
        return made

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Simulation:
        """Wrap a bundle on disk."""
        said = bundle.manifest
        which = Which.of_manifest(said)
        names = _in_order(path.rpartition(".")[0] for path in said["files"])
        return cls(bundle, names, lambda: said, which=which, folder=bundle.folder)

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What was simulated and with what, as in manifest.json; its files only from disk."""
        return self._find_manifest()

    def save(self, out: str | Path, *, force: bool = False) -> list[Path]:
        """Write the bundle as a folder inside `out`, whole or not at all.

        Parameters
        ----------
        out
            Folder that will hold the bundle's folder; made if need be.
        force
            Replace this bundle if it is already there.

        Returns
        -------
        list of pathlib.Path
            The bundle's files; `folder` is where they lie.

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
        from sim.data.provenance import MANIFEST, read_manifest
        from sim.data.writing import needed_tables, write_bundle

        if self._content is None:
            raise InputError(f"{self.folder}: already on disk; copy the folder instead")
        made = self._content
        if any(name not in made.names for name in needed_tables()):
            raise InputError(f"{self.title}: has some tables alone, and a bundle needs all of them")
        self.folder = folder = write_bundle(
            Path(out) / self._which.folder_name,
            tables=made.tables,
            truth=made.truth,
            scenario=made.scenario,
            study=made.study,
            force=force,
            **made.rest,
        )
        return [folder / name for name in (*read_manifest(folder)["files"], MANIFEST)]

    def arrow(self, name: str) -> pa.Table:
        """Return one table by its name in the codebook, as pyarrow has it."""
        return self._source.arrow(name)

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
    def items(self) -> pd.DataFrame:
        """Answers to questionnaires, one row for each interview."""
        return self.table("items")

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
    def truth_missing(self) -> pd.DataFrame:
        """Ties that existed at a wave and were not seen, and why."""
        return self.table("truth/missing")

    @cached_property
    def truth_waves(self) -> pd.DataFrame:
        """What was true of each participant at each wave, interviewed or not."""
        return self.table("truth/waves")

    @cached_property
    def truth_items(self) -> pd.DataFrame:
        """Answers as they were given, or would have been."""
        return self.table("truth/items")

    @cached_property
    def truth_members(self) -> pd.DataFrame:
        """Ties there were at each wave, and which are on the error-free map."""
        return self.table("truth/members")

    @cached_property
    def truth_pairs(self) -> pd.DataFrame:
        """Members of the error-free map who know each other."""
        return self.table("truth/pairs")

    @cached_property
    def truth_ladder(self) -> pd.DataFrame:
        """The same estimands rung by rung, from the frame to the data."""
        return self.table("truth/ladder")

    @cached_property
    def truth_counterfactual(self) -> pd.DataFrame:
        """Participants in other arms; only where it was asked for."""
        return self.table("truth/counterfactual")

    @cached_property
    def estimands(self) -> pd.DataFrame:
        """True values of what the study wants to know, each with its definition."""
        return self.table("truth/estimands")

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
        from egocohort.results.summary import true_losses

        return true_losses(self)

    @property
    def title(self) -> str:
        """What was simulated, in a line."""
        return f"{self.study_id} in {self.scenario_id}, seed {self.seed}{self._repetition}"

    @property
    def _repetition(self) -> str:
        return "" if self.replicate is None else f", replicate {self.replicate}"

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """All tables by name, those of the bundle and the measures; each made when asked for."""
        makers = {name: partial(self.table, name) for name in self._names}
        return Lazy({**makers, **{name: partial(getattr, self, name) for name in COMPUTED}})

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """What the study saw in short: a notebook makes nothing of the truth."""
        return "table_one", "retention"

    @property
    def shown_pictures(self) -> tuple[str, ...]:
        """The maps alone, for the same reason."""
        return ("maps",)

    @property
    def picture(self) -> Path | None:
        """Where the picture of maps lies beside the bundle, if one was drawn there."""
        file = None if self.folder is None else self.folder / MAPS
        return file if file is not None and file.is_file() else None

    def as_data(self) -> dict[str, Any]:
        """What was simulated, where it lies, and flow, table_one, retention and ties_lost."""
        from egocohort.results.summary import measured

        places = {"bundle": self.folder, "picture": self.picture}
        return {
            "study": self.study_id, "scenario": self.scenario_id, "seed": self.seed,
            "replicate": self.replicate, "synthetic": True,
            **{name: place and str(place) for name, place in places.items()}, **measured(self),
        }  # fmt: skip

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Ego maps over the waves ("maps"), "retention", and the "ties" lost by cause."""
        return {"maps": self._maps, "retention": self._retention, "ties": self._ties}

    def _maps(self) -> Figure:
        from analysis.figures import study as figures

        return figures.ego_maps(self)

    def _retention(self) -> Figure:
        from analysis.figures import study as figures
        from analysis.measures import study as measures

        figure = _wide()
        figures.retention_axes(measures.retention(self.arrow("attrition")), figure.subplots())
        return figure

    def _ties(self) -> Figure:
        from analysis.figures import study as figures

        figure = _wide()
        figures.ties_by_cause(self.losses(), figure.subplots())
        return figure

    def summary(self) -> str:
        """Who took part, the maps beside the founding paper's, retention and ties lost, as text."""
        from egocohort.results.summary import as_text

        return as_text(self.title, self, self.manifest)

    def __repr__(self) -> str:
        return f"<SYNTHETIC {self.title}>"


def _in_order(names: Iterable[str]) -> list[str]:
    """Those that are names of tables, in the order of the codebook; errors left in make none."""
    from sim.data.codebook import tables

    there = set(names)
    known = [name for name, one in tables().items() if not one.is_as_collected]
    return [one for name in known for one in (name, f"{name}_miss") if one in there]


def _wide() -> Figure:
    from analysis.figures.canvas import steady_figure

    return steady_figure((9, 4))


def _frame(rows: list[Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
