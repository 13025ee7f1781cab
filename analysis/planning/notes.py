"""What a reader of a plan must know of its design."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.estimators.catalogue import analysis
from analysis.planning.formulas.needed import MOST, people_up_to, power_with
from analysis.planning.meant import notes_on_figures, notes_on_signs
from analysis.planning.numbering import which_question
from analysis.planning.search.found import Found
from analysis.planning.whole_clusters import cluster_word
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from sim.study.spec import Study

__all__ = ["beyond", "clusters_limit", "notes_of"]

MORE = 10
"""How far beyond the people there may be a formula is followed, times those."""


def notes_of(study: Study, truths: Sequence[float]) -> list[str]:
    """Notes on the design of a panel: what its analyses do not know, and what it may not mean."""
    plan = plan_of(study)
    return [
        *_unknown_to_analyses(plan), *notes_on_signs(plan, truths), *notes_on_figures(plan),
        *_groups_made(study, plan),
    ]  # fmt: skip


def beyond(study: Study, found: Found | None, seed: int, target: float) -> list[str]:
    """What formulas ask for where all the people there may be are not enough."""
    if found is None or found.answer is not None:
        return []
    plan, notes = plan_of(study), []
    most = min(MORE * plan.people_at_most, MOST)
    for number, one in enumerate(plan.question, start=1):
        n = people_up_to(study, one, most, seed, target)
        if n is not None and n > plan.people_at_most:
            which = which_question(number, plan.question)
            notes.append(
                f"{which}by closed form it takes {n} people, more than plan.people_at_most"
            )
    return notes


def clusters_limit(study: Study, found: Found | None, seed: int, target: float) -> list[str]:
    """By question, that more people in as many clusters would not do, where a formula says so."""
    plan = plan_of(study)
    if found is None or found.answer is not None:
        return []
    if plan.panel is None or not plan.panel.has_fixed_clusters:
        return []
    unit, notes = cluster_word(study), []
    for number, one in enumerate(plan.question, start=1):
        power = power_with(study, one, MOST, seed)
        if power is not None and power < target:
            which = which_question(number, plan.question)
            notes.append(
                f"{which}the number of {unit}s is the limit, not that of people: by "
                f"closed form {MOST:,} people in as many {unit}s have a chance of {power:.3f}"
            )
    return notes


def _groups_made(study: Study, plan: Plan) -> list[str]:
    """What groups add where treatment makes them."""
    panel = plan.panel
    if panel is None or (study.arms is not None and study.arms.unit != "ego"):
        return []
    return [
        f'groups in "{arm}" are made by treatment: what their people share comes on top of the SD '
        f"of {panel.sd:g}, which becomes {panel.sd / (1 - one.icc) ** 0.5:.3g} there at follow-up"
        for arm, one in panel.clusters.items()
        if one.icc > 0
    ]


def _unknown_to_analyses(plan: Plan) -> list[str]:
    """What the design does that its analysis does not know of."""
    if plan.panel is not None and plan.panel.therapists is not None:
        return _notes_of_therapists(plan)
    notes = []
    shares = plan.panel is not None and any(one.icc > 0 for one in plan.panel.clusters.values())
    for one in plan.question:
        if (
            shares
            and not analysis(one.analysis).by_cluster
            and one.about in ("difference", "slope")
        ):
            notes.append(
                f"{one.analysis} does not know that people share clusters: its p-values are too "
                "small, and the power shown with them is not to be trusted"
            )
    return list(dict.fromkeys(notes))


def _notes_of_therapists(plan: Plan) -> list[str]:
    """Which analyses do not know that arms share therapists, and what that does to them."""
    notes = []
    for name in dict.fromkeys(one.analysis for one in plan.question):
        if analysis(name).needs == "therapists":
            continue
        takes = (
            "takes the therapists of the two arms for different people: its p-values are too large"
            if analysis(name).by_cluster
            else "does not know of therapists: where arm_icc is above zero its p-values are too "
            "small, and else they are too large"
        )
        notes.append(f"{name} {takes}")
    return notes
