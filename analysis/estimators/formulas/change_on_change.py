"""The formula for the regression of one change on another, told of a design.

Given the changes of the predictor the test is a noncentral t; their sum of squares is a chi-square
on one less than the people seen. It is the test of the correlation of the two changes.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.numbers_seen import chi_square, numbers_seen

__all__ = ["of_change_on_change"]

FEWEST = 3


def of_change_on_change(design: Design) -> Form | None:
    """The test of the slope; None for the width of its interval, and in clusters."""
    question, v, wave = design.asked.question, design.covariance, design.asked.wave
    if question.success != "significant" or any(design.clustered) or len(design.arms) != 1:
        return None
    change = v[0, 0] + v[wave, wave] - 2 * v[0, wave]
    left = change - design.truth**2 * design.moving

    def power(n: int) -> float:
        found = 0.0
        for seen, chance in zip(*numbers_seen(n, design.seen[0]), strict=True):
            if seen < FEWEST:
                continue
            squares, weight = chi_square(float(seen) - 1)
            shift = abs(design.truth) * np.sqrt(squares * design.moving / left)
            df = np.full(shift.shape, float(seen) - 2)
            found += chance * float(weight @ closed.two_sided_powers(shift, df, question.alpha))
        return found

    return Form(power, "derived here: given the changes of the predictor a noncentral t")
