"""How many people it would take if one assumption were off: by the closed form, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.estimators.catalogue import analysis
from analysis.pages.blocks import Section
from analysis.planning.assumed import LOWER, adjusts_clusters, assumed_cac
from analysis.planning.formulas.needed import MOST, people_up_to
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.world_sensitivity import if_the_world_is_off
from analysis.planning.report.protocol.written import written
from analysis.questions.of_study import plan_in, plan_of, with_plan
from analysis.questions.panel import Clusters, Panel
from analysis.questions.plan import Plan
from analysis.questions.ties import PanelTies
from sim.errors import InputError
from sim.study.spec import Study

__all__ = ["if_assumptions_are_off"]

MORE, OFF, FEWER = 1.1, 0.1, 0.05
"""Factor of the standard deviation, shift of the correlation, and share lost more at each wave."""
BEYOND = 4
MOST_ALIKE = 0.95
"""Ties of one person."""


def if_assumptions_are_off(facts: Facts) -> Section | None:
    """The section; None where the primary question of a panel has no closed form."""
    if facts.in_world:
        return if_the_world_is_off(facts)
    if facts.plan.type_m is not None:
        return None
    base = _needed(facts, facts.study)
    if base is None:
        return None
    rows = []
    for words, study in _variants(facts.study):
        try:
            needed = _needed(facts, study)
        except InputError:  # what people share would be more than the correlation there is
            continue
        rows.append((words, f"{needed}" if needed else f"more than {_most(facts)}"))
    return written("sensitivity", facts, base=base, rows=rows)


def _needed(facts: Facts, study: Study) -> int | None:
    """The number of people; None if there is no formula, or all there are do not suffice."""
    one = plan_of(study).question[0]
    return people_up_to(study, one, _most(facts), facts.result.seed, facts.result.target)


def _most(facts: Facts) -> int:
    """More people than there are, so that the answer is a number in most cases."""
    return min(BEYOND * facts.plan.people_at_most, MOST)


def _variants(study: Study) -> Iterator[tuple[str, Study]]:
    plan = plan_in(study)
    if plan is None or plan.panel is None:
        return
    panel = plan.panel
    if panel.ties is not None:
        yield from _variants_of_ties(study, plan, panel.ties)
        yield from _fewer_stay(study)
        return

    def changed(**values: Any) -> Study:
        other = plan.model_copy(update={"panel": panel.model_copy(update=values)})
        return with_plan(study, other)

    smaller = panel.effects_times(1 / MORE)
    yield (
        "the standard deviation is a tenth larger"
        + (", the difference in points the same" if panel.effect else ""),
        changed(sd=panel.sd * MORE, **smaller),
    )
    if (panel.effect or panel.moderator) and plan.question[0].success == "significant":
        yield "the difference is a tenth smaller", changed(**smaller)
    one_score = analysis(plan.question[0].analysis).rows == "one wave"
    moves = not one_score and not panel.correlations  # of one score none matters; of many, which?
    if len(study.waves.weeks) > 1 and moves:
        for shift, words in ((-OFF, "lower"), (OFF, "higher")):
            moved = round(panel.correlation + shift, 6)
            if 0 <= moved < 1:
                yield f"the correlation is {OFF:g} {words}", changed(correlation=moved)
    if doubled := _doubled(panel):
        yield "the intracluster correlation is twice as large", changed(clusters=doubled)
    if adjusts_clusters(study, plan.question[0].analysis):
        lower = {
            arm: one.model_copy(update={"cac": LOWER * one.cac})
            for arm, one in panel.clusters.items()
        }
        words = " and ".join(f"{LOWER * one:g}, not {one:g}" for one in assumed_cac(study))
        yield f"the cluster autocorrelation is {words}", changed(clusters=lower)
    yield from _fewer_stay(study)


def _fewer_stay(study: Study) -> Iterator[tuple[str, Study]]:
    """More leave before each wave, of all enrolled, where there is room for it.

    Retention adds up who left before, so it is so much lower for each wave that has been.
    """
    kept = study.participation.retention
    lower = {
        arm: tuple(round(one - FEWER * wave, 6) for wave, one in enumerate(shares, start=1))
        for arm, shares in kept.items()
    }
    if lower and all(min(one) > 0 for one in lower.values()):
        stays = study.participation.model_copy(update={"retention": lower})
        yield f"{100 * FEWER:g} % more leave before each wave", study.but(participation=stays)


def _variants_of_ties(study: Study, plan: Plan, ties: PanelTies) -> Iterator[tuple[str, Study]]:
    """A smaller difference, ties more alike, fewer members, and members linked by an id."""

    def changed(other: PanelTies) -> Study:
        panel = plan.panel and plan.panel.model_copy(update={"ties": other})
        return with_plan(study, plan.model_copy(update={"panel": panel}))

    if ties.effect and plan.question[0].success == "significant":
        smaller = {arm: tuple(one / MORE for one in added) for arm, added in ties.effect.items()}
        yield (
            "the difference is a tenth smaller",
            changed(ties.model_copy(update={"effect": smaller})),
        )
    if 0 < 2 * ties.icc <= MOST_ALIKE:
        yield (
            "the intraclass correlation of ties is twice as large",
            changed(ties.model_copy(update={"icc": 2 * ties.icc})),
        )
    if ties.number_sd < ties.number / MORE - 1:
        yield (
            "people name a tenth fewer members",
            changed(ties.model_copy(update={"number": ties.number / MORE})),
        )
    if ties.shrinks < 1:
        yield "members are linked by an id, without error", changed(ties.by_id)


def _doubled(panel: Panel) -> dict[str, Clusters]:
    """Clusters of twice the intracluster correlation; none where there is no room for that."""
    fits = all(
        2 * one.icc <= panel.correlation and 2 * one.icc * (1 - one.cac) <= 1 - panel.correlation
        for one in panel.clusters.values()
    )
    twice = {
        arm: one.model_copy(update={"icc": 2 * one.icc}) for arm, one in panel.clusters.items()
    }
    return twice if fits else {}
