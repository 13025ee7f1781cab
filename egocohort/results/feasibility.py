"""What `egocohort feasibility` finds: chances of going ahead, and how well things are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.feasibility.result import FeasibilityResult, study_feasibility
from analysis.feasibility.words import (
    chance_in_words,
    feasibility_in_words,
    feasibility_markdown,
)
from egocohort.results.plain import plain_rows
from egocohort.results.protocol_file import protocol_file
from egocohort.results.result import Result
from sim.study.spec import Study, read_study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from egocohort.results.files import FileContent

__all__ = ["FeasibilityStudy", "find_feasibility"]


@dataclass(frozen=True)
class FeasibilityStudy(Result):
    """What a feasibility study would tell; nothing is simulated.

    Attributes
    ----------
    result : analysis.feasibility.result.FeasibilityResult
    """

    result: FeasibilityResult

    @property
    def title(self) -> str:
        """Of which study."""
        return f"Feasibility: {self.result.study.id}"

    @property
    def headline(self) -> str:
        """The chance of going ahead, and how it may mislead."""
        return chance_in_words(self.result)

    def summary(self) -> str:
        """The findings in words and a table."""
        return feasibility_in_words(self.result)

    def protocol(self) -> str:
        """Text for the protocol, as Markdown."""
        return feasibility_markdown(self.result)

    @property
    def criteria(self) -> pd.DataFrame:
        """One row per number of people and criterion."""
        import pandas as pd

        rows = [
            {
                "n": at.n, "criterion": one.criterion.name, "of": one.people,
                "expected": one.criterion.expected, **one.chances._asdict(),
                **one.errors._asdict(), "width": one.width, "people_needed": needed,
            }
            for at in self.result.sizes
            for one, needed in zip(at.criteria, self.result.needed, strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows).astype({"people_needed": "Int64"})

    @property
    def precision(self) -> pd.DataFrame:
        """One row per number of people: all criteria together, SD and intracluster correlation."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "n": at.n, **at.together._asdict(),
                    **({f"sd_{k}": v for k, v in at.sd._asdict().items()} if at.sd else {}),
                    **({f"icc_{k}": v for k, v in at.icc._asdict().items()} if at.icc else {}),
                }
                for at in self.result.sizes
            ]
        )  # fmt: skip

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`criteria` and `precision`."""
        return {"criteria": self.criteria, "precision": self.precision}

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """What would be decided, whatever the truth ("feasibility")."""
        return {"feasibility": self._figure}

    def _figure(self) -> Figure:
        from analysis.feasibility.figure import feasibility_figure

        return feasibility_figure(self.result)

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        own = self.result.own
        return {
            "synthetic": True,
            "study": self.result.study.id,
            "n": own.n,
            "together": own.together._asdict(),
            "answer": self.headline,
            "criteria": plain_rows(self.criteria),
            "precision": plain_rows(self.precision),
        }

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        return {**super()._contents(out), **protocol_file(out, self.protocol())}


def find_feasibility(study: str | Path | Study, *, sizes: Sequence[int] = ()) -> FeasibilityStudy:
    """Judge a feasibility study; see `egocohort.api.plans.feasibility`."""
    asked = study if isinstance(study, Study) else read_study(study)
    return FeasibilityStudy(study_feasibility(asked, sizes))
