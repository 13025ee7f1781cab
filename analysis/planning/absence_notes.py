"""What it means that the retention of a study is held in each arm, where absence hangs on scores.

An arm that does better loses its people by another rule then, and those seen scatter less than all.
Both make a trial look smaller than one rule of absence for everybody would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.estimators.catalogue import analysis
from analysis.planning.curve import Beside
from analysis.planning.numbering import which_question
from analysis.planning.search.found import Found
from analysis.questions.of_study import plan_of
from analysis.questions.question import Question
from analysis.trials.absence import scores_by_one_rule
from analysis.trials.panel import PanelProcess
from analysis.trials.process import Process
from sim.study.settings import MECHANISMS, Participation
from sim.study.spec import Study

__all__ = ["notes_on_absence"]

MATTERS = 0.01
"""Share of a difference from which on it is said that it shrinks."""
HELD = (
    "the retention stated is held in each arm, so that the arm with better scores loses its people "
    "by another rule"
)


def notes_on_absence(
    study: Study, process: Process, found: Found | None, beside: Sequence[Beside | None]
) -> list[str]:
    """Sentences on each question whose difference would shrink were one rule common to the arms.

    Parameters
    ----------
    study, process
        What is planned.
    found
        The number of people, if one was searched for.
    beside
        Closed forms by question, which take absence to be by chance.
    """
    rules = study.participation
    if not isinstance(process, PanelProcess) or not _one_rule_is_left(rules, process.arms):
        return []
    retention = rules.of("retention", process.arms[0])
    parts = study.arms.parts if study.arms else (1.0,)
    seen = replace(process, truths=scores_by_one_rule(process.model, parts, retention))
    notes = []
    for number, (one, form) in enumerate(zip(plan_of(study).question, beside, strict=True), 1):
        if one.about not in ("difference", "slope") or _is_put_right(process, one):
            continue
        planned, shrunk = process.truth(one), seen.truth(one)
        if abs(shrunk) < (1 - MATTERS) * abs(planned):
            which = which_question(number, beside)
            by_year = " a year" if one.about == "slope" else ""
            notes.append(
                f"{which}{HELD}; by one rule common to both those "
                f"seen would differ by {shrunk:.3g} points{by_year} instead of {planned:.3g}"
                f"{_narrower(found, form)}"
            )
    return notes


def _one_rule_is_left(rules: Participation, arms: Sequence[str]) -> bool:
    """Whether absence hangs on scores, and the file says the same of every arm."""
    if len(arms) < 2 or len({rules.of("retention", one) for one in arms}) > 1:
        return False
    ways = {(rules.of("mechanism", one), rules.of("odds_ratio", one)) for one in arms}
    (mechanism, odds), *more = ways
    stays = rules.of("retention", arms[0]) or (1.0,)
    return not more and mechanism != "MCAR" and odds != 1 and min(stays) < 1


def _is_put_right(process: PanelProcess, one: Question) -> bool:
    """Whether absence hangs on a score that the analysis knows."""
    if any(process.model.mechanism != MECHANISMS.index("MAR")):
        return False
    rows = analysis(one.analysis).rows
    return rows == "all waves" or (
        rows == "one wave and baseline" and one.at_week == process.weeks[1]
    )


def _narrower(found: Found | None, form: Beside | None) -> str:
    """Why fewer people seem to be enough than if absence were by chance alone."""
    if found is None or found.answer is None or form is None:
        return ""
    if form.n is not None and found.answer >= form.n:
        return ""
    taken = "what" if form.n is None else f"the {form.n} that"
    return (
        f". Part of why N = {found.answer:.0f} is below {taken} the closed form takes, "
        "where absence is by chance alone, is that those seen scatter less than all"
    )
