"""What the other choice of means at baseline would ask for, where a closed form tells."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.planning.formulas.beside import closed_form
from analysis.planning.formulas.needed import people_by_formula
from analysis.planning.numbering import which_question
from analysis.questions.plan import Plan
from analysis.trials.analyses import Asked
from analysis.trials.process import Process
from analysis.trials.units import units_of
from sim.study.spec import Study

__all__ = ["other_baseline"]

OTHER = {"free": "constrained", "constrained": "free"}
MEANS = {
    "free": "each arm has its own mean at baseline",
    "constrained": "both arms have one mean at baseline",
}


def other_baseline(
    study: Study, plan: Plan, process: Process, asked: Sequence[Asked], target: float
) -> list[str]:
    """A sentence for each question whose model leaves a choice of means at baseline.

    Whoever fits the one model with the number of people of the other has another power.
    """
    notes = []
    for number, one in enumerate(asked, start=1):
        chosen = one.question.baseline
        if chosen is None:
            continue
        other = one.question.model_copy(update={"baseline": OTHER[chosen]})
        needed = [
            _needed(study, plan, process, each, target)
            for each in (one, one._replace(question=other))
        ]
        if None in needed:
            continue
        which = which_question(number, asked)
        notes.append(
            f"{which}{_said(chosen)}, which by closed form takes {needed[0]} people; if "
            f"{_said(OTHER[chosen])} it takes {needed[1]}. The analysis must be fitted as it was "
            "planned"
        )
    return notes


def _said(baseline: str) -> str:
    return f'{MEANS[baseline]} (baseline = "{baseline}")'


def _needed(study: Study, plan: Plan, process: Process, asked: Asked, target: float) -> int | None:
    form = closed_form(study, process, asked)
    return form and people_by_formula(form, units_of(process, plan), target)
