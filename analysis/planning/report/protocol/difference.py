"""Why this target difference: what DELTA2 asks of a sample size calculation."""

from __future__ import annotations

import numpy as np

from analysis.estimators.formulas.closed_forms import two_sided_power
from analysis.pages.blocks import Section
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import true_value
from analysis.planning.report.protocol.outcomes import amount, scale_in_words, unit_in_words
from analysis.planning.report.protocol.wording import target
from analysis.planning.report.protocol.written import written
from analysis.questions.scales import known_scales

__all__ = ["target_difference"]

LESS = (0.75, 0.5)
"""Shares of the target difference for which the power is given."""


def target_difference(facts: Facts) -> Section | None:
    """The section; None where the primary question is one of precision, which has no target.

    In the world such a question still has a true value, which is stated.
    """
    one, truth = facts.first, facts.result.truths[0]
    if one.success != "significant" and not facts.in_world:
        return None
    words = facts.plan.sources.get("trend" if one.about == "change" else "effect")
    tests = one.success == "significant"
    return written(
        "target_difference",
        facts,
        primary=one,
        true_value=true_value(facts, 0) if facts.in_world else None,
        target=target(one, truth, facts.sd),
        # DELTA2 first: references are numbered in this order
        delta2=facts.references.cite("delta2") if tests else None,
        basis=facts.references.within(words) if words and not facts.in_world else None,
        **_importance(facts),
        **_reading(facts),
    )


def _importance(facts: Facts) -> dict[str, object]:
    """The effect planned for, beside the smallest important difference of its scale."""
    one, panel = facts.first, facts.plan.panel
    if panel is None or panel.ties is not None or one.about not in ("difference", "change"):
        return {"planned_for": None}
    return {
        "planned_for": amount(one, abs(facts.result.truths[0])),
        "scale": panel.measured_on,
        "published": "published" if panel.outcome in known_scales() else "stated",
        "called": scale_in_words(panel.outcome, panel.measured_on),
        "source_of": facts.references.of,
    }


def _reading(facts: Facts) -> dict[str, object]:
    """What the study can tell, and what comes of smaller differences; nothing without an error."""
    one, measures = facts.first, facts.point.measures[0]
    se, truth, size = measures["empirical_se"], abs(facts.result.truths[0]), measures["type_m"]
    if not np.isfinite(se.value):
        return {"half": None}

    def power_at(difference: float) -> str:
        """With the error that comes of that of the standard error."""
        low, at, high = (
            two_sided_power(difference, se.value + step * se.mcse, alpha=one.alpha)
            for step in (1, 0, -1)
        )
        return f"{at:.2f} (MCSE {abs(high - low) / 2:.3f})"

    return {
        "half": f"{measures['width'].value / 2:.2f}",
        "error": se,
        "unit": unit_in_words(one),
        "smaller": [(part * truth, power_at(part * truth)) for part in LESS],
        "exaggeration": size if np.isfinite(size.mcse) else None,  # one study has no error
    }
