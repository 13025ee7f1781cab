"""The cheapest design of a study, with what else was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.planning.design.cheapest import CheapestResult, find_cheapest
from analysis.planning.planner import STUDIES
from egocohort.results.parts import CheapestPart, Part, check_parts, contents_of, parts_at
from egocohort.results.plain import finite
from egocohort.results.result import Result
from sim.files.folder import hold_results
from sim.study.spec import Study, read_study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["CheapestDesign", "make_cheapest"]


@dataclass(frozen=True)
class CheapestDesign(Result):
    """The cheapest design of a study, with what else was asked of it: simulated, no evidence.

    Attributes
    ----------
    parts : tuple of Part
        The cheapest design first.
    folder : pathlib.Path or None
        Where its results lie.
    files : tuple of pathlib.Path
        The results written there.
    """

    parts: tuple[Part, ...]
    folder: Path | None = None
    files: tuple[Path, ...] = ()

    @property
    def title(self) -> str:
        """Whose design it is."""
        return f"The cheapest design of {self._found.study.id}, seed {self._found.seed}"

    @property
    def headline(self) -> str:
        """The design and for how many people, and what else was asked of it."""
        return "\n".join(one.answer() for one in self.parts)

    @property
    def _found(self) -> CheapestResult:
        first = self.parts[0]
        assert isinstance(first, CheapestPart)  # noqa: S101  # it is made so
        return first.result

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: table for one in self.parts for name, table in one.tables.items()}

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Power against cost ("cheapest"), and one for each other part."""
        return {one.name: one.plot for one in self.parts}

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        about = {"study": self._found.study.id, "seed": self._found.seed}
        parts = {one.name: one.as_data() for one in self.parts}
        return dict(finite({"synthetic": True, **about, **parts}))

    def summary(self) -> str:
        """In words."""
        return "\n\n".join(one.summary() for one in self.parts)

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        return contents_of(self.parts)


def make_cheapest(
    study: str | Path | Study,
    *,
    seed: int,
    out: str | Path | None = None,
    replicates: int | None = None,
    precision: float | None = None,
    threads: int = 1,
    with_attrition: bool = False,
    with_recruitment: bool = False,
    progress: Progress | None = None,
) -> CheapestDesign:
    """Find the cheapest design; with `out`, write it there. See `egocohort.api.plans.cheapest`."""
    asked = study if isinstance(study, Study) else read_study(study)
    check_parts(asked, with_attrition=with_attrition, with_recruitment=with_recruitment)
    replicates = replicates or STUDIES
    folder = None if out is None else Path(out) / asked.id
    with hold_results(folder):
        result = find_cheapest(
            asked, seed=seed, replicates=replicates, precision=precision, threads=threads,
            progress=progress,
        )  # fmt: skip
        best = result.best
        parts: tuple[Part, ...] = (CheapestPart(result),)
        if best is not None and best.n is not None:
            parts += parts_at(
                best.variant.study, best.n, seed=seed, replicates=replicates, threads=threads,
                with_attrition=with_attrition, with_recruitment=with_recruitment, progress=progress,
            )  # fmt: skip
        designed = CheapestDesign(parts, folder)
        return designed if folder is None else replace(designed, files=tuple(designed.save(folder)))
