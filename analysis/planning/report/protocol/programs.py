"""The model to run: the planned analysis as programs of R, SAS and Stata.

Each analysis has its program in a template beside its record, in which the question's outcome,
wave, arms and means at baseline are filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from analysis.estimators.catalogue import analysis
from analysis.pages.blocks import Section
from analysis.pages.render import programs
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.written import written
from analysis.questions.known import adjusts
from analysis.questions.question import Question

__all__ = ["model_to_run", "programs_of"]

FOLDER = "estimators/analyses"


def model_to_run(facts: Facts) -> Section | None:
    """The section; None where no analysis has a program."""
    weeks = (0, *facts.flow.weeks)
    panel = facts.plan.panel
    known = []
    if panel is not None:
        known += ["covariate"] if panel.covariate_r2 > 0 else []
        known += ["stratum"] if panel.strata is not None else []
    clustered = [bool(one.clusters) for one in facts.flow.arms]
    nested = any(clustered) and not all(clustered)
    each = [
        (one, programs_of(one, weeks, known, nested=nested, unit=facts.unit))
        for one in dict.fromkeys(facts.plan.question)
    ]
    shown = [(one, code) for one, code in each if code]
    return written("programs", facts, programs=shown) if shown else None


def programs_of(
    one: Question,
    weeks: Sequence[int],
    known: Sequence[str] = (),
    *,
    nested: bool = False,
    unit: str = "cluster",
) -> list[tuple[str, str]]:
    """The language and the text of each program that answers a question; none if there are none.

    Parameters
    ----------
    one
        The question.
    weeks
        Of the waves.
    known
        Columns of what is known at baseline, for analyses that adjust for it.
    nested
        Whether only one arm has clusters.
    unit
        What a cluster is called.
    """
    template = f"{FOLDER}/{one.analysis}.md.j2"
    if not (files("analysis") / template).is_file():
        return []
    asked = {
        **one.model_dump(),
        "week": one.at_week,
        "weeks": list(weeks),
        "terms": list(weeks if one.baseline == "free" else weeks[1:]),
        "all_waves": analysis(one.analysis).rows == "all waves",
        "known": list(known) if adjusts(one) else [],
        "nested": nested,
        "unit": unit,
        "alpha": f"{one.alpha:g}",
        "confidence": f"{1 - one.alpha:g}",
        "level": f"{100 * (1 - one.alpha):g}",
    }
    return programs(template, {"asked": asked})
