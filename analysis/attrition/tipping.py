"""How much worse those missing must be for a significant result to cease to be one.

Analyses of drop-out take those missing to be like those seen who had the same scores before (MAR).
Say instead that they are worse by delta. A share p of an arm being missing at the wave asked about,
its mean moves by p delta, and its variance grows by delta^2 p (1 - p) / n: the mean score method
(White, Carpenter and Horton 2018, Statistica Sinica 28:1985). The delta at which a significant
result ceases to be one is its tipping point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.attrition.missing import Missing
from analysis.estimators.contract import Fits
from analysis.questions.asking import is_scale
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.questions.scales import known_scales
from analysis.trials.analyses import Asked
from analysis.trials.success import Confirmed, confirmed_share

__all__ = ["DELTAS", "Tipping", "can_tip", "sign_of", "tipping", "tipping_points"]

DELTAS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""In SD at baseline."""
QUARTILES = (0.25, 0.5, 0.75)
MOVED_OTHERWISE = ("slope", "moderation", "change_on_change")
"""What is no mean of one wave, which moves as far as those missing are worse."""


@dataclass(frozen=True)
class Tipping:
    """One question if those missing are worse by delta than the analysis takes them to be.

    Attributes
    ----------
    question : int
        From 1.
    where : str
        In which arms they are.
    significant : tuple of Confirmed
        Share of studies still significant at each of `DELTAS`; `at` is the delta.
    tips_at : dict of float
        Quartiles of the tipping point among significant studies, in SD; infinite if none tips.
    """

    question: int
    where: str
    significant: tuple[Confirmed, ...]
    tips_at: dict[float, float]


def can_tip(question: Question) -> bool:
    """Whether those missing could be worse by so many SD, and significance be lost by it."""
    return (
        is_scale(question.outcome)
        and question.about not in MOVED_OTHERWISE
        and question.success == "significant"
    )


def sign_of(plan: Plan, outcome: str) -> float:
    """-1 where lower scores are worse, else 1."""
    scale = plan.panel.measured_on if plan.panel else known_scales()[outcome]
    return -1.0 if scale.worse == "low" else 1.0


def tipping(
    plan: Plan,
    asked: Sequence[Asked],
    fits: Sequence[Fits],
    missing: Sequence[Missing],
    sd: Mapping[str, float],
) -> tuple[Tipping, ...]:
    """Tipping points of every question about a wave and a scale that succeeds by significance.

    Parameters
    ----------
    plan
    asked
        Its questions.
    fits, missing
        Of each question, study by study.
    sd
        Of each scale at baseline.
    """
    found = []
    for number, (one, fit, gone) in enumerate(zip(asked, fits, missing, strict=True), start=1):
        if can_tip(one.question):
            sign = sign_of(plan, one.question.outcome)
            for where, (moves, adds) in _places(one.question, one.arms, *gone).items():
                found.append(_tip(one.question, number, where, fit, sd, sign * moves, adds))
    return tuple(found)


Moved = tuple[np.ndarray, np.ndarray]
"""How far a delta of 1 moves the estimate, and what it adds to its variance, (B,) each."""


def _places(
    question: Question, arms: Sequence[int], missing: np.ndarray, people: np.ndarray
) -> Mapping[str, Moved]:
    """In which arms those missing may be worse, and what that does to the estimate."""
    if len(arms) < 2:
        mine = list(arms) or slice(None)
        n = np.maximum(people[:, mine].sum(axis=1), 1)
        share = (missing[:, mine] * people[:, mine]).sum(axis=1) / n
        return {"everybody": (share, share * (1 - share) / n)}
    variance = missing * (1 - missing) / np.maximum(people, 1)
    one, other = ((missing[:, arm], variance[:, arm]) for arm in arms)
    return {
        f"in {question.arms[0]} only": one,
        "in both arms": (one[0] - other[0], one[1] + other[1]),
        f"in {question.arms[1]} only": (-other[0], other[1]),
    }


def tipping_points(fits: Fits, alpha: float, moves: np.ndarray, adds: np.ndarray) -> np.ndarray:
    """The delta above zero at which each study ceases to be significant, (B,).

    Infinite where no delta does it; NaN where it is not significant to begin with.

    Parameters
    ----------
    fits
        Estimates if those missing are as the analysis takes them to be.
    alpha
        Level of significance.
    moves, adds : ndarray, (B,)
        The estimate is moved by delta `moves`, its variance grows by delta^2 `adds`.
    """
    critical = _critical(fits, alpha)
    # (b + m d)^2 = c^2 (s^2 + a d^2): the smallest d above zero
    square = moves**2 - critical**2 * adds
    half = fits.estimate * moves
    rest = fits.estimate**2 - critical**2 * fits.se**2
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(half**2 - square * rest)
        both = np.stack([(-half - root) / square, (-half + root) / square])
        both = np.where(both > 0, both, np.inf)
        first = np.where(np.isnan(root), np.inf, both.min(axis=0))
        return np.where(fits.converged & (rest >= 0), first, np.nan)


def _critical(fits: Fits, alpha: float) -> np.ndarray:
    """Quantile of t, of the normal where the degrees of freedom are infinite."""
    normal = special.ndtri(1 - alpha / 2)
    df = np.where(np.isfinite(fits.df) & (fits.df > 0), fits.df, 1e9)
    return np.where(fits.converged, special.stdtrit(df, 1 - alpha / 2), normal)


def _tip(
    question: Question,
    number: int,
    where: str,
    fits: Fits,
    sds: Mapping[str, float],
    moves: np.ndarray,
    adds: np.ndarray,
) -> Tipping:
    sd, alpha = sds[question.outcome], question.alpha
    critical = _critical(fits, alpha)
    shares = []
    for delta in DELTAS:
        points = delta * sd
        with np.errstate(invalid="ignore"):
            z = (fits.estimate + points * moves) / np.sqrt(fits.se**2 + points**2 * adds)
            won = fits.converged & (np.abs(z) >= critical)
        shares.append(confirmed_share(delta, int(won.sum()), won.size))
    tips = tipping_points(fits, alpha, moves, adds) / sd
    tips = np.sort(tips[~np.isnan(tips)])
    quartiles = {
        q: float(tips[min(int(q * tips.size), tips.size - 1)]) if tips.size else np.nan
        for q in QUARTILES
    }
    return Tipping(number, where, tuple(shares), quartiles)
