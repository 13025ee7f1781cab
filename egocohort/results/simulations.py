"""Many simulated studies: one after the other in memory, or on disk as one data set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.runs.kept_tables import REPLICATE
from egocohort.replicates.bundles import write_bundles
from egocohort.replicates.data_set import write_data_set
from egocohort.replicates.request import ManyStudies
from egocohort.results.result import Result
from egocohort.results.simulation import Simulation
from sim.data.provenance import MANIFEST
from sim.errors import counted
from sim.study.lazy import Lazy

if TYPE_CHECKING:
    import pandas as pd

    from egocohort.replicates.forecast import Tell
    from sim.side_by_side import Progress

__all__ = ["Simulations"]


class Simulations(Result):
    """One study simulated many times: SYNTHETIC, simulated people, not real ones.

    What `egocohort.simulate_many` returns. Iterating over it simulates the studies in order and
    lazily, a few ahead side by side, and keeps none; whoever iterates again simulates again.

    Attributes
    ----------
    asked : egocohort.replicates.request.ManyStudies
    threads : int
        Studies to simulate side by side.
    folder : pathlib.Path or None
        Where the data set, or the bundles, were written.
    there : int
        Replicates in the data set, which may have had more than are asked for; 0 before.
    """

    def __init__(
        self, asked: ManyStudies, threads: int = 1, progress: Progress | None = None
    ) -> None:
        self.asked, self.threads, self._progress = asked, threads, progress
        self.folder: Path | None = None
        self.there = 0

    def __len__(self) -> int:
        return self.asked.replicates

    def __iter__(self) -> Iterator[Simulation]:
        return self.asked.each(self.threads, self._progress)

    def save(
        self, out: str | Path, *, bundles: bool = False, tell: Tell | None = None
    ) -> list[Path]:
        """Write one data set, a folder inside `out`; what is there of it is taken up.

        Parameters
        ----------
        out
            Folder that will hold the data set's folder.
        bundles
            Write a bundle for each replicate instead.
        tell
            Told what it will take, after the first two replicates.

        Returns
        -------
        list of pathlib.Path
            The data set's files, or the bundles' manifests; `folder` is where all lie.

        Raises
        ------
        sim.errors.InputError, sim.errors.ResumeError, sim.errors.HeldError, sim.errors.RunError
            As in `egocohort.replicates.data_set.write_data_set`, or `write_bundles`.
        """
        if bundles:
            made = write_bundles(self.asked, out, self.threads, progress=self._progress, tell=tell)
            self.folder, self.there = Path(out), len(made)
            return [folder / MANIFEST for folder in made]
        self.folder, self.there = write_data_set(
            self.asked, out, self.threads, progress=self._progress, tell=tell
        )
        return sorted(one for one in self.folder.rglob("[!.]*") if one.is_file())

    @property
    def title(self) -> str:
        """What is simulated, in a line."""
        run = self.asked.run
        return f"{run.study.id} in {run.scenario.id}, seed {run.seed}, {self.headline}"

    @property
    def headline(self) -> str:
        """How many studies."""
        return counted(len(self), "replicate")

    @property
    def names(self) -> tuple[str, ...]:
        """Tables that were asked for; those of what the study saw by default."""
        return self.asked.names

    def summary(self) -> str:
        """What it is, which tables there are, and where they lie."""
        where = "not on disk"
        if self.folder is not None:
            where = f"{counted(self.there, 'replicate')} in {self.folder}"
        return f"SYNTHETIC: {self.title}\n{', '.join(self.names)}; {where}"

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of all replicates with a column `replicate` in front, in memory.

        All are made when the first is asked for.
        """
        return Lazy({name: partial(self._frame, name) for name in self.names})

    def _frame(self, name: str) -> pd.DataFrame:
        return self._frames[name]

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        import pandas as pd

        made: dict[str, list[pd.DataFrame]] = {name: [] for name in self.names}
        for one in self:
            for name, parts in made.items():
                parts.append(one.table(name).assign(**{REPLICATE: one.replicate}))
        found = {name: pd.concat(parts, ignore_index=True) for name, parts in made.items()}
        return {
            name: table[[REPLICATE, *table.columns.drop(REPLICATE)]]
            for name, table in found.items()
        }

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """None: a notebook simulates nothing to show what this is."""
        return ()

    def as_data(self) -> dict[str, Any]:
        """What is simulated, and where it lies."""
        run = self.asked.run
        return {
            "study": run.study.id, "scenario": run.scenario.id, "seed": run.seed,
            "replicates": len(self), "tables": list(self.names), "synthetic": True,
            "there": self.there, "folder": self.folder and str(self.folder),
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<SYNTHETIC {self.title}>"
