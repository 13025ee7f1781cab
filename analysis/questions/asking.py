"""What can be asked of studies in the simulated world: outcomes, layers, and how each is analysed.

A family is a set of outcomes of one shape. Scores, measures of the map and counts have a value for
each person and wave; the loss of ties has one for each tie of a person's first map.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

__all__ = [
    "COMPARES_ARMS", "COUNTS", "LOSS", "MAP", "OUTCOMES", "YES_NO", "Contrast", "Layer", "Outcome",
    "TieClassName", "family", "is_scale",
]  # fmt: skip

Outcome = Literal[
    "swemwbs", "reqol10", "hccq", "loneliness", "symptoms",
    "map_size", "n_kin", "n_friend", "n_professional", "n_object", "share_professional",
    "diversity", "service_contacts", "members_added", "members_dropped", "had_episode",
    "lost_a_friend", "ties_lost",
]  # fmt: skip
OUTCOMES: tuple[str, ...] = get_args(Outcome)
"""What can be asked of the simulated world."""
Layer = Literal["elicited", "error_free", "latent"]
Contrast = Literal["all", "direct", "spillover"]
TieClassName = Literal["kin", "friend", "professional", "object"]

MAP: Mapping[str, str] = MappingProxyType(
    {
        "map_size": "members on the map",
        "n_kin": "kin on the map, the partner among them",
        "n_friend": "friends on the map, weaker ties among them",
        "n_professional": "professionals on the map",
        "n_object": "pets, places and things on the map",
        "share_professional": "share of the map that is professional",
        "diversity": "chance that two members drawn from the map are of different classes (Blau)",
    }
)
COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "service_contacts": "visits kept since baseline",
        "members_added": "members of the map who were not on the first",
        "members_dropped": "members of the first map who are no longer on it",
    }
)
YES_NO: Mapping[str, str] = MappingProxyType(
    {
        "had_episode": "an acute episode began since baseline",
        "lost_a_friend": "some friend of the first map is no longer on it",
    }
)
LOSS = "ties_lost"
"""A tie of the first map is no longer on a later one."""

COMPARES_ARMS = ("difference", "slope", "moderation")
"""What is asked between two arms."""


def family(outcome: str) -> str:
    """The family of an outcome: "value", "count", "yes_no" or "ties"."""
    if outcome == LOSS:
        return "ties"
    if outcome in COUNTS:
        return "count"
    return "yes_no" if outcome in YES_NO else "value"


def is_scale(outcome: str) -> bool:
    """Whether an outcome is the score of a scale, of which one end is worse."""
    return family(outcome) == "value" and outcome not in MAP
