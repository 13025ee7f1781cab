"""What a plan of the simulated world held fixed, and what its parameters leave uncertain."""

from __future__ import annotations

from analysis.pages.blocks import Section
from analysis.planning.band.words import band_in_sentences
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import graded
from analysis.planning.report.protocol.outcomes import plain_words
from analysis.planning.report.protocol.written import written

__all__ = ["if_the_world_is_off"]


def if_the_world_is_off(facts: Facts) -> Section:
    """The section: no closed form says what another world would need."""
    counts, band = graded(), facts.result.band
    return written(
        "world_sensitivity",
        facts,
        parameters=sum(counts.values()),
        assumed=counts["assumed"],
        changed=len(facts.world.lived.parameters),
        arms=[plain_words(arm) for arm, _ in facts.study.overlays],
        band=band_in_sentences(band, [facts.n]) if band else [],
    )
