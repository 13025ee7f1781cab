"""The comparison of two shares of ties, those of one person being alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimators.asked import Enquiry
from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Form

__all__ = ["TieDesign", "of_tie_odds", "of_tie_shares"]

SOURCE = "two shares with a design effect of 1 + (sum m^2 / sum m - 1) ICC, Rao & Scott 1992"
LARGE = "for shares that are normal between studies"


@dataclass(frozen=True)
class TieDesign:
    """What a formula is told of a study of ties; sequences are by arm asked about.

    Attributes
    ----------
    asked : Enquiry
    lost : sequence of float
        Share of ties that are found to be lost.
    icc : sequence of float
        Correlation of that, yes or no, of two ties of one person.
    number, weighted : float
        Ties of a person, m, on average; and of the person of an average tie, sum m^2 / sum m.
    people : callable
        People of each arm in a study of n.
    seen : sequence of float
        Share of them at the wave asked about.
    """

    asked: Enquiry
    lost: Sequence[float]
    icc: Sequence[float]
    number: float
    weighted: float
    people: Callable[[int], Sequence[int]]
    seen: Sequence[float]


def of_tie_shares(design: TieDesign) -> Form | None:
    """The comparison of shares, or the share of one arm; None of arms taken together."""
    return _form(design, np.array(design.lost), np.ones(len(design.lost)))


def of_tie_odds(design: TieDesign) -> Form | None:
    """The comparison of log odds; None of arms taken together."""
    lost = np.array(design.lost)
    return _form(design, special.logit(lost), lost * (1 - lost))


def _form(design: TieDesign, value: np.ndarray, slope: np.ndarray) -> Form | None:
    """Of a function of shares, with the derivative of its inverse.

    Degrees of freedom are those of errors robust to what a person's ties share, of people who
    weigh as they have ties, by arm and added up as Welch does.
    """
    question, lost = design.asked.question, np.array(design.lost)
    if value.size != max(len(design.asked.arms), 1) or question.success == "covers":
        return None
    effect = float(value[0] - value[1]) if value.size == 2 else float(value[0])
    inflation = 1 + (design.weighted - 1) * np.array(design.icc)
    of_person = lost * (1 - lost) * inflation / design.number / slope**2
    alone = 1 / design.number / (slope**2 / lost / (1 - lost))

    def power(n: int) -> float:
        people = np.array(design.people(n)) * np.array(design.seen)
        df_each = people * design.number / design.weighted - 1
        if (df_each <= 0).any():
            return float("nan")
        se = float(np.sqrt((of_person / people).sum()))
        parts = alone / people
        df = float(parts.sum() ** 2 / (parts**2 / df_each).sum())
        if question.success == "narrow":
            width = question.half_width or 0.0
            return closed.chance_of_half_width(width, se, df, question.alpha)
        return closed.two_sided_power(effect, se, df, question.alpha)

    return Form(power, SOURCE, LARGE)
