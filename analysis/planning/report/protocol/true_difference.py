"""What stands in for a target difference in the simulated world: the difference there is in it."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.planning.report.protocol.blocks import Block, Paragraph
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import layer, true_value
from analysis.planning.report.protocol.outcomes import amount, plain
from analysis.questions.asking import Contrast
from analysis.questions.question import Question

__all__ = ["no_target", "true_difference"]


def true_difference(facts: Facts, cite: str) -> list[Block]:
    """Its size, how it was found, and what it is not."""
    return [
        Paragraph(
            "No difference was chosen. The study is planned for the one that the simulated world "
            f"has: {true_value(facts, 0)}. {how_found(facts.first)}",
            "Target.",
        ),
        Paragraph(
            f"DELTA2 {cite} asks for a difference that is important to those concerned, realistic, "
            "or both. This one is realistic as far as the world's assumptions are, and may be "
            "important or not: which difference matters, and in whose judgement, is for the "
            "authors of the protocol to say, and no calculation can.",
            "Basis.",
        ),
    ]


def no_target(facts: Facts) -> list[Block]:
    """Where success is precision: that nothing is targeted, and what is true all the same."""
    one = facts.first
    width = ""
    if one.half_width is not None and one.about in ("difference", "slope"):
        width = (
            f" A study whose interval reaches {amount(one, one.half_width)} to either side "
            "can rule out differences larger than that, and cannot tell smaller ones from none."
        )
    return [
        Paragraph(
            "The study is planned for precision, so that no difference is targeted and none had "
            f"to be justified.{width} Which width is narrow enough is for the authors of the "
            "protocol to say.",
            "Target.",
        ),
        Paragraph(
            f"In the simulated world the true value is {true_value(facts, 0)}. {how_found(one)}",
            "In the simulation.",
        ),
    ]


LIVES: Mapping[Contrast, str] = {
    "all": "the whole caseload lives once with everybody in {0} and once with everybody in {1} "
    "(all against none)",
    "direct": "the caseload lives once as allocated and once with everybody in {1}; those in {0} "
    "are compared with those in {1}, and what sets them apart in the second world is taken off "
    "(the direct effect)",
    "spillover": "those in {1} live once beside people in {0}, as allocated, and once with "
    "everybody in {1} (the spillover)",
}
"""The worlds of a contrast, from `contrasts`."""


def how_found(one: Question) -> str:
    """How the truth of a question is found in the world."""
    seen = layer(one)
    if one.about in ("difference", "slope"):
        lives = LIVES[one.contrast].format(*map(plain, one.arms))
        return (
            f"It is causal: in paired worlds {lives}, from the same week 0 and with the same "
            f"random draws. {seen}"
        )
    episode = ""
    if one.about == "episode":
        episode = (
            " Those who fall ill differ from others beforehand, so it does not say what an "
            "episode causes."
        )
    elif one.among == "episode":
        episode = (
            " Being of people who fell ill, it does not say what an episode causes: the same "
            "difference may hold in a year without one."
        )
    return f"It is descriptive, a census of the world as it is. {seen}{episode}"
