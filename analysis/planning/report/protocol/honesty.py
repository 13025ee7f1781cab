"""Which of the numbers rest on nothing, and what the program itself warns of."""

from __future__ import annotations

from analysis.pages.blocks import Section
from analysis.planning.assumed import assumed_cac, drops_out, uses_baseline
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import graded, grades
from analysis.planning.report.protocol.written import written
from analysis.questions.given import GIVEN

__all__ = ["honesty"]


def honesty(facts: Facts) -> Section:
    """The section."""
    given, used = facts.plan.sources, _used(facts)
    bare = [one for one in used if one not in given]
    assumed = [one for one in used if "assumed" in given.get(one, "")]
    counts = graded()
    return written(
        "honesty",
        facts,
        parameters=sum(counts.values()),
        grades=grades(),
        assumed=[one.replace("_", " ") for one in assumed],
        bare=[one.replace("_", " ") for one in bare],
        notes=_notes(facts),
    )


def _notes(facts: Facts) -> list[str]:
    """What the program warns of; ceilings are told under the sample size."""
    found = facts.result.found
    told = {one.words for one in facts.result.ceilings}
    notes = [*facts.result.all_notes, *(found.notes if found else ())]
    return [one for one in notes if one not in told]


def _used(facts: Facts) -> list[str]:
    """The numbers this plan rests on, by the names of `[plan.sources]`."""
    stays = facts.study.participation
    drops = drops_out(facts.study)
    depends = drops and any(one != "MCAR" for one in stays.mechanism.values())
    used = {
        "recruitment": True, "retention": True, "mechanism": drops, "odds_ratio": depends,
    }  # fmt: skip
    panel = facts.plan.panel
    if panel is not None and panel.ties is not None:
        used |= {
            "members_named": True, "kept": True, "icc": True, "effect": bool(panel.ties.effect),
            "links": panel.ties.shrinks < 1,
        }  # fmt: skip
    elif panel is not None:
        used |= {
            "sd": True, "slope_sd": panel.slope_sd > 0,
            "correlation": bool(facts.flow.weeks) and uses_baseline(facts.plan),
            "sd_ratio": bool(panel.sd_ratio), "covariate_r2": panel.covariate_r2 > 0,
            "strata": panel.strata is not None,
            "trend": any(panel.trend), "effect": bool(panel.effect),
            "icc": bool(panel.clusters), "cluster_size": bool(panel.clusters),
            "cac": bool(assumed_cac(facts.study)),
            "predictor": panel.predictor is not None,
            "moderator": panel.moderator is not None,
            "arm_icc": panel.therapists is not None,
        }  # fmt: skip
    return [one for one in GIVEN if used.get(one)]
