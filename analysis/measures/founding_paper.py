"""What the founding paper printed of its participants and their maps: the targets."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["Figure", "FoundingPaper", "founding_paper"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published count, what it counts, and the id of its source in scenarios/sources.toml."""

    label: str
    count: int
    source: str


class FoundingPaper(NamedTuple):
    """Table 1 of the founding paper and the numbers interviewed.

    Attributes
    ----------
    participants
        People interviewed at baseline.
    people
        Participants by characteristic: male, partner, non_white.
    members
        Members on all baseline maps: all, partner, other_kin, friend, professional, object.
    size
        Members on the smallest and the largest map.
    interviewed
        People interviewed, by wave from 1.
    """

    participants: Figure
    people: dict[str, Figure]
    members: dict[str, Figure]
    size: dict[str, Figure]
    interviewed: dict[int, Figure]


@cache
def founding_paper() -> FoundingPaper:
    """The published figures, read once."""
    text = files("analysis.measures").joinpath("founding_paper.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)

    def figures(name: str) -> dict[str, Figure]:
        return {key: Figure(**{"label": "", **one}) for key, one in data[name].items()}

    return FoundingPaper(
        participants=Figure("participants", **data["participants"]),
        people=figures("people"),
        members=figures("members"),
        size=figures("size"),
        interviewed={int(wave): one for wave, one in figures("interviewed").items()},
    )
