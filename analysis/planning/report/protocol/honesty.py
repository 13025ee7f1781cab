"""Which of the numbers rest on nothing, and what the program itself warns of."""

from __future__ import annotations

from analysis.planning.report.protocol.blocks import Block, Paragraph, Section
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import graded, grades
from analysis.questions.given import GIVEN
from sim.data.provenance import version

__all__ = ["honesty"]


def honesty(facts: Facts) -> Section:
    """The section."""
    given, used = facts.plan.sources, _used(facts)
    bare = [one for one in used if one not in given]
    assumed = [one for one in used if "assumed" in given.get(one, "")]
    said = [
        ("Assumed, whole or in part", assumed), ("Without a source in the study file", bare),
    ]  # fmt: skip
    lines: list[Block] = [_world()] if facts.in_world else []
    lines += [
        Paragraph(f"{', '.join(one.replace('_', ' ') for one in names)}.", f"{what}:")
        for what, names in said
        if names
    ]
    lines += [Paragraph(f"{one[0].upper()}{one[1:]}.", "Note.") for one in _notes(facts)]
    lines.append(
        Paragraph(
            f"`egocohort plan` of the study file, with `--seed {facts.result.seed}` and version "
            f"{version()}, makes every figure of this page again."
        )
    )
    return Section("What the figures rest on", lines)


def _world() -> Paragraph:
    counts = graded()
    return Paragraph(
        f"Of its {sum(counts.values())} parameters {grades()}. Reported and derived ones are "
        "published figures or arithmetic on them, fitted ones were set so that the world shows "
        "published figures, and assumed ones are priors, whatever is cited beside them. "
        "`egocohort show --parameters` lists each with range and source, `egocohort cite` the "
        "sources, and `egocohort evidence` where the world agrees with them and where not.",
        "The world.",
    )


def _notes(facts: Facts) -> list[str]:
    """What the program warns of; ceilings are told under the sample size."""
    found = facts.result.found
    told = {one.words for one in facts.result.ceilings}
    notes = [*facts.result.notes, *(found.notes if found else ())]
    return [one for one in notes if one not in told]


def _used(facts: Facts) -> list[str]:
    """The numbers this plan rests on, by the names of `[plan.sources]`."""
    stays = facts.study.participation
    drops = any(min(one) < 1 for one in stays.retention.values())
    depends = drops and any(one != "MCAR" for one in stays.mechanism.values())
    used = {
        "recruitment": True, "retention": True, "mechanism": drops, "odds_ratio": depends,
    }  # fmt: skip
    panel = facts.plan.panel
    if panel is not None:
        used |= {
            "sd": True, "correlation": bool(facts.flow.weeks), "slope_sd": panel.slope_sd > 0,
            "trend": any(panel.trend), "effect": bool(panel.effect),
            "icc": bool(panel.clusters), "cluster_size": bool(panel.clusters),
        }  # fmt: skip
    return [one for one in GIVEN if used.get(one)]
