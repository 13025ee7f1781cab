"""Parts of a plan beside its curve: the cheapest design, what absence costs, recruitment.

Each says itself in words, as data, as tables and as pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from analysis.pages.blocks import Section
from analysis.pages.references import References
from analysis.planning.design.cheapest import CheapestResult, Contender
from analysis.planning.design.cost import Cost
from analysis.planning.design.part_words import (
    cheapest_in_words,
    recruitment_answer,
    recruitment_in_words,
    recruitment_section,
)
from analysis.planning.design.recruiting import Recruited, recruitment_of
from analysis.questions.of_study import plan_of
from analysis.trials.performance import Measured
from sim.study.spec import Study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.attrition.dial import AttritionResult
    from analysis.worlds.census import Truth
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = [
    "AttritionPart",
    "CheapestPart",
    "Part",
    "RecruitmentPart",
    "check_parts",
    "contents_of",
    "cost_data",
    "measured_data",
    "parts_at",
]  # fmt: skip


class Part(Protocol):
    """What every part offers."""

    @property
    def name(self) -> str:
        """Its key in data, and the stem of its files."""

    def summary(self) -> str:
        """In words, the answer first."""

    def answer(self) -> str:
        """The answer, in a sentence."""

    def section(self, references: References) -> Section:
        """The section of a protocol."""

    def as_data(self) -> dict[str, Any]:
        """As plain data."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """By the name of the file, without its ending."""

    def plot(self) -> Figure:
        """As a picture."""


@dataclass(frozen=True)
class CheapestPart:
    """The cheapest design, and power against cost."""

    result: CheapestResult
    name: str = "cheapest"

    def summary(self) -> str:
        """In words."""
        return cheapest_in_words(self.result)

    def answer(self) -> str:
        """The design, and for how many people."""
        best = self.result.best
        if best is None or best.n is None:
            return "No design reaches the target"
        return f"Cheapest: {best.variant.words}, with N = {best.n}"

    def section(self, references: References) -> Section:
        """The sentence."""
        return Section("The cheapest design", self.answer())

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`settings`, the cheapest first; `designs`, all simulated, in order of cost."""
        import pandas as pd

        settings = [_contender(one) for one in self.result.contenders]
        designs = [
            {
                "setting": one.variant.words, "n": one.n, "cost": one.cost.total,
                "success": one.success.share, "mcse": one.success.mcse, "lo": one.success.low,
                "hi": one.success.high, "studies": one.success.n, "standing": one.standing,
            }
            for one in self.result.points
        ]  # fmt: skip
        return {"settings": pd.DataFrame(settings), "designs": pd.DataFrame(designs)}

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        result = self.result
        best, run = result.best, result.confirmed
        return {
            "target": result.target,
            "n": best and best.n,
            "setting": best and dict(best.variant.setting),
            "cheapest_in": best and best.cheapest_in,
            "ties": [one.variant.words for one in result.ties],
            "cost": cost_data(result.cost),
            "confirmed": run and run.__dict__,
            "simulated_studies": result.sims,
            **{name: one.to_dict("records") for name, one in self.tables.items()},
        }

    def plot(self) -> Figure:
        """Power against cost."""
        from analysis.planning.design.part_figures import cheapest_figure

        return cheapest_figure(self.result)


@dataclass(frozen=True)
class AttritionPart:
    """The dial at fixed retention, and tipping points."""

    result: AttritionResult
    name: str = "attrition"

    def summary(self) -> str:
        """In words."""
        from analysis.attrition.words import attrition_in_words

        return attrition_in_words(self.result)

    def answer(self) -> str:
        """What it does if the illest stay away."""
        from analysis.attrition.words import attrition_answer

        return attrition_answer(self.result)

    def section(self, references: References) -> Section:
        """The sentence and the cases."""
        from analysis.attrition.words import attrition_section

        return attrition_section(self.result, references)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`attrition`: a row per case, question and measure; `tipping`: per question and delta."""
        import pandas as pd

        rows = []
        for one in self.result.cases:
            about = {
                "kept": one.kept, "better_off": one.better,
                "worse_than_predicted": one.worse_than_predicted,
            }  # fmt: skip
            rows += [
                {"case": one.case.name, "question": 0, "measure": name, **measured_data(value)}
                for name, value in about.items()
            ]
            for k, measures in enumerate(one.measures, start=1):
                for name in ("bias", "coverage", "power"):
                    row = {"case": one.case.name, "question": k, "measure": name}
                    row |= measured_data(measures[name])
                    if one.cost:
                        gap = one.cost[k - 1][name]
                        row |= {
                            "beyond_mcar": gap.value, "paired_mcse": gap.mcse,
                            "unpaired_mcse": one.unpaired[k - 1][name],
                        }  # fmt: skip
                    rows.append(row)
        tips = [
            {
                "question": one.question, "where": one.where, "delta_sd": point.at,
                "significant": point.share, "mcse": point.mcse, "studies": point.n,
            }
            for one in self.result.tipping
            for point in one.significant
        ]  # fmt: skip
        return {"attrition": pd.DataFrame(rows), "tipping": pd.DataFrame(tips)}

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        tips = [
            {"question": one.question, "where": one.where, "tips_at_sd": _by_quantile(one.tips_at)}
            for one in self.result.tipping
        ]
        tables = {name: _records(one) for name, one in self.tables.items()}
        result = self.result
        return {
            "n": result.n, "studies": result.studies,
            "scale": {"outcome": result.scale, "sd": result.sd},
            "truths": [{"truth": one.value, "mcse": one.mcse, "worlds": one.replicates}
                       for one in result.truths],
            "tipping_points": tips, **tables,
        }  # fmt: skip

    def plot(self) -> Figure:
        """Retention by mechanism."""
        from analysis.attrition.figure import attrition_figure

        return attrition_figure(self.result)


@dataclass(frozen=True)
class RecruitmentPart:
    """Weeks and approaches until n have enrolled."""

    study: Study
    result: Recruited
    name: str = "recruitment"

    def summary(self) -> str:
        """In words."""
        return recruitment_in_words(self.study, self.result)

    def answer(self) -> str:
        """How long it takes."""
        return recruitment_answer(self.study, self.result)

    def section(self, references: References) -> Section:
        """The sentence."""
        return recruitment_section(self.study, self.result, references)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`recruitment`: a row per week."""
        import pandas as pd

        one = self.result
        columns = {
            "week": one.weeks, "chance_of_n": one.reached, "mcse": one.mcse,
            "expected": one.expected,
        }  # fmt: skip
        return {"recruitment": pd.DataFrame(columns)}

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        one = self.result
        return {
            "n": one.n, "share_enrolled": one.share, "in_time": one.in_time,
            "enough_in_time": one.enough_in_time, "weeks": _by_quantile(one.weeks_needed),
            "approached": _by_quantile(one.approached),
        }  # fmt: skip

    def plot(self) -> Figure:
        """Chance of n by week."""
        from analysis.planning.design.part_figures import recruitment_figure

        return recruitment_figure(self.study, self.result)


def check_parts(study: Study, *, with_attrition: bool, with_recruitment: bool) -> None:
    """Raise an `InputError`, before anything is run, if the study file cannot answer."""
    plan = plan_of(study)
    if with_attrition:
        from analysis.attrition.dial import check_drop_out

        check_drop_out(study)
    if with_recruitment:
        recruitment_of(study, plan, plan.people_at_least, seed=0)


def parts_at(
    study: Study,
    n: int,
    *,
    seed: int,
    replicates: int | None,
    threads: int,
    with_attrition: bool,
    with_recruitment: bool,
    truths: tuple[Truth, ...] | None = None,
    progress: Progress | None = None,
) -> tuple[Part, ...]:
    """What was asked of a study of n people; `truths` are those of the world, where known."""
    found: list[Part] = []
    if with_attrition:
        from analysis.attrition.dial import attrition

        turned = attrition(
            study, n, seed=seed, replicates=replicates, threads=threads, truths=truths,
            progress=progress,
        )  # fmt: skip
        found.append(AttritionPart(turned))
    if with_recruitment:
        found.append(RecruitmentPart(study, recruitment_of(study, plan_of(study), n, seed=seed)))
    return tuple(found)


def contents_of(parts: tuple[Part, ...]) -> dict[str, FileContent]:
    """Tables and the picture of each part, by name of the file."""
    found: dict[str, FileContent] = {}
    for part in parts:
        found |= {f"{name}.csv": table for name, table in part.tables.items()}
        found[f"{part.name}.png"] = part.plot()
    return found


def cost_data(cost: Cost | None) -> dict[str, Any] | None:
    """A cost as plain data."""
    if cost is None:
        return None
    bill = [{**one._asdict(), "total": one.total} for one in cost.bill]
    return {**cost._asdict(), "bill": bill, "spread": cost.spread and cost.spread._asdict()}


def _contender(one: Contender) -> dict[str, Any]:
    gap, low, high = one.dearer
    return {
        "setting": one.variant.words, "n": one.n, "lo": one.low, "hi": one.high,
        "cost": one.cost and one.cost.total, "cheapest_in": one.cheapest_in, "tie": one.is_tie,
        "dearer_by": gap, "dearer_lo": low, "dearer_hi": high, "studies": one.studies,
    }  # fmt: skip


def measured_data(one: Measured) -> dict[str, Any]:
    """A measure as plain data."""
    return {"value": float(one.value), "mcse": float(one.mcse), "studies": int(one.n)}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(row) for row in table.to_dict("records")]


def _by_quantile(values: dict[float, Any]) -> dict[str, Any]:
    return {f"{q:g}": value for q, value in values.items()}
