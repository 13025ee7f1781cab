"""What takes the place of help that professionals no longer give: ratios of means, not of people.

Help is in acts a week, weighed by what they are worth to whom they are done. Of what is lost a
share comes from each other source; shares can be below zero (they give less as well) or above one,
and none is told where the interval of the loss holds zero.
"""

from __future__ import annotations

from typing import NamedTuple

from analysis.compare.estimates import Figures
from analysis.compare.outcomes import outcome_at

__all__ = ["SOURCES", "Substitution", "substitution"]

LOST = "help_professionals"
SOURCES = {"partner": "help_partner", "kin": "help_kin", "friends": "help_friends"}
"""Who else helps, and the outcome that says how much."""


class Substitution(NamedTuple):
    """What becomes of help lost.

    Attributes
    ----------
    lost : Figures
        Help of professionals, what the scenario adds: below zero for a loss.
    taken_over : mapping of str to Figures, or None
        Share of the loss that each source makes up; None where the loss is not clear.
    by_nobody : Figures or None
        One less those shares.
    unmet : Figures
        What the scenario adds to unmet need, by which the same is seen from the other side.
    """

    lost: Figures
    taken_over: dict[str, Figures] | None
    by_nobody: Figures | None
    unmet: Figures


def substitution(difference: Figures) -> Substitution:
    """From what a scenario adds to every outcome, (..., outcomes), at one look.

    Returns
    -------
    Substitution
        Of single figures.
    """
    lost, unmet = (difference.at(outcome_at(name)) for name in (LOST, "unmet"))
    if not lost.clear or lost.value > 0:
        return Substitution(lost, None, None, unmet)
    loss = lost.times(-1)
    gains = {name: difference.at(outcome_at(column)) for name, column in SOURCES.items()}
    shares = {name: gain.over(loss) for name, gain in gains.items()}
    left = loss
    for gain in gains.values():
        left = left.less(gain)
    return Substitution(lost, shares, left.over(loss), unmet)
