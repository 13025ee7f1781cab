"""What `egocohort plan` finds: how many people, how sure that is, and the curve behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.planning.estimand import estimand
from analysis.planning.planner import CurvePoint, PlanResult, plan_study
from analysis.planning.words import question_in_words, result_in_words
from egocohort.banding import band_as_data, band_table
from sim.study.spec import read_study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.planning.search import Found
    from analysis.planning.tally import Confirmed

__all__ = ["Planned", "make_plan"]


@dataclass(frozen=True)
class Planned:
    """A planned study: simulated, and no evidence about patients.

    Attributes
    ----------
    result : analysis.planning.planner.PlanResult
    """

    result: PlanResult

    @property
    def n(self) -> int | None:
        """The number of people; None if none was searched for, or none is enough."""
        found = self.result.found
        return None if found is None or found.answer is None else int(found.answer)

    @property
    def curve(self) -> pd.DataFrame:
        """One row per size: success with its interval, failed fits, the closed forms."""
        import pandas as pd

        return pd.DataFrame([_row(one) for one in self.result.curve])

    @property
    def performance(self) -> pd.DataFrame:
        """One row per size, question and measure, with Monte Carlo standard error and n."""
        import pandas as pd

        rows = [
            {"n": point.n, "question": number, "measure": name, **_measured(measured)}
            for point in self.result.curve
            for number, measures in enumerate(point.measures, start=1)
            for name, measured in measures.items()
        ]
        return pd.DataFrame(rows)

    @property
    def band(self) -> pd.DataFrame | None:
        """One row per draw of the world's parameters, question and size; None if none was drawn."""
        return None if self.result.band is None else band_table(self.result.band)

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        result = self.result
        plan = result.plan
        detectable = result.detectable
        errors = result.truth_errors or (0.0,) * len(result.truths)
        return {
            "synthetic": True,
            "study": result.study.id,
            "process": plan.process,
            "seed": result.seed,
            "target": result.target,
            "n": self.n,
            "search": _found(result.found),
            "questions": [
                {
                    "words": question_in_words(one),
                    **one.model_dump(mode="json"),
                    "estimand": estimand(one) if plan.process == "world" else None,
                    "truth": truth,
                    "truth_mcse": error,
                }
                for one, truth, error in zip(plan.question, result.truths, errors, strict=True)
            ],
            "closed_form": [None if one is None else asdict(one) for one in result.beside],
            "curve": [
                {
                    **_row(one),
                    "performance": [
                        {name: _measured(value) for name, value in measures.items()}
                        for measures in one.measures
                    ],
                }
                for one in result.curve
            ],
            "detectable": detectable
            and {
                "n": detectable.n,
                "truths": detectable.truths,
                "search": _found(detectable.found),
            },
            "cost": result.cost and result.cost._asdict(),
            "parameter_band": band_as_data(result.band),
            "notes": [*result.notes],
        }

    def summary(self) -> str:
        """The plan in words and a table."""
        return result_in_words(self.result)

    def plot(self) -> Figure:
        """Draw the curve with its band, the answer and the closed form."""
        from analysis.planning.figure import curve_figure

        return curve_figure(self.result)

    def save(self, out: str | Path) -> list[Path]:
        """Write curve.csv, performance.csv, curve.png, and band.csv if drawn, replacing them.

        Raises
        ------
        sim.errors.RunError
            If the disk is full or cannot be written.
        """
        from egocohort.pictures import write_files

        contents = {
            "curve.csv": self.curve, "performance.csv": self.performance, "curve.png": self.plot(),
        }  # fmt: skip
        if self.band is not None:
            contents["band.csv"] = self.band
        return write_files(out, contents)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(self.summary())}</pre>"


def make_plan(
    study: str | Path,
    *,
    seed: int,
    sizes: Sequence[int] = (),
    detect: int | None = None,
    replicates: int | None = None,
    draws: int = 0,
    threads: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> Planned:
    """Plan a study; see `egocohort.api.plan`."""
    found = plan_study(
        read_study(study), seed=seed, sizes=sizes, detect=detect, replicates=replicates,
        draws=draws, threads=threads, progress=progress,
    )  # fmt: skip
    return Planned(found)


def _row(point: CurvePoint) -> dict[str, Any]:
    closed = {f"closed_form_{i}": one for i, one in enumerate(point.closed, start=1)}
    return {
        "n": point.n,
        "success": point.success.share,
        "mcse": point.success.mcse,
        "lo": point.success.low,
        "hi": point.success.high,
        "studies": point.success.n,
        "failed_fits": point.failed,
        "if_failed_succeed": point.if_failed_succeed,
        **closed,
    }


def _measured(one: Any) -> dict[str, Any]:
    return {"value": float(one.value), "mcse": float(one.mcse), "studies": int(one.n)}


def _confirmed(one: Confirmed | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "at": one.at, "share": one.share, "mcse": one.mcse, "lo": one.low, "hi": one.high,
        "studies": one.n,
    }  # fmt: skip


def _found(found: Found | None) -> dict[str, Any] | None:
    if found is None:
        return None
    points = [
        {"at": float(x), "studies": int(tried), "succeeded": int(won)}
        for x, tried, won in zip(*found.points, strict=True)
    ]
    return {
        "answer": found.answer, "lo": found.low, "hi": found.high, "edge": found.edge,
        "target": found.target, "method": found.method, "simulated_studies": found.sims,
        "ceiling": _confirmed(found.ceiling), "confirmed": _confirmed(found.confirmed),
        "notes": [*found.notes], "points": points,
    }  # fmt: skip
