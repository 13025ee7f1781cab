"""How many people a formula asks for."""

from __future__ import annotations

from analysis.estimators.formulas.closed_forms import smallest
from analysis.estimators.formulas.design import Form
from analysis.planning.formulas.beside import closed_form
from analysis.planning.processes import process_of
from analysis.questions.of_study import plan_of, with_plan
from analysis.questions.question import Question
from analysis.trials.analyses import Asked
from analysis.trials.units import Units, units_of
from sim.study.spec import Study

__all__ = ["MOST", "people_by_formula", "people_up_to", "power_with", "units_by_formula"]

MOST = 20_000
"""People to whom a formula is followed, however few there are."""


def units_by_formula(form: Form, units: Units, target: float) -> int | None:
    """The fewest units with the chance wanted by a formula; None if none have it."""
    return smallest(lambda k: form.power(units.people(k)) >= target, units.low, units.high)


def people_by_formula(form: Form, units: Units, target: float) -> int | None:
    """People of the smallest study with the chance wanted by a formula; None if none has it."""
    k = units_by_formula(form, units, target)
    return None if k is None else units.people(k)


def people_up_to(study: Study, one: Question, most: int, seed: int, target: float) -> int | None:
    """The same, were there up to so many people; None too where a question has no formula.

    Raises
    ------
    sim.errors.InputError
        Numbers of the study file that do not fit together.
    """
    found = _form_up_to(study, one, most, seed)
    return found and people_by_formula(*found, target)


def power_with(study: Study, one: Question, n: int, seed: int) -> float | None:
    """Power with so many people by a formula, were there as many; None without a formula.

    Raises
    ------
    sim.errors.InputError
        Numbers of the study file that do not fit together.
    """
    found = _form_up_to(study, one, n, seed)
    return found and float(found[0].power(n))


def _form_up_to(study: Study, one: Question, most: int, seed: int) -> tuple[Form, Units] | None:
    """The formula of a question, and the sizes there would be with up to so many people."""
    larger = with_plan(study, plan_of(study).model_copy(update={"people_at_most": most}))
    process = process_of(larger, plan_of(larger), seed)
    form = closed_form(larger, process, Asked.of(one, process.arms, process.weeks))
    return None if form is None else (form, units_of(process, plan_of(larger)))
