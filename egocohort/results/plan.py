"""What `egocohort plan` finds: how many people, how sure that is, and the curve behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.planning.band.drawing import check_draws, with_band
from analysis.planning.curve import CurvePoint
from analysis.planning.found import PlanResult, point_of
from analysis.planning.planner import plan_study
from analysis.planning.report.words import answer_in_words, result_in_words
from analysis.planning.whole_clusters import OfArm, in_clusters
from analysis.questions.of_study import plan_of
from analysis.runs.fingerprint import open_rows
from analysis.runs.run import run_seed
from analysis.worlds.estimand import estimand, question_in_words
from egocohort.results.band import band_as_data, band_table
from egocohort.results.parts import (
    Part,
    check_parts,
    contents_of,
    cost_data,
    measured_data,
    parts_at,
)
from egocohort.results.protocol_file import PROTOCOL, flow_file, is_edited, protocol_file
from egocohort.results.result import Result
from egocohort.results.validity import validity_as_data
from sim.files.folder import hold_results
from sim.study.spec import Study, read_study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.planning.report.protocol.document import Protocol
    from analysis.planning.search.found import Found
    from analysis.trials.success import Confirmed
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["StudyPlan", "make_plan", "seed_for"]


@dataclass(frozen=True)
class StudyPlan(Result):
    """A planned study: simulated, and no evidence about patients.

    Attributes
    ----------
    result : analysis.planning.found.PlanResult
    parts : tuple of egocohort.results.parts.Part
        What absence costs and how people are found, where that was asked.
    folder : pathlib.Path or None
        Where its rows and results lie.
    files : tuple of pathlib.Path
        The results written there.
    """

    result: PlanResult
    parts: tuple[Part, ...] = ()
    folder: Path | None = None
    files: tuple[Path, ...] = ()

    @property
    def n(self) -> int | None:
        """The number of people; None if none was searched for, is enough, or may be used."""
        found = self.result.found
        if found is None or found.answer is None or self.result.is_barred:
            return None
        return int(found.answer)

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
            {"n": point.n, "question": number, "measure": name, **measured_data(measured)}
            for point in self.result.curve
            for number, measures in enumerate(point.measures, start=1)
            for name, measured in measures.items()
        ]
        return pd.DataFrame(rows)

    @property
    def band(self) -> pd.DataFrame | None:
        """One row per draw of the world's parameters, question and size; None if none was drawn."""
        return None if self.result.band is None else band_table(self.result.band)

    @property
    def title(self) -> str:
        """Whose plan it is."""
        return f"A plan of {self.result.study.id}, seed {self.result.seed}"

    @property
    def headline(self) -> str:
        """What was wanted, and how many people it takes."""
        return "\n".join([*answer_in_words(self.result), *(one.answer() for one in self.parts)])

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`curve` and `performance`, `band` where draws were asked for, and those of the parts."""
        band = {} if self.band is None else {"band": self.band}
        parts = {name: table for one in self.parts for name, table in one.tables.items()}
        return {"curve": self.curve, "performance": self.performance, **band, **parts}

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """All but the band, which has a row for each draw."""
        return tuple(name for name in self.tables if name != "band")

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """The "curve" with its band, the answer and the closed form, and one for each part."""
        return {"curve": self._curve_figure, **{one.name: one.plot for one in self.parts}}

    def _curve_figure(self) -> Figure:
        from analysis.planning.report.figure import curve_figure

        return curve_figure(self.result)

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        result = self.result
        return {
            "synthetic": True,
            "study": result.study.id,
            "process": result.plan.process,
            "seed": result.seed,
            "target": result.target,
            "n": self.n,
            "search": _found(result.found),
            "questions": _questions(result),
            "closed_form": [
                None if one is None else {**asdict(one), "exact": one.exact}
                for one in result.beside
            ],
            "curve": [_point(one) for one in result.curve],
            **_clusters(result),
            "detectable": _detectable(result),
            "cost": cost_data(result.cost),
            "validity": validity_as_data(result),
            "parameter_band": band_as_data(result.band),
            "notes": [*result.why_not, *result.notes],
            **{one.name: one.as_data() for one in self.parts},
        }

    def summary(self) -> str:
        """The plan in words and a table."""
        return "\n\n".join([result_in_words(self.result), *(one.summary() for one in self.parts)])

    def protocol(self) -> str:
        """Texts for a protocol, as Markdown.

        Raises
        ------
        sim.errors.InputError
            If the plan is about several numbers of people.
        """
        from analysis.planning.report.protocol.document import protocol_of

        return protocol_of(self.result, [one.section for one in self.parts]).markdown

    def save(self, out: str | Path) -> list[Path]:
        """Write tables, pictures, texts for the protocol and a page into a folder.

        Files of their names are replaced, but for a protocol.md that was edited: it stays, and the
        new texts are protocol.new.md. Rows of simulated studies stay too.

        Returns
        -------
        list of pathlib.Path
            What was written, report.html last.

        Raises
        ------
        sim.errors.RunError
            If the disk is full or cannot be written.
        """
        with hold_results(out):
            written = super().save(out)
            names = [file.name for file in written]
            for name in (PROTOCOL, "flow.png", "band.csv"):
                if name not in names and not (name == PROTOCOL and is_edited(Path(out) / name)):
                    (Path(out) / name).unlink(missing_ok=True)
        return written

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        from analysis.planning.report.page import plan_html
        from analysis.planning.report.protocol.document import protocol_of
        from sim.data.serialise import json_bytes

        sections = [one.section for one in self.parts]
        texts = None if point_of(self.result) is None else protocol_of(self.result, sections)
        return {
            "study.toml": self.result.study.to_toml(),
            "plan.json": json_bytes(self.as_data()),
            "curve.csv": self.curve,
            "performance.csv": self.performance,
            "curve.png": self._curve_figure(),
            **({} if self.band is None else {"band.csv": self.band}),
            **contents_of(self.parts),
            **(_protocol_files(out, texts) if texts else {}),
            "report.html": plan_html(self.result, texts, [one.answer() for one in self.parts]),
        }


def make_plan(
    study: str | Path | Study,
    *,
    seed: int,
    out: str | Path | None = None,
    sizes: Sequence[int] = (),
    detect: int | None = None,
    replicates: int | None = None,
    precision: float | None = None,
    draws: int = 0,
    threads: int = 1,
    with_attrition: bool = False,
    with_recruitment: bool = False,
    progress: Progress | None = None,
) -> StudyPlan:
    """Plan a study; with `out`, keep its rows and results there. See `egocohort.api.plans.plan`."""
    asked = study if isinstance(study, Study) else read_study(study)
    check_draws(plan_of(asked), draws)
    check_parts(asked, with_attrition=with_attrition, with_recruitment=with_recruitment)
    folder = None if out is None else Path(out) / asked.id
    with hold_results(folder):
        rows = None if folder is None else open_rows(folder, asked, seed)
        found = plan_study(
            asked, seed=seed, sizes=sizes, detect=detect, replicates=replicates,
            precision=precision, threads=threads,
            kept=rows, progress=progress,
        )  # fmt: skip
        found = with_band(
            found,
            draws,
            threads=threads,
            kept=None if rows is None else rows.run,
            progress=progress,
        )
        parts = parts_at(
            asked, _people_of(found), seed=seed, replicates=replicates, threads=threads,
            with_attrition=with_attrition, with_recruitment=with_recruitment,
            truths=found.world_truths, progress=progress,
        )  # fmt: skip
        planned = StudyPlan(found, parts, folder)
        return planned if folder is None else replace(planned, files=tuple(planned.save(folder)))


def seed_for(study: Study, out: str | Path | None) -> int | None:
    """The seed of results that are there already; None if there are none."""
    return None if out is None else run_seed(Path(out) / study.id)


def _people_of(found: PlanResult) -> int:
    """The number found, or the one looked at, or that of the study file."""
    if found.found is not None and found.found.answer is not None:
        return int(found.found.answer)
    return found.curve[0].n if len(found.curve) == 1 else found.study.recruitment.n


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


def _point(point: CurvePoint) -> dict[str, Any]:
    performance = [
        {name: measured_data(value) for name, value in measures.items()}
        for measures in point.measures
    ]
    return {**_row(point), "performance": performance}


def _clusters(result: PlanResult) -> dict[str, Any]:
    """At each size of the curve, by arm; nothing where people are in no clusters."""
    studies = in_clusters(result.study, [one.n for one in result.curve], result.seed)
    if not studies:
        return {}

    def of_arm(one: OfArm) -> dict[str, Any]:
        if one.clusters is None:
            return {"arm": one.name, "people": one.people.mean, "clusters": 0}
        number, size, sizes = one.clusters
        return {
            "arm": one.name, "people": one.people.mean, "clusters": number.mean,
            "mean_size": size.mean, "smallest": size.low, "largest": size.high,
            "sizes": list(sizes) or None,
        }  # fmt: skip

    return {"clusters": [{"n": at.n, "arms": [of_arm(a) for a in at.arms]} for at in studies]}


def _questions(result: PlanResult) -> list[dict[str, Any]]:
    plan = result.plan
    errors = result.truth_errors or (0.0,) * len(result.truths)
    return [
        {
            "words": question_in_words(one),
            **one.model_dump(mode="json"),
            "estimand": estimand(one) if plan.process == "world" else None,
            "truth": truth,
            "truth_mcse": error,
        }
        for one, truth, error in zip(plan.question, result.truths, errors, strict=True)
    ]


def _detectable(result: PlanResult) -> dict[str, Any] | None:
    one = result.detectable
    return None if one is None else {
        "n": one.n, "truths": one.truths, "search": _found(one.found)
    }  # fmt: skip


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
        "standard_error": None if isnan(found.error) else found.error, "exact": found.exact,
        "counted_in": found.counted_in, "units": found.units,
        "target": found.target, "method": found.method, "simulated_studies": found.sims,
        "ceiling": _confirmed(found.ceiling), "confirmed": _confirmed(found.confirmed),
        "notes": [*found.notes], "points": points,
    }  # fmt: skip


def _protocol_files(out: Path, texts: Protocol) -> dict[str, FileContent]:
    return {**protocol_file(out, texts.markdown), **flow_file(texts)}
