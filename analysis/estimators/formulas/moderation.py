"""The formula for the interaction of arm and moderator, told of a design.

Given who has the moderator the test is a noncentral t. The variance of the estimate is that of a
person times the sum over arms of 1 / S, S being the sum of squares of the moderator about its mean
in the arm: of a share p of m people m p (1 - p), so that with half of them, in arms of one size, it
is four times that of the difference between arms.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.numbers_seen import chi_square, numbers_seen

__all__ = ["of_interaction"]

NEGLIGIBLE = 1e-9
FEWEST = 3
"""People of an arm from whom on a normal moderator has squares to speak of."""


class _Squares(NamedTuple):
    """What an arm may come to: people seen, 1 / S, and the chance; each (K,)."""

    seen: np.ndarray
    inverse: np.ndarray
    chance: np.ndarray


def of_interaction(design: Design, *, adjusted: bool) -> Form | None:
    """The test of the interaction; None for the width of its interval, and in clusters.

    Exact: whom chance gives the moderator, and whom it leaves to be seen, is summed over.

    Parameters
    ----------
    design
        The study.
    adjusted
        Whether for the score at baseline, which is normal.
    """
    question, v, wave = design.asked.question, design.covariance, design.asked.wave
    if question.success != "significant" or any(design.clustered):
        return None
    left = 1 - v[0, wave] ** 2 / (v[0, 0] * v[wave, wave]) if adjusted else 1.0
    sd = float(np.sqrt(v[wave, wave] * left))
    share, effect = design.prevalence, abs(design.truth)

    def power(n: int) -> float:
        first, second = (
            _squares(people, kept, share)
            for people, kept in zip(design.people(n), design.seen, strict=True)
        )
        each = list(product(*(zip(*one, strict=True) for one in (first, second))))
        if not each:
            return 0.0
        seen, inverse, chance = (
            np.array([a[k] + b[k] if k < 2 else a[k] * b[k] for a, b in each]) for k in range(3)
        )
        can = (chance > NEGLIGIBLE) & (seen - 4 - adjusted >= 1)
        shift, df = effect / (sd * np.sqrt(inverse[can])), seen[can] - 4
        powers = closed.adjusted_powers if adjusted else closed.two_sided_powers
        return float(chance[can] @ powers(shift, df, question.alpha))

    return Form(power, "derived here: given the moderator a noncentral t")


@cache
def _squares(people: int, kept: float, share: float) -> _Squares:
    """Of an arm; a share of zero is a normal moderator. Where there is no fit nothing is listed."""
    found = []
    for seen, chance in zip(*numbers_seen(people, kept), strict=True):
        if share > 0:
            having, weight = numbers_seen(_whole(seen), share, bends_at_all=True)
            fits = (having > 0) & (having < seen)
            inverse = 1 / having[fits] + 1 / (seen - having[fits])
            weight = weight[fits]
        elif seen >= FEWEST:
            squares, weight = chi_square(float(seen) - 1)
            inverse = 1 / squares
        else:
            continue
        found += [(float(seen), one, chance * w) for one, w in zip(inverse, weight, strict=True)]
    kept_ones = [one for one in found if one[2] > NEGLIGIBLE]
    columns = np.array(kept_ones).reshape(-1, 3).T
    return _Squares(*columns)


def _whole(seen: float) -> float:
    """A number of people as such, where it is one; nodes of a quadrature lie between."""
    return round(seen) if abs(seen - round(seen)) < 1e-9 else seen
