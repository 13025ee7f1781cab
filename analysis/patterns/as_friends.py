"""What switches off a group's own ways: its parameters at what they are for friends."""

from __future__ import annotations

from sim.world.parameters import catalogue

__all__ = ["ENDED_BY", "as_friends"]

ENDED_BY = ("end_rate", "strength_slope", "episode_effect", "obligation", "dormancy_rate",
            "demand", "reciprocity")  # fmt: skip
"""What a friendship has that makes it end."""


def as_friends(group: str, *names: str) -> dict[str, float]:
    """Parameters of a group of ties, by path, with the values that friends have."""
    return {f"tie.{group}.{name}": catalogue()[f"tie.friend.{name}"].value for name in names}
