"""The smallest true value that a study of the world would find, by the error of its estimates.

What arms do follows from their scenarios and cannot be multiplied, so nothing is searched for. The
power at another true value is that of a t test with the standard error and degrees of freedom that
the estimates have as the world is; a rare outcome's error would change with its share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import optimize

from analysis.estimators.contract import Fits
from analysis.estimators.formulas.closed_forms import two_sided_power
from analysis.planning.curve import CurvePoint
from analysis.questions.plan import Plan
from analysis.worlds.estimand import scale

__all__ = ["detectable", "smallest_found"]

MOST = 40.0
"""Standard errors beyond which no true value is looked for."""


def smallest_found(se: float, df: float, target: float, alpha: float) -> float:
    """The true value whose two-sided t test has the power wanted; NaN if none has."""
    if not (np.isfinite(se) and se > 0 and df > 0):
        return float("nan")

    def short(ratio: float) -> float:
        return two_sided_power(ratio, 1.0, df, alpha) - target

    if short(0.0) >= 0 or short(MOST) < 0:
        return float("nan")
    return float(optimize.brentq(short, 0.0, MOST)) * se


def detectable(plan: Plan, point: CurvePoint, fits: Sequence[Fits], target: float) -> list[str]:
    """What each question of a plan would find with so many people, in words."""
    said = []
    for number, (one, measures, fit) in enumerate(
        zip(plan.question, point.measures, fits, strict=True), start=1
    ):
        spread = measures["empirical_se"]
        df = float(np.nanmedian(np.where(fit.converged, fit.df, np.nan)))
        least = smallest_found(spread.value, df, target, one.alpha)
        said.append(
            f"question {number}: with {point.n} people a power of {target:.2f} takes a true value "
            f"of {least:.3g} to either side ({scale(one)}), by a t test with the standard error of "
            f"{spread.value:.3g} (MCSE {spread.mcse:.2g}, {spread.n} studies) that the estimates "
            "have as the world is"
        )
    return said
