"""What becomes of help where professionals give less: who gives more, and how much is left.

Help is in acts a week, weighed by what they are worth to whom they are done. Others give more for
many reasons, of which less help of professionals is one: people who are more ill are helped more.
So a share of what is lost is no measure of what takes its place, but what it would be if all that
others give more were in place of it. It is told where that can be: where professionals clearly give
less, the scenario moves services alone, and no share is clearly below zero or above one.
"""

from __future__ import annotations

from typing import NamedTuple

from analysis.compare.estimates import Figures
from analysis.compare.outcomes import outcome_at

__all__ = ["BY_NOBODY", "SOURCES", "Substitution", "substitution"]

LOST = "help_professionals"
SOURCES = {"partner": "help_partner", "kin": "help_kin", "friends": "help_friends"}
"""Who else helps, and the outcome that says how much."""
BY_NOBODY = "nobody"


class Substitution(NamedTuple):
    """What becomes of help; ratios are of means, not of people.

    Attributes
    ----------
    lost : Figures
        Help of professionals, what the scenario adds: below zero for a loss.
    gains : mapping of str to Figures
        What each other source gives more; by "nobody" what is lost beyond all of that.
    unmet : Figures
        What the scenario adds to unmet need, by which the same is seen from the other side.
    told : str
        "yes", or why there are no shares: "not lost", "more than services" or "outside 0 to 1".
    shares : mapping of str to Figures, or None
        The gains over the loss, where they are told.
    """

    lost: Figures
    gains: dict[str, Figures]
    unmet: Figures
    told: str
    shares: dict[str, Figures] | None


def substitution(difference: Figures, *, services_alone: bool) -> Substitution:
    """From what a scenario adds to every outcome, (..., outcomes), at one look.

    Parameters
    ----------
    services_alone
        Whether the scenario moves nothing but services.
    """
    lost, unmet = (difference.at(outcome_at(name)) for name in (LOST, "unmet"))
    loss = left = lost.times(-1)
    gains = {name: difference.at(outcome_at(column)) for name, column in SOURCES.items()}
    for gain in gains.values():
        left = left.less(gain)
    gains[BY_NOBODY] = left
    if not loss.clear or loss.value < 0:
        return Substitution(lost, gains, unmet, "not lost", None)
    if not services_alone:
        return Substitution(lost, gains, unmet, "more than services", None)
    shares = {name: gain.over(loss) for name, gain in gains.items()}
    if any(map(_is_outside, shares.values())):
        return Substitution(lost, gains, unmet, "outside 0 to 1", None)
    return Substitution(lost, gains, unmet, "yes", shares)


def _is_outside(share: Figures) -> bool:
    """Whether a share is clearly below zero or above one."""
    return bool(share.value + share.reach < 0 or share.value - share.reach > 1)
