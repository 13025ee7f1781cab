"""Whether what a panel knows of people at baseline can be, and is of use to its questions."""

from __future__ import annotations

from analysis.estimators.catalogue import analyses, analysis
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from sim.study.owners import Fail

__all__ = ["adjusts", "check_known"]


def adjusts(one: Question) -> bool:
    """Whether a question's analysis adjusts for covariates and strata; none of a mean does."""
    return analysis(one.analysis).adjusts and one.about != "mean"


def check_known(plan: Plan, arms: tuple[str, ...], fail: Fail) -> None:
    """Whether covariates are adjusted for by some question, and strata go with the rest.

    Parameters
    ----------
    plan
        With a panel.
    arms
        The study's.
    fail
        Called with the first thing wrong.
    """
    panel = plan.panel
    if panel is None:
        return
    if panel.covariate_r2 > 0 and not any(adjusts(one) for one in plan.question):
        able = ", ".join(name for name, one in analyses().items() if one.adjusts)
        fail(
            ("plan", "panel", "covariate_r2"),
            f"no question adjusts for covariates; these analyses do: {able}",
        )
    if panel.strata is None:
        return
    if not arms:
        fail(("plan", "panel", "strata"), "there are no arms to randomise within strata")
    if panel.clusters:
        fail(
            ("plan", "panel", "strata"),
            "people are allocated within strata one by one, so there are no clusters beside them; "
            "leave strata or clusters out",
        )
