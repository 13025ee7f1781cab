"""What a plan of the simulated world held fixed, and what its parameters leave uncertain."""

from __future__ import annotations

from analysis.pages.blocks import Block, Paragraph, Section
from analysis.planning.band.words import band_in_sentences
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import graded
from analysis.planning.report.protocol.outcomes import joined, plain

__all__ = ["if_the_world_is_off"]


def if_the_world_is_off(facts: Facts) -> Section:
    """The section: no closed form says what another world would need."""
    return Section("If an assumption is off", [_held(facts), *_parameter_band(facts), _try(facts)])


def _held(facts: Facts) -> Paragraph:
    counts = graded()
    changed = len(facts.world.lived.parameters)
    own = f" The scenario sets {changed} of them otherwise." if changed else ""
    return Paragraph(
        f"The rules of the world and its {sum(counts.values())} parameters stood as shipped, of "
        f"which {counts['assumed']} are assumed within a stated range.{own} So did "
        f"{'; '.join(_fixed(facts))}. Intervals and Monte Carlo errors of these texts say nothing "
        "of that.",
        "Not varied.",
    )


def _fixed(facts: Facts) -> list[str]:
    fixed = ["interest and consent"]
    if facts.study.participation.retention:
        fixed.append("retention and what absence hangs on")
    if facts.study.overlays:
        arms = joined([plain(arm) for arm, _ in facts.study.overlays])
        fixed.append(f"how strong and how long the scenario of {arms} is")
    fixed.append("and the size of teams")
    return fixed


def _parameter_band(facts: Facts) -> list[Block]:
    """What joint draws of all that is assumed make of the truth and of success."""
    band = facts.result.band
    if band is None:
        said = (
            "Not drawn for this plan: how far the true value and the chance of success move when "
            "everything assumed is drawn from its range at once."
        )
        return [Paragraph(said, "Parameter band.")]
    lead = (
        f"Everything assumed of the world, {band.varied} parameters, was drawn at once from its "
        "ranges. No probability is claimed: these are shares of draws."
    )
    sentences = band_in_sentences(band, [facts.n])
    rest = [Paragraph(f"{one[0].upper()}{one[1:]}.") for one in sentences]
    return [Paragraph(lead, "Parameter band."), *rest]


def _try(facts: Facts) -> Paragraph:
    return Paragraph(
        "No formula gives the number of people for another world. What a single assumption does "
        "is found by changing it in the study file, or in a scenario that extends "
        f'"{facts.study.scenario}", and planning again with the same seed: all random draws are '
        "then shared, and the difference is not one of luck.",
        "To try another assumption.",
    )
