"""What an analysis is told of a question, and the studies that it is put to.

Any class with these attributes will do: nothing here knows how questions are read or studies drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

__all__ = [
    "Enquiry",
    "FirstMaps",
    "OutcomesOfPeople",
    "QuestionAsked",
    "TieCounts",
    "TieStudy",
    "in_first_arm",
    "level",
]


class QuestionAsked(Protocol):
    """What is asked, as a study file has it."""

    @property
    def outcome(self) -> str:
        """The outcome it is about."""

    @property
    def about(self) -> str:
        """Of `analysis.estimators.catalogue.ABOUTS`."""

    @property
    def classes(self) -> Sequence[str]:
        """Classes of ties; empty for all."""

    @property
    def among(self) -> str:
        """Of whose ties: "all" or "episode"."""

    @property
    def baseline(self) -> str | None:
        """Means of two arms at baseline in a model of all waves: "free" or "constrained"."""

    @property
    def success(self) -> str:
        """What counts as an answer: "significant", "narrow" or "covers"."""

    @property
    def half_width(self) -> float | None:
        """The half width wanted of the interval, where success is "narrow"."""

    @property
    def alpha(self) -> float:
        """Level of significance, two-sided."""


class Enquiry(Protocol):
    """A question, in positions of arms and waves."""

    @property
    def question(self) -> QuestionAsked:
        """The question."""

    @property
    def arms(self) -> tuple[int, ...]:
        """First minus second; one, or none for everybody."""

    @property
    def wave(self) -> int:
        """The wave; 0 for a slope."""

    @property
    def years(self) -> np.ndarray:
        """Years of the waves, (T,)."""


class OutcomesOfPeople(Protocol):
    """B replicates of one outcome of n people at T waves."""

    @property
    def y(self) -> np.ndarray:
        """Outcomes, (B, n, T); NaN is an interview missed."""

    @property
    def arm(self) -> np.ndarray:
        """Position of each person's arm, (n,)."""

    @property
    def cluster(self) -> np.ndarray:
        """Number of each person's cluster within the arm, (n,); -1 for people in none."""

    @property
    def known(self) -> np.ndarray | None:
        """What is known at baseline, (n, k) or (B, n, k), for analyses that adjust for it."""

    @property
    def moderator(self) -> np.ndarray | None:
        """What the effects of arms may hang on, (B, n)."""

    @property
    def predictor(self) -> np.ndarray | None:
        """What changes may hang on, (B, n, T)."""


class FirstMaps(Protocol):
    """Ties of the first maps of m people, at most S of each."""

    @property
    def of_class(self) -> np.ndarray:
        """Position in `kinds.TIE_CLASSES`, (m, S); -1 where there is none."""

    @property
    def lost(self) -> np.ndarray:
        """Not on the map of each wave, (m, S, T): 1 or 0; NaN of no tie, or without a map."""

    @property
    def episode(self) -> np.ndarray:
        """Whether an acute episode began between baseline and the wave, (m, T)."""


class TieCounts(NamedTuple):
    """Ties of n people in B studies.

    Attributes
    ----------
    named : ndarray of float64, (B, n)
        Ties of the first map, one or more.
    lost : ndarray of float64, (B, n, T)
        How many of them are not on the map of each wave; NaN without a map.
    """

    named: np.ndarray
    lost: np.ndarray


class TieStudy(Protocol):
    """One study of m people whose ties are followed, or many of which they are counted."""

    @property
    def ties(self) -> FirstMaps | TieCounts | None:
        """Their first maps, or how many ties were lost, where ties were asked about."""

    @property
    def arm(self) -> np.ndarray:
        """Position of each person's arm, (m,)."""


def level(asked: Enquiry) -> float:
    """The level of the interval."""
    return 1 - asked.question.alpha


def in_first_arm(asked: Enquiry, arm: np.ndarray) -> np.ndarray:
    """Who is in the arm named first, (n,); everybody where none is named."""
    return np.asarray(arm == asked.arms[0]) if asked.arms else np.ones(arm.size, bool)
