"""What errors of linking members do to a planned study of ties, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.planning.curve import CurvePoint
from analysis.planning.formulas.needed import people_by_formula
from analysis.planning.formulas.tie_forms import tie_form
from analysis.planning.numbering import which_question
from analysis.questions.plan import Plan
from analysis.trials.analyses import Asked
from analysis.trials.panel_ties import TiePanelProcess
from analysis.trials.process import Process
from analysis.trials.units import units_of

__all__ = ["notes_on_linking"]

OF_DIFFERENCES = (
    "Errors of linking that are the same in all arms make nothing significant that is not there"
)
OF_SHARES = (
    "With errors that are known the share seen can be set right, to (seen - false_links) / (1 - "
    "missed_links - false_links), and its interval with it"
)


def notes_on_linking(
    plan: Plan, process: Process, asked: Sequence[Asked], point: CurvePoint, target: float
) -> list[str]:
    """What errors of linking do to each question, and how many people they cost.

    What is planned for is the true difference; a study sees the one that is left. Coverage in the
    table of measures is of the true one.
    """
    if not isinstance(process, TiePanelProcess) or process.law.shrinks == 1:
        return []
    law, notes = process.law, []
    for number, one in enumerate(asked, start=1):
        which = which_question(number, asked)
        bias, covered = (point.measures[number - 1][name] for name in ("bias", "coverage"))
        notes.append(
            f"{which}{_seen(process, one)}. Estimates are of what is seen: with {point.n} people "
            f"they are off what is true by {bias.value:.3g} (MCSE {bias.mcse:.2g}), and "
            f"{100 * covered.value:.3g} % of the intervals (MCSE {100 * covered.mcse:.2g} %) hold "
            f"it. {OF_DIFFERENCES if len(one.arms) == 2 else OF_SHARES}"
        )
        if one.question.success != "significant":
            continue
        forms = [tie_form(process, one, other) for other in (law, law.by_id)]
        units = units_of(process, plan)
        needed = [form and people_by_formula(form, units, target) for form in forms]
        if None not in needed:
            notes.append(
                f"{which}by closed form it takes {needed[0]} people as members are linked, and "
                f"{needed[1]} with members linked by an id, without error"
            )
    return notes


def _seen(process: TiePanelProcess, asked: Asked) -> str:
    """What linking leaves of a difference of shares, or of a share."""
    law = process.law
    errors = (
        f"linking misses {100 * law.missed_links:g} % of the members kept and takes "
        f"{100 * law.false_links:g} % of those lost for members kept"
    )
    if len(asked.arms) == 2:
        first, second = (process.kept[arm][asked.wave - 1] for arm in asked.arms)
        true = first - second
        return (
            f"{errors}, which leaves {law.shrinks:.3g} of the difference: "
            f"{law.shrinks * true:+.3g} of {true:+.3g} in the share kept"
        )
    true = process.truth(asked.question)
    return f"{errors}, so that {law.linked(true):.3g} seem to be kept and {true:.3g} are"
