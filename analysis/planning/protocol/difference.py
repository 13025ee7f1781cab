"""Why this target difference: what DELTA2 asks of a sample size calculation."""

from __future__ import annotations

import numpy as np

from analysis.planning.closed_forms import two_sided_power
from analysis.planning.protocol.blocks import Block, Paragraph, Section
from analysis.planning.protocol.facts import Facts
from analysis.planning.protocol.wording import (
    estimand,
    level,
    metric,
    number,
    people,
    target,
    with_error,
)

__all__ = ["target_difference"]

LESS = (0.75, 0.5)
"""Shares of the target difference for which the power is given."""


def target_difference(facts: Facts) -> Section | None:
    """The section; None where the primary question is one of precision, which has no target."""
    if facts.first.success != "significant":
        return None
    cite = facts.references.cite("delta2")
    return Section("Target difference", [*_basis(facts, cite), *_reading(facts)])


def _basis(facts: Facts, cite: str) -> list[Block]:
    one, truth = facts.first, facts.result.truths[0]
    words = facts.plan.sources.get("trend" if one.about == "change" else "effect")
    basis = f"Its basis: {facts.references.within(words)}." if words else "No basis is given."
    return [
        Paragraph(
            f"The primary outcome is {metric(one.outcome)}; the primary comparison is the "
            f"{estimand(one)}.",
            "Outcome.",
        ),
        Paragraph(
            f"The study is planned for {target(one, truth, facts.panel.sd)}. {basis} DELTA2 "
            f"{cite} asks for a difference that is important to those concerned, realistic, or "
            "both. Which of the two this one is, and in whose judgement, is for the authors of the "
            "protocol to say: no calculation can.",
            "Target.",
        ),
    ]


def _reading(facts: Facts) -> list[Block]:
    one, measures = facts.first, facts.point.measures[0]
    se, truth = measures["empirical_se"], abs(facts.result.truths[0])
    half = measures["width"].value / 2
    unit = "points a year" if one.about == "slope" else "points"
    powers = [
        f"{two_sided_power(part * truth, se.value, alpha=one.alpha):.2f} at {number(part * truth)}"
        for part in LESS
    ]
    said: list[Block] = [
        Paragraph(
            f"With {people(facts.n)} people the estimate has a standard error of "
            f"{with_error(se)} {unit}, and its {level(one)} confidence interval reaches "
            f"{half:.2f} {unit} to either side on average. An observed difference below about "
            f"{half:.2f} {unit} would not be significant.",
            "What the study can tell.",
        ),
        Paragraph(
            f"If the true difference is smaller than the target, the power is {powers[0]} and "
            f"{powers[1]} {unit} (normal approximation with the same standard error).",
            "If the difference is smaller.",
        ),
    ]
    size = measures["type_m"]
    if np.isfinite(size.value):
        said.append(
            Paragraph(
                "If the true difference is the target, significant estimates are "
                f"{with_error(size)} times as large as it on average.",
                "Exaggeration.",
            )
        )
    return said
